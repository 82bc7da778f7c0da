"""Documents: what shows that something was said, handed over or paid. Append-only.

The content lies under its hash (store/files.py); a row says what it shows and of which subject.
"""

from __future__ import annotations

from django.db import models


class Document(models.Model):
    """A scan, photo or letter kept with its subject, such as instrument:12."""

    subject = models.CharField(max_length=60)
    account = models.ForeignKey("Account", models.PROTECT, null=True, related_name="documents")
    kind = models.CharField(max_length=24)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    name = models.CharField(max_length=160)  # as the file was called
    size = models.IntegerField()
    note = models.CharField(max_length=200, blank=True)
    kept_on = models.DateField()
    kept_at = models.DateTimeField()
    by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="documents")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "kind", "sha256"], name="document_once")
        ]
        indexes = [models.Index(fields=["account", "kept_on"], name="document_account")]
