"""Clocks after a returned cheque, each term on its last day and the day after."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from tahsil.core.book import clocks
from tahsil.core.grammar.refusal import Refused
from tahsil.store.policies import folder
from tests.tables import table

BODIES = yaml.safe_load((folder() / "clocks.yaml").read_text(encoding="utf-8"))


def terms(country: str) -> clocks.Terms:
    return clocks.terms_of(next(iter(BODIES[country]["values"].values())))


def days(text: str) -> dict[str, date]:
    """The days said, and a memo of New Year's Day."""
    pairs = (each.split("=") for each in text.split() if each != "-")
    return {"memo": day("01-01")} | {name: day(said) for name, said in pairs}


def day(text: str) -> date:
    """A day of 2026, of the next year with a plus."""
    return date.fromisoformat(f"2027-{text[1:]}" if text[0] == "+" else f"2026-{text}")


@pytest.mark.parametrize("case", table("""
    country  clock      days                       as_of  due     state    left  why
    IN       notice     -                          01-31  01-31   running  0     thirty days
    IN       notice     -                          02-01  01-31   over     0     a day too late
    IN       notice     notice=01-20               02-05  01-31   met      0     a notice in time
    IN       payment    -                          01-05  -       -        -     no notice yet
    IN       payment    notice=01-02 served=01-10  01-25  01-25   running  0     fifteen days
    IN       complaint  notice=01-02 served=01-10  01-25  -       -        -     not before
    IN       complaint  notice=01-02 served=01-10  01-26  02-26   running  31    then a month
    IN       present    matures=01-31              04-30  04-30   running  0     months end so
    EG       payment    notice=02-01               02-06  02-06   running  0     five days
    EG       recourse   -                          06-01  +01-01  running  214   a year
    AE       payment    served=01-10               01-18  01-17   over     0     a week
    SA       payment    served=01-10               01-15  01-15   running  0     five days there
    """), ids=lambda case: case["why"])  # fmt: skip
def test_a_clock_stands(case):
    found = clocks.standings(terms(case["country"]), days(case["days"]), as_of=day(case["as_of"]))
    said = {each.clock.code: (each.due_on, each.state, str(each.days_left)) for each in found}
    wanted = None if case["due"] == "-" else (day(case["due"]), case["state"], case["left"])
    assert said.get(case["clock"]) == wanted


def test_the_nearest_comes_first_and_what_is_met_last():
    known = days("matures=01-01 memo=01-01 notice=01-02 served=01-03")
    found = clocks.standings(terms("IN"), known, as_of=date(2026, 1, 10))
    assert [each.clock.code for each in found] == ["payment", "present", "notice"]
    assert clocks.nearest(found).clock.code == "payment"
    assert [each.is_late for each in found] == [False, False, False]


@pytest.mark.parametrize("case", table("""
    step    on     days          code          why
    fly     01-10  -             step.unknown  no such step here
    notice  01-04  memo=01-05    step.day      not before the memo
    notice  01-16  -             step.day      nor tomorrow
    notice  01-10  notice=01-05  step.known    once
    served  01-10  -             step.order    what was not sent was not received
    served  01-04  notice=01-05  step.day      nor before it was sent
    """), ids=lambda case: case["why"])  # fmt: skip
def test_a_step_that_cannot_be_is_refused(case):
    with pytest.raises(Refused) as refused:
        clocks.check_step(
            terms("IN"), case["step"], day(case["on"]), days(case["days"]),
            date(2026, 1, 15),
        )  # fmt: skip
    assert refused.value.code == case["code"]


def test_every_countrys_clocks_can_start_and_be_met():
    assert set(BODIES) == {"EG", "AE", "IN", "SA"}
    for country in BODIES:
        assert terms(country).clocks
    with pytest.raises(Refused):
        clocks.terms_of({"steps": [], "clocks": [
            {"code": "x", "starts": "nowhere", "count": 1, "unit": "days", "whose": "ours",
             "law": "-", "is_verified": False}]})  # fmt: skip
