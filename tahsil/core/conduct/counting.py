"""Named ways of counting time: which day is the first, which days count, what a month is.

`excluded` begins counting with the day after the event, `included` with the event's own day.
Business days skip weekly rest and the calendar's holidays. A month ends on the same number, or
on the last day of a month that is too short.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tahsil.core.conduct.facts import as_day
from tahsil.core.grammar.dates import add_months

WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


class Days:
    """A calendar of working days: weekly rest, holidays by date, by month and day, by weekday."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.rest = {WEEKDAYS.index(name) for name in data.get("weekly_rest") or ()}
        self.rules = tuple(data.get("holidays") or ())
        self._by_year: dict[int, set[date]] = {}

    def works(self, day: date) -> bool:
        """True where the day is neither rest nor holiday."""
        return day.weekday() not in self.rest and day not in self.holidays(day.year)

    def holidays(self, year: int) -> set[date]:
        """The holidays of a year, as the calendar's data say."""
        if year not in self._by_year:
            days = (_holiday(rule, year) for rule in self.rules)
            self._by_year[year] = {day for day in days if day}
        return self._by_year[year]

    def step(self, day: date, count: int) -> date:
        """The working day so many after the day, or before it where the count is below zero."""
        one = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left:
            day += one
            left -= self.works(day)
        return day


def last_day(
    start: date,
    *,
    n: int,
    unit: str = "day",
    first_day: str = "excluded",
    calendar: Days | None = None,
) -> date:
    """The last day of a stretch of n units that an event on `start` begins."""
    early = 1 if first_day == "included" else 0
    if unit == "business_day":
        if calendar is None:
            raise ValueError("Business days are counted by a calendar.")
        if early and calendar.works(start):
            return calendar.step(start, n - 1) if n > 1 else start
        return calendar.step(start, n)
    if unit in ("month", "calendar_month", "year"):
        whole = add_months(start, n * (12 if unit == "year" else 1))
        return whole - timedelta(days=early)
    return start + timedelta(days=n - early)


def _holiday(rule: Any, year: int) -> date | None:
    """The date of a holiday in a year; none where the rule is of another year or not yet."""
    if not isinstance(rule, Mapping):
        day = as_day(rule, "holidays")
        return day if day.year == year else None
    if year < rule.get("since", year):
        return None
    if "day" in rule:
        return date(year, rule["month"], rule["day"])
    wanted = WEEKDAYS.index(rule["weekday"])
    if rule["nth"] > 0:
        first = date(year, rule["month"], 1)
        return first + timedelta(days=(wanted - first.weekday()) % 7 + 7 * (rule["nth"] - 1))
    final = date(year, rule["month"], monthrange(year, rule["month"])[1])
    return final - timedelta(days=(final.weekday() - wanted) % 7)
