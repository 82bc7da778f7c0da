"""The journal as other programs read it: the same debits and credits in every form."""

from __future__ import annotations

import csv
from datetime import date
from io import BytesIO, StringIO
from types import SimpleNamespace

import pytest
from python_calamine import CalamineWorkbook

from tahsil.adapters import ledgers
from tahsil.adapters.documents.journal import journal
from tahsil.adapters.documents.workbook import workbook

ON = date(2026, 10, 13)


def line(code: str, name: str, debit: int, credit: int) -> SimpleNamespace:
    account = "customers" if code == "1310" else "notes_safe"
    return SimpleNamespace(account=account, code=code, name=name, name_ar="حساب", root="Assets",
                           debit_minor=debit, credit_minor=credit)  # fmt: skip


ENTRY = SimpleNamespace(
    key="move:1/E4", entry="E4", on=ON, account_id=1, account_number="NIL-1",
    name='=cmd|"x" Mona', reference="000123",
    lines=[line("1240", "Cheques under collection", 144_000_50, 0),
           line("1310", "Customers", 0, 144_000_50)],
)  # fmt: skip
FOUND = SimpleNamespace(
    since=ON, until=ON, policy="A",
    batches=[SimpleNamespace(number="J-NIL-EGP-20261013", creditor="NIL", currency="EGP", on=ON,
                             entries=[ENTRY])],
    sums=[SimpleNamespace(code="1240", name="Cheques under collection", name_ar="حساب",
                          currency="EGP", debit_minor=144_000_50, credit_minor=0)],
)  # fmt: skip


def rows(form: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(ledgers.written(FOUND, form))))


@pytest.mark.parametrize(("form", "debit", "credit"), [
    ("csv", "debit", "credit"),
    ("erpnext", "Debit (Accounting Entries)", "Credit (Accounting Entries)"),
    ("odoo", "line_ids/debit", "line_ids/credit"),
])  # fmt: skip
def test_a_form_holds_both_sides(form, debit, credit):
    first, second = rows(form)
    assert (first[debit], first[credit]) == ("144000.50", "")
    assert (second[debit], second[credit]) == ("", "144000.50")
    assert not any(cell.startswith("=") for row in (first, second) for cell in row.values())


def test_only_the_first_line_of_an_entry_names_it():
    assert [row["Reference Number"] for row in rows("erpnext")] == ["move:1/E4", ""]
    assert [row["Party Type (Accounting Entries)"] for row in rows("erpnext")] == ["", "Customer"]
    assert [row["id"] for row in rows("odoo")] == ["tahsil.NIL_move_1_E4", ""]
    assert [row["key"] for row in rows("csv")] == ["move:1/E4", "move:1/E4"]


def test_a_plain_text_ledger_opens_its_accounts_and_quotes_names():
    text = ledgers.written(FOUND, "beancount")
    assert "2026-10-13 open Assets:1240-Cheques-under-collection\n" in text
    assert '2026-10-13 * "=cmd|\\"x\\" Mona" "E4 000123"\n  key: "move:1/E4"\n' in text
    assert "  Assets:1310-Customers  -144000.50 EGP\n" in text


@pytest.mark.parametrize("language", ["en", "ar", "hi"])
def test_the_workbook_holds_lines_and_sums(language):
    book = CalamineWorkbook.from_filelike(
        BytesIO(workbook(journal(FOUND, language=language)))
    )  # fmt: skip
    lines = book.get_sheet_by_index(0).to_python()
    assert [row for row in lines if "move:1/E4" in row and 144_000.5 in row]
    assert len(book.sheet_names) == 2
