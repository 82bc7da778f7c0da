"""Receipts: the daily collection (report 5.1), one receipt, and what a receipt would pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.db.models import Count, QuerySet, Sum

from tahsil.core.book import allocation
from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import accounts, lines, money_cards, paging, parties, rules
from tahsil.queries import ledger as ledgers
from tahsil.queries.cards import AllocationPart
from tahsil.queries.paging import SIZE, Page
from tahsil.store import scope
from tahsil.store.models import Allocation, Contract, Receipt

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
    contract_number: str
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


@dataclass(frozen=True)
class ReceiptPage:
    """One receipt as it is printed and shown."""

    id: int
    number: str
    kind: str
    account_id: int
    account_number: str
    name: str
    name_other: str
    creditor: str
    creditor_ar: str
    branch: str
    contract_number: str
    unit: str
    instrument: str
    reference: str
    bank: str
    rule: str
    currency: str
    amount_minor: int
    unapplied_minor: int
    value_on: date
    recorded_at: datetime
    payer: str
    cashier: str
    collector: str
    note: str
    is_reversed: bool
    reversed_on: date | None
    reversal_reason: str
    parts: tuple[AllocationPart, ...]


@dataclass(frozen=True)
class ProposalPart:
    """What the receipt would pay of one line."""

    obligation_id: int
    contract_number: str
    category: str
    label: str
    due_on: date | None
    dpd: int
    open_minor: int
    amount_minor: int
    left_minor: int


@dataclass(frozen=True)
class Proposal:
    """What a receipt would pay, in order, under which waterfall; the rest stays unapplied."""

    amount_minor: int
    currency: str
    parts: tuple[ProposalPart, ...]
    unapplied_minor: int
    waterfall: str
    overdue_before_minor: int
    overdue_after_minor: int
    similar: tuple[str, ...]  # receipts of the same account, amount and value date or reference


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


def _paid(ids: list[int], as_of: date) -> dict[int, list[tuple[str, str, int]]]:
    """Per receipt the (category, label, amount) of the lines it pays on the date."""
    rows = (
        Allocation.objects.filter(receipt_id__in=ids, effective_on__lte=as_of)
        .values_list("receipt_id", "obligation__category", "obligation__label", "obligation_id")
        .annotate(amount=Sum("amount_minor"))
        .order_by("obligation__due_on", "obligation_id")
    )
    found = defaultdict(list)
    for receipt_id, category, label, _, amount in rows:
        if amount:
            found[receipt_id].append((category, label, amount))
    return found


def _row(row: Receipt, parts: list[tuple[str, str, int]], as_of: date) -> CollectionRow:
    is_reversed = _is_reversed(row, as_of)
    applied = sum(amount for _, _, amount in parts)
    return CollectionRow(
        receipt_id=row.id,
        number=row.number,
        recorded_at=row.recorded_at,
        value_on=row.value_on,
        account_id=row.account_id,
        account_number=row.account.number,
        name=row.account.party.name,
        contract_number=row.contract.number if row.contract else "",
        unit=row.contract.asset.code if row.contract and row.contract.asset else "",
        project=row.account.project.name if row.account.project else "",
        categories=tuple(dict.fromkeys(category for category, _, _ in parts)),
        lines=tuple(label for _, label, _ in parts if label),
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


def _is_reversed(row: Receipt, as_of: date) -> bool:
    return hasattr(row, "reversal") and row.reversal.effective_on <= as_of


def receipt(standing: Standing, receipt_id: int, *, as_of: date) -> ReceiptPage:
    """One receipt with what it paid; refused where its account may not be seen."""
    found = Receipt.objects.filter(id=receipt_id).select_related(
        "account__party", "account__creditor", "contract__asset", "collector",
        "cashier__branch", "series__branch", "reversal",
    )  # fmt: skip
    row = scope.visible(standing, found, accounts.READ, "account__").first()
    if row is None:
        raise Refused("receipt.unknown", "There is no receipt {receipt} you may read.",
                      receipt=receipt_id)  # fmt: skip
    ledger = ledgers.read(row.account_id, as_of=as_of)
    numbers = dict(Contract.objects.filter(account_id=row.account_id).values_list("id", "number"))
    card = next(
        (each for each in money_cards.receipts(ledger, numbers) if each.id == receipt_id), None
    )
    if card is None:
        raise Refused("receipt.later", "Receipt {number} is of {value_on}, after {as_of}.",
                      number=row.number, value_on=row.value_on, as_of=as_of)  # fmt: skip
    branch = row.series.branch if row.series else row.cashier.branch if row.cashier else None
    return ReceiptPage(
        id=row.id,
        number=row.number,
        kind=row.kind,
        account_id=row.account_id,
        account_number=row.account.number,
        name=row.account.party.name,
        name_other=parties.other_name(row.account.party_id),
        creditor=row.account.creditor.name,
        creditor_ar=row.account.creditor.name_ar,
        branch=branch.name if branch else "",
        contract_number=row.contract.number if row.contract else "",
        unit=row.contract.asset.code if row.contract and row.contract.asset else "",
        instrument=row.instrument,
        reference=row.reference,
        bank=row.bank,
        rule=row.rule,
        currency=row.account.currency,
        amount_minor=row.amount_minor,
        unapplied_minor=card.unapplied_minor,
        value_on=row.value_on,
        recorded_at=row.recorded_at,
        payer=row.payer,
        cashier=row.cashier.name if row.cashier else "",
        collector=row.collector.name if row.collector else "",
        note=row.note,
        is_reversed=card.is_reversed,
        reversed_on=card.reversed_on,
        reversal_reason=card.reversal_reason,
        parts=card.parts,
    )


def proposal(
    standing: Standing,
    account_id: int,
    *,
    as_of: date,
    amount_minor: int,
    value_on: date | None = None,
    rule: str = "any",
    instruction: tuple[tuple[int, int], ...] = (),
    reference: str = "",
) -> Proposal:
    """What a receipt of that amount would pay; nothing is recorded."""
    account = accounts.readable(standing, account_id)
    day = value_on or as_of
    ledger = ledgers.read(account_id, as_of=day)
    contracts = {each.id: each for each in Contract.objects.filter(account_id=account_id)}
    # Contracts of one account may name different orders; money goes by that of the first.
    code = min(contracts.values(), key=lambda each: each.id).waterfall if contracts else "standard"
    opened = {line.obligation_id: line.open_minor for line in ledger.lines}
    proposed = allocation.propose(
        ledger.columns,
        np.asarray([opened[each] for each in ledger.columns.id.tolist()], dtype=np.int64),
        receipt=allocation.Incoming(amount_minor, day, rule, tuple(instruction)),
        waterfall=rules.read(day).waterfall(code),
    )
    known = {row.obligation_id: row for row in lines.rows(ledger)}
    parts = tuple(
        _proposed(known[each], amount, contracts) for each, amount in _merged(proposed.parts)
    )
    late = sum(row.open_minor for row in known.values() if row.dpd)
    paid_late = sum(part.amount_minor for part in parts if part.dpd)
    return Proposal(
        amount_minor=amount_minor,
        currency=account.currency,
        parts=parts,
        unapplied_minor=proposed.unapplied_minor,
        waterfall=code,
        overdue_before_minor=late,
        overdue_after_minor=late - paid_late,
        similar=tuple(_similar(ledger, amount_minor, day, reference)),
    )


def _merged(parts: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """One part per line, where the payer's instruction and the rest both reach it."""
    sums: dict[int, int] = defaultdict(int)
    for obligation_id, amount in parts:
        sums[obligation_id] += amount
    return list(sums.items())


def _proposed(row: lines.LineRow, amount: int, contracts: dict[int, Contract]) -> ProposalPart:
    contract = contracts.get(row.contract_id or 0)
    return ProposalPart(
        row.obligation_id, contract.number if contract else "", row.category, row.label, row.due_on,
        row.dpd, row.open_minor, amount, row.open_minor - amount,
    )  # fmt: skip


def _similar(ledger: ledgers.Ledger, amount: int, day: date, reference: str) -> Iterator[str]:
    """Receipts that may be the same money entered before."""
    for row in ledger.receipts:
        is_same_day = row["amount_minor"] == amount and row["value_on"] == day
        if row["reversed"] is None and (
            is_same_day or (reference and row["reference"] == reference)
        ):
            yield row["number"]
