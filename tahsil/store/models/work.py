"""The work: cases, attempts, promises, disputes, holds, and the cached standing of each account."""

from __future__ import annotations

from django.db import models


class Case(models.Model):
    """The work on an account from the day it needs collecting to the day it does not."""

    account = models.ForeignKey("Account", models.PROTECT, related_name="cases")
    state = models.CharField(max_length=8, default="open")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    rung = models.CharField(max_length=40, blank=True)
    rung_since_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(state="open"), name="case_open_once"
            )
        ]
        indexes = [models.Index(fields=["account", "opened_on"])]


class Attempt(models.Model):
    """One try at reaching someone, or one thing they said to us. Append-only."""

    account = models.ForeignKey("Account", models.PROTECT, related_name="attempts")
    party = models.ForeignKey("Party", models.PROTECT, null=True, related_name="attempts")
    contact_point = models.ForeignKey("ContactPoint", models.PROTECT, null=True)
    channel = models.CharField(max_length=12)  # call, whatsapp, sms, email, letter, visit, office
    is_inbound = models.BooleanField(default=False)
    disposition = models.CharField(max_length=24)
    level = models.CharField(max_length=12)  # none, third_party, right_party
    reason = models.CharField(max_length=24, blank=True)  # for non-payment
    note = models.CharField(max_length=500, blank=True)
    next_step = models.CharField(max_length=40)
    next_step_on = models.DateField(null=True)
    next_step_at = models.TimeField(null=True)
    happened_at = models.DateTimeField()
    effective_on = models.DateField()
    by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="attempts")

    class Meta:
        indexes = [
            models.Index(fields=["account", "effective_on"]),
            models.Index(fields=["effective_on", "by"]),
        ]


class Promise(models.Model):
    """An amount and a date a debtor commits to."""

    account = models.ForeignKey("Account", models.PROTECT, related_name="promises")
    amount_minor = models.BigIntegerField()
    promised_on = models.DateField()
    made_on = models.DateField()
    recorded_at = models.DateTimeField()
    instrument = models.CharField(max_length=16, default="transfer")
    promised_by = models.CharField(max_length=80, blank=True)
    confidence = models.IntegerField(default=2)
    state = models.CharField(max_length=12, default="open")
    judged_on = models.DateField(null=True)
    received_minor = models.BigIntegerField(default=0)
    made_by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="promises")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(state="open"), name="promise_open_once"
            ),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="promise_positive"),
        ]
        indexes = [
            models.Index(fields=["state", "promised_on"]),
            models.Index(fields=["account", "promised_on"]),
        ]


class Dispute(models.Model):
    """The debtor contests an obligation, in whole or in part."""

    account = models.ForeignKey("Account", models.PROTECT, related_name="disputes")
    obligation = models.ForeignKey("Obligation", models.PROTECT, related_name="disputes")
    amount_minor = models.BigIntegerField()
    code = models.CharField(max_length=24)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, default="open")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "opened_on"])]


class Hold(models.Model):
    """A pause of treatments or of delinquent days, with reason and end."""

    account = models.ForeignKey("Account", models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=12, default="hold")  # hold, pause, hardship
    reason = models.CharField(max_length=200)
    since_on = models.DateField()
    until_on = models.DateField()
    by = models.ForeignKey("Person", models.PROTECT, null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "until_on"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__gt=models.F("since_on")), name="hold_has_days"
            )
        ]


def _listed(name: str, *fields: str) -> models.Index:
    """The accounts on a list in that order; the order ends in the account, as a page's does."""
    return models.Index(fields=[*fields, "account"], name=name, condition=models.Q(is_listed=True))


class Standing(models.Model):
    """The cached position and treatment of an account. `tahsil rebuild --compare` proves it."""

    account = models.OneToOneField(
        "Account", models.CASCADE, primary_key=True, related_name="standing"
    )
    collector_id = models.BigIntegerField(null=True)
    creditor_id = models.BigIntegerField()
    project_id = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    open_minor = models.BigIntegerField(default=0)
    due_today_minor = models.BigIntegerField(default=0)
    overdue_minor = models.BigIntegerField(default=0)
    not_due_minor = models.BigIntegerField(default=0)
    undated_minor = models.BigIntegerField(default=0)
    disputed_minor = models.BigIntegerField(default=0)
    unapplied_minor = models.BigIntegerField(default=0)
    covered_minor = models.BigIntegerField(default=0)
    oldest_due_on = models.DateField(null=True)
    delinquent_days = models.IntegerField(default=0)
    bucket = models.IntegerField(default=0)
    next_due_on = models.DateField(null=True)
    rung = models.CharField(max_length=40, blank=True)
    treatment = models.CharField(max_length=24, blank=True)
    priority = models.BigIntegerField(default=0)
    reasons = models.JSONField(default=list)  # [[code, {facts}], …]
    is_listed = models.BooleanField(default=False)

    class Meta:
        indexes = [
            # Lists in their order, by what they are narrowed to; only what is on a list.
            _listed("standing_all", "-priority"),
            _listed("standing_list", "collector_id", "-priority"),
            _listed("standing_project", "project_id", "-priority"),
            _listed("standing_bucket", "bucket", "-priority"),
            _listed("standing_rung", "rung", "-priority"),
            models.Index(fields=["-overdue_minor", "account"], name="standing_overdue"),
            models.Index(fields=["collector_id"], name="standing_owner"),
            models.Index(fields=["oldest_due_on"], name="standing_oldest"),
        ]
