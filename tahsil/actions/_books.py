"""Leaves of paper receipt books: each is used once, by who holds the book, or cancelled."""

from __future__ import annotations

from datetime import date

from tahsil.actions._verb import Context
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import CancelledNumber, Receipt, ReceiptBook, ReceiptPaper


def take(ctx: Context, receipt: Receipt, serial: int) -> ReceiptPaper:
    """The leaf that the receipt was written on, out of a book its taker held on that day."""
    book = held(ctx, serial, on=receipt.value_on)
    check_free(book, serial)
    return ReceiptPaper.objects.create(receipt=receipt, book=book, serial=serial)


def held(ctx: Context, serial: int, *, on: date) -> ReceiptBook:
    """The actor's book with that number; nobody else takes a leaf of it until this ends."""
    mine = ReceiptBook.objects.filter(holder_id=ctx.standing.actor_id).order_by("-id")
    found = mine.filter(first__lte=serial, last__gte=serial).select_for_update().first()
    if found is None or found.issued_on > ctx.as_of:
        raise Refused(
            "book.not_yours",
            "{person} holds no receipt book with number {serial}. Books held: {books}.",
            person=ctx.standing.name,
            serial=serial,
            books=[f"{each.code} {each.first}-{each.last}" for each in mine] or ["none"],
        )
    ending = getattr(found, "ending", None)
    if ending is not None and on > ending.effective_on:
        raise Refused(
            "book.ended",
            "Receipt book {book} is {kind} since {ended_on}. A receipt of {on} is not of it.",
            book=found.code,
            kind=ending.kind,
            ended_on=ending.effective_on,
            on=on,
        )
    return found


def check_free(book: ReceiptBook, serial: int) -> None:
    """Refuses a leaf that has a receipt or was cancelled."""
    used = ReceiptPaper.objects.filter(book=book, serial=serial).select_related("receipt").first()
    if used is not None:
        raise Refused(
            "book.used",
            "Number {serial} of book {book} was used by receipt {number}.",
            serial=serial, book=book.code, number=used.receipt.number,
        )  # fmt: skip
    gone = CancelledNumber.objects.filter(book=book, serial=serial).first()
    if gone is not None:
        raise Refused(
            "book.cancelled",
            "Number {serial} of book {book} was cancelled: {reason}.",
            serial=serial, book=book.code, reason=gone.reason,
        )  # fmt: skip
