"""Equal monthly instalments, flat and reducing, and what a rescheduling is worth today.

Exact fractions throughout: a rate is a ratio of whole numbers, and amounts are rounded once per
line, half up. Roots for effective annual rates are taken in decimals of forty digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from tahsil.core.book.schedules import Line, amounts, dates
from tahsil.core.grammar.money import PPM


class Neutral(NamedTuple):
    """A rescheduling that is worth today what it replaces, and what an unloaded one would cost."""

    value_minor: int  # the arrears compounded to today
    payment_minor: int  # per new line
    total_minor: int
    unloaded_value_minor: int  # the nominal arrears spread without load, worth today
    hidden_discount_minor: int


def emi_flat(
    principal_minor: int, *, annual_ppm: int, months: int, first_on: date
) -> tuple[Line, ...]:
    """Equal lines of principal and flat interest; the last one takes the rounding of both."""
    cost = half_up(Fraction(principal_minor * annual_ppm * months, 12 * PPM))
    payment = half_up(Fraction(principal_minor + cost, months))
    whole = [payment] * (months - 1)
    whole.append(principal_minor + cost - sum(whole))
    interest = amounts(cost, months)
    return _lines(first_on, list(zip(whole, interest, strict=True)))


def emi_reducing(
    principal_minor: int, *, annual_ppm: int, months: int, first_on: date
) -> tuple[Line, ...]:
    """Equal lines of interest on what is left and principal; the last one takes the rounding.

    Balances are the exact ones, rounded, so that no line's rounding grows with the term; the
    interest of a line is what its payment leaves beside the principal it repays.
    """
    rate = Fraction(annual_ppm, 12 * PPM)
    exact = exact_payment(principal_minor, rate=rate, count=months)
    payment, left, balance = half_up(exact), principal_minor, Fraction(principal_minor)
    parts = []
    for _ in range(months - 1):
        balance = balance * (1 + rate) - exact
        interest = max(0, payment - left + half_up(balance)) if rate else 0
        left -= payment - interest
        parts.append((payment, interest))
    interest = half_up(left * rate)
    return _lines(first_on, [*parts, (left + interest, interest)])


def exact_payment(principal_minor: int, *, rate: Fraction, count: int) -> Fraction:
    """The equal payment, unrounded, that repays the principal at the rate per period."""
    if not rate:
        return Fraction(principal_minor, count)
    return principal_minor * rate / (1 - 1 / (1 + rate) ** count)


def balance_after(lines: Sequence[Line], principal_minor: int, paid: int) -> int:
    """The principal still owed after so many lines were paid."""
    repaid = sum(line.amount_minor - line.interest_minor for line in lines[:paid])
    return principal_minor - repaid


def _lines(first_on: date, parts: list[tuple[int, int]]) -> tuple[Line, ...]:
    due = dates(first_on, len(parts))
    return tuple(
        Line(seq, "emi", f"EMI{seq:02d}", amount, day, None, interest)
        for seq, (day, (amount, interest)) in enumerate(zip(due, parts, strict=True), 1)
    )


def half_up(value: Fraction) -> int:
    """The nearest whole number; a half goes up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def worth(flows: Sequence[tuple[int, int]], *, annual_ppm: int) -> int:
    """The value today of (months from today, amount) flows at an effective annual rate.

    Past flows (negative months) are compounded, future ones discounted; rounded half up.
    """
    with localcontext() as context:
        context.prec = 40
        return _rounded(sum((amount * _factor(annual_ppm, m) for m, amount in flows), Decimal(0)))


def _factor(annual_ppm: int, months: int) -> Decimal:
    return (1 + Decimal(annual_ppm) / PPM) ** (Decimal(-months) / 12)


def _rounded(value: Decimal) -> int:
    return half_up(Fraction(value))


def neutral(
    arrears: Sequence[tuple[int, int]], *, annual_ppm: int, count: int, step_months: int
) -> Neutral:
    """The equal payments, the first one step from today, that are worth the arrears at the rate.

    `arrears` are (months from today, amount), months negative for the past.
    """
    nominal = sum(amount for _, amount in arrears)
    with localcontext() as context:
        context.prec = 40
        now = sum((amount * _factor(annual_ppm, m) for m, amount in arrears), Decimal(0))
        annuity = sum(_factor(annual_ppm, step_months * (i + 1)) for i in range(count))
        unloaded = _rounded(Decimal(nominal) / count * annuity)
        payment = now / annuity
        return Neutral(
            _rounded(now), _rounded(payment), _rounded(payment * count),
            unloaded, _rounded(now) - unloaded,
        )  # fmt: skip
