"""Receipts: what came in, what of it is unapplied, and credits that are not money.

A withholding certificate, a credit note or a discount settles an obligation without money. It is
kept as a receipt of its own kind, so that what was paid and what was credited stay apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from tahsil.core.grammar.columns import Columns
from tahsil.core.grammar.dates import as_days
from tahsil.core.grammar.money import apportion, share

# Money first; the others are credits without money, each reported on its own line.
KINDS = ("money", "withholding", "retention", "credit_note", "discount", "write_off")


@dataclass(frozen=True)
class Receipts(Columns):
    """One row each, ids in the order recorded; reversed_on is missing while it stands."""

    id: np.ndarray
    amount_minor: np.ndarray
    effective_on: np.ndarray
    reversed_on: np.ndarray
    bank_rule: np.ndarray  # position in BANK_RULES
    kind: np.ndarray  # position in KINDS


class EarlyDiscount(NamedTuple):
    """A part of the price given up if it is paid by a date: a share of each part, or a sum."""

    until: date
    ppm: int = 0
    amount_minor: int = 0


def standing_minor(receipts: Receipts, *, as_of: date) -> np.ndarray:
    """What each receipt is worth on the date: its amount once it came, nothing once reversed."""
    today = np.datetime64(as_of)
    gone = ~np.isnat(receipts.reversed_on) & (receipts.reversed_on <= today)
    return np.where((receipts.effective_on <= today) & ~gone, receipts.amount_minor, 0)


def unapplied(amount_minor: int, allocated_minor: list[int]) -> int:
    """The part of a receipt not allocated; below nothing is a fault of ours, never a credit."""
    left = amount_minor - sum(allocated_minor)
    assert left >= 0, "more was allocated than received"
    return left


def early_discount(discount: EarlyDiscount, parts_minor: list[int], *, paid_on: date) -> list[int]:
    """The discount on each part (income, tax) if paid by the cut-off; nothing afterwards."""
    if paid_on > discount.until:
        return [0] * len(parts_minor)
    total = sum(parts_minor)
    given = discount.amount_minor or share(total, ppm=discount.ppm, rounding="half_up")
    return apportion(min(given, total), parts_minor)


def receipts_of(rows: list[tuple]) -> Receipts:
    """The columns of (id, amount, effective_on, reversed_on, bank rule index, kind index) rows."""
    ids, amounts, effective, undone, rules, kinds = zip(*rows, strict=True) if rows else ((),) * 6
    return Receipts(
        np.asarray(ids, dtype=np.int64),
        np.asarray(amounts, dtype=np.int64),
        as_days(effective),
        as_days(undone),
        np.asarray(rules, dtype=np.int64),
        np.asarray(kinds, dtype=np.int64),
    )
