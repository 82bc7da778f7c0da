"""Contract terms to dated lines: spreading, event-driven due dates, new versions.

Every builder ends in a total that equals the price exactly; what rounding leaves stands on a
named line. A line that waits for an event has a rule and no date: nothing here guesses one.
Builders for whole contracts are in terms.py, for finance in emi.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from tahsil.core.grammar.dates import add_months
from tahsil.core.grammar.money import PPM
from tahsil.core.grammar.refusal import Refused


@dataclass(frozen=True, slots=True)
class DueRule:
    """Due so many days after an event; until the event there is no due date."""

    event: str
    days: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a schedule; `interest_minor` is the part of the amount that is interest."""

    seq: int
    category: str
    label: str
    amount_minor: int
    due_on: date | None = None
    due_rule: DueRule | None = None
    interest_minor: int = 0


@dataclass(frozen=True, slots=True)
class Rounding:
    """Lines are rounded down to `unit_minor`; the first or the last line takes what is left."""

    on: str = "last"
    unit_minor: int = 1

    def __post_init__(self) -> None:
        if self.on not in ("first", "last") or self.unit_minor < 1:
            raise Refused(
                "schedule.rounding",
                "Rounding stands on the first or the last line, to a unit of at least 1; "
                "{on} and {unit} were given.",
                on=self.on,
                unit=self.unit_minor,
            )


EXACT = Rounding()


class Version(NamedTuple):
    """A new version of a schedule: what it supersedes, what replaces it, by how much it differs."""

    superseded: tuple[tuple[int, int], ...]  # (obligation id, open amount cancelled)
    raised: tuple[Line, ...]
    change_minor: int


def due_on_event(rule: DueRule, happened_on: date) -> date:
    """The due date the rule gives once its event has happened."""
    return happened_on + timedelta(days=rule.days)


def amounts(
    total_minor: int, count: int, *, rounding: Rounding = EXACT, weights: Sequence[int] = ()
) -> list[int]:
    """So many amounts that sum to the total, equal or by weight, rounded as said."""
    if count < 1 or total_minor < 0:
        raise Refused(
            "schedule.count",
            "{total} minor units cannot be spread over {count} lines. At least one is needed.",
            total=total_minor,
            count=count,
        )
    shares = list(weights) or [1] * count
    if len(shares) != count or min(shares) < 0 or not sum(shares):
        raise Refused(
            "schedule.weights",
            "{count} lines need {count} weights that are not all nothing; there are {given}.",
            count=count,
            given=len(shares),
        )
    whole = sum(shares)
    unit = rounding.unit_minor
    parts = [total_minor * weight // whole // unit * unit for weight in shares]
    parts[0 if rounding.on == "first" else -1] += total_minor - sum(parts)
    return parts


def dates(first_on: date, count: int, *, step_months: int = 1) -> list[date]:
    """So many dates, a step of months apart, on the first one's day of month where it exists."""
    return [add_months(first_on, i * step_months, anchor=first_on.day) for i in range(count)]


def spread(
    total_minor: int,
    count: int,
    *,
    first_on: date,
    step_months: int = 1,
    rounding: Rounding = EXACT,
    weights: Sequence[int] = (),
) -> list[tuple[date, int]]:
    """(due date, amount) lines that sum to the total."""
    parts = amounts(total_minor, count, rounding=rounding, weights=weights)
    return list(zip(dates(first_on, count, step_months=step_months), parts, strict=True))


def stepped(count: int, *, per_year: int, step_ppm: int) -> list[int]:
    """Weights that rise by the step each year, for lines of which so many fall in a year."""
    years = (count - 1) // per_year
    return [
        (PPM + step_ppm) ** (i // per_year) * PPM ** (years - i // per_year) for i in range(count)
    ]


def in_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines by due date, those without one last, numbered from 1."""
    ordered = sorted(lines, key=lambda line: line.due_on or date.max)
    return tuple(replace(line, seq=seq) for seq, line in enumerate(ordered, 1))


def total(lines: Sequence[Line]) -> int:
    """The sum of the lines."""
    return sum(line.amount_minor for line in lines)


def check_total(lines: Sequence[Line], wanted_minor: int) -> None:
    """Refuses lines that do not sum to what they must."""
    if total(lines) != wanted_minor:
        raise Refused(
            "schedule.total",
            "The lines sum to {found} minor units, not {wanted}. Change a line by {difference}.",
            found=total(lines),
            wanted=wanted_minor,
            difference=wanted_minor - total(lines),
        )


def new_version(
    open_lines: Sequence[tuple[int, int]], new_lines: Sequence[Line], *, change_minor: int = 0
) -> Version:
    """The version that cancels what is open of the old lines and raises the new ones instead.

    What was paid of an old line stays paid; only its open part moves. The new lines must sum to
    the open parts plus the agreed change.
    """
    superseded = tuple((line_id, amount) for line_id, amount in open_lines if amount > 0)
    check_total(new_lines, sum(amount for _, amount in superseded) + change_minor)
    return Version(superseded, in_order(new_lines), change_minor)
