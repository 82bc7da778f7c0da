# ruff: noqa: E501  (a row of a table is one line)
"""The order of a collector's day, and why an account is or is not on the list."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tahsil.core.grammar.refusal import RefusedAll
from tahsil.core.steer import worklist
from tests.core.policy_files import TODAY, policy_file
from tests.core.steer.situations import facts_of, joined
from tests.tables import table

ORDER = worklist.parse(policy_file("worklist.yaml"))["collector"].at(TODAY)

# The rows stand in the order in which a collector works them.
DAY = table("""
    facts                                                                   reasons                    why
    dpd=2 overdue=900000 bounced_days=1 next_step_days=4                    bounced                    bounced yesterday, whatever was agreed
    dpd=50 overdue=700000 broken_days=1 broken_promises=1                   promise_broken,late_31_60  promise broken yesterday
    dpd=20 overdue=200000 open_promise promise_due_days=0 times_late=2      promise_due,late           promise due today
    dpd=20 overdue=100 callback_days=0 callback_minute=600 times_late=2     callback,late              call-back at ten
    dpd=20 overdue=900000 callback_days=0 callback_minute=840 times_late=2  callback,late              call-back at two, though it is larger
    dpd=20 overdue=900000 callback_days=-1 times_late=2                     callback,late              call-back of yesterday, no hour
    open_queries=1                                                          query                      a customer waits for an answer
    dpd=10 overdue=100 next_step_days=0 times_late=1                        next_step,late             the next step is today
    dpd=9 overdue=90000000                                                  first_late,late            large and late for the first time
    dpd=29 overdue=5000000                                                  first_late,late            smaller and late for the first time
    next_due_days=10 next_due=30000000                                      big_line_ahead             a bump in ten days
    dpd=45 overdue=300000                                                   late_31_60                 a month and a half
    dpd=70 overdue=99900000                                                 before_legal               soon for the committee
    dpd=5 overdue=100 uncovered_minor=0 days_since_attempt=3                no_contact                 tried and never reached
    dpd=5 overdue=100                                                       late                       late, small, not yet tried
    """)  # fmt: skip

OFF = table("""
    facts                                        why
    -                                            nothing to do
    dpd=45 overdue=300000 next_step_days=3       the next step is on Thursday
    dpd=45 overdue=300000 on_hold                a hold runs
    dpd=2 overdue=900000 bounced_days=1 on_hold  a hold runs, even after a bounce
    dpd=2 overdue=900000 uncovered_minor=0       the cheque is on its way
    bounced_days=1                               bounced and paid since
    """)  # fmt: skip


@pytest.mark.parametrize("case", DAY, ids=lambda case: case["why"])
def test_reasons(case):
    found = worklist.worklist(ORDER, facts_of(case["facts"]))
    assert len(found) == 1
    assert worklist.codes_of(ORDER, int(found.reasons[0])) == case["reasons"].split(",")


@pytest.mark.parametrize("case", OFF, ids=lambda case: case["why"])
def test_off_the_list(case):
    assert not len(worklist.worklist(ORDER, facts_of(case["facts"])))


def test_the_day_in_order():
    everyone = joined([case["facts"] for case in reversed(DAY)])
    found = worklist.worklist(ORDER, everyone)
    assert found.account_id.tolist() == list(range(len(DAY), 0, -1))
    assert (np.diff(found.priority) < 0).all()


def test_every_reason_stands_in_the_day():
    named = {code for case in DAY for code in case["reasons"].split(",")}
    assert named == set(worklist.REASONS) == {rule.code for rule in ORDER.reasons}


def test_a_query_breaks_through_a_hold():
    found = worklist.worklist(ORDER, facts_of("open_queries=2 on_hold"))
    assert worklist.codes_of(ORDER, int(found.reasons[0])) == ["query"]


def test_explain_says_the_sentence_and_what_keeps_it_off():
    everyone = joined(["dpd=45 overdue=300000 next_step_days=3", "dpd=45 overdue=300000"])
    waiting, listed = (worklist.explain(ORDER, everyone, account) for account in (1, 2))
    assert not waiting.is_listed
    assert str(waiting.kept_off[0]).startswith("The next step is in 3 days")
    assert [test.passed for test in waiting.tests["late_31_60"]] == [True]
    assert listed.is_listed
    assert [str(reason) for reason in listed.reasons] == ["DPD 45 with 300000 past due."]
    assert listed.priority == worklist.worklist(ORDER, everyone).priority[0]
    held = worklist.explain(ORDER, facts_of("dpd=45 overdue=1 on_hold"), 1)
    assert [reason.code for reason in held.kept_off] == ["worklist.on_hold"]


@given(st.lists(st.sampled_from([case["facts"] for case in DAY + OFF]), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_the_list_is_the_same_whoever_stands_beside(texts):
    found = worklist.worklist(ORDER, joined(texts))
    alone = {
        account: worklist.worklist(ORDER, facts_of(text)).priority.tolist()
        for account, text in enumerate(texts, start=1)
    }
    pairs = zip(found.account_id.tolist(), found.priority.tolist(), strict=True)
    together = {account: [value] for account, value in pairs}
    assert together == {account: value for account, value in alone.items() if value}


FAULTS = table("""
    change                                                                code                     why
    value.pop("point_minor")                                              policy.missing_key       no points
    value.update(point_minor=0)                                           worklist.point           points of nothing
    reasons[0].update(code="whim")                                        worklist.unknown_reason  a reason that is not on the list
    reasons[0].update(code="late")                                        worklist.duplicate       one reason twice
    reasons[0].update(weight=0)                                           worklist.weight          a reason without weight
    reasons[0].update(despite=["law"])                                    worklist.despite         breaking through the law
    reasons[0].update(when=[{"fact": "mood", "test": "eq", "value": 1}])  condition.unknown_fact   an unknown fact
    reasons.append(4)                                                     worklist.shape           a reason that is a number
    value.pop("reasons")                                                  worklist.shape           no reasons
    """)  # fmt: skip


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case["why"])
def test_refused(case):
    document = deepcopy(policy_file("worklist.yaml"))
    value = next(iter(document["collector"]["values"].values()))
    eval(case["change"], {"value": value, "reasons": value["reasons"]})
    with pytest.raises(RefusedAll) as refused:
        worklist.parse(document)
    assert case["code"] in [part.code for part in refused.value.parts]
