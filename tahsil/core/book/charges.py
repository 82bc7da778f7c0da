"""Late charges: what a penalty rule comes to as of a date, step by step, without posting it.

Accrual is lazy: it is computed from the line, what was paid and the date, and becomes an
obligation only when somebody assesses it. Rules are penalties.py's. The total is rounded once;
each segment shows what it adds to the rounded running total, so the steps add up to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import numpy as np

from tahsil.core.book.penalties import (
    Accrual,
    Debt,
    Movement,
    Pauses,
    PenaltyRule,
    Segment,
    rounded,
)
from tahsil.core.grammar.dates import DAY, Period, add_months
from tahsil.core.grammar.money import PPM

MONTH_DAYS = 30
NO_PAUSES = Pauses()
Stretch = tuple[date, date, int]  # since, until, what was open on those days


def accrue(rule: PenaltyRule, debt: Debt, *, as_of: date, pauses: Pauses = NO_PAUSES) -> Accrual:
    """The penalty on one line as of the date: nothing inside grace, every segment beyond it."""
    return accrue_overdue(rule, [debt], as_of=as_of, pauses=pauses)


def accrue_overdue(
    rule: PenaltyRule, debts: Sequence[Debt], *, as_of: date, pauses: Pauses = NO_PAUSES
) -> Accrual:
    """The penalty on several lines as of the date, minimum, caps and tax taken once over them all.

    Under base `all_overdue` one line beyond its grace makes every overdue one count; under base
    `line` each has its own grace.
    """
    late = [_late(rule, debt, as_of=as_of, pauses=pauses) for debt in debts]
    is_late = [sum(_days(s) for s in stretches) > rule.grace_days for stretches in late]
    if rule.base == "all_overdue":
        is_late = [any(is_late)] * len(late)
    counted = [
        _after_grace(rule, stretches)
        for stretches, beyond in zip(late, is_late, strict=True)
        if beyond
    ]
    segments = _rounded_running(
        rule, (each for stretches in counted if stretches for each in _segments(rule, stretches))
    )
    flat = rule.flat_minor * sum(1 for stretches in counted if stretches)
    bases = sum(debt.amount_minor for debt, beyond in zip(debts, is_late, strict=True) if beyond)
    return _finished(rule, segments, flat, bases, is_in_grace=any(late) and not any(is_late))


def _rounded_running(rule: PenaltyRule, segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The segments with amounts that add up to the total, which is rounded once."""
    exact, shown, found = Fraction(0), 0, []
    for segment in segments:
        exact += Fraction(segment.base_minor * segment.rate_ppm * segment.units, segment.per * PPM)
        running = rounded(exact.numerator, exact.denominator, rule.rounding)
        found.append(segment._replace(amount_minor=running - shown))
        shown = running
    return tuple(found)


def _finished(
    rule: PenaltyRule, segments: tuple[Segment, ...], flat: int, bases: int, *, is_in_grace: bool
) -> Accrual:
    amount = flat + sum(segment.amount_minor for segment in segments)
    if 0 < amount < rule.min_minor:
        amount = rule.min_minor
    limits = []
    if rule.cap_ppm:
        limits.append((rounded(bases * rule.cap_ppm, PPM, "down"), "cap_ppm"))
    if rule.cap_minor:
        limits.append((rule.cap_minor, "cap_minor"))
    capped_by = ""
    if limits and amount > min(limits)[0]:
        amount, capped_by = min(limits)
    tax = rounded(amount * rule.tax_ppm, PPM, rule.rounding)
    return Accrual(amount, segments, flat, tax, capped_by, is_in_grace, rule.destination)


def _days(stretch: Stretch) -> int:
    return (stretch[1] - stretch[0]).days


