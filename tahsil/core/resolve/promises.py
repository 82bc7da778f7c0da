"""Promises to pay: what was promised, and whether it was kept.

A promise is judged on receipts by value date, not on allocations: a debtor who paid as promised
kept the promise even if policy sent the money to older fees. A new promise supersedes an open
one, so that no receipt keeps two. How long a promise may run, and who may say so, is data of
limits.py; the states and verbs are PROMISE in grammar/lifecycle.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from tahsil.core.grammar.columns import Columns
from tahsil.core.grammar.money import PPM, share

OPEN, KEPT, PART_KEPT, BROKEN = range(4)
STATES = ("open", "kept", "part_kept", "broken")
VERBS = (None, "keep", "keep_in_part", "break")  # the verb of PROMISE that leads to each state
TOLERANCE_PPM = 50_000  # 95 % of what was promised keeps it: banks deduct their charges


@dataclass(frozen=True)
class Promises(Columns):
    """Open promises: made on a day, for an amount by promised_on; last_on ends the grace.

    last_on is the last value date that still counts, counted by the caller in working days.
    """

    account_id: np.ndarray
    made_on: np.ndarray
    promised_on: np.ndarray
    last_on: np.ndarray
    promised_minor: np.ndarray


@dataclass(frozen=True)
class Receipts(Columns):
    """Receipts not reversed: whose, on which value date, how much."""

    account_id: np.ndarray
    value_on: np.ndarray
    amount_minor: np.ndarray


def judge(
    promised_minor: np.ndarray,
    received_minor: np.ndarray,
    last_on: np.ndarray,
    *,
    as_of: date,
    tolerance_ppm: int = TOLERANCE_PPM,
) -> np.ndarray:
    """KEPT, PART_KEPT or BROKEN once grace is over (as_of after last_on); before, OPEN unless kept.

    The tolerance is rounded down, so that never less than the agreed share keeps a promise.
    """
    is_over = last_on < np.datetime64(as_of, "D")
    is_kept = received_minor >= promised_minor - share(promised_minor, ppm=tolerance_ppm)
    return np.select([is_kept, ~is_over, received_minor > 0], [KEPT, OPEN, PART_KEPT], BROKEN)


def judge_one(
    promised_minor: int,
    received_minor: int,
    last_on: date,
    *,
    as_of: date,
    tolerance_ppm: int = TOLERANCE_PPM,
) -> str:
    """The state of one promise, by name: open, kept, part_kept or broken."""
    judged = judge(
        np.asarray([promised_minor], dtype=np.int64),
        np.asarray([received_minor], dtype=np.int64),
        np.asarray([last_on], dtype="datetime64[D]"),
        as_of=as_of,
        tolerance_ppm=tolerance_ppm,
    )
    return STATES[int(judged[0])]


def received(promises: Promises, receipts: Receipts, *, as_of: date) -> np.ndarray:
    """Per promise the money with a value date from the day it was made to its last day, or as_of.

    Receipts come in any order; an account may have many of both.
    """
    order = np.lexsort((receipts.value_on, receipts.account_id))
    account = receipts.account_id[order]
    day = receipts.value_on[order].astype("datetime64[D]").view(np.int64)
    totals = np.r_[0, receipts.amount_minor[order].cumsum()]
    until = np.minimum(promises.last_on, np.datetime64(as_of, "D"))
    since = _place(promises.account_id, promises.made_on, account, day, side="left")
    past = _place(promises.account_id, until, account, day, side="right")
    return np.where(past > since, totals[past] - totals[since], 0)


def needed_minor(promised_minor: int, *, tolerance_ppm: int = TOLERANCE_PPM) -> int:
    """The least amount that keeps a promise of this amount."""
    assert 0 <= tolerance_ppm <= PPM
    return promised_minor - share(promised_minor, ppm=tolerance_ppm)


def _place(
    wanted: np.ndarray, wanted_on: np.ndarray, account: np.ndarray, day: np.ndarray, *, side: str
) -> np.ndarray:
    # One number per (account, day) keeps both in order, so that one search serves all promises.
    ids = np.unique(np.r_[account, wanted])
    span = 4_000_000
    known = np.searchsorted(ids, account) * span + day
    asked = np.searchsorted(ids, wanted) * span + wanted_on.astype("datetime64[D]").view(np.int64)
    return np.searchsorted(known, asked, side=side)  # type: ignore[call-overload,no-any-return]
