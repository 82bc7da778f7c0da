"""Penalties: every figure the trade's own examples give, and what stops or caps them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tahsil.core.book import charges
from tahsil.core.book.penalties import Debt, Movement, Pauses, PenaltyRule, rounded
from tahsil.core.grammar.dates import Calendar, Period
from tahsil.core.grammar.money import parse, share
from tahsil.core.grammar.policy import Dated
from tahsil.core.grammar.refusal import Refused
from tests.tables import table

DUE = date(2026, 10, 13)
LINE = Debt(DUE, 14_400_000)
DAILY = PenaltyRule("daily", rate_ppm=15_000, grace_days=7)
STEP = replace(DAILY, code="step", method="started_month")
DEDUCTIBLE = replace(DAILY, code="deductible", grace="deductible")


def late(rule: PenaltyRule, days: int, debt: Debt = LINE, pauses: Pauses = charges.NO_PAUSES):
    return charges.accrue(rule, debt, as_of=debt.due_on + timedelta(days=days), pauses=pauses)


@pytest.mark.parametrize(
    "case",
    table("""
    days  franchise  step      deductible  no_grace  step_no_grace
    5     0          0         0           355.07    2,160
    7     0          0         0           497.10    2,160
    8     568.11     2,160     71.01       568.11    2,160
    47    3,337.64   4,320     2,840.55    3,337.64  4,320
    95    6,746.30   8,640     6,249.21    6,746.30  8,640
    """),
    ids=lambda case: case["days"],
)
def test_the_worked_table(case):
    """domain.md 1.1.4: 144,000 at 1.5 % a month, grace 7 days."""
    rules = {
        "franchise": DAILY, "step": STEP, "deductible": DEDUCTIBLE,
        "no_grace": replace(DAILY, grace_days=0), "step_no_grace": replace(STEP, grace_days=0),
    }  # fmt: skip
    days = int(case["days"])
    for name, rule in rules.items():
        found = late(rule, days)
        assert found.amount_minor == parse(case[name], "EGP"), name
        assert found.is_in_grace == (days <= rule.grace_days), name
        columns = charges.accrue_many(rule, np.array([14_400_000]), np.array([days]))
        assert columns.tolist() == [found.amount_minor], name


STORY = Debt(
    DUE,
    14_400_000,
    [Movement(date(2026, 10, 20), 10_000_000, 1), Movement(date(2026, 11, 8), 4_400_000, 2)],
)


def test_the_life_of_one_cheque():
    """domain.md 2.10: 497.10 + 412.27 = 909.37 by value date; half waived is 454.69."""
    rule = PenaltyRule("story", rate_ppm=180_000, unit="year", grace_days=7)
    found = charges.accrue(rule, STORY, as_of=date(2026, 11, 10))
    assert [segment.amount_minor for segment in found.segments] == [49_710, 41_227]
    assert [segment.units for segment in found.segments] == [7, 19]
    assert found.amount_minor == 90_937
    assert share(found.amount_minor, ppm=500_000, rounding="half_up") == 45_469
    by_cheque_date = STORY._replace(
        movements=[STORY.movements[0], Movement(date(2026, 11, 5), 4_400_000, 2)]
    )
    assert charges.accrue(rule, by_cheque_date, as_of=date(2026, 11, 10)).amount_minor == 84_427


def test_dunning_interest_of_another_ledger():
    """ERP-DUN-02: 100 at 10 % for 15 days and a fee of 10 is 10.41."""
    rule = PenaltyRule("dun", rate_ppm=100_000, unit="year", flat_minor=1000)
    found = late(rule, 15, Debt(DUE, 10_000))
    assert (found.amount_minor - found.flat_minor, found.flat_minor) == (41, 1000)


def test_builders_interest_and_its_tax():
    """domain.md 1.3: 40 days late at 11.1 % on 9,50,000, tax on it kept apart."""
    rule = PenaltyRule("mclr", rate_ppm=20_000, unit="year", tax_ppm=180_000,
                       benchmark=Dated("MCLR", ((date(2020, 1, 1), 91_000),)))  # fmt: skip
    found = late(rule, 40, Debt(DUE, 95_000_000))
    assert (found.amount_minor, found.tax_minor) == (1_155_616, 208_011)


def test_a_benchmark_change_cuts_the_line():
    rates = Dated("corridor", ((date(2026, 1, 1), 200_000), (date(2026, 10, 23), 250_000)))
    rule = PenaltyRule("spread", rate_ppm=20_000, unit="year", benchmark=rates)
    found = late(rule, 30)
    assert [(s.units, s.rate_ppm) for s in found.segments] == [(10, 220_000), (20, 270_000)]
    with pytest.raises(Refused, match="has no value"):
        charges.accrue(rule, Debt(date(2025, 1, 1), 100), as_of=date(2026, 1, 5))


def test_a_bounced_receipt_counts_as_never_paid():
    bounced = LINE._replace(
        movements=[Movement(DUE, 14_400_000, 1), Movement(date(2026, 10, 30), -14_400_000, 1)]
    )
    as_of = date(2026, 11, 9)
    assert charges.accrue(DAILY, bounced, as_of=as_of).segments[0].units == 27
    assert charges.accrue(DAILY, bounced, as_of=date(2026, 10, 29)).amount_minor == 0
    kind = replace(DAILY, bounce="reversal")
    assert charges.accrue(kind, bounced, as_of=as_of).segments[0].since == date(2026, 10, 30)


def test_stops_and_free_days_do_not_count():
    stop = Pauses([Period(date(2026, 10, 20), date(2026, 10, 30))])
    found = late(DAILY, 47, pauses=stop)
    assert sum(segment.units for segment in found.segments) == 37
    assert late(DAILY, 12, pauses=stop).amount_minor == 0  # 7 counted days: still inside grace
    friday = Debt(date(2026, 10, 16), 14_400_000)
    egypt = Calendar("EG", ((date(2000, 1, 1), frozenset({4, 5})),))
    rule = replace(DAILY, grace_days=0, count_from="business_day")
    found = late(rule, 10, friday, Pauses(calendar=egypt))
    assert found.segments[0].since == date(2026, 10, 18)


@pytest.mark.parametrize(
    "case",
    table("""
    field       value   days  wanted   capped      why
    cap_ppm     10000   95    144000   cap_ppm     one percent of the line
    cap_minor   50000   95    50000    cap_minor   an absolute limit
    cap_months  1       95    220142   -           the clock stops after a month of 31 days
    min_minor   99999   8     99999    -           less than the minimum is the minimum
    """),
    ids=lambda case: case["why"],
)
def test_limits(case):
    rule = replace(DAILY, **{case["field"]: int(case["value"])})
    found = late(rule, int(case["days"]))
    assert found.amount_minor == int(case["wanted"])
    assert (found.capped_by or "-") == case["capped"]


def test_other_ways_of_counting():
    per_day = PenaltyRule("day", rate_ppm=500, unit="day")
    assert late(per_day, 10).amount_minor == 72_000
    year_of_360 = PenaltyRule("360", rate_ppm=180_000, unit="year", year_days=360)
    assert late(year_of_360, 10).amount_minor == 72_000
    thirty = PenaltyRule("30/360", rate_ppm=180_000, unit="year", day_count="30_360")
    found = charges.accrue(thirty, LINE, as_of=date(2026, 12, 13))
    assert (found.segments[0].units, found.amount_minor) == (60, 432_000)
    calendar = replace(STEP, grace_days=0, month="calendar")
    assert late(calendar, 31).amount_minor == 216_000
    assert late(calendar, 32).amount_minor == 432_000


def test_all_overdue_lines_count_once_one_is_beyond_grace():
    young = Debt(DUE + timedelta(days=28), 14_400_000)
    as_of = DUE + timedelta(days=30)
    rule = replace(DAILY, base="all_overdue", destination="charity")
    found = charges.accrue_overdue(rule, [LINE, young], as_of=as_of)
    assert [segment.units for segment in found.segments] == [30, 2]
    assert found.destination == "charity"
    alone = charges.accrue_overdue(DAILY, [LINE, young], as_of=as_of)
    assert [segment.units for segment in alone.segments] == [30]


def test_a_started_month_counts_what_was_open_on_its_first_day():
    part_paid = LINE._replace(movements=[Movement(DUE + timedelta(days=40), 7_200_000, 1)])
    found = late(replace(STEP, grace_days=0), 65, part_paid)
    assert [segment.base_minor for segment in found.segments] == [14_400_000, 14_400_000, 7_200_000]


def test_unknown_words_are_refused():
    with pytest.raises(Refused, match="unit"):
        PenaltyRule("x", unit="week")


@given(
    st.integers(1, 10**12), st.integers(0, 400), st.integers(0, 30),
    st.sampled_from(["franchise", "deductible"]), st.sampled_from(["daily", "started_month"]),
    st.sampled_from(["half_up", "down", "up"]),
)  # fmt: skip
def test_columns_say_what_one_line_says(base, days, grace_days, grace, method, rounding):
    rule = PenaltyRule(
        "p", rate_ppm=15_000, grace_days=grace_days, grace=grace, method=method, rounding=rounding,
        min_minor=50, cap_ppm=300_000,
    )  # fmt: skip
    one = late(rule, days, Debt(DUE, base)).amount_minor
    assert charges.accrue_many(rule, np.array([base]), np.array([days])).tolist() == [one]


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 5_000_000)), max_size=6))
def test_every_segment_can_be_worked_out_again(payments):
    movements = [
        Movement(DUE + timedelta(days=day), amount, number)
        for number, (day, amount) in enumerate(payments, 1)
    ]
    found = late(replace(DAILY, grace_days=0), 150, LINE._replace(movements=movements))
    running = Fraction(0)
    shown = 0
    for s in found.segments:
        running += Fraction(s.base_minor * s.rate_ppm * s.units, s.per * 1_000_000)
        shown += s.amount_minor
        assert shown == rounded(running.numerator, running.denominator, "half_up")
    assert found.amount_minor == sum(segment.amount_minor for segment in found.segments)
    assert sum(segment.units for segment in found.segments) <= 150
