"""Where papers lie: places with what they hold and their last count, matters, one paper's chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from tahsil.core.book import custody as rules
from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import instruments
from tahsil.store import places, scope
from tahsil.store.models import (
    CustodyMatter,
    HandOverLine,
    Instrument,
    InstrumentMove,
    SafeCount,
    SafeCountLine,
)

READ = "custody.read"
MATTERS = 200  # shown at most


@dataclass(frozen=True)
class PlaceRow:
    """One place: what lies there per currency, its oldest maturity, its last count, its matters."""

    place: str
    kind: str
    openers: int
    count: int
    sums: tuple[tuple[str, int, int], ...]  # currency, count, amount
    oldest_on: date | None
    count_id: int | None
    counted_on: date | None
    variance_count: int | None
    is_count_due: bool
    matters: int


@dataclass(frozen=True)
class MatterRow:
    """Something to explain; `days` is its age."""

    matter_id: int
    kind: str
    instrument_id: int | None
    number: str
    place: str
    currency: str
    amount_minor: int
    owner: str
    owner_id: int
    opened_on: date
    days: int
    hand_over_id: int | None
    count_id: int | None
    state: str
    explanation: str


@dataclass(frozen=True)
class Safe:
    """Every place that holds papers, what is outside, and what waits for an explanation."""

    as_of: date
    places: tuple[PlaceRow, ...]
    totals: tuple[tuple[str, int, int], ...]
    matters: tuple[MatterRow, ...]


@dataclass(frozen=True)
class CustodyLink:
    """One link of a paper's chain of custody: from where to where, whose hands, on what paper."""

    verb: str
    from_place: str
    to_place: str
    custodian: str
    giver: str
    receiver: str
    hand_over_id: int | None
    document: str
    is_disputed: bool
    effective_on: date
    recorded_at: datetime


@dataclass(frozen=True)
class CustodyChain:
    """Who holds a paper now, how it came there, when it was last seen."""

    instrument_id: int
    place: str
    custodian: str
    outsider: str
    counted_on: date | None
    count_id: int | None
    links: tuple[CustodyLink, ...]
    matters: tuple[MatterRow, ...]


def safe(standing: Standing, *, as_of: date) -> Safe:
    """The places of the papers this person may see, ours first, with totals that tie out."""
    in_force = places.at(as_of)
    rows = _sums(standing, as_of)
    listed = [code for code, place in in_force.places.items() if place.kind == "ours"]
    codes = sorted({code for code, _ in rows} | {"safe"}, key=lambda code: _order(code, in_force))
    last = _last_counts(as_of)
    open_at = dict(
        CustodyMatter.objects.filter(state="open", opened_on__lte=as_of).order_by()
        .values_list("place").annotate(n=Count("id"))
    )  # fmt: skip
    made = []
    for code in codes:
        of_place = {currency: row for (at, currency), row in rows.items() if at == code}
        place, counted = in_force.place(code), last.get(code)
        is_ours = place.kind == "ours"
        held = sum(row[0] for row in of_place.values())
        late = counted is None or (as_of - counted.counted_on).days > in_force.count_days
        made.append(
            PlaceRow(
                code, place.kind if code in in_force.places else "ours", place.openers, held,
                tuple((currency, row[0], row[1]) for currency, row in sorted(of_place.items())),
                min((row[2] for row in of_place.values() if row[2]), default=None),
                counted.id if counted else None, counted.counted_on if counted else None,
                counted.variance_count if counted else None,
                is_ours and late and bool(held or code in listed), open_at.get(code, 0),
            )
        )  # fmt: skip
    return Safe(as_of, tuple(made), _totals(rows), matters(standing, as_of=as_of))


def matters(
    standing: Standing, *, as_of: date, instrument_id: int | None = None
) -> tuple[MatterRow, ...]:
    """What waits for an explanation, oldest first; of one paper, also what was explained."""
    found = CustodyMatter.objects.filter(opened_on__lte=as_of)
    if instrument_id is not None:
        found = found.filter(instrument_id=instrument_id)
    else:
        seen = scope.visible(standing, Instrument.objects.all(), READ, "account__").values("id")
        found = found.filter(state="open").filter(
            Q(instrument__isnull=True) | Q(instrument__in=seen)
        )
    joined = found.select_related("owner", "line").order_by("opened_on", "id")
    return tuple(_matter(each, as_of) for each in joined[:MATTERS])


def chain(standing: Standing, instrument_id: int, *, as_of: date) -> CustodyChain:
    """The chain of custody of one paper, oldest link first; refused where it may not be seen."""
    seen = scope.visible(standing, Instrument.objects.all(), instruments.READ, "account__")
    found = seen.filter(id=instrument_id).first()
    if found is None:
        raise Refused(
            "instrument.unknown", "There is no instrument {instrument_id}.",
            instrument_id=instrument_id,
        )  # fmt: skip
    moves = InstrumentMove.objects.filter(instrument=found, effective_on__lte=as_of).order_by("id")
    links = _links(list(moves.select_related("by", "custodian")))
    last = moves.last()
    place = rules.place_of(last.after, last.place) if last else rules.place_of(
        found.state, found.place
    )  # fmt: skip
    lines = SafeCountLine.objects.filter(
        instrument=found, outcome__in=rules.FOUND, count__counted_on__lte=as_of
    )
    counted = lines.select_related("count").order_by("-count_id").first()
    return CustodyChain(
        found.id, place,
        last.custodian.name if last and last.custodian else "",
        links[-1].receiver if links and not links[-1].custodian else "",
        counted.count.counted_on if counted else None, counted.count_id if counted else None,
        links, matters(standing, as_of=as_of, instrument_id=found.id),
    )  # fmt: skip


