"""Allocation: the loop as oracle, the waterfall's options, instructions, many at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tahsil.core.book import allocation, bulk, standing, waterfall
from tahsil.core.book.allocation import Incoming
from tahsil.core.book.categories import category_index
from tahsil.core.book.obligations import obligations_of
from tahsil.core.book.receipts import receipts_of
from tahsil.core.book.replay import AccountBook
from tahsil.core.book.waterfall import Waterfall
from tahsil.core.grammar.money import parse
from tahsil.core.grammar.refusal import Refused, RefusedAll
from tests.core.book.books import (
    LINES,
    PLANS,
    on,
    owed,
    told_rows,
)

# The cut line against the obvious loop.


def looped(credits: list[int], debts: list[int]) -> list[tuple[int, int, int]]:
    left, pieces = list(credits), []
    for d, debt in enumerate(debts):
        for c in range(len(left)):
            part = min(left[c], debt)
            if part > 0:
                pieces.append((c, d, part))
                left[c] -= part
                debt -= part
    return sorted(pieces)


AMOUNTS = st.lists(st.integers(0, 10**12), max_size=12)


@given(AMOUNTS, AMOUNTS)
def test_the_cut_line_pays_as_the_loop_does(credits, debts):
    found = allocation.allocate(np.array(credits, dtype=np.int64), np.array(debts, dtype=np.int64))
    assert sorted(zip(*(column.tolist() for column in found), strict=True)) == looped(
        credits, debts
    )


POOLED = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1000)), max_size=20)


@given(POOLED, POOLED)
def test_pools_never_pay_for_each_other(credits, debts):
    credits, debts = sorted(credits, key=lambda c: c[0]), sorted(debts, key=lambda d: d[0])
    columns = [np.array(c, dtype=np.int64) for side in (credits, debts)
               for c in ([p for p, _ in side], [a for _, a in side])]  # fmt: skip
    found = allocation.allocate_many(*columns)
    pieces = sorted(zip(*(column.tolist() for column in found), strict=True))
    wanted = []
    for pool in range(5):
        mine = [i for i, (p, _) in enumerate(credits) if p == pool]
        theirs = [i for i, (p, _) in enumerate(debts) if p == pool]
        for c, d, part in looped([credits[i][1] for i in mine], [debts[i][1] for i in theirs]):
            wanted.append((mine[c], theirs[d], part))
    assert pieces == sorted(wanted)


def test_totals_beyond_sixty_four_bits_are_noticed():
    with pytest.raises(AssertionError):
        allocation.allocate(np.full(10_000, 10**15), np.full(10_000, 10**15))


# The order of payment.


def test_order_matters_as_the_trade_works_it_out():
    """domain.md 1.1.7: 200,000 reaches the price account."""
    lines = owed(
        ("legal_cost", 50, 200_000), ("bounce_fee", 45, 50_000), ("penalty", 60, 333_764),
        ("instalment", 10, 14_400_000), ("instalment", 40, 14_400_000),
        ("maintenance_deposit", 5, 48_000_000),
    )  # fmt: skip
    receipt = Incoming(parse("200,000", "EGP"), on(61))

    def proposed(plan):
        return allocation.propose(lines, lines.amount_minor, receipt=receipt, waterfall=plan)

    assert proposed(waterfall.CHARGES_FIRST).parts == (
        (1, 200_000), (2, 50_000), (3, 333_764), (4, 14_400_000), (5, 5_016_236),
    )  # fmt: skip
    assert proposed(waterfall.PRINCIPAL_FIRST).parts == ((4, 14_400_000), (5, 5_600_000))
    instructed = receipt._replace(instructions=((6, 20_000_000),))
    with pytest.raises(Refused) as refused:
        allocation.propose(
            lines, lines.amount_minor, receipt=instructed, waterfall=waterfall.PRINCIPAL_FIRST
        )
    assert refused.value.code == "allocation.bank_account"
    moved = instructed._replace(bank_rule="maintenance")
    found = allocation.propose(
        lines, lines.amount_minor, receipt=moved, waterfall=waterfall.PRINCIPAL_FIRST
    )
    assert found == (((6, 20_000_000),), 0)


@pytest.mark.parametrize(
    ("plan", "wanted"),
    [
        (Waterfall(future="next"), [(1, 100), (2, 50), (3, 20)]),
        (Waterfall(future="last"), [(1, 100), (4, 70)]),
        (Waterfall(future="none"), [(1, 100)]),
        (Waterfall(future="spread"), [(1, 100), (2, 24), (3, 23), (4, 23)]),
        (Waterfall(by="group", order=("fee", "principal"), is_due_first=False),
         [(3, 100), (1, 70)]),
        (Waterfall(by="group", order_in_advance=("fee",)), [(1, 100), (3, 70)]),
    ],
    ids=["next", "last", "none", "spread", "group before due date", "another order ahead"],
)  # fmt: skip
def test_what_money_beyond_the_due_may_do(plan, wanted):
    lines = owed(
        ("instalment", 0, 100), ("instalment", 30, 50), ("fee", 60, 100), ("instalment", 90, 100)
    )
    receipt = Incoming(170, on(0))
    found = allocation.propose(lines, lines.amount_minor, receipt=receipt, waterfall=plan)
    assert list(found.parts) == wanted
    assert found.unapplied_minor == 170 - sum(part for _, part in wanted)


def test_a_line_without_a_date_is_paid_last_even_when_the_last_come_first():
    lines = owed(("delivery", None, 100), ("instalment", 30, 50), ("instalment", 60, 50))
    for future in ("next", "last", "spread"):
        found = allocation.propose(
            lines,
            lines.amount_minor,
            receipt=Incoming(120, on(0)),
            waterfall=Waterfall(future=future),
        )
        assert found.parts[-1] == (1, 20)


def test_an_unknown_word_in_a_waterfall_is_refused():
    with pytest.raises(Refused, match="gifts"):
        Waterfall(order=("gifts",))
    with pytest.raises(Refused, match="in one order"):
        Waterfall(is_due_first=False)


@given(LINES, PLANS, st.integers(0, 200))
def test_columns_and_lists_agree_on_the_order(lines, plan, day):
    obligations = owed(*lines)
    order = waterfall.keys(plan, obligations, as_of=on(day)).tolist()
    paid = standing.pay(
        standing.Lines(obligations), 10**6, rule=1, day=standing.day_number(on(day)), waterfall=plan
    )
    assert [position for position, _ in paid] == order


# Instructions.


def test_instructions_come_first_and_the_rest_goes_by_policy():
    lines = owed(("instalment", 0, 100), ("instalment", 30, 100), ("fee", 5, 100))
    receipt = Incoming(150, on(10), instructions=((2, 60),))
    found = allocation.propose(
        lines, lines.amount_minor, receipt=receipt, waterfall=waterfall.OLDEST_FIRST
    )
    assert found == (((2, 60), (1, 90)), 0)


def test_every_fault_of_the_instructions_is_reported():
    lines = owed(("instalment", 0, 100), ("maintenance_deposit", 0, 100))
    receipt = Incoming(150, on(0), instructions=((1, 101), (2, 50), (9, 10)))
    with pytest.raises(RefusedAll) as refused:
        allocation.propose(
            lines, lines.amount_minor, receipt=receipt, waterfall=waterfall.OLDEST_FIRST
        )
    assert [part.code for part in refused.value.parts] == [
        "allocation.beyond_open", "allocation.bank_account", "allocation.not_owed",
        "allocation.beyond_receipt",
    ]  # fmt: skip


# Many accounts.

ACCOUNTS = st.lists(
    st.tuples(LINES, st.lists(st.tuples(st.integers(0, 200), st.integers(1, 400)), max_size=5)),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60)
@given(ACCOUNTS, st.sampled_from([waterfall.OLDEST_FIRST, Waterfall()]), st.sampled_from([0, 1]))
def test_many_accounts_at_once_are_paid_as_each_alone(accounts, plan, rule):
    obligations, receipts, debtor, payer, wanted = [], [], [], [], []
    for account, (lines, money) in enumerate(accounts):
        mine, theirs = [], []
        for code, due, amount in lines:
            number = len(obligations) + len(mine) + 1
            mine.append(
                (number, category_index(code), None if due is None else on(due), None, amount)
            )
        for day, amount in money:
            theirs.append((len(receipts) + len(theirs) + 1, amount, on(day), None, rule, 0))
        book = AccountBook(obligations_of(mine), receipts_of(theirs))
        wanted += [row[:4] for row in told_rows(book, plan)]
        obligations, receipts = obligations + mine, receipts + theirs
        debtor += [account] * len(mine)
        payer += [account] * len(theirs)
    found = bulk.pay_accounts(
        obligations_of(obligations), receipts_of(receipts), waterfall=plan,
        debtor=np.array(debtor, dtype=np.int64), payer=np.array(payer, dtype=np.int64),
    )  # fmt: skip
    assert sorted(zip(*(column.tolist() for column in found), strict=True)) == sorted(wanted)


def test_accounts_that_one_cut_cannot_pay_are_named():
    lines = obligations_of(
        [(1, 2, on(0), None, 10), (2, 2, on(0), on(9), 10), (3, 2, on(0), None, 10)]
    )
    money = receipts_of(
        [
            (1, 5, on(1), on(2), 1, 0), (2, 5, on(1), None, 1, 0),
            (3, 5, on(1), None, 0, 0), (4, 5, on(1), None, 1, 0),
        ]
    )  # fmt: skip
    found = bulk.needs_replay(
        lines, money, debtor=np.array([1, 2, 3]), payer=np.array([1, 2, 3, 3])
    )
    assert found.tolist() == [1, 2, 3]
    with pytest.raises(Refused):
        bulk.pay_accounts(
            lines, money, debtor=np.array([1, 2, 3]), payer=np.array([1, 2, 3, 3]),
            waterfall=Waterfall(future="last"),
        )  # fmt: skip
