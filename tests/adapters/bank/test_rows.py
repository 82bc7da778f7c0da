"""Tables of banks: headings in three languages, signs, orders, and running balances."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tahsil.adapters.bank import mapping, rows
from tahsil.adapters.bank.headings import HEADINGS
from tahsil.adapters.bank.statement import Mapping, Statement
from tahsil.core.grammar.refusal import Refused
from tahsil.core.resolve.bank_tables import FIELDS
from tests.tables import table


def read(*lines: list, **said) -> Statement:
    (found,) = rows.read(lines, name="table", mapping=Mapping(**{"account": "4711", **said}))
    return found


def refused(*lines: list, **said) -> Refused:
    with pytest.raises(Refused) as caught:
        read(*lines, **said)
    return caught.value


ENGLISH = (
    ["Emirates Bank", "", "", "", "", ""],
    ["Account Number:", "AE070331234567890123456", "", "", "", ""],
    ["Currency", "AED", "", "", "", ""],
    [],
    ["Date", "Value Date", "Description", "Debit", "Credit", "Balance"],
    ["", "", "Opening balance", "", "", "1,000.00"],
    ["05/01/2026", "06/01/2026", "TRF FROM ALI HASSAN", "", "250.00", "1,250.00"],
    ["", "", "UNIT 1204 RENT", "", "", ""],
    ["13/01/2026", "13/01/2026", "Chq No 000123 clearing", "100.50", "", "1,149.50"],
    ["", "", "Total", "100.50", "250.00", ""],
    ["Page 1 of 1"],
)


def test_a_table_with_its_top_and_totals():
    found = read(*ENGLISH, account="")
    assert (found.account, found.currency) == ("AE070331234567890123456", "AED")
    assert (found.opening_minor, found.closing_minor) == (100000, 114950)
    assert [(x.at, x.amount_minor, x.description) for x in found.lines] == [
        (7, 25000, "TRF FROM ALI HASSAN UNIT 1204 RENT"),
        (9, -10050, "Chq No 000123 clearing"),
    ]
    first, second = found.lines
    assert (first.booked_on, first.value_on) == (date(2026, 1, 5), date(2026, 1, 6))
    assert (second.code, second.cheque_number) == ("cheque", "000123")
    assert [remark.code for remark in found.remarks] == ["bank.row_passed"]


def test_a_table_in_arabic():
    found = read(
        ["كشف حساب", "رقم الحساب: 100023456"],
        ["العملة", "EGP"],
        ["التاريخ", "تاريخ الحق", "البيان", "مدين", "دائن", "الرصيد"],
        ["٠٥/٠١/٢٠٢٦", "٠٥/٠١/٢٠٢٦", "تحويل من أحمد علي", "", "٢٬٥٠٠٫٥٠", "٣٬٥٠٠٫٥٠"],
        ["١٤/٠١/٢٠٢٦", "١٤/٠١/٢٠٢٦", "شيك رقم ٠٠٠٤٥٦", "٥٠٠٫٥٠", "", "٣٬٠٠٠٫٠٠"],
        account="",
    )
    assert (found.account, found.currency) == ("100023456", "EGP")
    assert [line.amount_minor for line in found.lines] == [250050, -50050]
    assert found.lines[1].cheque_number == "000456"
    assert (found.opening_minor, found.closing_minor) == (100000, 300000)


def test_a_table_in_hindi():
    found = read(
        ["दिनांक", "विवरण", "निकासी", "जमा", "शेष"],
        ["01/04/2026", "UPI/ramesh", "", "9,97,500.00", "9,97,500.00"],
        ["15/04/2026", "NEFT", "500", "", "9,97,000.00"],
        currency="INR",
    )
    assert [line.amount_minor for line in found.lines] == [99750000, -50000]
    assert found.lines[0].booked_on == date(2026, 4, 1)


def test_a_workbook_with_the_newest_row_first():
    found = read(
        ["Posting Date", "Narrative", "Amount (KWD)", "Running Balance"],
        [datetime(2026, 1, 9), "b", -5.125, 94.875],
        [datetime(2026, 1, 8), "a", 100.1, 100.0],
    )
    assert found.currency == "KWD"
    assert [line.description for line in found.lines] == ["a", "b"]
    assert (found.opening_minor, found.closing_minor) == (-100, 94875)


@pytest.mark.parametrize(
    "case",
    table("""
    amount   sign  minor   why
    100.00   CR    10000   a credit
    100.00   Dr    -10000  a debit
    -100.00  Dr    -10000  a debit with a minus besides
    100.00   دائن  10000   a credit in Arabic
    100.00   नामे  -10000  a debit in Hindi
    100.00   +     10000   a plus
