"""A cheque paid in part: everything after it is about the rest, never the whole again."""

from __future__ import annotations

import pytest

from tahsil.actions import _paper, presenting, receipts, returning
from tahsil.queries import instruments as register
from tahsil.queries import ledger, lines, vouchers
from tahsil.queries.people import standing_of
from tahsil.run import check_papers
from tahsil.store.models import (
    BankAccount,
    DepositSlip,
    Instrument,
    InstrumentLine,
    Presentment,
    Receipt,
    Standing,
)
from tests.actions.money import check_money, check_standing, open_of
from tests.actions.test_instruments import code_of, desk, state
from tests.conftest import TODAY
from tests.tables import table

__all__ = ["desk"]
WHOLE, PART = 5_000_000, 1_800_000
REST = WHOLE - PART


@pytest.fixture
def part_paid(desk):
    """A cheque for one line of which the bank paid 18,000 of 50,000."""
    return in_part(desk, desk.sent(lines=[[desk.book.lines["Q01"], WHOLE]]))


def in_part(desk, paper: Instrument, minor: int = PART) -> Instrument:
    desk.do(
        presenting.pay_in_part, paper, by="huda", amount_minor=minor, certificate=f"C-{minor}",
        value_on=TODAY,
    )  # fmt: skip
    return Instrument.objects.get(id=paper.id)


def again(desk, paper: Instrument, number: str = "S-2") -> Instrument:
    params = {"bank_account_id": desk.bank, "instruments": [paper.id], "number": number}
    desk.agreed(presenting.send(desk.ctx("mervat"), **params), "sara")
    return Instrument.objects.get(id=paper.id)


def unlined(paper: Instrument) -> Instrument:
    """The same paper naming no line, as imports bring them."""
    InstrumentLine.objects.filter(instrument=paper).delete()
    return paper


def test_the_rest_clears_not_the_whole_again(desk, part_paid):
    assert _paper.left_minor(part_paid) == REST
    again(desk, part_paid)
    desk.do(presenting.clear, part_paid, by="huda", value_on=TODAY, reference="ST-2")
    assert sorted(Receipt.objects.values_list("amount_minor", flat=True)) == [PART, REST]
    assert open_of(desk.book.account)["Q01"] == 0
    assert open_of(desk.book.account)["Q02"] == 5_000_000
    assert check_papers.findings() == []
    check_money(desk.book.account)
    check_standing(desk.book.account)


def test_a_second_part_is_a_part_of_the_rest(desk, part_paid):
    again(desk, part_paid)
    for too_much in (REST, WHOLE - 1):
        assert code_of(lambda: in_part(desk, part_paid, too_much)) == "instrument.part"  # noqa: B023
    in_part(desk, part_paid, 1_000_000)
    assert _paper.left_minor(part_paid) == 2_200_000


def test_a_part_taken_back_is_due_again(desk, part_paid):
    receipts.undo(desk.ctx("sara"), Receipt.objects.get(), reason="taken back", on=TODAY)
    assert _paper.left_minor(part_paid) == WHOLE


def test_without_lines_what_is_left_is_open(desk):
    paper = in_part(desk, unlined(desk.sent()))
    assert _paper.open_minor(paper, TODAY) == REST


def test_the_slip_asks_for_the_rest(desk, part_paid):
    again(desk, part_paid)
    slip = DepositSlip.objects.get(number="S-2")
    assert slip.total_minor == REST
    printed = vouchers.slip(standing_of(desk.book.people.sara, as_of=TODAY), slip.id, as_of=TODAY)
    assert [each.amount_minor for each in printed.cheques] == [REST]
    first = DepositSlip.objects.get(number="S-000123")
    printed = vouchers.slip(standing_of(desk.book.people.sara, as_of=TODAY), first.id, as_of=TODAY)
    assert [each.amount_minor for each in printed.cheques] == [WHOLE]  # as it was handed over


def test_the_register_counts_the_rest(desk, part_paid):
    paper = again(desk, part_paid)
    filters = register.InstrumentFilters(view="awaiting")
    sara = standing_of(desk.book.people.sara, as_of=TODAY)
    found = register.register(sara, as_of=TODAY, filters=filters)
    assert [(row.instrument_id, row.amount_minor, row.left_minor) for row in found.page.rows] == [
        (paper.id, WHOLE, REST)
    ]
    assert found.totals == (("EGP", 1, REST),)


