"""Objections: what a customer says of a payment's amount, time or method, and how it was answered.

What was claimed is never edited. Evidence lies with the documents (subject objection:12); what
put the book right is the event of another verb, which the objection names.
"""

from __future__ import annotations

from django.db import models


class Objection(models.Model):
    """A customer's claim about a payment, owned by somebody until a day."""

    account = models.ForeignKey("Account", models.PROTECT, related_name="objections")
    kind = models.CharField(max_length=24)  # policies/codes_objections.yaml
    channel = models.CharField(max_length=12)
    note = models.CharField(max_length=500, blank=True)
    claimed_minor = models.BigIntegerField(null=True)
    claimed_on = models.DateField(null=True)
    claimed_method = models.CharField(max_length=16, blank=True)
    claimed_reference = models.CharField(max_length=80, blank=True)
    claimed_bank = models.CharField(max_length=80, blank=True)
    paid_to = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    receipt = models.ForeignKey("Receipt", models.PROTECT, null=True, related_name="objections")
    obligation = models.ForeignKey(
        "Obligation", models.PROTECT, null=True, related_name="objections"
    )
    instrument = models.ForeignKey(
        "Instrument", models.PROTECT, null=True, related_name="objections"
    )
    bank_line = models.ForeignKey("BankLine", models.PROTECT, null=True, related_name="objections")
    dispute = models.ForeignKey("Dispute", models.PROTECT, null=True, related_name="objections")
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, default="open")
    owner = models.ForeignKey("Person", models.PROTECT, null=True, related_name="objections")
    answer_by_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    closed_by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=300, blank=True)  # as the customer reads it
    act = models.ForeignKey("Event", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["account", "opened_on"], name="objection_account"),
            models.Index(fields=["state", "answer_by_on"], name="objection_state"),
            models.Index(
                fields=["owner", "answer_by_on"],
                condition=models.Q(state="open"),
                name="objection_owner",
            ),
        ]

    @property
    def number(self) -> str:
        """The number the customer is given."""
        return f"OBJ-{self.pk:05d}"