def _late(rule: PenaltyRule, debt: Debt, *, as_of: date, pauses: Pauses) -> list[Stretch]:
    """The days the line was open past its due date, with what was open, pauses left out."""
    start = debt.due_on
    if rule.count_from == "business_day" and pauses.calendar is not None:
        start = pauses.calendar.roll(start)
    end = min(as_of, add_months(start, rule.cap_months)) if rule.cap_months else as_of
    stretches = _open_stretches(rule, debt, start, end, as_of=as_of)
    for stop in pauses.stops:
        stretches = [piece for stretch in stretches for piece in _without(stretch, stop)]
    return stretches


def _open_stretches(
    rule: PenaltyRule, debt: Debt, start: date, end: date, *, as_of: date
) -> list[Stretch]:
    known = sorted(movement for movement in debt.movements if movement.effective_on <= as_of)
    if rule.bounce == "original_due":
        known = _as_never_paid(known)
    stretches, since, left = [], start, debt.amount_minor
    for movement in known:
        day = min(max(movement.effective_on, start), end)
        if day > since and left > 0:
            stretches.append((since, day, left))
        since, left = max(since, day), left - movement.amount_minor
    if end > since and left > 0:
        stretches.append((since, end, left))
    return stretches


def _as_never_paid(movements: list[Movement]) -> list[Movement]:
    """Each receipt's movements as one on its first date: what bounced was never paid."""
    net: dict[int, Movement] = {}
    single = []
    for movement in movements:
        if not movement.receipt_id:
            single.append(movement)
        elif earlier := net.get(movement.receipt_id):
            amount = earlier.amount_minor + movement.amount_minor
            net[movement.receipt_id] = earlier._replace(amount_minor=amount)
        else:
            net[movement.receipt_id] = movement
    return sorted([*single, *(movement for movement in net.values() if movement.amount_minor)])


def _without(stretch: Stretch, stop: Period) -> Iterator[Stretch]:
    since, until, base = stretch
    if since < min(until, stop.since):
        yield since, min(until, stop.since), base
    if max(since, stop.until) < until:
        yield max(since, stop.until), until, base


def _after_grace(rule: PenaltyRule, stretches: list[Stretch]) -> list[Stretch]:
    """The stretches that count: all of them, or without their first days of grace."""
    if rule.grace == "franchise":
        return stretches
    left, kept = rule.grace_days, []
    for since, until, base in stretches:
        skipped = min(left, (until - since).days)
        left -= skipped
        if since + timedelta(days=skipped) < until:
            kept.append((since + timedelta(days=skipped), until, base))
    return kept


def _segments(rule: PenaltyRule, stretches: list[Stretch]) -> Iterator[Segment]:
    if rule.method == "started_month":
        yield from _started_months(rule, stretches)
        return
    for since, until, base in stretches:
        for start, end, rate in _rated(rule, since, until):
            yield _segment(rule, (start, end, base), rate=rate, count=_count(rule, start, end))


def _segment(rule: PenaltyRule, stretch: Stretch, *, rate: int, count: int) -> Segment:
    since, until, base = stretch
    if rule.method == "started_month":
        per = 12
    else:
        per = 1 if rule.unit == "day" else (360 if rule.day_count == "30_360" else rule.year_days)
    return Segment(since, until, base, count, rate, per, 0)


def _rated(rule: PenaltyRule, since: date, until: date) -> Iterator[tuple[date, date, int]]:
    """The stretch cut where the benchmark changes, each piece with its rate."""
    if rule.benchmark is None:
        yield since, until, _rate(rule, since)
        return
    changes = [day for day, _ in rule.benchmark.values if since < day < until]
    for start, end in pairwise([since, *changes, until]):
        yield start, end, _rate(rule, start)


def _rate(rule: PenaltyRule, day: date) -> int:
    """The rate in force: per day for a daily rule counted by days, per year otherwise."""
    benchmark = rule.benchmark.at(day) if rule.benchmark is not None else 0
    if rule.unit == "day" and rule.method == "started_month":
        return rule.rate_ppm * rule.year_days
    return rule.rate_ppm * (12 if rule.unit == "month" else 1) + benchmark


