"""Money paid back, and money on account that waits; approvals, payments, ends are append-only.

A refund's state is derived: approved, then paid or cancelled; a paid one may have come back.
"""

from __future__ import annotations

from django.db import models


class Refund(models.Model):
    """What somebody agreed to pay back, of which account, to whom and why."""

    account = models.ForeignKey("Account", models.PROTECT, related_name="refunds")
    number = models.CharField(max_length=60, unique=True)
    amount_minor = models.BigIntegerField()
    payee = models.CharField(max_length=160)
    payee_reason = models.CharField(max_length=200, blank=True)  # why it is not who paid
    reason = models.CharField(max_length=200)
    is_despite_overdue = models.BooleanField(default=False)
    asked_by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    approved_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="refund_positive")
        ]


class RefundPart(models.Model):
    """How much of a refund is of which receipt."""

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="parts")
    receipt = models.ForeignKey("Receipt", models.PROTECT, related_name="refund_parts")
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["refund", "receipt"], name="refund_part_once"),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="refund_part_positive"
            ),
        ]


class RefundPayment(models.Model):
    """The paying of a refund: by which way, and the obligation that its receipts settle."""

    refund = models.OneToOneField(Refund, models.PROTECT, related_name="payment")
    obligation = models.OneToOneField("Obligation", models.PROTECT, related_name="refund_payment")
    method = models.CharField(max_length=16)  # transfer, cheque, cash, card
    bank_account = models.ForeignKey("BankAccount", models.PROTECT, null=True, related_name="+")
    reference = models.CharField(max_length=80, blank=True)
    value_on = models.DateField()
    by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()


class RefundEnd(models.Model):
    """Why a refund is over otherwise: cancelled before it was paid, or come back after."""

    refund = models.OneToOneField(Refund, models.PROTECT, related_name="ending")
    kind = models.CharField(max_length=12)  # cancelled, came_back
    reason = models.CharField(max_length=200)
    effective_on = models.DateField()
    by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()


class OnAccount(models.Model):
    """Who looks after an account's money that pays nothing yet, why it waits, and what is next."""

    account = models.OneToOneField("Account", models.PROTECT, related_name="on_account")
    owner = models.ForeignKey("Person", models.PROTECT, null=True, related_name="on_account")
    reason = models.CharField(max_length=24, blank=True)  # advance, overpaid, unclear, refund, …
    note = models.CharField(max_length=200, blank=True)
    step_on = models.DateField(null=True)
    changed_at = models.DateTimeField()