"""),
    ids=lambda case: case["why"],
)
def test_a_column_of_signs(case):
    head = ["Txn Date", "Particulars", "Amount", "Dr/Cr"]
    other = ["2026-01-03", "other", "1.00", "CR"]
    found = read(head, ["2026-01-02", "x", case["amount"], case["sign"]], other, currency="AED")
    assert found.lines[0].amount_minor == int(case["minor"])


@pytest.mark.parametrize(
    "case",
    table("""
    cell          minor    why
    1,234.50      123450   thousands and decimals
    1.234,50      123450   the other way round
    (1,234.50)    -123450  in brackets
    1,234.50-     -123450  a minus behind
    1,234.50 Dr   -123450  a debit written behind
    AED 1,234.50  123450   a currency before
    1'234.50      123450   an apostrophe between thousands
    ١٬٢٣٤٫٥٠      123450   Arabic digits
    1,234         123400   no currency of two decimals has three
"""),
    ids=lambda case: case["why"],
)
def test_amounts(case):
    found = read(["Date", "Details", "Amount"], ["2026-01-02", "x", case["cell"]], currency="AED")
    assert found.lines[0].amount_minor == int(case["minor"])


@pytest.mark.parametrize(
    "case",
    table("""
    first         second        order  read        why
    05/01/2026    13/01/2026    -      2026-01-05  the other date proves the day first
    05/01/2026    01/13/2026    -      2026-05-01  the other date proves the month first
    02/01/2026    01/02/2026    -      2026-01-02  only one order runs forward
    05/01/2026    06/01/2026    mdy    2026-05-01  a person said it
    05-Jan-26     06-Jan-26     -      2026-01-05  a month by name
    5 يناير 2026  6 يناير 2026  -      2026-01-05  a month by its Arabic name
    2026/01/05    2026/01/06    -      2026-01-05  the year first
    20260105      20260106      -      2026-01-05  digits only
    05/01/2026    05/01/2026    -      -           nothing decides
"""),
    ids=lambda case: case["why"],
)
def test_dates(case):
    said = {"currency": "AED", "order": case["order"].strip("-")}
    head = ["Date", "Details", "Credit"]
    body = [[case["first"], "x", "1"], [case["second"], "x", "1"], ["03/03/2026", "x", "1"]]
    lines = (head, *(body if "/02/" in case["second"] else body[:2]))
    if case["read"] == "-":
        assert refused(*lines, **said).parts[0].code == "bank.date_doubtful"
    else:
        first = min(read(*lines, **said).lines, key=lambda line: line.at)
        assert first.booked_on == date.fromisoformat(case["read"])


HEAD = ["Date", "Details", "Debit", "Credit", "Balance"]


@pytest.mark.parametrize(
    "case",
    table("""
    debit  credit  balance  code        why
    -      50.00   161.00   running     a balance that does not follow
    1.00   2.00    99.00    both_sides  money in and out at once
    -      x       150.00   amount      an amount that is none
    -      50.001  150.001  amount      more decimals than the currency
"""),
    ids=lambda case: case["why"],
)
def test_refused_with_the_row(case):
    cells = [case[key].strip("-") for key in ("debit", "credit", "balance")]
    first = ["2026-01-02", "first", "", "100.00", "100.00"]
    found = refused(HEAD, first, ["2026-01-03", "second", *cells], currency="AED")
    found = getattr(found, "parts", [found])[0]
    assert (found.code, found.facts["line"]) == (f"bank.{case['code']}", 3)


def test_an_opening_row_that_does_not_fit_is_refused():
    opening = ["", "Balance brought forward", "", "", "90.00"]
    line = ["2026-01-02", "x", "", "10.00", "110.00"]
    assert refused(HEAD, opening, line, currency="AED").code == "bank.balance"


def test_a_total_that_is_not_that_of_the_rows_is_refused():
    line = ["2026-01-02", "x", "", "10.00", "110.00"]
    found = refused(HEAD, line, ["", "Total", "", "11.00", ""], currency="AED")
    assert (found.code, found.facts["line"]) == ("bank.summary", 3)


def test_a_payment_whose_text_begins_like_a_balance_is_a_line():
    line = ["2026-01-02", "Closing balance of Ali's account", "", "10.00", "110.00"]
    assert [x.amount_minor for x in read(HEAD, line, currency="AED").lines] == [1000]


def test_an_opening_balance_in_the_credit_column_is_no_money():
    opening = ["2026-01-01", "Opening Balance", "", "100.00", "100.00"]
    found = read(HEAD, opening, ["2026-01-02", "x", "", "10.00", "110.00"], currency="AED")
    assert (found.opening_minor, found.booked_minor, found.closing_minor) == (10000, 1000, 11000)


def test_a_row_in_another_currency_is_refused():
    head = ["Date", "Details", "Credit", "Currency"]
    found = refused(head, ["2026-01-02", "x", "1", "AED"], ["2026-01-03", "y", "2", "USD"])
    assert (found.code, found.facts["line"]) == ("bank.currencies", 3)


@pytest.mark.parametrize("cell", [10**400, float("nan"), float("inf"), "²", True])
def test_a_cell_that_is_no_amount_is_refused(cell):
    found = refused(HEAD, ["2026-01-02", "x", "", cell, ""], currency="AED")
    assert (found.code, found.facts["line"]) == ("bank.amount", 2)


def test_money_without_a_date_is_refused():
    assert refused(HEAD, ["", "x", "", "10.00", ""], currency="AED").code == "bank.date_missing"


@pytest.mark.parametrize(
    "case",
    table("""
    said      code         why
    currency  no_account   no account anywhere
    account   no_currency  no currency anywhere
