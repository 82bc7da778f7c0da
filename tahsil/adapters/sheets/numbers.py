"""Numbers: amounts, shares and areas as people type them.

Which sign is the decimal point is decided once for a column, from the cells that can be read one
way only. A cell that can be read two ways in a column that does not decide is refused with both
readings; nothing is guessed from the country.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from tahsil.adapters.sheets.cells import BLANK, CellError, Read, fault, is_empty_mark, plain
from tahsil.core.grammar.money import AMOUNT_MAX, scale

_CURRENCIES = (
    ("EGP", r"ج\.?\s?م\.?|جنيه(?:\s?مصري)?|egp|l\.?e\.?"),
    ("AED", r"د\.?\s?إ\.?|درهم(?:\s?إماراتي)?|aed|dhs?\.?"),
    ("SAR", r"ر\.?\s?س\.?|ريال(?:\s?سعودي)?|sar|s\.?r\.?"),
    ("KWD", r"د\.?\s?ك\.?|kwd|k\.?d\.?"),
    ("BHD", r"د\.?\s?ب\.?|bhd|b\.?d\.?"),
    ("OMR", r"ر\.?\s?ع\.?|omr|r\.?o\.?"),
    ("QAR", r"ر\.?\s?ق\.?|qar|q\.?r\.?"),
    ("JOD", r"د\.?\s?أ\.?|jod|j\.?d\.?"),
    ("INR", r"₹|rs\.?|inr|रु\.?|रुपये"),
    ("USD", r"us\$|\$|usd|دولار"),
    ("EUR", r"€|eur|يورو"),
    ("GBP", r"£|gbp"),
)
_CURRENCY = re.compile(
    "(?<![a-z\u0621-\u064a])(?:"
    + "|".join(f"(?P<{code}>{words})" for code, words in _CURRENCIES)
    + ")(?![a-z\u0621-\u064a])",
    re.IGNORECASE,
)
_FAST = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d{1,2})?")
_BODY = re.compile(r"\d[\d.,' ]*|[.,]\d+")
_CREDIT = re.compile(r"(?:\bcr\.?|دائن|دائنه|له)$|^(?:cr\b\.?|دائن)", re.IGNORECASE)
_DEBIT = re.compile(r"(?:\bdr\.?|مدين|عليه)$|^(?:dr\b\.?|مدين)", re.IGNORECASE)
_NOTE = re.compile(r"\((?=[^)]*[^\W\d_])[^)]*\)")  # (عرض): words in brackets, not a negative
_MINUS = "-−–"
_MONTHLY = re.compile(r"/\s*(?:m|mo|month|شهر|شهريا)\b\.?$", re.IGNORECASE)
_GROUPS = re.compile(r"\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?|\d+")


@dataclass(frozen=True, slots=True)
class Written:
    """One amount as typed, before the column says which sign is the point."""

    body: str
    is_negative: bool
    currency: str | None
    is_percent: bool = False
    is_monthly: bool = False
    is_credit: bool = False
    is_more: bool = False


def take_apart(text: str) -> Written | None:
    """Sign, currency and digits of a plain text; None where it is not one number."""
    text = _NOTE.sub(" ", text).strip().replace("٬", ",").replace("٫", ".").replace("،", ",")
    currency, text = _currency_off(text)
    is_monthly = bool(_MONTHLY.search(text))
    text = _MONTHLY.sub("", text).strip()
    is_credit, is_debit = bool(_CREDIT.search(text)), bool(_DEBIT.search(text))
    text = _DEBIT.sub("", _CREDIT.sub("", text)).strip().removesuffix("/-").removesuffix("/=")
    is_percent = text.endswith(("%", "٪")) or text.startswith(("%", "٪"))
    text = text.strip("%٪ ")
    is_negative = False
    if text.startswith("(") and text.endswith(")"):
        is_negative, text = True, text[1:-1].strip()
    is_more = text.endswith("+")
    if text[:1] in _MINUS or text[-1:] in _MINUS:
        is_negative ^= True
    text = text.strip(_MINUS + "+ ")
    if not _BODY.fullmatch(text) or ((" " in text or "'" in text) and not _GROUPS.fullmatch(text)):
        return None
    negative = is_negative or (is_credit and not is_debit)
    return Written(text, negative, currency, is_percent, is_monthly, is_credit, is_more)


def _currency_off(text: str) -> tuple[str | None, str]:
    if text.isascii() and not any(c.isalpha() or c == "$" for c in text):
        return None, text
    found = _CURRENCY.search(text)
    if not found:
        return None, text
    return found.lastgroup, (text[: found.start()] + " " + text[found.end() :]).strip()


def evidence(body: str) -> str:
    """Which sign the digits prove to be the decimal point: . or , or nothing."""
    dots, commas = body.count("."), body.count(",")
    if dots and commas:
        return "." if body.rfind(".") > body.rfind(",") else ","
    if dots > 1 or commas > 1:
        return "," if dots else "."
    if not dots and not commas:
        return ""
    sign = "." if dots else ","
    digits = len(body) - body.index(sign) - 1
    lead = body.index(sign)
    if digits != 3 or lead > 3 or lead == 0 or body[0] == "0":
        return sign
    return ""


def readings(body: str) -> dict[str, Decimal]:
    """What the digits are if the point is a dot, and if it is a comma."""
    found = {}
    for point, group in ((".", ","), (",", ".")):
        text = re.sub("[ ']", "", body).replace(group, "").replace(point, ".")
        try:
            found[point] = Decimal(text)
        except InvalidOperation:
            continue
    return found


def decide(bodies: Iterable[str]) -> tuple[str, dict[str, str]]:
    """The column's decimal sign (or nothing), with one cell as evidence for each sign proven."""
    proven: dict[str, str] = {}
    for body in bodies:
        sign = evidence(body)
        if sign and sign not in proven:
            proven[sign] = body
            if len(proven) == 2:
                break
    return (next(iter(proven)) if len(proven) == 1 else ""), proven


