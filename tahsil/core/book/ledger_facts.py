"""What the journal is told, and when it is posted: facts of papers, money and charges, by day.

What postings follow from them is journal.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tahsil.core.grammar.dates import month


class Leg(NamedTuple):
    """One side of a posting: a debit above nothing, a credit below."""

    account: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Posting:
    """One balanced entry; the same fact always gives the same key.

    `on` is the day it is posted, `happened_on` that of the fact, `told_at` when it was recorded.
    """

    key: str
    entry: str
    on: date
    reference: str
    legs: tuple[Leg, ...]
    happened_on: date
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Lock:
    """At that instant the month was closed by hand, or opened again."""

    month_on: date
    at: datetime
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """One move of a paper; `lines` are what it was given for, `bank` where its money goes.

    `paid_minor` is the receipt recorded, or reversed, by the same act: what the bank paid or took.
    A bank that buys the paper gives `lent_minor` for it, of which it keeps `cost_minor`.
    """

    id: int
    on: date
    at: datetime
    paper: int
    number: str
    verb: str
    before: str
    amount_minor: int
    after: str
    lines: tuple[tuple[int, int], ...] = ()
    bank: str = "bank"
    charge_minor: int = 0
    paid_minor: int = 0
    lent_minor: int = 0
    cost_minor: int = 0


@dataclass(frozen=True, slots=True)
class Pooled:
    """A paper was sold to a pool, for its amount less the cost; we collect it for the pool."""

    id: int
    on: date
    at: datetime
    key: str
    paper: int
    number: str
    amount_minor: int
    cost_minor: int
    bank: str = "bank"


@dataclass(frozen=True, slots=True)
class Received:
    """Money in, taken back or set against lines, as recorded at once for one receipt and day.

    `source` is where the money is; that of a presented paper is told by the paper's move, and so
    is its reversal, unless the receipt was taken back by itself.
    """

    id: int
    on: date
    at: datetime
    key: str
    receipt: int
    number: str
    money_minor: int
    source: str
    parts: tuple[tuple[int, str, int], ...] = ()  # obligation, category, amount
    kind: str = "money"
    is_presented: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """An obligation raised, or corrected: `kind` is raised, or that of its adjustment.

    `source` is what a refund was paid out of.
    """

    id: int
    on: date
    at: datetime
    key: str
    category: str
    amount_minor: int
    reference: str
    kind: str = "raised"
    source: str = "bank"


def posted_on(
    on: date, recorded_at: datetime, *, closing_days: int, locks: Sequence[Lock] = ()
) -> date:
    """The day of a posting: its own, or that of its recording where its month was closed by then.

    A month takes nothing more from so many days after its end, or from when it was closed by
    hand until it was opened again.
    """
    recorded_on = recorded_at.date()
    if on >= recorded_on:
        return on
    known = [lock for lock in locks if lock.month_on == month(on).since and lock.at <= recorded_at]
    if known:
        return recorded_on if max(known, key=lambda lock: lock.at).is_closed else on
    return recorded_on if recorded_on >= closes_on(on, closing_days=closing_days) else on


def closes_on(on: date, *, closing_days: int) -> date:
    """The first day on which the month of that day is closed."""
    return month(on).until + timedelta(days=closing_days)
