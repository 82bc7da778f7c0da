"""Parties: persons and organisations in any role, the names they go by, how to reach them."""

from __future__ import annotations

from django.db import models


class Party(models.Model):
    """A person or organisation. Same person twice is two parties until somebody merges them."""

    code = models.CharField(max_length=40, blank=True)  # the source's customer code
    # Whose number that code is; the party may have accounts with others too.
    numbered_by = models.ForeignKey("Creditor", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=12, default="person")  # person, company, estate
    name = models.CharField(max_length=240)
    name_key = models.CharField(max_length=240, db_index=True)
    language = models.CharField(max_length=5, default="ar")
    country = models.CharField(max_length=2, default="EG")
    national_id = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["numbered_by", "code"],
                condition=~models.Q(code=""),
                name="party_code_once",
            )
        ]


class PartyName(models.Model):
    """Another spelling or script of a party's name."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="names")
    name = models.CharField(max_length=240)
    name_key = models.CharField(max_length=240)
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True)


class ContactPoint(models.Model):
    """A telephone, address or e-mail of a party, with what the source really said."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="contact_points")
    channel = models.CharField(max_length=12)  # phone, email, address
    value = models.CharField(max_length=240)
    raw = models.CharField(max_length=240, blank=True)
    is_wrong = models.BooleanField(default=False)
    source = models.CharField(max_length=80, blank=True)
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True)

    class Meta:
        indexes = [models.Index(fields=["channel", "value"])]
        constraints = [
            models.UniqueConstraint(fields=["party", "channel", "value"], name="contact_point_once")
        ]
