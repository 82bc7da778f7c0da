"""Documents: what stands on paper and in a workbook, in three languages."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from tahsil.adapters.documents import Amount, Column, Document, Table
from tahsil.adapters.documents.pdf import pdf
from tahsil.adapters.documents.workbook import workbook
from tests.tables import table

CASES = table("""
    language  title                 name              why
    en        Statement of account  Mohamed Ahmed     left to right
    ar        كشف حساب عميل         محمد أحمد علي     right to left
    hi        खाता विवरण            राजेश शर्मा       conjuncts
""")


def statement(case) -> Document:
    return Document(
        case["title"],
        case["language"],
        issuer="Nile Homes",
        pairs=[("Name", case["name"])],
        figures=[("Overdue", Amount(5_000_000, "EGP"))],
        tables=[
            Table(
                [Column("No.", "number"), Column("Due", "date"), Column("Amount", "money")],
                [
                    [1, date(2026, 1, 13), Amount(14_400_050, "EGP")],
                    [2, None, Amount(1_250, "KWD")],
                ],
                totals=[None, "Total", Amount(14_400_050, "EGP")],
            )
        ],
        notes=['<script>#panic("no")</script>'],
        signatures=["Prepared", "Approved"],
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_paper_shows_the_figures(case):
    read = PdfReader(BytesIO(pdf(statement(case))))
    text = read.pages[0].extract_text()
    assert len(read.pages) == 1
    assert "144,000.50" in text
    assert "1.250" in text  # Kuwaiti dinars have three decimals
    assert read.metadata is not None
    assert read.metadata.title == case["title"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_a_workbook_holds_real_numbers_and_dates(case):
    sheet = CalamineWorkbook.from_filelike(BytesIO(workbook(statement(case)))).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert rows[3][:2] == ["Overdue", 50000.0]
    assert [1.0, date(2026, 1, 13), 144000.5] in rows
    assert rows[-1] == ["", "Total", 144000.5]


def test_text_is_never_markup():
    text = PdfReader(BytesIO(pdf(statement(CASES[0])))).pages[0].extract_text()
    assert '#panic("no")' in text
