"""How a contract ends: what is kept and goes back, and that its money waits where it was freed."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.core.book import endings
from tahsil.core.book.categories import category_index
from tahsil.core.book.endings import Line, terms_of
from tahsil.core.book.obligations import Adjustments, obligations_of
from tahsil.core.book.receipts import receipts_of
from tahsil.core.book.replay import AccountBook, Held, replay
from tahsil.core.book.waterfall import Waterfall
from tahsil.core.grammar.columns import column
from tahsil.core.grammar.dates import NEVER, as_days
from tahsil.core.grammar.refusal import Refused
from tests.core.policy_files import policy_file
from tests.tables import table

PRICE = 6_000_000_00
END = date(2028, 2, 20)
DUBAI = 1_500_000_00
SIGNED, LATER = date(2026, 1, 1), date(2028, 3, 1)


@pytest.mark.parametrize("case", table("""
    base    share   charge    refund     why
    price   100000  60000000  124800000  ten per cent of the price
    price   70000   42000000  142800000  seven per cent of the price
    paid    250000  46200000  138600000  a quarter of what was paid
    none    0       0         184800000  nothing
    """), ids=lambda case: case["why"])  # fmt: skip
def test_the_base_matters_more_than_the_rate(case):
    paid = Line(1, "instalment", True, date(2026, 7, 13), 1_848_000_00, 1_848_000_00)
    late = Line(2, "bump", True, date(2028, 1, 13), 240_000_00, 0)
    rest = Line(3, "instalment", True, date(2028, 4, 13), 3_912_000_00, 0)
    terms = terms_of({"base": case["base"], "share_ppm": int(case["share"])})
    found = endings.settle([paid, late, rest], terms, price_minor=PRICE, on=END)
    assert (found.raised_minor, found.refund_minor) == (int(case["charge"]), int(case["refund"]))
    assert sum(amount for _, amount in found.cancelled) == PRICE


@pytest.mark.parametrize("case", table("""
    done    raised    short    refund   why
    450000  37500000  0        7500000  young: a quarter of the price, 75,000 goes back
    700000  37500000  0        7500000  the policy asks no more than its share
    """), ids=lambda case: case["why"])  # fmt: skip
def test_dubai(case):
    terms = terms_of(policy_file("ending.yaml")["AE"]["values"][date(2020, 1, 1)], "developer")
    line = Line(1, "instalment", True, SIGNED, DUBAI, 450_000_00)
    found = endings.settle([line], terms, price_minor=DUBAI, on=END, done_ppm=int(case["done"]))
    assert found.raised_minor == int(case["raised"])
    assert found.shortfall_minor == int(case["short"])
    assert found.refund_minor == int(case["refund"])
    most = endings.settle(
        [line], terms, price_minor=DUBAI, on=END, done_ppm=700_000, asked_minor=600_000_00
    )
    assert (most.raised_minor, most.shortfall_minor, most.refund_minor) == (
        450_000_00, 150_000_00, 0,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        endings.settle(
            [line], terms, price_minor=DUBAI, on=END, done_ppm=700_000, asked_minor=600_000_01
        )
    assert refused.value.code == "ending.ceiling"


@pytest.mark.parametrize("case", table("""
    held  placed  paid              why
    0     0       1>2=100           free money pays the next line where the order carries it
    100   0       -                 what waits pays nothing that falls due
    100   30      1>3=30            but what it is placed on
    60    0       1>2=40            the rest of it is free
    """), ids=lambda case: case["why"])  # fmt: skip
def test_money_that_waits_is_not_carried(case):
    lines = [(1, SIGNED, 100), (2, LATER, 100), (3, END, 30)]
    book = AccountBook(
        obligations_of([
            (key, category_index("instalment" if key < 3 else "fee"), on,
             END if key == 3 else SIGNED, amount)
            for key, on, amount in lines if key < 3 or int(case["placed"])
        ]),
        receipts_of([(1, 100, SIGNED, None, 0, 0)]),
        Adjustments(column("obligation_id", [1]), column("amount_minor", [-100]), as_days([END])),
        held=Held(
            column("receipt_id", [1, 1]), column("obligation_id", [0, 3]),
            column("amount_minor", [int(case["held"]), int(case["placed"])]), as_days([END, END]),
        ) if int(case["placed"]) else Held(
            column("receipt_id", [1]), column("obligation_id", [0]),
            column("amount_minor", [int(case["held"])]), as_days([END]),
        ),
    )  # fmt: skip
    sums: dict[tuple[int, int], int] = {}
    for row in replay(book, waterfall_at=lambda day: Waterfall(is_carried=True), as_of=NEVER):
        key = (row.receipt_id, row.obligation_id)
        sums[key] = sums.get(key, 0) + row.amount_minor
    found = " ".join(f"{money}>{line}={part}" for (money, line), part in sums.items() if part)
    assert (found or "-") == case["paid"]
