"""One account's rows as of a date, read once, and the same rows as the columns of the core.

Pages of one account, its statement and what a receipt would pay all start here. The whole
portfolio is loaded elsewhere (store/load.py); the rules both go through are the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from django.db.models import F, QuerySet

from tahsil.core.book.allocation import Allocations
from tahsil.core.book.categories import bank_rule_index, category_index
from tahsil.core.book.obligations import Adjustments, Obligations, obligations_of
from tahsil.core.book.receipts import KINDS, Receipts, receipts_of, standing_minor
from tahsil.core.book.statements import LineRow, lines
from tahsil.core.grammar.columns import column
from tahsil.core.grammar.dates import as_days
from tahsil.core.measure.ageing import Lines
from tahsil.queries.instruments import was
from tahsil.store import tries
from tahsil.store.models import (
    Adjustment,
    Allocation,
    Dispute,
    Instrument,
    Obligation,
    Receipt,
)
from tahsil.store.prepared import Prepared

Row = dict[str, Any]


@dataclass(frozen=True)
class Ledger:
    """What is known of one account by the date; amounts in its currency's minor units."""

    account_id: int
    as_of: date
    obligations: list[Row]
    adjustments: list[Row]
    allocations: list[Row]
    receipts: list[Row]
    papers: list[Row]  # an instrument once for each line it names
    disputes: list[Row]

    @cached_property
    def columns(self) -> Obligations:
        """The obligations as the rules of the book take them."""
        return obligations_of(
            [
                (row["id"], category_index(row["category"]), row["due"], row["raised_on"],
                 row["amount_minor"])
                for row in self.obligations
            ]
        )  # fmt: skip

    @cached_property
    def adjusted(self) -> Adjustments:
        """The adjustments effective by the date."""
        return Adjustments(
            column("obligation_id", [row["obligation_id"] for row in self.adjustments]),
            column("amount_minor", [row["amount_minor"] for row in self.adjustments]),
            as_days([row["effective_on"] for row in self.adjustments]),
        )

    @cached_property
    def allocated(self) -> Allocations:
        """The allocations effective by the date."""
        rows = self.allocations
        return Allocations(
            id=column("id", [row["id"] for row in rows]),
            receipt_id=column("receipt_id", [row["receipt_id"] for row in rows]),
            obligation_id=column("obligation_id", [row["obligation_id"] for row in rows]),
            amount_minor=column("amount_minor", [row["amount_minor"] for row in rows]),
            effective_on=as_days([row["effective_on"] for row in rows]),
            reverses_id=column("id", [row["mirrors_id"] or 0 for row in rows]),
        )

    @cached_property
    def received(self) -> Receipts:
        """The receipts and credits that came by the date."""
        return receipts_of(
            [
                (row["id"], row["amount_minor"], row["value_on"], row["reversed"],
                 bank_rule_index(row["rule"]), KINDS.index(row["kind"]))
                for row in self.receipts
            ]
        )  # fmt: skip

    @cached_property
    def lines(self) -> list[LineRow]:
        """Every line with what is paid of it and open, by due date."""
        return lines(self.columns, self.adjusted, self.allocated, as_of=self.as_of)

    @cached_property
    def instruments(self) -> list[Row]:
        """Each instrument once."""
        return list({row["id"]: row for row in reversed(self.papers)}.values())[::-1]

    @cached_property
    def disputed(self) -> dict[int, int]:
        """Per obligation what is contested on the date."""
        found: dict[int, int] = defaultdict(int)
        for row in self.disputes:
            if is_open(row, self.as_of):
                found[row["obligation_id"]] += row["amount_minor"]
        return found

    @cached_property
    def by_id(self) -> dict[int, Row]:
        """The obligations by id."""
        return {row["id"]: row for row in self.obligations}

    @cached_property
    def unapplied_minor(self) -> int:
        """What came in and is set against nothing."""
        standing = standing_minor(self.received, as_of=self.as_of)
        return int(standing.sum()) - sum(row["amount_minor"] for row in self.allocations)

    def aged(self) -> Lines:
        """The lines as ageing takes them."""
        found = self.lines
        return Lines(
            np.full(len(found), self.account_id, dtype=np.int64),
            as_days([line.due_on for line in found]),
            as_days([self.by_id[line.obligation_id]["raised_on"] for line in found]),
            column("amount_minor", [line.amount_minor for line in found]),
            column("paid_minor", [line.paid_minor for line in found]),
            column("disputed_minor", [self.disputed.get(line.obligation_id, 0) for line in found]),
        )

    def of_contract(self, contract_id: int) -> Ledger:
        """Only what belongs to that contract; receipts by what they paid of it."""
        owed = [row for row in self.obligations if row["contract_id"] == contract_id]
        ids = {row["id"] for row in owed}
        paid = [row for row in self.allocations if row["obligation_id"] in ids]
        return Ledger(
            self.account_id,
            self.as_of,
            owed,
            [row for row in self.adjustments if row["obligation_id"] in ids],
            paid,
            _shares(self.receipts, self.allocations, ids, contract_id),
            [row for row in self.papers if row["contract_id"] in (contract_id, None)],
            [row for row in self.disputes if row["obligation_id"] in ids],
        )


