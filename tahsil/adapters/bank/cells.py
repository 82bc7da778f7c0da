"""Cells of a bank's table: dates in one order, numbers with one decimal sign.

Which order and which sign is decided over the whole table; where nothing decides, the doubtful
cell is refused rather than guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from tahsil.adapters.bank import values
from tahsil.adapters.bank.headings import CREDIT_SIGNS, DEBIT_SIGNS, MONTHS, squeezed_key
from tahsil.adapters.bank.refusals import doubtful, no_amount, no_date
from tahsil.core.grammar import money
from tahsil.core.grammar.refusal import Refused

_DIGITS = {0x0660: 0, 0x06F0: 0, 0x0966: 0}
_PLAIN = str.maketrans(
    {chr(start + i): str(i) for start in _DIGITS for i in range(10)}
    | {"٫": ".", "٬": ",", "−": "-", "–": "-", "\u200e": "", "\u200f": "", "\u00a0": " "}
)
_NUMERIC = re.compile(r"(\d{1,4})\s?[/\-.\\]\s?(\d{1,2})\s?[/\-.\\]\s?(\d{1,4})")
_NAMED = re.compile(r"(\d{1,2})[\s\-/.,]*([^\W\d_][^\d]*?)[\s\-/.,]*(\d{4}|\d{2})")
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}.*$")
_NUMBER = re.compile(r"(?P<sign>[-+(]?)\s*(?P<body>\d[\d.,' ]*|[.,]\d+)\s*(?P<end>[-)]?)")
_WORD = re.compile(r"[^\d.,'()+\- ]+")


def plain(cell: Any) -> str:
    """The cell as text with Western digits and single blanks."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return " ".join(str(cell).translate(_PLAIN).split())


class Dates:
    """Reads the dates of a table in the order that it proves, or that a person said."""

    def __init__(self, columns: Sequence[Sequence[Any]], order: str) -> None:
        self.order = order or _proven(columns)

    def read(self, cell: Any, at: int) -> date:
        """The day in the cell; a doubtful one is refused with both readings."""
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        text = _TIME.sub("", plain(cell))
        if found := _NUMERIC.fullmatch(text):
            return self._numeric(found, text, at)
        if len(text) == 8 and text.isdecimal() and text[:2] in ("19", "20"):
            return values.day(int(text[:4]), int(text[4:6]), int(text[6:]), text=text, at=at)
        if found := _NAMED.fullmatch(text):
            month = MONTHS.get(squeezed_key(found[2]), 0)
            return values.day(_year(found[3]), month, int(found[1]), text=text, at=at)
        raise no_date(text, at)

    def _numeric(self, found: re.Match[str], text: str, at: int) -> date:
        first, second, third = found.groups()
        if len(first) == 4:
            return values.day(int(first), int(second), int(third), text=text, at=at)
        if len(third) not in (2, 4):
            raise no_date(text, at)
        order = _order(found) or self.order
        if not order and first != second:
            raise Refused(
                "bank.date_doubtful",
                "Line {line}: {text} may have the day first or the month. Say which, once for "
                "this bank.",
                line=at,
                text=text,
            )
        day, month = (second, first) if order == "mdy" else (first, second)
        return values.day(_year(third), int(month), int(day), text=text, at=at)


def _year(text: str) -> int:
    return int(text) if len(text) > 2 else values.full_year(int(text))


def _order(found: re.Match[str]) -> str:
    """The order that the numbers themselves prove."""
    first, second = int(found[1]), int(found[2])
    if 12 < first <= 31:
        return "dmy"
    return "mdy" if 12 < second <= 31 else ""


def _proven(columns: Sequence[Sequence[Any]]) -> str:
    """dmy or mdy, by one date that can be read one way, or by days that run in order one way."""
    found = [
        [match for cell in cells if (match := _NUMERIC.fullmatch(_TIME.sub("", plain(cell))))]
        for cells in columns
    ]
    short = [[match for match in each if len(match[1]) < 4] for each in found]
    proofs = {_order(match) for each in short for match in each} - {""}
    if len(proofs) == 1:
        return proofs.pop()
    if proofs:
        return ""
    running = [order for order in ("dmy", "mdy") if _runs(short[0] if short else [], order)]
    return running[0] if len(running) == 1 else ""


