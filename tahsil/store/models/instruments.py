"""Cheques and other papers: what they are, what they cover, each move, each try at the bank.

The state of an instrument is where its last move left it (core/book/instruments.py). Moves and
covered lines are append-only, like receipts.
"""

from __future__ import annotations

from django.db import models


class Instrument(models.Model):
    """A cheque or other paper that covers obligations. Covered is never paid."""

    account = models.ForeignKey("Account", models.PROTECT, related_name="instruments")
    contract = models.ForeignKey("Contract", models.PROTECT, null=True, related_name="instruments")
    kind = models.CharField(max_length=16, default="cheque")
    number = models.CharField(max_length=40)
    bank = models.CharField(max_length=80, blank=True)
    branch = models.CharField(max_length=40, blank=True)  # of the bank it is drawn on
    drawn_on = models.CharField(max_length=40, blank=True)  # the drawer's account or IBAN
    drawer = models.CharField(max_length=160, blank=True)  # as printed
    drawer_relation = models.CharField(max_length=40, blank=True)  # empty: the debtor's own
    payee = models.CharField(max_length=160, blank=True)
    amount_minor = models.BigIntegerField()
    matures_on = models.DateField(null=True)
    state = models.CharField(max_length=24, default="in_safe")
    owner = models.CharField(max_length=12, default="own")  # own, discounted, pledged, securitised
    rule = models.CharField(max_length=20, default="any")  # which of our bank accounts it goes to
    place = models.CharField(max_length=80, blank=True)  # safe, envelope, bank, lawyer
    received_on = models.DateField(null=True)
    temporary_receipt = models.CharField(max_length=40, blank=True)
    held_until_on = models.DateField(null=True)
    bounced_on = models.DateField(null=True)
    warning = models.CharField(
        max_length=24, blank=True
    )  # a return reason that tells on the drawer
    note = models.CharField(max_length=200, blank=True)
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["number"]),
            models.Index(fields=["account", "matures_on"]),
            models.Index(fields=["state", "matures_on"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "bank", "number", "kind"],
                condition=~models.Q(number=""),
                name="instrument_once",
            )
        ]


class InstrumentFace(models.Model):
    """What is printed and written on a paper beyond what the register needs to work with it."""

    instrument = models.OneToOneField(
        Instrument, models.PROTECT, primary_key=True, related_name="face"
    )
    code_line = models.CharField(max_length=60, blank=True)  # the magnetic line at its foot
    drawer_identity = models.CharField(max_length=40, blank=True)  # national ID or register number
    issued_at = models.CharField(max_length=80, blank=True)  # place of issue
    payee_only = models.BooleanField(default=False)  # to the first beneficiary only
    is_crossed = models.BooleanField(default=False)
    has_words = models.BooleanField(default=True)  # the amount stands in words, too
    channel = models.CharField(max_length=12, blank=True)  # office, visit, courier, branch


class InstrumentLine(models.Model):
    """An amount of an instrument that covers one obligation."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="lines")
    obligation = models.ForeignKey("Obligation", models.PROTECT, related_name="instrument_lines")
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "obligation"], name="instrument_line_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="instrument_line_positive"
            ),
        ]


class InstrumentMove(models.Model):
    """One move of an instrument from a state to the next, and where the paper lay after it."""

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="moves")
    verb = models.CharField(max_length=24)
    before = models.CharField(max_length=24)
    after = models.CharField(max_length=24)
    place = models.CharField(max_length=80, blank=True)
    document = models.CharField(max_length=160, blank=True)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="instrument_moves")
    custodian = models.ForeignKey(  # who of ours holds the paper after it; none: it is outside
        "Person", models.PROTECT, null=True, related_name="held_papers"
    )

    class Meta:
        indexes = [models.Index(fields=["instrument", "effective_on"])]


class InstrumentReplacement(models.Model):
    """What came in the place of an instrument: another instrument, or money, with how much."""

    old = models.ForeignKey(Instrument, models.PROTECT, related_name="replaced_by")
    new = models.ForeignKey(Instrument, models.PROTECT, null=True, related_name="replaces")
    receipt = models.ForeignKey("Receipt", models.PROTECT, null=True, related_name="replaces")
    amount_minor = models.BigIntegerField(null=True)  # none: all of it


class DepositSlip(models.Model):
    """Papers taken to one of our bank accounts on one day: one currency, one account rule."""

    bank_account = models.ForeignKey("BankAccount", models.PROTECT, related_name="slips")
    number = models.CharField(max_length=40, unique=True)
    sent_on = models.DateField()
    count = models.IntegerField()
    total_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, default="sent")  # sent, received
    received_on = models.DateField(null=True)
    by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="slips")


class Presentment(models.Model):
    """One try at the bank: when it went, when the answer is due, what the answer was."""

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="presentments")
    seq = models.IntegerField()
    slip = models.ForeignKey(DepositSlip, models.PROTECT, null=True, related_name="presentments")
    bank_account = models.ForeignKey("BankAccount", models.PROTECT, null=True)
    sent_on = models.DateField()
    expected_on = models.DateField()
    result = models.CharField(max_length=12, blank=True)  # cleared, bounced, partial, recalled
    answered_on = models.DateField(null=True)
    reason = models.CharField(max_length=24, blank=True)
    memo = models.CharField(max_length=160, blank=True)
    asked_minor = models.BigIntegerField(null=True)  # what was left of it then; none: all of it
    paid_minor = models.BigIntegerField(default=0)
    charge_minor = models.BigIntegerField(default=0)
    receipt = models.ForeignKey("Receipt", models.PROTECT, null=True, related_name="presentments")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "seq"], name="presentment_once"),
            models.UniqueConstraint(
                fields=["instrument"], condition=models.Q(result=""), name="presentment_open_once"
            ),
        ]
        indexes = [models.Index(fields=["result", "expected_on"])]


class InstrumentStep(models.Model):
    """A step of law taken after a paper came back: a notice served, a complaint filed.

    It meets the clock of that name (policies/clocks.yaml). A wrong one is undone by another row.
    """

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="steps")
    presentment = models.ForeignKey(
        Presentment, models.PROTECT, null=True, related_name="steps"
    )  # the return it follows; none where that was before this book
    step = models.CharField(max_length=24)
    document = models.CharField(max_length=160)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="instrument_steps")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        indexes = [models.Index(fields=["instrument", "effective_on"])]
