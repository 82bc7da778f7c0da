"""Rolls: how accounts moved between buckets from one date to another.

Row and column 0 stand for nothing past due, row and column b + 1 for bucket b. An account that
is missing on one of the dates counts there as nothing past due.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tahsil.core.grammar.columns import Columns, sum_by
from tahsil.core.measure.recovery import ratio_ppm


@dataclass(frozen=True)
class Standing(Columns):
    """The bucket and arrears of each account on one date; bucket -1 where nothing is past due."""

    account_id: np.ndarray
    bucket: np.ndarray
    overdue_minor: np.ndarray


@dataclass(frozen=True)
class Rolls:
    """Square matrices from bucket to bucket: accounts, arrears before, arrears after."""

    accounts: np.ndarray
    before_minor: np.ndarray
    after_minor: np.ndarray

    def roll_ppm(self, bucket: int) -> int | None:
        """Arrears now in the next bucket that were in this one, per arrears then in this one."""
        return self.moved_ppm(bucket, bucket + 1)

    def roll_back_ppm(self, bucket: int) -> int | None:
        """Arrears now in milder buckets, still past due, per arrears then in this one."""
        moved = int(self.after_minor[bucket + 1, 1 : bucket + 1].sum())
        return ratio_ppm(moved, int(self.before_minor[bucket + 1].sum()))

    def moved_ppm(self, before: int, after: int) -> int | None:
        """Arrears now in one bucket that were in the other, per arrears then in that other."""
        moved = int(self.after_minor[before + 1, after + 1])
        return ratio_ppm(moved, int(self.before_minor[before + 1].sum()))

    def cure_ppm(self, bucket: int | None = None) -> int | None:
        """Share of accounts past due at the start, in this bucket or any, that are current now."""
        rows = self.accounts[1:] if bucket is None else self.accounts[bucket + 1 : bucket + 2]
        return ratio_ppm(int(rows[:, 0].sum()), int(rows.sum()))


def rolls(before: Standing, after: Standing, *, buckets: int) -> Rolls:
    """How every account of either date moved; each account is counted in exactly one cell."""
    ids = np.union1d(before.account_id, after.account_id)
    bucket_before, minor_before = _placed(before, ids)
    bucket_after, minor_after = _placed(after, ids)
    size = buckets + 1
    cell = (bucket_before + 1) * size + bucket_after + 1
    return Rolls(
        np.bincount(cell, minlength=size * size).reshape(size, size),
        sum_by(cell, minor_before, size * size).reshape(size, size),
        sum_by(cell, minor_after, size * size).reshape(size, size),
    )


def _placed(standing: Standing, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    bucket = np.full(len(ids), -1, dtype=np.int64)
    minor = np.zeros(len(ids), dtype=np.int64)
    at = np.searchsorted(ids, standing.account_id)
    bucket[at], minor[at] = standing.bucket, standing.overdue_minor
    return bucket, minor
