"""Dates: half-open periods, month arithmetic, business-day calendars.

Nothing here reads a clock. A calendar is data: weekends by the year they began (the UAE moved
its weekend in 2022), holidays, and days the creditor works all the same. Where holidays come
from is tahsil/store/calendars.py.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from tahsil.core.grammar.refusal import Refused

DAY = timedelta(days=1)
NEVER = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `since` up to, not including, `until`."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise Refused(
                "period.reversed",
                "A period cannot end ({until}) before it starts ({since}).",
                since=self.since,
                until=self.until,
            )

    def __contains__(self, day: date) -> bool:
        return self.since <= day < self.until

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.until - self.since).days

    def overlap(self, other: Period) -> int:
        """How many days the two periods share."""
        return max(0, (min(self.until, other.until) - max(self.since, other.since)).days)


def month(day: date) -> Period:
    """The calendar month the day lies in."""
    first = day.replace(day=1)
    return Period(first, add_months(first, 1))


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int, *, anchor: int | None = None) -> date:
    """The same day of the month `months` later, or that month's last day where it has no such day.

    `anchor` is the day of month aimed at, so that 31 Jan, 28 Feb, 31 Mar stays a month-end series.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month0 = divmod(index, 12)
    wanted = anchor or day.day
    return date(year, month0 + 1, min(wanted, monthrange(year, month0 + 1)[1]))


@dataclass(frozen=True)
class Calendar:
    """Working days of one creditor: `weekends` maps the first day of validity to weekday numbers.

    Weekdays count from Monday = 0. `worked` are days worked although they look free.
    """

    name: str
    weekends: tuple[tuple[date, frozenset[int]], ...]
    holidays: dict[date, str] = field(default_factory=dict)
    worked: frozenset[date] = frozenset()

    def weekend(self, day: date) -> frozenset[int]:
        """The weekdays that are free on that date."""
        found = self.weekends[0][1]
        for since, weekdays in self.weekends:
            if since <= day:
                found = weekdays
        return found

    def is_working(self, day: date) -> bool:
        """Whether the day is neither weekend nor holiday, or is worked all the same."""
        if day in self.worked:
            return True
        return day.weekday() not in self.weekend(day) and day not in self.holidays

    def why_free(self, day: date) -> str:
        """The holiday's name, `weekend`, or nothing on a working day."""
        if self.is_working(day):
            return ""
        return self.holidays.get(day, "weekend")

    def roll(self, day: date, rule: str = "next") -> date:
        """The day if worked, else the `next` or `previous` working day; `none` keeps it."""
        if rule == "none":
            return day
        step = {"next": DAY, "previous": -DAY}[rule]
        while not self.is_working(day):
            day += step
        return day

    def add(self, day: date, working_days: int) -> date:
        """The working day that many working days after the day (before it, if negative)."""
        step = DAY if working_days >= 0 else -DAY
        for _ in range(abs(working_days)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def between(self, since: date, until: date) -> int:
        """How many working days lie in [since, until)."""
        days = (since + timedelta(days=i) for i in range(max(0, (until - since).days)))
        return sum(1 for day in days if self.is_working(day))


def as_days(days) -> np.ndarray:
    """Dates as datetime64[D]; None becomes NaT, so a missing due date stays missing."""
    return np.asarray(
        [np.datetime64("NaT") if d is None else d for d in days], dtype="datetime64[D]"
    )
