"""Lists for tests, written as they look: cells between bars."""

# ruff: noqa: E501  (rows of cells read best on one line)
from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from tahsil.adapters.sheets.records import Staged
from tahsil.adapters.sheets.staging import read

AS_OF = date(2026, 3, 1)
WORKBOOKS = Path(__file__).resolve().parents[3] / "demo" / "workbooks"
SCHEDULE = "اسم العميل | الوحدة | م | البيان | تاريخ الاستحقاق | القيمة | المسدد | المتبقي | رقم الشيك | ملاحظات"
RECEIPTS = (
    "رقم الإيصال | التاريخ | اسم العميل | الوحدة | المبلغ | طريقة الدفع | البيان | البنك | الخزينة"
)
CUSTOMERS = "كود العميل | اسم العميل | الرقم القومي | تليفون | العنوان | ايميل"
CHEQUES = "رقم الشيك | البنك | الساحب | العميل | الوحدة | قيمة الشيك | تاريخ الاستحقاق | الحالة"


def cells(text: str) -> list[list[str]]:
    """The rows of a text, cells between bars."""
    return [[c.strip() for c in line.split("|")] for line in text.strip().splitlines()]


def csv_of(text: str) -> bytes:
    """The list as csv in UTF-8."""
    stream = io.StringIO()
    csv.writer(stream).writerows(cells(text))
    return stream.getvalue().encode()


def staged(text: str, **how: Any) -> Staged:
    """The list, read."""
    return read(csv_of(text), as_of=AS_OF, **how)


def xlsx_of(rows: list[list[Any]], *, then: Any = None) -> bytes:
    """The rows as a workbook; `then` may do more to its (book, page)."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    page = book.add_worksheet("Sheet1")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(at, column, cell, day)
            elif isinstance(cell, str):
                page.write_string(at, column, cell)
            else:
                page.write(at, column, cell)
    if then:
        then(book, page)
    book.close()
    return stream.getvalue()


def codes_of(found: Staged) -> list[str]:
    """The codes of the rejects, in order."""
    return [reject.code for reject in found.rejects]


def warned(found: Staged) -> set[str]:
    """The codes of all that there is to mind."""
    return {note.code for record in found.records for note in record.warnings} | {
        note.code for _, note in found.notes
    }
