"""The worklist: who should be worked today, in order, with the reason on each line.

It reads the cached standing the day's run left; what that says is proved by `tahsil rebuild`.
Nothing here decides an order: see core/steer/worklist.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from tahsil.core.grammar import names
from tahsil.core.grammar.authority import Reach, Reason
from tahsil.core.grammar.authority import Standing as Actor
from tahsil.queries import masks, paging, parties, rules
from tahsil.queries.chips import WEIGHT, Chip, Chips, WorklistFilters
from tahsil.queries.paging import SIZE, Page
from tahsil.queries.rules import Rules
from tahsil.store import load, scope
from tahsil.store.models import (
    Attempt,
    ContactPoint,
    DayRun,
    Instrument,
    Promise,
    Standing,
)

READ = "account.read"
ORDERS: dict[str, tuple[Any, ...]] = {
    "priority": ("-priority", "account_id"),
    "overdue": ("-overdue_minor", "account_id"),
    "dpd": (F("oldest_due_on").asc(nulls_last=True), "account_id"),
    "next_step": (F("account__next_step_on").asc(nulls_last=True), "account_id"),
    "name": ("account__party__name_key", "account_id"),
}
SORTS = tuple(ORDERS)


@dataclass(frozen=True)
class LastAttempt:
    """The newest attempt on an account: its disposition, and who tried when."""

    disposition: str
    labels: dict[str, str]  # by language; empty where the code list has none
    level: str  # none, third_party, right_party
    channel: str
    happened_at: datetime
    effective_on: date
    by: str


@dataclass(frozen=True)
class PromiseBrief:
    """A promise in one line."""

    id: int
    amount_minor: int
    promised_on: date
    state: str


@dataclass(frozen=True)
class WorklistLine:
    """One account to work; money in minor units of its currency.

    `dpd` is as_of less the oldest due date; `bucket` is -1 where nothing is late; `covered_minor`
    is the part of the arrears with a live cheque behind it; `locked_by` is somebody else who has
    the account open now. `reasons` come weightiest first.
    """

    account_id: int
    number: str
    name: str
    name_other: str  # in another script, if known
    language: str
    product: str
    project: str
    project_id: int | None
    currency: str
    open_minor: int
    overdue_minor: int
    due_today_minor: int
    covered_minor: int
    uncovered_minor: int
    disputed_minor: int
    unapplied_minor: int
    oldest_due_on: date | None
    next_due_on: date | None
    dpd: int
    bucket: int
    bucket_label: str
    rung: str
    rung_labels: dict[str, str]
    treatment: str
    reasons: tuple[Reason, ...]
    next_step: str
    next_step_on: date | None
    next_step_at: time | None
    last_attempt: LastAttempt | None
    promise: PromiseBrief | None
    phone: str  # masked by role
    collector_id: int | None
    collector: str
    locked_by: str
    is_worked_today: bool


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
    found = _narrowed(_mine(standing, wanted, as_of), wanted, in_force)
    lines = paging.of(
        found.order_by(*ORDERS.get(wanted.sort, ORDERS["priority"])),
        lambda rows: _lines(standing, rows, in_force, now),
        page=page,
        size=size,
    )
    chips = Chips(_mine(standing, wanted, as_of), wanted, in_force)
    run = DayRun.objects.filter(state="done").order_by("-as_of").values_list("as_of", flat=True)
    worked = Attempt.objects.filter(effective_on=as_of, by_id=standing.actor_id)
    return Worklist(
        page=lines,
        filters=wanted,
        buckets=chips.buckets(),
        rungs=chips.rungs(),
        reasons=chips.reasons(),
        projects=chips.projects(),
        collectors=chips.collectors(),
        currencies=chips.currencies(),
        measured_on=run.first(),
        worked_today=worked.values("account_id").distinct().count(),
    )


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
    found = found.filter(**{name: value for name, value in exact.items() if value is not None})
    if wanted.min_overdue_minor:
        found = found.filter(overdue_minor__gte=wanted.min_overdue_minor)
    if wanted.is_not_worked_today:
        found = found.filter(is_worked=False)
    if wanted.reason:
        weight = next(
            (r.weight for r in in_force.steer.order.reasons if r.code == wanted.reason), 0
        )
        found = found.filter(priority__gte=weight * WEIGHT, priority__lt=(weight + 1) * WEIGHT)
    for word in names.name_key(wanted.q).split():
        is_part = Q(account__party__name_key__contains=word)
        found = found.filter(is_part | Q(account__number__icontains=word))
    return found


def _unlocked(standing: Actor, now: datetime | None) -> Q:
    free = Q(account__locked_by__isnull=True) | Q(account__locked_by_id=standing.actor_id)
    return free | Q(account__locked_until_at__lt=now) if now else free


def _lines(
    standing: Actor, found: list[Standing], in_force: Rules, now: datetime | None
) -> list[WorklistLine]:
    """The lines of one page, from the page's rows and one query for each thing shown beside."""
    ids = [row.account_id for row in found]
    worked = {row.account_id: row.is_worked for row in found}  # type: ignore[attr-defined]
    rows = {
        row.account_id: row
        for row in Standing.objects.filter(account_id__in=ids).select_related(
            "account__party", "account__project", "account__collector", "account__locked_by"
        )
    }
    party_ids = [row.account.party_id for row in rows.values()]
    beside = _Beside(
        others=parties.other_names(party_ids),
        attempts=_last_attempts(ids, in_force),
        promises=_open_promises(ids),
        phones=_phones(party_ids),
        mature=_mature(ids, in_force.as_of),
        worked=worked,
    )
    return [_line(standing, rows[each], beside, in_force, now) for each in ids]