@pytest.mark.parametrize("named", [True, False])
def test_what_is_paid_covers_nothing_any_more(desk, named):
    """A cheque of 50,000 for 20,000 of one line and 30,000 of another; 18,000 of it are paid."""
    ids = desk.book.lines
    paper = desk.sent(lines=[[ids["Q01"], 2_000_000], [ids["Q02"], 3_000_000]])
    again(desk, in_part(desk, paper if named else unlined(paper)))
    assert (on_the_page(desk), in_the_arrears(desk)) == (REST, REST)
    assert _paper.open_minor(paper, TODAY) == REST
    desk.do(presenting.clear, paper, by="huda", value_on=TODAY, reference="ST-2")
    if named:  # as it was given: 20,000 to the first, 30,000 to the second
        opened = open_of(desk.book.account)
        assert (opened["Q01"], opened["Q02"]) == (3_000_000, 2_000_000)


def on_the_page(desk) -> int:
    rows = lines.rows(ledger.read(desk.book.account, as_of=TODAY))
    return sum(row.covered_minor for row in rows)


def in_the_arrears(desk) -> int:
    return Standing.objects.get(account_id=desk.book.account).covered_minor


def test_what_became_of_a_part_paid_cheque_shows_at_its_line(desk, part_paid):
    rows = lines.rows(ledger.read(desk.book.account, as_of=TODAY))
    row = next(row for row in rows if row.obligation_id == desk.book.lines["Q01"])
    assert (row.cover, row.covered_minor) == ("bounced", 0)


@pytest.mark.parametrize("case", table("""
    act                charge   code                why
    clear              -1       instrument.charge   no bank pays us for clearing
    clear              5000001  instrument.charge   nor takes more than the cheque
    bounce             -1       instrument.charge   a negative fee would pay the debtor
    bounce             5000001  instrument.charge   nor costs more than the cheque
    bounce             abc      instrument.charge   a charge is a number
    """), ids=lambda case: case["why"])  # fmt: skip
def test_a_charge_is_a_sum_the_bank_may_have_taken(desk, case):
    paper = desk.sent()
    charge = case["charge"] if case["charge"] == "abc" else int(case["charge"])
    said = {
        "clear": {"value_on": TODAY, "reference": "R"},
        "bounce": {"reason": "NSF", "memo": "M"},
    }
    act = {"clear": presenting.clear, "bounce": returning.bounce}[case["act"]]
    asked = {**said[case["act"]], "charge_minor": charge}
    assert code_of(lambda: desk.do(act, paper, by="huda", **asked)) == case["code"]
    assert state(paper) == "under_collection"


def test_a_late_return_with_a_negative_charge_is_refused(desk):
    paper = desk.sent()
    desk.do(presenting.clear, paper, by="huda", value_on=TODAY, reference="R")
    asked = {"reason": "NSF", "memo": "M", "charge_minor": -5}
    assert code_of(lambda: desk.do(returning.bounce_late, paper, by="huda", **asked)) == (
        "instrument.charge"
    )


def test_a_full_slip_takes_no_more_papers(desk):
    desk.sent("000200", 1_000_000)
    slip, other = DepositSlip.objects.get(), desk.kept("000201", 1_000_000)
    for _ in ("first", "again"):
        assert code_of(lambda: desk.do(presenting.deposit, other, slip_id=slip.id)) == "slip.full"
    assert state(other) == "in_safe"
    assert Presentment.objects.filter(slip=slip).count() == 1


@pytest.mark.parametrize("case", table("""
    code               rule         currency   count   total     why
    slip.rule          maintenance  EGP        1       5000000   price lines go to the price account
    slip.currency      price        AED        1       5000000   nor pounds to a dirham account
    slip.total         price        EGP        1       1         nor more than the slip is over
    """), ids=lambda case: case["why"])  # fmt: skip
def test_a_paper_that_joins_a_slip_alone_keeps_its_rules(desk, case):
    paper = desk.kept(lines=[[desk.book.lines["Q01"], WHOLE]])
    BankAccount.objects.filter(id=desk.bank).update(rule=case["rule"], currency=case["currency"])
    slip = DepositSlip.objects.create(
        bank_account_id=desk.bank, number="S-9", sent_on=TODAY, count=int(case["count"]),
        total_minor=int(case["total"]),
    )  # fmt: skip
    assert code_of(lambda: desk.do(presenting.deposit, paper, slip_id=slip.id)) == case["code"]
    assert state(paper) == "in_safe"
