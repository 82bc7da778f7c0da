"""Cells: addresses, and text freed of what cannot be seen.

What a cleaned text means is decided per column, in numbers.py, dates.py, phones.py and codes.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from tahsil.adapters.sheets.faults import SENTENCES

_DIGITS = {chr(0x0660 + i): str(i) for i in range(10)} | {
    chr(0x06F0 + i): str(i) for i in range(10)
}
_DIGITS |= {chr(0x0966 + i): str(i) for i in range(10)}
_UNSEEN = dict.fromkeys(
    map(chr, (0x0640, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x061C, 0xFEFF, 0x00AD))
)
_UNSEEN |= dict.fromkeys(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_SPACES = dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000\t\r\n", " ")
_PLAIN = str.maketrans({**_DIGITS, **_UNSEEN, **_SPACES})
_SEEN = str.maketrans({**_UNSEEN, **_SPACES})
_ERRORS = frozenset(
    ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)
DITTO = frozenset(('"', "''", "〃", "″", "״", "“", "”", ",,"))


class Note(NamedTuple):
    """Something to mind about a record: code, sentence, facts, and the cell it stands in."""

    code: str
    template: str
    facts: dict[str, Any]
    cell: str


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell whose formula failed, such as #REF!."""

    text: str

    def __str__(self) -> str:
        return self.text


class Read(NamedTuple):
    """What one cell says: a value, what to mind about it, or the fault that hides the value.

    Notes and the fault are (code, facts); the sentences are in faults.py.
    """

    value: Any = None
    notes: tuple[tuple[str, dict[str, Any]], ...] = ()
    fault: tuple[str, dict[str, Any]] | None = None


BLANK = Read()


def fault(code: str, **facts: Any) -> Read:
    """A cell whose value cannot be taken, and why."""
    return Read(None, (), (code, facts))


def note(code: str, facts: dict[str, Any], cell: str) -> Note:
    """The note of this code, with its sentence."""
    return Note(code, SENTENCES[code][0], facts, cell)


@lru_cache(maxsize=1024)
def letters(column: int) -> str:
    """The letters of a column counted from 0: A, B … Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(row: int, column: int) -> str:
    """The cell's address, from the row's number as people see it and the column from 0."""
    return f"{letters(column)}{row}"


def position(cell: str) -> tuple[int, int]:
    """Row number and column (from 0) of an address such as B12."""
    column = 0
    for at, letter in enumerate(cell):
        if letter.isdigit():
            return int(cell[at:]), column - 1
        column = column * 26 + ord(letter.upper()) - 64
    return 0, column - 1


def is_blank(cell: Any) -> bool:
    """Whether the cell holds nothing one could see."""
    return cell is None or cell == "" or (type(cell) is str and not cell.translate(_SEEN).strip())


def error_of(text: str) -> CellError | str:
    """The text, or the error it spells."""
    return CellError(text) if text.startswith("#") and text.strip() in _ERRORS else text


def plain(cell: Any) -> str:
    """The cell as text with Western digits, single spaces and no invisible marks."""
    text = cell if type(cell) is str else as_text(cell)
    if text.isascii():
        return " ".join(text.split())
    return " ".join(text.translate(_PLAIN).split())


def seen(cell: Any) -> str:
    """The cell as text with single spaces and no invisible marks, digits as they were written."""
    text = cell if type(cell) is str else as_text(cell)
    return " ".join(text.translate(_SEEN).split())


def as_text(cell: Any) -> str:
    """The cell as a person would read it; whole floats have no decimals."""
    if cell is None:
        return ""
    if type(cell) is float:
        return _number_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


def _number_text(number: float) -> str:
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.15g}" if abs(number) < 1e15 else repr(number)


_LOOSE = re.compile(r"^[\s\-–—_.…/*]*$")


def is_empty_mark(text: str) -> bool:
    """Whether the text only says that there is nothing: a dash, dots, N/A, لا يوجد."""
    return bool(_LOOSE.match(text)) or text.casefold() in _NOTHING


_NOTHING = frozenset(
    ("n/a", "na", "nil", "none", "null", "not available", "لا يوجد", "لايوجد", "بدون", "غير متوفر",
     "غير متاح", "नहीं", "उपलब्ध नहीं", "لا شيء", "n.a.", "لا يوجد رقم", "nan")
)  # fmt: skip
