"""The columns agree with the evaluator, account by account, on who may not be called now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tahsil.core.conduct.bulk import Accounts, Calls, may_call
from tahsil.core.grammar.refusal import Refused
from tests.core.conduct.shipped import packs, verdict

ZONES = ("America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Africa/Cairo")
OUTCOMES = ("no_answer", "busy_signal", "voicemail", "conversation")
MOMENTS = (
    "2026-04-06T16:30+00:00", "2026-04-06T13:30+00:00", "2026-03-08T15:30+00:00",
    "2026-11-01T16:10+00:00", "2026-04-06T23:30+00:00",
)  # fmt: skip


def rules_for(*places: str):
    return [rule for pack in packs() for rule in pack["rules"] if pack["jurisdiction"] in places
            and rule["regime"] != "us.tcpa"]  # fmt: skip


def made(seed: int, at: datetime, size: int):
    """Accounts with their calls as columns, and the same calls as the records of each."""
    random = np.random.default_rng(seed)
    zone = random.integers(0, len(ZONES), (size, 2))
    zone[random.random(size) < 0.6, 1] = -1
    account, day, outcome, records = [], [], [], [[] for _ in range(size)]
    talked = np.full(size, np.datetime64("NaT", "D"))
    for number in range(size):
        own = ZoneInfo(ZONES[zone[number, 0]])
        gaps = sorted(random.integers(10, 12 * 24 * 60, random.integers(0, 12)), reverse=True)
        for gap in gaps:
            when = (at - timedelta(minutes=int(gap))).astimezone(own)
            what = int(random.choice(4, p=[0.7, 0.15, 0.1, 0.05]))
            account.append(number)
            day.append(np.datetime64(when.date(), "D"))
            outcome.append(what)
            records[number].append({"at": when.isoformat(), "channel": "call", "debts": ["D1"],
                                    "outcome": OUTCOMES[what]})  # fmt: skip
            if OUTCOMES[what] == "conversation":
                talked[number] = day[-1]
    stopped = random.random(size) < 0.1
    columns = Accounts(ZONES, zone, stopped, talked)
    days = np.array(day, dtype="datetime64[D]")
    return columns, Calls(np.array(account), days, np.array(outcome), OUTCOMES), records


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_columns_forbid_what_the_evaluator_denies(moment):
    at = datetime.fromisoformat(moment)
    columns, calls, records = made(MOMENTS.index(moment), at, 120)
    found = may_call(rules_for("us", "house"), columns, calls, at=at)
    slow = []
    for number, history in enumerate(records):
        zones = [ZONES[position] for position in columns.zone[number] if position >= 0]
        judged = verdict(
            jurisdiction="us", actor="third_party_collector", tz=zones[0], debts=[{"id": "D1"}],
            consumer={"locations": [{"tz": zone} for zone in zones]}, history=history,
            state=[{"type": "media_stop", "channel": "call"}] if columns.stopped[number] else [],
            proposed={"at": moment, "channel": "call", "debts": ["D1"]},
        )  # fmt: skip
        slow.append(judged["decision"] != "deny")
    assert found.tolist() == slow


def test_a_portfolio_is_answered_whole():
    at = datetime(2026, 4, 6, 16, 30, tzinfo=UTC)
    size = 200_000
    random = np.random.default_rng(1)
    zone = np.stack([random.integers(0, 4, size), np.full(size, -1)], axis=1)
    none = np.full(size, np.datetime64("NaT", "D"))
    columns = Accounts(ZONES, zone, np.zeros(size, dtype=bool), none)
    many = random.integers(0, size, 800_000)
    days = np.datetime64("2026-04-06") - random.integers(0, 9, 800_000).astype("timedelta64[D]")
    calls = Calls(many, days, np.zeros(800_000, dtype=int), OUTCOMES)
    found = may_call(rules_for("us", "house"), columns, calls, at=at)
    night = zone[:, 0] == ZONES.index("Asia/Kolkata")  # 22:00 there
    counted = np.bincount(many[days > np.datetime64("2026-03-30")], minlength=size)
    assert (found == (~night & (counted < 3))).all()


def test_a_moment_without_a_zone_is_refused():
    nobody = Accounts(ZONES, np.zeros((0, 1), dtype=int), np.zeros(0, dtype=bool),
                      np.zeros(0, dtype="datetime64[D]"))  # fmt: skip
    none = Calls(np.zeros(0, dtype=int), np.zeros(0, dtype="datetime64[D]"),
                 np.zeros(0, dtype=int), OUTCOMES)  # fmt: skip
    with pytest.raises(Refused, match="has no time zone"):
        may_call(rules_for("house"), nobody, none, at=datetime(2026, 4, 6, 9))