"""),
    ids=lambda case: case["why"],
)
def test_what_neither_file_nor_person_says_is_refused(case):
    said = {"account": "", "currency": ""} | {case["said"]: "AED"}
    found = refused(HEAD, ["2026-01-02", "x", "", "10.00", ""], **said)
    assert found.code == f"bank.{case['code']}"


def test_amounts_alone_count_as_money_in_with_a_remark():
    found = read(["Date", "Details", "Amount"], ["2026-01-02", "x", "1.00"], currency="AED")
    assert "bank.all_in" in [remark.code for remark in found.remarks]


def test_debits_written_with_a_minus_are_debits():
    head = ["Date", "Details", "Debit", "Credit"]
    found = read(
        head, ["2026-01-02", "x", "-5.00", ""], ["2026-01-03", "y", "", "7"], currency="AED"
    )
    assert [line.amount_minor for line in found.lines] == [-500, 700]


def test_a_type_that_is_no_sign_is_left_alone():
    head = ["Date", "Details", "Amount", "Type"]
    found = read(head, ["2026-01-02", "x", "-5.00", "Transfer"], currency="AED")
    assert found.lines[0].amount_minor == -500


def test_columns_said_once_for_the_bank_are_used():
    said = {"booked_on": "Quando", "amount": "Quanto", "description": "Cosa"}
    found = read(
        ["Quando", "Cosa", "Quanto"], ["2026-01-02", "x", "1.00"], currency="EUR", columns=said
    )
    assert found.lines[0].description == "x"


def test_what_is_no_statement_is_no_table():
    assert rows.is_table([["Date", "Details", "Amount"]])
    assert not rows.is_table([["Customer", "Unit", "Price"], ["Ali", "7", "100"]])
    assert refused(["a", "b"], ["c", "d"]).code == "bank.no_headings"


STRANGE = (["Bank"], ["Tag", "Wozu", "Raus", "Rein"], ["03/11/2026", "MIETE", "", "30.00"])
SAID = {"booked_on": "Tag", "description": "Wozu", "debit": "Raus", "credit": "Rein"}


def test_a_table_is_read_as_somebody_said():
    found = read(*STRANGE, currency="EGP", order="dmy", columns=SAID)
    assert [(line.amount_minor, line.description) for line in found.lines] == [(30_00, "MIETE")]


@pytest.mark.parametrize("case", table("""
    field    heading  said                                 why
    balance  Saldo    Line 2: no column is headed Saldo    a column that is not there
    credit   Ein      Line 2: no column is headed Ein      a heading the bank has changed
"""), ids=lambda case: case["why"])  # fmt: skip
def test_a_column_that_was_said_and_is_missing_is_refused_by_line(case):
    columns = {**SAID, case["field"]: case["heading"]}
    refusal = refused(*STRANGE, currency="EGP", order="dmy", columns=columns)
    assert (refusal.code, str(refusal).startswith(case["said"])) == ("bank.column", True)


def test_what_was_said_to_be_no_column_is_not_guessed():
    heads = ["Date", "Amount", "Balance"]
    rows_of = (heads, ["2026-11-03", "30.00", "1.00"], ["2026-11-04", "5.00", "9.00"])
    columns = {"booked_on": "Date", "amount": "Amount", "balance": ""}
    found = read(*rows_of, currency="EGP", columns=columns)
    assert [line.balance_minor for line in found.lines] == [None, None]


@pytest.mark.parametrize("case", table("""
    body                                                      code
    {"columns": {"tag": "Tag"}}                               bank.mapping_field
    {"columns": {"booked_on": "Tag"}}                         bank.mapping_less
    {"columns": {"booked_on": "Tag", "amount": "Tag"}}        bank.mapping_twice
    {"order": "ymd"}                                          bank.mapping_sign
    {"colours": {}}                                           bank.mapping
    columns                                                   mapping.json
"""), ids=lambda case: case["code"])  # fmt: skip
def test_a_mapping_by_which_nothing_can_be_read_is_refused(case):
    with pytest.raises(Refused) as caught:
        mapping.from_text(case["body"])
    assert caught.value.code == case["code"]


def test_every_column_that_has_words_can_be_said():
    assert set(HEADINGS.values()) == set(FIELDS)
