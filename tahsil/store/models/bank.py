"""Bank statements, their lines, what explains each line, and what corrections have taught.

Statements and lines are append-only, but for a line's state and for when a statement was matched;
a match that turns out wrong is undone, never edited. Proposals are advice and may be made anew.
"""

from __future__ import annotations

from django.db import models


class BankStatement(models.Model):
    """One statement of one of our bank accounts, as the file gave it."""

    bank_account = models.ForeignKey("BankAccount", models.PROTECT, related_name="statements")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)  # what the statement says: known when it comes again
    format = models.CharField(max_length=20)
    number = models.CharField(max_length=80, blank=True)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    opening_minor = models.BigIntegerField(null=True)
    closing_minor = models.BigIntegerField(null=True)
    line_count = models.IntegerField()  # in the file, with those known before
    credit_minor = models.BigIntegerField()
    debit_minor = models.BigIntegerField()
    repeats = models.JSONField(default=list)  # booked lines that an earlier statement had brought
    remarks = models.JSONField(default=list)  # [[code, template, facts], …]
    imported_by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bank_account", "digest"], name="bank_statement_once")
        ]
        indexes = [models.Index(fields=["bank_account", "closed_on"], name="bank_statement_end")]


class BankLine(models.Model):
    """One line of a statement; money that came in is positive."""

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines")
    bank_account = models.ForeignKey("BankAccount", models.PROTECT, related_name="lines")
    at = models.IntegerField()  # its line in the file
    booked_on = models.DateField()
    value_on = models.DateField()
    amount_minor = models.BigIntegerField()
    reference = models.CharField(max_length=200, blank=True)
    bank_reference = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=20, default="other")
    bank_code = models.CharField(max_length=60, blank=True)
    text = models.TextField(blank=True)
    payer = models.CharField(max_length=200, blank=True)
    payer_account = models.CharField(max_length=80, blank=True)
    cheque_number = models.CharField(max_length=40, blank=True)
    is_reversal = models.BooleanField(default=False)
    is_pending = models.BooleanField(default=False)  # as it came first: in no balance
    parts = models.JSONField(default=list)  # the payments of a batch, as the bank lists them
    fingerprint = models.CharField(max_length=80)
    state = models.CharField(max_length=12, default="open")  # pending, open, suspended, …

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bank_account", "fingerprint"], name="bank_line_once")
        ]
        indexes = [
            models.Index(fields=["state", "booked_on"], name="bank_line_state"),
            models.Index(fields=["bank_account", "booked_on"], name="bank_line_day"),
        ]


class BankMatch(models.Model):
    """What explains a line, or a part of one: a receipt, a cheque's answer, or another purpose."""

    line = models.ForeignKey(BankLine, models.PROTECT, related_name="matches")
    amount_minor = models.BigIntegerField()
    purpose = models.CharField(max_length=24)  # receipt, cheque_cleared, own_transfer, suspense, …
    receipt = models.ForeignKey("Receipt", models.PROTECT, null=True, related_name="bank_matches")
    presentment = models.ForeignKey(
        "Presentment", models.PROTECT, null=True, related_name="bank_matches"
    )
    refund = models.ForeignKey("Refund", models.PROTECT, null=True, related_name="bank_matches")
    kind = models.CharField(max_length=10)  # auto, confirmed
    is_link = models.BooleanField(default=False)  # the receipt was there before the match
    reason = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey("Person", models.PROTECT, null=True, related_name="suspense")
    by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    matched_on = models.DateField()
    matched_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["receipt"],
                condition=models.Q(receipt__isnull=False, undone_at=None),
                name="bank_match_receipt_once",
            ),
            models.UniqueConstraint(  # paid once, and back once at most
                fields=["refund", "purpose"],
                condition=models.Q(refund__isnull=False, undone_at__isnull=True),
                name="bank_match_refund_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(amount_minor=0), name="bank_match_not_nothing"
            ),
        ]
        indexes = [
            models.Index(fields=["purpose"], condition=models.Q(undone_at=None), name="bank_live")
        ]


class BankProposal(models.Model):
    """What matching said of a line when it was last asked; advice, made anew each time."""

    line = models.OneToOneField(BankLine, models.CASCADE, related_name="proposal")
    kind = models.CharField(max_length=10)  # auto, propose, ask, leave
    purpose = models.CharField(max_length=24)
    body = models.JSONField()  # the decision: answers ranked, with their evidence
    policy = models.CharField(max_length=40, blank=True)
    made_on = models.DateField()


class LearnedPayer(models.Model):
    """How often money of a payer was set to an account by a person."""

    payer = models.CharField(max_length=240)
    account = models.ForeignKey("Account", models.PROTECT, related_name="known_payers")
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payer", "account"], name="learned_payer_once")
        ]


class LearnedFee(models.Model):
    """How often an amount was missing that a person accepted as the bank's fee."""

    creditor = models.ForeignKey("Creditor", models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creditor", "amount_minor"], name="learned_fee_once")
        ]


class LearnedPattern(models.Model):
    """How often people confirmed or corrected what one pattern of evidence proposed."""

    creditor = models.ForeignKey("Creditor", models.PROTECT, related_name="+")
    pattern = models.CharField(max_length=60)
    right = models.IntegerField(default=0)
    wrong = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creditor", "pattern"], name="learned_pattern_once")
        ]
