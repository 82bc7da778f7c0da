"""The places papers lie at, as the custody policy in force has them; and who holds a paper now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from tahsil.core.book import custody
from tahsil.store import policies
from tahsil.store.models import Instrument, InstrumentMove


@dataclass(frozen=True)
class Place:
    """A place: its kind, how many people of ours open it, and the roles that hold its keys."""

    code: str
    kind: str = "ours"
    openers: int = 1
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Custody:
    """The custody policy of one date."""

    places: dict[str, Place]
    signers: int
    count_days: int
    version: str

    def place(self, code: str) -> Place:
        """The place of that name; one that is not listed is ours and opens to one."""
        return self.places.get(code, Place(code))


def at(as_of: date) -> Custody:
    """The custody policy in force on the date."""
    body, version = policies.at("custody", "default", as_of)
    places = {
        code: Place(code, row["kind"], row.get("openers", 1), tuple(row.get("keys", ())))
        for code, row in body["places"].items()
    }
    return Custody(places, body["signers"], body["count_days"], version)


def lying_at(place: str) -> Q:
    """The condition that a paper lies at the place: recorded there, or there by its state."""
    recorded = Q(place=place) & ~Q(state__in=custody.GONE)
    return recorded | Q(place="", state__in=custody.blank_states(place))


def held() -> QuerySet[Any]:
    """Papers somebody holds, each with `custodian_id`, who of ours it is by its last move."""
    return with_custodian(Instrument.objects.exclude(state__in=custody.GONE))


def with_custodian(found: QuerySet[Any]) -> QuerySet[Any]:
    """The papers, each with `custodian_id`."""
    last = InstrumentMove.objects.filter(instrument=OuterRef("pk")).order_by("-id")
    return found.annotate(custodian_id=Subquery(last.values("custodian_id")[:1]))
