"""Receipts: recorded under a gapless number, reversed once, reallocated by mirror rows.

What a receipt pays is settled by replaying its account (allocating.py), so that one dated before
others pays what it would have paid then. Cheques held are not receipts: covered is never paid.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, QuerySet, Sum

from tahsil.actions import _given, _limits, _series, allocating
from tahsil.actions._verb import Act, Context, account_of, verb
from tahsil.core.book.allocation import Incoming, LineName, Proposal, propose
from tahsil.core.book.categories import bank_rule_index, category_index
from tahsil.core.book.obligations import obligations_of
from tahsil.core.grammar.authority import Verdict
from tahsil.core.grammar.refusal import Refused
from tahsil.store import rows, standing
from tahsil.store.models import (
    Account,
    Allocation,
    Contract,
    Obligation,
    Receipt,
    Reversal,
)
from tahsil.store.prepared import Prepared

INSTRUMENTS = ("cash", "transfer", "cheque", "card", "direct_debit", "certificate")
KINDS = ("money", "withholding", "retention", "credit_note")


def _back_dating(ctx: Context, *, amount_minor: int, value_on: Any, **params: Any) -> Verdict:
    _given.need_amount(amount_minor)
    days = (ctx.as_of - _given.need_date(value_on, "value date")).days
    if days < 0:
        raise Refused(
            "receipt.future",
            "The value date {value_on} has not come yet. The latest is {latest}.",
            value_on=value_on,
            latest=ctx.as_of,
        )
    return _limits.judge(ctx, "receipt_back_dating", days=days) if days else _limits.FREE


@verb("receipt.record", limits=_back_dating)
def record(
    ctx: Context,
    *,
    account_id: int,
    amount_minor: int,
    value_on: date | str,
    instrument: str,
    contract_id: int | None = None,
    reference: str = "",
    bank: str = "",
    rule: str = "any",
    payer: str = "",
    note: str = "",
    instruction: Any = (),
    kind: str = "money",
    confirm: bool = False,
) -> Act:
    """Money came in; it gets a number and pays what is owed in the policy's order."""
    value_on = _given.need_date(value_on, "value date")
    account = locked(account_id)
    _check_words(instrument, kind)
    bank_rule_index(rule)
    if not confirm:
        _check_duplicate(account_id, amount_minor, value_on, reference)
    receipt = take(
        ctx,
        account,
        amount_minor=amount_minor,
        value_on=value_on,
        instrument=instrument,
        contract_id=contract_id,
        instruction=_given.as_pairs(instruction),
        reference=reference,
        bank=bank,
        rule=rule,
        payer=payer,
        note=note,
        kind=kind,
    )
    standing.refresh([account_id], as_of=ctx.as_of)
    return Act(f"receipt:{receipt.id}", account_id, facts_of(receipt, account), value_on)


def take(
    ctx: Context,
    account: Account,
    *,
    amount_minor: int,
    value_on: date,
    instrument: str,
    contract_id: int | None = None,
    instruction: list[tuple[int, int]],
    reference: str = "",
    bank: str = "",
    rule: str = "any",
    payer: str = "",
    note: str = "",
    kind: str = "money",
    bank_account_id: int | None = None,
    number: str = "",
) -> Receipt:
    """The receipt under its number, set against what it pays; part of whichever act took it.

    Money a bank statement shows has the bank line's `number`, and no cashier.
    """
    series_id, serial = None, None
    if not number:
        series_id, serial, number = _series.number(ctx)
    money = Incoming(amount_minor, value_on, rule)
    receipt = Receipt(
        account_id=account.id,
        contract_id=contract_id,
        kind=kind,
        number=number,
        series_id=series_id,
        serial=serial,
        amount_minor=amount_minor,
        instrument=instrument,
        reference=reference.strip(),
        bank=bank.strip(),
        rule=rule,
        bank_account_id=bank_account_id,
        value_on=value_on,
        recorded_at=ctx.now,
        payer=payer.strip(),
        cashier_id=ctx.standing.actor_id if serial else None,
        collector_id=account.collector_id,
        instruction=_said(account.id, contract_id, instruction, money=money),
        note=note.strip(),
    )
    rows.insert([receipt])
    allocating.settle([account.id], now=ctx.now, since=value_on)
    return receipt


