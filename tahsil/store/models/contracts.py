"""Accounts, contracts and the versions of their schedules."""

from __future__ import annotations

from django.db import models


class Account(models.Model):
    """A debtor's standing with one creditor in one currency: the thing aged and worked."""

    number = models.CharField(max_length=40, unique=True)
    party = models.ForeignKey("Party", models.PROTECT, related_name="accounts")
    creditor = models.ForeignKey("Creditor", models.PROTECT, related_name="accounts")
    currency = models.CharField(max_length=3)
    product = models.CharField(max_length=20, default="developer")  # developer, rent, car, service…
    project = models.ForeignKey("Project", models.PROTECT, null=True, related_name="accounts")
    collector = models.ForeignKey("Person", models.PROTECT, null=True, related_name="accounts")
    next_step = models.CharField(max_length=40, blank=True)
    next_step_on = models.DateField(null=True)  # resubmission: not on the list before that day
    next_step_at = models.TimeField(null=True)
    locked_by = models.ForeignKey("Person", models.SET_NULL, null=True, related_name="+")
    locked_until_at = models.DateTimeField(null=True)
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "creditor", "currency", "product"], name="account_once"
            )
        ]


class Asset(models.Model):
    """What the contract is about: a unit, a vehicle, a site."""

    project = models.ForeignKey("Project", models.PROTECT, related_name="assets")
    kind = models.CharField(max_length=12, default="unit")
    code = models.CharField(max_length=60)
    code_key = models.CharField(max_length=60, db_index=True)
    label = models.CharField(max_length=160, blank=True)
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "code_key"], name="asset_once")]


class Contract(models.Model):
    """An agreement from which obligations arise."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="contracts")
    number = models.CharField(max_length=60)
    project = models.ForeignKey("Project", models.PROTECT, null=True, related_name="contracts")
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="contracts")
    product = models.CharField(max_length=20, default="developer")
    signed_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    price_minor = models.BigIntegerField(default=0)
    status = models.CharField(max_length=20, default="active")
    waterfall = models.CharField(max_length=40, default="standard")  # policy codes, not free text
    penalty = models.CharField(max_length=40, blank=True)
    terms = models.JSONField(default=dict)  # the payment system as agreed, for the record
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "number"], name="contract_once"),
            models.CheckConstraint(
                condition=models.Q(price_minor__gte=0), name="contract_price_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["number"])]


class ContractParty(models.Model):
    """A party's part in a contract, from a day until a day, with its share."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="parties")
    party = models.ForeignKey("Party", models.PROTECT, related_name="contract_parts")
    role = models.CharField(max_length=12, default="debtor")
    share_ppm = models.IntegerField(default=1_000_000)
    since_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "party", "role"], name="contract_party_once"
            )
        ]


class ScheduleVersion(models.Model):
    """One version of a contract's schedule; the newest in force on a date is the schedule."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="schedules")
    version = models.IntegerField()
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "version"], name="schedule_version_once")
        ]


class ContractEvent(models.Model):
    """Something that happened to the contract and makes lines due: hand-over, a certified stage."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="happenings")
    code = models.CharField(max_length=40)
    happened_on = models.DateField()
    recorded_at = models.DateTimeField()
    document = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "code"], name="contract_event_once")
        ]
