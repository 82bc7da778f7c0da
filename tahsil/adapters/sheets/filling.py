"""Filling down: what merged cells, blanks of a block and ditto marks stand for."""

from __future__ import annotations

from typing import Any

from tahsil.adapters.sheets.cells import DITTO, is_blank
from tahsil.adapters.sheets.layouts import LAYOUTS
from tahsil.adapters.sheets.reader import Sheet

# A row that has its own price begins a contract, even where its number was forgotten.
_OWN_BLOCK = {"contracts": "price"}


def filled(sheet: Sheet, kinds: list[str], matched: dict[int, str], layout: str) -> list[list[Any]]:
    """The rows with group columns filled down, never across a total; others are the same lists."""
    rows = list(sheet.rows)
    _merges(sheet, rows, kinds)
    _dittos(rows, kinds)
    groups = {field.name: at for at, field in enumerate(LAYOUTS[layout].fields) if field.group}
    columns = sorted(
        (at for at in matched if matched[at] in groups), key=lambda at: groups[matched[at]]
    )
    own = next((at for at, name in matched.items() if name == _OWN_BLOCK.get(layout)), None)
    if columns:
        _blocks(rows, kinds, columns, own)
    return rows


def _merges(sheet: Sheet, rows: list[list[Any]], kinds: list[str]) -> None:
    for (top, left), (bottom, right) in sheet.merged:
        if left != right or top == bottom or top >= len(rows) or kinds[top] != "data":
            continue
        value = rows[top][left] if left < len(rows[top]) else ""
        for at in range(top + 1, min(bottom + 1, len(rows))):
            if kinds[at] in ("total", "carried"):
                break
            if kinds[at] == "data" and _blank_at(rows[at], left):
                rows[at] = _with(rows, at, left, value)


def _dittos(rows: list[list[Any]], kinds: list[str]) -> None:
    above: list[Any] = []
    for at, cells in enumerate(rows):
        if kinds[at] != "data":
            continue
        if not DITTO.isdisjoint(cells):
            for column, cell in enumerate(cells):
                if cell in DITTO and column < len(above):
                    rows[at] = cells = _with(rows, at, column, above[column])
        above = cells


def _blocks(rows: list[list[Any]], kinds: list[str], columns: list[int], own: int | None) -> None:
    lead: list[Any] | None = None
    for at, cells in enumerate(rows):
        kind = kinds[at]
        if kind in ("total", "carried"):
            lead = None
        if kind != "data":
            continue
        is_own = not _blank_at(cells, columns[0]) or (own is not None and not _blank_at(cells, own))
        if lead is not None and not is_own:
            for column in columns:
                if not _blank_at(cells, column):
                    break  # what is written here is new; what hangs on it is not the old one's
                if column < len(lead):
                    rows[at] = cells = _with(rows, at, column, lead[column])
        lead = cells


def _blank_at(cells: list[Any], column: int) -> bool:
    return column >= len(cells) or is_blank(cells[column])


def _with(rows: list[list[Any]], at: int, column: int, value: Any) -> list[Any]:
    """A copy of the row with one cell changed; the sheet's own row stays as it was."""
    cells = list(rows[at])
    cells.extend([""] * (column + 1 - len(cells)))
    cells[column] = value
    return cells
