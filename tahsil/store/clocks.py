"""Returned papers and the clocks that run on them: facts of many papers, read at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from tahsil.core.book.clocks import UNSETTLED, Standing, Terms, standings, terms_of
from tahsil.store import policies, returns
from tahsil.store.models import Instrument, InstrumentStep, Presentment

KIND = "clocks"
BACK = ("bounced", "partial")  # answers that start clocks


@dataclass(frozen=True)
class Returned:
    """One return of a paper: when its memo came, why, and the steps recorded since."""

    instrument_id: int
    presentment_id: int | None
    terms: Terms
    days: dict[str, date]
    has_clock: bool

    def standings(self, as_of: date) -> list[Standing]:
        """How the clocks of this return stand; none where its reason starts none."""
        return standings(self.terms, self.days, as_of=as_of) if self.has_clock else []


def terms_in(country: str, as_of: date) -> Terms | None:
    """The steps and clocks of a country; none where nothing is known of it."""
    if country not in policies.codes(KIND):
        return None
    return terms_of(policies.at(KIND, country, as_of)[0])


def returned(found: QuerySet[Any, Any], as_of: date) -> dict[int, Returned]:
    """The papers of the query whose last return still stands, by id."""
    papers = found.order_by().values_list(
        "id", "state", "kind", "matures_on", "bounced_on", F("account__creditor__country")
    )
    rows = [row for row in papers if row[1] in UNSETTLED and row[2] != "security_cheque"]
    ids = [row[0] for row in rows]
    tried = _answered(ids, as_of)
    steps = _steps(ids, as_of)
    counted = {code for code, item in returns.families(as_of).items() if item["has_clock"]}
    terms = {country: terms_in(country, as_of) for *_, country in rows}
    made: dict[int, Returned] = {}
    for key, _state, _kind, matures_on, bounced_on, country in rows:
        back = tried.get(key)
        memo_on = back.answered_on if back else bounced_on
        if memo_on is None or memo_on > as_of or (of := terms[country]) is None:
            continue
        last = back.id if back else None
        days = {"memo": memo_on, **steps.get((key, last), {})}
        if matures_on and _is_open_to_try(back, counted, as_of):
            days["matures"] = matures_on
        # A return whose reason is not known may have a clock, so it is shown.
        has_clock = back is None or not back.reason or back.reason in counted
        made[key] = Returned(key, last, of, days, has_clock)
    return made


def _is_open_to_try(back: Presentment | None, counted: set[str], as_of: date) -> bool:
    """Whether presenting again is of any use: the reason lets it."""
    if back is None or not back.reason:
        return True
    return bool(returns.families(as_of)[back.reason]["presentments"] > back.seq)


def _answered(ids: Iterable[int], as_of: date) -> dict[int, Presentment]:
    """Per paper its last try that came back, if no later one was paid."""
    tries = Presentment.objects.filter(
        instrument_id__in=list(ids), result__in=BACK, answered_on__lte=as_of
    )
    return {each.instrument_id: each for each in tries.order_by("seq")}


def _steps(ids: Iterable[int], as_of: date) -> dict[tuple[int, int | None], dict[str, date]]:
    rows = InstrumentStep.objects.filter(
        instrument_id__in=list(ids), effective_on__lte=as_of, undoes=None, undone_by=None
    )
    found: dict[tuple[int, int | None], dict[str, date]] = {}
    for each in rows.order_by("id"):
        found.setdefault((each.instrument_id, each.presentment_id), {})[each.step] = (
            each.effective_on
        )
    return found


def steps_of(instrument: Instrument, back: Returned) -> QuerySet[InstrumentStep, InstrumentStep]:
    """The steps that stand recorded after that return of the paper."""
    mine: dict[str, Any] = {"presentment_id": back.presentment_id}
    found = InstrumentStep.objects.filter(instrument=instrument, undoes=None, undone_by=None)
    return found.filter(**mine)


def of_one(instrument: Instrument, as_of: date) -> Returned | None:
    """The return of one paper that still stands; none where there is none."""
    return returned(Instrument.objects.filter(id=instrument.id), as_of).get(instrument.id)
