"""A refund in the life of an account: its receipts settle it first, other money what they leave."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.core.book.categories import REFUND, category_index
from tahsil.core.book.obligations import obligations_of
from tahsil.core.book.receipts import receipts_of
from tahsil.core.book.replay import AccountBook, Instructions, replay
from tahsil.core.book.waterfall import Waterfall
from tahsil.core.grammar.columns import column
from tahsil.core.grammar.dates import NEVER, as_days
from tests.tables import table

CARRIED = Waterfall(is_carried=True)
START = date(2026, 1, 1)
PAID_BACK = date(2026, 6, 10)
FEE, BACK = 1, 2


def life(receipts, *, part=50):
    """What each receipt pays of the fee (100) and of the refund of receipt 1, in the end."""
    rows = [
        (key, amount, date.fromisoformat(on), date.fromisoformat(undone) if undone else None, 0, 0)
        for key, amount, on, undone in receipts
    ]
    book = AccountBook(
        obligations_of([
            (FEE, category_index("fee"), START, START, 100),
            (BACK, category_index(REFUND), PAID_BACK, PAID_BACK, part),
        ]),
        receipts_of(rows),
        instructions=Instructions(
            column("receipt_id", [1]), column("obligation_id", [BACK]),
            column("amount_minor", [part]), as_days([PAID_BACK]),
        ),
    )  # fmt: skip
    sums: dict[tuple[int, int], int] = {}
    for row in replay(book, waterfall_at=lambda day: CARRIED, as_of=NEVER):
        key = (row.receipt_id, row.obligation_id)
        sums[key] = sums.get(key, 0) + row.amount_minor
    return {key: amount for key, amount in sums.items() if amount}


@pytest.mark.parametrize("case", table("""
    first       second      undone      paid             why
    2026-06-01  -           -           1>1=100 1>2=50   the rest of its receipt settles it
    2026-06-01  2026-06-05  -           1>1=100 1>2=50   older rests of others do not
    2026-06-01  2026-06-10  -           1>1=100 1>2=50   nor money of the same day
    2026-06-10  2026-06-10  -           1>1=100 1>2=50   nor where both came on it
    2026-06-01  2026-07-01  2026-06-20  2>1=100 2>2=50   once reversed, other money owes it
    2026-06-01  2026-06-05  2026-06-20  2>1=100 2>2=50   and what lies there pays it then
    2026-06-01  2026-06-10  2026-06-10  2>1=100 2>2=50   also on the very day
    """), ids=lambda case: case["why"])  # fmt: skip
def test_a_refund_is_settled_by_its_own_receipts(case):
    undone = case["undone"].strip("-") if len(case["undone"]) < 3 else case["undone"]
    receipts = [(1, 150, case["first"], undone)]
    if case["second"] != "-":
        receipts.append((2, 150, case["second"], ""))
    wanted = {}
    for said in case["paid"].split():
        pair, amount = said.split("=")
        wanted[tuple(int(each) for each in pair.split(">"))] = int(amount)
    assert life(receipts) == wanted
