"""A bank's list of return codes from its file: any table with a code, a wording and our family."""

from __future__ import annotations

from datetime import date
from typing import Any

from tahsil.actions import returns
from tahsil.actions._verb import Context, Outcome
from tahsil.adapters.sheets import reader
from tahsil.core.grammar.names import fold
from tahsil.core.grammar.refusal import Refused

HEADS = {
    "code": ("code", "reason code", "return code", "كود", "الكود", "رمز", "कोड"),
    "text": (
        "text",
        "wording",
        "description",
        "reason",
        "السبب",
        "الوصف",
        "البيان",
        "कारण",
        "विवरण",
    ),
    "family": ("family", "our family", "الفئة", "العائلة", "परिवार", "श्रेणी"),
}


def take(ctx: Context, content: bytes, *, bank: str, since_on: date | str, source: str) -> Outcome:
    """The bank's table as the file has it, from that day on."""
    return returns.take_return_codes(
        ctx, bank=bank, rows=rows(content), since_on=since_on, source=source
    )


def rows(content: bytes) -> list[list[str]]:
    """[code, wording, family] of each line that says anything, under the file's headings."""
    for sheet in reader.open_file(content):
        for at, row in enumerate(sheet.rows):
            columns = _columns(row)
            if "family" in columns and len(columns) > 1:
                found = ([_text(each, columns.get(name)) for name in HEADS]
                         for each in sheet.rows[at + 1 :])  # fmt: skip
                return [each for each in found if any(each)]
    raise Refused(
        "returns.columns",
        "No row names the columns. One heading must be Family, others Code or Wording.",
    )


def _columns(row: list[Any]) -> dict[str, int]:
    said = [fold(str(cell or "")).strip() for cell in row]
    known = {name: {fold(each) for each in words} for name, words in HEADS.items()}
    return {
        name: at for name, words in known.items()
        for at, cell in reversed(list(enumerate(said))) if cell in words
    }  # fmt: skip


def _text(row: list[Any], at: int | None) -> str:
    """The cell as text; a number without the point a workbook gives it."""
    cell = row[at] if at is not None and at < len(row) else ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str("" if cell is None else cell).strip()
