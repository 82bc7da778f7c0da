"""Control totals: what the file's own totals say, beside the sum of what was read."""

from __future__ import annotations

from typing import Any

from tahsil.adapters.sheets.cells import seen
from tahsil.adapters.sheets.columns import Column, Setting
from tahsil.adapters.sheets.reader import Sheet
from tahsil.adapters.sheets.records import Control


def controls(
    sheet: Sheet, kinds: list[str], columns: list[Column], setting: Setting
) -> list[Control]:
    """One control per amount in each total row, against its block or against the whole list."""
    read = [at for at, kind in enumerate(kinds) if kind in ("data", "total", "carried")]
    if not any(kinds[at] != "data" for at in read):
        return []
    found = []
    for column in columns:
        if column.type == "money" and column.reads:
            found += _of_column(sheet, column, [(at, kinds[at]) for at in read], setting)
    return sorted(found, key=lambda one: one.row)


def _of_column(
    sheet: Sheet, column: Column, read: list[tuple[int, str]], setting: Setting
) -> list[Control]:
    found = []
    block = whole = 0
    since_total = False
    for (at, kind), one in zip(read, column.reads, strict=True):
        amount, currency = one.value or (None, setting.currency)
        if kind == "data":
            if since_total:
                block, since_total = 0, False
            block += amount or 0
            whole += amount or 0
            continue
        if amount is not None:
            computed = whole if kind == "carried" or amount == whole else block
            label = _label(sheet.rows[at])
            found.append(
                Control(
                    label, column.name, amount, computed, amount == computed,
                    currency, setting.sheet, at + 1,
                )
            )  # fmt: skip
        since_total = since_total or kind == "total"
    return found


def _label(cells: list[Any]) -> str:
    return next((seen(cell) for cell in cells if type(cell) is str and cell.strip()), "")
