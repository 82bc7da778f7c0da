"""The mess inside cells, one test or more per item M4 to M18 of the catalogue."""

# ruff: noqa: E501  (rows of cells read best on one line)
from __future__ import annotations

from datetime import date

import pytest

from tahsil.adapters.sheets.cells import plain
from tahsil.adapters.sheets.codes import code_key, unit_key
from tahsil.adapters.sheets.mapping import Mapping
from tahsil.adapters.sheets.numbers import Amounts
from tahsil.adapters.sheets.phones import read as read_phone
from tahsil.adapters.sheets.staging import read
from tests.adapters.sheets.lists import (
    AS_OF,
    CHEQUES,
    CUSTOMERS,
    RECEIPTS,
    SCHEDULE,
    cells,
    codes_of,
    staged,
    warned,
    xlsx_of,
)
from tests.tables import table


def schedule_of(dates: list, **how):
    """A schedule with these due dates, one line each."""
    rows = [cells(SCHEDULE)[0]]
    for number, due in enumerate(dates, 1):
        rows.append(["سعاد", "B-1", number, "قسط", due, 1000])
    return read(xlsx_of(rows), as_of=AS_OF, **how)


def dues(found) -> list[str | None]:
    return [record.values["due_on"] for record in found.of("line")]


@pytest.mark.parametrize(
    "case",
    table("""
    text             plain
    ١٢٣٬٤٥٦٫٧٥       123٬456٫75
    ۱۲۳              123
    १२३              123
    قـــسط           قسط
    """),
    ids=lambda case: case["plain"],
)
def test_m4_digits_of_three_scripts_and_marks_nobody_sees(case):
    assert plain("\u200f" + case["text"] + "\u00a0\u200e") == case["plain"]


@pytest.mark.parametrize(
    "case",
    table("""
    cell           beside            minor       why
    1.250.000,00   -                 125000000   dots group and the comma is the point
    1,250,000.00   -                 125000000   commas group and the dot is the point
    1 250 000      -                 125000000   spaces group
    12,50,000      -                 125000000   lakhs
    144,000        -                 14400000    no pound has three decimals
    50.000         1.250.000,00      5000000     the column says that dots group
    ١٢٣٬٤٥٦٫٧٥     -                 12345675    Arabic signs
    """),
    ids=lambda case: case["why"],
)
def test_m5_separators_are_decided_per_column(case):
    amounts = Amounts([case["cell"], case["beside"]], currency="EGP")
    read_cell = amounts.read(case["cell"])
    assert read_cell.value == (int(case["minor"]), "EGP")


def test_m5_three_digits_behind_the_columns_own_point_are_refused():
    amounts = Amounts(["300,000.00", "50.000"], currency="EGP")
    assert amounts.read("300,000.00").value == (30000000, "EGP")
    assert amounts.read("50.000").fault[0] == "number.doubtful"
    assert Amounts(["50.000", "1.25"], currency="KWD").read("50.000").value == (50000, "KWD")


def test_m5_ambiguous_column_is_refused_with_both_readings_and_a_mapping_answers():
    text = (
        RECEIPTS
        + "\n1 | 13/01/2026 | منى | C-11 | 50.000 |\n2 | 14/01/2026 | منى | C-11 | 96.500 |"
    )
    found = staged(text)
    assert codes_of(found) == ["number.doubtful", "number.doubtful"]
    assert found.rejects[0].facts == {"text": "50.000", "first": "50", "second": "50,000"}
    question = found.questions[0]
    assert (question.choice, question.subject) == ("decimals", "المبلغ")
    answered = staged(text, mapping=Mapping(decimals={"المبلغ": ","}))
    assert [r.values["amount_minor"] for r in answered.records] == [5000000, 9650000]
    assert not answered.rejects


@pytest.mark.parametrize(
    "case",
    table("""
    cell        minor
    (12,500)    -1250000
    12,500-     -1250000
    -١٢٥٠٠      -1250000
    12,500 Cr   -1250000
    12,500 دائن  -1250000
    12,500 Dr   1250000
    """),
    ids=lambda case: case["cell"],
)
def test_m6_negatives(case):
    assert Amounts([], currency="EGP").read(case["cell"]).value[0] == int(case["minor"])


@pytest.mark.parametrize(
    "case",
    table("""
    cell           minor      currency
    150000 ج.م     15000000   EGP
    AED 30,000/-   3000000    AED
    ₹9,97,500      99750000   INR
    LE 1,500       150000     EGP
    KWD 12.500     12500      KWD
    12500          1250000    EGP
    """),
    ids=lambda case: case["cell"],
)
def test_m7_currency_inside(case):
    amounts = Amounts([], currency="EGP", point=".")
    assert amounts.read(case["cell"]).value == (int(case["minor"]), case["currency"])


def test_m8_order_of_day_and_month_is_decided_from_cells_that_prove_it():
    assert dues(schedule_of(["03/04/2026", "28/04/2026"])) == ["2026-04-03", "2026-04-28"]
    assert dues(schedule_of(["03/04/2026", "04/28/2026"])) == ["2026-03-04", "2026-04-28"]


