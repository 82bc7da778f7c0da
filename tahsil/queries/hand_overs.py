"""Hand-overs: the lists that wait and those settled, one list with its papers, what to choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from tahsil.core.book import custody as rules
from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.refusal import Refused
from tahsil.core.grammar.words_of_money import LANGUAGES, in_words
from tahsil.queries import paging
from tahsil.queries.paging import SIZE, Page
from tahsil.queries.safe import lying, unseen
from tahsil.store import places
from tahsil.store.models import Creditor, HandOver, HandOverLine, Person

VIEWS = ("waiting", "mine", "settled", "all")
CHOSEN = 500  # papers offered at most


@dataclass(frozen=True)
class HandOverFilters:
    """Which lists: `view` of VIEWS."""

    view: str = "waiting"


@dataclass(frozen=True)
class HandOverRow:
    """One list; `is_mine`: this person has to accept it."""

    hand_over_id: int
    number: str
    from_place: str
    to_place: str
    kind: str
    giver: str
    giver_id: int
    giver_name: str
    receiver: str
    receiver_company: str
    receiver_identity: str
    given_on: date
    given_at: datetime
    count: int
    totals: tuple[tuple[str, int, int], ...]
    note: str
    state: str
    accepted_by: str
    accepted_on: date | None
    accepted_at: datetime | None
    found_count: int | None
    missing_count: int
    document: str
    reason: str
    is_mine: bool


@dataclass(frozen=True)
class HandOvers:
    """A page of lists with how many each view has."""

    page: Page[HandOverRow]
    filters: HandOverFilters
    counts: dict[str, int]


@dataclass(frozen=True)
class HandOverPaper:
    """One paper that is or can be handed over; `to` are the kinds of places it may go to."""

    instrument_id: int
    number: str
    bank: str
    drawer: str
    account_id: int
    name: str
    unit: str
    matures_on: date | None
    amount_minor: int
    currency: str
    state: str
    place: str
    to: tuple[str, ...]
    result: str = ""


@dataclass(frozen=True)
class HandOverPage:
    """One list with its papers."""

    row: HandOverRow
    creditor: str
    creditor_ar: str
    papers: tuple[HandOverPaper, ...]
    words: dict[str, str]  # the total in words by language, where there is one currency


def hand_overs(
    standing: Standing, *, as_of: date, filters: HandOverFilters | None = None, page: int = 1,
    size: int = SIZE,
) -> HandOvers:  # fmt: skip
    """The lists this person may see, the newest first."""
    wanted = filters or HandOverFilters()
    base = _seen(standing, as_of)
    found = _view(base, wanted.view, standing)
    return HandOvers(
        paging.of(found.order_by("-id"), lambda rows: _rows(rows, standing), page=page, size=size),
        wanted,
        {view: paging.bounded_count(_view(base, view, standing)) for view in VIEWS},
    )


def hand_over(standing: Standing, hand_over_id: int, *, as_of: date) -> HandOverPage:
    """One list with its papers; refused where there is none this person may see."""
    found = _seen(standing, as_of).filter(id=hand_over_id).first()
    if found is None:
        raise Refused("custody.unknown", "There is no hand-over {number}.", number=hand_over_id)
    lines = found.lines.select_related(
        "instrument__account__party", "instrument__contract__asset"
    ).order_by("instrument__matures_on", "instrument_id")
    creditor = Creditor.objects.filter(accounts__instruments__hand_over_lines__hand_over=found)
    whose = creditor.first()
    words = {}
    if len(found.totals) == 1:
        currency, _n, minor = found.totals[0]
        words = {language: in_words(minor, currency, language) for language in LANGUAGES}
    return HandOverPage(
        _rows([found], standing)[0],
        whose.name if whose else "",
        whose.name_ar if whose else "",
        tuple(_line(each) for each in lines),
        words,
    )


def waiting(standing: Standing, *, as_of: date) -> int:
    """How many lists wait for this person to accept them."""
    return _view(_seen(standing, as_of), "mine", standing).count()


def choices(
    standing: Standing, *, as_of: date, place: str, month: str = "", ids: tuple[int, ...] = ()
) -> tuple[HandOverPaper, ...]:
    """The papers at a place, or these, that are on no open list, soonest maturity first."""
    found = lying(standing, as_of=as_of)
    if ids:
        found = found.filter(id__in=ids)
    else:
        found = found.filter(places.lying_at(place))
    if month:
        year, number = month.split("-")
        found = found.filter(matures_on__year=int(year), matures_on__month=int(number))
    free = found.exclude(id__in=HandOverLine.objects.filter(result="").values("instrument_id"))
    joined = free.select_related("account__party", "contract__asset")
    return tuple(_paper(each) for each in joined.order_by("matures_on", "id")[:CHOSEN])


def people() -> list[tuple[int, str]]:
    """Everybody who may be given papers, by name."""
    found = Person.objects.filter(is_active=True).order_by("name")
    return list(found.values_list("id", "name"))


def _seen(standing: Standing, as_of: date) -> QuerySet[HandOver]:
    """Lists of whose papers this person may see every one, and those they gave or take."""
    lines = unseen(standing, HandOverLine.objects.all(), "instrument__account__")
    hidden = lines.values("hand_over_id")
    own = Q(giver_id=standing.actor_id) | Q(receiver_id=standing.actor_id)
    found = HandOver.objects.filter(given_on__lte=as_of).filter(own | ~Q(id__in=hidden))
    counted = found.annotate(missing_count=Count("lines", filter=Q(lines__result="missing")))
    return counted.select_related("giver", "receiver", "accepted_by")


def _view(found: QuerySet[HandOver], view: str, standing: Standing) -> QuerySet[HandOver]:
    if view == "waiting":
        return found.filter(state="open")
    if view == "mine":
        mine = Q(receiver_id=standing.actor_id) | Q(receiver=None)
        return found.filter(mine, state="open").exclude(giver_id=standing.actor_id)
    return found.exclude(state="open") if view == "settled" else found


def _rows(found: list[Any], standing: Standing) -> list[HandOverRow]:
    return [
        HandOverRow(
            each.id, each.number, each.from_place, each.to_place, each.kind, each.giver.name,
            each.giver_id, each.giver_name,
            each.receiver.name if each.receiver else each.receiver_name, each.receiver_company,
            each.receiver_identity, each.given_on, each.given_at, each.count,
            tuple((currency, n, minor) for currency, n, minor in each.totals), each.note,
            each.state, each.accepted_by.name if each.accepted_by else "", each.accepted_on,
            each.accepted_at, each.found_count, each.missing_count, each.document, each.reason,
            each.state == "open" and each.giver_id != standing.actor_id
            and each.receiver_id in (None, standing.actor_id),
        )
        for each in found
    ]  # fmt: skip


def _line(each: HandOverLine) -> HandOverPaper:
    return _paper(each.instrument, each.result)


def _paper(each: Any, result: str = "") -> HandOverPaper:
    asset = each.contract.asset if each.contract else None
    kinds = tuple(
        kind
        for kind in rules.KINDS
        if each.state in rules.LEADS[kind] or each.state in rules.RESTS[kind]
    )
    return HandOverPaper(
        each.id, each.number, each.bank, each.drawer, each.account_id, each.account.party.name,
        asset.code if asset else "", each.matures_on, each.amount_minor, each.account.currency,
        each.state, rules.place_of(each.state, each.place), kinds, result,
    )  # fmt: skip
