"""Documents: one description of a page of tables, written as PDF or as a workbook.

A Document is plain values; labels come translated from the face. Cells are text, whole numbers,
dates, Amounts (money in minor units with its currency) or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

Cell = Any  # str | int | date | Amount | None


@dataclass(frozen=True)
class Amount:
    """Money in a cell: a real number in a workbook, grouped text on paper."""

    minor: int
    currency: str


@dataclass(frozen=True)
class Column:
    """A column's heading; `kind` is text, number, money, date or code."""

    label: str
    kind: str = "text"
    width: int = 14


@dataclass(frozen=True)
class Table:
    """Rows under columns, with an optional row of totals."""

    columns: list[Column]
    rows: list[list[Cell]]
    title: str = ""
    totals: list[Cell] | None = None


@dataclass(frozen=True)
class Document:
    """A page: who issues it, what it says at the top, its tables, its closing lines."""

    title: str
    language: str = "en"
    issuer: str = ""
    subtitle: str = ""
    pairs: list[tuple[str, Cell]] = field(default_factory=list)
    figures: list[tuple[str, Cell]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)  # the amount in words, a line a language
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    is_wide: bool = False

    @property
    def is_rtl(self) -> bool:
        """Whether the page runs from right to left."""
        return self.language == "ar"


MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "ar": [
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ],
    "hi": ["जन", "फ़र", "मार्च", "अप्रै", "मई", "जून", "जुल", "अग", "सित", "अक्तू", "नव", "दिस"],
}


def day(value: date, language: str) -> str:
    """The date unambiguous in that language: 13 Jan 2026."""
    return f"{value.day} {MONTHS.get(language, MONTHS['en'])[value.month - 1]} {value.year}"
