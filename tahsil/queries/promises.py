"""Promises: due today and tomorrow (5.18), broken (5.19), performance (5.20)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from tahsil.core.grammar.authority import Standing
from tahsil.queries import paging
from tahsil.queries.paging import SIZE, Page
from tahsil.store import scope
from tahsil.store.models import Promise
from tahsil.store.models import Standing as Cached

READ = "account.read"
REMEMBERED = timedelta(days=180)
AT_ONCE = 2_000
GROUPS = {"collector": "made_by__name", "project": "account__project__name", "all": ""}

VIEWS = ("due", "ahead", "broken", "all")


@dataclass(frozen=True)
class PromiseFilters:
    """Which promises: `view` due (today or past, open), ahead, broken, all; who took them."""

    view: str = "due"
    collector: int | None = None
    project: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class PromiseRow:
    """One promise with what the account owes; `broken_count` is of the last 180 days."""

    promise_id: int
    account_id: int
    account_number: str
    name: str
    project: str
    currency: str
    amount_minor: int
    promised_on: date
    made_on: date
    instrument: str
    promised_by: str
    confidence: int
    state: str
    received_minor: int
    judged_on: date | None
    days_broken: int
    broken_count: int
    made_by: str
    collector: str
    overdue_minor: int
    dpd: int
    next_step: str
    next_step_on: date | None


@dataclass(frozen=True)
class Performance:
    """How promises of one group and currency that fell due in the period ended."""

    group: str
    currency: str
    count: int
    amount_minor: int
    kept: int
    part_kept: int
    broken: int
    open: int
    superseded: int
    cancelled: int
    kept_minor: int
    received_minor: int
    kept_ppm: int | None  # by number, of kept + part kept + broken
    kept_amount_ppm: int | None
    average_days: int | None  # from made to promised


@dataclass(frozen=True)
class Promises:
    """A page of promises with the sum per currency."""

    page: Page[PromiseRow]
    filters: PromiseFilters
    totals: tuple[tuple[str, int, int], ...]  # currency, count, amount
    counts: dict[str, int]  # per view, for the tabs


def promises(
    standing: Standing,
    *,
    as_of: date,
    filters: PromiseFilters | None = None,
    page: int = 1,
    size: int = SIZE,
) -> Promises:
    """The promises of accounts this person may see, soonest first (broken: newest first)."""
    wanted = filters or PromiseFilters()
    base = _base(standing, wanted, as_of)
    found = _view(base, wanted.view, as_of)
    totals = found.order_by().values_list("account__currency")
    return Promises(
        page=paging.of(found, lambda rows: _rows(rows, as_of), page=page, size=size),
        filters=wanted,
        totals=tuple(totals.annotate(n=Count("id"), amount=Sum("amount_minor"))),
        counts={view: paging.bounded_count(_view(base, view, as_of)) for view in VIEWS},
    )


def rows_for_export(
    standing: Standing, *, as_of: date, filters: PromiseFilters | None = None
) -> Iterator[PromiseRow]:
    """Every row of the list, in the page's order."""
    wanted = filters or PromiseFilters()
    batch: list[Promise] = []
    found = _view(_base(standing, wanted, as_of), wanted.view, as_of)
    for row in found.iterator(chunk_size=AT_ONCE):
        batch.append(row)
        if len(batch) == AT_ONCE:
            yield from _rows(batch, as_of)
            batch = []
    yield from _rows(batch, as_of)


def _base(standing: Standing, wanted: PromiseFilters, as_of: date) -> QuerySet[Promise]:
    exact: dict[str, Any] = {
        "account__collector_id": wanted.collector,
        "account__project_id": wanted.project,
        "promised_on__gte": wanted.since,
        "promised_on__lte": wanted.until,
    }
    found = Promise.objects.filter(made_on__lte=as_of).filter(
        **{name: value for name, value in exact.items() if value is not None}
    )
    return scope.visible(standing, found, READ, "account__").select_related(
        "account__party", "account__project", "account__collector", "made_by"
    )


def _view(found: QuerySet[Promise], view: str, as_of: date) -> QuerySet[Promise]:
    """The promises of one tab, as known on the date; one judged later was still open."""
    is_open = Q(state="open") | Q(judged_on__gt=as_of)
    if view == "due":
        return found.filter(is_open, promised_on__lte=as_of).order_by("promised_on", "id")
    if view == "ahead":
        return found.filter(is_open, promised_on__gt=as_of).order_by("promised_on", "id")
    if view == "broken":
        return found.filter(state="broken", judged_on__lte=as_of).order_by("-judged_on", "-id")
    return found.order_by("-promised_on", "-id")


