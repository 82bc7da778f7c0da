"""The event log as an auditor reads it, and how far it is sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from tahsil.core.grammar.authority import Answer, Standing, can
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import paging, timeline
from tahsil.queries.paging import SIZE, Page
from tahsil.store import scope
from tahsil.store.models import Account, Event, EventSeal

READ = "event.read"


@dataclass(frozen=True)
class EventFilters:
    """Which events; an empty value does not filter. `verb` may end in `*`.

    `before` is the id of an event: only older ones.
    """

    verb: str = ""
    actor: int | None = None
    account: int | None = None
    subject: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None


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
    product: str  # of the account, by which its ladder is known


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
    wanted = filters or EventFilters()
    found = _found(standing, wanted, as_of)
    sealed = seals()
    return EventLog(
        page=paging.of(
            found, lambda rows: [_row(row, sealed.last_id) for row in rows], page=page, size=size
        ),
        filters=wanted,
        verbs=tuple(sorted(Event.objects.order_by().values_list("verb", flat=True).distinct())),
        seals=sealed,
    )


def rows_for_export(
    standing: Standing, *, as_of: date, filters: EventFilters | None = None
) -> Iterator[EventRow]:
    """Every event of the list, newest first."""
    last = seals().last_id
    for row in _found(standing, filters or EventFilters(), as_of).iterator(chunk_size=2_000):
        yield _row(row, last)


def seals() -> Seals:
    """How far the event log is sealed."""
    last = EventSeal.objects.order_by("-last_id").first()
    newer = Event.objects.filter(id__gt=last.last_id) if last else Event.objects.all()
    return Seals(
        count=EventSeal.objects.count(),
        last_id=last.last_id if last else None,
        sealed_at=last.sealed_at if last else None,
        hash=last.hash if last else "",
        unsealed=newer.count(),
    )


def _found(standing: Standing, wanted: EventFilters, as_of: date) -> QuerySet[Event]:
    verdict = can(standing, READ, None)
    if verdict.answer != Answer.ALLOW:
        reason = verdict.reasons[0]
        raise Refused(reason.code, reason.template, **reason.facts)
    exact: dict[str, Any] = {
        "actor_id": wanted.actor,
        "account_id": wanted.account,
        "subject": wanted.subject or None,
        "effective_on__gte": wanted.since,
        "effective_on__lte": wanted.until,
        "id__lt": wanted.before,
    }
    if wanted.verb.endswith("*"):
        exact["verb__startswith"] = wanted.verb[:-1]
    elif wanted.verb:
        exact["verb"] = wanted.verb
    found = Event.objects.filter(
        **{name: value for name, value in exact.items() if value is not None}
    ).filter(_in_scope(standing), effective_on__lte=as_of)
    account = Account.objects.filter(id=OuterRef("account_id"))
    beside = {name: Subquery(account.values(name)) for name in ("currency", "product")}
    return found.annotate(**beside).order_by("-id")


def _in_scope(standing: Standing) -> Q:
    """Everything where the scope is all; else events of visible accounts and of no account."""
    condition = scope.condition(standing, READ)
    if not condition:
        return Q()
    mine = Account.objects.filter(condition).values("id")
    return Q(account_id__isnull=True) | Q(account_id__in=mine)


def _row(row: Any, sealed_to: int | None) -> EventRow:
    said = timeline.entry(row, row.currency or "")
    return EventRow(
        id=row.id,
        verb=row.verb,
        subject=row.subject,
        account_id=row.account_id,
        actor_id=row.actor_id,
        actor=row.actor_name,
        approvers=tuple(row.approvers),
        effective_on=row.effective_on,
        recorded_at=row.recorded_at,
        template=said.template,
        facts=said.facts,
        policies=row.policies,
        key=row.key,
        is_sealed=sealed_to is not None and row.id <= sealed_to,
        product=row.product or "",
    )
