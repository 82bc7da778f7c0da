"""Rules of conduct by table: one row, one situation, in the words of who must follow them."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tahsil.core.conduct.counting import Days, last_day
from tahsil.core.conduct.evaluate import earliest, judge
from tahsil.core.conduct.facts import as_day
from tahsil.core.conduct.packs import read_pack
from tahsil.core.grammar.refusal import Refused, RefusedAll
from tests.core.conduct.shipped import packs, verdict
from tests.core.policy_files import policy_file
from tests.tables import table

COLLECTOR: dict[str, Any] = {
    "regime": "us.reg_f", "actor": "third_party_collector", "tz": "America/New_York",
    "debts": [{"id": "D1"}],
}  # fmt: skip
WEEK = [{"at": f"2026-04-0{day}T10:00", "channel": "call", "outcome": "no_answer",
         "debts": ["D1"]} for day in range(1, 8)]  # fmt: skip


def call(at: str, **more: Any) -> dict[str, Any]:
    return {"at": at, "channel": "call", "debts": ["D1"], **more}


@pytest.mark.parametrize("row", table("""
    at                decision        why
    2026-04-07T15:00  deny            the eighth in seven days
    2026-04-08T09:30  allow           a day later, though no 168 hours passed
    2026-04-08T07:59  deny            a minute before eight
    2026-04-08T08:00  allow           on the opening minute
    2026-04-08T20:59  allow           the last minute
    2026-04-08T21:00  deny            on the closing minute
"""), ids=lambda row: row["why"])  # fmt: skip
def test_calls_by_the_calendar(row):
    found = verdict(**COLLECTOR, history=WEEK, proposed=call(row["at"]))
    assert found["decision"] == row["decision"]


def test_a_call_of_unsaid_debts_counts_to_each():
    past = [{key: value for key, value in one.items() if key != "debts"} for one in WEEK]
    asked = {"at": "2026-04-07T15:00", "channel": "call"}
    for debts in ([], [{"id": "D1"}, {"id": "D2"}]):
        found = verdict(**{**COLLECTOR, "debts": debts}, history=past, proposed=asked)
        assert found["reasons"] == ["US-REGF-FREQ-7IN7"]


def test_calls_to_a_number_found_to_be_another_person_leave_the_count():
    past = [{**one, "address": "+1-555-0100"} for one in WEEK]
    learned = [{"at": "2026-04-07T12:00", "type": "wrong_number_learned", "address": "+1-555-0100"}]
    asked = call("2026-04-07T15:00", address="+1-555-0101")
    assert verdict(**COLLECTOR, history=past, proposed=asked)["decision"] == "deny"
    found = verdict(**COLLECTOR, history=past, state=learned, proposed=asked)
    assert found["counted_calls_including_proposed"] == {"D1": 1}
    assert found["decision"] == "allow"


def test_free_calls_are_counted_where_there_is_room():
    debts = [{"id": "D1"}, {"id": "D2"}]
    past = [{**one, "debts": ["D1", "D2"]} for one in WEEK]
    found = verdict(
        **{**COLLECTOR, "debts": debts}, history=past, proposed=call("2026-04-07T15:00")
    )
    assert found["counted_calls_including_proposed"] == {"D1": 5}


@pytest.mark.parametrize("row", table("""
    by                             decision  effect                 why
    third_party_collector          deny      prohibited             a collector is bound
    first_party_creditor_own_name  allow     regime_not_applicable  a creditor in its own name
    somebody_new                   deny      prohibited             not known to be outside
