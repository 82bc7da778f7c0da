"""Custody: hand-overs of papers, counts of the places they lie at, and what has to be explained.

Where a paper lies is its last move (InstrumentMove.place, and the custodian with it). A hand-over
is settled once, line by line; a signature of a count is never changed.
"""

from __future__ import annotations

from django.db import models


class HandOver(models.Model):
    """A list of papers that somebody gives and another takes, from one place to another."""

    number = models.CharField(max_length=40, unique=True)
    from_place = models.CharField(max_length=80)
    to_place = models.CharField(max_length=80)
    kind = models.CharField(max_length=12)  # of the place they go to: ours, courier, bank…
    giver = models.ForeignKey("Person", models.PROTECT, related_name="hand_overs_given")
    giver_name = models.CharField(max_length=160, blank=True)  # an outsider who brought them
    receiver = models.ForeignKey(
        "Person", models.PROTECT, null=True, related_name="hand_overs_taken"
    )
    receiver_name = models.CharField(max_length=160, blank=True)  # an outsider
    receiver_company = models.CharField(max_length=160, blank=True)
    receiver_identity = models.CharField(max_length=60, blank=True)
    given_on = models.DateField()
    given_at = models.DateTimeField()
    count = models.IntegerField()
    totals = models.JSONField(default=list)  # [currency, count, amount]
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default="open")  # open, accepted, withdrawn
    accepted_by = models.ForeignKey(
        "Person", models.PROTECT, null=True, related_name="hand_overs_accepted"
    )
    accepted_on = models.DateField(null=True)
    accepted_at = models.DateTimeField(null=True)
    found_count = models.IntegerField(null=True)
    document = models.CharField(max_length=160, blank=True)  # the signed list
    reason = models.CharField(max_length=200, blank=True)  # why it was withdrawn

    class Meta:
        indexes = [models.Index(fields=["state", "given_on"], name="hand_over_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_by=None) | ~models.Q(accepted_by=models.F("giver")),
                name="hand_over_two_people",
            )
        ]


class HandOverLine(models.Model):
    """One paper of a hand-over: received, not there, or not yet known."""

    hand_over = models.ForeignKey(HandOver, models.PROTECT, related_name="lines")
    instrument = models.ForeignKey("Instrument", models.PROTECT, related_name="hand_over_lines")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    result = models.CharField(max_length=10, blank=True)  # received, missing, withdrawn
    move = models.OneToOneField(
        "InstrumentMove", models.PROTECT, null=True, related_name="hand_over_line"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hand_over", "instrument"], name="hand_over_paper_once"
            ),
            models.UniqueConstraint(
                fields=["instrument"], condition=models.Q(result=""), name="hand_over_open_once"
            ),
        ]


class SafeCount(models.Model):
    """A count of the papers that lie at one place, as of the instant it began."""

    place = models.CharField(max_length=80)
    month = models.CharField(max_length=7, blank=True)  # one envelope: those that mature in 2026-12
    counted_on = models.DateField()
    opened_at = models.DateTimeField()
    last_move = models.BigIntegerField(default=0)  # the newest move of the register then
    counter = models.ForeignKey("Person", models.PROTECT, related_name="safe_counts")
    state = models.CharField(max_length=10, default="counting")  # counting, counted, signed…
    said = models.JSONField(default=list)  # [currency, count, amount] before anything was shown
    sums = models.JSONField(default=list)  # [currency, book, amount, found, amount]
    book_count = models.IntegerField(null=True)
    found_count = models.IntegerField(null=True)
    variance_count = models.IntegerField(null=True)
    finished_at = models.DateTimeField(null=True)
    signers = models.IntegerField(null=True)  # how many the policy wanted
    policy = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200, blank=True)  # why it was cancelled

    class Meta:
        indexes = [models.Index(fields=["place", "counted_on"], name="safe_count_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "month"],
                condition=models.Q(state="counting"),
                name="safe_count_open_once",
            )
        ]


class SafeCountLine(models.Model):
    """One line of a count: a paper that should lie there, or one that was found besides."""

    count = models.ForeignKey(SafeCount, models.PROTECT, related_name="lines")
    instrument = models.ForeignKey(
        "Instrument", models.PROTECT, null=True, related_name="count_lines"
    )
    custodian = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=40)
    currency = models.CharField(max_length=3, blank=True)
    book_minor = models.BigIntegerField(default=0)
    found_minor = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=14, blank=True)  # core/book/custody.py; empty: counting

    class Meta:
        indexes = [models.Index(fields=["count", "outcome"], name="safe_count_line_outcome")]


class SafeCountEntry(models.Model):
    """A paper the counter found, as it was scanned, typed or ticked."""

    count = models.ForeignKey(SafeCount, models.PROTECT, related_name="entries")
    number = models.CharField(max_length=40)
    amount = models.CharField(max_length=24, blank=True)  # as typed
    line = models.ForeignKey(SafeCountLine, models.PROTECT, null=True, related_name="entries")
    by = models.ForeignKey("Person", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()


class SafeCountSignature(models.Model):
    """Somebody vouches for a finished count, as themselves."""

    count = models.ForeignKey(SafeCount, models.PROTECT, related_name="signatures")
    person = models.ForeignKey("Person", models.PROTECT, related_name="count_signatures")
    is_custodian = models.BooleanField(default=False)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["count", "person"], name="safe_count_sign_once")
        ]


class CustodyMatter(models.Model):
    """A paper missing, or found where it should not be, until that is explained."""

    kind = models.CharField(max_length=14)  # not_received, or the outcome of a count's line
    instrument = models.ForeignKey("Instrument", models.PROTECT, null=True, related_name="matters")
    number = models.CharField(max_length=40)
    place = models.CharField(max_length=80)
    currency = models.CharField(max_length=3, blank=True)
    amount_minor = models.BigIntegerField(default=0)
    hand_over = models.ForeignKey(HandOver, models.PROTECT, null=True, related_name="matters")
    line = models.ForeignKey(SafeCountLine, models.PROTECT, null=True, related_name="matters")
    owner = models.ForeignKey("Person", models.PROTECT, related_name="custody_matters")
    opened_on = models.DateField()
    state = models.CharField(max_length=10, default="open")  # open, explained, found, lost
    explanation = models.CharField(max_length=300, blank=True)
    closed_on = models.DateField(null=True)
    closed_by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["state", "opened_on"], name="custody_matter_state")]
