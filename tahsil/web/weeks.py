"""Months drawn in weeks: where a week begins, what its days are called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext as _

T = TypeVar("T")


def first_weekday(country: str) -> int:
    """The weekday a week begins with there, Monday being 0."""
    return {"EG": 5, "SA": 6, "US": 6, "IN": 6}.get(country, 0)


def weekdays(starts: int) -> list[str]:
    """The seven days of a week in its order, in the reader's language."""
    names = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    return [names[(starts + at) % 7] for at in range(7)]


def in_weeks(first_on: date, days: Sequence[T], starts: int) -> list[list[T | None]]:
    """The days in rows of seven, empty cells before the first and after the last."""
    cells: list[T | None] = [None] * ((first_on.weekday() - starts) % 7) + list(days)
    cells += [None] * (-len(cells) % 7)
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]
