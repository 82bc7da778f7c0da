"""Penalty rules as dated data, and how a figure is explained. Accruing them is charges.py.

A rule is pinned to a contract's generation and read as of a date; nothing here knows a number
that a contract or a law could change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tahsil.core.grammar.dates import Calendar, Period
from tahsil.core.grammar.policy import Dated
from tahsil.core.grammar.refusal import Refused

CHOICES = {
    "unit": ("day", "month", "year"),
    "grace": ("franchise", "deductible"),
    "base": ("line", "all_overdue"),
    "method": ("daily", "started_month"),
    "day_count": ("actual", "30_360"),
    "count_from": ("due", "business_day"),
    "month": ("30_days", "calendar"),
    "bounce": ("original_due", "reversal"),
    "destination": ("income", "charity"),
    "rounding": ("half_up", "down", "up"),
}


@dataclass(frozen=True)
class PenaltyRule:
    """How late money is charged.

    The rate is `rate_ppm` per `unit`, plus the benchmark (a yearly rate by date) if there is one.
    Grace as a franchise counts from the first day once exceeded; deductible never counts its days.
    After a bounced cheque the line counts from its original due date, or from the reversal only.
    """

    code: str
    rate_ppm: int = 0
    unit: str = "month"
    benchmark: Dated[int] | None = None
    flat_minor: int = 0  # once, when the line is late beyond its grace
    grace_days: int = 0
    grace: str = "franchise"
    base: str = "line"
    method: str = "daily"
    month: str = "30_days"  # what a started month is
    day_count: str = "actual"
    year_days: int = 365
    count_from: str = "due"
    bounce: str = "original_due"
    cap_ppm: int = 0  # of the amounts it is charged on
    cap_months: int = 0
    cap_minor: int = 0
    min_minor: int = 0
    tax_ppm: int = 0
    destination: str = "income"
    rounding: str = "half_up"

    def __post_init__(self) -> None:
        wrong = [name for name, allowed in CHOICES.items() if getattr(self, name) not in allowed]
        if self.benchmark is not None and self.unit != "year":
            wrong.append("unit")
        if wrong:
            raise Refused(
                "penalty.words",
                "Penalty rule {rule} has a value not understood in {fields}. "
                "A benchmark needs a rate per year; the choices are {choices}.",
                rule=self.code,
                fields=wrong,
                choices=[f"{name}: {CHOICES[name]}" for name in wrong],
            )


class Movement(NamedTuple):
    """What a line was paid from a date; a reversal is negative and names the same receipt."""

    effective_on: date
    amount_minor: int
    receipt_id: int = 0


class Debt(NamedTuple):
    """A line as penalties see it: due, amounting to, paid by movements."""

    due_on: date
    amount_minor: int
    movements: Sequence[Movement] = ()


class Pauses(NamedTuple):
    """Days that do not count (dispute, hold, legal, our own delay), and the working calendar."""

    stops: Sequence[Period] = ()
    calendar: Calendar | None = None


class Segment(NamedTuple):
    """One step of the explanation: base * rate / 1,000,000 * units / per, in running total rounded.

    `units` are days of a year of `per` days, days (per 1), or months (per 12 of a yearly rate).
    """

    since: date
    until: date
    base_minor: int
    units: int
    rate_ppm: int
    per: int
    amount_minor: int


class Accrual(NamedTuple):
    """What a rule comes to as of a date, with every step; `capped_by` names the limit that held."""

    amount_minor: int
    segments: tuple[Segment, ...]
    flat_minor: int = 0
    tax_minor: int = 0
    capped_by: str = ""
    is_in_grace: bool = False
    destination: str = "income"


def rounded(numerator: int, denominator: int, rounding: str) -> int:
    """The quotient as a whole number, rounded half up, down or up."""
    if rounding == "half_up":
        return (2 * numerator + denominator) // (2 * denominator)
    return -(-numerator // denominator) if rounding == "up" else numerator // denominator
