"""What the general ledger says, what was noted of a difference, which months are closed.

Append-only: a newer load of the same day counts instead of the older, a month's newest act says
whether it is closed.
"""

from __future__ import annotations

from django.db import models


class LedgerLoad(models.Model):
    """One trial balance, or list of entries, of a creditor's general ledger as its file gave it."""

    creditor = models.ForeignKey("Creditor", models.PROTECT, related_name="ledger_loads")
    balance_on = models.DateField()
    layout = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["creditor", "balance_on"], name="ledger_load_day")]


class LedgerBalance(models.Model):
    """What one ledger account comes to in a load; a debit is above nothing."""

    load = models.ForeignKey(LedgerLoad, models.PROTECT, related_name="balances")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=160, blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["load", "code", "currency"], name="ledger_balance_once")
        ]


class LedgerEntry(models.Model):
    """One entry of a ledger account as a list of entries gives it; a debit is above nothing."""

    load = models.ForeignKey(LedgerLoad, models.PROTECT, related_name="entries")
    code = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    booked_on = models.DateField()
    reference = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=200, blank=True)
    amount_minor = models.BigIntegerField()


class TieNote(models.Model):
    """What somebody found out about a difference, and whose it is to clear."""

    creditor = models.ForeignKey("Creditor", models.PROTECT, related_name="tie_notes")
    currency = models.CharField(max_length=3)
    part = models.CharField(max_length=20)  # receivables, fees, …
    tied_on = models.DateField()
    difference_minor = models.BigIntegerField()
    text = models.CharField(max_length=300)
    owner = models.ForeignKey("Person", models.PROTECT, related_name="tie_notes")
    by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()


class PeriodAct(models.Model):
    """A month of a creditor was closed, or opened again; `totals` are what it held at closing."""

    creditor = models.ForeignKey("Creditor", models.PROTECT, related_name="period_acts")
    month_on = models.DateField()  # its first day
    is_closed = models.BooleanField()
    reason = models.CharField(max_length=200, blank=True)
    totals = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)  # of every posting of the month
    by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    agreed_by = models.CharField(max_length=160, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["creditor", "month_on"], name="period_month")]
