"""Dates: every way a due date gets typed, and which of day and month comes first.

The order is decided once for a column, from the cells that can be read one way only; where they
do not say, the steps of the schedule may; where these do not either, the doubtful cells are
refused with both readings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from hijridate import Hijri

from tahsil.adapters.sheets.cells import BLANK, CellError, Read, fault, is_empty_mark, plain
from tahsil.adapters.sheets.words import EVENTS, MONTHS
from tahsil.core.grammar.names import fold

EPOCH = date(1899, 12, 30)
WINDOW_YEARS = 45
_NUMERIC = re.compile(r"(\d{1,4})\s?[/\-.\\]\s?(\d{1,2})\s?[/\-.\\]\s?(\d{1,4})")
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[ap]m)?Z?$", re.IGNORECASE)
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s\-/.,]*([^\W\d_][^\d]*?)[\s\-/.,]*(\d{2,4})?")
_NAME_FIRST = re.compile(r"([^\W\d_]+)[\s\-/.]*(\d{1,2})(?:st|nd|rd|th)?[\s,\-/.]+(\d{2,4})")
_SHORT = re.compile(r"\d{1,2}\s?[/\-.]\s?\d{1,2}")
_EASTERN = re.compile("[\u0660-\u0669\u06f0-\u06f9]")
_HIJRI_MARK = re.compile(r"\s*(?:هـ|ه|h|ah)\.?$", re.IGNORECASE)
ORDERS = ("dmy", "mdy")


class Due(NamedTuple):
    """A due date, or the event that will set it."""

    on: date | None
    rule: str | None = None


class Parts(NamedTuple):
    """Three numbers whose order the column decides; `is_eastern` if in Arabic digits or dots."""

    first: int
    second: int
    year: int
    is_dmy_habit: bool


def event(text: str) -> str | None:
    """The rule of a due date that waits for an event: عند الاستلام gives HANDOVER_NOTICE."""
    folded = fold(text)
    for phrase, rule in EVENTS.items():
        if phrase in folded:
            return rule
    return None


def month_number(word: str) -> int | None:
    """1 to 12 for a month's name in Arabic (Egyptian, Levantine), English or Hindi."""
    folded = fold(word).strip(" .،,")
    return MONTHS.get(folded) or MONTHS.get(folded[:3] if folded.isascii() else folded)


def century(year: int) -> int:
    """Two digits of a year as the year meant: 26 is 2026, 85 is 1985."""
    if year >= 100:
        return year
    return 2000 + year if year < 70 else 1900 + year


def parts_of(text: str, was: str = "") -> Parts | None:
    """Day, month and year, order open, of a text such as 03/04/2026; None for other texts."""
    found = _NUMERIC.fullmatch(text)
    if not found or len(found[1]) > 2 or len(found[3]) not in (2, 4):
        return None
    habit = bool(_EASTERN.search(was)) or "." in text
    return Parts(int(found[1]), int(found[2]), century(int(found[3])), habit)


