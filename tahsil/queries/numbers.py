"""The register of receipt numbers: of every series and paper book, number by number, with gaps.

A number of a series is used or cancelled; a leaf of a book may also be unused. A leaf skipped
below the last one used, or never accounted for when its book was handed back or lost, is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from tahsil.core.grammar.authority import Answer, Standing, can
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import (
    CancelledNumber,
    Receipt,
    ReceiptBook,
    ReceiptPaper,
    ReceiptSeries,
    Reversal,
)

SHOWN = 500


@dataclass(frozen=True)
class NumberRun:
    """One series or book: how many numbers are used, cancelled, unused, and which are missing."""

    kind: str  # series, book
    id: int
    name: str
    holder: str
    branch: str
    first: int
    last: int
    used: int
    cancelled: int
    unused: int
    missing: tuple[int, ...]
    state: str  # open, returned, exhausted, lost
    issued_on: date | None
    ended_on: date | None
    document: str


@dataclass(frozen=True)
class NumberRow:
    """One number: used by a receipt, cancelled because, unused or missing."""

    serial: int
    number: str
    state: str  # used, reversed, cancelled, unused, missing
    receipt_id: int | None
    receipt_number: str
    on: date | None
    reason: str


@dataclass(frozen=True)
class NumberRegister:
    """The runs, and the numbers of the one that was opened, the newest first."""

    runs: tuple[NumberRun, ...]
    chosen: NumberRun | None
    rows: tuple[NumberRow, ...]


def numbers(
    standing: Standing, *, as_of: date, kind: str = "", run_id: int | None = None
) -> NumberRegister:
    """Every series and book one may see: all with reports, else one's own."""
    runs = (*_books(standing, as_of), *_series(standing))
    chosen = next((each for each in runs if (each.kind, each.id) == (kind, run_id)), None)
    if run_id is not None and chosen is None:
        raise Refused("numbers.unknown", "There is no such series or book of receipts to read.")
    rows = _rows(chosen) if chosen else ()
    return NumberRegister(runs, chosen, rows)


def holds_book(standing: Standing) -> bool:
    """Whether this person has a paper book in use."""
    return ReceiptBook.objects.filter(holder_id=standing.actor_id, ending=None).exists()


def _sees_all(standing: Standing) -> bool:
    """Accountants, managers and auditors see every series; who only takes money, their own."""
    return any(
        can(standing, verb, None).answer == Answer.ALLOW
        for verb in ("receipt.issue_book", "event.read")
    )


def _series(standing: Standing) -> list[NumberRun]:
    found = ReceiptSeries.objects.select_related("branch", "cashier").order_by(
        "-year", "branch__code", "cashier__username"
    )
    if not _sees_all(standing):
        found = found.filter(cashier_id=standing.actor_id)
    used = dict(
        Receipt.objects.filter(series__in=found).order_by().values_list("series_id")
        .annotate(n=Count("id"))
    )  # fmt: skip
    gone = dict(
        CancelledNumber.objects.filter(series__in=found).order_by().values_list("series_id")
        .annotate(n=Count("id"))
    )  # fmt: skip
    made = []
    for each in found:
        counts = used.get(each.id, 0), gone.get(each.id, 0)
        missing = () if sum(counts) == each.last else _missing_of_series(each)
        made.append(
            NumberRun(
                "series", each.id,
                f"{each.branch.code}-{each.cashier.username.upper()}-{each.year}",
                each.cashier.name, each.branch.name, 1, each.last, *counts, 0, missing, "open",
                None, None, "",
            )
        )  # fmt: skip
    return made


def _missing_of_series(series: ReceiptSeries) -> tuple[int, ...]:
    there = set(Receipt.objects.filter(series=series).values_list("serial", flat=True))
    there |= set(CancelledNumber.objects.filter(series=series).values_list("serial", flat=True))
    return tuple(sorted(set(range(1, series.last + 1)) - there))


def _books(standing: Standing, as_of: date) -> list[NumberRun]:
    found = ReceiptBook.objects.filter(issued_on__lte=as_of).select_related(
        "branch", "holder", "ending"
    )
    if not _sees_all(standing):
        found = found.filter(holder_id=standing.actor_id)
    return [_book(each) for each in found.order_by("-issued_on", "code")]


def _book(book: Any) -> NumberRun:
    used = set(ReceiptPaper.objects.filter(book=book).values_list("serial", flat=True))
    gone = set(CancelledNumber.objects.filter(book=book).values_list("serial", flat=True))
    ending = getattr(book, "ending", None)
    state = ending.kind if ending else "open"
    free = set(range(book.first, book.last + 1)) - used - gone
    missing = missing_of_book(free, used | gone, state)
    return NumberRun(
        "book", book.id, book.code, book.holder.name, book.branch.name, book.first, book.last,
        len(used), len(gone), len(free) - len(missing), missing, state, book.issued_on,
        ending.effective_on if ending else None, (ending.document if ending else "")
        or book.document,
    )  # fmt: skip


def missing_of_book(free: set[int], taken: set[int], state: str) -> tuple[int, ...]:
    """The leaves nobody accounts for: skipped ones, and all the rest of a used up or lost book."""
    if state in ("exhausted", "lost"):
        return tuple(sorted(free))
    last = max(taken, default=0)
    return tuple(sorted(each for each in free if each < last))


def _rows(run: NumberRun) -> tuple[NumberRow, ...]:
    of = {f"{run.kind}_id": run.id}
    gone = {each.serial: each for each in CancelledNumber.objects.filter(**of)}
    used: dict[int, Receipt] = {}
    if run.kind == "series":
        last = run.last
        known = Receipt.objects.filter(series_id=run.id, serial__gt=last - SHOWN)
        used = {each.serial or 0: each for each in known}
    else:
        papers = ReceiptPaper.objects.filter(book_id=run.id).select_related("receipt")
        used = {each.serial: each.receipt for each in papers}
        last = run.last
    undone = set(
        Reversal.objects.filter(receipt__in=[each.id for each in used.values()]).values_list(
            "receipt_id", flat=True
        )
    )
    missing = set(run.missing)
    shown = range(last, max(run.first, last - SHOWN + 1) - 1, -1)
    return tuple(_number(run, at, used.get(at), gone.get(at), undone, missing) for at in shown)


def _number(
    run: NumberRun, at: int, receipt: Receipt | None, gone: CancelledNumber | None,
    undone: set[int], missing: set[int],
) -> NumberRow:  # fmt: skip
    number = f"{run.name}-{at:06d}" if run.kind == "series" else str(at)
    if receipt is not None:
        state = "reversed" if receipt.id in undone else "used"
        return NumberRow(at, number, state, receipt.id, receipt.number, receipt.value_on, "")
    if gone is not None:
        return NumberRow(at, number, "cancelled", None, "", gone.effective_on, gone.reason)
    return NumberRow(at, number, "missing" if at in missing else "unused", None, "", None, "")