def _reversing(ctx: Context, *, account_id: int, receipt_id: int, **params: Any) -> Verdict:
    return _judged(ctx, "receipt_reversal", _receipt(account_id, receipt_id))


@verb("receipt.reverse", limits=_reversing)
def reverse(
    ctx: Context,
    *,
    account_id: int,
    receipt_id: int,
    reason: str,
    effective_on: date | str | None = None,
) -> Act:
    """A receipt was taken back; what it paid is open again as if it had never been paid."""
    account = locked(account_id)
    receipt = _standing_receipt(account_id, receipt_id)
    reason = _given.need_text(reason, "reason")
    on = _given.as_date(effective_on, "effective date") or ctx.as_of
    if not receipt.value_on <= on <= ctx.as_of:
        raise Refused(
            "receipt.reversal_date",
            "Receipt {number} can be reversed from {earliest} to {latest}, not on {effective_on}.",
            number=receipt.number,
            earliest=receipt.value_on,
            latest=ctx.as_of,
            effective_on=on,
        )
    opened = dict(_paid(receipt, on))
    undo(ctx, receipt, reason=reason, on=on)
    standing.refresh([account_id], as_of=ctx.as_of)
    facts = {**_head(receipt, account), "reason": reason, "opened": list(opened.items())}
    return Act(f"receipt:{receipt.id}", account_id, facts, on)


def undo(ctx: Context, receipt: Receipt, *, reason: str, on: date) -> None:
    """The receipt's reversal from that day; part of whichever act took it back."""
    Reversal.objects.create(receipt=receipt, reason=reason, effective_on=on, recorded_at=ctx.now)
    allocating.settle([receipt.account_id], now=ctx.now, since=on)


def _moving(ctx: Context, *, account_id: int, receipt_id: int, **params: Any) -> Verdict:
    return _judged(ctx, "receipt_reallocation", _receipt(account_id, receipt_id))


@verb("receipt.reallocate", limits=_moving)
def reallocate(
    ctx: Context, *, account_id: int, receipt_id: int, instruction: Any, reason: str
) -> Act:
    """A receipt's money was moved to other lines from today; the rest follows the policy."""
    account = locked(account_id)
    receipt = _standing_receipt(account_id, receipt_id)
    reason = _given.need_text(reason, "reason")
    on = max(ctx.as_of, receipt.value_on)
    left = allocating.open_minor(account_id, as_of=on)
    before = _paid(receipt, on)
    for obligation_id, amount in before:
        left[obligation_id] += amount
    incoming = Incoming(receipt.amount_minor, on, receipt.rule, tuple(_given.as_pairs(instruction)))
    parts = _proposed(account_id, left, incoming).parts
    move = (receipt.id, on, _merged(parts))
    allocating.settle([account_id], now=ctx.now, since=on, move=move)
    standing.refresh([account_id], as_of=ctx.as_of)
    facts = {
        **_head(receipt, account),
        "receipt_id": receipt.id,
        "reason": reason,
        "before": before,
        "parts": move[2],
    }
    return Act(f"receipt:{receipt.id}", account_id, facts, on)


def locked(account_id: int) -> Account:
    """The account, with nobody else writing its money until this transaction ends."""
    return _locked.first(account_id=account_id) or account_of(account_id)  # which refuses


@Prepared
def _locked(account_id: int) -> QuerySet:
    return Account.objects.select_for_update().filter(id=account_id)


def check_contract(account_id: int, contract_id: int | None) -> None:
    """Refuses a contract that is not of this account; none is allowed."""
    if contract_id is None:
        return
    if not Contract.objects.filter(id=contract_id, account_id=account_id).exists():
        raise Refused(
            "contract.unknown",
            "There is no contract {contract_id} on this account.",
            contract_id=contract_id,
        )


def facts_of(receipt: Receipt, account: Account) -> dict[str, Any]:
    """What the receipt's event keeps: its head, what it paid and what stayed unapplied."""
    paid = _paid(receipt, receipt.value_on)
    return {
        **_head(receipt, account),
        "instrument": receipt.instrument,
        "reference": receipt.reference,
        "payer": receipt.payer,
        "value_on": receipt.value_on,
        "kind": receipt.kind,
        "paid": paid,
        "unapplied_minor": receipt.amount_minor - sum(amount for _, amount in paid),
    }