def _rows(found: list[Promise], as_of: date) -> list[PromiseRow]:
    ids = {row.account_id for row in found}
    cached = Cached.objects.in_bulk(ids)
    broken = dict(
        Promise.objects.filter(
            account_id__in=ids, state="broken", judged_on__lte=as_of,
            judged_on__gt=as_of - REMEMBERED,
        ).values_list("account_id").annotate(n=Count("id")).order_by()
    )  # fmt: skip
    return [
        _row(row, cached.get(row.account_id), broken.get(row.account_id, 0), as_of) for row in found
    ]


def _row(row: Promise, cached: Cached | None, broken: int, as_of: date) -> PromiseRow:
    account = row.account
    is_later = row.judged_on is not None and row.judged_on > as_of
    state = "open" if is_later else row.state
    oldest = cached.oldest_due_on if cached else None
    return PromiseRow(
        promise_id=row.id,
        account_id=account.id,
        account_number=account.number,
        name=account.party.name,
        project=account.project.name if account.project else "",
        currency=account.currency,
        amount_minor=row.amount_minor,
        promised_on=row.promised_on,
        made_on=row.made_on,
        instrument=row.instrument,
        promised_by=row.promised_by,
        confidence=row.confidence,
        state=state,
        received_minor=0 if is_later else row.received_minor,
        judged_on=None if is_later else row.judged_on,
        days_broken=(as_of - row.promised_on).days if state == "broken" else 0,
        broken_count=broken,
        made_by=row.made_by.name if row.made_by else "",
        collector=account.collector.name if account.collector else "",
        overdue_minor=cached.overdue_minor if cached else 0,
        dpd=max((as_of - oldest).days, 0) if oldest else 0,
        next_step=account.next_step,
        next_step_on=account.next_step_on,
    )


def performance(
    standing: Standing, *, as_of: date, since: date, until: date, group: str = "collector"
) -> tuple[Performance, ...]:
    """Promises due in [since, until] by `group` (collector, project, all), per currency."""
    wanted = PromiseFilters("all", since=since, until=until)
    by = GROUPS[group]
    sums: dict[tuple[str, str], dict[str, Any]] = {}
    rows = (
        _base(standing, wanted, as_of)
        .order_by()
        .values_list("account__currency", *([by] if by else []), "state", "judged_on")
        .annotate(n=Count("id"), amount=Sum("amount_minor"), came=Sum("received_minor"))
    )
    for currency, *name, state, judged_on, count, amount, came in rows:
        key = (name[0] or "" if name else "", currency)
        is_later = judged_on is not None and judged_on > as_of
        _add(sums.setdefault(key, {}), "open" if is_later else state, count, amount, came)
    days = _days(standing, wanted, by, as_of)
    return tuple(_performance(*key, sums[key], days.get(key)) for key in sorted(sums))


def _add(into: dict[str, Any], state: str, count: int, amount: int, came: int) -> None:
    into[state] = into.get(state, 0) + count
    into[f"{state}_minor"] = into.get(f"{state}_minor", 0) + amount
    into["came"] = into.get("came", 0) + (0 if state == "open" else came)


def _days(
    standing: Standing, wanted: PromiseFilters, by: str, as_of: date
) -> dict[tuple[str, str], int]:
    """Per group and currency the average days from made to promised, rounded half up."""
    sums: dict[tuple[str, str], list[int]] = {}
    rows = _base(standing, wanted, as_of).order_by().values_list(
        "account__currency", *([by] if by else []), "promised_on", "made_on"
    )  # fmt: skip
    for currency, *name, promised_on, made_on in rows.iterator(chunk_size=AT_ONCE):
        pair = sums.setdefault((name[0] or "" if name else "", currency), [0, 0])
        pair[0] += (promised_on - made_on).days
        pair[1] += 1
    return {key: (2 * total + count) // (2 * count) for key, (total, count) in sums.items()}


def _performance(group: str, currency: str, sums: dict[str, Any], days: int | None) -> Performance:
    counts = {state: sums.get(state, 0) for state in
              ("kept", "part_kept", "broken", "open", "superseded", "cancelled")}  # fmt: skip
    judged = counts["kept"] + counts["part_kept"] + counts["broken"]
    due = sum(sums.get(f"{state}_minor", 0) for state in ("kept", "part_kept", "broken"))
    kept = sums.get("kept_minor", 0)
    return Performance(
        group=group,
        currency=currency,
        count=sum(counts.values()),
        amount_minor=sum(sums.get(f"{state}_minor", 0) for state in counts),
        **counts,
        kept_minor=kept,
        received_minor=sums.get("came", 0),
        kept_ppm=counts["kept"] * 1_000_000 // judged if judged else None,
        kept_amount_ppm=kept * 1_000_000 // due if due else None,
        average_days=days,
    )
