"""Pages of a list: numbered, counted up to a bound, so that no list page reads a whole table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import QuerySet

from tahsil.core.grammar.refusal import Refused

T = TypeVar("T")
SIZE = 25
COUNTED = 10_000  # lines counted at most; beyond, a list says "more than"


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a list: `first` to `last` of `total`; beyond COUNTED `is_more` is set.

    `page` counts from 1. Empty lists have first = last = total = 0.
    """

    rows: tuple[T, ...]
    page: int
    size: int
    total: int
    is_more: bool = False

    @property
    def first(self) -> int:
        """The number of the first row shown."""
        return (self.page - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def has_before(self) -> bool:
        """Whether there is a page before this one."""
        return self.page > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after this one."""
        return self.last < self.total


def of(
    found: QuerySet,
    make: Callable[[list], Iterable[T]],
    *,
    page: int = 1,
    size: int = SIZE,
    most: int = COUNTED,
) -> Page[T]:
    """That page of the rows found, in their order; `make` turns the page's records into rows."""
    start = start_of(page, size)
    total = bounded_count(found, most)
    rows = list(found[start : start + size]) if total > start else []
    return Page(tuple(make(rows)), page, size, min(total, most), total > most)


def start_of(page: int, size: int) -> int:
    """The position of the page's first row; pages beyond what is counted are refused."""
    if page < 1 or (page - 1) * size >= COUNTED:
        raise Refused(
            "page.beyond",
            "Page {page} is beyond the {rows} lines a list shows. Narrow it with a filter.",
            page=page,
            rows=COUNTED,
        )
    return (page - 1) * size


def bounded_count(found: QuerySet, most: int = COUNTED) -> int:
    """How many rows there are, counting no further than one beyond `most`."""
    return found.order_by().values("pk")[: most + 1].count()
