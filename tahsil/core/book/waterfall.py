"""The waterfall: in which order obligations are paid, as dated data.

A waterfall names groups (kinds, or single categories), says whether the due date or the group
comes first, and what money beyond what is due may do. Paying in that order is allocation.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from tahsil.core.book.categories import BANK_RULE_OF, CATEGORIES, KINDS
from tahsil.core.book.obligations import Obligations
from tahsil.core.grammar.refusal import Refused

BY = ("due", "group")
FUTURE = ("next", "last", "none", "spread")
UNDATED = 2**40  # later than every date, in days: an obligation whose event has not happened


@dataclass(frozen=True)
class Waterfall:
    """The order of payment in force from a date.

    `order` names groups of kinds or category codes, joined by + where they rank alike; what it
    does not name comes last, and inside a group the oldest due date first.
    `by` due: the oldest due date first, groups in their order inside one date. `by` group: one
    group after the other, oldest first inside. `future`: money beyond what is due pays the next
    instalment, the last, an equal part of each (spread), or stays unapplied (none).
    `order_in_advance` replaces `order` for that part. With `is_due_first` off and `by` group, a
    group is paid to its end before the next, due or not. With `is_carried`, money that stayed
    unapplied pays obligations on the day they fall due or are raised.
    """

    order: tuple[str, ...] = ("cost", "fee", "penalty", "interest")
    by: str = "due"
    future: str = "next"
    order_in_advance: tuple[str, ...] = ()
    is_due_first: bool = True
    is_carried: bool = False

    def __post_init__(self) -> None:
        codes = {category.code for category in CATEGORIES}
        named = [w for group in (*self.order, *self.order_in_advance) for w in group.split("+")]
        unknown = [word for word in named if word not in KINDS and word not in codes]
        if unknown or self.by not in BY or self.future not in FUTURE:
            raise Refused(
                "waterfall.words",
                "A waterfall orders kinds or categories by due or group; the future is {futures}. "
                "Not understood: {unknown}; by {by}; future {future}.",
                unknown=unknown or ["nothing"],
                by=self.by,
                future=self.future,
                futures=FUTURE,
            )
        is_one_queue = self.by == "group" and self.future in ("next", "none")
        if not self.is_due_first and (not is_one_queue or self.order_in_advance):
            raise Refused(
                "waterfall.queue",
                "A waterfall that does not pay what is due first goes by group, to the next "
                "instalment or none, in one order; this one goes by {by}, future {future}.",
                by=self.by,
                future=self.future,
            )

    def is_static(self) -> bool:
        """Whether the order of obligations is the same on every date."""
        same_groups = self.order_in_advance in ((), self.order)
        dated = self.by == "due" or not self.is_due_first  # or else the date splits each group
        return self.future == "next" and same_groups and dated and not self.is_carried


# Egyptian developers: the penalty stops growing and stays negotiable when the line is paid first.
PRINCIPAL_FIRST = Waterfall(
    order=("principal+rent+deposit+tax", "interest", "penalty", "fee", "cost"), by="group"
)
CHARGES_FIRST = Waterfall(by="group")
OLDEST_FIRST = Waterfall(order=())


@lru_cache(maxsize=256)
def ranks(order: tuple[str, ...]) -> tuple[int, ...]:
    """For each category its place in the order, by code before kind; unnamed ones come last."""
    place = {word: rank for rank, group in enumerate(order) for word in group.split("+")}
    last = len(order)
    return tuple(place.get(c.code, place.get(c.kind, last)) for c in CATEGORIES)


def keys(waterfall: Waterfall, obligations: Obligations, *, as_of: date) -> np.ndarray:
    """The positions of the obligations in the order they are paid on the date.

    Under `spread` the future ones stand oldest first; with `none` they are left out.
    """
    due, today = due_days(obligations), np.datetime64(as_of).astype(np.int64)
    future = due > today
    group = np.asarray(ranks(waterfall.order), dtype=np.int64)[obligations.category]
    if waterfall.order_in_advance:
        ahead = np.asarray(ranks(waterfall.order_in_advance), dtype=np.int64)
        group = np.where(future, ahead[obligations.category], group)
    when = np.where(future & (waterfall.future == "last") & (due < UNDATED), -due, due)
    late = future if waterfall.is_due_first else np.zeros_like(future)
    inner = (group, when) if waterfall.by == "due" else (when, group)
    order = np.lexsort((obligations.id, *inner, late))
    return order[~future[order]] if waterfall.future == "none" else order


def due_days(obligations: Obligations) -> np.ndarray:
    """Due dates as day numbers; a missing one is later than all."""
    days = obligations.due_on.astype(np.int64)
    return np.where(np.isnat(obligations.due_on), UNDATED, days)


def bank_rules(obligations: Obligations) -> np.ndarray:
    """The bank account rule of each obligation, as its position in BANK_RULES."""
    return np.asarray(BANK_RULE_OF, dtype=np.int64)[obligations.category]
