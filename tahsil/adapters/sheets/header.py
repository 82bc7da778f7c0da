"""The header of a sheet, and which rows below it are data, totals, repeated headers or blanks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from tahsil.adapters.sheets.cells import is_blank, seen
from tahsil.adapters.sheets.layouts import heading, vocabulary
from tahsil.adapters.sheets.reader import Sheet
from tahsil.core.grammar.names import fold

SEARCHED_ROWS = 40
HEADER_ROWS = 3
_TOTAL = re.compile(
    r"(?:ال)?(?:اجمالي|مجموع)(?:\s|$|:).{0,40}|(?:grand |sub ?-?)?totals?"
    r"(?:\s*(?:of|for|:|-).{0,40}|\s*)"
    r"|sum\s*:?|कुल(?:\s.{0,20})?|योग"
)
_CARRIED = re.compile(
    r"(?:ما\s?قبله|ما\s?بعده|منقول|مرحل|رصيد مرحل|نقل (?:من|الي) .{0,30}|منقول من .{0,30}"
    r"|(?:carried|brought) (?:forward|down|over)|[bc] ?/ ?[fd]|आगे लाया गया|आगे ले जाया गया)\s*:?"
)


@dataclass(frozen=True)
class Header:
    """Where the header stands (row indices, half-open) and the heading of each column."""

    first: int
    after: int
    names: tuple[str, ...]


def find(sheet: Sheet) -> Header | None:
    """The rows whose words are most like headings; None where fewer than two are."""
    best: tuple[float, Header] | None = None
    window = sheet.rows[:SEARCHED_ROWS]
    for first, row in enumerate(window):
        if sum(not is_blank(cell) for cell in row) < 2:
            continue
        for height in range(1, HEADER_ROWS + 1):
            rows = window[first : first + height]
            if len(rows) < height or any(_has_number(cells) for cells in rows[1:]):
                break
            names = _joined(sheet, first, height)
            score = _score(names) - 0.01 * first - 0.6 * (height - 1)
            if best is None or score > best[0] + 1e-9:
                best = score, Header(first, first + height, tuple(names))
    return best[1] if best and best[0] >= 1.5 else None


def _has_number(cells: list[Any]) -> bool:
    return any(isinstance(cell, float | int) and not isinstance(cell, bool) for cell in cells)


def _score(names: list[str]) -> float:
    known = vocabulary()
    score = 0.0
    used = set()
    for name in names:
        words = heading(name)
        if not words or words in used:
            continue
        used.add(words)
        if words in known or " ".join(sorted(words.split())) in known:
            score += 1.0
        elif len(words) < 40 and any(word in known for word in words.split() if len(word) > 2):
            score += 0.4
    return score


def _joined(sheet: Sheet, first: int, height: int) -> list[str]:
    """The headings of a header of `height` rows; what stands merged above is put before."""
    width = max(len(row) for row in sheet.rows[first : first + height])
    covering = _covering(sheet, first, height)
    names = []
    for column in range(width):
        parts: list[str] = []
        for row in range(first, first + height):
            part = _text(sheet, *covering.get((row, column), (row, column)))
            if part and part not in parts:
                parts.append(part)
        names.append(" ".join(parts))
    return names


def _covering(sheet: Sheet, first: int, height: int) -> dict[tuple[int, int], tuple[int, int]]:
    """For cells covered by a merge across columns: the cell that holds the text."""
    found = {}
    for (top, left), (bottom, right) in sheet.merged:
        if first <= top < first + height and right - left < 12:
            for row in range(top, min(bottom, first + height - 1) + 1):
                for column in range(left, right + 1):
                    found[(row, column)] = (top, left)
    return found


def _text(sheet: Sheet, row: int, column: int) -> str:
    cells = sheet.rows[row]
    if column >= len(cells) or is_blank(cells[column]):
        return ""
    return seen(cells[column])


def kinds_of(rows: list[list[Any]], names: tuple[str, ...]) -> list[str]:
    """What each row below the header is: blank, header, total, carried or data.

    Nearly all rows are data: only one with a telling word in it is looked at closely.
    """
    words = {cell for cell in chain.from_iterable(rows) if type(cell) is str and cell}
    telling = {word for word in words if word in names or _sums_up(word)}
    return [
        ("blank" if all(map(is_blank, cells)) else "data")
        if telling.isdisjoint(cells)
        else _kind_of(cells, names)
        for cells in rows
    ]


def _kind_of(cells: list[Any], names: tuple[str, ...]) -> str:
    for cell in cells:
        if type(cell) is not str or not cell or cell.isspace():
            continue
        if kind := _sums_up(cell):
            return kind
        if cell in names and _repeats(cells, names):
            return "header"
    return "data"


def _sums_up(text: str) -> str:
    return _total_word(text) if text[0] in _STARTS or text[0] == " " else ""


@lru_cache(maxsize=16384)
def _total_word(text: str) -> str:
    """total or carried if the text says that its row sums up others, else nothing."""
    if len(text) > 60:
        return ""
    folded = fold(seen(text))
    if _TOTAL.fullmatch(folded):
        return "total"
    return "carried" if _CARRIED.fullmatch(folded) else ""


_STARTS = frozenset("اإآأمنرtgscbTGSCBکकयآ")


def _repeats(cells: list[Any], names: tuple[str, ...]) -> bool:
    texts = [seen(cell) for cell in cells if not is_blank(cell)]
    return len(texts) > 1 and sum(text in names for text in texts) * 2 > len(texts)
