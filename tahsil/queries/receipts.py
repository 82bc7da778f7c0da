"""Receipts: one receipt as it is printed, and what a receipt would pay before it is recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from tahsil.core.book import allocation
from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import accounts, lines, masks, money_cards, parties, rules
from tahsil.queries import ledger as ledgers
from tahsil.queries.cards import AllocationPart
from tahsil.store import scope
from tahsil.store.models import Contract, Receipt


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
    payer_relation: str
    payer_identity: str
    has_consent: bool
    book: str
    paper_number: int | None
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


def receipt(standing: Standing, receipt_id: int, *, as_of: date) -> ReceiptPage:
    """One receipt with what it paid; refused where its account may not be seen."""
    found = Receipt.objects.filter(id=receipt_id).select_related(
        "account__party", "account__creditor", "contract__asset", "collector",
        "cashier__branch", "series__branch", "reversal", "third_party", "paper__book",
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
    third, paper = getattr(row, "third_party", None), getattr(row, "paper", None)
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
        payer_relation=third.relation if third else "",
        payer_identity=masks.identity(third.identity, is_open=False) if third else "",
        has_consent=bool(third and third.has_consent),
        book=paper.book.code if paper else "",
        paper_number=paper.serial if paper else None,
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
        receipt=allocation.Incoming(
            amount_minor,
            day,
            rule,
            tuple(instruction),
            account.currency,
            {each: _name(row, contracts) for each, row in ledger.by_id.items()},
        ),
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


def _name(row: ledgers.Row, contracts: dict[int, Contract]) -> allocation.LineName:
    contract = contracts.get(row["contract_id"] or 0)
    label = row["label"] or row["category"]
    return allocation.LineName(contract.number if contract else "", label, row["due"])


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
