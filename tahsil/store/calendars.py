"""Business-day calendars: a country's holidays and weekends, a creditor's own days over them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays

from tahsil.core.grammar.dates import Calendar
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import CalendarDay

FRI, SAT, SUN = 4, 5, 6
EVER = date(1900, 1, 1)
WEEKENDS = {
    "EG": ((EVER, {FRI, SAT}),),
    "SA": ((EVER, {3, FRI}), (date(2013, 6, 29), {FRI, SAT})),
    "AE": ((EVER, {FRI, SAT}), (date(2022, 1, 1), {SAT, SUN})),
    "IN": ((EVER, {SUN}),),
    "US": ((EVER, {SAT, SUN}),),
    "GB": ((EVER, {SAT, SUN}),),
}
YEARS = range(2015, 2036)  # as far as Islamic dates are reckoned


def of_country(country: str) -> Calendar:
    """The calendar of EG, AE, SA, IN, US or GB; Islamic dates not yet announced are estimates."""
    if country not in WEEKENDS:
        raise Refused(
            "calendar.unknown",
            "There is no calendar for {country}. Known: {known}.",
            country=country,
            known=sorted(WEEKENDS),
        )
    return _of_country(country)


def of_creditor(creditor_id: int, country: str) -> Calendar:
    """The country's calendar with the days this creditor set for itself."""
    base = of_country(country)
    own = list(CalendarDay.objects.filter(creditor_id=creditor_id))
    if not own:
        return base
    free = {day.day_on: day.name for day in own if not day.is_working}
    return Calendar(
        base.name,
        base.weekends,
        {**base.holidays, **free},
        frozenset(day.day_on for day in own if day.is_working),
    )


@lru_cache(maxsize=16)
def _of_country(country: str) -> Calendar:
    days = dict(holidays.country_holidays(country, years=YEARS, language="en_US"))
    weekends = tuple((since, frozenset(days)) for since, days in WEEKENDS[country])
    return Calendar(country, weekends, days)
