"""Ageing: what is open, due, overdue and not yet due; DPD, delinquent days and buckets.

One definition serves one account and a million: columns in, one row per account out. Lines
(obligations with what has been paid of them) come sorted by account; no sorting happens here.
Always: buckets + in grace + due today + not due + undated + disputed - unapplied = balance.
Boundaries are in buckets.py, paused days in pauses.py; what was paid as of a date in core/book.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Self

import numpy as np

from tahsil.core.grammar.columns import Columns, positions_of
from tahsil.core.measure import pauses as pausing
from tahsil.core.measure.buckets import AgeingDefinition, Buckets
from tahsil.core.measure.pauses import Pauses

DEFAULT = AgeingDefinition("dpd_six", Buckets((1, 31, 61, 91, 181, 361)))
BLOCK = 32_768  # lines worked at a time, so that the columns of a block stay in the cache
MONEY = (
    "open_minor", "due_today_minor", "overdue_minor", "not_due_minor", "undated_minor",
    "disputed_minor",
)  # fmt: skip
APART = ("in_grace_minor", "due_today_minor", "not_due_minor", "undated_minor", "disputed_minor")
_NAT = np.iinfo(np.int64).min
_FAR = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Lines(Columns):
    """Open and paid obligations, sorted by account. due_on is NaT while it waits for an event.

    A negative amount is a credit that ages by its own date, as some ledgers show it.
    """

    account_id: np.ndarray
    due_on: np.ndarray
    raised_on: np.ndarray
    amount_minor: np.ndarray
    paid_minor: np.ndarray
    disputed_minor: np.ndarray


@dataclass(frozen=True)
class Accounts(Columns):
    """One row per account, sorted by id: money not yet allocated, and days of grace."""

    account_id: np.ndarray
    unapplied_minor: np.ndarray
    grace_days: np.ndarray

    @classmethod
    def of(cls, lines: Lines, *, grace_days: int = 0) -> Self:
        """The accounts these lines belong to, nothing unapplied, with one grace for all."""
        ids = lines.account_id[_starts(lines.account_id)]
        return cls(ids, np.zeros(len(ids), np.int64), np.full(len(ids), grace_days, np.int64))


@dataclass(frozen=True)
class Positions(Columns):
    """One row per account, as of a date; overdue, due today and not due leave out the disputed."""

    account_id: np.ndarray
    open_minor: np.ndarray
    due_today_minor: np.ndarray
    overdue_minor: np.ndarray
    not_due_minor: np.ndarray
    undated_minor: np.ndarray
    disputed_minor: np.ndarray
    unapplied_minor: np.ndarray
    balance_minor: np.ndarray
    dpd: np.ndarray
    delinquent_days: np.ndarray
    oldest_due_on: np.ndarray
    delinquent_on: np.ndarray
    bucket: np.ndarray
    overdue_count: np.ndarray
    next_due_on: np.ndarray
    next_due_minor: np.ndarray


@dataclass(frozen=True)
class Aged(Columns):
    """One row per account under one definition: `amounts` has a column per bucket."""

    account_id: np.ndarray
    amounts: np.ndarray
    in_grace_minor: np.ndarray
    due_today_minor: np.ndarray
    not_due_minor: np.ndarray
    undated_minor: np.ndarray
    disputed_minor: np.ndarray
    unapplied_minor: np.ndarray

    @property
    def balance_minor(self) -> np.ndarray:
        """What all the columns add up to: open less unapplied."""
        apart = self.in_grace_minor + self.due_today_minor + self.not_due_minor
        return (
            self.amounts.sum(axis=1)
            + apart
            + self.undated_minor
            + self.disputed_minor
            - self.unapplied_minor
        )


def positions(
    lines: Lines,
    accounts: Accounts,
    *,
    as_of: date,
    definition: AgeingDefinition = DEFAULT,
    pauses: Pauses | None = None,
    has_whole_pauses: bool = False,
) -> Positions:
    """Each account's standing as of the date; an account without lines has a row of nothing.

    A pause lowers delinquent days by the days it shares with the time since the oldest due
    date; with `has_whole_pauses` by all its days, also those before (some ledgers count so).
    """
    sums = np.zeros((7, len(accounts)), dtype=np.int64)
    oldest = np.full(len(accounts), _FAR)
    upcoming = np.full(len(accounts), _FAR)
    overdue_count = np.zeros(len(accounts), dtype=np.int64)
    for block in _blocks(lines, accounts, as_of):
        at = block.row
        sums[:, at] = block.money()
        oldest[at], upcoming[at] = block.oldest(), block.upcoming()
        overdue_count[at] = block.total(block.is_late & (block.undisputed > 0), count=True)
        sums[6, at] = block.due_on_day(upcoming[at])
    oldest_on, late_days = _days(oldest), _since(oldest, as_of)
    counted = _delinquent(
        accounts, late_days, oldest_on, as_of=as_of, pauses=pauses, whole=has_whole_pauses
    )
    clock = late_days if definition.counts == "dpd" else counted
    return Positions(
        accounts.account_id,
        **dict(zip(MONEY, sums, strict=False)),
        unapplied_minor=accounts.unapplied_minor,
        balance_minor=sums[0] - accounts.unapplied_minor,
        dpd=late_days,
        delinquent_days=counted,
        oldest_due_on=oldest_on,
        delinquent_on=oldest_on + accounts.grace_days.astype("timedelta64[D]"),
        bucket=np.where(late_days > 0, definition.buckets.index(clock), -1),
        overdue_count=overdue_count,
        next_due_on=_days(upcoming),
        next_due_minor=sums[6],
    )


def positions_by(
    key: np.ndarray, lines: Lines, *, as_of: date, grace_days: int = 0, **how: object
) -> Positions:
    """Positions with one row per value of the key: an obligation, a contract, a project."""
    keyed = regrouped(lines, key)
    accounts = Accounts.of(keyed, grace_days=grace_days)
    return positions(keyed, accounts, as_of=as_of, **how)  # type: ignore[arg-type]


def regrouped(lines: Lines, key: np.ndarray) -> Lines:
    """The same lines sorted by another key, which stands where the account id stood."""
    order = np.argsort(key, kind="stable")
    columns = {name: getattr(lines, name)[order] for name in Lines.names()}
    return Lines(**{**columns, "account_id": key[order]})


def aged(
    lines: Lines,
    accounts: Accounts,
    definition: AgeingDefinition = DEFAULT,
    *,
    as_of: date,
    pauses: Pauses | None = None,
    has_whole_pauses: bool = False,
) -> Aged:
    """Each account's open amounts by bucket under this definition, with what stands apart.

    Under a definition that counts delinquent days, what is late but within grace or a pause
    stands in in_grace_minor; elsewhere that column is nothing.
    """
    first, pieces = definition.buckets.boundaries[0], _pieces(pauses)
    apart = np.zeros((len(APART), len(accounts)), dtype=np.int64)
    amounts = np.zeros((len(accounts), len(definition.buckets)), dtype=np.int64)
    for block in _blocks(lines, accounts, as_of, date_of=definition.date):
        clock = block.age
        if definition.counts == "delinquent":
            clock = block.clock(accounts, pieces, whole=has_whole_pauses, as_of=as_of)
        placed = block.is_dated & (clock >= first) & (block.age >= first)
        apart[:, block.row] = block.apart(placed, first)
        if definition.level == "oldest":
            clock = block.spread(block.highest(placed & (block.undisputed > 0), clock))
            # Where only credits are late there is no oldest line; they stand in the first bucket.
            clock = np.maximum(clock, first)
        bucket = definition.buckets.index(clock[placed])
        np.add.at(amounts, (block.spread(block.row)[placed], bucket), block.undisputed[placed])
    return Aged(
        accounts.account_id,
        amounts,
        unapplied_minor=accounts.unapplied_minor,
        **dict(zip(APART, apart, strict=True)),
    )


def bucket_matrix(
    lines: Lines, accounts: Accounts, definition: AgeingDefinition = DEFAULT, *, as_of: date
) -> np.ndarray:
    """The int64 matrix of accounts by buckets: late, undisputed, open amounts."""
    return aged(lines, accounts, definition, as_of=as_of).amounts


def days_past_due(due_on: np.ndarray, open_minor: np.ndarray, *, as_of: date) -> np.ndarray:
    """Days since each open obligation fell due; 0 if it is paid, undated or not yet late."""
    days = _since(due_on.astype("datetime64[D]").view(np.int64), as_of)
    return np.where((open_minor > 0) & ~np.isnat(due_on), days, 0)


def delinquent_days_of_lines(
    lines: Lines,
    accounts: Accounts,
    *,
    as_of: date,
    pauses: Pauses | None = None,
    has_whole_pauses: bool = False,
) -> np.ndarray:
    """Each line's days past due less its account's grace and paused days, never below 0."""
    days, pieces = np.zeros(len(lines), dtype=np.int64), _pieces(pauses)
    for block in _blocks(lines, accounts, as_of):
        clock = block.clock(accounts, pieces, whole=has_whole_pauses, as_of=as_of)
        days[block.span] = np.where(block.is_late & (block.undisputed > 0), clock, 0)
    return days


def paid_as_of(
    size: int, line: np.ndarray, effective_on: np.ndarray, amount_minor: np.ndarray, *, as_of: date
) -> tuple[np.ndarray, np.ndarray]:
    """Per line what was paid up to the date, and apart what is dated after it (in the future)."""
    paid, future = np.zeros((2, size), dtype=np.int64)
    is_past = effective_on <= np.datetime64(as_of, "D")
    np.add.at(paid, line[is_past], amount_minor[is_past])
    np.add.at(future, line[~is_past], amount_minor[~is_past])
    return paid, future


class _Block:
    """Some accounts' lines: `starts` is where each account begins, `row` its place in the whole."""

    def __init__(
        self, lines: Lines, accounts: Accounts, span: slice, starts: np.ndarray, *, as_of: date,
        date_of: str,
    ) -> None:  # fmt: skip
        self.span, self.starts = span, starts
        self.account_id = lines.account_id[span]
        self.row = positions_of(self.account_id[starts], accounts.account_id)
        self.counts = np.diff(starts, append=len(self.account_id))
        dated = lines.due_on if date_of == "due" else lines.raised_on
        self.on = dated[span]
        self.day = self.on.view(np.int64)
        self.age = np.int64(_int(as_of)) - self.day
        self.open = lines.amount_minor[span] - lines.paid_minor[span]
        self.disputed = np.clip(lines.disputed_minor[span], 0, np.maximum(self.open, 0))
        self.undisputed = self.open - self.disputed
        self.is_dated = self.day != _NAT
        self.is_late = self.is_dated & (self.age > 0)

    def total(self, where: np.ndarray, *, count: bool = False) -> np.ndarray:
        """Per account the sum of undisputed amounts where the mask holds, or how many lines."""
        picked = where.astype(np.int64) if count else np.where(where, self.undisputed, 0)
        return np.add.reduceat(picked, self.starts)

    def money(self) -> np.ndarray:
        """Rows in the order of MONEY, and one more of nothing for what falls due next."""
        every = np.add.reduceat(self.open, self.starts)
        disputed = np.add.reduceat(self.disputed, self.starts)
        today = self.total(self.age == 0)
        overdue = self.total(self.is_late)
        undated = self.total(~self.is_dated)
        rest = every - disputed - today - overdue - undated
        return np.stack([every, today, overdue, rest, undated, disputed, np.zeros_like(rest)])

    def apart(self, placed: np.ndarray, first: int) -> np.ndarray:
        """Rows in the order of APART."""
        disputed = np.add.reduceat(self.disputed, self.starts)
        every = np.add.reduceat(self.undisputed, self.starts)
        undated = self.total(~self.is_dated)
        today = self.total(self.age == 0) if first > 0 else np.zeros_like(every)
        grace = self.total(self.is_dated & (self.age >= first) & ~placed)
        rest = every - undated - today - grace - self.total(placed)
        return np.stack([grace, today, rest, undated, disputed])

    def oldest(self) -> np.ndarray:
        """Per account the first day on which a still open, undisputed line was due and is late."""
        late = self.is_late & (self.undisputed > 0)
        return np.minimum.reduceat(np.where(late, self.day, _FAR), self.starts)

    def upcoming(self) -> np.ndarray:
        """Per account the next day after today on which something open falls due."""
        ahead = self.is_dated & (self.age < 0) & (self.undisputed > 0)
        return np.minimum.reduceat(np.where(ahead, self.day, _FAR), self.starts)

    def due_on_day(self, day: np.ndarray) -> np.ndarray:
        """Per account what falls due on its day."""
        return self.total((self.day == self.spread(day)) & (self.undisputed > 0))

    def highest(self, where: np.ndarray, days: np.ndarray) -> np.ndarray:
        """Per account the most days among the lines where the mask holds, else a low number."""
        return np.maximum.reduceat(np.where(where, days, -_FAR), self.starts)

    def spread(self, of_account: np.ndarray) -> np.ndarray:
        """A value per account, repeated for each of its lines."""
        return np.repeat(of_account, self.counts)

    def clock(self, accounts: Accounts, pauses: Pauses, *, whole: bool, as_of: date) -> np.ndarray:
        """Per line its age less the account's grace and paused days, never below 0."""
        since = _paused_since(self.on, whole)
        paused = pausing.paused_days(self.account_id, since, pauses, as_of=as_of)
        grace = self.spread(accounts.grace_days[self.row])
        return np.where(self.is_dated, np.maximum(self.age - grace - paused, 0), 0)


