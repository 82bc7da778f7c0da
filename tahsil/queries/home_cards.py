"""The manager's home as shapes: due, collected, overdue by bucket, project, collector, activity.

What fills them is portfolio.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class BucketSum:
    """Arrears of the accounts in one bucket (by DPD of their oldest line)."""

    bucket: int
    label: str
    accounts: int
    overdue_minor: int


@dataclass(frozen=True)
class GroupSum:
    """One project's or collector's accounts in one currency, and what came in this month."""

    id: int | None
    name: str
    accounts: int
    open_minor: int
    overdue_minor: int
    uncovered_minor: int
    due_month_minor: int
    collected_month_minor: int
    orphans: int


@dataclass(frozen=True)
class MonthEfficiency:
    """Lines due in a month, and what of them is paid by now: efficiency is paid over due."""

    month_on: date
    due_count: int
    due_minor: int
    on_time_minor: int
    late_minor: int
    open_minor: int
    received_minor: int  # all money with a value date in the month
    efficiency_ppm: int | None


@dataclass(frozen=True)
class CurrencyHome:
    """One currency's part of the home page."""

    currency: str
    accounts: int
    listed: int
    open_minor: int
    overdue_minor: int
    due_today_minor: int
    disputed_minor: int
    unapplied_minor: int
    covered_minor: int
    uncovered_minor: int
    due_month_minor: int
    collected_month_minor: int
    collected_today_minor: int
    receipts_today: int
    promises_due_today_minor: int
    promises_due_today: int
    kept_ppm: int | None  # of promises judged in the last 90 days
    buckets: tuple[BucketSum, ...]
    projects: tuple[GroupSum, ...]
    collectors: tuple[GroupSum, ...]
    months: tuple[MonthEfficiency, ...]  # thirteen, oldest first


@dataclass(frozen=True)
class CollectorDay:
    """What one collector did on the day."""

    person_id: int
    name: str
    team: str
    accounts: int
    listed: int
    worked: int
    attempts: int
    contacts: int
    right_party: int
    promises: int
    receipts: int
    orphans: int


@dataclass(frozen=True)
class TopRow:
    """One of the largest overdue accounts (5.25)."""

    account_id: int
    account_number: str
    name: str
    project: str
    currency: str
    overdue_minor: int
    open_minor: int
    uncovered_minor: int
    dpd: int
    rung: str
    rung_labels: dict[str, str]
    collector: str
    next_step: str
    next_step_on: date | None


@dataclass(frozen=True)
class OrphanRow:
    """An overdue account that nobody owns, or without a next step ahead (5.24)."""

    account_id: int
    account_number: str
    name: str
    project: str
    currency: str
    overdue_minor: int
    dpd: int
    collector: str
    next_step_on: date | None
    last_attempt_on: date | None
    why: str  # no_owner, no_next_step, next_step_past


@dataclass(frozen=True)
class Home:
    """The manager's home as of the date; sums come from the last run, money of today is live."""

    as_of: date
    measured_on: date | None
    currencies: tuple[CurrencyHome, ...]
    activity: tuple[CollectorDay, ...]
    top: tuple[TopRow, ...]
    orphans: tuple[OrphanRow, ...]
    orphans_count: int
    waiting_requests: int
