"""When a case opens, goes on and closes."""

from __future__ import annotations

import numpy as np
import pytest

from tahsil.core.steer import cases
from tests.core.steer.situations import facts_of
from tests.tables import table


@pytest.mark.parametrize("case", table("""
    facts                            active  has_case  decision  why
    dpd=3 overdue=100                True    False     open      late, and the rung calls
    dpd=1 overdue=100                False   False     nothing   late, and the rung waits
    dpd=1 overdue=100                False   True      keep      late, and being worked
    next_due_days=7                  True    False     open      a call before a big line
    due_today_minor=100              False   True      keep      the big line is due today
    due_today_minor=100              False   False     nothing   a message needs no case
    -                                False   True      close     nothing past due, nothing open
    open_promise promise_due_days=3  False   True      keep      a promise still runs
    disputed                         False   True      keep      a dispute is open
    open_queries=1                   False   True      keep      the debtor waits for an answer
    next_step_days=4                 False   True      keep      a next step is set
    -                                True    True      keep      the rung still does something
    -                                False   False     nothing   nobody owes anything
    """), ids=lambda case: case["why"])  # fmt: skip
def test_decide(case):
    found = cases.decide(
        facts_of(case["facts"]),
        is_active=np.asarray([case["active"] == "True"]),
        has_case=np.asarray([case["has_case"] == "True"]),
    )
    assert cases.DECISIONS[int(found[0])] == case["decision"]


def test_deciding_again_changes_nothing():
    situation = facts_of("dpd=3 overdue=100")
    again = cases.decide(situation, is_active=np.asarray([True]), has_case=np.asarray([True]))
    assert cases.DECISIONS[int(again[0])] == "keep"
