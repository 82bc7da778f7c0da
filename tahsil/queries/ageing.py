"""Ageing of arrears (report 5.4): rows by account, totals that tie out, several definitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db.models import Max, Q, QuerySet, Sum

from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.columns import sum_by
from tahsil.core.measure import ageing as measure
from tahsil.core.measure.pauses import Pauses
from tahsil.queries import paging, rules
from tahsil.queries.paging import SIZE, Page
from tahsil.queries.rules import Rules
from tahsil.store import load, scope
from tahsil.store import standing as standings
from tahsil.store.models import Account, Adjustment, Contract, Obligation, Receipt, Reversal

READ = "report.read"
BY_IDS = 20_000  # accounts asked for by id at most; beyond, the whole book is loaded
TIED = 200_000  # accounts up to which the report is tied out each time it is read
SUMS = (
    "in_grace_minor", "due_today_minor", "not_due_minor", "undated_minor", "disputed_minor",
    "unapplied_minor", "balance_minor", "covered_minor", "uncovered_minor",
)  # fmt: skip

GROUPS = ("none", "project", "collector", "product", "creditor")


@dataclass(frozen=True)
class AgeingFilters:
    """What the report is narrowed to; `definition` is a code of the buckets policy."""

    currency: str = ""
    project: int | None = None
    collector: int | None = None
    product: str = ""
    definition: str = "dpd_six"
    group: str = "project"
    is_overdue_only: bool = False


@dataclass(frozen=True)
class Amounts:
    """One line of sums: buckets + apart = balance, always.

    `buckets` are in the order of the report's labels; overdue is their sum.
    """

    buckets: tuple[int, ...]
    in_grace_minor: int
    due_today_minor: int
    not_due_minor: int
    undated_minor: int
    disputed_minor: int
    unapplied_minor: int
    balance_minor: int
    covered_minor: int
    uncovered_minor: int

    @property
    def overdue_minor(self) -> int:
        """What the buckets add up to."""
        return sum(self.buckets)


@dataclass(frozen=True)
class AgeingRow:
    """One account of the report."""

    account_id: int
    account_number: str
    name: str
    contracts: tuple[str, ...]
    units: tuple[str, ...]
    project: str
    product: str
    currency: str
    collector: str
    dpd: int
    last_paid_on: date | None
    amounts: Amounts


@dataclass(frozen=True)
class AgeingGroup:
    """The sums of one group in one currency; an empty `name` is the accounts of no group."""

    id: int | None
    name: str
    currency: str
    accounts: int
    amounts: Amounts


@dataclass(frozen=True)
class AgeingReport:
    """Rows of one page, sums per group and per currency over all of them.

    `ties` per currency: balance of the report less open lines plus unapplied, read apart from the
    database: it is nothing where the report ties out.
    """

    as_of: date
    filters: AgeingFilters
    labels: tuple[str, ...]
    definitions: tuple[str, ...]
    page: Page[AgeingRow]
    groups: tuple[AgeingGroup, ...]
    totals: tuple[AgeingGroup, ...]
    ties: dict[str, int]


def ageing(
    standing: Standing,
    *,
    as_of: date,
    filters: AgeingFilters | None = None,
    page: int = 1,
    size: int = SIZE,
) -> AgeingReport:
    """The ageing of every account this person may read, as of the date."""
    wanted = filters or AgeingFilters()
    in_force = rules.read(as_of)
    accounts = _accounts(standing, wanted)
    table = _Table(accounts, wanted, in_force)
    start = (page - 1) * size
    rows = table.rows(table.order[start : start + size])
    total = len(table.order)
    return AgeingReport(
        as_of=as_of,
        filters=wanted,
        labels=table.labels,
        definitions=tuple(in_force.codes("buckets")),
        page=Page(tuple(rows), page, size, total),
        groups=table.groups(wanted.group) if wanted.group != "none" else (),
        totals=table.groups("none"),
        ties=_ties(accounts, table, as_of),
    )


def rows_for_export(
    standing: Standing, *, as_of: date, filters: AgeingFilters | None = None
) -> Iterator[AgeingRow]:
    """Every row of the report, most overdue first."""
    wanted = filters or AgeingFilters()
    table = _Table(_accounts(standing, wanted), wanted, rules.read(as_of))
    for start in range(0, len(table.order), paging.COUNTED):
        yield from table.rows(table.order[start : start + paging.COUNTED])


def _accounts(standing: Standing, wanted: AgeingFilters) -> QuerySet[Account]:
    exact = {
        "currency": wanted.currency or None,
        "project_id": wanted.project,
        "collector_id": wanted.collector,
        "product": wanted.product or None,
    }
    found = Account.objects.filter(
        **{name: value for name, value in exact.items() if value is not None}
    )
    return scope.visible(standing, found, READ)


class _Table:
    """The accounts as columns under one definition; `order` are the places of the rows shown."""

    def __init__(self, accounts: QuerySet[Account], wanted: AgeingFilters, in_force: Rules) -> None:
        self.as_of = in_force.as_of
        definition = in_force.ageing(wanted.definition)
        self.labels = definition.buckets.labels
        book = _book(accounts, in_force.as_of)
        self.book = book
        positions = standings.position(book, in_force)
        aged = measure.aged(
            book.obligations.lines(),
            measure.Accounts(
                book.accounts.id, book.unapplied_minor, np.zeros(len(book.accounts), np.int64)
            ),
            definition,
            as_of=book.as_of,
            pauses=_pauses(book),
        )
        uncovered = standings.uncovered(book, positions)
        self.ids, self.dpd, self.buckets = book.accounts.id, positions.dpd, aged.amounts
        self.sums = {name: getattr(aged, name) for name in SUMS[:7]} | {
            "covered_minor": positions.overdue_minor - uncovered, "uncovered_minor": uncovered,
        }  # fmt: skip
        overdue = self.buckets.sum(axis=1)
        is_shown = (overdue > 0) if wanted.is_overdue_only else np.ones(len(self.ids), bool)
        is_shown &= self._has_anything()
        ranked = np.lexsort((self.ids, -overdue))
        self.order = ranked[is_shown[ranked]]

    def _has_anything(self) -> np.ndarray:
        found = np.asarray(self.buckets.any(axis=1))
        for amounts in self.sums.values():
            found = found | (amounts != 0)
        return found

    def amounts(self, at: int) -> Amounts:
        """The amounts of one account."""
        return Amounts(
            tuple(int(amount) for amount in self.buckets[at]),
            *(int(self.sums[name][at]) for name in SUMS),
        )

    def rows(self, places: np.ndarray) -> list[AgeingRow]:
        """The rows at these places with their names."""
        ids = [int(self.ids[at]) for at in places]
        known = Account.objects.select_related("party", "project", "collector").in_bulk(ids)
        contracts = _contracts(ids)
        paid = _last_paid(ids, self.as_of)
        return [
            _row(known[each], contracts[each], paid.get(each), self, int(at))
            for each, at in zip(ids, places, strict=True)
        ]

    def groups(self, by: str) -> tuple[AgeingGroup, ...]:
        """The sums per group and currency, the most overdue first."""
        key = self._keys(by)
        currency = self.book.accounts.currency.astype(np.int64)
        pairs, where = np.unique(np.stack([key, currency]), axis=1, return_inverse=True)
        where, size = where.ravel(), pairs.shape[1]
        buckets = [sum_by(where, column, size) for column in self.buckets.T]
        sums = {name: sum_by(where, amounts, size) for name, amounts in self.sums.items()}
        counts = np.bincount(where[self.order], minlength=size)
        names = _names(by, set(pairs[0].tolist()), self.book.words)
        made = [
            AgeingGroup(
                int(pairs[0][at]) if by in ("project", "collector", "creditor") else None,
                names.get(int(pairs[0][at]), ""),
                self.book.words["currency"][int(pairs[1][at])],
                int(counts[at]),
                Amounts(
                    tuple(int(column[at]) for column in buckets),
                    *(int(sums[name][at]) for name in SUMS),
                ),
            )
            for at in range(size)
            if counts[at]
        ]
        return tuple(sorted(made, key=lambda each: (each.currency, -each.amounts.overdue_minor)))

    def _keys(self, by: str) -> np.ndarray:
        if by == "none":
            return np.zeros(len(self.ids), np.int64)
        name = "product" if by == "product" else f"{by}_id"
        return getattr(self.book.accounts, name).astype(np.int64)


def _book(accounts: QuerySet[Account], as_of: date) -> load.Book:
    if accounts.order_by().values("pk")[: BY_IDS + 1].count() <= BY_IDS:
        return load.book(as_of=as_of, account_ids=accounts.values_list("id", flat=True))
    whole = load.book(as_of=as_of)
    if not accounts.query.where:
        return whole
    return load.book(as_of=as_of, account_ids=accounts.values_list("id", flat=True))


def _pauses(book: load.Book) -> Pauses | None:
    held = book.holds.take(book.is_word("hold", book.holds.kind, "pause"))
    return Pauses(held.account_id, held.since_on, held.until_on) if len(held) else None


def _row(
    account: Account, contracts: list[tuple[str, str]], paid_on: date | None, table: _Table, at: int
) -> AgeingRow:
    return AgeingRow(
        account_id=account.id,
        account_number=account.number,
        name=account.party.name,
        contracts=tuple(number for number, _ in contracts),
        units=tuple(unit for _, unit in contracts if unit),
        project=account.project.name if account.project else "",
        product=account.product,
        currency=account.currency,
        collector=account.collector.name if account.collector else "",
        dpd=int(table.dpd[at]),
        last_paid_on=paid_on,
        amounts=table.amounts(at),
    )


def _contracts(ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Contract.objects.filter(account_id__in=ids).order_by("number")
    for account_id, number, unit in rows.values_list("account_id", "number", "asset__code"):
        found[account_id].append((number, unit or ""))
    return found


def _last_paid(ids: list[int], as_of: date) -> dict[int, date]:
    found = (
        Receipt.objects.filter(account_id__in=ids, kind="money", value_on__lte=as_of)
        .filter(Q(reversal__isnull=True) | Q(reversal__effective_on__gt=as_of))
        .values_list("account_id")
    )
    return dict(found.annotate(last=Max("value_on")).order_by())


def _names(by: str, ids: set[int], words: dict[str, tuple[str, ...]]) -> dict[int, str]:
    if by == "product":
        return dict(enumerate(words.get("product", ())))
    if by == "none":
        return {}
    found = Account.objects.filter(**{f"{by}_id__in": ids}).order_by()
    return dict(found.values_list(f"{by}_id", f"{by}__name").distinct())


def _ties(accounts: QuerySet[Account], table: _Table, as_of: date) -> dict[str, int]:
    """Per currency the report's balance less what was raised, adjusted and received in all."""
    if len(table.ids) > TIED:
        return {}
    mine = {"account__in": accounts.order_by().values("id")}
    owed: dict[str, int] = defaultdict(int)
    for sign, rows, amount, currency in (
        (1, Obligation.objects.filter(**mine, raised_on__lte=as_of), "amount_minor", "account"),
        (1, Adjustment.objects.filter(**mine, effective_on__lte=as_of,
                                      obligation__raised_on__lte=as_of),
         "amount_minor", "account"),
        (-1, Receipt.objects.filter(**mine, value_on__lte=as_of), "amount_minor", "account"),
        (1, Reversal.objects.filter(receipt__account__in=mine["account__in"],
                                    effective_on__lte=as_of, receipt__value_on__lte=as_of),
         "receipt__amount_minor", "receipt__account"),
    ):  # fmt: skip
        summed: Any = rows.values_list(f"{currency}__currency").annotate(n=Sum(amount)).order_by()
        for code, found in summed:
            owed[code] += sign * found
    totals = {group.currency: group.amounts.balance_minor for group in table.groups("none")}
    return {code: totals.get(code, 0) - owed[code] for code in sorted({*owed, *totals})}
