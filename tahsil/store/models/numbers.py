"""Numbers of receipts beyond the series: paper books, numbers spoilt, who paid for the debtor."""

from __future__ import annotations

from django.db import models


class ReceiptBook(models.Model):
    """A book of numbered paper receipts, given to a person against signature. Append-only."""

    branch = models.ForeignKey("Branch", models.PROTECT, related_name="receipt_books")
    code = models.CharField(max_length=40, unique=True)
    first = models.IntegerField()
    last = models.IntegerField()
    holder = models.ForeignKey("Person", models.PROTECT, related_name="receipt_books")
    issued_on = models.DateField()
    issued_by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    document = models.CharField(max_length=160)  # the signed hand-over
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first__gt=0, last__gte=models.F("first")), name="book_range"
            )
        ]


class BookEnd(models.Model):
    """A book is out of use: handed back, used up or lost. Append-only."""

    book = models.OneToOneField(ReceiptBook, models.PROTECT, related_name="ending")
    kind = models.CharField(max_length=12)  # returned, exhausted, lost
    document = models.CharField(max_length=160, blank=True)  # of a lost one the police report
    reason = models.CharField(max_length=200, blank=True)
    effective_on = models.DateField()
    by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()


class ReceiptPaper(models.Model):
    """The leaf of a paper book that a receipt was written on. Append-only."""

    receipt = models.OneToOneField("Receipt", models.PROTECT, related_name="paper")
    book = models.ForeignKey(ReceiptBook, models.PROTECT, related_name="papers")
    serial = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "serial"], name="book_number_once")]


class CancelledNumber(models.Model):
    """A number that no receipt has, and why: of a series or of a paper book. Append-only."""

    series = models.ForeignKey("ReceiptSeries", models.PROTECT, null=True, related_name="cancelled")
    book = models.ForeignKey(ReceiptBook, models.PROTECT, null=True, related_name="cancelled")
    serial = models.IntegerField()
    reason = models.CharField(max_length=200)
    effective_on = models.DateField()
    by = models.ForeignKey("Person", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="cancelled_series_once"),
            models.UniqueConstraint(fields=["book", "serial"], name="cancelled_book_once"),
            models.CheckConstraint(
                condition=models.Q(series__isnull=False, book__isnull=True)
                | models.Q(series__isnull=True, book__isnull=False),
                name="cancelled_of_one",
            ),
        ]


class ReceiptPayer(models.Model):
    """Who paid in the debtor's stead: relation, identity, whether consent was seen. Append-only."""

    receipt = models.OneToOneField("Receipt", models.PROTECT, related_name="third_party")
    relation = models.CharField(max_length=16)  # spouse, relative, company, employer, broker, other
    identity = models.CharField(max_length=60, blank=True)
    has_consent = models.BooleanField(default=False)
