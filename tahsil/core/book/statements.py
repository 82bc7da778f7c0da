"""Statements of account: entries with the balance after each, and one row per line.

Both are as of a date and say nothing a reader could not add up. Layout and words are the faces'.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from tahsil.core.book.allocation import Allocations
from tahsil.core.book.categories import CATEGORIES
from tahsil.core.book.obligations import Adjustments, Obligations, adjusted
from tahsil.core.book.receipts import KINDS as RECEIPT_KINDS
from tahsil.core.book.receipts import Receipts, standing_minor

ORDER = {"raised": 0, "adjusted": 1, "reversed": 2, "received": 3}


class Entry(NamedTuple):
    """One movement: owed goes up, received down; `reference_id` is the obligation or receipt."""

    on: date
    kind: str  # raised, adjusted, received, reversed
    reference_id: int
    label: str  # the category of an obligation, the kind of a receipt
    amount_minor: int
    balance_minor: int


class LineRow(NamedTuple):
    """One obligation as the customer reads it; a missing due date waits for its event."""

    seq: int
    obligation_id: int
    due_on: date | None
    category: str
    amount_minor: int
    paid_minor: int
    paid_on: date | None  # the last day something was paid
    receipt_ids: tuple[int, ...]
    open_minor: int
    days_late: int  # of the open part to the date, or to the day it was paid in full
    penalty_minor: int


class Footer(NamedTuple):
    """What stands below the lines: `to_pay_minor` is everything due, penalties included."""

    owed_minor: int
    paid_minor: int
    unapplied_minor: int
    overdue_minor: int
    penalties_minor: int
    to_pay_minor: int
    paid_ppm: int  # of the categories that count towards the price


def entries(
    obligations: Obligations,
    adjustments: Adjustments,
    receipts: Receipts,
    *,
    as_of: date,
    by: str = "due",
) -> list[Entry]:
    """The running account to the date, oldest first; obligations stand on their due date, or on
    the day they were raised (`by` raised). One without such a date is not yet in it."""
    today = np.datetime64(as_of)
    moves: list[tuple[date, str, int, str, int]] = []
    shown_on = obligations.due_on if by == "due" else obligations.raised_on
    names: dict[int, str] = {}
    for row, on in zip(obligations.rows(), shown_on.tolist(), strict=True):
        names[row["id"]] = CATEGORIES[row["category"]].code
        if on is not None and on <= as_of:
            moves.append((on, "raised", row["id"], names[row["id"]], row["amount_minor"]))
    shown = {move[2]: move[0] for move in moves}
    for row in adjustments.take(adjustments.effective_on <= today).rows():
        if (obligation_id := row["obligation_id"]) in shown:
            # An amount corrected before it is shown is corrected on the day it is shown.
            on = max(row["effective_on"], shown[obligation_id])
            moves.append((on, "adjusted", obligation_id, names[obligation_id], row["amount_minor"]))
    moves += _received(receipts, as_of)
    moves.sort(key=lambda move: (move[0], ORDER[move[1]], move[2]))
    return _balanced(moves)


def _received(receipts: Receipts, as_of: date) -> list[tuple[date, str, int, str, int]]:
    moves = []
    for row in receipts.rows():
        kind = RECEIPT_KINDS[row["kind"]]
        if row["effective_on"] <= as_of:
            moves.append((row["effective_on"], "received", row["id"], kind, -row["amount_minor"]))
        if row["reversed_on"] is not None and row["reversed_on"] <= as_of:
            moves.append((row["reversed_on"], "reversed", row["id"], kind, row["amount_minor"]))
    return moves


def _balanced(moves: list[tuple[date, str, int, str, int]]) -> list[Entry]:
    balance, found = 0, []
    for on, kind, reference_id, label, amount in moves:
        balance += amount
        found.append(Entry(on, kind, reference_id, label, amount, balance))
    return found


def lines(
    obligations: Obligations,
    adjustments: Adjustments,
    allocations: Allocations,
    *,
    as_of: date,
    penalties: Mapping[int, int] | None = None,
) -> list[LineRow]:
    """One row per obligation raised by the date, by due date; `penalties` is accrued per id."""
    amounts = adjusted(obligations, adjustments, as_of=as_of).tolist()
    paid = _paid(allocations, as_of)
    found = []
    for row, amount in zip(obligations.rows(), amounts, strict=True):
        if row["raised_on"] is not None and row["raised_on"] > as_of:
            continue
        found.append(
            _line(row, amount, paid[row["id"]], as_of, (penalties or {}).get(row["id"], 0))
        )
    found.sort(key=lambda line: (line.due_on or date.max, line.obligation_id))
    return [line._replace(seq=seq) for seq, line in enumerate(found, 1)]


def _line(
    row, amount: int, parts: dict[int, tuple[int, date]], as_of: date, penalty: int
) -> LineRow:
    """The row of one obligation from what each receipt has standing on it."""
    standing = {receipt: part for receipt, part in parts.items() if part[0]}
    paid = sum(minor for minor, _ in standing.values())
    last = max((on for _, on in standing.values()), default=None)
    until = last if paid >= amount and last else as_of
    due_on = row["due_on"]
    late = max(0, (until - due_on).days) if due_on and (amount > 0) else 0
    return LineRow(
        0, row["id"], due_on, CATEGORIES[row["category"]].code, amount, paid, last,
        tuple(standing), amount - paid, late, penalty,
    )  # fmt: skip


def _paid(allocations: Allocations, as_of: date) -> dict[int, dict[int, tuple[int, date]]]:
    """Per obligation and receipt: what stands, and the day the latest of it was paid."""
    paid: dict[int, dict[int, tuple[int, date]]] = defaultdict(dict)
    for row in allocations.take(allocations.effective_on <= np.datetime64(as_of)).rows():
        parts = paid[row["obligation_id"]]
        before, on = parts.get(row["receipt_id"], (0, row["effective_on"]))
        if row["amount_minor"] > 0:
            on = max(on, row["effective_on"]) if before else row["effective_on"]
        parts[row["receipt_id"]] = (before + row["amount_minor"], on)
    return paid


def footer(rows: Sequence[LineRow], receipts: Receipts, *, as_of: date) -> Footer:
    """The sums below the rows; every receipt standing on the date is paid or unapplied."""
    counts = {category.code for category in CATEGORIES if category.counts_toward_paid}
    paid = sum(row.paid_minor for row in rows)
    due = sum(row.open_minor for row in rows if row.due_on and row.due_on <= as_of)
    late = sum(row.open_minor for row in rows if row.due_on and row.due_on < as_of)
    penalties = sum(row.penalty_minor for row in rows)
    price = sum(row.amount_minor for row in rows if row.category in counts)
    paid_price = sum(row.paid_minor for row in rows if row.category in counts)
    return Footer(
        owed_minor=sum(row.open_minor for row in rows),
        paid_minor=paid,
        unapplied_minor=int(standing_minor(receipts, as_of=as_of).sum()) - paid,
        overdue_minor=late,
        penalties_minor=penalties,
        to_pay_minor=due + penalties,
        paid_ppm=paid_price * 1_000_000 // price if price else 0,
    )
