"""Policies: dated values with a source. A missing date is an error, never a zero."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from tahsil.core.grammar.refusal import Refused

T = TypeVar("T")


@dataclass(frozen=True)
class Dated(Generic[T]):
    """A value that changes on dates: (since, value) pairs, oldest first."""

    name: str
    values: tuple[tuple[date, T], ...]

    def __post_init__(self) -> None:
        days = [since for since, _ in self.values]
        if not days or days != sorted(set(days)):
            raise Refused(
                "policy.dates",
                "{name} needs one value per date, oldest first; its dates are {days}.",
                name=self.name,
                days=[str(day) for day in days],
            )

    def at(self, as_of: date) -> T:
        """The value in force on the date."""
        known = bisect_right([since for since, _ in self.values], as_of)
        if known == 0:
            raise Refused(
                "policy.gap",
                "{name} has no value on {as_of}. The first starts {first}.",
                name=self.name,
                as_of=as_of,
                first=self.values[0][0],
            )
        return self.values[known - 1][1]