@dataclass(frozen=True)
class _Beside:
    """What is shown on a line beside its standing, by account or party."""

    others: dict[int, str]
    attempts: dict[int, LastAttempt]
    promises: dict[int, PromiseBrief]
    phones: dict[int, str]
    mature: dict[int, int]
    worked: dict[int, bool]


def _line(
    standing: Actor, row: Standing, beside: _Beside, in_force: Rules, now: datetime | None
) -> WorklistLine:
    account, as_of = row.account, in_force.as_of
    late = (as_of - row.oldest_due_on).days if row.oldest_due_on else 0
    covered = min(beside.mature.get(account.id, 0), row.overdue_minor)
    is_locked = bool(
        account.locked_by_id
        and account.locked_by_id != standing.actor_id
        and (now is None or account.locked_until_at is None or account.locked_until_at > now)
    )
    reach = Reach(
        account.collector_id,
        account.collector.team_id if account.collector else None,
        frozenset({account.project_id} if account.project_id else ()),
        account.creditor_id,
    )
    return WorklistLine(
        account_id=account.id,
        number=account.number,
        name=account.party.name,
        name_other=beside.others.get(account.party_id, ""),
        language=account.party.language,
        product=account.product,
        project=account.project.name if account.project else "",
        project_id=account.project_id,
        currency=row.currency,
        open_minor=row.open_minor,
        overdue_minor=row.overdue_minor,
        due_today_minor=row.due_today_minor,
        covered_minor=covered,
        uncovered_minor=row.overdue_minor - covered,
        disputed_minor=row.disputed_minor,
        unapplied_minor=row.unapplied_minor,
        oldest_due_on=row.oldest_due_on,
        next_due_on=row.next_due_on,
        dpd=max(late, 0),
        bucket=row.bucket,
        bucket_label=in_force.bucket_label(row.bucket),
        rung=row.rung,
        rung_labels=in_force.rung_labels(account.product, row.rung),
        treatment=row.treatment,
        reasons=in_force.reasons(row.reasons, row.currency),
        next_step=account.next_step,
        next_step_on=account.next_step_on,
        next_step_at=account.next_step_at,
        last_attempt=beside.attempts.get(account.id),
        promise=beside.promises.get(account.id),
        phone=masks.point(
            "phone",
            beside.phones.get(account.party_id, ""),
            is_open=masks.may_call(standing, reach),
        ),
        collector_id=account.collector_id,
        collector=account.collector.name if account.collector else "",
        locked_by=account.locked_by.name if account.locked_by and is_locked else "",
        is_worked_today=beside.worked[account.id],
    )


def _last_attempts(ids: list[int], in_force: Rules) -> dict[int, LastAttempt]:
    labels = in_force.labels("dispositions")
    newest = (
        Attempt.objects.filter(account_id=OuterRef("account_id"), effective_on__lte=in_force.as_of)
        .order_by("-effective_on", "-id")
        .values("id")[:1]
    )
    of_each = Standing.objects.filter(account_id__in=ids).values_list(Subquery(newest))
    found = Attempt.objects.filter(id__in=of_each).select_related("by")
    return {
        row.account_id: LastAttempt(
            row.disposition, labels.get(row.disposition, {}), row.level, row.channel,
            row.happened_at, row.effective_on, row.by.name if row.by else "",
        )
        for row in found
    }  # fmt: skip


def _open_promises(ids: list[int]) -> dict[int, PromiseBrief]:
    found = Promise.objects.filter(account_id__in=ids, state="open")
    return {
        row.account_id: PromiseBrief(row.id, row.amount_minor, row.promised_on, row.state)
        for row in found
    }


def _phones(party_ids: list[int]) -> dict[int, str]:
    found = ContactPoint.objects.filter(party_id__in=party_ids, channel="phone", is_wrong=False)
    return dict(found.order_by("-id").values_list("party_id", "value"))


def _mature(ids: list[int], as_of: date) -> dict[int, int]:
    """Per account what live papers, mature by the date, stand behind its arrears."""
    found = Instrument.objects.filter(
        account_id__in=ids, state__in=load.LIVE, matures_on__lte=as_of
    ).exclude(kind=load.COMFORT)
    return dict(found.values_list("account_id").annotate(n=Sum("amount_minor")).order_by())
