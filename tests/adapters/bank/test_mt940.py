"""MT940 and MT942: lines, texts, balances and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.adapters.bank import mt940 as mt940_reader
from tahsil.adapters.bank import reading
from tahsil.adapters.bank.notes import Notes
from tahsil.adapters.bank.statement import Mapping
from tahsil.core.grammar.refusal import Refused
from tests.adapters.bank.files import line, mt940, one
from tests.tables import table


def read_line(text: str, currency: str = "AED"):
    """The line of one :61:, whatever the balances are."""
    notes = Notes()
    data = mt940(f":61:{text}", opening=f"C260101{currency}0,", closing=f"C260131{currency}0,")
    (found,) = mt940_reader.read(data.decode(), notes, Mapping())
    assert notes.faults == []
    return found.lines[0]


@pytest.mark.parametrize(
    "case",
    table("""
    line                      minor    booked      value       why
    2601050105C1000,00NTRFR1  100000   2026-01-05  2026-01-05  a credit is money in
    2601050105D1000,00NTRFR1  -100000  2026-01-05  2026-01-05  a debit is money out
    2601050105RC10,00NTRFR1   -1000    2026-01-05  2026-01-05  a credit taken back
    2601050105RD10,00NTRFR1   1000     2026-01-05  2026-01-05  a debit taken back
    2601050105CD10,5NTRFR1    1050     2026-01-05  2026-01-05  the third letter of the currency
    2601050105DR10,NTRFR1     -1000    2026-01-05  2026-01-05  a debit in a currency ending in R
    2601050105C10NTRFR1       1000     2026-01-05  2026-01-05  no comma at all
    2601050105C10.25NTRFR1    1025     2026-01-05  2026-01-05  a point for the comma
    260105C10,NTRFR1          1000     2026-01-05  2026-01-05  no booking date
    260105____C10,NTRFR1      1000     2026-01-05  2026-01-05  a blank booking date
    2512310102C10,NTRFR1      1000     2026-01-02  2025-12-31  booked in the next year
    2601021231C10,NTRFR1      1000     2025-12-31  2026-01-02  booked in the year before
    2602300302D6,N024NONREF   -600     2026-03-02  2026-02-28  a 30 February is its last day
    9912310101C10,NTRFR1      1000     2000-01-01  1999-12-31  across the century
"""),
    ids=lambda case: case["why"],
)
def test_a_line(case):
    found = read_line(case["line"].replace("_", " "))
    assert found.amount_minor == int(case["minor"])
    assert found.booked_on == date.fromisoformat(case["booked"])
    assert found.value_on == date.fromisoformat(case["value"])
    assert found.is_reversal == ("R" in case["line"][10:12] and case["line"][10] == "R")


def test_a_dinar_has_three_decimals():
    assert read_line("2601050105C10,125NTRFR1", "KWD").amount_minor == 10125


@pytest.mark.parametrize(
    "case",
    table("""
    rest                             reference   bank_reference  description  why
    NTRFINV-77//B1                   INV-77      B1              -            both references
    NTRFNONREF//NONREF               -           -               -            none of them is one
    NTRFAB 12//C/D//E                AB 12       C/D//E          -            slashes in the bank's
    N0440121470966______W.P. JANSEN  0121470966  -               W.P. JANSEN  a name behind ours
    NCHK000123//B1                   000123      B1              -            a cheque
