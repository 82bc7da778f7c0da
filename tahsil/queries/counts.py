"""Counts of places: the list, one count with what was found, and who signed it.

While a count goes on its page holds only what the counter entered: what the book expects is told
after the totals were said, and what came of it once the count is finished.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from tahsil.core.book import custody as rules
from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import paging
from tahsil.queries.paging import SIZE, Page
from tahsil.queries.safe import MatterRow, matters, unseen
from tahsil.store import places
from tahsil.store.models import Creditor, Instrument, SafeCount, SafeCountLine

ENTRIES = 300  # entries shown, the newest first
LINES = 2_000


@dataclass(frozen=True)
class CountRow:
    """One count of a place."""

    count_id: int
    place: str
    month: str
    counted_on: date
    opened_at: datetime
    finished_at: datetime | None
    counter: str
    counter_id: int
    state: str
    book_count: int | None
    found_count: int | None
    variance_count: int | None
    signatures: int
    signers: int
    reason: str


@dataclass(frozen=True)
class CountEntry:
    """What was entered, as it was entered; `is_again`: that number was entered before."""

    entry_id: int
    number: str
    amount: str
    by: str
    is_again: bool


@dataclass(frozen=True)
class CountLine:
    """One line of a count: a paper, and what came of it."""

    line_id: int
    instrument_id: int | None
    number: str
    bank: str
    name: str
    matures_on: date | None
    currency: str
    book_minor: int
    found_minor: int | None
    outcome: str
    place: str
    is_entered: bool = False


@dataclass(frozen=True)
class CountSignature:
    """Who signed, and when."""

    person: str
    person_id: int
    is_custodian: bool
    signed_at: datetime


@dataclass(frozen=True)
class CountPage:
    """One count as far as it may be shown now."""

    row: CountRow
    creditor: str
    creditor_ar: str
    entered: int
    entries: tuple[CountEntry, ...]
    said: tuple[tuple[str, int, int], ...]
    sums: tuple[rules.CountSum, ...]
    lines: tuple[CountLine, ...]  # to tick while it goes on; the differences once it is finished
    tallies: dict[str, int]
    signatures: tuple[CountSignature, ...]
    matters: tuple[MatterRow, ...]


def counts(
    standing: Standing, *, as_of: date, place: str = "", page: int = 1, size: int = SIZE
) -> Page[CountRow]:
    """The counts of every place or of one, the newest first."""
    found = _seen(standing, as_of)
    found = found.filter(place=place) if place else found
    return paging.of(found.order_by("-id"), lambda rows: map(_row, rows), page=page, size=size)


def count(standing: Standing, count_id: int, *, as_of: date) -> CountPage:
    """One count; while it goes on without a word of what the book expects."""
    found = _seen(standing, as_of).filter(id=count_id).first()
    if found is None:
        raise Refused("count.unknown", "There is no count {count}.", count=count_id)
    is_over = found.state in ("counted", "signed")
    whose = Creditor.objects.filter(accounts__instruments__count_lines__count=found).first()
    lines: tuple[CountLine, ...] = ()
    if is_over:
        lines = _lines(found, found.lines.exclude(outcome="matched"))
    elif found.said and found.state == "counting":
        lines = _lines(found, found.lines.all())
    ids = {each.line_id for each in lines if each.outcome in rules.VARIANCES}
    return CountPage(
        row=_row(found),
        creditor=whose.name if whose else "",
        creditor_ar=whose.name_ar if whose else "",
        entered=found.entries.count(),
        entries=() if is_over else _entries(found),
        said=tuple((currency, n, minor) for currency, n, minor in found.said),
        sums=tuple(rules.CountSum(*row) for row in found.sums),
        lines=lines,
        tallies=_tallies(found) if is_over else {},
        signatures=tuple(
            CountSignature(each.person.name, each.person_id, each.is_custodian, each.signed_at)
            for each in found.signatures.select_related("person").order_by("id")
        ),
        matters=tuple(
            each for each in matters(standing, as_of=as_of) if each.count_id == found.id
        ) if ids else (),
    )  # fmt: skip


def to_count(*, as_of: date) -> list[tuple[str, str]]:
    """The places that can be counted: those of the policy that are ours, and others in use."""
    in_force = places.at(as_of)
    known = [code for code, place in in_force.places.items() if place.kind == "ours"]
    used = Instrument.objects.exclude(state__in=rules.GONE).exclude(place="").order_by("place")
    others = used.exclude(place__in=list(in_force.places)).values_list("place", flat=True)
    return [(code, code) for code in (*known, *others.distinct())]


def _seen(standing: Standing, as_of: date) -> QuerySet[SafeCount]:
    """Every count for those who may see every paper; a count shown in part would not add up."""
    found = SafeCount.objects.filter(counted_on__lte=as_of).select_related("counter")
    known = SafeCountLine.objects.filter(instrument__isnull=False)
    hidden = unseen(standing, known, "instrument__account__")
    return found.exclude(id__in=hidden.values("count_id"))


def _row(each: Any) -> CountRow:
    return CountRow(
        each.id, each.place, each.month, each.counted_on, each.opened_at, each.finished_at,
        each.counter.name, each.counter_id, each.state, each.book_count, each.found_count,
        each.variance_count, each.signatures.count(), each.signers or 0, each.reason,
    )  # fmt: skip


def _entries(found: SafeCount) -> tuple[CountEntry, ...]:
    rows = list(found.entries.select_related("by").order_by("id"))
    seen: set[str] = set()
    made = []
    for each in rows:
        plain = rules.plain(each.number)
        made.append(CountEntry(each.id, each.number, each.amount, each.by.name, plain in seen))
        seen.add(plain)
    return tuple(reversed(made[-ENTRIES:]))


def _lines(found: SafeCount, rows: QuerySet[SafeCountLine]) -> tuple[CountLine, ...]:
    ticked = set(found.entries.exclude(line=None).values_list("line_id", flat=True))
    joined = rows.select_related("instrument__account__party").order_by("outcome", "id")[:LINES]
    made = []
    for each in joined:
        paper = each.instrument
        made.append(
            CountLine(
                each.id, each.instrument_id, each.number, paper.bank if paper else "",
                paper.account.party.name if paper else "", paper.matures_on if paper else None,
                each.currency, each.book_minor, each.found_minor, each.outcome,
                rules.place_of(paper.state, paper.place) if paper else "", each.id in ticked,
            )
        )  # fmt: skip
    return tuple(made)


def _tallies(found: SafeCount) -> dict[str, int]:
    made: dict[str, int] = {}
    for outcome in found.lines.values_list("outcome", flat=True):
        made[outcome] = made.get(outcome, 0) + 1
    return made