def _count(rule: PenaltyRule, since: date, until: date) -> int:
    """Days by the rule's count: actual ones, or months of thirty."""
    if rule.day_count == "actual":
        return (until - since).days
    months = (until.year - since.year) * 12 + until.month - since.month
    return months * MONTH_DAYS + min(until.day, MONTH_DAYS) - min(since.day, MONTH_DAYS)


def _started_months(rule: PenaltyRule, stretches: list[Stretch]) -> Iterator[Segment]:
    """One whole month for each started one, on what was open on its first counted day.

    Months of thirty days are made of counted days; calendar months run on through pauses, and
    one without a counted day costs nothing.
    """
    number, since = 0, stretches[0][0]
    while stretches:
        number += 1
        if rule.month == "calendar":
            end = add_months(since, number)
            rest = [(max(s, end), u, base) for s, u, base in stretches if u > end]
        else:
            rest = _after_days(stretches, MONTH_DAYS)
            end = rest[0][0] if rest else stretches[-1][1]
        start, _, base = stretches[0]
        until = min(end, stretches[-1][1])
        if until > start:
            yield _segment(rule, (start, until, base), rate=_rate(rule, start), count=1)
        stretches = rest


def _after_days(stretches: list[Stretch], days: int) -> list[Stretch]:
    kept = []
    for since, until, base in stretches:
        skipped = min(days, (until - since).days)
        days -= skipped
        if since + skipped * DAY < until:
            kept.append((since + skipped * DAY, until, base))
    return kept


def accrue_many(
    rule: PenaltyRule, base_minor: np.ndarray, days: np.ndarray, *, rate_ppm: int | None = None
) -> np.ndarray:
    """The rule over lines that were open in one stretch: base and days late per line, as columns.

    For flat, daily and started-month rules of one rate, actual days and months of thirty; grace,
    minimum and caps as in `accrue`. `rate_ppm` is the yearly rate where a benchmark sets it.
    """
    assert rule.benchmark is None or rate_ppm is not None, (
        "a benchmark's rate is the caller's to give"
    )
    assert rule.day_count == "actual" and rule.month == "30_days" and not rule.cap_months
    beyond = (days > rule.grace_days) & (base_minor > 0)
    counted = days - (rule.grace_days if rule.grace == "deductible" else 0)
    rate = _rate(rule, date.min) if rate_ppm is None else rate_ppm
    if rule.method == "started_month":
        months = -(-np.maximum(counted, 0) // MONTH_DAYS)
        amount = _times(base_minor, rate, months, 12 * PPM, rule.rounding)
    else:
        per = 1 if rule.unit == "day" else rule.year_days
        amount = _times(base_minor, rate, np.maximum(counted, 0), per * PPM, rule.rounding)
    amount = amount + rule.flat_minor
    amount = np.where((amount > 0) & (amount < rule.min_minor), rule.min_minor, amount)
    if rule.cap_ppm:
        amount = np.minimum(
            amount, _times(base_minor, rule.cap_ppm, np.ones_like(days), PPM, "down")
        )
    if rule.cap_minor:
        amount = np.minimum(amount, rule.cap_minor)
    return np.where(beyond, amount, 0)


def _times(base: np.ndarray, rate: int, count: np.ndarray, unit: int, rounding: str) -> np.ndarray:
    """base * rate * count / unit, exact in 64 bits: the base is divided first, its rest after."""
    factor = int(count.max(initial=0)) * rate
    whole, rest = np.divmod(base, unit)
    assert factor * unit < 2**62 and int(whole.max(initial=0)) * factor < 2**62, (
        "a charge overflows"
    )
    bump = {"half_up": unit // 2, "down": 0, "up": unit - 1}[rounding]
    return whole * rate * count + (rest * rate * count + bump) // unit