"""),
    ids=lambda case: case["why"],
)
def test_references(case):
    found = read_line("2601050105C10," + case["rest"].replace("_", " "))
    shown = (found.reference, found.bank_reference, found.description)
    assert tuple(text or "-" for text in shown) == (
        case["reference"],
        case["bank_reference"],
        case["description"],
    )
    assert found.cheque_number == ("000123" if "CHK" in case["rest"] else "")


def test_a_structured_text_is_taken_apart():
    text = [
        ":61:2601050105C10,NTRFNONREF//B1",
        ":86:166?00CREDIT TRANSFER?20EREF+INV-2026-0077?21SVWZ+Flat 1204 first qua",
        "rter?30ADCBAEAA?31AE460090000000123456789?32ALI HASSAN",
        " MOHAMED?34000",
    ]
    found = line(mt940(*text, closing="C260131AED10,"))
    assert (found.reference, found.payer) == ("INV-2026-0077", "ALI HASSAN MOHAMED")
    assert found.payer_account == "AE460090000000123456789"
    assert found.description.startswith(
        "CREDIT TRANSFER EREF+INV-2026-0077 SVWZ+Flat 1204 first quarter"
    )
    assert (found.code, found.bank_code) == ("transfer", "NTRF/166")


def test_a_text_of_slashes_is_taken_apart():
    text = ":86:/EREF/INV 77/ORDP//NAME/ALI HASSAN/REMI/Flat 1204/IBAN/AE070331234567890123456"
    found = line(mt940(":61:2601050105C10,NTRFNONREF", text, closing="C260131AED10,"))
    assert (found.reference, found.payer) == ("INV 77", "ALI HASSAN")
    assert "Flat 1204" in found.description


def test_a_number_cut_at_the_end_of_a_full_line_is_put_together():
    first = ":86:" + "TRANSFER FOR UNIT 1204 OF CUSTOMER NUMBER 00000000000000000004218"
    data = mt940(":61:2601050105C10,NTRFX", first, "8659 MAADI", closing="C260131AED10,")
    assert "0000042188659 MAADI" in line(data).description


def test_a_time_cut_before_its_minutes_is_no_tag():
    text = [":61:2601050105C10,NTRFX", ":86:PAID 2026-01-05T16", ":20:37 FOR FLAT 7"]
    found = one(mt940(*text, closing="C260131AED10,"))
    assert "PAID 2026-01-05T16 :20:37 FOR FLAT 7" in found.lines[0].description
    assert [remark.code for remark in found.remarks] == ["bank.tag_in_text"]


def test_several_texts_of_one_line_are_all_kept():
    data = mt940(":61:260105C10,NTRFX", ":86:one", ":86:two", ":86:three", closing="C260131AED10,")
    assert line(data).description == "one two three"


def test_the_text_after_the_balance_is_of_the_statement():
    data = mt940(":61:260105C10,NTRFX", ":86:mine", closing="C260131AED10,")
    found = one(data.replace(b"\n-", b"\n:86:of all\n-"))
    assert (found.lines[0].description, found.note) == ("mine", "of all")


def test_available_and_forward_balances_are_kept():
    after = b":64:C260131AED9,00\n:65:C260201AED8,00\n-"
    found = one(mt940(":61:260105C10,NTRFX", closing="C260131AED10,").replace(b"-", after, 1))
    kinds = [(each.kind, each.minor) for each in found.balances]
    assert kinds == [("available", 900), ("forward", 800)]


def test_a_stray_text_is_remarked():
    data = mt940(":61:260105C10,NTRFX", closing="C260131AED10,").replace(b"\n-", b"\nstray\n-")
    remark = one(data).remarks[0]
    assert (remark.code, remark.facts["line"]) == ("bank.outside", 7)


def test_an_unknown_tag_is_remarked():
    data = mt940(":61:260105C10,NTRFX", closing="C260131AED10,")
    remark = one(data.replace(b":28C", b":37:rate\n:28C")).remarks[0]
    assert (remark.code, remark.facts["line"]) == ("bank.tag_unknown", 3)


def test_blocks_of_the_network_are_no_text():
    body = mt940(":61:260105C10,NTRFX", closing="C260131AED10,").decode()
    wrapped = "{1:F01BANKAEAAXXXX0000000000}{2:O9400000}{4:\n" + body[:-1] + "-}{5:{CHK:1}}\n"
    assert one(wrapped.encode()).lines[0].fingerprint == one(body.encode()).lines[0].fingerprint
    assert one(wrapped.encode()).remarks == ()


@pytest.mark.parametrize(
    "case",
    table("""
    tags                    code     line  why
    :61:GARBAGE             line     5     a line that is none
    :61:260105C1,2,3NTRFX   amount   5     an amount that is none
    :61:261305C1,NTRFX      date     5     a thirteenth month
    :61:2601051350C1,NTRFX  date     5     a booking date that is none
    :61:260105C1,234NTRFX   amount   5     more decimals than the currency
    :60F:C260101AED5,       twice    5     a second opening balance
    :61:260105C1,NTRFX      balance  1     lines that do not add up
