"""Pauses: dated stretches in which the clock of delinquency stands still.

A pause is half-open, [since, until). Days that two pauses share count once. Why a pause was
given (hold, dispute, hardship) is not known here. How it lowers delinquent days is in ageing.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from tahsil.core.grammar.columns import Columns

FOREVER = np.datetime64("9999-12-31", "D")
_SPAN = 4_000_000  # more days than any calendar here holds


@dataclass(frozen=True)
class Pauses(Columns):
    """One row per pause; until_on may be NaT while no end is known."""

    account_id: np.ndarray
    since_on: np.ndarray
    until_on: np.ndarray


def none() -> Pauses:
    """No pauses at all."""
    days = np.zeros(0, dtype="datetime64[D]")
    return Pauses(np.zeros(0, dtype=np.int64), days, days)


def resumed(pauses: Pauses, account_id: np.ndarray, resumed_on: np.ndarray) -> Pauses:
    """The pauses with those still running on their account's resume date ended on that date."""
    until = np.where(np.isnat(pauses.until_on), FOREVER, pauses.until_on)
    for account, day in zip(account_id, resumed_on, strict=True):
        running = (pauses.account_id == account) & (pauses.since_on <= day) & (day < until)
        until = np.where(running, day, until)
    return Pauses(pauses.account_id, pauses.since_on, until)


def disjoint(pauses: Pauses) -> Pauses:
    """The same paused days, in account and date order, each day in one pause only."""
    until = np.where(np.isnat(pauses.until_on), FOREVER, pauses.until_on)
    order = np.lexsort((pauses.since_on, pauses.account_id))
    account, since = pauses.account_id[order], pauses.since_on[order].astype(np.int64)
    end = until[order].astype(np.int64)
    # Offsetting each account by more than any date lets one running maximum serve them all.
    offset = np.searchsorted(np.unique(account), account) * _SPAN
    reached = np.maximum.accumulate(end + offset) - offset
    if len(account) > 1:
        same = account[1:] == account[:-1]
        since[1:] = np.where(same, np.maximum(since[1:], reached[:-1]), since[1:])
    kept = since < end
    days = "datetime64[D]"
    return Pauses(account[kept], since[kept].astype(days), end[kept].astype(days))


def is_paused(account_id: np.ndarray, pauses: Pauses, *, as_of: date) -> np.ndarray:
    """Whether each account has a pause that holds on the day."""
    today = np.datetime64(as_of, "D")
    until = np.where(np.isnat(pauses.until_on), FOREVER, pauses.until_on)
    running = (pauses.since_on <= today) & (today < until)
    return np.isin(account_id, pauses.account_id[running])


def paused_days(
    account_id: np.ndarray, from_on: np.ndarray, pauses: Pauses, *, as_of: date
) -> np.ndarray:
    """How many days of [from, as_of) were paused, per row; account ids sorted, pauses disjoint.

    An account may have many rows (its lines) and many pauses. NaT counts no days.
    """
    total = np.zeros(len(account_id), dtype=np.int64)
    if not len(pauses) or not len(account_id):
        return total
    first = np.searchsorted(account_id, pauses.account_id, side="left")
    rows = np.searchsorted(account_id, pauses.account_id, side="right") - first
    pause = np.repeat(np.arange(len(pauses)), rows)
    within = np.arange(len(pause)) - np.repeat(rows.cumsum() - rows, rows)
    row = first[pause] + within
    start = np.maximum(from_on[row], pauses.since_on[pause])
    end = np.minimum(np.datetime64(as_of, "D"), pauses.until_on[pause])
    days = np.where(np.isnat(start), 0, (end - start).astype(np.int64))
    np.add.at(total, row, np.maximum(days, 0))
    return total
