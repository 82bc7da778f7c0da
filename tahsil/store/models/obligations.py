"""What is owed: obligations, the due dates that events give them, and adjustments. Append-only.

Triggers refuse UPDATE on every table here, and DELETE except while the batch that brought
the row is being undone (migration 0002).
"""

from __future__ import annotations

from django.db import models


class Obligation(models.Model):
    """One amount owed by one account for one reason; never changed, only paid or adjusted."""

    account = models.ForeignKey("Account", models.PROTECT, related_name="obligations")
    contract = models.ForeignKey("Contract", models.PROTECT, related_name="obligations", null=True)
    schedule = models.ForeignKey("ScheduleVersion", models.PROTECT, null=True, related_name="lines")
    seq = models.IntegerField(default=0)
    category = models.CharField(max_length=24)
    label = models.CharField(max_length=160, blank=True)
    amount_minor = models.BigIntegerField()
    due_on = models.DateField(null=True)  # missing until its event happens
    due_event = models.CharField(max_length=40, blank=True)
    due_days = models.IntegerField(default=0)
    raised_on = models.DateField()
    recorded_at = models.DateTimeField()
    reference = models.CharField(max_length=60, blank=True)  # invoice or demand number
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "due_on"]),
            models.Index(fields=["reference"], condition=~models.Q(reference=""), name="obl_ref"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="obligation_positive"
            )
        ]


class ObligationDue(models.Model):
    """The due date an event gave a line that had none."""

    obligation = models.OneToOneField(Obligation, models.PROTECT, related_name="dated")
    due_on = models.DateField()
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()


class Adjustment(models.Model):
    """A correction of what an obligation is worth, up or down, with its reason."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="adjustments")
    account = models.ForeignKey("Account", models.PROTECT, related_name="adjustments")
    kind = models.CharField(max_length=16)  # cancel, supersede, waiver, correction, write_off
    amount_minor = models.BigIntegerField()
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(amount_minor=0), name="adjustment_not_nothing"
            )
        ]
