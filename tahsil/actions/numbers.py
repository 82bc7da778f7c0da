"""Receipt numbers: a spoilt one is kept as cancelled; paper books are issued and taken back.

What a series or a book holds, number by number, is queries/numbers.py.
"""

from __future__ import annotations

from datetime import date

from tahsil.actions import _books, _given, _series
from tahsil.actions._verb import Act, Context, verb
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import BookEnd, CancelledNumber, Person, ReceiptBook

ENDS = ("returned", "exhausted", "lost")


@verb("receipt.cancel_number")
def cancel(ctx: Context, *, reason: str, serial: int | None = None) -> Act:
    """A number was spoilt and no receipt will have it: the next of one's series, or a book's leaf.

    `serial` is that of a leaf in a paper book one holds.
    """
    reason = _given.need_text(reason, "reason")
    kept = {"reason": reason, "effective_on": ctx.as_of, "recorded_at": ctx.now,
            "by_id": ctx.standing.actor_id or None}  # fmt: skip
    if serial is None:
        series_id, at, number = _series.number(ctx)
        CancelledNumber.objects.create(series_id=series_id, serial=at, **kept)
        return Act(f"series:{series_id}", None, {"number": number, "reason": reason})
    book = _books.held(ctx, serial, on=ctx.as_of)
    _books.check_free(book, serial)
    CancelledNumber.objects.create(book=book, serial=serial, **kept)
    return Act(f"book:{book.id}", None, {"number": f"{book.code}-{serial}", "reason": reason})


@verb("receipt.issue_book")
def issue(
    ctx: Context,
    *,
    code: str,
    first: int,
    last: int,
    holder_id: int,
    document: str,
    issued_on: date | str | None = None,
) -> Act:
    """A book of paper receipts was given to somebody, who signed for it."""
    code = _given.need_text(code, "book", most=40)
    holder = Person.objects.filter(id=holder_id, is_active=True, branch__isnull=False).first()
    if holder is None or holder.branch_id is None:
        raise Refused(
            "book.holder", "There is no person {id} with a branch to hold a book.", id=holder_id
        )
    on = _given.as_date(issued_on, "issued on") or ctx.as_of
    if not 0 < first <= last or last - first >= 10_000 or on > ctx.as_of:
        raise Refused(
            "book.range",
            "A book has numbers from {first} to {last}, at most 10,000, and is issued by today.",
            first=first,
            last=last,
        )
    _check_new(code, first, last, branch_id=holder.branch_id)
    book = ReceiptBook.objects.create(
        branch_id=holder.branch_id,
        code=code,
        first=first,
        last=last,
        holder=holder,
        issued_on=on,
        issued_by_id=ctx.standing.actor_id or None,
        document=_given.need_text(document, "signed hand-over", most=160),
        recorded_at=ctx.now,
    )
    facts = {"book": code, "first": first, "last": last, "holder": holder.name}
    return Act(f"book:{book.id}", None, facts, on)


@verb("receipt.end_book")
def end(
    ctx: Context,
    *,
    book_id: int,
    kind: str,
    document: str = "",
    reason: str = "",
    effective_on: date | str | None = None,
) -> Act:
    """A book is out of use: handed back, used up, or lost with the police report."""
    book = ReceiptBook.objects.select_for_update().filter(id=book_id).first()
    if book is None:
        raise Refused("book.unknown", "There is no receipt book {book_id}.", book_id=book_id)
    if kind not in ENDS:
        raise Refused(
            "book.kind", "A book is not {kind}. Known: {known}.", kind=kind or "-",
            known=list(ENDS),
        )  # fmt: skip
    if BookEnd.objects.filter(book=book).exists():
        raise Refused("book.over", "Receipt book {book} is out of use already.", book=book.code)
    if kind == "lost":
        document = _given.need_text(document, "police report", most=160)
    on = _given.as_date(effective_on, "day") or ctx.as_of
    if not book.issued_on <= on <= ctx.as_of:
        raise Refused(
            "book.day", "Book {book} can be out of use from {earliest} to {latest}.",
            book=book.code, earliest=book.issued_on, latest=ctx.as_of,
        )  # fmt: skip
    BookEnd.objects.create(
        book=book, kind=kind, document=document.strip()[:160], reason=reason.strip()[:200],
        effective_on=on, by_id=ctx.standing.actor_id or None, recorded_at=ctx.now,
    )  # fmt: skip
    facts = {"book": book.code, "kind": kind, "document": document, "reason": reason}
    return Act(f"book:{book.id}", None, facts, on)


def _check_new(code: str, first: int, last: int, *, branch_id: int) -> None:
    """Refuses a code that is there, and numbers another book of the branch has."""
    same = ReceiptBook.objects.filter(code=code).first()
    alike = ReceiptBook.objects.filter(
        branch_id=branch_id, first__lte=last, last__gte=first
    ).first()
    other = same or alike
    if other is not None:
        raise Refused(
            "book.twice",
            "Book {book} has numbers {first} to {last} of this branch already.",
            book=other.code, first=other.first, last=other.last,
        )  # fmt: skip
