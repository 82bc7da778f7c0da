"""Contract shapes of the demo, each built by the schedules of the core.

A shape is laid out once per price at a reference day; for a contract its lines are shifted to the
day it was signed. Signing days are at most the 28th, so that shifting months never clips a day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from tahsil.core.book import emi, terms
from tahsil.core.book.schedules import DueRule, Line
from tahsil.core.book.terms import DeveloperTerms, Part, Regular, ServiceTerms
from tahsil.core.grammar.dates import add_months
from tahsil.core.grammar.money import share

REFERENCE = date(2024, 1, 1)
HANDOVER = DueRule("HANDOVER", 30)
STAGES = ("SIGNED", "CERT_20", "CERT_40", "CERT_60", "CERT_80", "HANDOVER")
SLABS = ("SIGNED", "PLINTH", "SLAB_3", "SLAB_6", "SLAB_9", "SLAB_12", "BRICKWORK", "FINISHING")
Builder = Callable[[int, date], Sequence[Line]]


@dataclass(frozen=True)
class Plan:
    """A shape of contract: where it is sold, at which prices (major units), with which lines."""

    code: str
    place: str  # a project of places.py
    product: str
    prices: tuple[int, ...]
    build: Builder
    unit: str = "unit"


@dataclass(frozen=True)
class Laid:
    """A plan at each of its prices: one row per line, amounts one row per price."""

    category: list[str]
    label: list[str]
    months: np.ndarray  # after signing; the due date is that day of that month plus `days`
    days: np.ndarray
    event: list[str]
    event_days: np.ndarray
    amount_minor: np.ndarray  # prices x lines


def _developer(price: int, signed: date, **more: Any) -> Sequence[Line]:
    return terms.developer(DeveloperTerms(price_minor=price, signed_on=signed, **more))


def quarterly_30(price: int, signed: date) -> Sequence[Line]:
    """The worked schedule of the trade: split down payment, two bumps, delivery, 30 quarters."""
    return _developer(
        price,
        signed,
        reserved_on=signed - timedelta(days=3),
        reservation_minor=10_000_000,
        down_payments=(
            Part("down_payment", "DP1", 0, ppm=50_000),
            Part("down_payment", "DP2", 3, ppm=50_000),
        ),
        regular=(Regular(30, 6, 3, "Q"),),
        inside=(
            Part("bump", "B1", 12, ppm=40_000),
            Part("bump", "B2", 24, ppm=40_000),
            Part("delivery", "DLV", 36, ppm=100_000),
        ),
        extras=(
            Part("maintenance_deposit", "MNT", 33, ppm=80_000),
            Part("club", "CLUB", 36, amount_minor=15_000_000),
            Part("parking", "PRK", 36, amount_minor=20_000_000),
        ),
    )


def monthly_48(price: int, signed: date) -> Sequence[Line]:
    """Five and five down, 48 months, a tenth at hand-over with the maintenance deposit."""
    return _developer(
        price,
        signed,
        down_payments=(
            Part("down_payment", "DP1", 0, ppm=50_000),
            Part("down_payment", "DP2", 3, ppm=50_000),
        ),
        regular=(Regular(48, 4, 1, "M"),),
        inside=(Part("delivery", "DLV", HANDOVER, ppm=100_000),),
        extras=(Part("maintenance_deposit", "MNT", HANDOVER, ppm=80_000),),
    )


def half_yearly_12(price: int, signed: date) -> Sequence[Line]:
    """Fifteen down, twelve half-years, maintenance after thirty months."""
    return _developer(
        price,
        signed,
        down_payments=(Part("down_payment", "DP1", 0, ppm=150_000),),
        regular=(Regular(12, 6, 6, "H"),),
        extras=(Part("maintenance_deposit", "MNT", 30, ppm=80_000),),
    )


def quarterly_8(price: int, signed: date) -> Sequence[Line]:
    """Twenty down and eight quarters."""
    return _developer(
        price,
        signed,
        down_payments=(Part("down_payment", "DP1", 0, ppm=200_000),),
        regular=(Regular(8, 3, 3, "Q"),),
    )


def sixty_forty(price: int, signed: date) -> Sequence[Line]:
    """Dubai off plan: six tenths in certified stages, four at hand-over, 4 % registration."""
    stages = [(120_000, event, 30 if event != "SIGNED" else 0) for event in STAGES[:-1]]
    lines = terms.milestones(price, [*stages, (400_000, "HANDOVER", 30)])
    fee = share(price, ppm=40_000, rounding="half_up")
    return (*lines, Line(7, "registration_fee", "DLD", fee, add_months(signed, 1)))


def slabs(price: int, signed: date) -> Sequence[Line]:
    """Pune, linked to construction: GST beside each demand, 1 % of it kept back as tax."""
    shares = [(100_000, "SIGNED", 15), (200_000, "PLINTH", 15)]
    shares += [(120_000, event, 15) for event in SLABS[2:7]]
    lines = []
    for line in terms.milestones(price, [*shares, (100_000, "FINISHING", 15)]):
        withheld = share(line.amount_minor, ppm=10_000, rounding="half_up")
        tax = share(line.amount_minor, ppm=50_000, rounding="half_up")
        rule, number = line.due_rule, line.label
        lines += [
            Line(0, "instalment", number, line.amount_minor - withheld, None, rule),
            Line(0, "tax", f"GST {number}", tax, None, rule),
            Line(0, "withholding", f"TDS {number}", withheld, None, rule),
        ]
    return [Line(seq, *_rest(line)) for seq, line in enumerate(lines, 1)]


def _rest(line: Line) -> tuple:
    return line.category, line.label, line.amount_minor, line.due_on, line.due_rule


def rent_in(cheques: int) -> Builder:
    """Two years' rent in so many cheques a year, the security deposit first."""

    def build(price: int, since: date) -> Sequence[Line]:
        deposit = Line(0, "security_deposit", "DEP", share(price, ppm=50_000), since)
        until = add_months(since, 24)
        return (deposit, *terms.rent(price, cheques=cheques, since=since, until=until))

    return build


