"""Receipts and papers of one account as cards, from its ledger."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tahsil.queries.cards import AllocationPart, InstrumentCard, ReceiptCard
from tahsil.queries.ledger import Ledger
from tahsil.queries.lines import cover_of


def receipts(ledger: Ledger, numbers: dict[int, str]) -> tuple[ReceiptCard, ...]:
    """The account's receipts, newest first, each with what it pays on the date."""
    parts = parts_by_receipt(ledger, numbers)
    return tuple(_receipt(row, parts.get(row["id"], ())) for row in reversed(ledger.receipts))


def parts_by_receipt(
    ledger: Ledger, numbers: dict[int, str]
) -> dict[int, tuple[AllocationPart, ...]]:
    """Per receipt what stands of it on each line, in the order paid."""
    sums: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in ledger.allocations:
        sums[row["receipt_id"]][row["obligation_id"]] += row["amount_minor"]
    return {
        receipt_id: tuple(
            _part(ledger.by_id[obligation_id], amount, numbers)
            for obligation_id, amount in found.items()
            if amount and obligation_id in ledger.by_id
        )
        for receipt_id, found in sums.items()
    }


def _part(row: dict[str, Any], amount: int, numbers: dict[int, str]) -> AllocationPart:
    number = numbers.get(row["contract_id"] or 0, "")
    return AllocationPart(row["id"], row["label"], row["category"], row["due"], number, amount)


def _receipt(row: dict[str, Any], parts: tuple[AllocationPart, ...]) -> ReceiptCard:
    is_reversed = row["reversed"] is not None
    left = 0 if is_reversed else row["amount_minor"] - sum(part.amount_minor for part in parts)
    return ReceiptCard(
        id=row["id"],
        number=row["number"],
        kind=row["kind"],
        instrument=row["instrument"],
        reference=row["reference"],
        bank=row["bank"],
        amount_minor=row["amount_minor"],
        unapplied_minor=left,
        value_on=row["value_on"],
        recorded_at=row["recorded_at"],
        payer=row["payer"],
        cashier=row["cashier_name"] or "",
        is_reversed=is_reversed,
        reversed_on=row["reversed"],
        reversal_reason=(row["undone_why"] or "") if is_reversed else "",
        note=row["note"],
        parts=() if is_reversed else parts,
    )


def instruments(ledger: Ledger, numbers: dict[int, str]) -> tuple[InstrumentCard, ...]:
    """The account's cheques and other papers by maturity."""
    return tuple(
        InstrumentCard(
            id=row["id"],
            kind=row["kind"],
            number=row["number"],
            bank=row["bank"],
            drawer=row["drawer"],
            amount_minor=row["amount_minor"],
            matures_on=row["matures_on"],
            state=row["was"],
            cover=cover_of({**row, "state": row["was"]}, ledger.as_of),
            place=row["place"],
            bounced_on=row["bounced_on"],
            contract_number=numbers.get(row["contract_id"] or 0, ""),
        )
        for row in ledger.instruments
    )


def float_minor(ledger: Ledger) -> int:
    """What is with the bank and not yet cleared."""
    return sum(
        row["amount_minor"] - row["paid_minor"]
        for row in ledger.instruments
        if cover_of(row, ledger.as_of) == "float"
    )
