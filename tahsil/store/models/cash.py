"""Cash in people's hands: items and who holds them, hand-overs, deposits, days, cases, call-backs.

What a person holds is the sum of the entries in their name. Items and entries are append-only but
for an item's holder, which is where its last entry left it; nothing here is a receipt.
"""

from __future__ import annotations

from django.db import models


class CashCase(models.Model):
    """A difference in somebody's name: money missing, too much, or taken back after its deposit."""

    person = models.ForeignKey("Person", models.PROTECT, related_name="cash_cases")
    kind = models.CharField(max_length=10)  # shortage, overage, reversed
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    receipt = models.ForeignKey("Receipt", models.PROTECT, null=True, related_name="cash_cases")
    owner = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="open")  # open, paid_back, deducted, …
    settled_on = models.DateField(null=True)
    settled_by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    settled_note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="cash_case_positive"
            )
        ]
        indexes = [models.Index(fields=["state", "opened_on"], name="cash_case_state")]


class CashItem(models.Model):
    """One amount that moves as a whole: a receipt's cash, its reversal, a shortage, an overage."""

    kind = models.CharField(max_length=12)  # receipt, reversal, shortage, overage, repayment
    receipt = models.ForeignKey("Receipt", models.PROTECT, null=True, related_name="cash_items")
    case = models.ForeignKey(CashCase, models.PROTECT, null=True, related_name="items")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()  # below nothing: what takes away
    taken_at = models.DateTimeField()
    holder = models.ForeignKey("Person", models.PROTECT, null=True, related_name="cash_held")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["receipt", "kind"],
                condition=models.Q(receipt__isnull=False),
                name="cash_item_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(amount_minor=0), name="cash_item_not_nothing"
            ),
        ]
        indexes = [
            models.Index(
                fields=["holder", "currency"],
                condition=models.Q(holder__isnull=False),
                name="cash_item_held",
            )
        ]


class CashHandOver(models.Model):
    """Cash given by one person and counted by another, who signs for what they counted."""

    giver = models.ForeignKey("Person", models.PROTECT, related_name="cash_given")
    receiver = models.ForeignKey("Person", models.PROTECT, related_name="cash_received")
    currency = models.CharField(max_length=3)
    item_ids = models.JSONField()  # what the giver offered
    amount_minor = models.BigIntegerField()  # what that comes to
    state = models.CharField(max_length=10, default="offered")  # offered, accepted, declined
    offered_on = models.DateField()
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    counted_minor = models.BigIntegerField(null=True)
    pieces = models.JSONField(default=dict)
    case = models.ForeignKey(CashCase, models.PROTECT, null=True, related_name="hand_overs")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(giver=models.F("receiver")), name="cash_not_to_oneself"
            )
        ]
        indexes = [models.Index(fields=["receiver", "state"], name="cash_hand_over_state")]


class CashDeposit(models.Model):
    """Cash taken to one of our bank accounts under a slip, and the bank line that answers it."""

    bank_account = models.ForeignKey("BankAccount", models.PROTECT, related_name="cash_deposits")
    number = models.CharField(max_length=40)
    person = models.ForeignKey("Person", models.PROTECT, related_name="cash_deposits")
    amount_minor = models.BigIntegerField()
    deposited_at = models.DateTimeField()  # at the counter, as the slip says
    recorded_at = models.DateTimeField()
    due_at = models.DateTimeField()  # the earliest time its receipts were due at the bank
    note = models.CharField(max_length=200, blank=True)
    match = models.ForeignKey("BankMatch", models.PROTECT, null=True, related_name="cash_deposits")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bank_account", "number"], name="cash_deposit_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="cash_deposit_positive"
            ),
        ]
        indexes = [models.Index(fields=["person", "deposited_at"], name="cash_deposit_person")]


class CashEntry(models.Model):
    """An amount into or out of one person's hand, on the day of theirs it belongs to."""

    person = models.ForeignKey("Person", models.PROTECT, related_name="cash_entries")
    item = models.ForeignKey(CashItem, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10)  # take, reverse, receive, give, deposit, shortage, …
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    day_on = models.DateField()
    recorded_at = models.DateTimeField()
    hand_over = models.ForeignKey(CashHandOver, models.PROTECT, null=True, related_name="entries")
    deposit = models.ForeignKey(CashDeposit, models.PROTECT, null=True, related_name="entries")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=models.Q(deposit__isnull=False),
                name="cash_deposited_once",
            )
        ]
        indexes = [models.Index(fields=["person", "currency", "day_on"], name="cash_entry_day")]


class CashCount(models.Model):
    """What somebody counted, before they were told what it should be."""

    person = models.ForeignKey("Person", models.PROTECT, related_name="cash_counts")
    currency = models.CharField(max_length=3)
    day_on = models.DateField()
    pieces = models.JSONField()
    counted_minor = models.BigIntegerField()
    last_entry_id = models.BigIntegerField(default=0)  # what had moved when it was counted
    counted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "currency", "day_on"], name="cash_count_day")]


class CashDay(models.Model):
    """One person's closed day in one currency: what came, what went, what was counted."""

    person = models.ForeignKey("Person", models.PROTECT, related_name="cash_days")
    currency = models.CharField(max_length=3)
    day_on = models.DateField()
    opening_minor = models.BigIntegerField()
    taken_minor = models.BigIntegerField()
    reversed_minor = models.BigIntegerField()
    received_minor = models.BigIntegerField()
    given_minor = models.BigIntegerField()
    deposited_minor = models.BigIntegerField()
    adjusted_minor = models.BigIntegerField()
    expected_minor = models.BigIntegerField()  # before the difference
    difference_minor = models.BigIntegerField()
    count = models.ForeignKey(CashCount, models.PROTECT, related_name="days")
    case = models.ForeignKey(CashCase, models.PROTECT, null=True, related_name="days")
    closed_at = models.DateTimeField()
    needs_signature = models.BooleanField(default=False)
    signed_by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "currency", "day_on"], name="cash_day_once")
        ]


class CashCall(models.Model):
    """What a customer said of a receipt when audit called back."""

    receipt = models.OneToOneField("Receipt", models.PROTECT, related_name="cash_call")
    result = models.CharField(max_length=14)  # confirmed, not_confirmed, not_reached
    note = models.CharField(max_length=200, blank=True)
    called_on = models.DateField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey("Person", models.PROTECT, related_name="cash_calls")
