"""Published policies: dated data with a source. A published version is never edited (trigger)."""

from __future__ import annotations

from django.db import models


class PolicyVersion(models.Model):
    """One version of one policy: code lists, ladders, waterfalls, penalties, limits, roles."""

    kind = models.CharField(max_length=24)
    code = models.CharField(max_length=40)
    version = models.IntegerField()
    since_on = models.DateField()
    source = models.CharField(max_length=300)
    # Missing in versions published before these were kept.
    description = models.CharField(max_length=300, null=True)
    currency = models.CharField(max_length=3, null=True)  # of the amounts in the body
    body = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=160)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "version"], name="policy_version_once"),
            models.UniqueConstraint(fields=["kind", "code", "since_on"], name="policy_since_once"),
        ]
