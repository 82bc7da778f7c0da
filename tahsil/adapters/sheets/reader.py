"""The reader: any workbook or list as sheets of cells at their true rows and columns.

It raises nothing but Refused. What the cells mean is decided elsewhere.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import python_calamine as calamine

from tahsil.adapters.sheets import biff, encoding, markup, ods, ooxml, sniff
from tahsil.adapters.sheets.cells import CellError, error_of, is_blank
from tahsil.core.grammar.refusal import Refused

MAX_ROWS = 300_000
MAX_COLUMNS = 256
MAX_SHEETS = 120
MAX_CELLS = 12_000_000
_SEPARATORS = ",;\t|"


@dataclass
class Sheet:
    """One sheet: `rows[0]` is row 1; merged, hidden rows and fills as the file has them."""

    name: str
    rows: list[list[Any]]
    is_hidden: bool = False
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    fills: dict[tuple[int, int], str] = field(default_factory=dict)
    is_repaired: bool = False


def open_file(source: str | Path | bytes, *, with_fills: bool = False) -> list[Sheet]:
    """The sheets of the file in order, hidden ones too."""
    data = source if isinstance(source, bytes) else _load(Path(source))
    kind = sniff.kind(data)
    try:
        sheets = _READERS[kind](data, with_fills)
    except Refused:
        raise
    except BaseException as why:
        # calamine is Rust: a file it did not foresee ends in a panic, which is no Exception.
        if isinstance(why, Exception) or type(why).__name__ == "PanicException":
            raise sniff.damaged() from why
        raise
    for sheet in sheets:
        _mend(sheet)
    if not any(sheet.rows for sheet in sheets):
        raise Refused("file.no_rows", "The file has no rows. Export it again.")
    return sheets


def _load(path: Path) -> bytes:
    try:
        if path.stat().st_size > sniff.MAX_BYTES:
            return path.open("rb").read(sniff.MAX_BYTES + 1)
        return path.read_bytes()
    except (OSError, ValueError) as why:
        raise Refused(
            "file.missing", "{path} cannot be opened. Name a file that can.", path=str(path)
        ) from why


def _mend(sheet: Sheet) -> None:
    """Arabic in the wrong code page is put right; letters that are gone are refused."""
    texts = [cell for row in sheet.rows[:200] for cell in row if type(cell) is str and cell]
    encoding.refuse_lost(texts)
    if not encoding.is_wrong(texts):
        return
    sheet.is_repaired = True
    sheet.rows = [
        [encoding.repaired(cell) if type(cell) is str else cell for cell in row]
        for row in sheet.rows
    ]


def _xlsx(data: bytes, with_fills: bool) -> list[Sheet]:
    facts = ooxml.facts(data, with_fills=with_fills)
    for fact in facts.values():
        _bound(fact.height, fact.width)
    book = _calamine(data)
    sheets = [_from_calamine(book, at) for at in range(_bounded(book))]
    for sheet in sheets:
        if about := facts.get(sheet.name):
            sheet.hidden_rows, sheet.fills = about.hidden_rows, about.fills
            _mark_errors(sheet, about.errors)
    return sheets


def _xls(data: bytes, _with_fills: bool) -> list[Sheet]:
    book = _calamine(data)
    sheets = [_from_calamine(book, at) for at in range(_bounded(book))]
    for sheet, fact in zip(sheets, biff.facts(data), strict=False):
        sheet.hidden_rows = fact.hidden_rows
        _mark_errors(sheet, fact.errors)
    return sheets


def _ods(data: bytes, _with_fills: bool) -> list[Sheet]:
    return [
        Sheet(table.name, table.rows, table.is_hidden, hidden_rows=table.hidden_rows)
        for table in ods.tables(sniff.part(data, "content.xml"), MAX_ROWS, MAX_COLUMNS)
    ]


def _html(data: bytes, _with_fills: bool) -> list[Sheet]:
    text, _ = encoding.decode(data)
    found = markup.tables(text, MAX_ROWS, MAX_COLUMNS)
    return [
        Sheet(f"Table {at}" if len(found) > 1 else "Table", _checked(rows), merged=merged)
        for at, (rows, merged) in enumerate(found, 1)
    ]


def _csv(data: bytes, _with_fills: bool) -> list[Sheet]:
    text, _ = encoding.decode(data)
    text = text.replace("\x00", "")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text))
    rows: list[list[Any]] = []
    cells = 0
    try:
        for row in lines:
            rows.append(row)
            cells += len(row)
            if len(rows) > MAX_ROWS or len(row) > MAX_COLUMNS or cells > MAX_CELLS:
                _bound(len(rows), len(row))
    except csv.Error as why:
        raise Refused(
            "file.csv",
            "The list breaks off after line {line}: a quotation mark is left open there.",
            line=lines.line_num,
        ) from why
    return [Sheet("csv", _checked(rows))]


def separator(text: str) -> str:
    """The sign between columns: the one that parts the first lines most evenly."""
    lines = [line for line in text[:20_000].splitlines()[:40] if line.strip()]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) == 5:
        return lines[0][4]
    best, best_score = ",", 0.0
    for sign in _SEPARATORS:
        counts = sorted(line.count(sign) for line in lines)
        middle = counts[len(counts) // 2] if counts else 0
        even = sum(count == middle for count in counts)
        if middle and (score := even * min(middle, 12)) > best_score:
            best, best_score = sign, score
    return best


def _calamine(data: bytes) -> Any:
    try:
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError as why:
        raise sniff.locked() from why


def _bounded(book: Any) -> int:
    count = len(book.sheet_names)
    if count > MAX_SHEETS:
        raise Refused(
            "file.sheets",
            "The file has {count} sheets; up to {limit} are read. Split it.",
            count=count,
            limit=MAX_SHEETS,
        )
    return count


def _from_calamine(book: Any, at: int) -> Sheet:
    about = book.sheets_metadata[at]
    hidden = about.visible != calamine.SheetVisibleEnum.Visible
    if about.typ != calamine.SheetTypeEnum.WorkSheet:
        return Sheet(about.name, [], hidden)
    sheet = book.get_sheet_by_index(at)
    _bound(sheet.total_height, sheet.total_width)
    merged = [
        (first, last)
        for first, last in sheet.merged_cell_ranges or []
        if last[0] < MAX_ROWS and last[1] < MAX_COLUMNS
    ]
    return Sheet(about.name, _checked(sheet.to_python(skip_empty_area=False)), hidden, merged)


def _checked(rows: list[list[Any]]) -> list[list[Any]]:
    """The rows with errors marked as such, blank ones at the end left out."""
    for row in rows:
        for at, cell in enumerate(row):
            if type(cell) is str and cell[:1] == "#":
                row[at] = error_of(cell)
    while rows and all(is_blank(cell) for cell in rows[-1]):
        rows.pop()
    return rows


def _mark_errors(sheet: Sheet, errors: Iterable[tuple[int, int, str]]) -> None:
    for row, column, text in errors:
        while len(sheet.rows) <= row:
            sheet.rows.append([])
        cells = sheet.rows[row]
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = CellError(text)


def _bound(height: int, width: int) -> None:
    if height > MAX_ROWS:
        raise Refused(
            "file.rows",
            "A sheet has {rows} rows; up to {limit} are read at once. Split it.",
            rows=height,
            limit=MAX_ROWS,
        )
    if width > MAX_COLUMNS or height * width > MAX_CELLS * 2:
        raise Refused(
            "file.columns",
            "A sheet has {columns} columns; up to {limit} are read. Delete the empty ones.",
            columns=width,
            limit=MAX_COLUMNS,
        )


_READERS = {"xlsx": _xlsx, "xls": _xls, "ods": _ods, "html": _html, "csv": _csv}