def _runs(matches: list[re.Match[str]], order: str) -> bool:
    days = []
    for match in matches:
        day, month = (2, 1) if order == "mdy" else (1, 2)
        days.append((_year(match[3]), int(match[month]), int(match[day])))
    steps = list(pairwise(days))
    return all(a <= b for a, b in steps) or all(a >= b for a, b in steps)


class Numbers:
    """Reads the amounts of a table with the decimal sign that it proves."""

    def __init__(self, cells: Iterable[Any], currency: str, point: str) -> None:
        self.currency = currency
        self.point = point or _point(cells)

    def read(self, cell: Any, at: int) -> int | None:
        """Minor units, negative for a debit written so; nothing for an empty cell."""
        if isinstance(cell, float | int | Decimal) and not isinstance(cell, bool):
            return self._stored(cell, at)
        text = plain(cell)
        if text in ("", "-", "--", "—"):
            return None
        bare, is_debit = _unsigned(text)
        found = _NUMBER.fullmatch(bare)
        if not found or (found["sign"] == "(") != (found["end"] == ")"):
            raise no_amount(text, self.currency, at)
        minor = values.amount(self._decimal(found["body"], text, at), self.currency, at)
        negatives = (found["sign"] in ("-", "("), found["end"] == "-", is_debit)
        return -minor if any(negatives) else minor

    def _stored(self, number: float | int | Decimal, at: int) -> int:
        """A number of a workbook: what lies beyond fifteen digits is noise of its binary form."""
        exact = Decimal(f"{number:.15g}") if isinstance(number, float) else Decimal(number)
        if not exact.is_finite() or abs(exact) > money.AMOUNT_MAX:
            raise no_amount(str(number)[:40], self.currency, at)
        scaled = exact.scaleb(money.scale(self.currency))
        whole = scaled.to_integral_value()
        if abs(scaled - whole) > Decimal("0.0001") or abs(whole) > money.AMOUNT_MAX:
            raise no_amount(str(number), self.currency, at)
        return int(whole)

    def _decimal(self, body: str, text: str, at: int) -> str:
        """The number with a point for its decimal sign and nothing between thousands."""
        bare = body.replace("'", "").replace(" ", "")
        own = _evidence(bare)
        signs = {sign for sign in ".," if sign in bare}
        if not own and signs:
            sign = signs.pop()
            if self.point:
                own = self.point
            elif sign == "," and money.scale(self.currency) != 3:
                own = "."  # no currency of two decimals is written with three
            else:
                raise doubtful(text, at)
        thousands = "," if own == "." else "."
        return bare.replace(thousands, "").replace(own or ".", ".")


def _unsigned(text: str) -> tuple[str, bool]:
    """The text without currency and Dr or Cr, and whether it says debit."""
    words = {squeezed_key(word) for word in _WORD.findall(text)}
    bare = " ".join(_WORD.sub(" ", text).split())
    return bare, bool(words & DEBIT_SIGNS) and not words & CREDIT_SIGNS


def _evidence(bare: str) -> str:
    """The decimal sign that the digits alone prove, or nothing."""
    if "." in bare and "," in bare:
        return max(".,", key=bare.rindex)
    for sign, other in ((".", ","), (",", ".")):
        if sign in bare:
            if bare.count(sign) > 1:
                return other
            return "" if len(bare.rpartition(sign)[2]) == 3 else sign
    return ""


def _point(cells: Iterable[Any]) -> str:
    """The decimal sign that all proving cells of the table share."""
    found = set()
    for cell in cells:
        if isinstance(cell, str) and (match := _NUMBER.fullmatch(_unsigned(plain(cell))[0])):
            found.add(_evidence(match["body"].replace("'", "").replace(" ", "")))
    found.discard("")
    return found.pop() if len(found) == 1 else ""
