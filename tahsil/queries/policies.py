"""Policies as people read them: kinds, versions and their source; a year of working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tahsil.core.grammar.authority import Answer, Standing, can
from tahsil.core.grammar.dates import Calendar, add_months
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import rules
from tahsil.store import calendars
from tahsil.store.models import CalendarDay, Creditor, PolicyVersion

READ = "policy.read"


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
    description: str
    currency: str  # of the amounts in the body, where it has any
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
    _allowed(standing)
    found: dict[tuple[str, str], list[PolicyVersion]] = {}
    rows = PolicyVersion.objects.defer("body").order_by("kind", "code", "since_on")
    for row in rows.filter(kind=kind) if kind else rows:
        found.setdefault((row.kind, row.code), []).append(row)
    return tuple(_policy_row(*key, versions, as_of) for key, versions in found.items())


def _policy_row(kind: str, code: str, versions: list[PolicyVersion], as_of: date) -> PolicyRow:
    begun = [row for row in versions if row.since_on <= as_of]
    ahead = [row.since_on for row in versions if row.since_on > as_of]
    current = begun[-1] if begun else None
    return PolicyRow(
        kind,
        code,
        current.version if current else None,
        current.since_on if current else None,
        (current or versions[0]).source,
        len(versions),
        ahead[0] if ahead else None,
    )


def policy(standing: Standing, kind: str, code: str, *, as_of: date) -> PolicyPage:
    """One policy with its history; refused where there is none of that name."""
    _allowed(standing)
    rows = list(PolicyVersion.objects.filter(kind=kind, code=code).order_by("since_on"))
    if not rows:
        raise Refused(
            "policy.unknown", "There is no {kind} policy named {policy}. Published: {known}.",
            kind=kind, policy=code, known=rules.read(as_of).codes(kind) or ["none"],
        )  # fmt: skip
    ends = [*(row.since_on for row in rows[1:]), None]
    made = [
        VersionRow(
            version=row.version,
            since_on=row.since_on,
            until_on=until,
            source=row.source,
            description=row.description or "",
            currency=row.currency or "",
            body=row.body,
            published_at=row.published_at,
            published_by=row.published_by,
            is_current=row.since_on <= as_of and (until is None or as_of < until),
        )
        for row, until in zip(rows, ends, strict=True)
    ]
    return PolicyPage(kind, code, tuple(reversed(made)))


def code_list(code: str, *, as_of: date, part: str = "items") -> tuple[CodeRow, ...]:
    """The values of a code list in force, in its order; `part` branches are those of its tree."""
    return tuple(
        CodeRow(
            each["code"],
            each["label"],
            {key: value for key, value in each.items() if key not in ("code", "label")},
        )
        for each in rules.read(as_of).values(code, part)
    )


def calendar_year(
    standing: Standing, *, as_of: date, creditor_id: int | None = None, year: int | None = None
) -> CalendarYear:
    """The creditor's year day by day; the first creditor and this year if none is named."""
    _allowed(standing)
    known = list(Creditor.objects.order_by("name"))
    creditor = next((row for row in known if creditor_id in (None, row.id)), None)
    if creditor is None:
        raise Refused("creditor.unknown", "There is no creditor {creditor}.", creditor=creditor_id)
    chosen = year or as_of.year
    calendar = calendars.of_creditor(creditor.id, creditor.country)
    own = {row.day_on: row for row in CalendarDay.objects.filter(
        creditor=creditor, day_on__year=chosen)}  # fmt: skip
    months = tuple(_month(calendar, date(chosen, number, 1), own) for number in range(1, 13))
    return CalendarYear(
        creditor.id,
        creditor.name,
        creditor.country,
        chosen,
        months,
        sum(each.working for each in months),
        tuple((row.id, row.name) for row in known),
    )


def _month(calendar: Calendar, first: date, own: dict[date, CalendarDay]) -> MonthView:
    days = (add_months(first, 1) - first).days
    cells = tuple(_cell(calendar, first + timedelta(days=at), own) for at in range(days))
    return MonthView(first, cells, sum(cell.is_working for cell in cells))


def _cell(calendar: Calendar, day: date, own: dict[date, CalendarDay]) -> DayCell:
    set_by_us = own.get(day)
    why = calendar.why_free(day) or (set_by_us.name if set_by_us else "")
    source = set_by_us.source if set_by_us else ""
    return DayCell(day, calendar.is_working(day), why, set_by_us is not None, source)


def _allowed(standing: Standing) -> None:
    verdict = can(standing, READ, None)
    if verdict.answer != Answer.ALLOW:
        reason = verdict.reasons[0]
        raise Refused(reason.code, reason.template, **reason.facts)
