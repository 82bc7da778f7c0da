"""A workbook that was downloaded, opened again as a person's own program would."""

from __future__ import annotations

import io

from python_calamine import CalamineWorkbook


def sheets(content: bytes) -> list[list[list]]:
    """The rows of every sheet, numbers and dates as the workbook holds them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_index(at).to_python() for at in range(len(book.sheet_names))]


def lines(rows: list[list], head: str) -> list[dict[str, object]]:
    """The rows below the one that begins with that heading, by heading."""
    at = next(i for i, row in enumerate(rows) if row and row[0] == head)
    return [dict(zip(rows[at], row, strict=False)) for row in rows[at + 1 :] if row[0] != ""]
