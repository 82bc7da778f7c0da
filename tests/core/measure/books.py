"""Small books for ageing tests, and the plain loop that ages them one line at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from tahsil.core.grammar.dates import as_days
from tahsil.core.measure.ageing import Accounts, Lines
from tahsil.core.measure.pauses import Pauses


@dataclass(frozen=True)
class Line:
    due: date | None
    amount: int
    paid: int = 0
    disputed: int = 0
    raised: date | None = None


@dataclass(frozen=True)
class Account:
    lines: list[Line]
    unapplied: int = 0
    grace: int = 0
    pauses: list[tuple[date, date | None]] = field(default_factory=list)


def ints(values) -> np.ndarray:
    return np.asarray(list(values), dtype=np.int64)


def book(accounts: list[Account]) -> tuple[Lines, Accounts, Pauses]:
    """The columns of these accounts; ids are 10, 20, 30…"""
    rows = [(10 * (i + 1), line) for i, one in enumerate(accounts) for line in one.lines]
    lines = Lines(
        ints(account for account, _ in rows),
        as_days([line.due for _, line in rows]),
        as_days([line.raised for _, line in rows]),
        ints(line.amount for _, line in rows),
        ints(line.paid for _, line in rows),
        ints(line.disputed for _, line in rows),
    )
    ids = ints(10 * (i + 1) for i in range(len(accounts)))
    standing = Accounts(
        ids, ints(one.unapplied for one in accounts), ints(one.grace for one in accounts)
    )
    held = [(10 * (i + 1), *pause) for i, one in enumerate(accounts) for pause in one.pauses]
    pauses = Pauses(
        ints(account for account, _, _ in held),
        as_days([since for _, since, _ in held]),
        as_days([until for _, _, until in held]),
    )
    return lines, standing, pauses


def by_loop(one: Account, as_of: date, boundaries: tuple[int, ...]) -> dict:
    """One account aged by the plainest loop: no arrays, no cleverness."""
    found = {
        "open": 0, "due_today": 0, "overdue": 0, "not_due": 0, "undated": 0, "disputed": 0,
        "dpd": 0, "overdue_count": 0, "oldest": None, "next_on": None, "next_minor": 0,
        "buckets": [0] * len(boundaries),
    }  # fmt: skip
    for line in one.lines:
        still = line.amount - line.paid
        disputed = min(max(line.disputed, 0), max(still, 0))
        rest = still - disputed
        found["open"] += still
        found["disputed"] += disputed
        if line.due is None:
            found["undated"] += rest
        elif line.due == as_of:
            found["due_today"] += rest
        elif line.due > as_of:
            found["not_due"] += rest
            if rest > 0 and (found["next_on"] is None or line.due < found["next_on"]):
                found["next_on"], found["next_minor"] = line.due, 0
            if rest > 0 and line.due == found["next_on"]:
                found["next_minor"] += rest
        else:
            days = (as_of - line.due).days
            found["overdue"] += rest
            found["buckets"][sum(days >= first for first in boundaries) - 1] += rest
            if rest > 0:
                found["overdue_count"] += 1
                found["dpd"] = max(found["dpd"], days)
                if found["oldest"] is None or line.due < found["oldest"]:
                    found["oldest"] = line.due
    found["delinquent"] = delinquent_by_loop(one, found["oldest"], as_of)
    return found


def delinquent_by_loop(one: Account, oldest: date | None, as_of: date) -> int:
    """Days past due, less grace, less each day that lay in some pause."""
    if oldest is None:
        return 0
    days = [date.fromordinal(n) for n in range(oldest.toordinal(), as_of.toordinal())]
    running = [
        day
        for day in days
        if not any(since <= day and (until is None or day < until) for since, until in one.pauses)
    ]
    return max(0, len(running) - one.grace)
