"""The daily collection (report 5.1): receipts of some days with what they paid, and subtotals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, QuerySet, Sum

from tahsil.core.grammar.authority import Standing
from tahsil.queries import paging
from tahsil.queries.paging import SIZE, Page
from tahsil.store import scope
from tahsil.store.models import Allocation, Receipt

READ = "report.read"
AT_ONCE = 2_000


@dataclass(frozen=True)
class CollectionFilters:
    """Which receipts: value dates from `since` to `until`, both included."""

    since: date
    until: date
    collector: int | None = None
    cashier: int | None = None
    project: int | None = None
    branch: int | None = None
    instrument: str = ""
    currency: str = ""
    is_money_only: bool = True  # leaves out withholdings, retentions and credit notes


@dataclass(frozen=True)
class CollectionRow:
    """One receipt of the daily collection; `status` is cleared, provisional or reversed."""

    receipt_id: int
    number: str
    recorded_at: datetime
    value_on: date
    account_id: int
    account_number: str
    name: str
    contract_number: str  # where it names none, those of the lines it pays
    unit: str
    project: str
    categories: tuple[str, ...]
    lines: tuple[str, ...]
    kind: str
    instrument: str
    reference: str
    bank: str
    currency: str
    amount_minor: int
    unapplied_minor: int
    collector: str
    cashier: str
    branch: str
    status: str


class _Paid(NamedTuple):
    """What a receipt pays of one line."""

    category: str
    label: str
    contract: str
    unit: str
    amount_minor: int


@dataclass(frozen=True)
class Subtotal:
    """How many receipts, and how much, of one group in one currency; reversed ones left out."""

    group: str
    part: str  # a second level, such as the instrument below a collector; empty at the first
    currency: str
    count: int
    amount_minor: int


@dataclass(frozen=True)
class DailyCollection:
    """The receipts with subtotals; totals and subtotals are of all of them, not of the page."""

    filters: CollectionFilters
    page: Page[CollectionRow]
    totals: tuple[Subtotal, ...]
    by_collector: tuple[Subtotal, ...]  # collector, then instrument
    by_instrument: tuple[Subtotal, ...]
    by_project: tuple[Subtotal, ...]


def daily_collection(
    standing: Standing, *, as_of: date, filters: CollectionFilters, page: int = 1, size: int = SIZE
) -> DailyCollection:
    """The receipts this person may see, newest first, with subtotals."""
    found = _found(standing, filters, as_of)
    standing_still = found.exclude(reversal__effective_on__lte=as_of).order_by()
    return DailyCollection(
        filters=filters,
        page=paging.of(found, lambda rows: _rows(rows, as_of), page=page, size=size),
        totals=_subtotals(standing_still),
        by_collector=_subtotals(standing_still, "collector__name", "instrument"),
        by_instrument=_subtotals(standing_still, "instrument"),
        by_project=_subtotals(standing_still, "account__project__name"),
    )


def rows_for_export(
    standing: Standing, *, as_of: date, filters: CollectionFilters
) -> Iterator[CollectionRow]:
    """Every row of the daily collection, in the page's order."""
    batch: list[Receipt] = []
    for row in _found(standing, filters, as_of).iterator(chunk_size=AT_ONCE):
        batch.append(row)
        if len(batch) == AT_ONCE:
            yield from _rows(batch, as_of)
            batch = []
    yield from _rows(batch, as_of)


def _found(standing: Standing, wanted: CollectionFilters, as_of: date) -> QuerySet[Receipt]:
    exact = {
        "collector_id": wanted.collector,
        "cashier_id": wanted.cashier,
        "account__project_id": wanted.project,
        "series__branch_id": wanted.branch,
        "instrument": wanted.instrument or None,
        "account__currency": wanted.currency or None,
        "kind": "money" if wanted.is_money_only else None,
    }
    found = Receipt.objects.filter(
        value_on__gte=wanted.since, value_on__lte=min(wanted.until, as_of)
    ).filter(**{name: value for name, value in exact.items() if value is not None})
    return (
        scope.visible(standing, found, READ, "account__")
        .select_related(
            "account__party", "account__project", "contract__asset", "collector", "cashier",
            "series__branch", "reversal",
        )
        .order_by("-value_on", "-id")
    )  # fmt: skip


def _subtotals(found: QuerySet[Receipt], *by: str) -> tuple[Subtotal, ...]:
    """Sums per group and currency, the largest first."""
    rows = found.values_list("account__currency", *by).annotate(
        n=Count("id"), amount=Sum("amount_minor")
    )
    made = []
    for currency, *groups, count, amount in rows:
        group, part = [*(each or "" for each in groups), "", ""][:2]
        made.append(Subtotal(group, part, currency, count, amount))
    return tuple(sorted(made, key=lambda each: (each.currency, each.group, -each.amount_minor)))


def _rows(found: list[Receipt], as_of: date) -> list[CollectionRow]:
    parts = _paid([row.id for row in found], as_of)
    return [_row(row, parts.get(row.id, []), as_of) for row in found]


def _paid(ids: list[int], as_of: date) -> dict[int, list[_Paid]]:
    """Per receipt the lines it pays on the date."""
    rows = (
        Allocation.objects.filter(receipt_id__in=ids, effective_on__lte=as_of)
        .values_list(
            "receipt_id", "obligation__category", "obligation__label",
            "obligation__contract__number", "obligation__contract__asset__code", "obligation_id",
        )
        .annotate(amount=Sum("amount_minor"))
        .order_by("obligation__due_on", "obligation_id")
    )  # fmt: skip
    found = defaultdict(list)
    for receipt_id, category, label, contract, unit, _, amount in rows:
        if amount:
            found[receipt_id].append(_Paid(category, label, contract or "", unit or "", amount))
    return found


def _row(row: Receipt, parts: list[_Paid], as_of: date) -> CollectionRow:
    is_reversed = _is_reversed(row, as_of)
    applied = sum(part.amount_minor for part in parts)
    contracts, units = _named(row, parts)
    return CollectionRow(
        receipt_id=row.id,
        number=row.number,
        recorded_at=row.recorded_at,
        value_on=row.value_on,
        account_id=row.account_id,
        account_number=row.account.number,
        name=row.account.party.name,
        contract_number=", ".join(contracts),
        unit=", ".join(units),
        project=row.account.project.name if row.account.project else "",
        categories=tuple(dict.fromkeys(part.category for part in parts)),
        lines=tuple(part.label for part in parts if part.label),
        kind=row.kind,
        instrument=row.instrument,
        reference=row.reference,
        bank=row.bank,
        currency=row.account.currency,
        amount_minor=row.amount_minor,
        unapplied_minor=0 if is_reversed else row.amount_minor - applied,
        collector=row.collector.name if row.collector else "",
        cashier=row.cashier.name if row.cashier else "",
        branch=row.series.branch.name if row.series else "",
        status="reversed" if is_reversed else "cleared",
    )


def _named(row: Receipt, parts: list[_Paid]) -> tuple[list[str], list[str]]:
    """The contract and unit the receipt names, else those of the lines it pays."""
    if row.contract:
        return [row.contract.number], [row.contract.asset.code] if row.contract.asset else []
    contracts = dict.fromkeys(part.contract for part in parts if part.contract)
    return list(contracts), list(dict.fromkeys(part.unit for part in parts if part.unit))


def _is_reversed(row: Receipt, as_of: date) -> bool:
    return hasattr(row, "reversal") and row.reversal.effective_on <= as_of
