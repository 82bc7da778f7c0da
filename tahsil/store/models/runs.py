"""Runs of the day and background jobs."""

from __future__ import annotations

from django.db import models


class DayRun(models.Model):
    """The main job for one date, and how far it came."""

    as_of = models.DateField(unique=True)
    state = models.CharField(max_length=10, default="running")  # running, done
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)


class Job(models.Model):
    """Work to be done in the background, claimed under a lease that a heartbeat renews."""

    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    dedupe = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, default="ready")  # ready, running, done, failed
    run_after_at = models.DateTimeField()
    leased_until_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    result = models.JSONField(default=dict)
    person = models.ForeignKey("Person", models.SET_NULL, null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "run_after_at"])]


class SearchTerm(models.Model):
    """One word or number an account can be found by, already folded for comparison."""

    account = models.ForeignKey("Account", models.CASCADE, related_name="terms")
    kind = models.CharField(
        max_length=12
    )  # name, skeleton, phone, id, unit, contract, receipt, cheque
    term = models.CharField(max_length=240)
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True)

    class Meta:
        indexes = [models.Index(fields=["term"]), models.Index(fields=["account", "kind"])]


class SearchWord(models.Model):
    """Every word of a name, as a skeleton, so that a misspelt one finds its neighbours."""

    word = models.CharField(max_length=60, unique=True)