def car(months: int, annual_ppm: int, *, is_flat: bool) -> Builder:
    """A fifth down and equal months for the rest with its interest."""

    def build(price: int, signed: date) -> Sequence[Line]:
        down = share(price, ppm=200_000)
        make = emi.emi_flat if is_flat else emi.emi_reducing
        first_on = add_months(signed, 1)
        rest = make(price - down, annual_ppm=annual_ppm, months=months, first_on=first_on)
        return (Line(0, "down_payment", "DP", down, signed), *rest)

    return build


def facility(monthly: int, signed: date) -> Sequence[Line]:
    """A year of service invoices: 14 % tax, 3 % withheld, 5 % retained, thirty days."""
    return terms.service_invoices(
        ServiceTerms(
            monthly_minor=monthly,
            first_on=signed,
            count=12,
            tax_ppm=140_000,
            withholding_ppm=30_000,
            retention_ppm=50_000,
        )
    )


def _prices(low: int, high: int, step: int) -> tuple[int, ...]:
    return tuple(range(low, high + 1, step))


HOMES = _prices(4_000_000, 15_000_000, 500_000)
PLANS = (
    Plan("quarterly_30", "YAS", "developer", HOMES, quarterly_30),
    Plan("monthly_48", "NVT", "developer", HOMES, monthly_48),
    Plan("half_yearly_12", "YAS", "developer", HOMES, half_yearly_12),
    Plan("sixty_forty", "MAR", "developer", _prices(900_000, 4_000_000, 100_000), sixty_forty),
    Plan("rent_4", "PCR", "rent", _prices(60_000, 240_000, 12_000), rent_in(4)),
    Plan("rent_12", "PCR", "rent", _prices(60_000, 180_000, 12_000), rent_in(12)),
    Plan("slabs", "KHR", "developer", _prices(6_000_000, 18_000_000, 500_000), slabs),
    Plan("car_flat_36", "MOT", "car", _prices(600_000, 2_400_000, 120_000),
         car(36, 140_000, is_flat=True), "vehicle"),
    Plan("car_reducing_24", "MOT", "car", _prices(600_000, 1_800_000, 120_000),
         car(24, 240_000, is_flat=False), "vehicle"),
    Plan("facility", "FAC", "service", _prices(20_000, 120_000, 10_000), facility, "site"),
    # Short shapes for large portfolios, where twelve obligations an account are plenty.
    Plan("quarterly_8", "NVT", "developer", HOMES, quarterly_8),
    Plan("car_flat_12", "MOT", "car", _prices(300_000, 900_000, 60_000),
         car(12, 140_000, is_flat=True), "vehicle"),
)  # fmt: skip
MIX = (16, 10, 10, 12, 7, 5, 14, 9, 7, 10, 0, 0)  # of a hundred contracts
MIX_LARGE = (0, 0, 8, 12, 14, 0, 0, 0, 0, 0, 48, 18)


@lru_cache(maxsize=32)
def laid(plan: Plan) -> Laid:
    """The plan's lines at every price, as the core builds them on the reference day."""
    built = [plan.build(price * 100, REFERENCE) for price in plan.prices]
    first = built[0]
    late = 30 if plan.product == "service" else 0  # invoices are due thirty days after their month
    months, days = zip(*(_shift(line.due_on, late) for line in first), strict=True)
    return Laid(
        [line.category for line in first],
        [line.label for line in first],
        np.asarray(months, dtype=np.int64),
        np.asarray(days, dtype=np.int64),
        [line.due_rule.event if line.due_rule else "" for line in first],
        np.asarray([line.due_rule.days if line.due_rule else 0 for line in first], dtype=np.int64),
        np.asarray([[line.amount_minor for line in lines] for lines in built], dtype=np.int64),
    )


def _shift(due_on: date | None, late: int) -> tuple[int, int]:
    """How many months after the reference day, and how many days after that, a line is due."""
    if due_on is None:
        return 0, 0
    day = due_on - timedelta(days=late)
    months = (day.year - REFERENCE.year) * 12 + day.month - REFERENCE.month
    if day < REFERENCE:  # reserved some days before signing
        return 0, (day - REFERENCE).days
    return months, (day - add_months(REFERENCE, months)).days + late
