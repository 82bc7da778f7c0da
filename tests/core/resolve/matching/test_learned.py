"""What people's corrections teach: payers, fees, and which patterns may post."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tahsil.core.resolve.matching.decide import match
from tahsil.core.resolve.matching.learned import Learned, learn, learn_all, may_post, wilson
from tahsil.core.resolve.matching.policy import Policy
from tests.core.resolve.matching.situations import BOOK, decide, line, said
from tests.tables import table

POLICY = Policy()
PROVEN, AUTOMATIC, NEITHER = "none+near+oldest", "reference+full+exact", "none+full+rule"


def taught(times: int, text: str = "TRANSFER", **more: object) -> Learned:
    learned = Learned()
    for n in range(times):
        one = line(text, 50_000, 90 + n, **more)
        decision = decide(one)[0]
        learned = learn(learned, one, decision, account_id=1, paid=((1, 50_000_00),))
    return learned


def test_a_payer_learned_once_is_a_suggestion_and_twice_is_known():
    payer = {"payer": "Yousry Badawi Trading", "payer_account": "EG77 0001"}
    nobody, once, twice = (
        decide(line("TRANSFER", 120_000, **payer), learned=taught(times, **payer))[0]
        for times in (0, 1, 2)
    )
    assert (nobody.kind, nobody.account_id) == ("leave", None)
    assert (once.kind, once.account_id) == ("propose", 1)
    assert (twice.kind, twice.account_id, said(twice)) == ("auto", 1, "CT00571/04=120000")
    assert twice.pattern == "payer+known+oldest"


def test_a_payer_of_two_accounts_is_never_enough():
    payer = {"payer": "Yousry Badawi Exchange"}
    learned = taught(2, **payer)
    one = line("TRANSFER", 50_000, **payer)
    learned = learn(learned, one, decide(one)[0], account_id=2, paid=((5, 50_000_00),))
    assert decide(line("TRANSFER", 120_000, **payer), learned=learned)[0].kind != "auto"


def test_a_third_party_known_by_now_posts_with_its_reference():
    payer = {"payer": "Yousry Badawi"}
    first, later = (
        decide(line("CT00571/01", 50_000, **payer), learned=learned)[0]
        for learned in (None, taught(2, "CT00571/01", **payer))
    )
    assert (first.kind, later.kind) == ("propose", "auto")


def test_a_fee_seen_twice_is_expected():
    learned = Learned()
    odd = line("Mona Hassan El Kholy CT00572/05", 74_963)
    for _ in range(2):
        learned = learn(
            learned, odd, decide(odd)[0], account_id=2, paid=((7, 7_496_300),), short_minor=3_700
        )
    before, after = decide(odd)[0], decide(odd, learned=learned)[0]
    assert [one.pattern.split("+")[-1] for one in (before, after)] == ["partial", "short"]


POSTING = table("""
    pattern               right  wrong  others  may  why
    none+near+oldest      0      0      0       no   nothing confirmed yet
    none+near+oldest      150    0      0       no   too few lines of the firm
    none+near+oldest      300    0      500     no   right so far, but too few to be sure of 99.5 %
    none+near+oldest      600    0      0       yes  proven
    none+near+oldest      600    9      0       no   wrong too often
    reference+full+exact  0      0      0       yes  posts from the first day
    reference+full+exact  28     1      0       yes  one mistake proves nothing
    reference+full+exact  400    1      0       yes  nor here
    reference+full+exact  380    20     0       no   clearly worse than promised
    none+full+rule        900    0      0       no   never posts
    """)  # fmt: skip


@pytest.mark.parametrize("case", POSTING, ids=lambda case: f"{case['pattern']}: {case['why']}")
def test_which_patterns_post(case):
    record = {case["pattern"]: (int(case["right"]), int(case["wrong"]))}
    if others := int(case["others"]):
        record["other"] = (others, 0)
    may = may_post(case["pattern"], policy=POLICY, learned=Learned(record=record))
    assert may == (case["may"] == "yes")


def test_a_proven_pattern_posts():
    one = line("TAREK NABIL FAHNY", 33_133)
    before = decide(one)[0]
    learned = Learned(record={before.pattern: (700, 0)})
    after = decide(one, learned=learned)[0]
    assert (before.kind, before.is_clear, after.kind) == ("propose", True, "auto")


def test_only_clear_answers_count_for_their_pattern():
    tie = line("S ADEL GHALI", 50_000)
    decision = decide(tie)[0]
    learned = learn(Learned(), tie, decision, account_id=4, paid=decision.allocations)
    assert learned.confirmed == 0
    clear = line("CT00571/01", 50_000)
    right = decide(clear)[0]
    confirmed = [(clear, right, 1, right.allocations, 0), (clear, right, 2, ((5, 1),), 0)]
    assert learn_all(learned, confirmed).record == {right.pattern: (1, 1)}


def test_the_wilson_bounds():
    low, high = wilson(99, 100)
    assert low == pytest.approx(0.9564, abs=1e-3)
    assert high == pytest.approx(0.9978, abs=1e-3)


def test_thresholds_are_policy():
    one = line("CT00571/01", 50_000)
    strict = replace(POLICY, score=12.0)
    none = replace(POLICY, automatic=frozenset())
    assert [match(BOOK, [one], policy=p)[0].kind for p in (POLICY, strict, none)] == [
        "auto", "propose", "propose",
    ]  # fmt: skip
