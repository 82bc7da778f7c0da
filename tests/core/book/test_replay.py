"""The life of an account: reversals, back-dated receipts, and what holds of any book."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tahsil.core.book import allocation, replay, reversals, waterfall
from tahsil.core.book.allocation import Allocation, Allocations
from tahsil.core.book.obligations import adjusted, per_obligation
from tahsil.core.book.receipts import receipts_of, standing_minor
from tahsil.core.book.replay import AccountBook
from tahsil.core.book.waterfall import Waterfall
from tests.core.book.books import (
    ADJUSTED,
    EVERY_PLAN,
    LAST,
    LINES,
    PLANS,
    RECEIPTS,
    adjusting,
    book_of,
    came,
    instructing,
    on,
    owed,
    recorded,
    told,
    told_rows,
)

# The life of an account.


def test_money_stays_in_its_bank_account():
    lines = owed(("instalment", 0, 100), ("maintenance_deposit", 0, 100))
    assert told(AccountBook(lines, came((5, 150)))) == [(1, 1, 100, 5)]
    assert told(AccountBook(lines, came((5, 150), rule="maintenance"))) == [(1, 2, 100, 5)]
    assert told(AccountBook(lines, came((5, 150), rule="any"))) == [(1, 1, 100, 5), (1, 2, 50, 5)]


def test_a_reversal_opens_the_line_again_on_its_original_date():
    lines = owed(("instalment", 0, 100), ("instalment", 30, 100))
    book = AccountBook(lines, came((5, 150, 20), (25, 100)))
    assert told(book) == [
        (1, 1, 100, 5), (1, 2, 50, 5), (1, 1, -100, 20), (1, 2, -50, 20), (2, 1, 100, 25),
    ]  # fmt: skip
    assert told(book, as_of=on(19)) == [(1, 1, 100, 5), (1, 2, 50, 5)]


def test_a_receipt_reversed_on_its_own_day_pays_nothing():
    book = AccountBook(owed(("instalment", 0, 100)), came((5, 100, 5), (5, 40)))
    assert told(book) == [(2, 1, 40, 5)]


def test_a_cheque_bounced_in_the_morning_frees_its_line_for_the_days_money():
    book = AccountBook(owed(("instalment", 0, 100)), came((5, 100, 9), (9, 100)))
    assert told(book) == [(1, 1, 100, 5), (1, 1, -100, 9), (2, 1, 100, 9)]


def test_cancelling_below_what_was_paid_frees_the_newest_money():
    lines = owed(("instalment", 0, 100), ("instalment", 30, 100))
    book = AccountBook(lines, came((1, 60), (2, 40)), adjusting((1, -70, 10)))
    assert told(book) == [(1, 1, 60, 1), (2, 1, 40, 2), (2, 1, -40, 10), (1, 1, -30, 10)]


def test_newest_is_by_date_not_by_number():
    lines = owed(("instalment", 0, 100))
    book = AccountBook(lines, came((2, 40), (1, 60)), adjusting((1, -10, 10)))
    assert told(book)[-1] == (1, 1, -10, 10)
    with pytest.raises(AssertionError):
        AccountBook(lines, book.receipts.take([1, 0]))


def test_money_placed_anew_by_our_people():
    lines = owed(("instalment", 0, 100), ("fee", 0, 50))
    moves = instructing((1, 1, -30, 8), (1, 2, 30, 8))
    book = AccountBook(lines, came((1, 100)), instructions=moves)
    assert told(book) == [(1, 1, 100, 1), (1, 1, -30, 8), (1, 2, 30, 8)]


def test_a_payers_instruction_is_followed_as_far_as_the_line_reaches():
    """An earlier receipt learned of later may have closed the line meanwhile."""
    lines = owed(("instalment", 0, 100), ("fee", 0, 50))
    book = AccountBook(lines, came((1, 70), (3, 60)), instructions=instructing((2, 1, 60, 3)))
    assert told(book) == [(1, 1, 70, 1), (2, 1, 30, 3), (2, 2, 30, 3)]


def test_unapplied_money_waits_or_is_carried():
    lines = owed(("instalment", 10, 100), ("instalment", 40, 100))
    book = AccountBook(lines, came((5, 150)))
    assert told(book, Waterfall(future="none")) == []
    carried = Waterfall(future="none", is_carried=True)
    assert told(book, carried) == [(1, 1, 100, 10), (1, 2, 50, 40)]
    assert told(book, carried, as_of=on(39)) == [(1, 1, 100, 10)]


def test_a_line_is_not_paid_before_it_was_raised():
    lines = owed(("instalment", 0, 100), raised=10)
    assert told(AccountBook(lines, came((5, 80), (10, 30)))) == [(2, 1, 30, 10)]


def test_the_waterfall_in_force_on_the_day_decides():
    lines = owed(("instalment", 0, 100), ("penalty", 1, 50))
    book = AccountBook(lines, came((2, 30), (20, 30)))
    rows = replay.replay(
        book,
        waterfall_at=lambda day: (
            waterfall.CHARGES_FIRST if day >= on(20) else waterfall.PRINCIPAL_FIRST
        ),
        as_of=LAST,
    )
    assert [(row.obligation_id, row.amount_minor) for row in rows] == [(1, 30), (2, 30)]


# Corrections: nothing edited.


def test_a_backdated_receipt_appends_mirrors_and_new_rows():
    lines = owed(("instalment", 0, 100), ("instalment", 30, 100))
    before = replay.replay(
        AccountBook(lines, came((40, 100))),
        waterfall_at=lambda _: waterfall.OLDEST_FIRST,
        as_of=LAST,
    )
    late_found = receipts_of(
        [(1, 100, on(40), None, 1, 0), (2, 70, on(5), None, 1, 0)]
    )  # fmt: skip
    after = replay.replay(
        AccountBook(lines, late_found), waterfall_at=lambda _: waterfall.OLDEST_FIRST, as_of=LAST
    )
    assert allocation.difference(recorded(before), after) == [
        (2, 1, 70, on(5), 0),
        (1, 1, -100, on(40), 1),
        (1, 1, 30, on(40), 0),
        (1, 2, 70, on(40), 0),
    ]


def test_a_reversal_row_names_what_it_undoes():
    lines = owed(("instalment", 0, 100))
    rows = told_rows(AccountBook(lines, came((5, 100))))
    current = recorded(rows)
    undone = told_rows(AccountBook(lines, came((5, 100, 9))))
    assert allocation.difference(current, undone) == [(1, 1, -100, on(9), 1)]
    assert allocation.difference(current, undone) == reversals.mirror(current, effective_on=on(9))


def test_what_stands_and_what_opens_again():
    current = recorded(
        [
            Allocation(1, 7, 60, on(1)),
            Allocation(1, 8, 40, on(1)),
            Allocation(1, 7, -60, on(1), 1),
            Allocation(1, 9, 60, on(1)),
            Allocation(2, 7, 60, on(2)),
        ]
    )  # fmt: skip
    assert reversals.standing_rows(current).id.tolist() == [2, 4, 5]
    assert reversals.downstream(current, 1) == [8, 9]


# Properties of any book.


@settings(max_examples=150)
@given(LINES, RECEIPTS, ADJUSTED, EVERY_PLAN, st.integers(0, 300))
def test_nothing_is_lost_and_nothing_overpaid(lines, receipts, corrections, plan, day):
    book, as_of = book_of(lines, receipts, corrections), on(day)
    rows = told_rows(book, plan, as_of)
    held = dict(
        zip(
            book.receipts.id.tolist(),
            standing_minor(book.receipts, as_of=as_of).tolist(),
            strict=True,
        )
    )
    for receipt_id, worth in held.items():
        allocated = sum(row.amount_minor for row in rows if row.receipt_id == receipt_id)
        assert 0 <= allocated <= worth  # the rest is unapplied
    table = recorded(rows)
    paid = per_obligation(book.obligations, table.obligation_id, table.amount_minor)
    open_minor = adjusted(book.obligations, book.adjustments, as_of=as_of) - paid
    assert (open_minor >= 0).all() and (paid >= 0).all()


@settings(max_examples=100)
@given(LINES, RECEIPTS, ADJUSTED, EVERY_PLAN, st.integers(0, 250))
def test_the_future_does_not_change_the_past(lines, receipts, corrections, plan, day):
    book = book_of(lines, receipts, corrections)
    whole = [row for row in told_rows(book, plan) if row.effective_on <= on(day)]
    assert told_rows(book, plan, on(day)) == whole


@settings(max_examples=100)
@given(LINES, RECEIPTS, EVERY_PLAN, st.integers(0, 7))
def test_a_backdated_receipt_corrects_to_the_same_book(lines, receipts, plan, which):
    if which >= len(receipts):
        return
    known = receipts[:which] + receipts[which + 1 :]
    before = recorded(told_rows(book_of(lines, known), plan))
    # The one learned of last has the last number, whatever its date.
    wanted = told_rows(book_of(lines, [*known, receipts[which]]), plan)
    appended = allocation.difference(before, wanted)
    everything = recorded([*as_rows(before), *appended])
    assert netted(everything) == netted(recorded(wanted))
    assert allocation.difference(everything, wanted) == []
    numbers = set(before.id.tolist())
    assert all(row.reverses_id in numbers for row in appended if row.reverses_id)


def as_rows(table: Allocations) -> list[Allocation]:
    return [
        Allocation(*(row[name] for name in Allocations.names()[1:])) for row in table.rows()
    ]  # fmt: skip


def netted(table: Allocations) -> dict[tuple, int]:
    net: dict[tuple, int] = {}
    for row in as_rows(table):
        net[row[0], row[1], row[3]] = net.get((row[0], row[1], row[3]), 0) + row.amount_minor
    return {key: amount for key, amount in net.items() if amount}


@given(LINES, st.lists(st.integers(1, 300), min_size=1, max_size=5), PLANS)
def test_a_sum_in_parts_pays_what_it_pays_at_once(lines, parts, plan):
    def per_line(*receipts):
        table = recorded(told_rows(book_of(lines, receipts), plan))
        return per_obligation(owed(*lines), table.obligation_id, table.amount_minor).tolist()

    assert per_line((50, sum(parts), None)) == per_line(*[(50, part, None) for part in parts])


@settings(max_examples=60)
@given(LINES, RECEIPTS, EVERY_PLAN)
def test_an_entry_and_its_reversal_are_nothing(lines, receipts, plan):
    gone = [(day, amount, 30) for day, amount, _ in receipts]
    assert sum(row.amount_minor for row in told_rows(book_of(lines, gone), plan)) == 0
