"""Money: whole minor units with their currency. No floats, no silent rounding.

Scales are ISO 4217's exponents for the currencies we meet; two decimals otherwise.
Dividing is `split` or `apportion`, which lose nothing, or `share`, which names its rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tahsil.core.grammar.refusal import Refused

AMOUNT_MAX = 10**15  # minor units; every rule over columns is exact up to here
PPM = 1_000_000

SCALES = {
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
    "JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "UGX": 0, "XOF": 0, "XAF": 0,
}  # fmt: skip


def scale(currency: str) -> int:
    """How many decimals the currency has."""
    return SCALES.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units: 1250 EGP is 12.50, 1250 KWD is 1.250."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __str__(self) -> str:
        return f"{decimal_text(self.minor, self.currency)} {self.currency}"

    def split(self, parts: int) -> list[Money]:
        """Parts that sum to the whole; the first ones carry the odd units."""
        each, odd = divmod(self.minor, parts)
        return [Money(each + (i < odd), self.currency) for i in range(parts)]

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise Refused(
                "money.mixed",
                "{other} cannot be added to {this}. Convert it first.",
                this=str(self),
                other=str(other),
            )


def decimal_text(minor: int, currency: str, *, grouped: bool = True) -> str:
    """The amount as text with the currency's decimals: 1,234.50."""
    places = scale(currency)
    sign = "-" if minor < 0 else ""
    whole, rest = divmod(abs(int(minor)), 10**places)
    text = f"{whole:,}" if grouped else str(whole)
    return f"{sign}{text}.{rest:0{places}d}" if places else f"{sign}{text}"


def too_large(account: str, currency: str) -> Refused:
    """The refusal of what would bring an account beyond what sums over columns are exact for."""
    return Refused(
        "account.too_large",
        "With this, account {account} comes to more than {most_minor}, the most one account keeps. "
        "Spread it over several.",
        account=account,
        most_minor=AMOUNT_MAX,
        currency=currency,
    )


def parse(text: str, currency: str) -> int:
    """Minor units of a plain decimal such as 1,234.50; too many decimals are refused."""
    plain = text.strip().replace(",", "")
    sign = -1 if plain.startswith("-") else 1
    whole, _, rest = plain.lstrip("+-").partition(".")
    places = scale(currency)
    if not (whole or rest) or not (whole + rest).isascii() or not (whole + rest).isdigit():
        raise Refused("money.unreadable", "{text} is not an amount.", text=text)
    if len(rest.rstrip("0")) > places:
        raise Refused(
            "money.decimals",
            "{text} has more decimals than {currency} has. It has {places}.",
            text=text,
            currency=currency,
            places=places,
        )
    minor = sign * (int(whole or "0") * 10**places + int(rest[:places].ljust(places, "0") or "0"))
    if abs(minor) > AMOUNT_MAX:
        raise Refused("money.too_large", "{text} is larger than any amount kept here.", text=text)
    return minor


def share(minor, *, ppm, rounding: str = "down"):
    """minor * ppm / 1,000,000 for ints or int64 arrays, exact; rounding is down, up or half_up."""
    whole, rest = np.divmod(np.asarray(minor, dtype=np.int64), PPM)
    bump = {"down": 0, "half_up": PPM // 2, "up": PPM - 1}[rounding]
    result = whole * ppm + (rest * ppm + bump) // PPM
    return result if result.ndim else int(result)


def apportion(minor: int, weights: list[int]) -> list[int]:
    """Parts in proportion to the weights that sum to the whole; largest remainder first."""
    total = sum(weights)
    if total <= 0:
        raise Refused(
            "money.weights", "An amount cannot be shared over weights that sum to nothing."
        )
    parts = [minor * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(minor * weights[i] % total), i))
    for i in by_remainder[: minor - sum(parts)]:
        parts[i] += 1
    return parts
