"""The timeline: events as sentences, newest first. One template per verb, a closed table.

A sentence names only facts its event may carry; where one of them is missing the short form is
said instead. Verbs of the day's run stand in the table too: the system is an actor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter
from typing import Any

from django.db.models import QuerySet

from tahsil.core.grammar.authority import Standing
from tahsil.queries import accounts, paging
from tahsil.queries.paging import SIZE, Page
from tahsil.queries.sentences import SENTENCES
from tahsil.store.models import Event
from tahsil.store.prepared import Prepared

NEWEST = 20
COLUMNS = (
    "id", "verb", "subject", "actor_name", "approvers", "effective_on", "recorded_at", "facts",
)  # fmt: skip
UNKNOWN = ("{actor} did {verb} on {subject}.", "{actor} did {verb} on {subject}.")


@dataclass(frozen=True)
class TimelineEntry:
    """One event: `template` with `facts` is its sentence; `kind` (the noun) picks an icon."""

    event_id: int
    verb: str
    kind: str
    subject: str
    template: str
    facts: dict[str, Any]
    effective_on: date
    recorded_at: datetime
    actor: str
    approvers: tuple[str, ...]
    is_back_dated: bool


def timeline(
    standing: Standing,
    account_id: int,
    *,
    as_of: date,
    kind: str = "",
    page: int = 1,
    size: int = SIZE,
) -> Page[TimelineEntry]:
    """The account's events effective by the date, newest first; `kind` narrows to one noun."""
    currency = accounts.readable(standing, account_id).currency
    found = _events(account_id, as_of)
    if kind:
        found = found.filter(verb__startswith=f"{kind}.")
    return paging.of(
        found, lambda rows: [entry(row, currency) for row in rows], page=page, size=size
    )


def newest(account_id: int, *, currency: str, as_of: date) -> tuple[TimelineEntry, ...]:
    """The newest events of an account already found readable."""
    rows = _newest.rows(account_id=account_id, as_of=as_of)
    return tuple(entry(Event(**row), currency) for row in rows)


@Prepared
def _newest(account_id: int, as_of: date) -> QuerySet:
    return _events(account_id, as_of).values(*COLUMNS)[:NEWEST]


def _events(account_id: int, as_of: date) -> QuerySet[Event]:
    return Event.objects.filter(account_id=account_id, effective_on__lte=as_of).order_by("-id")


def entry(row: Event, currency: str = "") -> TimelineEntry:
    """The event as a sentence; facts gain the currency, so that amounts can be written."""
    facts = {
        "currency": currency, "verb": row.verb, **row.facts, "actor": row.actor_name,
        "subject": row.subject,
    }  # fmt: skip
    recorded_on = row.recorded_at.date()
    return TimelineEntry(
        event_id=row.id,
        verb=row.verb,
        kind=row.verb.partition(".")[0],
        subject=row.subject,
        template=template_of(row.verb, facts),
        facts=facts,
        effective_on=row.effective_on,
        recorded_at=row.recorded_at,
        actor=row.actor_name,
        approvers=tuple(row.approvers),
        is_back_dated=row.effective_on < recorded_on,
    )


def template_of(verb: str, facts: dict[str, Any]) -> str:
    """The verb's sentence; its short form where a fact it names is missing."""
    full, short = SENTENCES.get(verb, UNKNOWN)
    wanted = {name for _, name, _, _ in Formatter().parse(full) if name}
    return full if all(facts.get(name) not in (None, "") for name in wanted) else short
