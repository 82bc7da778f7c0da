# ruff: noqa: E501  (a row of a table is one line)
"""Approval limits: who decides alone, who is asked, and what a limits file may not say."""

from __future__ import annotations

import pytest

from tahsil.core.grammar.refusal import RefusedAll
from tahsil.core.resolve import limits
from tests.core.policy_files import TODAY, policy_file
from tests.tables import table

LIMITS = limits.parse_limits(policy_file("authority.yaml"))


@pytest.mark.parametrize("case", table("""
    limit                 role                asked                                 answer  first_approver      why
    penalty_waiver        collector           amount_minor=0,share_ppm=0            ALLOW   -                   nothing waived needs nobody
    penalty_waiver        collector           amount_minor=1,share_ppm=1            ASK     team_leader         a collector waives nothing alone
    penalty_waiver        team_leader         amount_minor=200000,share_ppm=250000  ALLOW   -                   2,000 and a quarter is the leader's
    penalty_waiver        team_leader         amount_minor=200001,share_ppm=250000  ASK     collection_manager  a piastre above is not
    penalty_waiver        team_leader         amount_minor=100,share_ppm=250001     ASK     collection_manager  the share binds as well as the amount
    penalty_waiver        collection_manager  amount_minor=2000001,share_ppm=1      ASK     cfo                 above the manager comes finance
    penalty_waiver        gm                  amount_minor=50000001,share_ppm=1     ASK     board               above all of them the board
    penalty_waiver        auditor             amount_minor=1,share_ppm=1            ASK     team_leader         who has no limit asks
    promise               collector           days=7,renewals=2                     ALLOW   -                   a week and two renewals
    promise               collector           days=8,renewals=0                     ASK     team_leader         eight days are the leader's
    promise               collector           days=16,renewals=0                    ASK     collection_manager  sixteen are the manager's
    promise               collector           days=3,renewals=3                     ASK     team_leader         the third renewal is the leader's
    promise               team_leader         days=31,renewals=0                    ASK     board               beyond a month nobody's alone
    promise               collection_manager  days=30,renewals=9                    ALLOW   -                   an empty limit has no end
    receipt_back_dating   collector           days=1                                ALLOW   -                   yesterday's receipt
    receipt_back_dating   collector           days=30                               ASK     cfo                 into a closed month
    receipt_reversal      collector           amount_minor=1                        ASK     team_leader         a collector reverses nothing
    receipt_reallocation  team_leader         amount_minor=5000000                  ALLOW   -                   up to 50,000
    schedule_version      collection_manager  lines=3,days=180,npv_loss_ppm=0       ALLOW   -                   three lines, half a year, no loss
    schedule_version      collection_manager  lines=4,days=180,npv_loss_ppm=0       ASK     cfo                 a fourth line
    schedule_version      cfo                 lines=4,days=180,npv_loss_ppm=10001   ASK     gm                  more than one percent of value
    write_off             team_leader         amount_minor=1                        ASK     collection_manager  a leader writes nothing off
    bounce_fee_waiver     collector           count=2                               ASK     team_leader         the second in a year
    """), ids=lambda case: f"{case['limit']}: {case['why']}")  # fmt: skip
def test_judge(case):
    asked = {pair.split("=")[0]: int(pair.split("=")[1]) for pair in case["asked"].split(",")}
    verdict = limits.judge(
        LIMITS[case["limit"]].at(TODAY), roles=(case["role"],), asked=asked, currency="EGP"
    )
    assert verdict.answer.name == case["answer"]
    assert (verdict.approvers or ("-",))[0] == case["first_approver"]
    assert str(verdict.reasons[0]).endswith(".")


@pytest.mark.parametrize("case", table("""
    limit             role         asked                              answer  reason           first_approver  why
    penalty_waiver    team_leader  amount_minor=100,share_ppm=100    ASK     limit.currency   gm              100 fils are not 100 piastres
    penalty_waiver    gm           amount_minor=100,share_ppm=100    ASK     limit.currency   gm              the widest asks another, or the board
    penalty_waiver    team_leader  amount_minor=100,share_ppm=900000  ASK     limit.exceeded   gm              the share is over in any currency
    penalty_waiver    collector    amount_minor=0,share_ppm=0        ALLOW   limit.within     -               nothing is nothing in any currency
    receipt_reversal  team_leader  amount_minor=100                  ASK     limit.currency   cfo             who decides without end may agree
    receipt_reversal  cfo          amount_minor=100                  ALLOW   limit.within     -               without end in any currency
    promise           collector    days=3                            ALLOW   limit.within     -               days have no currency
    """), ids=lambda case: f"{case['limit']}: {case['why']}")  # fmt: skip
def test_an_amount_of_another_currency_is_within_no_bound(case):
    asked = {pair.split("=")[0]: int(pair.split("=")[1]) for pair in case["asked"].split(",")}
    limit = LIMITS[case["limit"]].at(TODAY)
    verdict = limits.judge(limit, roles=(case["role"],), asked=asked, currency="KWD")
    assert (verdict.answer.name, verdict.reasons[0].code) == (case["answer"], case["reason"])
    assert (verdict.approvers or ("-",))[0] == case["first_approver"]
    if case["reason"] == "limit.currency":
        assert "in EGP; " in str(verdict.reasons[0])


def test_the_widest_role_of_several_decides():
    limit = LIMITS["promise"].at(TODAY)
    verdict = limits.judge(limit, roles=("collector", "team_leader"), asked={"days": 15})
    assert verdict.answer.name == "ALLOW"
    assert limits.judge(limits.Limit("x", {}), roles=("gm",), asked={}).answer.name == "DENY"


def test_every_fault_is_told_at_once():
    document = {
        "waiver": {
            "description": "Waiver",
            "values": {"2026-01-01": {"janitor": {}, "cfo": {"metres": 1, "days": -1}, "gm": 5}},
        },
        "other": {"description": "Other", "source": "Board", "values": {"2026-01-01": []}},
    }
    with pytest.raises(RefusedAll) as refused:
        limits.parse_limits(document)
    assert [part.code for part in refused.value.parts] == [
        "policy.missing_key", "policy.unknown_key", "policy.unknown_key", "limit.bound",
        "policy.shape", "policy.shape",
    ]  # fmt: skip
