"""Events: what was done, by whom, once. One table serves audit, timeline, outbox and web feed.

Rows are only added; a trigger lets nothing but the delivery columns change. Seals chain batches
of events by hash, so that a missing or altered one is found.
"""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One act."""

    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)  # receipt:12
    account_id = models.BigIntegerField(null=True)  # no key: events outlive an undone import
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=160)
    approvers = models.JSONField(default=list)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    key = models.CharField(max_length=120, unique=True)
    digest = models.CharField(max_length=64)
    policies = models.JSONField(default=dict)  # the versions it was decided under
    delivered_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "-id"]),
            models.Index(fields=["verb", "effective_on"]),
            models.Index(fields=["effective_on"]),
        ]


class EventSeal(models.Model):
    """The hash over a run of events and the seal before it."""

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    count = models.IntegerField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    leaves = models.BinaryField(null=True)  # each event's id and the start of its hash
    sealed_at = models.DateTimeField()


class Request(models.Model):
    """An act that waits for somebody else's yes; approving re-runs the same verb."""

    verb = models.CharField(max_length=60)
    params = models.JSONField()
    account_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=12, default="waiting")
    reasons = models.JSONField(default=list)
    approvers = models.JSONField(default=list)  # roles, any one of which may say yes
    asked_by = models.ForeignKey("Person", models.PROTECT, related_name="requests")
    asked_at = models.DateTimeField()
    as_of = models.DateField()
    expires_on = models.DateField()
    decided_by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="decisions")
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=300, blank=True)
    event_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "asked_at"])]
