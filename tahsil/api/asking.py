"""What one address of the API asks: who, as of when, for what; and the shape of its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tahsil.api.schemas import DAY, Schema, text, whole
from tahsil.core.grammar.authority import Standing
from tahsil.queries.paging import Page

ID = whole(1)
WORD = text(60)
FLAG: Schema = {"type": "boolean"}
PERIOD = {"since": DAY, "until": DAY}


@dataclass(frozen=True)
class Asked:
    """One question: who asks, as of when, for what; `position` is where its page begins."""

    standing: Standing
    as_of: date
    now: datetime
    values: dict[str, Any]
    limit: int
    position: int

    def get(self, name: str, default: Any = None) -> Any:
        """The value asked for under that name, else the default."""
        return self.values.get(name, default)

    def only(self, *names: str, **renamed: str) -> dict[str, Any]:
        """The values asked for under these names; renamed=name takes another's."""
        wanted = {each: each for each in names} | renamed
        return {to: self.values[name] for to, name in wanted.items() if name in self.values}

    @property
    def page(self) -> dict[str, Any]:
        """The page wanted, for queries that count pages."""
        return {"page": max(self.position, 1), "size": self.limit}


@dataclass(frozen=True)
class Listed:
    """Some rows of a list with what stands beside them; `next` is the position after them."""

    rows: Any
    next: int | None
    total: int | None = None
    beside: dict[str, Any] | None = None


@dataclass(frozen=True)
class Read:
    """One address: the verb it needs, the values it takes, its query, the shape of its answer."""

    path: str
    purpose: str
    needs: str
    takes: dict[str, Schema]
    ask: Callable[[Asked], Any]
    shape: Any
    is_list: bool = False


def choice(*codes: str) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(codes)}


def listed(found: Any, page: Page[Any] | None = None) -> Listed:
    """A page of a query: its rows, where the next one begins, and the rest of the report."""
    shown = page or found
    beside: dict[str, Any] = {"is_more": shown.is_more}
    if page is not None:
        beside |= {name: each for name, each in vars(found).items() if each is not page}
        beside.pop("as_of", None)
    return Listed(shown.rows, shown.page + 1 if shown.has_next else None, shown.total, beside)
