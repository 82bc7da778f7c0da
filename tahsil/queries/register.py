"""The register: every account somebody may read, by id, for programs that want them all.

People use the worklist and its filters; a program walks the whole book from any id onward, so
nothing here counts, and no position is ever skipped over. Figures are those of the last run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from tahsil.core.grammar.authority import Standing
from tahsil.queries import search
from tahsil.store import scope
from tahsil.store.models import Account

READ = "account.read"


@dataclass(frozen=True)
class RegisterFilters:
    """Which accounts; an empty value does not filter."""

    number: str = ""
    currency: str = ""
    product: str = ""
    project: int | None = None
    collector: int | None = None
    creditor: int | None = None


@dataclass(frozen=True)
class FoundBy:
    """What of an account matched a search: see SearchHit."""

    kind: str
    matched: str
    score: int
    is_guess: bool


@dataclass(frozen=True)
class RegisterRow:
    """One account with its figures as the last run or act left them; `dpd` is as of the date."""

    account_id: int
    number: str
    name: str
    product: str
    creditor_id: int
    creditor: str
    project_id: int | None
    project: str
    collector_id: int | None
    collector: str
    currency: str
    open_minor: int
    overdue_minor: int
    disputed_minor: int
    unapplied_minor: int
    oldest_due_on: date | None
    next_due_on: date | None
    dpd: int
    bucket: int
    rung: str
    next_step: str
    next_step_on: date | None
    found_by: FoundBy | None = None


def accounts(
    standing: Standing,
    *,
    as_of: date,
    filters: RegisterFilters | None = None,
    after: int = 0,
    limit: int = 50,
) -> tuple[RegisterRow, ...]:
    """The accounts with an id above `after`, by id, `limit` of them at most."""
    wanted = filters or RegisterFilters()
    exact = {
        "number__iexact": wanted.number or None,
        "currency": wanted.currency or None,
        "product": wanted.product or None,
        "project_id": wanted.project,
        "collector_id": wanted.collector,
        "creditor_id": wanted.creditor,
    }
    found = scope.visible(standing, _whole(), READ).filter(
        id__gt=after, **{name: value for name, value in exact.items() if value is not None}
    )
    return tuple(_row(each, as_of) for each in found.order_by("id")[:limit])


def matching(
    standing: Standing, q: str, *, as_of: date, limit: int = 50
) -> tuple[RegisterRow, ...]:
    """The accounts a search finds, the surest first."""
    hits = search.search(standing, q, as_of=as_of, limit=limit).hits
    known = _whole().in_bulk([hit.account_id for hit in hits])
    return tuple(_row(known[hit.account_id], as_of, _found_by(hit)) for hit in hits)


def _whole() -> QuerySet[Account]:
    return Account.objects.select_related("party", "creditor", "project", "collector", "standing")


def _found_by(hit: search.SearchHit) -> FoundBy:
    return FoundBy(hit.kind, hit.matched, hit.score, hit.is_guess)


def _row(row: Account, as_of: date, found_by: FoundBy | None = None) -> RegisterRow:
    cached = getattr(row, "standing", None)
    oldest = cached.oldest_due_on if cached else None
    sums: Sequence[str] = ("open_minor", "overdue_minor", "disputed_minor", "unapplied_minor")
    return RegisterRow(
        account_id=row.id,
        number=row.number,
        name=row.party.name,
        product=row.product,
        creditor_id=row.creditor_id,
        creditor=row.creditor.name,
        project_id=row.project_id,
        project=row.project.name if row.project else "",
        collector_id=row.collector_id,
        collector=row.collector.name if row.collector else "",
        currency=row.currency,
        **{name: getattr(cached, name, 0) for name in sums},
        oldest_due_on=oldest,
        next_due_on=cached.next_due_on if cached else None,
        dpd=max((as_of - oldest).days, 0) if oldest else 0,
        bucket=cached.bucket if cached else -1,
        rung=cached.rung if cached else "",
        next_step=row.next_step,
        next_step_on=row.next_step_on,
        found_by=found_by,
    )