def lying(standing: Standing, *, as_of: date) -> QuerySet[Any]:
    """The papers somebody holds on the date: `was` their state, `lay` where they are recorded."""
    found = scope.visible(standing, Instrument.objects.all(), READ, "account__")
    found = found.filter(Q(received_on__isnull=True) | Q(received_on__lte=as_of))
    if not InstrumentMove.objects.filter(effective_on__gt=as_of).exists():
        return found.annotate(was=F("state"), lay=F("place")).exclude(was__in=rules.GONE)
    past = InstrumentMove.objects.filter(instrument=OuterRef("pk"), effective_on__lte=as_of)
    here = past.order_by("-effective_on", "-id").values("place")[:1]
    known: QuerySet[Any] = instruments.was(found, as_of)
    return known.annotate(lay=Coalesce(Subquery(here), F("place"))).exclude(was__in=rules.GONE)


def unseen(standing: Standing, rows: QuerySet[Any], prefix: str) -> QuerySet[Any]:
    """Those rows whose account (at `prefix`) this person may not see."""
    condition = scope.condition(standing, READ, prefix)
    return rows.exclude(condition) if condition else rows.none()


def _sums(standing: Standing, as_of: date) -> dict[tuple[str, str], tuple[int, int, date | None]]:
    """(place, currency) to how many papers, how much, the oldest maturity."""
    made: dict[tuple[str, str], tuple[int, int, date | None]] = {}
    rows = lying(standing, as_of=as_of).order_by().values_list("was", "lay", "account__currency")
    for was, lay, currency, n, minor, oldest in rows.annotate(
        n=Count("id"), amount=Sum("amount_minor"), oldest=Min("matures_on")
    ):
        key = (rules.place_of(was, lay), currency)
        count, total, first = made.get(key, (0, 0, None))
        dates = [each for each in (first, oldest) if each]
        made[key] = (count + n, total + minor, min(dates, default=None))
    return made


def _totals(rows: dict[tuple[str, str], tuple[int, int, date | None]]) -> tuple[Any, ...]:
    made: dict[str, list[int]] = {}
    for (_place, currency), (count, minor, _oldest) in rows.items():
        row = made.setdefault(currency, [0, 0])
        row[0] += count
        row[1] += minor
    return tuple((currency, *made[currency]) for currency in sorted(made))


def _order(code: str, in_force: places.Custody) -> tuple[int, int, str]:
    """Ours before those outside, each in the policy's order; unlisted places of ours between."""
    known = list(in_force.places)
    is_away = in_force.place(code).kind != "ours"
    return is_away, known.index(code) if code in known else len(known), code


def _last_counts(as_of: date) -> dict[str, SafeCount]:
    closed = SafeCount.objects.filter(
        state__in=("counted", "signed"), counted_on__lte=as_of, month=""
    )
    return {each.place: each for each in closed.order_by("counted_on", "id")}


def _matter(each: CustodyMatter, as_of: date) -> MatterRow:
    return MatterRow(
        each.id, each.kind, each.instrument_id, each.number, each.place, each.currency,
        each.amount_minor, each.owner.name, each.owner_id, each.opened_on,
        ((each.closed_on or as_of) - each.opened_on).days, each.hand_over_id,
        each.line.count_id if each.line else None, each.state, each.explanation,
    )  # fmt: skip


def _links(moves: list[InstrumentMove]) -> tuple[CustodyLink, ...]:
    """The moves that changed place or keeper, each with the hand-over that carried it."""
    known = HandOverLine.objects.filter(move__in=moves).select_related(
        "hand_over__giver", "hand_over__receiver", "hand_over__accepted_by"
    )
    lines = {line.move_id: line for line in known}
    made: list[CustodyLink] = []
    place, keeper = "", None
    for each in moves:
        lay = rules.place_of(each.after, each.place) or ("customer" if not each.place else "")
        line = lines.get(each.id)
        if not made or lay != place or each.custodian_id != keeper or line is not None:
            made.append(_link(each, place, lay, line))
        place, keeper = lay, each.custodian_id
    return tuple(made)


def _link(each: InstrumentMove, before: str, after: str, line: HandOverLine | None) -> CustodyLink:
    listed = line.hand_over if line else None
    receiver = giver = ""
    if listed is not None:
        giver = listed.giver_name or listed.giver.name
        taker = listed.receiver or (listed.accepted_by if listed.kind == "ours" else None)
        outside = " · ".join(filter(None, [listed.receiver_name, listed.receiver_company]))
        receiver = taker.name if taker else outside
    before = listed.from_place if listed else before
    return CustodyLink(
        each.verb, before, after, each.custodian.name if each.custodian else "",
        giver or (each.by.name if each.by else ""), receiver, listed.id if listed else None,
        each.document, line is not None and line.result == "missing", each.effective_on,
        each.recorded_at,
    )  # fmt: skip


def known_places(as_of: date) -> list[str]:
    """The places of the policy in force, in its order."""
    return list(places.at(as_of).places)
