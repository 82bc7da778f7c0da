"""Statements: the running balance and the rows a customer reads, as of a date."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tahsil.core.book import receipts, statements
from tahsil.core.book.allocation import Allocation
from tahsil.core.book.categories import category_index
from tahsil.core.book.obligations import Adjustments, obligations_of
from tahsil.core.book.receipts import receipts_of
from tahsil.core.grammar.dates import as_days
from tests.core.book.books import recorded
from tests.tables import table

SIGNED = date(2026, 1, 1)


def lines():
    return obligations_of(
        [
            (1, category_index("instalment"), date(2026, 2, 1), SIGNED, 100),
            (2, category_index("instalment"), date(2026, 3, 1), SIGNED, 100),
            (3, category_index("delivery"), None, SIGNED, 50),
            (4, category_index("bounce_fee"), date(2026, 2, 20), date(2026, 2, 20), 5),
        ]
    )


def money():
    return receipts_of(
        [
            (7, 120, date(2026, 2, 1), date(2026, 2, 20), 1, 0),
            (8, 110, date(2026, 3, 5), None, 1, 0),
        ]
    )


PAID = recorded(
    [
        Allocation(7, 1, 100, date(2026, 2, 1)),
        Allocation(7, 2, 20, date(2026, 2, 1)),
        Allocation(7, 1, -100, date(2026, 2, 20), 1),
        Allocation(7, 2, -20, date(2026, 2, 20), 2),
        Allocation(8, 1, 100, date(2026, 3, 5)),
        Allocation(8, 4, 5, date(2026, 3, 5)),
    ]
)
WAIVED = Adjustments(np.array([4]), np.array([-2]), as_days([date(2026, 3, 2)]))


def test_the_running_account():
    found = statements.entries(lines(), WAIVED, money(), as_of=date(2026, 3, 5))
    wanted = table("""
        on          kind      reference  amount  balance
        2026-02-01  raised    1          100     100
        2026-02-01  received  7          -120    -20
        2026-02-20  raised    4          5       -15
        2026-02-20  reversed  7          120     105
        2026-03-01  raised    2          100     205
        2026-03-02  adjusted  4          -2      203
        2026-03-05  received  8          -110    93
    """)
    assert [
        (str(e.on), e.kind, e.reference_id, e.amount_minor, e.balance_minor) for e in found
    ] == [
        (r["on"], r["kind"], int(r["reference"]), int(r["amount"]), int(r["balance"]))
        for r in wanted
    ]
    raised = statements.entries(lines(), WAIVED, money(), as_of=SIGNED, by="raised")
    assert [entry.balance_minor for entry in raised] == [100, 200, 250]


@pytest.mark.parametrize(
    "case",
    table("""
    as_of       first                        second      unapplied  to_pay  why
    2026-02-10  100 paid 2026-02-01 late 0   20 open 80  0          0       before the bounce
    2026-02-20  0 paid - late 19             0 open 100  0          105     due date restored
    2026-03-05  100 paid 2026-03-05 late 32  0 open 100  5          100     paid late
    """),
    ids=lambda case: case["why"],
)
def test_the_rows_of_each_line(case):
    as_of = date.fromisoformat(case["as_of"])
    rows = statements.lines(lines(), Adjustments.none(), PAID, as_of=as_of)
    one, two = (next(row for row in rows if row.obligation_id == number) for number in (1, 2))
    assert f"{one.paid_minor} paid {one.paid_on or '-'} late {one.days_late}" == case["first"]
    assert f"{two.paid_minor} open {two.open_minor}" == case["second"]
    foot = statements.footer(rows, money(), as_of=as_of)
    assert (foot.unapplied_minor, foot.to_pay_minor) == (
        int(case["unapplied"]),
        int(case["to_pay"]),
    )


def test_rows_stand_by_due_date_and_carry_their_receipts():
    rows = statements.lines(
        lines(), Adjustments.none(), PAID, as_of=date(2026, 3, 5), penalties={2: 9}
    )
    assert [(row.seq, row.obligation_id) for row in rows] == [(1, 1), (2, 4), (3, 2), (4, 3)]
    assert [row.receipt_ids for row in rows] == [(8,), (8,), (), ()]
    assert rows[3].due_on is None and rows[3].days_late == 0
    foot = statements.footer(rows, money(), as_of=date(2026, 3, 5))
    assert (foot.owed_minor, foot.paid_minor, foot.unapplied_minor) == (150, 105, 5)
    assert (foot.overdue_minor, foot.penalties_minor, foot.to_pay_minor) == (100, 9, 109)
    assert foot.paid_ppm == 400_000  # 100 of 250 that count towards the price


def test_a_line_not_yet_raised_is_not_on_the_statement():
    rows = statements.lines(lines(), Adjustments.none(), PAID, as_of=date(2026, 2, 19))
    assert [row.obligation_id for row in rows] == [1, 2, 3]


def test_what_a_receipt_has_unapplied():
    assert receipts.unapplied(120, [100, 20, -20]) == 20
    with pytest.raises(AssertionError):
        receipts.unapplied(100, [101])