"""), ids=lambda row: row["why"])  # fmt: skip
def test_who_is_bound(row):
    found = verdict(**{**COLLECTOR, "actor": row["by"]}, proposed=call("2026-04-07T22:00"))
    assert (found["decision"], found["legal_effect"]) == (row["decision"], row["effect"])


def test_what_is_not_known_is_never_allowed_in_silence():
    for asked, more, missing in (
        ({"type": "unheard_of"}, {}, ["unheard_of"]),
        (call("2026-04-07T10:00"), {"state": [{"type": "consumer_statement",
                                               "rule": {"place_closed": "home"}}]},
         ["proposed.address_kind"]),
        (call("2026-04-07T10:00"), {"state": [{"type": "consumer_statement",
                                               "said": "no_calls_at_work"}]},
         ["proposed.address_kind"]),
        (call("2026-04-07T10:00"), {"state": [{"type": "unheard_of"}]}, ["state.unheard_of"]),
        ({"at": "2026-04-07T10:00", "channel": "sms", "debts": ["D1"]}, {},
         ["proposed.opt_out_instruction"]),
        (call("2026-04-07T10:00"), {"state": [{"type": "consumer_statement",
                                               "rule": {"in_moonlight": True}}]},
         ["state.rule.in_moonlight"]),
    ):  # fmt: skip
        found = verdict(**COLLECTOR, **more, proposed=asked)
        assert (found["decision"], found["missing"]) == ("needs_approval", missing)


def test_a_rule_from_memory_may_forbid_but_not_let_pass():
    asked = {"channel": "call", "tz": "Asia/Kolkata"}
    loan = {"regime": "in.rbi_recovery", "loan_kind": "microfinance"}
    inside = verdict(**loan, proposed={**asked, "at": "2026-10-05T10:00"})
    outside = verdict(**loan, proposed={**asked, "at": "2026-10-05T18:30"})
    assert (inside["decision"], inside["unverified"]) == ("needs_approval", ["IN-RBI-MFI-HOURS"])
    assert (outside["decision"], outside["reasons"]) == ("deny", ["IN-RBI-MFI-HOURS"])


@pytest.mark.parametrize("row", table("""
    completion  price    paid    keep    back    why
    59.99       1000000  500000  250000  250000  below sixty a quarter
    60          1000000  500000  400000  100000  from sixty two fifths
    80          1000000  500000  400000  100000  eighty is not above eighty
    80.01       1000000  300000  300000  0       never more than was paid
"""), ids=lambda row: row["why"])  # fmt: skip
def test_what_a_developer_in_dubai_may_keep(row):
    found = verdict(regime="ae.dubai.offplan_art11", as_of="2026-05-01", work_commenced=True,
                    price=row["price"], paid=row["paid"],
                    completion_pct=row["completion"])  # fmt: skip
    assert (found["retained_max"], found["refund_min"]) == (int(row["keep"]), int(row["back"]))


@pytest.mark.parametrize("row", table("""
    starts      rate   base_on     why
    2025-12-20  12.25  2025-06-30  the rate of the end of June, whatever the Bank did since
    2026-01-02  11.75  2025-12-31  the rate of the end of December
"""), ids=lambda row: row["why"])  # fmt: skip
def test_a_reference_rate_is_frozen(row):
    found = verdict(regime="uk.late_payment", b2b=True, interest_starts=row["starts"])
    assert (str(found["rate_pct"]), found["reference_date"]) == (row["rate"], row["base_on"])


def test_a_rate_not_seen_is_not_guessed():
    for facts in ({"regime": "uk.late_payment", "interest_starts": "2026-08-01", "days_late": 9},
                  {"regime": "eu.late_payment", "member_state": "IE", "principal": 100,
                   "payment_date": "2025-02-01", "paid": "2025-03-01"}):  # fmt: skip
        found = verdict(b2b=True, **facts)
        assert (found["decision"], found["missing"]) == ("needs_approval", ["reference rate"])


@pytest.mark.parametrize("row", table("""
    start       n   unit          first_day  ends        why
    2026-03-02  60  day           included   2026-04-30  sixty days beginning with
    2026-03-02  30  day           excluded   2026-04-01  thirty days after
    2026-01-31  1   month         excluded   2026-02-28  a short month ends on its last day
    2024-02-29  1   year          excluded   2025-02-28  a year from a leap day
    2026-09-03  5   business_day  excluded   2026-09-10  working days of a Sunday week
    2026-09-03  1   business_day  included   2026-09-03  the day itself, if worked
    2026-09-04  1   business_day  included   2026-09-06  else the next one worked
"""), ids=lambda row: row["why"])  # fmt: skip
def test_days_are_counted_by_name(row):
    week = Days({"weekly_rest": ["FRI", "SAT"]})
    ends = last_day(as_day(row["start"], "start"), n=int(row["n"]), unit=row["unit"],
                    first_day=row["first_day"], calendar=week)  # fmt: skip
    assert ends.isoformat() == row["ends"]


def test_the_house_binds_whom_no_law_reaches():
    found = verdict(jurisdiction="ae", actor="real_estate_developer", tz="Asia/Dubai",
                    purpose="collection",
                    proposed={"channel": "call", "at": "2026-03-03T08:30"})  # fmt: skip
    assert (found["decision"], found["reasons"]) == ("deny", ["HOUSE-HOURS"])
    assert found["earliest_at"] == "2026-03-03T09:00:00+04:00"


@pytest.mark.parametrize("row", table("""
    at                decision  why
    2026-02-15T16:59  allow     a Sunday, in hours
    2026-02-15T17:00  deny      on the closing minute
    2026-02-13T11:00  deny      a Friday
