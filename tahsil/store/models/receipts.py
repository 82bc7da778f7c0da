"""What came in: receipts, their allocations, reversals. Append-only, like obligations.

A withholding, a retention released by certificate and a credit note are receipts of their own
kind: they pay obligations the same way, and reports that count money leave them out.
"""

from __future__ import annotations

from django.db import models


class ReceiptSeries(models.Model):
    """Gapless receipt numbers of one cashier at one branch in one year."""

    branch = models.ForeignKey("Branch", models.PROTECT, related_name="series")
    cashier = models.ForeignKey("Person", models.PROTECT, related_name="series")
    year = models.IntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch", "cashier", "year"], name="series_once")
        ]


class Receipt(models.Model):
    """Money that arrived, or a certificate that stands for it."""

    account = models.ForeignKey("Account", models.PROTECT, related_name="receipts")
    contract = models.ForeignKey("Contract", models.PROTECT, null=True, related_name="receipts")
    kind = models.CharField(
        max_length=12, default="money"
    )  # money, withholding, retention, credit_note
    number = models.CharField(max_length=60)
    series = models.ForeignKey(ReceiptSeries, models.PROTECT, null=True, related_name="receipts")
    serial = models.IntegerField(null=True)
    amount_minor = models.BigIntegerField()
    instrument = models.CharField(max_length=16, default="cash")  # cash, transfer, cheque, card…
    reference = models.CharField(max_length=80, blank=True)  # cheque number, transfer reference
    bank = models.CharField(max_length=80, blank=True)
    rule = models.CharField(max_length=20, default="any")  # which lines its account's money may pay
    bank_account = models.ForeignKey("BankAccount", models.PROTECT, null=True)
    value_on = models.DateField()
    recorded_at = models.DateTimeField()
    payer = models.CharField(max_length=160, blank=True)
    cashier = models.ForeignKey("Person", models.PROTECT, null=True, related_name="receipts_taken")
    collector = models.ForeignKey("Person", models.PROTECT, null=True, related_name="receipts_won")
    instruction = models.JSONField(default=list)  # the payer's own: [[obligation_id, minor], …]
    note = models.CharField(max_length=200, blank=True)
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "value_on"]),
            models.Index(fields=["number"]),
            models.Index(fields=["reference"], condition=~models.Q(reference=""), name="rec_ref"),
            models.Index(fields=["value_on"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="receipt_number_once"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="receipt_positive"),
        ]


class Reversal(models.Model):
    """The act that took a receipt back; the receipt stays."""

    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="reversal")
    reason = models.CharField(max_length=200)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()


class Allocation(models.Model):
    """A part of one receipt set against one obligation; a negative one undoes an earlier one."""

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="allocations")
    obligation = models.ForeignKey("Obligation", models.PROTECT, related_name="allocations")
    account = models.ForeignKey("Account", models.PROTECT, related_name="allocations")
    amount_minor = models.BigIntegerField()
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    mirrors = models.ForeignKey("self", models.PROTECT, null=True, related_name="mirrored")
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(amount_minor=0), name="allocation_not_nothing"
            )
        ]
