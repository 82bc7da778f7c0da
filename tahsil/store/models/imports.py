"""Imports: a file staged row by row, committed all or nothing, undone as a batch."""

from __future__ import annotations

from django.db import models


class StagedJSON(models.JSONField):
    """JSON that staging alone writes; that it is JSON, SQLite need not prove for every row."""

    def db_check(self, connection) -> None:
        """No check."""


class ImportMapping(models.Model):
    """How the columns of one source are read, saved once and found again by its headers."""

    name = models.CharField(max_length=80, unique=True)
    fingerprint = models.CharField(max_length=64, db_index=True)
    layout = models.CharField(max_length=20)
    body = models.JSONField()


class ImportBatch(models.Model):
    """One file: what it held, what was taken, what was not and why."""

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    layout = models.CharField(max_length=20)
    mapping = models.JSONField(default=dict)
    creditor = models.ForeignKey("Creditor", models.PROTECT, null=True)
    as_of = models.DateField()
    state = models.CharField(max_length=10, default="staged")
    counts = models.JSONField(default=dict)
    controls = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("Person", models.PROTECT, null=True)
    committed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undoing = models.BooleanField(default=False)  # what the append-only triggers look at


class ImportRow(models.Model):
    """One record of the file: what it said, what it means, what became of it."""

    batch = models.ForeignKey(
        ImportBatch, models.CASCADE, related_name="rows", db_index=False
    )  # the index with the status serves
    sheet = models.CharField(max_length=80)
    row = models.IntegerField()
    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=200)  # begins with the kind
    hash = models.CharField(max_length=64)
    raw = StagedJSON()
    values = StagedJSON()
    status = models.CharField(max_length=10)  # new, same, changed, held, rejected
    remarks = StagedJSON(default=list)  # [[code, template, facts, cell], …]
    target = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["batch", "status"]), models.Index(fields=["key"])]
