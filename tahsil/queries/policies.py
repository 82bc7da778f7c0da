"""Policies as people read them: kinds, versions and their source; a year of working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tahsil.core.grammar.authority import Standing


@dataclass(frozen=True)
class PolicyRow:
    """One policy: the version in force on the date, none where the first is still to come."""

    kind: str
    code: str
    version: int | None
    since_on: date | None
    source: str
    versions: int
    next_on: date | None  # when a published later version begins


@dataclass(frozen=True)
class VersionRow:
    """One published version; `is_current` on the date."""

    version: int
    since_on: date
    until_on: date | None
    source: str
    body: dict[str, Any]
    published_at: datetime
    published_by: str
    is_current: bool


@dataclass(frozen=True)
class PolicyPage:
    """One policy with every version, newest first."""

    kind: str
    code: str
    versions: tuple[VersionRow, ...]


@dataclass(frozen=True)
class CodeRow:
    """One value of a code list in force."""

    code: str
    labels: dict[str, str]
    facts: dict[str, Any]  # everything else the list says of it


@dataclass(frozen=True)
class DayCell:
    """One day of a calendar: `why` is the holiday's name or `weekend`."""

    on: date
    is_working: bool
    why: str
    is_own: bool  # set by the creditor against its country's calendar
    source: str


@dataclass(frozen=True)
class MonthView:
    """A month of days, and how many of them are worked."""

    month_on: date
    days: tuple[DayCell, ...]
    working: int


@dataclass(frozen=True)
class CalendarYear:
    """One creditor's year."""

    creditor_id: int
    creditor: str
    country: str
    year: int
    months: tuple[MonthView, ...]
    working: int
    creditors: tuple[tuple[int, str], ...]  # to choose another


def policies(standing: Standing, *, as_of: date, kind: str = "") -> tuple[PolicyRow, ...]:
    """Every policy by kind and code, with what is in force on the date."""
    raise NotImplementedError


def policy(standing: Standing, kind: str, code: str, *, as_of: date) -> PolicyPage:
    """One policy with its history; refused where there is none of that name."""
    raise NotImplementedError


def code_list(code: str, *, as_of: date) -> tuple[CodeRow, ...]:
    """The values of a code list in force on the date, in its order; none where it has none."""
    raise NotImplementedError


def calendar_year(
    standing: Standing, *, as_of: date, creditor_id: int | None = None, year: int | None = None
) -> CalendarYear:
    """The creditor's year day by day; the first creditor and this year if none is named."""
    raise NotImplementedError
