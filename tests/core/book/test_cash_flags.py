"""Patterns of cash: each flag from the smallest story that shows it, and none from a clean one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count

import pytest

from tahsil.core.book import cash_flags
from tahsil.core.book.cash_flags import Complaint, Taken
from tests.core.policy_files import policy_file
from tests.tables import table

LIMITS = policy_file("cash.yaml")["flags"]["values"][date(2020, 1, 1)]
NOW = datetime(2026, 11, 30, 12)
DEPOSITS = count(100)


def taken(text: str) -> list[Taken]:
    """Receipts as a table tells them; `-` is still in the hand, the same hour is one slip."""
    slips: dict[str, int] = {}
    rows = []
    for at, row in enumerate(table(text), 1):
        on = datetime.fromisoformat(f"2026-11-{row['taken']}")
        gone = row["deposited"]
        when = None if gone == "-" else datetime.fromisoformat(f"2026-11-{gone}")
        slip = slips.setdefault(gone, next(DEPOSITS)) if when else None
        rows.append(
            Taken(
                at, f"R{at}", 1, at, "EGP", int(row["amount"]),
                date.fromisoformat(f"2026-11-{row.get('value', row['taken'][:2])}"), on,
                on.replace(hour=23, minute=59), slip, when, row.get("gone") == "yes",
            )
        )  # fmt: skip
    return rows


def said(rows: list[Taken], *complaints: Complaint) -> list[str]:
    found = cash_flags.flags(rows, complaints, now=NOW, limits=LIMITS)
    for flag in found:
        flag.template.format_map(flag.facts)  # every fact it names is there
    return [flag.code.removeprefix("cash.") for flag in found]


def test_money_banked_the_same_day_says_nothing():
    rows = taken("""
        taken     deposited  amount
        20T09:00  20T13:00   123400
        21T09:00  21T13:00   55500
        22T09:00  22T13:00   99900
        23T09:00  23T13:00   101
        24T09:00  24T13:00   7700
    """)
    assert said(rows) == []


def test_yesterdays_money_came_after_todays():
    rows = taken("""
        taken     deposited  amount
        20T09:00  22T13:00   123400
        21T09:00  21T13:00   123400
    """)
    assert "overtaken" in said(rows)
    (flag,) = (f for f in cash_flags.flags(rows, (), now=NOW, limits=LIMITS) if "over" in f.code)
    assert (flag.facts["number"], flag.facts["younger"]) == ("R1", "R2")


def test_a_deposit_of_older_receipts_while_todays_money_stays():
    rows = taken("""
        taken     deposited  amount
        20T09:00  21T13:00   123400
        21T09:00  22T13:00   123400
        22T09:00  -          123400
    """)
    assert said(rows).count("kept_back") == 2


def test_a_lag_that_stays():
    rows = taken("""
        taken     deposited  amount
        10T09:00  13T13:00   123400
        11T09:00  14T13:00   123401
        12T09:00  15T13:00   123402
        13T09:00  16T13:00   123403
        14T09:00  17T13:00   123404
    """)
    assert {"lag", "late"} <= set(said(rows))
    assert "lag" not in said(rows[:4])


@pytest.mark.parametrize(
    "case",
    table("""
    amounts                        flagged  why
    100000,200000,300000,101,102   yes      three of five are round
    100000,200000,103,101,102      no       two of five are not many
    100000,200000,300000           no       three say nothing
"""),
    ids=lambda case: case["why"],
)
def test_round_amounts(case):
    rows = taken("taken  deposited  amount\n" + "\n".join(
        f"{10 + at}T09:00  {10 + at}T10:00  {amount}"
        for at, amount in enumerate(case["amounts"].split(","))
    ))  # fmt: skip
    assert ("round" in said(rows)) == (case["flagged"] == "yes")


def test_back_dated_and_reversed():
    rows = taken("""
        taken     deposited  amount  value  gone
        20T09:00  20T13:00   101     18     no
        21T09:00  21T13:00   102     21     yes
        22T09:00  22T13:00   103     22     no
        23T09:00  23T13:00   104     23     no
        24T09:00  24T13:00   105     24     no
    """)
    assert said(rows) == ["back_dated", "reversed_often"]


def test_a_receipt_right_after_somebody_said_they_had_paid():
    rows = taken("""
        taken     deposited  amount
        20T09:00  20T13:00   101
    """)
    on = rows[0].taken_at.date()
    near, far = (Complaint(9, "A-9", 1, on - timedelta(days=n)) for n in (1, 9))
    other = Complaint(9, "A-9", 2, on)
    assert said(rows, near) == ["after_complaint"]
    assert said(rows, far) == said(rows, other) == []
