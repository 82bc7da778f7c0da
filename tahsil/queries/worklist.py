"""The worklist: who should be worked today, in order, with the reason on each line.

It reads the cached standing the day's run left; what that says is proved by `tahsil rebuild`.
Nothing here decides an order: see core/steer/worklist.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tahsil.core.grammar.authority import Standing as Actor
from tahsil.queries import paging, rules, search_words
from tahsil.queries.chips import WEIGHT, Chip, Chips, WorklistFilters
from tahsil.queries.paging import SIZE, Page
from tahsil.queries.rules import Rules
from tahsil.queries.worklist_lines import WorklistLine, lines
from tahsil.store import scope
from tahsil.store.models import Attempt, DayRun, Standing
from tahsil.store.prepared import Prepared

READ = "account.read"
ORDERS: dict[str, tuple[Any, ...]] = {
    "priority": ("-priority", "account_id"),
    "overdue": ("-overdue_minor", "account_id"),
    "dpd": (F("oldest_due_on").asc(nulls_last=True), "account_id"),
    "next_step": (F("account__next_step_on").asc(nulls_last=True), "account_id"),
    "name": ("account__party__name_key", "account_id"),
}
SORTS = tuple(ORDERS)
INDEXED = ("priority", "overdue", "dpd")  # orders a list of any length can be read in
NAMED = 1_000  # lines of one name counted at most


@dataclass(frozen=True)
class Worklist:
    """A page of the worklist; `measured_on` is the day the run last worked it out (or none)."""

    page: Page[WorklistLine]
    filters: WorklistFilters
    buckets: tuple[Chip, ...]
    rungs: tuple[Chip, ...]
    reasons: tuple[Chip, ...]
    projects: tuple[Chip, ...]
    collectors: tuple[Chip, ...]
    currencies: tuple[Chip, ...]
    listed: Chip  # all lines there are to narrow
    measured_on: date | None
    worked_today: int


def worklist(
    standing: Actor,
    *,
    as_of: date,
    now: datetime | None = None,
    filters: WorklistFilters | None = None,
    page: int = 1,
    size: int = SIZE,
) -> Worklist:
    """The page of accounts this person may work, first one first; locks are judged at `now`."""
    wanted = filters or WorklistFilters()
    in_force = rules.read(as_of)
    mine = _mine(standing, wanted, as_of)
    found = _narrowed(mine, wanted, in_force)
    shown = paging.of(
        found.order_by(*ORDERS[_order(found, wanted)]).values_list("account_id", flat=True),
        lambda ids: lines(standing, ids, in_force, now),
        page=page,
        size=size,
        most=NAMED if wanted.q else paging.COUNTED,
    )
    total = shown.total + shown.is_more if found is mine else paging.bounded_count(mine)
    chips = Chips(mine, wanted, in_force, total=total)
    measured = _measured.rows()
    return Worklist(
        page=shown,
        filters=wanted,
        buckets=chips.buckets(),
        rungs=chips.rungs(),
        reasons=chips.reasons(),
        projects=chips.projects(),
        collectors=chips.collectors(),
        currencies=chips.currencies(),
        listed=chips.listed(),
        measured_on=measured[0]["as_of"] if measured else None,
        worked_today=len(_worked_by.rows(person_id=standing.actor_id, as_of=as_of)),
    )


def _order(found: QuerySet, wanted: WorklistFilters) -> str:
    """The order asked for; a list too long to be sorted keeps the order of the day."""
    is_short = wanted.sort in INDEXED or paging.bounded_count(found) <= paging.COUNTED
    return wanted.sort if is_short else INDEXED[wanted.is_whole * 2]


@Prepared
def _measured() -> QuerySet:
    return DayRun.objects.filter(state="done").order_by("-as_of").values("as_of")[:1]


@Prepared
def _worked_by(person_id: int, as_of: date) -> QuerySet:
    found = Attempt.objects.filter(effective_on=as_of, by_id=person_id)
    return found.values("account_id").distinct()


def next_account(
    standing: Actor,
    *,
    as_of: date,
    now: datetime | None = None,
    filters: WorklistFilters | None = None,
    after: int | None = None,
) -> int | None:
    """The id of the account to work after that one: not worked today, not locked by another."""
    wanted = filters or WorklistFilters()
    found = _narrowed(_mine(standing, wanted, as_of), wanted, rules.read(as_of))
    found = found.filter(is_worked=False).exclude(account_id=after).filter(_unlocked(standing, now))
    last = Standing.objects.filter(account_id=after).first() if after else None
    ahead = found.order_by(*ORDERS["priority"]).values_list("account_id", flat=True)
    if last is not None and last.is_listed:
        later = Q(priority__lt=last.priority)
        later |= Q(priority=last.priority, account_id__gt=after)
        if (next_id := ahead.filter(later).first()) is not None:
            return next_id
    return ahead.first()


def _mine(standing: Actor, wanted: WorklistFilters, as_of: date) -> QuerySet:
    """The accounts to choose from: in scope, listed today, of one collector if asked."""
    # The standing has the account's collector, project and creditor in columns of its own.
    found = Standing.objects.filter(scope.condition(standing, READ))
    if not wanted.is_whole:
        found = found.filter(is_listed=True)
    if wanted.collector is not None:
        found = found.filter(collector_id=wanted.collector)
    worked = Attempt.objects.filter(account_id=OuterRef("account_id"), effective_on=as_of)
    return found.annotate(is_worked=Exists(worked))


def _narrowed(found: QuerySet, wanted: WorklistFilters, in_force: Rules) -> QuerySet:
    exact: dict[str, Any] = {
        "bucket": wanted.bucket,
        "project_id": wanted.project,
        "account__product": wanted.product or None,
        "rung": wanted.rung or None,
        "currency": wanted.currency or None,
    }
    if exact := {name: value for name, value in exact.items() if value is not None}:
        found = found.filter(**exact)
    if wanted.min_overdue_minor:
        found = found.filter(overdue_minor__gte=wanted.min_overdue_minor)
    if wanted.is_not_worked_today:
        found = found.filter(is_worked=False)
    if wanted.reason:
        weight = next((r.weight for r in in_force.order.reasons if r.code == wanted.reason), 0)
        found = found.filter(priority__gte=weight * WEIGHT, priority__lt=(weight + 1) * WEIGHT)
    return found.filter(search_words.narrowing(wanted.q)) if wanted.q else found


def _unlocked(standing: Actor, now: datetime | None) -> Q:
    free = Q(account__locked_by__isnull=True) | Q(account__locked_by_id=standing.actor_id)
    return free | Q(account__locked_until_at__lt=now) if now else free
