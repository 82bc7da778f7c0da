"""What is owed, as columns: obligations, their adjustments, and what is open on a date.

An obligation is never changed: adjustments, cancellations and write-offs are rows that correct
it from their own date. Allocations are allocation.py's; DPD and buckets are measured elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from tahsil.core.grammar.columns import Columns, sum_by
from tahsil.core.grammar.dates import as_days

NO_IDS = np.empty(0, dtype=np.int64)
NO_DAYS = np.empty(0, dtype="datetime64[D]")


@dataclass(frozen=True)
class Obligations(Columns):
    """One row each; a missing due date waits for its event, a missing raised_on is always."""

    id: np.ndarray
    category: np.ndarray  # position in CATEGORIES
    due_on: np.ndarray
    raised_on: np.ndarray
    amount_minor: np.ndarray


@dataclass(frozen=True)
class Adjustments(Columns):
    """Corrections up or down from a date: also cancellations, waivers, write-offs."""

    obligation_id: np.ndarray
    amount_minor: np.ndarray
    effective_on: np.ndarray

    @classmethod
    def none(cls) -> Adjustments:
        """The table without a row."""
        return cls(NO_IDS, NO_IDS, NO_DAYS)


def adjusted(obligations: Obligations, adjustments: Adjustments, *, as_of: date) -> np.ndarray:
    """What each obligation, raised by the date, amounts to with its adjustments; else nothing."""
    today = np.datetime64(as_of)
    raised = np.isnat(obligations.raised_on) | (obligations.raised_on <= today)
    amounts = np.where(raised, obligations.amount_minor, 0)
    known = adjustments.effective_on <= today
    return amounts + per_obligation(
        obligations, adjustments.obligation_id[known], adjustments.amount_minor[known]
    )


def per_obligation(obligations: Obligations, ids: np.ndarray, amounts: np.ndarray) -> np.ndarray:
    """The amounts summed per obligation, in the obligations' order; an unknown id is an error."""
    by_id = np.argsort(obligations.id, kind="stable")
    found = np.searchsorted(obligations.id[by_id], ids)
    assert ids.size == 0 or (
        found.max() < len(obligations) and (obligations.id[by_id[found]] == ids).all()
    ), "an id has no obligation"
    return sum_by(by_id[found] if ids.size else found, amounts, len(obligations))


def obligations_of(rows: list[tuple[int, int, date | None, date | None, int]]) -> Obligations:
    """The columns of (id, category index, due_on, raised_on, amount) rows."""
    ids, categories, due, raised, amounts = zip(*rows, strict=True) if rows else ((),) * 5
    return Obligations(
        np.asarray(ids, dtype=np.int64),
        np.asarray(categories, dtype=np.int64),
        as_days(due),
        as_days(raised),
        np.asarray(amounts, dtype=np.int64),
    )