class Amounts:
    """Reads the amounts of one column: `point` is its decimal sign, from a mapping or decided."""

    def __init__(self, cells: Iterable[Any], *, currency: str, point: str | None = None) -> None:
        self.currency = currency
        self.proven: dict[str, str] = {}
        self.is_asked = False
        self.doubtful: list[str] = []
        self._chosen = point is not None
        self.point = point if point is not None else self._decided(cells)

    def _decided(self, cells: Iterable[Any]) -> str:
        point, self.proven = decide(_bodies(cells))
        return point

    def read(self, cell: Any) -> Read:
        """Minor units and currency of the cell, as a pair."""
        if type(cell) is float or type(cell) is int:
            return self._of_number(cell)
        if isinstance(cell, CellError):
            return fault("cell.error", text=cell.text)
        text = plain(cell)
        if self.point != "," and _FAST.fullmatch(text) and evidence(text.lstrip("-")) != ",":
            return self._scaled(Decimal(text.replace(",", "")), self.currency, text)
        if not text or is_empty_mark(text):
            return BLANK
        written = take_apart(text)
        if written is None:
            return fault("number.unreadable", text=text)
        if written.is_percent:
            return fault("number.percent", text=text)
        return self._of_written(written, text)

    def _of_number(self, number: float | int) -> Read:
        if number != number or abs(number) > 1e15:
            return fault("number.too_large", text=str(number))
        # Excel keeps 15 digits; what comes after them is noise of the binary form.
        return self._scaled(Decimal(f"{number:.15g}"), self.currency, f"{number:.15g}", True)

    def _of_written(self, written: Written, text: str) -> Read:
        currency = written.currency or self.currency
        number, why = self._number(written.body, currency)
        if number is None:
            return Read(None, (), why)
        read = self._scaled(-number if written.is_negative else number, currency, text)
        notes = read.notes
        if written.is_monthly:
            notes = (*notes, ("number.monthly", {"text": text}))
        if written.is_more:
            notes = (*notes, ("number.more", {"text": text}))
        if written.is_credit:
            notes = (*notes, ("number.credit", {"text": text}))
        return Read(read.value, notes, read.fault)

    def _number(self, body: str, currency: str) -> tuple[Decimal | None, Any]:
        """The number, or the fault of a cell that can be read both ways."""
        both = readings(body)
        own = evidence(body)
        if own:
            if own in both and (
                own == self.point or not self._chosen or body.count(".") + body.count(",") > 1
            ):
                return both[own], None
            return None, ("number.unreadable", {"text": body})
        if "." not in body and "," not in body:
            return next(iter(both.values()), None), ("number.unreadable", {"text": body})
        return self._three_digits(body, both, currency)

    def _three_digits(
        self, body: str, both: dict[str, Decimal], currency: str
    ) -> tuple[Decimal | None, Any]:
        """144,000 and 50.000: one sign, three digits after it."""
        sign = "." if "." in body else ","
        if self.point and self.point != sign:
            return both[self.point], None
        if self._chosen or (self.point == sign and scale(currency) == 3):
            return both[sign], None
        if sign == "," and not self.point and not self.proven and scale(currency) != 3:
            return both["."], None  # no currency of two decimals is written with three
        self.is_asked = True
        self.doubtful.append(body)
        return None, (
            "number.doubtful",
            {"text": body, "first": _shown(both["."]), "second": _shown(both[","])},
        )

    def _scaled(self, number: Decimal, currency: str, text: str, is_computed: bool = False) -> Read:
        places = scale(currency)
        minor = number.scaleb(places)
        whole = int(minor.to_integral_value(rounding="ROUND_HALF_UP"))
        if abs(whole) > AMOUNT_MAX:
            return fault("number.too_large", text=text)
        if minor == whole:
            return Read((whole, currency))
        if not is_computed:
            return fault("number.decimals", text=text, currency=currency, places=places)
        return Read((whole, currency), (("number.rounded", {"text": text, "places": places}),))