"""), ids=lambda row: row["why"])  # fmt: skip
def test_official_hours_have_their_days(row):
    hours = {"days": ["SUN", "MON", "TUE", "WED", "THU"], "from": "09:00", "to": "17:00"}
    asked = {"channel": "call", "at": row["at"], "tz": "Asia/Riyadh", "product": "P1"}
    found = verdict(regime="sa.sama_collection", actor="bank", official_hours=hours, proposed=asked)
    assert found["decision"] == row["decision"]


def test_the_house_alone_does_not_allow_where_no_law_was_asked():
    asked = {"channel": "call", "at": "2026-03-03T10:00"}
    for place, missing in (({"jurisdiction": "atlantis"}, "jurisdiction atlantis"),
                           ({}, "jurisdiction")):  # fmt: skip
        found = verdict(tz="Asia/Dubai", proposed=asked, **place)
        assert (found["decision"], found["missing"]) == ("needs_approval", [missing])
    found = verdict(jurisdiction="ae", creditor_kind="bank", tz="Asia/Dubai", proposed=asked)
    assert found["reasons"] == ["AE-CBUAE-HOURS"]


def test_the_hour_that_runs_twice_keeps_its_order():
    past = [{"at": "2026-11-01T01:50-04:00", "channel": "call", "outcome": "conversation",
             "debts": ["D1"], "discussed": ["D1"]}]  # fmt: skip
    found = verdict(**COLLECTOR, history=past, proposed=call("2026-11-01T01:10-05:00"))
    assert "US-REGF-FREQ-AFTER-CONV" in found["reasons"]


def test_the_earliest_lawful_moment_passes_every_rule():
    facts = {**COLLECTOR, "history": WEEK, "proposed": call("2026-04-07T15:00")}
    found = earliest(packs(), facts)
    assert found and found.isoformat() == "2026-04-08T08:00:00-04:00"
    refused = {**facts, "state": [{"type": "media_stop", "channel": "call"}]}
    assert earliest(packs(), refused) is None


@pytest.mark.parametrize("row", table("""
    fees  due   room  why
    2000  5000  500   one instalment for the whole term
    0     900   900   never above what is due
    2600  5000  0     nothing left
"""), ids=lambda row: row["why"])  # fmt: skip
def test_late_fees_under_sama(row):
    found = verdict(regime="sa.sama_collection", instalment=2500, new_fee=600,
                    fees_charged_over_term=int(row["fees"]),
                    amount_due=int(row["due"]))  # fmt: skip
    assert found["max_new_fee"] == int(row["room"])


def test_a_call_said_to_be_going_on_must_be_on_record():
    late = call("2026-04-02T21:05", same_call=True)
    talk = [call("2026-04-02T20:55", outcome="conversation", discussed=["D1"])]
    assert verdict(**COLLECTOR, proposed=late)["decision"] == "deny"
    assert verdict(**COLLECTOR, history=talk, proposed=late)["decision"] == "allow"


def test_every_reason_is_told_and_the_strictest_decides():
    stopped = [{"at": "2026-04-01", "type": "media_stop", "channel": "call"}]
    found = verdict(**COLLECTOR, history=WEEK, state=stopped, proposed=call("2026-04-07T22:00"))
    assert found["decision"] == "deny"
    assert found["reasons"] == ["US-REGF-TIME-DEFAULT", "US-REGF-FREQ-7IN7", "US-REGF-MEDIA"]
    assert found["next_allowed_date"] == "2026-04-08"
    assert all(one["ref"] for one in found["cited"])


def test_a_case_that_cannot_be_read_is_refused_with_every_place():
    with pytest.raises(RefusedAll) as told:
        verdict(**{**COLLECTOR, "tz": "Mars/Olympus"}, proposed=call("soon"))
    assert [part.code for part in told.value.parts] == ["conduct.zone", "conduct.date"]
    with pytest.raises(Refused, match="No rule pack knows"):
        judge(packs(), {"regime": "of.nowhere"})


def test_a_pack_with_faults_is_refused_whole():
    document = copy.deepcopy(policy_file("packs/house.yaml"))
    document["rules"][0]["kind"] = "guess"
    document["rules"][1]["cite"] = []
    document["rules"][2]["colour"] = "red"
    with pytest.raises(RefusedAll) as told:
        read_pack(document)
    assert [part.code for part in told.value.parts] == [
        "policy.word", "policy.missing_key", "policy.unknown_key",
    ]  # fmt: skip