def _head(receipt: Receipt, account: Account) -> dict[str, Any]:
    return {
        "number": receipt.number,
        "amount_minor": receipt.amount_minor,
        "currency": account.currency,
    }


def _paid(receipt: Receipt, on: date) -> list[tuple[int, int]]:
    """(obligation, amount) the receipt pays as of the date, in the obligations' order."""
    sums = _sums.rows(receipt_id=receipt.id, on=on)
    return sorted((obligation_id, paid) for obligation_id, paid in sums if paid)


@Prepared
def _sums(receipt_id: int, on: date) -> QuerySet:
    parts = Allocation.objects.filter(receipt_id=receipt_id, effective_on__lte=on)
    return parts.values_list("obligation_id").annotate(paid=Sum("amount_minor"))


def _judged(ctx: Context, limit: str, receipt: Receipt) -> Verdict:
    currency = receipt.account.currency
    return _limits.judge(ctx, limit, currency=currency, amount_minor=receipt.amount_minor)


def _receipt(account_id: int, receipt_id: int) -> Receipt:
    found = Receipt.objects.filter(id=receipt_id, account_id=account_id).first()
    if found is None:
        raise Refused(
            "receipt.unknown",
            "There is no receipt {receipt_id} on this account.",
            receipt_id=receipt_id,
        )
    return found


def _standing_receipt(account_id: int, receipt_id: int) -> Receipt:
    receipt = _receipt(account_id, receipt_id)
    undone = Reversal.objects.filter(receipt=receipt).first()
    if undone is not None:
        raise Refused(
            "receipt.reversed",
            "Receipt {number} was reversed on {reversed_on}: {reason}. Record a new one.",
            number=receipt.number,
            reversed_on=undone.effective_on,
            reason=undone.reason,
        )
    return receipt


def _check_words(instrument: str, kind: str) -> None:
    for name, word, known in (("instrument", instrument, INSTRUMENTS), ("kind", kind, KINDS)):
        if word not in known:
            raise Refused(
                f"receipt.{name}",
                "{word} is not a known {name} of receipts. Known: {known}.",
                word=word or "-",
                name=name,
                known=list(known),
            )


def _check_duplicate(account_id: int, amount_minor: int, value_on: date, reference: str) -> None:
    same = _alike.first(
        account_id=account_id,
        amount_minor=amount_minor,
        value_on=value_on,
        reference=reference.strip(),
    )
    if same is not None:
        receipt_id, number = same
        raise Refused(
            "receipt.duplicate",
            "Receipt {number} has the same amount, value date and reference. "
            "Confirm that this is another one, or give its reference.",
            number=number,
            receipt_id=receipt_id,
        )


@Prepared
def _alike(account_id: int, amount_minor: int, value_on: date, reference: str) -> QuerySet:
    receipts = Receipt.objects.filter(account_id=account_id, value_on=value_on, reversal=None)
    same = receipts.filter(amount_minor=amount_minor, reference=reference)
    return same.order_by("id").values_list("id", "number")


def _said(
    account_id: int, contract_id: int | None, pairs: list[tuple[int, int]], *, money: Incoming
) -> list[list[int]]:
    """The payer's instruction: as given, or what the named contract's own order makes of it."""
    check_contract(account_id, contract_id)
    if not pairs and contract_id is None:
        return []
    left = allocating.open_minor(account_id, as_of=money.effective_on)
    if pairs:
        _proposed(account_id, left, money._replace(instructions=tuple(pairs)))  # or refused
        return [list(pair) for pair in pairs]
    return _merged(_proposed(account_id, left, money, contract_id=contract_id).parts)


def _proposed(
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


def _merged(parts: Any) -> list[list[int]]:
    found: dict[int, int] = {}
    for obligation_id, amount in parts:
        found[obligation_id] = found.get(obligation_id, 0) + amount
    return [[obligation_id, amount] for obligation_id, amount in found.items()]