def _bodies(cells: Iterable[Any]) -> Iterator[str]:
    """The digits and signs of each text that is a number."""
    for cell in cells:
        if type(cell) is not str or cell.isdecimal():
            continue
        if _FAST.fullmatch(cell):
            yield cell.lstrip("-")
        elif written := take_apart(plain(cell)):
            yield written.body


def _shown(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_share(cell: Any) -> Read:
    """A share as (number, is_percent); what 1 or 50 stands for is decided over the contract."""
    if type(cell) is float or type(cell) is int:
        return Read((Decimal(f"{cell:.15g}"), False))
    if isinstance(cell, CellError):
        return fault("cell.error", text=cell.text)
    text = plain(cell)
    if not text or is_empty_mark(text):
        return BLANK
    written = take_apart(text)
    number = _loose(written.body) if written else None
    if written is None or number is None:
        return fault("number.unreadable", text=text)
    return Read((-number if written.is_negative else number, written.is_percent))


def read_area(cell: Any) -> Read:
    """An area or another plain decimal, as text with a point."""
    found = read_share(cell)
    if found.value is None:
        return found
    return Read(str(found.value[0].normalize() if found.value[0] % 1 else int(found.value[0])))


def read_whole(cell: Any) -> Read:
    """A whole number, such as the position of a line."""
    if type(cell) is float and cell.is_integer():
        return Read(int(cell))
    if type(cell) is int:
        return Read(cell)
    text = plain(cell).rstrip(".)")
    if not text or is_empty_mark(text):
        return BLANK
    if text.isdecimal() and len(text) < 10:
        return Read(int(text))
    return fault("number.unreadable", text=text)


def _loose(body: str) -> Decimal | None:
    """The number where one sign at most is a point: 145,5 and 145.5 are the same area."""
    both = readings(body)
    return both.get(evidence(body) or ".")
