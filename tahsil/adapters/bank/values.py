"""Amounts and dates as banks write them, exact or refused with the line."""

from __future__ import annotations

import re
from datetime import date

from tahsil.adapters.bank.refusals import doubtful, no_amount, no_date
from tahsil.core.grammar import money
from tahsil.core.grammar.refusal import Refused

LONGEST = 40  # zeros may stand before an amount, but not thousands of them
_PLAIN = re.compile(r"(\d*)(?:[.,](\d*))?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,40}", re.ASCII)
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009]")
_CURRENCY = re.compile(r"[A-Z]{3}")


def amount(text: str, currency: str, at: int) -> int:
    """Minor units of digits with one decimal sign at most, comma or point: 12,5 and 12.50."""
    found = _PLAIN.fullmatch(text)
    if not found or text in ("", ",", ".") or len(text) > LONGEST:
        raise no_amount(text, currency, at)
    return _minor(f"{found[1] or 0}.{found[2] or 0}", currency, text, at)


def signed(text: str, currency: str, at: int) -> int:
    """Minor units of an amount with a sign and perhaps thousands: +1,006.60, -2000,00.

    Where 2,000 may be two or two thousand it is refused: a guess would be wrong a thousandfold.
    """
    bare = _BLANKS.sub("", text)
    sign = -1 if bare.startswith("-") else 1
    bare = bare.removeprefix("-" if sign < 0 else "+")
    if "." in bare and "," in bare:
        thousands, point = sorted(".,", key=bare.rindex)
        whole, _, rest = bare.rpartition(point)
        groups = whole.split(thousands)
        if point in whole or len(groups[0]) > 3 or any(len(group) != 3 for group in groups[1:]):
            raise no_amount(text, currency, at)
        bare = "".join(groups) + "." + rest
    elif re.fullmatch(r"[1-9]\d{0,2},\d{3}", bare) and money.scale(currency) != 3:
        raise doubtful(text, at)
    return sign * amount(bare, currency, at)


def cents(text: str, currency: str, at: int) -> int:
    """Minor units of an amount written without a decimal sign, as BAI2 does."""
    minor = whole(text)
    if minor is None or abs(minor) > money.AMOUNT_MAX:
        raise no_amount(text, currency, at)
    return minor


def whole(text: str) -> int | None:
    """The whole number, with or without a sign; nothing for another text."""
    return int(text) if _WHOLE.fullmatch(text) else None


def _minor(plain: str, currency: str, text: str, at: int) -> int:
    try:
        return money.parse(plain, currency)
    except Refused:
        raise no_amount(text, currency, at) from None


def currency_code(text: str, at: int) -> str:
    """The three letters of a currency."""
    bare = text.strip().upper()
    if not bare:
        raise Refused(
            "bank.no_currency",
            "Line {line}: no currency is named. Say the currency of the account and import the "
            "file again.",
            line=at,
        )
    if not _CURRENCY.fullmatch(bare):
        raise Refused(
            "bank.currency",
            "Line {line}: “{text}” is not a currency, which has three letters.",
            line=at,
            text=text.strip()[:20],
        )
    return bare


def day(year: int, month: int, number: int, *, text: str, at: int) -> date:
    """The day, or refused as one that no calendar has."""
    try:
        return date(year, month, number)
    except ValueError:
        raise no_date(text, at) from None


def short(text: str, at: int) -> date:
    """A date of six digits, year first: 80 to 99 are of the last century."""
    if not (len(text) == 6 and text.isascii() and text.isdecimal()):
        raise no_date(text, at)
    return day(full_year(int(text[:2])), int(text[2:4]), int(text[4:]), text=text, at=at)


def full_year(two: int) -> int:
    """Two digits of a year as the year meant."""
    return 1900 + two if two >= 80 else 2000 + two


def iso(text: str, at: int) -> date:
    """The day of an ISO date or time."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise no_date(text, at) from None


def near(month: int, number: int, beside: date) -> date | None:
    """The day of this month and number nearest to another one; across the end of a year too."""
    found = []
    for year in (beside.year - 1, beside.year, beside.year + 1):
        try:
            found.append(date(year, month, number))
        except ValueError:
            continue
    return min(found, key=lambda each: abs(each - beside), default=None)
