# ruff: noqa: E501  (a row of a table is one line)
"""Ladders: which rung in which situation, why, and what a ladder file may not say."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tahsil.core.grammar.refusal import RefusedAll
from tahsil.core.steer import conditions, facts, ladders
from tests.core.policy_files import TODAY, policy_file
from tests.core.steer.situations import facts_of, joined
from tests.tables import table

LADDERS = {
    name: ladders.parse(policy_file(f"ladder_{name}.yaml"))[name].at(TODAY)
    for name in ("developer", "rent", "car")
}
DEVELOPER = LADDERS["developer"]

SITUATIONS = table("""
    facts                                                rung           treatment         why
    -                                                    nothing        none              nothing owed for a month
    next_due_days=30 next_due=25000000                   before_30_big  remind            a bump in a month
    next_due_days=30 next_due=24999999                   nothing        none              an ordinary line in a month
    next_due_days=15 next_due=100                        before_15      remind            a line in two weeks
    next_due_days=15 next_due=25000000                   before_15_big  call              a bump in two weeks is called about
    next_due_days=5 next_due=100                         before_7       remind            a line within the week
    next_due_days=7 next_due=100 risk_grade=D            before_7_risk  call              a risky account within the week
    next_due_days=2 next_due=25000000                    before_7_big   call              a bump in two days
    next_due_days=3 next_due=100                         before_3       remind            a line in three days
    next_due_days=1 next_due=100                         before_1       remind            a line tomorrow
    due_today_minor=100 next_due_days=30                 due_today      message           a line today
    dpd=1 overdue=100 uncovered_minor=0                  day_1_covered  none              the cheque is at the bank
    dpd=1 overdue=100                                    day_1          message           missed yesterday, nothing behind it
    dpd=1 overdue=100 bounced_days=1                     bounced        call              the cheque came back
    dpd=3 overdue=100 uncovered_minor=0                  day_3          call              three days, cover or not
    dpd=7 overdue=100                                    day_7          call              grace ends
    dpd=14 overdue=100                                   day_7          call              still on the rung of day seven
    dpd=15 overdue=100                                   day_15         letter            two weeks
    dpd=30 overdue=100                                   day_30         leader_call       a month
    dpd=2 overdue=100 broken_promises=2                  broken_twice   manager_call      two broken promises outrank the days
    dpd=45 overdue=100 broken_promises=2                 day_45         settlement_offer  at 45 days the manager calls anyhow
    dpd=60 overdue=100                                   day_60         formal_notice     two months
    dpd=90 overdue=100                                   day_90         legal_review      the committee
    dpd=500 overdue=100                                  day_120        legal_review      suit or termination
    dpd=500 overdue=100 on_hold                          on_hold        none              a hold pauses everything
    dpd=95 overdue=100 open_promise promise_due_days=3   promise_open   none              a promise still running
    dpd=95 overdue=100 open_promise promise_due_days=0   promise_today  call              a promise due today
    dpd=95 overdue=100 open_promise promise_due_days=-1  promise_today  call              a promise in its grace
    dpd=95 overdue=100 hardship                          hardship       plan_offer        hardship gets a plan, not the committee
    dpd=10 overdue=100 disputed                          disputed_rest  message           only the undisputed rest, and gently
    dpd=40 overdue=100 disputed                          day_30         leader_call       the rest is long overdue
    disputed                                             disputed       none              everything past due is disputed
    """)  # fmt: skip


@pytest.mark.parametrize("case", SITUATIONS, ids=lambda case: case["why"])
def test_the_developer_ladder(case):
    situation = facts_of(case["facts"])
    rung = DEVELOPER.rungs[int(ladders.choose(DEVELOPER, situation)[0])]
    assert (rung.code, rung.treatment) == (case["rung"], case["treatment"])


def test_every_rung_of_the_developer_ladder_has_a_situation():
    assert {case["rung"] for case in SITUATIONS} == set(DEVELOPER.codes)


def sampled(ladder: ladders.Ladder) -> facts.Facts:
    """Accounts with every mix of values at and just beside the borders the rungs name."""
    rng = np.random.default_rng(7)
    borders: dict[str, set] = {}
    for rung in ladder.rungs:
        for one in rung.when:
            values = one.value if isinstance(one.value, tuple) else (one.value,)
            for value in values:
                kind = facts.VOCABULARY[one.fact][0]
                near = {value - 1, value, value + 1} if kind is int else {value}
                quiet = facts.QUIET[one.fact]
                borders.setdefault(one.fact, {quiet, False} if kind is bool else {quiet}).update(
                    near
                )
    size = 40_000
    columns = {name: np.full(size, quiet) for name, quiet in facts.QUIET.items()}
    for name, values in borders.items():
        mixed = rng.choice(sorted(values), size)
        # Most accounts are quiet in most respects, otherwise the severe rungs hide the mild ones.
        columns[name] = np.where(rng.random(size) < 0.5, mixed, facts.QUIET[name])
    return facts.Facts(np.arange(size), **columns)


@pytest.mark.parametrize("name", LADDERS)
def test_every_rung_can_be_reached(name):
    chosen = ladders.choose(LADDERS[name], sampled(LADDERS[name]))
    missed = set(range(len(LADDERS[name].rungs))) - set(chosen.tolist())
    assert not {LADDERS[name].codes[index] for index in missed}


@pytest.mark.parametrize("name", LADDERS)
def test_choosing_and_explaining_agree(name):
    ladder, everyone = LADDERS[name], sampled(LADDERS[name]).take(np.arange(300))
    codes = ladders.codes_of(ladder, ladders.choose(ladder, everyone))
    for code, row in zip(codes, everyone.rows(), strict=True):
        answers = ladders.explain(ladder, row)
        assert [answer.code for answer in answers if answer.is_chosen] == [code]
        assert next(answer.code for answer in answers if answer.held) == code
        assert [answer.code for answer in answers] == list(ladder.codes)


@given(st.lists(st.sampled_from([case["facts"] for case in SITUATIONS]), min_size=1, max_size=9))
@settings(max_examples=30, deadline=None)
def test_an_account_is_judged_alone(texts):
    together = ladders.choose(DEVELOPER, joined(texts)).tolist()
    assert together == [int(ladders.choose(DEVELOPER, facts_of(text))[0]) for text in texts]


EXPLAINED = table("""
    facts                                               rung           fact                 test     wanted      found     passed  why
    dpd=95 overdue=100                                  day_90         dpd                  ge       90          95        True    90 days are reached
    dpd=95 overdue=100                                  day_120        dpd                  ge       120         95        False   120 are not
    dpd=95 overdue=100 on_hold                          on_hold        on_hold              eq       True        True      True    a hold runs
    dpd=95 overdue=100                                  on_hold        on_hold              eq       True        False     False   no hold runs
    dpd=95 overdue=100 open_promise promise_due_days=3  promise_open   promise_due_days     ge       1           3         True    the promise has three days left
    dpd=95 overdue=100                                  promise_open   promise_due_days     ge       1           99999     True    no promise counts as none due
    dpd=10 overdue=100 disputed                         disputed_rest  dpd                  between  (1, 30)     10        True    within the first month
    dpd=40 overdue=100 disputed                         disputed_rest  dpd                  between  (1, 30)     40        False   beyond the first month
    next_due_days=6 risk_grade=C                        before_7_risk  risk_grade           in       ('C', 'D')  C         True    one of the risky grades
    next_due_days=6 risk_grade=A                        before_7_risk  risk_grade           in       ('C', 'D')  A         False   a good grade
    next_due_days=6 next_due=25000000                   before_7_big   next_due_base_minor  ge       25000000    25000000  True    a big line
    dpd=1 overdue=100 uncovered_minor=0                 day_1          uncovered_minor      gt       0           0         False   a cheque stands behind it
    """)  # fmt: skip


@pytest.mark.parametrize("case", EXPLAINED, ids=lambda case: f"{case['rung']}: {case['why']}")
def test_explain_shows_every_test_with_the_value_found(case):
    row = next(facts_of(case["facts"]).rows())
    answer = next(one for one in ladders.explain(DEVELOPER, row) if one.code == case["rung"])
    tried = next(one for one in answer.tests if one.fact == case["fact"])
    shown = [tried.test, *(str(value) for value in (tried.wanted, tried.found, tried.passed))]
    assert shown == [case[key] for key in ("test", "wanted", "found", "passed")]


def test_only_what_differs_is_a_change():
    before = np.asarray(["day_3", "", "day_7"])
    after = np.asarray(["day_7", "nothing", "day_7"])
    found = ladders.changes(np.asarray([4, 5, 6]), before=before, after=after)
    assert list(found.rows()) == [
        {"account_id": 4, "before": "day_3", "after": "day_7"},
        {"account_id": 5, "before": "", "after": "nothing"},
    ]
    assert not len(ladders.changes(np.asarray([4]), before=after[:1], after=after[:1]))


@pytest.mark.parametrize("case", table("""
    rung     days_since  due    why
    day_3    -1          True   never treated on this rung
    day_3    1           False  called yesterday
    day_3    2           True   the step has passed
    day_1    400         False  a treatment given once
    nothing  -1          False  there is nothing to do
    """), ids=lambda case: case["why"])  # fmt: skip
def test_when_a_treatment_is_due_again(case):
    chosen = np.asarray([DEVELOPER.codes.index(case["rung"])])
    found = ladders.due_again(DEVELOPER, chosen, np.asarray([int(case["days_since"])]))
    assert str(found[0]) == case["due"]


@pytest.mark.parametrize("name", LADDERS)
def test_shipped_ladders_speak_three_languages_and_end_with_everyone(name):
    for rung in LADDERS[name].rungs:
        assert set(rung.labels) == set(ladders.LANGUAGES)
        assert all(label.strip() for label in rung.labels.values())
    assert LADDERS[name].rungs[-1].when == ()
    assert not LADDERS[name].is_active()[-1]
    assert LADDERS[name].priorities()[-1] == 0


SMALL = {
    "description": "A small ladder",
    "source": "Board",
    "values": {
        date(2026, 1, 1): {
            "rungs": [
                {
                    "code": "late",
                    "when": [{"fact": "dpd", "test": "ge", "value": 1}],
                    "treatment": "call",
                    "channel": "call",
                    "labels": {"en": "Late", "ar": "متأخر", "hi": "देर"},
                },
                {
                    "code": "rest",
                    "treatment": "none",
                    "channel": "none",
                    "labels": {"en": "Rest", "ar": "الباقي", "hi": "शेष"},
                },
            ]
        }
    },
}

FAULTS = table("""
    change                                                             code                    why
    small.pop("source")                                                policy.missing_key      a policy without a source
    small.update(colour="red")                                         policy.unknown_key      an unknown key
    small.update(values={})                                            policy.values           no value at all
    rungs[0].update(weight=4)                                          policy.unknown_key      an unknown key of a rung
    rungs[0].pop("code")                                               policy.missing_key      a rung without a code
    rungs[0].update(treatment="shout")                                 policy.word             a treatment that is not on the list
    rungs[0].update(channel="drum")                                    policy.word             a channel that is not on the list
    rungs[0].update(step_days=-1)                                      ladder.number           a step backwards
    rungs[0]["labels"].pop("ar")                                       ladder.labels           a label that lacks a language
    rungs[0].update(when="dpd >= 1")                                   condition.shape         an expression instead of a list
    rungs[0].update(when=["dpd"])                                      condition.shape         a condition that is a word
    rungs[0]["when"][0].update(fact="mood")                            condition.unknown_fact  a fact that does not exist
    rungs[0]["when"][0].update(test="like")                            condition.unknown_test  a test that does not exist
    rungs[0]["when"][0].update(value="1")                              condition.value         text where a number belongs
    rungs[0]["when"][0].update(value=True)                             condition.value         a truth where a number belongs
    rungs[0]["when"][0].update(test="between", value=[5, 1])           condition.value         a range backwards
    rungs[0]["when"][0].update(test="in", value=[])                    condition.value         one of nothing
    rungs[0]["when"][0].update(fact="on_hold", test="gt", value=True)  condition.value         an order of truths
    rungs[1].update(code="late")                                       ladder.duplicate        two rungs of one code
    rungs[1].update(when=[{"fact": "dpd", "test": "ge", "value": 0}])  ladder.last_rung        a last rung that may not hold
    rungs[0].update(when=[])                                           ladder.hidden_rungs     a first rung that hides the others
    rungs.append("later")                                              policy.shape            a rung that is a word
    rungs.clear()                                                      ladder.shape            no rungs
    """)  # fmt: skip


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case["why"])
def test_refused(case):
    small = deepcopy(SMALL)
    rungs = small["values"][date(2026, 1, 1)]["rungs"]
    eval(case["change"], {"small": small, "rungs": rungs})
    with pytest.raises(RefusedAll) as refused:
        ladders.parse({"small": small})
    assert case["code"] in [part.code for part in refused.value.parts]
    assert all(str(part) for part in refused.value.parts)


def test_the_small_ladder_itself_is_taken():
    assert ladders.parse({"small": SMALL})["small"].at(TODAY).codes == ("late", "rest")


def test_all_faults_are_told_at_once():
    small = deepcopy(SMALL)
    small.pop("source")
    rungs = small["values"][date(2026, 1, 1)]["rungs"]
    rungs[0]["treatment"] = "shout"
    rungs[0]["when"].append({"fact": "mood", "test": "eq", "value": 1})
    rungs[1]["code"] = "late"
    with pytest.raises(RefusedAll) as refused:
        ladders.parse({"small": small, "empty": 5})
    assert [part.code for part in refused.value.parts] == [
        "policy.missing_key", "condition.unknown_fact", "policy.word", "ladder.duplicate",
        "policy.shape",
    ]  # fmt: skip
    assert "small 2026-01-01 rung 1 (late)" in str(refused.value)


@pytest.mark.parametrize("test", conditions.TESTS)
def test_each_test_means_the_same_for_one_and_for_many(test):
    value = {"in": (1, 3), "between": (1, 3)}.get(test, 2)
    condition = conditions.Condition("dpd", test, value)
    everyone = joined([f"dpd={n}" for n in range(5)])
    together = conditions.all_hold((condition,), everyone).tolist()
    assert together == [conditions.tried((condition,), row)[0].passed for row in everyone.rows()]
    assert set(together) == {True, False}
