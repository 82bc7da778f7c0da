"""The words the rest is said in: refusals, lifecycles, dated policies, verdicts, columns."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tahsil.core.grammar.authority import (
    Answer,
    Grant,
    Reach,
    Standing,
    allow,
    ask,
    can,
    deny,
    strictest,
)
from tahsil.core.grammar.columns import Columns, positions_of, sum_by
from tahsil.core.grammar.lifecycle import LIFECYCLES, PROMISE
from tahsil.core.grammar.policy import Dated
from tahsil.core.grammar.refusal import Refused, RefusedAll
from tests.tables import table


def test_a_refusal_says_its_facts_and_survives_a_process():
    refused = Refused("x.y", "Line {line} waits for {events}.", line=3, events=["roof", "keys"])
    assert str(refused) == "Line 3 waits for roof, keys."
    again = pickle.loads(pickle.dumps(refused))
    assert (again.code, again.facts, str(again)) == ("x.y", refused.facts, str(refused))


def test_refusals_together_are_all_said():
    parts = [Refused("a", "First {n}.", n=1), Refused("b", "Second.")]
    together = RefusedAll("c", "{count} faults.", parts, count=2)
    assert str(together).splitlines() == ["2 faults.", "  First 1.", "  Second."]


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda each: each.name)
def test_every_state_is_reached_and_every_refusal_says_what_is_possible(lifecycle):
    assert lifecycle.unreachable() == set()
    for state in lifecycle.states():
        for verb in lifecycle.moves:
            if verb in lifecycle.possible(state):
                assert lifecycle.step(state, verb) in lifecycle.states()
                continue
            with pytest.raises(Refused) as refused:
                lifecycle.step(state, verb)
            possible = lifecycle.possible(state) or ["nothing"]
            assert refused.value.facts["can"] == possible


def test_a_kept_promise_is_not_broken():
    with pytest.raises(Refused) as refused:
        PROMISE.step("kept", "break")
    assert refused.value.code == "promise.state"


FEE = Dated("late_fee", ((date(2025, 1, 1), 100), (date(2026, 1, 1), 150)))


@pytest.mark.parametrize(
    "case",
    table("""
    on          value  why
    2025-01-01  100    from its first day
    2025-12-31  100    to the day before the next
    2026-01-01  150    from the next one's first day
    2099-01-01  150    and on
    """),
    ids=lambda case: case["why"],
)
def test_a_dated_value_is_the_one_in_force(case):
    assert FEE.at(date.fromisoformat(case["on"])) == int(case["value"])


def test_a_day_before_the_first_has_no_value():
    with pytest.raises(Refused) as refused:
        FEE.at(date(2024, 12, 31))
    assert refused.value.code == "policy.gap" and "2025-01-01" in str(refused.value)


@pytest.mark.parametrize("days", [[], [2, 1], [1, 1]])
def test_values_stand_in_the_order_of_their_days(days):
    with pytest.raises(Refused) as refused:
        Dated("x", tuple((date(2026, 1, day), day) for day in days))
    assert refused.value.code == "policy.dates"


ME = 7
REACH = {
    "own": Reach(ME, 1, frozenset({5}), 9),
    "team": Reach(8, 1, frozenset({5}), 9),
    "project": Reach(8, 2, frozenset({5}), 9),
    "creditor": Reach(8, 2, frozenset({6}), 9),
    "nobody's": Reach(None, None, frozenset(), 3),
}
PLACES = {"project": frozenset({5}), "creditor": frozenset({9})}


@pytest.mark.parametrize(
    "case",
    table("""
    scope     own  team  project  creditor  nobody's  why
    own       yes  no    no       no        no        mine alone
    team      yes  yes   no       no        no        my team's
    project   yes  yes   yes      no        no        a project's
    creditor  yes  yes   yes      yes       no        a creditor's
    all       yes  yes   yes      yes       yes       everybody's
    """),
    ids=lambda case: case["why"],
)
def test_a_scope_covers_what_it_names(case):
    scope = case["scope"]
    grant = Grant("r", "promise.*", scope, PLACES.get(scope, frozenset()))
    standing = Standing(ME, "Lina", frozenset({1}), (grant,))
    for name, reach in REACH.items():
        wanted = Answer.ALLOW if case[name] == "yes" else Answer.DENY
        assert can(standing, "promise.make", reach).answer == wanted, name
    assert can(standing, "receipt.record", REACH["own"]).reasons[0].code == "grant.none"


@given(st.lists(st.sampled_from(["allow", "ask", "deny"]), min_size=1, max_size=6))
def test_the_strictest_verdict_holds_with_all_its_reasons(answers):
    makers = {"allow": allow, "deny": deny}
    verdicts = [
        ask(f"c{n}", "Ask.", approvers=(f"r{n}", "both")) if each == "ask"
        else makers[each](f"c{n}", "Said.")
        for n, each in enumerate(answers)
    ]  # fmt: skip
    found = strictest(*verdicts)
    worst = max(verdict.answer for verdict in verdicts)
    assert found.answer == worst
    assert [reason.code for reason in found.reasons] == [
        reason.code for each in verdicts if each.answer == worst for reason in each.reasons
    ]
    assert len(set(found.approvers)) == len(found.approvers)
    assert bool(found.approvers) == (worst == Answer.ASK)


@dataclass(frozen=True)
class Lines(Columns):
    id: np.ndarray
    due_on: np.ndarray
    open_minor: np.ndarray


ROWS = [
    {"id": 1, "due_on": date(2026, 1, 31), "open_minor": 50},
    {"id": 2, "due_on": None, "open_minor": 0},
]


def test_rows_become_columns_and_rows_again():
    lines = Lines.from_rows(ROWS)
    assert lines.open_minor.dtype == np.int64 and lines.due_on.dtype == "datetime64[D]"
    assert list(lines.rows()) == ROWS
    assert list(lines.take(lines.open_minor > 0).rows()) == ROWS[:1]
    assert len(Lines.from_rows([])) == 0


def test_columns_of_two_lengths_or_beyond_bounds_are_faults_of_ours():
    with pytest.raises(AssertionError):
        Lines(np.zeros(1, np.int64), np.zeros(1, "datetime64[D]"), np.zeros(2, np.int64))
    with pytest.raises(AssertionError):
        Lines.from_rows([{**ROWS[0], "open_minor": 10**15 + 1}])


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-(10**15), 10**15)), max_size=40))
def test_sums_by_key_are_exact(pairs):
    keys = np.asarray([key for key, _ in pairs], dtype=np.int64)
    amounts = np.asarray([amount for _, amount in pairs], dtype=np.int64)
    wanted = [sum(amount for key, amount in pairs if key == n) for n in range(5)]
    assert sum_by(keys, amounts, 5).tolist() == wanted


@given(st.sets(st.integers(0, 50), min_size=1), st.data())
def test_ids_are_found_where_they_stand(ids, data):
    known = np.asarray(sorted(ids), dtype=np.int64)
    wanted = data.draw(st.lists(st.sampled_from(sorted(ids))))
    found = positions_of(np.asarray(wanted, dtype=np.int64), known)
    assert known[found].tolist() == wanted
    with pytest.raises(AssertionError):
        positions_of(np.asarray([51], dtype=np.int64), known)
