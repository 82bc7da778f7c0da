# ruff: noqa: E501  (a row of a table is one line)
"""Ageing in the domain's words: single lines as a table, whole books against the plain loop."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tahsil.core.measure import ageing
from tahsil.core.measure.ageing import Accounts, Lines
from tahsil.core.measure.buckets import AgeingDefinition, Buckets
from tahsil.core.measure.pauses import resumed
from tests.core.measure.books import Account, Line, book, by_loop, ints
from tests.tables import table

AS_OF = date(2026, 3, 31)
BOUNDARIES = (1, 31, 61, 91, 181, 361)


def day(text: str) -> date | None:
    return None if text == "none" else date.fromisoformat(text)


@pytest.mark.parametrize("case", table("""
    due_on      amount  paid   disputed  as_of       dpd  overdue  today  later  undated  contested  why
    2026-01-31  50000   0      0         2026-01-31  0    0        50000  0      0        0          due today is not late
    2026-01-31  50000   0      0         2026-02-01  1    50000    0      0      0        0          the day after is day one
    2026-01-31  50000   50000  0         2026-06-01  0    0        0      0      0        0          a paid obligation is never late
    2026-01-31  50000   20000  0         2026-02-10  10   30000    0      0      0        0          only the open part is late
    2026-01-31  50000   0      50000     2026-02-10  0    0        0      0      0        50000      a disputed obligation is not late
    2026-01-31  50000   20000  40000     2026-02-10  0    0        0      0      0        30000      no more can be disputed than is open
    2026-01-31  50000   0      20000     2026-02-10  10   30000    0      0      0        20000      the undisputed rest is late
    none        50000   0      0         2026-06-01  0    0        0      0      50000    0          what waits for its event is never late
    2026-07-01  50000   0      0         2026-06-01  0    0        0      50000  0        0          an instalment ahead is not due
    """), ids=lambda case: case["why"])  # fmt: skip
def test_one_line(case):
    line = Line(day(case["due_on"]), *(int(case[name]) for name in ("amount", "paid", "disputed")))
    lines, accounts, _ = book([Account([line])])
    found = next(ageing.positions(lines, accounts, as_of=day(case["as_of"])).rows())
    words = {
        "dpd": "dpd", "overdue": "overdue_minor", "today": "due_today_minor",
        "later": "not_due_minor", "undated": "undated_minor", "contested": "disputed_minor",
    }  # fmt: skip
    assert {word: found[name] for word, name in words.items()} == {
        word: int(case[word]) for word in words
    }


@pytest.mark.parametrize("case", table("""
    due_on      grace  pauses                                       as_of       days  why
    2026-01-01  0      none                                         2026-01-11  10    without grace or pause they are DPD
    2026-01-01  3      none                                         2026-01-03  0     inside grace nobody is delinquent
    2026-01-01  3      none                                         2026-01-11  7     grace is taken off for good
    2026-01-01  0      2026-01-05/2026-01-08                        2026-01-11  7     three paused days do not count
    2026-01-01  0      2026-01-05/2026-01-08                        2026-01-06  4     only the part already past is taken off
    2026-01-01  0      2025-12-01/2026-01-04                        2026-01-11  7     a pause counts from the due date
    2026-01-01  0      2026-01-05/none                              2026-02-01  4     a pause without an end still runs
    2026-01-01  0      2026-01-05/2026-01-08,2026-01-06/2026-01-09  2026-01-11  6     days two pauses share count once
    2026-01-01  0      2026-01-05/2026-01-09,2026-01-06/2026-01-07  2026-01-11  6     a pause inside another adds nothing
    2026-01-01  30     2026-01-05/2026-01-08                        2026-01-11  0     they are never negative
    """), ids=lambda case: case["why"])  # fmt: skip
def test_delinquent_days(case):
    pauses = [] if case["pauses"] == "none" else case["pauses"].split(",")
    spans = [tuple(day(end) for end in pause.split("/")) for pause in pauses]
    one = Account([Line(day(case["due_on"]), 100)], grace=int(case["grace"]), pauses=spans)
    lines, accounts, paused = book([one])
    as_of = day(case["as_of"])
    found = ageing.positions(lines, accounts, as_of=as_of, pauses=paused)
    assert found.delinquent_days.tolist() == [int(case["days"])]
    of_line = ageing.delinquent_days_of_lines(lines, accounts, as_of=as_of, pauses=paused)
    assert of_line.tolist() == [int(case["days"])]


def test_resume_ends_the_running_pause_of_that_account_only():
    one = Account([Line(date(2026, 1, 1), 1)], pauses=[(date(2026, 1, 5), date(2026, 2, 1))])
    lines, accounts, paused = book([one, one])
    ended = resumed(paused, ints([20]), np.asarray(["2026-01-10"], "datetime64[D]"))
    found = ageing.positions(lines, accounts, as_of=date(2026, 1, 21), pauses=ended)
    assert found.delinquent_days.tolist() == [4, 15]


days = st.integers(-400, 200).map(lambda n: AS_OF + timedelta(days=n))
amounts = st.integers(-5_000, 20_000)
a_line = st.builds(
    Line,
    due=st.none() | days,
    amount=amounts,
    paid=st.integers(0, 9_000),
    disputed=st.integers(0, 9_000),
    raised=st.none() | days,
)
a_pause = st.tuples(days, st.integers(1, 90)).map(
    lambda pause: (pause[0], pause[0] + timedelta(days=pause[1]))
)
an_account = st.builds(
    Account,
    st.lists(a_line, max_size=5),
    st.integers(0, 9_000),
    st.integers(0, 40),
    st.lists(a_pause, max_size=3),
)
books = st.lists(an_account, min_size=1, max_size=5)


@given(books)
@settings(max_examples=150, deadline=None)
def test_positions_agree_with_the_plain_loop(accounts):
    lines, standing, pauses = book(accounts)
    found = ageing.positions(lines, standing, as_of=AS_OF, pauses=pauses)
    matrix = ageing.bucket_matrix(lines, standing, as_of=AS_OF)
    for row, one, spread in zip(found.rows(), accounts, matrix.tolist(), strict=True):
        wanted = by_loop(one, AS_OF, BOUNDARIES)
        assert spread == wanted["buckets"]
        assert row["balance_minor"] == wanted["open"] - one.unapplied
        assert row["oldest_due_on"] == wanted["oldest"]
        assert (row["next_due_on"], row["next_due_minor"]) == (
            wanted["next_on"],
            wanted["next_minor"],
        )
        assert row["delinquent_days"] == wanted["delinquent"]
        for name in ("open", "due_today", "overdue", "not_due", "undated", "disputed"):
            assert row[f"{name}_minor"] == wanted[name], name
        assert (row["dpd"], row["overdue_count"]) == (wanted["dpd"], wanted["overdue_count"])
        bucket = sum(wanted["dpd"] >= first for first in BOUNDARIES) - 1
        assert row["bucket"] == bucket


definitions = st.builds(
    lambda first, steps, date_of, level, counts: AgeingDefinition(
        "any", Buckets((first, *(first + 30 * n for n in range(1, steps)))), date_of, level, counts
    ),
    st.sampled_from([0, 1]),
    st.integers(1, 5),
    st.sampled_from(["due", "raised"]),
    st.sampled_from(["line", "oldest"]),
    st.sampled_from(["dpd", "delinquent"]),
)


@given(books, definitions, st.booleans())
@settings(max_examples=200, deadline=None)
def test_every_definition_adds_up_to_the_balance(accounts, definition, whole):
    lines, standing, pauses = book(accounts)
    found = ageing.aged(
        lines, standing, definition, as_of=AS_OF, pauses=pauses, has_whole_pauses=whole
    )
    wanted = [
        sum(line.amount - line.paid for line in one.lines) - one.unapplied for one in accounts
    ]
    assert found.balance_minor.tolist() == wanted


@given(books)
@settings(max_examples=60, deadline=None)
def test_blocks_make_no_difference(accounts):
    lines, standing, pauses = book(accounts)
    at_once = ageing.positions(lines, standing, as_of=AS_OF, pauses=pauses)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ageing, "BLOCK", 2)
        in_blocks = ageing.positions(lines, standing, as_of=AS_OF, pauses=pauses)
    for name in at_once.names():
        np.testing.assert_array_equal(getattr(at_once, name), getattr(in_blocks, name))


def test_by_oldest_puts_the_whole_arrears_in_one_bucket():
    lines, accounts, _ = book([Account([Line(date(2026, 1, 1), 100), Line(date(2026, 3, 30), 50)])])
    oldest = AgeingDefinition("oldest", Buckets((1, 31, 61)), level="oldest")
    assert ageing.aged(lines, accounts, oldest, as_of=AS_OF).amounts.tolist() == [[0, 0, 150]]
    assert ageing.bucket_matrix(lines, accounts, as_of=AS_OF).tolist() == [[50, 0, 100, 0, 0, 0]]


def test_by_contract_and_by_obligation():
    lines, _, _ = book([Account([Line(date(2026, 3, 30), 100), Line(date(2026, 3, 1), 50)])])
    by_contract = ageing.positions_by(ints([7, 5]), lines, as_of=AS_OF)
    assert by_contract.account_id.tolist() == [5, 7]
    assert by_contract.dpd.tolist() == [30, 1]
    assert by_contract.overdue_minor.tolist() == [50, 100]


def test_lines_out_of_order_are_a_fault():
    nat = np.full(2, np.datetime64("NaT", "D"))
    lines = Lines(ints([2, 1]), nat, nat, ints([1, 1]), ints([0, 0]), ints([0, 0]))
    accounts = Accounts(ints([1, 2]), ints([0, 0]), ints([0, 0]))
    with pytest.raises(AssertionError, match="sorted"):
        ageing.positions(lines, accounts, as_of=AS_OF)


def test_days_past_due_of_lines():
    due = np.asarray(["2026-03-30", "2026-03-31", "NaT", "2026-01-01"], "datetime64[D]")
    found = ageing.days_past_due(due, ints([5, 5, 5, 0]), as_of=AS_OF)
    assert found.tolist() == [1, 0, 0, 0]