def proves(parts: Parts) -> str:
    """The order that these numbers prove, or nothing."""
    if 12 < parts.first <= 31 and parts.second <= 12:
        return "dmy"
    if 12 < parts.second <= 31 and parts.first <= 12:
        return "mdy"
    return "dmy" if parts.is_dmy_habit else ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the cells of a column say about the order: how many for each, one doubtful one."""

    dmy: int = 0
    mdy: int = 0
    doubtful: str = ""
    is_swap_likely: bool = False

    @property
    def order(self) -> str:
        """The order proven, by three to one at least; nothing if the column does not say."""
        if self.dmy and self.dmy >= 3 * self.mdy:
            return "dmy"
        if self.mdy and self.mdy >= 3 * self.dmy:
            return "mdy"
        return ""


def prove(cells: Iterable[Any]) -> Proof:
    """What the texts of a column prove about its order."""
    votes: Counter[str] = Counter()
    doubtful = ""
    stored: list[date] = []
    for cell in cells:
        if isinstance(cell, date):
            stored.append(cell)
            continue
        if type(cell) is not str or not (parts := parts_of(_dateless(plain(cell)), cell)):
            continue
        order = proves(parts)
        votes[order] += 1
        if not order and parts.first != parts.second:
            doubtful = doubtful or plain(cell)
    # A US Excel turns 10/06 into a true date and leaves 23/06 a text.
    swap = (
        len(stored) >= 3
        and all(day.day <= 12 for day in stored)
        and votes["dmy"] >= 2
        and not votes["mdy"]
        and not votes[""]
    )
    return Proof(votes["dmy"], votes["mdy"], doubtful, swap)


def _dateless(text: str) -> str:
    """The text without a time of day behind it."""
    return _TIME.sub("", text) if ":" in text else text


def regularity(days: Sequence[date | None]) -> int:
    """How many neighbours are whole months apart, as instalments are."""
    steady = 0
    for before, after in pairwise(days):
        if before is None or after is None or before.day != after.day:
            continue
        months = (after.year - before.year) * 12 + after.month - before.month
        steady += months in (1, 2, 3, 4, 6, 12)
    return steady


class Dates:
    """Reads the dates of one column in one order; `order` is dmy, mdy or nothing (refuse)."""

    def __init__(self, *, order: str, as_of: date, is_swapped: bool | None = False) -> None:
        self.order = order
        self.is_swapped = is_swapped
        self.first = date(as_of.year - WINDOW_YEARS, 1, 1)
        self.last = date(as_of.year + WINDOW_YEARS, 12, 31)

    def read(self, cell: Any) -> Read:
        """The date of the cell, or the event it waits for."""
        if isinstance(cell, datetime):
            cell = cell.date()
        if isinstance(cell, date):
            return self._stored(cell)
        if type(cell) is float or type(cell) is int:
            return self._serial(float(cell), plain(cell))
        if isinstance(cell, CellError):
            return fault("cell.error", text=cell.text)
        if type(cell) is not str:
            return fault("date.unreadable", text=plain(cell))
        text = _dateless(plain(cell))
        if not text or is_empty_mark(text):
            return BLANK
        return self._text(text, cell)

    def _text(self, text: str, cell: str) -> Read:
        bare = _HIJRI_MARK.sub("", text)
        if found := _NUMERIC.fullmatch(bare):
            return self._numeric(found, bare, cell)
        if rule := event(text):
            return Read(Due(None, rule), (("line.event", {"text": text}),))
        if text.isdecimal():
            if len(text) == 8 and text[:2] in ("19", "20"):
                return self._day(int(text[:4]), int(text[4:6]), int(text[6:]), text)
            return self._serial(float(text), text)
        return self._named(text)

    def _numeric(self, found: re.Match[str], text: str, cell: str) -> Read:
        first, second, third = found.groups()
        if len(first) == 4:
            return self._day(int(first), int(second), int(third), text)
        parts = parts_of(text, cell)
        if parts is None:
            return fault("date.unreadable", text=text)
        order = proves(parts) or self.order
        if not order and parts.first == parts.second:
            order = "dmy"
        if not order:
            return self._doubtful(parts, text)
        day, month = parts[:2] if order == "dmy" else (parts.second, parts.first)
        read = self._day(parts.year, month, day, text)
        if self.order and order != self.order and read.value:
            return Read(read.value, (*read.notes, ("date.against", {"text": text})))
        return read

    def _doubtful(self, parts: Parts, text: str) -> Read:
        both = (
            self._day(parts.year, parts.second, parts.first, text).value,
            self._day(parts.year, parts.first, parts.second, text).value,
        )
        if not both[0] or not both[1]:
            return fault("date.impossible", text=text)
        return fault("date.doubtful", text=text, first=str(both[0].on), second=str(both[1].on))

    def _named(self, text: str) -> Read:
        if found := _NAMED.fullmatch(text):
            day, word, year = found.groups()
        elif found := _NAME_FIRST.fullmatch(text):
            word, day, year = found.groups()
        else:
            no_year = bool(_SHORT.fullmatch(text))
            return fault("date.no_year" if no_year else "date.unreadable", text=text)
        month = month_number(word)
        if month is None:
            return fault("date.unreadable", text=text)
        if year is None:
            return fault("date.no_year", text=text)
        return self._day(century(int(year)), month, int(day), text)

    def _serial(self, number: float, text: str) -> Read:
        if not 1 <= number < 200_000:
            return fault("date.unreadable", text=text)
        found = self._within(EPOCH + timedelta(days=int(number)), text)
        if not found.value:
            return fault("date.unreadable", text=text)
        return Read(found.value, (("date.serial", {"text": text, "date": str(found.value.on)}),))

    def _stored(self, day: date) -> Read:
        if self.is_swapped is False or day.day > 12 or day.day == day.month:
            return self._within(day, day.isoformat())
        other = day.replace(month=day.day, day=day.month)
        if self.is_swapped is None:
            return fault("date.swap_doubtful", text=str(day), first=str(day), second=str(other))
        return Read(Due(other), (("date.swapped", {"text": str(day), "date": str(other)}),))

    def _day(self, year: int, month: int, day: int, text: str) -> Read:
        is_hijri = 1300 <= year <= 1500
        try:
            found = Hijri(year, month, day).to_gregorian() if is_hijri else date(year, month, day)
        except (ValueError, OverflowError):
            return fault("date.impossible", text=text)
        read = self._within(date(found.year, found.month, found.day), text)
        if is_hijri and read.value:
            return Read(read.value, (("date.hijri", {"text": text, "date": str(read.value.on)}),))
        return read

    def _within(self, day: date, text: str) -> Read:
        if self.first <= day <= self.last:
            return Read(Due(day))
        return fault("date.implausible", text=text, first=str(self.first), last=str(self.last))
