"""What holds for every set of lines, and how well two makes of invented lines are matched."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import cash, cash_score
from tahsil.core.resolve.matching.decide import match
from tahsil.core.resolve.matching.policy import Policy
from tahsil.core.resolve.matching.rows import AUTO
from tests.core.resolve.matching import otherwise
from tests.core.resolve.matching.situations import BOOK, decide, line

POLICY = Policy()
SMALL = {"lines": 160, "items": 400, "debtors": 64}
WORLDS = {"bench": cash.make, "otherwise": otherwise.make}

NAMES = ("كريم سيد سليمان الجندي", "MONA HASSAN EL KHOLY", "SAMIRA ADEL GHALI", "NOBODY KNOWN", "")
REFERENCES = ("CT00571/01", "CT00571/02", "CT00572/03", "CT00571", "NC00300/01", "CHQ 123", "")
AMOUNTS = (50_000, 100_000, 20_000, 49_975, 120_000, 144_000, 50_001)
LINES = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(REFERENCES), st.sampled_from(AMOUNTS)),
    max_size=9,
)


def made(rows):
    return [line(f"{n} {r} {k}", amount, k + 1) for k, (n, r, amount) in enumerate(rows)]


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_no_more_is_allocated_than_came_or_is_open(rows):
    lines = made(rows)
    taken: Counter[int] = Counter()
    for one, decision in zip(lines, decide(*lines), strict=True):
        parts = sum(amount for _, amount in decision.allocations)
        assert all(amount > 0 for _, amount in decision.allocations)
        if decision.allocations:
            assert parts + decision.unapplied_minor == one.amount_minor
        for item, amount in decision.allocations:
            taken[item] += amount
    open_minor = {item.id: item.open_minor for item in BOOK.owed}
    assert all(amount <= open_minor[item] for item, amount in taken.items())


@given(LINES, st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_order_of_lines_changes_nothing(rows, random):
    lines = made(rows)
    shuffled = random.sample(lines, len(lines))
    by_id = {decision.line_id: decision for decision in decide(*lines)}
    assert {decision.line_id: decision for decision in decide(*shuffled)} == by_id


@pytest.mark.parametrize("name", WORLDS)
def test_the_order_of_the_book_changes_nothing(name):
    world = WORLDS[name](seed=5, **SMALL)
    lines = [cash_score.line_of(each) for each in world.lines]
    book = cash_score.book_of(world)
    turned = book._replace(accounts=book.accounts[::-1], owed=book.owed[::-1])
    assert match(book, lines, policy=POLICY) == match(turned, lines, policy=POLICY)


@pytest.mark.parametrize("name", WORLDS)
def test_invented_lines_are_matched_carefully(name):
    world = WORLDS[name](seed=11, lines=600, items=1_500, debtors=240)
    found = cash_score.figures(world, cash_score.cold(world, POLICY))
    assert found["auto of decidable"] > 0.7
    assert found["precision but for equals"] >= 0.99
    assert found["wrong account lines"] == 0
    assert found["duplicates caught"] >= 0.99
    assert found["unrelated posted"] == 0


def test_a_score_knows_a_wrong_answer():
    world = cash.make(seed=2, **SMALL)
    decisions = cash_score.cold(world, POLICY)
    wrong = [
        one if one.kind != AUTO else type(one)(**{**vars(one), "account_id": -1})
        for one in decisions
    ]
    found = cash_score.figures(world, wrong)
    assert (found["precision"], found["wrong account"]) == (0, 1)
    assert found["points"] < -10


def test_one_seed_makes_one_world():
    assert cash.make(seed=3, **SMALL).lines == cash.make(seed=3, **SMALL).lines
    assert cash.make(seed=3, **SMALL).lines != cash.make(seed=4, **SMALL).lines
    assert {each.kind for each in cash.make(seed=3, **SMALL).lines} == set(cash.CLASSES)
