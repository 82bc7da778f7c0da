"""Dates: half-open periods, months that end, days that are worked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tahsil.core.grammar.dates import Calendar, Period, add_months, as_days, month, month_end
from tahsil.core.grammar.refusal import Refused
from tests.tables import table

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
CALENDAR = Calendar(
    "EG",
    ((date(1900, 1, 1), frozenset({4, 5})), (date(2027, 1, 1), frozenset({5, 6}))),
    {date(2026, 4, 13): "Sham el-Nessim", date(2026, 4, 16): "Strike"},
    frozenset({date(2026, 4, 17)}),
)


def on(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    "case",
    table("""
    day         months  anchor  result      why
    2026-01-31  1       0       2026-02-28  February is shorter
    2026-02-28  1       31      2026-03-31  and the series stays at the month's end
    2024-01-31  1       0       2024-02-29  a leap year's is longer
    2026-12-15  1       0       2027-01-15  over the year's end
    2026-03-31  -1      0       2026-02-28  backwards too
    2026-05-10  0       0       2026-05-10  no months, the same day
    """),
    ids=lambda case: case["why"],
)
def test_months_are_added(case):
    anchor = int(case["anchor"])
    found = add_months(on(case["day"]), int(case["months"]), anchor=anchor or None)
    assert found == on(case["result"])


@given(DAYS, st.integers(-240, 240))
def test_a_month_later_is_in_the_month_asked_for(day, months):
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == min(day.day, month_end(found).day)


@given(DAYS)
def test_a_day_lies_in_its_month_and_in_no_other(day):
    period = month(day)
    assert day in period and period.until not in period
    assert period.days in (28, 29, 30, 31)
    assert month_end(day) == period.until - timedelta(days=1)


@given(DAYS, st.integers(0, 400), DAYS, st.integers(0, 400))
def test_an_overlap_is_the_days_in_both(since, length, other, other_length):
    one = Period(since, since + timedelta(days=length))
    two = Period(other, other + timedelta(days=other_length))
    both = sum(1 for n in range(length) if since + timedelta(days=n) in two)
    assert one.overlap(two) == two.overlap(one) == both


def test_a_period_does_not_end_before_it_starts():
    with pytest.raises(Refused) as refused:
        Period(date(2026, 2, 2), date(2026, 2, 1))
    assert refused.value.code == "period.reversed"


@pytest.mark.parametrize(
    "case",
    table("""
    day         worked  free_for        next        why
    2026-04-12  yes     -               2026-04-12  a Sunday is worked in Egypt
    2026-04-10  no      weekend         2026-04-12  a Friday is not
    2026-04-13  no      Sham el-Nessim  2026-04-14  a holiday is not
    2026-04-17  yes     -               2026-04-17  a Friday worked all the same
    2027-01-01  yes     -               2027-01-01  the weekend moved: Friday is worked
    2027-01-03  no      weekend         2027-01-04  and Sunday is not
    """),
    ids=lambda case: case["why"],
)
def test_days_are_worked_or_free(case):
    day = on(case["day"])
    assert CALENDAR.is_working(day) == (case["worked"] == "yes")
    assert CALENDAR.why_free(day) == case["free_for"].removeprefix("-")
    assert CALENDAR.roll(day) == on(case["next"])
    assert CALENDAR.roll(day, "none") == day


def test_a_day_rolls_back_too():
    assert CALENDAR.roll(date(2026, 4, 11), "previous") == date(2026, 4, 9)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(-30, 30))
def test_working_days_are_counted_as_they_are_added(day, days):
    found = CALENDAR.add(day, days)
    first, last = sorted((day, found))
    between = CALENDAR.between(first + timedelta(days=1), last + timedelta(days=1))
    if days > 0:
        assert CALENDAR.is_working(found) and between == days
    if days < 0:
        assert CALENDAR.between(found, day) == -days
    if days == 0:
        assert found == day


def test_a_missing_day_stays_missing_in_a_column():
    column = as_days([date(2026, 1, 1), None])
    assert str(column[0]) == "2026-01-01" and str(column[1]) == "NaT"