"""),
    ids=lambda case: case["why"],
)
def test_refused_with_the_line(case):
    with pytest.raises(Refused) as caught:
        reading.read(mt940(case["tags"], closing="C260131AED9,99"))
    assert caught.value.code == f"bank.{case['code']}"
    assert caught.value.facts["line"] == int(case["line"])


def test_every_fault_is_found_at_once():
    with pytest.raises(Refused) as caught:
        reading.read(mt940(":61:A", ":61:260105C1,NTRFX", ":61:B", closing="C260131AED1,"))
    assert [part.facts["line"] for part in caught.value.parts] == [5, 7]
    assert "2 places" in str(caught.value)


def test_a_statement_cut_off_before_its_balance_is_refused():
    with pytest.raises(Refused) as caught:
        reading.read(mt940(":61:260105C1,NTRFX"))
    assert caught.value.code == "bank.cut"


def test_a_page_that_does_not_go_on_is_refused():
    page = mt940(":61:260105C1,NTRFX", closing="C260105AED1,").replace(b"62F", b"62M")
    other = mt940(":61:260105C1,NTRFX", opening="C260105AED7,", closing="C260105AED8,")
    with pytest.raises(Refused) as caught:
        reading.read(page + b"\n" + other)
    assert caught.value.code == "bank.page"


def test_a_gap_between_statements_is_remarked():
    other = mt940(":61:260109C1,NTRFX", opening="C260108AED7,", closing="C260109AED8,")
    found = reading.read(mt940(closing="C260105AED0,") + b"\n" + other)
    assert [remark.code for remark in found[1].remarks] == ["bank.gap"]


INTERIM = b""":20:R
:25:4711
:28C:1/1
:34F:AEDD0,00
:34F:AEDC0,00
:13D:2601051815+0400
:61:260105C2,50NTRFX
:61:260105D1,NTRFY
:90D:1AED1,00
:90C:1AED2,50
-
"""


def test_lines_of_mt942_are_pending():
    found = one(INTERIM)
    assert (found.format, found.currency) == ("mt942", "AED")
    assert [(line.amount_minor, line.is_pending) for line in found.lines] == [
        (250, True),
        (-100, True),
    ]
    assert found.booked_minor == 0


@pytest.mark.parametrize("wrong", [b":90C:2AED2,50", b":90C:1AED2,51"])
def test_a_summary_of_mt942_that_is_wrong_is_refused(wrong):
    with pytest.raises(Refused) as caught:
        reading.read(INTERIM.replace(b":90C:1AED2,50", wrong))
    assert (caught.value.code, caught.value.facts["line"]) == ("bank.summary", 10)


@pytest.mark.parametrize(
    "case",
    table("""
    encoding   text               remarks
    utf-8      تحويل أحمد         0
    utf-8-sig  تحويل أحمد         0
    utf-16     تحويل أحمد         0
    utf-16-le  transfer           0
    cp1256     تحويل من أحمد علي  1
    cp1252     Zahlung für Miete  1
"""),
    ids=lambda case: case["encoding"],
)
def test_encodings(case):
    tags = (":61:260105C10,NTRFX", f":86:{case['text']}")
    data = mt940(*tags, closing="C260131AED10,").decode().encode(case["encoding"])
    found = one(data)
    assert found.lines[0].description == case["text"]
    assert len(found.remarks) == int(case["remarks"])


def test_an_encoding_said_for_the_bank_is_used():
    data = mt940(":61:260105C10,NTRFX", ":86:Díj", closing="C260131AED10,").decode()
    assert line(data.encode("cp852"), encoding="cp852").description == "Díj"
