"""Reversals: the entry that mirrors an earlier one and cancels it; the earlier one stays."""

from __future__ import annotations

from datetime import date

import numpy as np

from tahsil.core.book.allocation import Allocation, Allocations


def mirror(rows: Allocations, *, effective_on: date) -> list[Allocation]:
    """For each row the negative row that names it, effective on the reversal's date."""
    return [
        Allocation(
            row["receipt_id"], row["obligation_id"], -row["amount_minor"], effective_on, row["id"]
        )
        for row in rows.rows()
    ]


def standing_rows(rows: Allocations) -> Allocations:
    """The rows no other row has cancelled and that cancel none: what a reversal must mirror."""
    named = np.isin(rows.id, rows.reverses_id)
    return rows.take(~named & (rows.reverses_id == 0) & (rows.amount_minor > 0))


def downstream(rows: Allocations, receipt_id: int) -> list[int]:
    """The obligations that open again when the receipt is reversed, in the order of their rows."""
    open_again = standing_rows(rows)
    mine = open_again.obligation_id[open_again.receipt_id == receipt_id]
    return list(dict.fromkeys(mine.tolist()))
