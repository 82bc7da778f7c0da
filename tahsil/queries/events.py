"""The event log as an auditor reads it, and how far it is sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tahsil.core.grammar.authority import Standing
from tahsil.queries.paging import SIZE, Page


@dataclass(frozen=True)
class EventFilters:
    """Which events; an empty value does not filter. `verb` may end in `*`."""

    verb: str = ""
    actor: int | None = None
    account: int | None = None
    subject: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class EventRow:
    """One event with everything recorded of it."""

    id: int
    verb: str
    subject: str
    account_id: int | None
    actor_id: int | None
    actor: str
    approvers: tuple[str, ...]
    effective_on: date
    recorded_at: datetime
    template: str
    facts: dict[str, Any]
    policies: dict[str, str]
    key: str
    is_sealed: bool


@dataclass(frozen=True)
class Seals:
    """How far the log is sealed: the last seal, and how many events came after it."""

    count: int
    last_id: int | None
    sealed_at: datetime | None
    hash: str
    unsealed: int


@dataclass(frozen=True)
class EventLog:
    """A page of the log, newest first."""

    page: Page[EventRow]
    filters: EventFilters
    verbs: tuple[str, ...]
    seals: Seals


def events(
    standing: Standing,
    *,
    as_of: date,
    filters: EventFilters | None = None,
    page: int = 1,
    size: int = SIZE,
) -> EventLog:
    """The events this person may read: of accounts in scope, and those of no account."""
    raise NotImplementedError


def rows_for_export(
    standing: Standing, *, as_of: date, filters: EventFilters | None = None
) -> Iterator[EventRow]:
    """Every event of the list, newest first."""
    raise NotImplementedError
