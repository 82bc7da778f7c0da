"""Contact hours and seven-in-seven, read a second time: plain loops over minutes and day numbers.

Written from the text of the rule, without looking at how the evaluator does it: the moment is
turned into each zone's own minute of the day, and calls are dropped into boxes by day number.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from tests.core.conduct.shipped import verdict

MANY = 1_000_000 if os.environ.get("TAHSIL_HARD") else 3_000
ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix",
         "America/Los_Angeles", "Pacific/Honolulu", "America/St_Johns", "Asia/Kolkata",
         "Africa/Cairo", "Asia/Dubai", "Europe/London", "Australia/Lord_Howe")  # fmt: skip
# The nights clocks change, and public holidays, on which the hours of contact stay the same.
DAYS = (date(2026, 3, 8), date(2026, 11, 1), date(2026, 3, 29), date(2026, 10, 25),
        date(2026, 4, 24), date(2026, 10, 30), date(2026, 7, 4), date(2026, 12, 25),
        date(2027, 1, 1), date(2028, 2, 29))  # fmt: skip
OUTCOMES = ("no_answer", "busy_signal", "voicemail", "conversation",
            "voicemail_no_message_possible", "limited_content_message",
            "out_of_service")  # fmt: skip


def minute_of_day(at: datetime, zone: str) -> int:
    seconds = int(at.astimezone(ZoneInfo(zone)).utcoffset().total_seconds())
    return (int(at.timestamp()) + seconds) // 60 % (24 * 60)


def day_number(at: datetime, zone: str) -> int:
    seconds = int(at.astimezone(ZoneInfo(zone)).utcoffset().total_seconds())
    return (int(at.timestamp()) + seconds) // (24 * 60 * 60)


def hours_forbid(at: datetime, zones: list[str]) -> bool:
    return not all(8 * 60 <= minute_of_day(at, zone) < 21 * 60 for zone in zones)


def text_of(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).isoformat()


def a_moment(random: Random) -> datetime:
    day = random.choice(DAYS) + timedelta(days=random.randint(-2, 2))
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return start + timedelta(minutes=random.randrange(24 * 60))


@pytest.mark.parametrize("part", range(4))
def test_hours_agree_with_the_slow_reading(part):
    random = Random(part)
    told = {True: 0, False: 0}
    for _ in range(MANY // 4):
        zones = random.sample(ZONES, random.choice((1, 1, 2, 3)))
        at = a_moment(random)
        found = verdict(
            regime="us.reg_f", actor="third_party_collector", tz=zones[0],
            debts=[{"id": "D1"}], consumer={"locations": [{"tz": zone} for zone in zones]},
            proposed={"at": text_of(at, zones[0]), "channel": "call", "debts": ["D1"]},
        )  # fmt: skip
        forbidden = hours_forbid(at, zones)
        told[forbidden] += 1
        assert ("US-REGF-TIME-DEFAULT" in found.get("reasons", [])) is forbidden, (at, zones)
        if forbidden and "earliest_at" in found:
            assert not hours_forbid(datetime.fromisoformat(found["earliest_at"]), zones)
    assert min(told.values()) > 50


def slow_count(history: list[tuple[datetime, str]], at: datetime, zone: str) -> int:
    boxes = [0] * 7
    today = day_number(at, zone)
    for when, outcome in history:
        back = today - day_number(when, zone)
        if when <= at and 0 <= back < 7 and outcome not in ("busy_signal", "out_of_service"):
            boxes[back] += 1
    return sum(boxes)


def slow_quiet(history: list[tuple[datetime, str]], at: datetime, zone: str) -> bool:
    for when, outcome in history:
        if outcome == "conversation" and when <= at:
            first = day_number(when, zone)
            if day_number(at, zone) in (first, *[first + ahead for ahead in range(1, 7)]):
                return True
    return False


@pytest.mark.parametrize("part", range(4))
def test_seven_in_seven_agrees_with_the_slow_reading(part):
    random = Random(100 + part)
    told = {True: 0, False: 0}
    for _ in range(MANY // 4):
        zone, at = random.choice(ZONES), a_moment(random)
        weights = random.choice(((9, 2, 1, 0, 1, 1, 1), (6, 1, 1, 1, 1, 1, 1)))
        history = sorted(
            (at - timedelta(minutes=random.randrange(11, 12 * 24 * 60)),
             random.choices(OUTCOMES, weights)[0])
            for _ in range(random.randint(3, 16))
        )  # fmt: skip
        found = verdict(
            regime="us.reg_f", actor="third_party_collector", tz=zone, debts=[{"id": "D1"}],
            history=[{"at": text_of(when, zone), "channel": "call", "outcome": outcome,
                      "debts": ["D1"]} for when, outcome in history],
            proposed={"at": text_of(at, zone), "channel": "call", "debts": ["D1"]},
        )  # fmt: skip
        count = slow_count(history, at, zone) + 1
        reasons = found.get("reasons", [])
        told[count > 7] += 1
        assert found["counted_calls_including_proposed"] == {"D1": count}
        assert ("US-REGF-FREQ-7IN7" in reasons) is (count > 7)
        assert ("US-REGF-FREQ-AFTER-CONV" in reasons) is slow_quiet(history, at, zone)
    assert min(told.values()) > 50


# 5 U.S.C. 6103(a), copied day by day: nothing is worked out here.
COPIED = """
    2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-04 2026-09-07 2026-10-12
    2026-11-11 2026-11-26 2026-12-25 2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-19
    2027-07-04 2027-09-06 2027-10-11 2027-11-11 2027-11-25 2027-12-25 2028-01-01 2028-01-17
"""
HOLIDAYS = {date.fromisoformat(text) for text in COPIED.split()}


def test_validation_periods_agree_with_a_calendar_copied_by_hand():
    day = date(2026, 1, 1)
    while day < date(2028, 1, 1):
        receipt, left = day, 5
        while left:
            receipt += timedelta(days=1)
            if receipt.weekday() < 5 and receipt not in HOLIDAYS:
                left -= 1
        found = verdict(
            regime="us.reg_f", actor="third_party_collector", debts=[{"id": "D1"}],
            proposed={"type": "validation_period", "attempts": [{"provided": day.isoformat()}]},
        )  # fmt: skip
        assert found["assumed_receipt"] == receipt.isoformat()
        assert found["validation_period_end"] == (receipt + timedelta(days=30)).isoformat()
        day += timedelta(days=1)
