# ruff: noqa: E501  (a row of a table is one line)
"""Roll and cure between two dates, and the shares of the report catalogue."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tahsil.core.measure import recovery
from tahsil.core.measure.rolls import Standing, rolls
from tests.core.measure.books import ints
from tests.tables import table


def standing(rows: list[tuple[int, int, int]]) -> Standing:
    return Standing(*(ints(column) for column in zip(*rows, strict=True)))


BEFORE = standing([(1, 0, 400), (2, 0, 600), (3, 1, 500), (4, -1, 0), (5, 2, 100)])
AFTER = standing([(1, 1, 450), (2, -1, 0), (3, 0, 200), (4, 0, 70), (6, 0, 30)])


def test_an_account_is_in_one_cell_and_the_missing_are_current():
    found = rolls(BEFORE, AFTER, buckets=3)
    assert found.accounts.tolist() == [
        [0, 2, 0, 0],  # 4 fell behind, 6 is new
        [1, 0, 1, 0],  # 2 cured, 1 rolled on
        [0, 1, 0, 0],  # 3 rolled back
        [1, 0, 0, 0],  # 5 is gone
    ]


def test_rates():
    found = rolls(BEFORE, AFTER, buckets=3)
    assert found.roll_ppm(0) == 450_000  # 450 now in 31–60 of the 1,000 then in 1–30
    assert found.roll_back_ppm(1) == 400_000
    assert found.cure_ppm() == 500_000
    assert found.cure_ppm(0) == 500_000
    assert found.cure_ppm(1) == 0
    assert rolls(AFTER, BEFORE, buckets=3).cure_ppm(2) is None


rows = st.lists(
    st.tuples(st.integers(1, 12), st.integers(-1, 3), st.integers(0, 10**12)),
    unique_by=lambda row: row[0],
    min_size=1,
)


@given(rows, rows)
def test_the_matrix_adds_up_to_both_dates(before, after):
    found = rolls(standing(before), standing(after), buckets=4)
    assert found.before_minor.sum() == sum(row[2] for row in before)
    assert found.after_minor.sum() == sum(row[2] for row in after)
    assert found.accounts.sum() == len({row[0] for row in before} | {row[0] for row in after})
    per_bucket = np.zeros(5, dtype=np.int64)
    np.add.at(per_bucket, [row[1] + 1 for row in before], [row[2] for row in before])
    assert found.before_minor.sum(axis=1).tolist() == per_bucket.tolist()


@pytest.mark.parametrize("case", table("""
    formula      found                                                                                                 ppm      why
    CEI          recovery.cei_ppm(opening_minor=6200,billed_minor=3630,closing_minor=6340,closing_current_minor=3590)  559295   the published example of 55.9 percent
    CEI          recovery.cei_ppm(opening_minor=0,billed_minor=50,closing_minor=50,closing_current_minor=50)           None     nothing could be collected yet
    efficiency   recovery.efficiency_ppm(cleared_minor=90,due_minor=100)                                               900000   without taking holds off
    efficiency   recovery.efficiency_ppm(cleared_minor=90,due_minor=100,held_minor=10)                                 1000000  approved holds are not expected
    efficiency   recovery.efficiency_ppm(cleared_minor=0,due_minor=0)                                                  None     nothing was due
    arrears      recovery.arrears_recovery_ppm(cleared_minor=1,opening_overdue_minor=3)                                333333   a third, rounded
    arrears      recovery.arrears_recovery_ppm(cleared_minor=2,opening_overdue_minor=3)                                666667   two thirds, rounded half up
    kept         recovery.kept_ppm(kept=6,part_kept=1,broken=3)                                                        600000   part kept is not kept
    kept         recovery.kept_ppm(kept=0,part_kept=0,broken=0)                                                        None     no promise has matured
    bounce       recovery.bounce_ppm(bounced=3,presented=60)                                                           50000    five in a hundred
    right_party  recovery.right_party_ppm(contacts=20,attempts=80)                                                     250000   a quarter reached the debtor
    DSO          recovery.dso_days(receivables_minor=300,credit_sales_minor=900,period_days=90)                        30       a month of sales is open
    DSO          recovery.dso_days(receivables_minor=300,credit_sales_minor=0,period_days=90)                          None     nothing was sold on credit
    """), ids=lambda case: f"{case['formula']}: {case['why']}")  # fmt: skip
def test_formulae(case):
    assert str(eval(case["found"], {"recovery": recovery})) == case["ppm"]
