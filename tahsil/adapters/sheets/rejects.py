"""The reject workbook: every row not taken, as it stood, with sheet, cell, text and reason.

Its columns are those of the file it came from, so that a mended row can be sent again.
"""

from __future__ import annotations

import io
from collections import defaultdict
from datetime import date, datetime
from typing import Any

import xlsxwriter

from tahsil.adapters.sheets.cells import as_text
from tahsil.adapters.sheets.faults import SENTENCES, sentence
from tahsil.adapters.sheets.records import Reject, Staged

_LABELS = {
    "en": ("Rejected rows", "Sheet", "Row", "Cell", "Text", "Reason", "Everything was taken."),
    "ar": ("صفوف لم تؤخذ", "الورقة", "الصف", "الخلية", "النص", "السبب", "أُخذت كل الصفوف."),
}
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def workbook(staged: Staged, *, language: str = "en") -> bytes:
    """The reject workbook as xlsx, in English or Arabic (right to left)."""
    by_sheet: dict[str, dict[int, list[Reject]]] = defaultdict(lambda: defaultdict(list))
    for reject in staged.rejects:
        by_sheet[reject.sheet][reject.row].append(reject)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    for at, (sheet, rows) in enumerate(by_sheet.items(), 1):
        _sheet(book, _name(sheet, at), staged, (sheet, rows), language)
    if not by_sheet:
        page = book.add_worksheet(_LABELS[language][0])
        page.write_string(0, 0, _LABELS[language][6])
    book.close()
    return stream.getvalue()


def _name(sheet: str, at: int) -> str:
    """A sheet name that Excel takes, told apart by its number."""
    return f"{sheet.translate(_FORBIDDEN)[:26].strip() or 'Sheet'} {at}"


def _sheet(
    book: Any,
    name: str,
    staged: Staged,
    found: tuple[str, dict[int, list[Reject]]],
    language: str,
) -> None:
    sheet, rows = found
    page = book.add_worksheet(name)
    if language == "ar":
        page.right_to_left()
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    headings = [*staged.headings.get(sheet, ()), *_LABELS[language][1:6]]
    own = len(headings) - 5
    for column, text in enumerate(headings):
        page.write_string(0, column, text, bold)
    page.freeze_panes(1, 0)
    page.set_column(0, max(own - 1, 0), 16)
    page.set_column(own + 4, own + 4, 70)
    for line, number in enumerate(sorted(rows), 1):
        _cells(page, line, staged.rejected_rows.get((sheet, number), [])[:own], day)
        said = (
            sheet,
            str(number),
            "\n".join(one.cell for one in rows[number]),
            "\n".join(one.text for one in rows[number]),
            "\n".join(_reason(one, language) for one in rows[number]),
        )
        for column, text in enumerate(said, own):
            page.write_string(line, column, text[:32_000], wrapped)


def _reason(reject: Reject, language: str) -> str:
    """The sentence in that language; one that is not the reader's own stays as it was given."""
    return (
        sentence(reject.code, reject.facts, language) if reject.code in SENTENCES else str(reject)
    )


def _cells(page: Any, line: int, cells: list[Any], day: Any) -> None:
    """The row as it stood; text stays text, so that nothing runs as a formula."""
    for column, cell in enumerate(cells):
        if isinstance(cell, date | datetime):
            page.write_datetime(line, column, cell, day)
        elif isinstance(cell, float | int) and not isinstance(cell, bool):
            page.write_number(line, column, cell)
        elif text := as_text(cell):
            page.write_string(line, column, text[:32_000])
