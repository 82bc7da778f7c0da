"""The statement of account: as a page, on paper, as a workbook, in three languages."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

KINDS = ("", ".pdf", ".xlsx")


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_read_within_reach(desk, kind):
    path = f"/accounts/{{NIL-1}}/statement{kind}"
    for who in ("lina", "omar", "auditor"):
        assert desk.get(who, path).status_code == 200
    for who in ("noor", "stranger"):
        assert desk.get(who, path).status_code == 404
    assert desk.get("", path).url.startswith("/sign-in")


def test_the_page_explains_what_to_pay(desk):
    text = desk.read("lina", "/accounts/{NIL-1}/statement")
    for said in ("YAS-0014", "B2-14", "Q1", "CAI-1", "100,000.00", "CIB 000901", "Movements",
                 "To pay today", "22 Nov 2026"):  # fmt: skip
        assert said in text, said


def test_lines_of_a_period_only(desk):
    text = desk.read("lina", "/accounts/{NIL-1}/statement?from=2026-09-01&to=2026-09-30")
    assert ">Q2<" in text and ">Q3<" not in text


@pytest.mark.parametrize("language", ["en", "ar", "hi"])
def test_the_paper_holds_the_figures(desk, language):
    answer = desk.get("lina", f"/accounts/{{NIL-1}}/statement.pdf?lang={language}")
    assert answer["Content-Type"] == "application/pdf"
    assert "statement-NIL-1-2026-11-22.pdf" in answer["Content-Disposition"]
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert "60,000.00" in text and "CAI-1" in text


def test_the_workbook_holds_real_numbers(desk):
    answer = desk.get("lina", "/accounts/{NIL-1}/statement.xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    (line,) = [row for row in rows if "Q2" in row]
    assert 100_000.0 in line and 40_000.0 in line and 60_000.0 in line
    assert len(book.sheet_names) == 2
