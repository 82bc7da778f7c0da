"""Documents as xlsx: real numbers and dates, no merged cells, right-to-left sheets for Arabic."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter

from tahsil.adapters.documents import Amount, Cell, Document, Table
from tahsil.core.grammar.money import scale

BAD_SHEET = str.maketrans("[]:*?/\\'", "        ")


def workbook(document: Document) -> bytes:
    """A sheet per table; the document's own lines stand above the first."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "in_memory": False})
    writer = _Writer(book, document)
    for index, table in enumerate(document.tables or [Table([], [])], start=1):
        writer.sheet(table, index)
    book.close()
    return out.getvalue()


class _Writer:
    """Holds the workbook's formats while its sheets are written row by row."""

    def __init__(self, book: Any, document: Document) -> None:
        self.book, self.document = book, document
        self.bold = book.add_format({"bold": True})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.day = book.add_format({"num_format": "d mmm yyyy", "align": "left"})
        self.money: dict[tuple[str, bool], Any] = {}

    def sheet(self, table: Table, index: int) -> None:
        """Writes one table; the first sheet also carries the heading lines."""
        name = (table.title or self.document.title).translate(BAD_SHEET).strip()[:25]
        sheet = self.book.add_worksheet(f"{name} {index}" if index > 1 else name or "1")
        if self.document.is_rtl:
            sheet.right_to_left()
        for column, spec in enumerate(table.columns):
            sheet.set_column(column, column, max(spec.width, 8))
        row = self._heading(sheet) if index == 1 else 0
        for column, spec in enumerate(table.columns):
            sheet.write_string(row, column, spec.label, self.head)
        for values in table.rows:
            row += 1
            self._row(sheet, row, values, is_total=False)
        if table.totals:
            self._row(sheet, row + 1, table.totals, is_total=True)

    def _heading(self, sheet: Any) -> int:
        document = self.document
        sheet.write_string(0, 0, document.title, self.title)
        sheet.write_string(1, 0, " · ".join(filter(None, [document.issuer, document.subtitle])))
        row = 2
        for label, value in [*document.pairs, *document.figures]:
            self._row(sheet, row, [label, value], is_total=False)
            row += 1
        return row + 1

    def _row(self, sheet: Any, row: int, values: Iterable[Cell], *, is_total: bool) -> None:
        for column, value in enumerate(values):
            if isinstance(value, Amount):
                whole = value.minor / 10 ** scale(value.currency)  # a workbook has only floats
                sheet.write_number(row, column, whole, self._money(value.currency, is_total))
            elif isinstance(value, date):
                sheet.write_datetime(row, column, value, self.day)
            elif isinstance(value, int):
                sheet.write_number(row, column, value, self.bold if is_total else None)
            elif value is not None:
                sheet.write_string(row, column, str(value), self.bold if is_total else None)

    def _money(self, currency: str, is_total: bool) -> Any:
        key = (currency, is_total)
        if key not in self.money:
            places = "." + "0" * scale(currency) if scale(currency) else ""
            self.money[key] = self.book.add_format(
                {"num_format": f"#,##0{places};[Red]-#,##0{places}", "bold": is_total}
            )
        return self.money[key]