def test_m8_steps_of_the_schedule_decide_where_no_cell_does():
    found = schedule_of(["05/01/2026", "05/04/2026", "05/07/2026", "05/10/2026"])
    assert dues(found) == ["2026-01-05", "2026-04-05", "2026-07-05", "2026-10-05"]


def test_m8_undecided_dates_are_refused_with_both_readings_and_a_mapping_answers():
    found = schedule_of(["03/04/2026", "07/11/2026"])
    assert codes_of(found) == ["date.doubtful", "date.doubtful"]
    assert found.rejects[0].facts["first"] == "2026-04-03"
    assert found.rejects[0].facts["second"] == "2026-03-04"
    assert found.questions[0].options == (("dmy", "2026-04-03"), ("mdy", "2026-03-04"))
    answered = schedule_of(["03/04/2026", "07/11/2026"], mapping=Mapping(date_orders={"*": "mdy"}))
    assert dues(answered) == ["2026-03-04", "2026-07-11"]


def test_m8_true_dates_that_excel_exchanged_are_found_by_the_steps():
    # 13/01, 05/04, 05/07, 05/10 typed in a US Excel: those it could read became May, May, May.
    typed = ["23/01/2026", "25/02/2026", date(2026, 5, 4), date(2026, 5, 7), date(2026, 5, 10)]
    found = schedule_of(typed)
    assert dues(found)[2:] == ["2026-04-05", "2026-07-05", "2026-10-05"]
    assert "date.swapped" in warned(found)


def test_m8_true_dates_that_may_be_exchanged_are_asked_about():
    typed = ["23/01/2026", "25/02/2026", date(2026, 5, 4), date(2026, 7, 3), date(2026, 9, 2)]
    found = schedule_of(typed)
    assert codes_of(found) == ["date.swap_doubtful"] * 3
    assert found.questions[0].choice == "swapped"
    answered = schedule_of(typed, mapping=Mapping(swapped={"تاريخ الاستحقاق": False}))
    assert dues(answered)[2:] == ["2026-05-04", "2026-07-03", "2026-09-02"]


@pytest.mark.parametrize(
    "case",
    table("""
    cell                  due_on       why
    46125                 2026-04-13   serial number
    13-يناير-2026         2026-01-13   Egyptian month
    13 كانون الثاني 2026  2026-01-13   Levantine month
    ١٣/٠١/٢٠٢٦            2026-01-13   Arabic digits
    1447/07/24            2026-01-13   Hijri
    01-Feb-26             2026-02-01   English month
    12.03.24              2024-03-12   dots are day first
    2026-01-13            2026-01-13   ISO
    13 जनवरी 2026         2026-01-13   Hindi month
    """),
    ids=lambda case: case["why"],
)
def test_m9_dates_of_every_kind(case):
    assert dues(schedule_of([case["cell"]])) == [case["due_on"]]


@pytest.mark.parametrize(
    "case",
    table("""
    cell         code
    31/02/2026   date.impossible
    0000-00-00   date.impossible
    13/01/2206   date.implausible
    13/01        date.no_year
    قريبا         date.unreadable
    """),
    ids=lambda case: case["code"],
)
def test_m9_dates_that_are_none(case):
    assert codes_of(schedule_of([case["cell"]])) == [case["code"]]


def test_m10_due_on_an_event_has_a_rule_and_no_date():
    found = schedule_of(["عند الاستلام", "on handover", ""])
    rules = [(r.values["due_on"], r.values["due_rule"]) for r in found.of("line")]
    assert rules == [(None, "HANDOVER_NOTICE"), (None, "HANDOVER_NOTICE"), (None, None)]


@pytest.mark.parametrize(
    "case",
    table("""
    cell                     numbers
    1001234567               +201001234567
    +20 100 123 4567         +201001234567
    0100-1234567/01229876543  +201001234567 +201229876543
    ٠١٠٠١٢٣٤٥٦٧              +201001234567
    02-27654321              +20227654321
    +971 50 123 4567         +971501234567
    """),
    ids=lambda case: case["cell"],
)
def test_m11_phones(case):
    found = read_phone(case["cell"], "EG").value
    assert [number for number, _ in found] == case["numbers"].split()


def test_m11_lossy_missing_and_shared_phones():
    assert read_phone("1.00123E+09", "EG").notes[0][0] == "phone.lossy"
    assert read_phone("لا يوجد", "EG").value is None
    found = staged(
        CUSTOMERS
        + "\nC-1 | منى | | 01001234567\nC-2 | علي | | 1001234567\nC-3 | حسن | | 0100 123 4567"
    )
    assert all(r.values["phones"][0]["is_shared"] for r in found.records)
    assert found.records[2].values["phones"][0]["raw"] == "0100 123 4567"
    assert not found.candidates  # a broker's phone does not make three people one


