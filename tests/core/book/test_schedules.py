"""Contract terms to lines: totals exact, dates anchored, nothing due before its event."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tahsil.core.book import categories, emi, schedules, terms
from tahsil.core.book.schedules import DueRule, Line, Rounding
from tahsil.core.book.terms import DeveloperTerms, Part, Regular, ServiceTerms
from tahsil.core.grammar.money import parse
from tahsil.core.grammar.refusal import Refused
from tests.tables import table


def egp(text: str) -> int:
    return parse(text, "EGP")


WORKED = DeveloperTerms(
    price_minor=egp("6,000,000"),
    signed_on=date(2026, 1, 13),
    reserved_on=date(2026, 1, 10),
    reservation_minor=egp("100,000"),
    down_payments=(
        Part("down_payment", "DP1", 0, ppm=50_000),
        Part("down_payment", "DP2", 3, ppm=50_000),
    ),
    regular=(Regular(30, first_month=6),),
    inside=(
        Part("bump", "B1", 12, ppm=40_000),
        Part("bump", "B2", 24, ppm=40_000),
        Part("delivery", "DLV", 36, ppm=100_000),
    ),
    extras=(
        Part("maintenance_deposit", "MNT", 33, ppm=80_000),
        Part("club", "CLUB", 36, amount_minor=egp("150,000")),
        Part("parking", "PRK", 36, amount_minor=egp("200,000")),
    ),
)


def test_worked_schedule_line_by_line():
    """domain.md 1.1.2."""
    lines = {line.label: line for line in terms.developer(WORKED)}
    wanted = table("""
        label  due         amount     category
        RES    2026-01-10  100,000    reservation
        DP1    2026-01-13  200,000    down_payment
        DP2    2026-04-13  300,000    down_payment
        B1     2027-01-13  240,000    bump
        B2     2028-01-13  240,000    bump
        DLV    2029-01-13  600,000    delivery
        MNT    2028-10-13  480,000    maintenance_deposit
        CLUB   2029-01-13  150,000    club
        PRK    2029-01-13  200,000    parking
        Q01    2026-07-13  144,000    instalment
        Q03    2027-01-13  144,000    instalment
        Q30    2033-10-13  144,000    instalment
    """)
    for row in wanted:
        line = lines[row["label"]]
        found = (str(line.due_on), line.amount_minor, line.category)
        assert found == (row["due"], egp(row["amount"]), row["category"]), row
    quarters = [line for line in lines.values() if line.label.startswith("Q")]
    assert [line.amount_minor for line in quarters] == [egp("144,000")] * 30
    assert [line.due_on.month for line in quarters[:5]] == [7, 10, 1, 4, 7]
    assert len(lines) == 39
    price = [line for line in lines.values() if line.label not in ("MNT", "CLUB", "PRK")]
    assert (len(price), schedules.total(price)) == (36, egp("6,000,000"))


def test_lines_are_numbered_by_due_date_and_undated_ones_last():
    event = Part("delivery", "DLV", DueRule("HANDOVER_NOTICE", 30), ppm=100_000)
    contract = DeveloperTerms(
        egp("1,000,000"), date(2026, 1, 31), regular=(Regular(3, 1, 1, "I"),), inside=(event,)
    )
    lines = terms.developer(contract)
    assert [line.seq for line in lines] == [1, 2, 3, 4]
    assert [str(line.due_on) for line in lines[:3]] == ["2026-02-28", "2026-03-28", "2026-04-28"]
    assert (lines[3].label, lines[3].due_on) == ("DLV", None)
    assert schedules.due_on_event(lines[3].due_rule, date(2029, 5, 1)) == date(2029, 5, 31)


def test_mixed_groups_share_what_is_left():
    contract = DeveloperTerms(
        egp("1,000,000"),
        date(2026, 1, 1),
        regular=(
            Regular(12, 1, 1, "M", amount_minor=egp("120,000")),
            Regular(7, 18, 6, "H"),
        ),
    )
    lines = terms.developer(contract)
    assert schedules.total(lines) == egp("1,000,000")
    assert sum(line.amount_minor for line in lines if line.label[0] == "H") == egp("880,000")


def test_a_reservation_above_the_first_down_payment_is_refused():
    contract = DeveloperTerms(
        1000,
        date(2026, 1, 1),
        date(2026, 1, 1),
        600,
        (Part("down_payment", "DP1", 0, ppm=500_000),),
    )
    with pytest.raises(Refused) as refused:
        terms.developer(contract)
    assert refused.value.code == "schedule.reservation"


@pytest.mark.parametrize(
    "case",
    table("""
    total  count  unit  on     wanted           why
    100    3      1     last   33 33 34         the last line takes the rounding
    100    3      1     first  34 33 33         or the first, if the contract says so
    1000   3      100   last   300 300 400      lines in whole hundreds
    2      3      1     last   0 0 2            less than a unit a line
    """),
    ids=lambda case: case["why"],
)
def test_rounding_stands_on_the_named_line(case):
    parts = schedules.amounts(
        int(case["total"]), int(case["count"]), rounding=Rounding(case["on"], int(case["unit"]))
    )
    assert parts == [int(part) for part in case["wanted"].split()]


@given(
    st.integers(0, 10**15), st.integers(1, 400), st.sampled_from(["first", "last"]),
    st.integers(1, 1000), st.integers(0, 200_000),
)  # fmt: skip
def test_a_spread_loses_nothing(total, count, on, unit, step):
    weights = schedules.stepped(count, per_year=4, step_ppm=step)
    parts = schedules.amounts(total, count, rounding=Rounding(on, unit), weights=weights)
    assert sum(parts) == total and min(parts) >= 0 and len(parts) == count


def test_month_ends_stay_month_ends():
    assert [str(day) for day in schedules.dates(date(2026, 1, 31), 4)] == [
        "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30",
    ]  # fmt: skip


def test_steps_rise_by_the_year():
    weights = schedules.stepped(8, per_year=4, step_ppm=100_000)
    parts = schedules.amounts(840_000, 8, weights=weights)
    assert parts == [100_000] * 4 + [110_000] * 4


@pytest.mark.parametrize("cheques", range(1, 13))
def test_a_years_rent_comes_in_any_number_of_cheques(cheques):
    lines = terms.rent(
        egp("120,000"), cheques=cheques, since=date(2026, 3, 1), until=date(2027, 3, 1)
    )
    assert (len(lines), schedules.total(lines)) == (cheques, egp("120,000"))
    assert lines[0].due_on == date(2026, 3, 1) and lines[-1].due_on < date(2027, 3, 1)


def test_rent_in_four_cheques_and_a_part_year():
    """domain.md 1.4: 120,000 in four cheques of 30,000."""
    year = terms.rent(egp("120,000"), cheques=4, since=date(2026, 1, 1), until=date(2027, 1, 1))
    assert [line.amount_minor for line in year] == [egp("30,000")] * 4
    longer = terms.rent(egp("120,000"), cheques=4, since=date(2026, 1, 1), until=date(2027, 3, 15))
    assert len(longer) == 5
    assert longer[4].amount_minor == egp("120,000") * 73 // 365
    with pytest.raises(Refused):
        terms.rent(1, cheques=13, since=date(2026, 1, 1), until=date(2027, 1, 1))


def test_flat_finance():
    """domain.md 1.6: 840,000 over 36 months, flat 14 %."""
    lines = emi.emi_flat(egp("840,000"), annual_ppm=140_000, months=36, first_on=date(2026, 2, 1))
    assert {line.amount_minor for line in lines[:-1]} == {egp("33,133.33")}
    assert schedules.total(lines) == egp("1,192,800")
    assert sum(line.interest_minor for line in lines) == egp("352,800")


def test_reducing_finance():
    """domain.md 1.6: 24 % on what is left; the balance after 20 lines."""
    principal = egp("840,000")
    lines = emi.emi_reducing(principal, annual_ppm=240_000, months=36, first_on=date(2026, 2, 1))
    assert {line.amount_minor for line in lines[:-1]} == {egp("32,955.60")}
    assert abs(lines[-1].amount_minor - egp("32,955.60")) < 100
    assert emi.balance_after(lines, principal, 20) == egp("447,461.51")
    assert emi.balance_after(lines, principal, 36) == 0
    assert lines[0].interest_minor == egp("16,800")


@given(st.integers(100_000, 10**11), st.integers(0, 600_000), st.integers(1, 120))
def test_finance_repays_exactly_what_was_lent(principal, rate, months):
    for build in (emi.emi_flat, emi.emi_reducing):
        lines = build(principal, annual_ppm=rate, months=months, first_on=date(2026, 1, 31))
        assert emi.balance_after(lines, principal, months) == 0
        assert all(0 <= line.interest_minor <= line.amount_minor for line in lines)


def test_neutral_rescheduling_of_three_missed_quarters():
    """domain.md 1.1.6."""
    found = emi.neutral(
        [(-6, egp("144,000")), (-3, egp("144,000")), (0, egp("144,000"))],
        annual_ppm=220_000, count=12, step_months=3,
    )  # fmt: skip
    assert found == (
        egp("454,392.75"), egp("51,547.64"), egp("618,571.72"), egp("317,340.19"),
        egp("137,052.56"),
    )  # fmt: skip


def test_price_today_of_the_worked_plan():
    """domain.md 1.1.3: 3,226,436 at 24 %, by months from signing."""
    signed = WORKED.signed_on
    flows = []
    for line in terms.developer(WORKED):
        if categories.category_of(categories.category_index(line.category)).counts_toward_paid:
            months = (line.due_on.year - signed.year) * 12 + line.due_on.month - signed.month
            flows.append((months, line.amount_minor))
    assert round(emi.worth(flows, annual_ppm=240_000) / 100) == 3_226_436


def test_milestones_wait_for_their_events():
    lines = terms.milestones(
        1_500_001,
        [(400_000, "BOOKING", 0), (200_000, "MILESTONE_20", 14), (400_000, "HANDOVER", 30)],
    )
    assert [line.amount_minor for line in lines] == [600_000, 300_000, 600_001]
    assert all(line.due_on is None for line in lines)
    assert lines[1].due_rule == DueRule("MILESTONE_20", 14)
    with pytest.raises(Refused, match="900000"):
        terms.milestones(100, [(900_000, "BOOKING", 0)])


def test_service_invoice_with_tax_withholding_and_retention():
    """domain.md 1.5: collect 53,000 now, 2,500 on release, a certificate for 1,500."""
    invoice = ServiceTerms(egp("50,000"), date(2026, 1, 31), 2, 140_000, 30_000, 50_000, 60)
    lines = terms.service_invoices(invoice)
    by = {line.label: line for line in lines}
    assert by["INV01"].amount_minor == egp("53,000")
    assert by["WHT01"].amount_minor == egp("1,500")
    assert by["RET01"].amount_minor == egp("2,500")
    assert schedules.total(lines) == 2 * egp("57,000")
    assert str(by["INV01"].due_on) == "2026-04-01"
    assert by["RET01"].due_on is None and by["RET01"].due_rule.event == "RETENTION_RELEASE"


def test_an_invoice_due_on_acceptance_has_no_date_before():
    terms_ = ServiceTerms(1000, date(2026, 1, 1), 1, terms_days=90, is_due_on_acceptance=True)
    (line,) = terms.service_invoices(terms_)
    assert (line.due_on, line.due_rule) == (None, DueRule("INVOICE_ACCEPTED_01", 90))


def test_a_new_version_moves_only_what_is_open():
    new = [
        Line(0, "instalment", "N1", 60, date(2027, 1, 1)),
        Line(0, "fee", "F", 10, date(2026, 1, 1)),
    ]
    version = schedules.new_version([(1, 0), (2, 20), (3, 40)], new, change_minor=10)
    assert version.superseded == ((2, 20), (3, 40))
    assert [line.label for line in version.raised] == ["F", "N1"]
    with pytest.raises(Refused, match="Change a line by -10"):
        schedules.new_version([(3, 60)], new)


def test_categories_name_each_other_by_position():
    for position, category in enumerate(categories.CATEGORIES):
        assert categories.category_index(category.code) == position
        assert categories.category_of(position) is category
    assert categories.category_of(
        categories.category_index("maintenance_deposit")
    ).bank_account_rule == ("maintenance")
    for wrong in (lambda: categories.category_index("gift"), lambda: categories.category_of(-1)):
        with pytest.raises(Refused):
            wrong()
