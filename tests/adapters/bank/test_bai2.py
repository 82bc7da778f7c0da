"""BAI2: fields, funds, continued records, control totals, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.adapters.bank import reading
from tahsil.core.grammar.refusal import Refused
from tests.adapters.bank.files import bai2, line, one
from tests.tables import table


@pytest.mark.parametrize("case", table("""
    record                              minor  value       bank  ours  text      why
    16,195,500,Z,B1,R1,Flat 7/          500    2026-01-05  B1    R1    Flat 7    unknown funds
    16,195,500,,B1,R1,a,b/c, d          500    2026-01-05  B1    R1    a,b/c, d  commas in it
    16,195,500,V,260107,,B1,R1,x        500    2026-01-07  B1    R1    x         a value date
    16,195,500,V,20260107,0930,B1,R1,x  500    2026-01-07  B1    R1    x         eight digits
    16,195,500,S,100,200,200,B1,R1,x    500    2026-01-05  B1    R1    x         three funds
    16,195,500,D,2,1,300,2,200,B1,R1,x  500    2026-01-05  B1    R1    x         funds by day
    16,195,500,Z,,,/                    500    2026-01-05  -     -     -         nothing else
    16,455,500,Z,B1,R1,x                -500   2026-01-05  B1    R1    x         a debit
    16,921,500,Z,B1,R1,x                500    2026-01-05  B1    R1    x         credit, own code
    16,961,500,Z,B1,R1,x                -500   2026-01-05  B1    R1    x         debit, own code
"""), ids=lambda case: case["why"])  # fmt: skip
def test_a_line(case):
    found = line(bai2(case["record"], total=500))
    assert (found.amount_minor, found.booked_on) == (int(case["minor"]), date(2026, 1, 5))
    assert found.value_on == date.fromisoformat(case["value"])
    shown = (found.bank_reference, found.reference, found.description)
    assert tuple(text or "-" for text in shown) == (case["bank"], case["ours"], case["text"])


def test_a_text_goes_on_in_the_next_records():
    data = bai2("16,195,500,Z,B1,R1,first/\n88,second, part/\n88,OB:third", total=500)
    data = data.replace(b"49,500,3", b"49,500,5").replace(b"98,500,1,5", b"98,500,1,7")
    assert line(data.replace(b"99,500,1,7", b"99,500,1,9")).description == (
        "first second, part OB:third"
    )


def test_fields_of_the_account_go_on_too():
    head = "4711,AED,010,1000,,,/\n88,015,1500,,,100,500,1,"
    data = bai2("16,195,500,Z,B1,R1,x", head=head, total=3500)
    data = data.replace(b"49,3500,3", b"49,3500,4").replace(b"98,3500,1,5", b"98,3500,1,6")
    found = one(data.replace(b"99,3500,1,7", b"99,3500,1,8"))
    assert (found.opening_minor, found.booked_minor, found.closing_minor) == (1000, 500, 1500)


@pytest.mark.parametrize("currency", ["AED", "KWD", "JPY"])
def test_amounts_are_minor_units_of_any_currency(currency):
    found = one(bai2("16,195,12345,Z,,,x", head=f"4711,{currency}", total=12345))
    assert (found.lines[0].amount_minor, found.currency) == (12345, currency)


def test_a_group_within_the_day_is_pending():
    data = bai2("16,195,500,Z,,,x", head="4711,AED,010,0,,,015,900,,", total=1400)
    found = one(data.replace(b"260105,,AED,2", b"260105,,AED,3"))
    assert (found.lines[0].is_pending, found.closing_minor) == (True, None)
    assert [(each.kind, each.minor) for each in found.balances] == [("closing", 900)]


@pytest.mark.parametrize("case", table("""
    was                  is                    code        line  why
    49,500,3             49,501,3              control     5     the account's total
    49,500,3             49,500,4              control     5     the account's records
    98,500,1,5           98,500,2,5            control     6     the group's accounts
    99,500,1,7           99,499,1,7            control     7     the file's total
    16,195,500           16,195,5x0            amount      4     an amount that is none
    16,195,500           16,755,500            type        4     a loan
    16,195,500           17,195,500            record      4     a record that is none
    02,US,BANK,1,260105  02,US,BANK,1,261305   date        2     a thirteenth month
    02,US,BANK,1         02,US,BANK,2          group       2     a deletion
    02,US,BANK,1         02,US,BANK,4          group       2     a test
    99,500,1,7/          -                     no_trailer  6     a file cut off
    49,500,3/            -                     no_trailer  6     an account that does not end
    03,4711,AED/         -                     misplaced   4     a line of no account
    03,4711,AED          03,4711,AED,100,7,1,  summary     3     credits that are others
"""), ids=lambda case: case["why"])  # fmt: skip
def test_refused_with_the_line(case):
    text = bai2("16,195,500,Z,B1,R1,x", total=500).decode()
    assert case["was"] in text
    with pytest.raises(Refused) as caught:
        reading.read(text.replace(case["was"], case["is"].strip("-")).encode())
    first = getattr(caught.value, "parts", [caught.value])[0]
    assert (first.code, first.facts["line"]) == (f"bank.{case['code']}", int(case["line"]))


def test_information_without_an_amount_is_remarked():
    found = one(bai2("16,890,,,,,call us/"))
    assert found.lines == ()
    assert "bank.information" in [remark.code for remark in found.remarks]