def test_m12_names_are_compared_by_key_and_kept_as_written():
    found = staged(
        CUSTOMERS
        + "\nC-1 | أ/ محمد أحمد على | |\nC-9 | محمّد احمد علي | |\nC-5 | ورثة / حسن السيد | |"
    )
    assert [r.values["name"] for r in found.records][:2] == ["أ/ محمد أحمد على", "محمّد احمد علي"]
    assert found.records[0].values["name_key"] == found.records[1].values["name_key"]
    assert found.records[2].values["is_estate"]
    assert len(found.records) == 3
    assert [(c.first, c.second) for c in found.candidates] == [("party|C-1", "party|C-9")]


def test_m13_identity_numbers_are_text_and_lossy_ones_are_flagged():
    found = staged(
        CUSTOMERS
        + """
        C-1 | منى  | 2.8801E+13     |
        C-2 | علي  | ٢٨٥٠١١٢٠١٢٣٤٥٦ |
        C-3 | حسن  | 28513320123456 |
        C-4 | John | A1234567       |
        """
    )
    said = [(r.values["national_id"], r.values["id_kind"]) for r in found.records]
    assert said == [
        (None, None),
        ("28501120123456", "national"),
        ("28513320123456", "national"),
        ("A1234567", "passport"),
    ]
    noted = [[n.code for n in r.warnings] for r in found.records]
    assert noted == [["id.lossy"], [], ["id.check"], []]


def test_m14_code_variants_are_candidates_only():
    assert code_key("C-1001") == code_key("1001") == code_key("C1001") == "1001"
    found = staged(CUSTOMERS + "\nC-1001 | محمد أحمد علي | |\n1001 | محمد احمد على | |")
    assert len(found.records) == 2
    assert found.candidates[0].reasons[:2] == ("code", "name")


def test_m15_unit_codes_drift():
    assert unit_key("B12-304") == unit_key("b12/304") == unit_key("B12 304") == "B12-304"
    assert unit_key("عمارة ١٢ شقة ٣٠٤") == "12-304"
    text = (
        SCHEDULE
        + "\nمنى | B12-304 | 1 | قسط | 13/01/2026 | 5\nمنى | عمارة ١٢ شقة ٣٠٤ | 2 | قسط | 13/02/2026 | 5"
    )
    assert [(c.first, c.second) for c in staged(text).candidates] == [("12-304", "B12-304")]
    known = staged(text, mapping=Mapping(units={"12-304": "B12-304"}))
    assert {r.values["unit"] for r in known.of("line")} == {"B12-304"}


def test_m16_cheque_numbers_are_text_and_ranges_wait_for_a_yes():
    text = (
        CHEQUES
        + """
        000123  | CIB | منى | منى | C-11 | 500 | 13/07/2026 | تحت التحصيل
        122-133 | NBE | علي | علي | C-12 | 144 | ربع سنوى من 13/7/26 | تحت التحصيل
        =77     | CIB | منى | منى | C-11 | 500 | 14/07/2026 | بالخزينة
        """
    )
    found = staged(text)
    assert [r.values["number"] for r in found.records] == ["000123", "122-133", "77"]
    assert found.records[1].values["needs"] == ["expansion"]
    assert found.questions[0].choice == "expand_ranges"
    assert "cheque.lost_zeros" in {n.code for n in found.records[2].warnings}
    expanded = staged(text, mapping=Mapping(expand_ranges=True))
    series = [(r.values["number"], r.values["due_on"]) for r in expanded.records[1:13]]
    assert series[0] == ("122", "2026-07-13")
    assert series[1] == ("123", "2026-10-13")
    assert series[11] == ("133", "2029-04-13")


def test_m16_two_numbers_in_a_cell_are_two_cheques():
    found = staged(CHEQUES + "\n0123 / 0124 | CIB | منى | منى | C-11 | 500 | 13/07/2026 | ضمان")
    assert [r.values["number"] for r in found.records] == ["0123", "0124"]
    assert "cheque.several" in warned(found)


@pytest.mark.parametrize(
    "name", ["الاهلى", "NBE", "National Bank", "البنك الأهلي المصري - المعادي"]
)
def test_m17_bank_names(name):
    found = staged(CHEQUES + f"\n0123 | {name} | منى | منى | C-11 | 500 | 13/07/2026 | ضمان")
    assert found.records[0].values["bank"] == "NBE"
    assert found.records[0].values["bank_branch"] == ("المعادي" if "المعادي" in name else "")


def test_m18_unknown_statuses_go_to_review_and_a_mapping_answers():
    text = (
        CHEQUES
        + """
        1 | CIB | منى | منى | C-11 | 5 | 13/07/2026 | مرتد (رصيد) 2
        2 | CIB | منى | منى | C-11 | 5 | 13/07/2026 | تحت التحصيل
        3 | CIB | منى | منى | C-11 | 5 | 13/07/2026 | م
        """
    )
    found = staged(text)
    said = [(r.values["status"], r.values["bounces"], r.values["needs"]) for r in found.records]
    assert said == [("bounced", 2, []), ("under_collection", 0, []), (None, 0, ["status"])]
    assert found.records[0].values["return_reason"] == "insufficient_funds"
    assert [(q.choice, q.subject) for q in found.questions] == [("statuses", "م")]
    answered = staged(text, mapping=Mapping(statuses={"م": "cleared"}))
    assert answered.records[2].values["status"] == "cleared"
