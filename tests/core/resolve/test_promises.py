# ruff: noqa: E501  (a row of a table is one line)
"""Promises: kept, part kept, broken or open; one at a time, and whole columns."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tahsil.core.grammar.lifecycle import PROMISE
from tahsil.core.resolve import promises
from tahsil.core.resolve.promises import Promises, Receipts, judge_one, needed_minor
from tests.tables import table


@pytest.mark.parametrize("case", table("""
    promised  received  grace_ends  as_of       state      why
    100000    0         2026-03-11  2026-03-09  open       before the date it is open
    100000    0         2026-03-11  2026-03-11  open       on the last day of grace money may still come
    100000    0         2026-03-11  2026-03-12  broken     nothing came
    100000    100000    2026-03-11  2026-03-09  kept       kept early
    100000    95000     2026-03-11  2026-03-12  kept       95 percent keeps it
    100000    94999     2026-03-11  2026-03-12  part_kept  a hair less does not
    100000    94999     2026-03-11  2026-03-11  open       part of it, and still time
    100000    1         2026-03-11  2026-03-12  part_kept  a little is a part
    100000    200000    2026-03-11  2026-03-12  kept       more than promised
    3         2         2026-03-11  2026-03-12  part_kept  the tolerance is rounded down
    """), ids=lambda case: case["why"])  # fmt: skip
def test_judge(case):
    found = judge_one(
        int(case["promised"]),
        int(case["received"]),
        date.fromisoformat(case["grace_ends"]),
        as_of=date.fromisoformat(case["as_of"]),
    )
    assert found == case["state"]


def test_states_and_verbs_are_those_of_the_lifecycle():
    for state, verb in zip(promises.STATES[1:], promises.VERBS[1:], strict=True):
        assert PROMISE.step("open", verb) == state


def test_needed():
    assert needed_minor(100_000) == 95_000
    assert needed_minor(100_000, tolerance_ppm=0) == 100_000


BASE = date(2026, 3, 1)
day = st.integers(-20, 40).map(lambda n: BASE + timedelta(days=n))
receipt = st.tuples(st.integers(1, 3), day, st.integers(1, 1_000))
promise = st.tuples(st.integers(1, 4), day, st.integers(0, 15), st.integers(1, 1_000))


@given(st.lists(promise, min_size=1, max_size=6), st.lists(receipt, max_size=12), day)
def test_received_agrees_with_the_plain_loop(made, money, as_of):
    account, since, span, amount = zip(*made, strict=True)
    last = [begin + timedelta(days=n) for begin, n in zip(since, span, strict=True)]
    table_ = Promises(
        np.asarray(account), days(since), days(last), days(last), np.asarray(amount, np.int64)
    )
    whose, on, worth = zip(*money, strict=True) if money else ((), (), ())
    receipts = Receipts(np.asarray(whose, np.int64), days(on), np.asarray(worth, np.int64))
    found = promises.received(table_, receipts, as_of=as_of)
    for row, (who, begin, end) in enumerate(zip(account, since, last, strict=True)):
        wanted = sum(
            worth for whom, on, worth in money if whom == who and begin <= on <= min(end, as_of)
        )
        assert found[row] == wanted


def days(values) -> np.ndarray:
    return np.asarray(values, dtype="datetime64[D]")


@given(st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 10**12), day), min_size=1), day)
def test_columns_agree_with_one_at_a_time(rows, as_of):
    promised, received, last = zip(*rows, strict=True)
    found = promises.judge(
        np.asarray(promised, np.int64), np.asarray(received, np.int64), days(last), as_of=as_of
    )
    one_by_one = [judge_one(*row, as_of=as_of) for row in rows]
    assert [promises.STATES[state] for state in found] == one_by_one