def read(account_id: int, *, as_of: date) -> Ledger:
    """The account's rows as of the date, in six queries."""
    asked = {"account_id": account_id, "as_of": as_of}
    return Ledger(
        account_id,
        as_of,
        [_dated(row, as_of) for row in _obligations.rows(**asked)],
        _adjustments.rows(**asked),
        _allocations.rows(**asked),
        [_undone(row, as_of) for row in _receipts.rows(**asked)],
        _instruments.rows(**asked),
        _disputes.rows(**asked),
    )


def is_open(row: Row, as_of: date) -> bool:
    """Whether a dispute or case opened by the date was not yet closed on it."""
    return row["closed_on"] is None or row["closed_on"] > as_of


def _dated(row: Row, as_of: date) -> Row:
    """With the due date in force: what an event gave counts from the day it did."""
    is_dated = row["dated_since"] is not None and row["dated_since"] <= as_of
    return {**row, "due": row["dated_on"] if is_dated else row["due_on"]}


def _undone(row: Row, as_of: date) -> Row:
    """With the day it was reversed, if that was by the date."""
    is_undone = row["undone_on"] is not None and row["undone_on"] <= as_of
    return {**row, "reversed": row["undone_on"] if is_undone else None}


@Prepared
def _obligations(account_id: int, as_of: date) -> QuerySet:
    return (
        Obligation.objects.filter(account_id=account_id, raised_on__lte=as_of)
        .order_by("id")
        .values(
            "id", "contract_id", "seq", "category", "label", "amount_minor", "due_on", "due_event",
            "raised_on", "reference",
            dated_on=F("dated__due_on"), dated_since=F("dated__effective_on"),
        )
    )  # fmt: skip


@Prepared
def _adjustments(account_id: int, as_of: date) -> QuerySet:
    found = Adjustment.objects.filter(account_id=account_id, effective_on__lte=as_of)
    names = ("obligation_id", "kind", "amount_minor", "effective_on", "reason")
    return found.order_by("id").values(*names)


@Prepared
def _allocations(account_id: int, as_of: date) -> QuerySet:
    found = Allocation.objects.filter(account_id=account_id, effective_on__lte=as_of)
    return found.order_by("id").values(
        "id", "receipt_id", "obligation_id", "amount_minor", "effective_on", "mirrors_id"
    )


@Prepared
def _receipts(account_id: int, as_of: date) -> QuerySet:
    return (
        Receipt.objects.filter(account_id=account_id, value_on__lte=as_of)
        .order_by("value_on", "id")
        .values(
            "id", "contract_id", "kind", "number", "amount_minor", "instrument", "reference",
            "bank", "rule", "value_on", "recorded_at", "payer", "note",
            cashier_name=F("cashier__name"), collector_name=F("collector__name"),
            undone_on=F("reversal__effective_on"), undone_why=F("reversal__reason"),
        )
    )  # fmt: skip


@Prepared
def _instruments(account_id: int, as_of: date) -> QuerySet:
    found = Instrument.objects.filter(account_id=account_id).order_by("matures_on", "id")
    return was(found, as_of).values(
        "id", "contract_id", "kind", "number", "bank", "drawer", "amount_minor", "matures_on",
        "state", "was", "place", "bounced_on",
        line_id=F("lines__obligation_id"), part_minor=F("lines__amount_minor"),
        paid_minor=tries.paid(as_of),
    )  # fmt: skip


@Prepared
def _disputes(account_id: int, as_of: date) -> QuerySet:
    found = Dispute.objects.filter(account_id=account_id, opened_on__lte=as_of).order_by("id")
    return found.values(
        "id", "obligation_id", "amount_minor", "code", "note", "state", "opened_on", "closed_on"
    )


def _shares(rows: list[Row], allocations: list[Row], ids: set[int], contract_id: int) -> list[Row]:
    """The receipts of one contract: its own less what they paid elsewhere, of others their part."""
    here: dict[int, int] = defaultdict(int)
    elsewhere: dict[int, int] = defaultdict(int)
    for row in allocations:
        of = here if row["obligation_id"] in ids else elsewhere
        of[row["receipt_id"]] += row["amount_minor"]
    found = []
    for row in rows:
        is_own = row["contract_id"] == contract_id
        part = row["amount_minor"] - elsewhere[row["id"]] if is_own else here[row["id"]]
        if part > 0:
            found.append({**row, "amount_minor": part})
    return found
