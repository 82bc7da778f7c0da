"""OFX: leaves that are not closed, odd values, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.adapters.bank import reading
from tahsil.core.grammar.refusal import Refused
from tests.adapters.bank.files import line, ofx, one
from tests.tables import table


def trn(amount: str = "10.00", more: str = "", posted: str = "20260115120000[+4:GST]") -> str:
    """A line whose leaves are not closed."""
    return (
        f"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{posted}<TRNAMT>{amount}<FITID>T1<NAME>ALI &amp; SONS"
        f"{more}</STMTTRN>"
    )


def test_a_line():
    found = line(ofx(trn(more="<DTAVAIL>20260117<CHECKNUM>000123<MEMO>Flat 1204")))
    assert (found.booked_on, found.value_on) == (date(2026, 1, 15), date(2026, 1, 17))
    assert (found.amount_minor, found.bank_reference) == (1000, "T1")
    assert (found.payer, found.description) == ("ALI & SONS", "Flat 1204")
    assert (found.cheque_number, found.bank_code) == ("000123", "CREDIT")


def test_the_statement():
    found = one(ofx(trn()))
    assert (found.account, found.currency, found.closing_minor) == ("4711", "AED", 9000)
    assert (found.opened_on, found.closed_on) == (date(2026, 1, 1), date(2026, 1, 31))
    assert [remark.code for remark in found.remarks] == ["bank.unchecked"]


@pytest.mark.parametrize(
    "case",
    table("""
    written    minor     why
    10         1000      no decimals
    -10.5      -1050     one decimal
    +1 006,60  100660    a plus, a blank between thousands, a comma
    1,006.60   100660    a comma between thousands
    1.006,60   100660    a point between thousands
    -2000,00   -200000   a comma for the point
    0.000      0         zeros beyond the currency's decimals
    2,000      doubtful  two or two thousand
    1,00.50    none      thousands of two digits
    $120       none      a sign of a currency
    1.2.3      none      two points
    5.001      none      more decimals than the currency
    1e3        none      an exponent
"""),
    ids=lambda case: case["why"],
)
def test_amounts(case):
    data = ofx(trn(case["written"]))
    if case["minor"].lstrip("-").isdigit():
        assert line(data).amount_minor == int(case["minor"])
        return
    with pytest.raises(Refused) as caught:
        reading.read(data)
    code = "bank.amount_doubtful" if case["minor"] == "doubtful" else "bank.amount"
    assert (caught.value.code, caught.value.facts["line"]) == (code, 10)


@pytest.mark.parametrize(
    "case",
    table("""
    more                          text                 reference  cheque  why
    <MEMO><REFNUM>R1              -                    R1         -       empty, never closed
    <MEMO/><REFNUM>R1             -                    R1         -       empty in one tag
    <MEMO></MEMO><REFNUM>R1       -                    R1         -       empty and closed
    <memo>Flat 7</memo>           Flat 7               -          -       small letters
    <MEMO>A<CATEGORY>B<REFNUM>R1  A                    R1         -       outside the standard
    <MEMO><![CDATA[A<B>]]>        A<B>                 -          -       text not parsed
    <CHKNUM>1932                  -                    -          1932    another spelling
    <CHECKNUM>0                   -                    -          -       nought is none
    <MEMO>CHQ NO. 000456 PAID     CHQ NO. 000456 PAID  -          000456  named in the text
"""),
    ids=lambda case: case["why"],
)
def test_leaves(case):
    found = line(ofx(trn(more=case["more"])))
    shown = (found.description, found.reference, found.cheque_number)
    assert tuple(text or "-" for text in shown) == (
        case["text"],
        case["reference"],
        case["cheque"],
    )
    assert found.amount_minor == 1000


@pytest.mark.parametrize(
    "case",
    table("""
    posted        code  why
    20260231      date  no day of the calendar
    201120000000  date  a twentieth month
    00000000      date  noughts
    150126        date  six digits
"""),
    ids=lambda case: case["why"],
)
def test_a_line_needs_its_date(case):
    with pytest.raises(Refused) as caught:
        reading.read(ofx(trn(posted=case["posted"])))
    assert caught.value.code == f"bank.{case['code']}"


def test_a_line_that_is_not_closed_loses_nothing():
    with pytest.raises(Refused) as caught:
        reading.read(ofx(trn().replace("</STMTTRN>", "") + trn("20.00")))
    assert caught.value.code == "bank.amount_missing"


def test_a_date_of_the_statement_may_be_odd():
    found = one(ofx(trn(), ledger="<BALAMT>90.00<DTASOF>00000000"))
    assert found.closing_minor == 9000
    assert "bank.date_odd" in [remark.code for remark in found.remarks]


@pytest.mark.parametrize(
    "case",
    table("""
    line_currency  said  outcome           why
    USD            -     USD               the lines agree
    -              EGP   EGP               a person said it of the bank
    -              -     bank.no_currency  nobody says
"""),
    ids=lambda case: case["why"],
)
def test_a_statement_without_a_currency(case):
    own = case["line_currency"].strip("-")
    more = f"<CURRENCY><CURRATE>1.0<CURSYM>{own}</CURRENCY>" if own else ""
    data = ofx(trn(more=more), currency="")
    if case["outcome"].startswith("bank."):
        with pytest.raises(Refused) as caught:
            reading.read(data)
        assert caught.value.code == case["outcome"]
    else:
        found = one(data, currency=case["said"].strip("-"))
        assert found.currency == case["outcome"]
        assert "bank.currency_missing" in [remark.code for remark in found.remarks]


def test_pending_lines_are_flagged():
    pending = "</BANKTRANLIST><BANKTRANLISTP><STMTTRNP><TRNTYPE>POS<DTTRAN>20260116<TRNAMT>-3"
    data = ofx(trn() + pending + "</STMTTRNP></BANKTRANLISTP><BANKTRANLIST>")
    assert [(x.amount_minor, x.is_pending) for x in one(data).lines] == [
        (1000, False),
        (-300, True),
    ]


def test_an_error_of_the_bank_is_said_in_its_words():
    status = b"<CODE>15500<SEVERITY>ERROR<MESSAGE>Sign on again"
    data = b"<OFX><SONRS><STATUS>" + status + b"</STATUS></SONRS></OFX>"
    with pytest.raises(Refused) as caught:
        reading.read(data)
    assert caught.value.code == "bank.server"
    assert "15500" in str(caught.value)
    assert "Sign on again" in str(caught.value)


@pytest.mark.parametrize(
    "case",
    table("""
    encoding  charset  name
    cp1252    1252     MÜLLER
    latin-1   8859-1   MÜLLER
    utf-8     NONE     محمد
    cp1256    1256     محمد علي
"""),
    ids=lambda case: f"{case['encoding']} {case['charset']}",
)
def test_letters(case):
    text = ofx(trn()).decode().replace("CHARSET:1252", f"CHARSET:{case['charset']}")
    assert (
        line(text.replace("ALI &amp; SONS", case["name"]).encode(case["encoding"])).payer
        == (case["name"])
    )
