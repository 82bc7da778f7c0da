"""Whole contracts as schedules: developers' plans, rents, milestones, service invoices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tahsil.core.book.schedules import (
    EXACT,
    DueRule,
    Line,
    Rounding,
    amounts,
    check_total,
    dates,
    in_order,
    spread,
)
from tahsil.core.grammar.dates import add_months
from tahsil.core.grammar.money import PPM, share
from tahsil.core.grammar.refusal import Refused

When = int | date | DueRule  # months after signing, a date, or an event


@dataclass(frozen=True)
class Part:
    """A named part of a contract: a share of the price or a sum, and when it is due."""

    category: str
    label: str
    when: When
    ppm: int = 0
    amount_minor: int = 0

    def amount(self, price_minor: int) -> int:
        """What the part comes to for the price."""
        return self.amount_minor or share(price_minor, ppm=self.ppm)


@dataclass(frozen=True)
class Regular:
    """The regular instalments that carry the rest of the price, or a stated amount of it."""

    count: int
    first_month: int
    step_months: int = 3
    label: str = "Q"
    weights: tuple[int, ...] = ()
    amount_minor: int = 0


@dataclass(frozen=True)
class DeveloperTerms:
    """A unit sold off plan: parts inside the price, regular groups for the rest, extras beside it.

    The reservation is part of the first down payment: that one is due less what was reserved.
    """

    price_minor: int
    signed_on: date
    reserved_on: date | None = None
    reservation_minor: int = 0
    down_payments: tuple[Part, ...] = ()
    regular: tuple[Regular, ...] = ()
    inside: tuple[Part, ...] = ()  # bumps, balloons, delivery
    extras: tuple[Part, ...] = ()  # maintenance deposit, club, parking: not part of the price
    rounding: Rounding = EXACT


@dataclass(frozen=True)
class ServiceTerms:
    """A service contract: a monthly fee, taxed, with tax withheld and a retention kept back."""

    monthly_minor: int
    first_on: date
    count: int
    tax_ppm: int = 0
    withholding_ppm: int = 0
    retention_ppm: int = 0
    terms_days: int = 30
    is_due_on_acceptance: bool = False


def developer(terms: DeveloperTerms) -> tuple[Line, ...]:
    """The contract's lines in due order; those inside the price sum to it exactly."""
    price = [*_down_payment(terms), *_lines(terms, terms.inside)]
    rest = terms.price_minor - sum(line.amount_minor for line in price)
    price += _regular(terms, rest)
    check_total(price, terms.price_minor)
    return in_order([*price, *_lines(terms, terms.extras)])


def _down_payment(terms: DeveloperTerms) -> list[Line]:
    lines = list(_lines(terms, terms.down_payments))
    if not terms.reservation_minor:
        return lines
    reserved = Line(0, "reservation", "RES", terms.reservation_minor, terms.reserved_on)
    if not lines:
        return [reserved]
    first = lines[0]
    if first.amount_minor < terms.reservation_minor:
        raise Refused(
            "schedule.reservation",
            "The reservation ({reservation}) is more than the first down payment ({first}). "
            "It can be at most that.",
            reservation=terms.reservation_minor,
            first=first.amount_minor,
        )
    net = first.amount_minor - terms.reservation_minor
    lines[0] = Line(0, first.category, first.label, net, first.due_on, first.due_rule)
    return [reserved, *(line for line in lines if line.amount_minor)]


def _lines(terms: DeveloperTerms, parts: Sequence[Part]) -> Iterator[Line]:
    for part in parts:
        due_on, rule = _due(terms.signed_on, part.when)
        yield Line(0, part.category, part.label, part.amount(terms.price_minor), due_on, rule)


def _due(signed_on: date, when: When) -> tuple[date | None, DueRule | None]:
    if isinstance(when, DueRule):
        return None, when
    return (when if isinstance(when, date) else add_months(signed_on, when)), None


def _regular(terms: DeveloperTerms, rest: int) -> list[Line]:
    """The groups in turn; stated amounts first, the group without one carries what is left."""
    stated = sum(group.amount_minor for group in terms.regular)
    lines = []
    for group in terms.regular:
        first_on = add_months(terms.signed_on, group.first_month)
        group_lines = spread(
            group.amount_minor or rest - stated,
            group.count,
            first_on=first_on,
            step_months=group.step_months,
            rounding=terms.rounding,
            weights=group.weights,
        )
        for number, (due_on, amount) in enumerate(group_lines, 1):
            lines.append(Line(0, "instalment", f"{group.label}{number:02d}", amount, due_on))
    return lines


def rent(annual_minor: int, *, cheques: int, since: date, until: date) -> tuple[Line, ...]:
    """The rent of each year in so many cheques; a part year by its days, rounding on its last."""
    if not 1 <= cheques <= 12:
        raise Refused(
            "schedule.cheques",
            "A year's rent comes in 1 to 12 cheques, not {cheques}.",
            cheques=cheques,
        )
    lines: list[Line] = []
    year = 0
    while (start := add_months(since, 12 * year)) < until:
        end = add_months(since, 12 * (year + 1))
        days, whole = (min(end, until) - start).days, (end - start).days
        months = [12 * year + 12 * i // cheques for i in range(cheques)]
        due = [day for m in months if (day := add_months(since, m)) < until]
        for day, amount in zip(due, amounts(annual_minor * days // whole, len(due)), strict=True):
            lines.append(Line(0, "rent", f"R{len(lines) + 1:02d}", amount, day))
        year += 1
    return in_order(lines)


def milestones(price_minor: int, parts: Sequence[tuple[int, str, int]]) -> tuple[Line, ...]:
    """One line per (share in ppm, event, days), without a date until its event."""
    given = sum(ppm for ppm, _, _ in parts)
    if given != PPM:
        raise Refused(
            "schedule.milestones",
            "The milestones' shares sum to {given} ppm; they must sum to {wanted}.",
            given=given,
            wanted=PPM,
        )
    shares = amounts(price_minor, len(parts), weights=[ppm for ppm, _, _ in parts])
    return tuple(
        Line(seq, "instalment", f"M{seq:02d}", amount, None, DueRule(event, days))
        for seq, (amount, (_, event, days)) in enumerate(zip(shares, parts, strict=True), 1)
    )


def service_invoices(terms: ServiceTerms) -> tuple[Line, ...]:
    """Each month's invoice as what is paid now, what a tax certificate settles, what is retained.

    The certificate line is owed in paper, not money, and is never paid by a transfer; the
    retention waits for its release. The three sum to the fee with its tax.
    """
    fee = terms.monthly_minor
    gross = fee + share(fee, ppm=terms.tax_ppm, rounding="half_up")
    withheld = share(fee, ppm=terms.withholding_ppm, rounding="half_up")
    retained = share(fee, ppm=terms.retention_ppm, rounding="half_up")
    lines = []
    for number, day in enumerate(dates(terms.first_on, terms.count), 1):
        due_on: date | None = day + timedelta(days=terms.terms_days)
        rule = None
        if terms.is_due_on_acceptance:
            due_on, rule = None, DueRule(f"INVOICE_ACCEPTED_{number:02d}", terms.terms_days)
        now = gross - withheld - retained
        lines.append(Line(0, "service_invoice", f"INV{number:02d}", now, due_on, rule))
        if withheld:
            lines.append(Line(0, "withholding", f"WHT{number:02d}", withheld, due_on, rule))
        if retained:
            release = DueRule("RETENTION_RELEASE", 0)
            lines.append(Line(0, "retention", f"RET{number:02d}", retained, None, release))
    return in_order(lines)
