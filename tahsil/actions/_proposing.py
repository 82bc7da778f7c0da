"""What money would pay when it is told where to go: by the payer, or by us on a later day.

The payer's word stands with the receipt (receipts.py); ours is an act of its own day.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F

from tahsil.actions import allocating
from tahsil.actions._verb import account_of
from tahsil.core.book.allocation import Incoming, LineName, Proposal, propose
from tahsil.core.book.categories import category_index
from tahsil.core.book.obligations import obligations_of
from tahsil.store.models import Contract, Obligation


def said(
    account_id: int, contract_id: int | None, pairs: list[tuple[int, int]], *, money: Incoming
) -> list[list[int]]:
    """The payer's instruction: as given, or what the named contract's own order makes of it."""
    if not pairs and contract_id is None:
        return []
    left = allocating.open_minor(account_id, as_of=money.effective_on)
    if pairs:
        proposed(account_id, left, money._replace(instructions=tuple(pairs)))  # or refused
        return [list(pair) for pair in pairs]
    return merged(proposed(account_id, left, money, contract_id=contract_id).parts)


def proposed(
    account_id: int, left: dict[int, int], money: Incoming, *, contract_id: int | None = None
) -> Proposal:
    """What the money would pay of these open amounts, by the account's waterfall."""
    if money.instructions:
        money = _named(account_id, money)
    owed = Obligation.objects.filter(account_id=account_id, id__in=left).order_by("id")
    if contract_id is not None:
        owed = owed.filter(contract_id=contract_id)
    lines = [
        (key, category_index(category), dated or due, raised, max(left[key], 0))
        for key, category, due, dated, raised in owed.values_list(
            "id", "category", "due_on", F("dated__due_on"), "raised_on"
        )
    ]
    columns = obligations_of(lines)
    codes = Contract.objects.filter(account_id=account_id).order_by("-id")
    code = codes.values_list("waterfall", flat=True).first() or "standard"
    waterfall = allocating.waterfall_at(code)(money.effective_on)
    return propose(columns, columns.amount_minor, receipt=money, waterfall=waterfall)


def _named(account_id: int, money: Incoming) -> Incoming:
    """The same money, with what a refusal of its instructions calls the lines."""
    rows = Obligation.objects.filter(account_id=account_id).values_list(
        "id", "contract__number", "label", "category", "due_on", "dated__due_on"
    )
    names = {
        key: LineName(number or "", label or category, dated or due)
        for key, number, label, category, due, dated in rows
    }
    return money._replace(currency=account_of(account_id).currency, names=names)


def merged(parts: Any) -> list[list[int]]:
    """One pair per line, in the order of the first."""
    found: dict[int, int] = {}
    for obligation_id, amount in parts:
        found[obligation_id] = found.get(obligation_id, 0) + amount
    return [[obligation_id, amount] for obligation_id, amount in found.items()]