def _blocks(
    lines: Lines, accounts: Accounts, as_of: date, *, date_of: str = "due"
) -> Iterator[_Block]:
    if not len(lines):
        return
    starts = _starts(lines.account_id)
    ids = lines.account_id[starts]
    assert (ids[1:] > ids[:-1]).all(), "lines must be sorted by account"
    wanted = np.arange(0, len(lines), BLOCK)
    cuts = np.unique(np.r_[np.searchsorted(starts, wanted), len(starts)])
    for since, until in pairwise(cuts.tolist()):
        begin = int(starts[since])
        end = int(starts[until]) if until < len(starts) else len(lines)
        yield _Block(
            lines, accounts, slice(begin, end), starts[since:until] - begin,
            as_of=as_of, date_of=date_of,
        )  # fmt: skip


def _delinquent(
    accounts: Accounts, late_days: np.ndarray, oldest_on: np.ndarray, *, as_of: date,
    pauses: Pauses | None, whole: bool,
) -> np.ndarray:  # fmt: skip
    since = _paused_since(oldest_on, whole)
    paused = pausing.paused_days(accounts.account_id, since, _pieces(pauses), as_of=as_of)
    return np.maximum(late_days - accounts.grace_days - paused, 0)


def _pieces(pauses: Pauses | None) -> Pauses:
    return pausing.disjoint(pauses) if pauses is not None else pausing.none()


def _paused_since(late_since: np.ndarray, whole: bool) -> np.ndarray:
    long_ago = np.datetime64("0001-01-01", "D")
    return np.where(np.isnat(late_since), late_since, long_ago) if whole else late_since


def _starts(sorted_ids: np.ndarray) -> np.ndarray:
    if not len(sorted_ids):
        return np.zeros(0, dtype=np.int64)
    return np.r_[0, np.flatnonzero(sorted_ids[1:] != sorted_ids[:-1]) + 1]


def _since(day: np.ndarray, as_of: date) -> np.ndarray:
    return np.where(day < _FAR, np.maximum(_int(as_of) - np.minimum(day, _int(as_of)), 0), 0)


def _days(day: np.ndarray) -> np.ndarray:
    return np.where(day == _FAR, _NAT, day).view("datetime64[D]")


def _int(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))
