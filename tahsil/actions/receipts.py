"""Receipts: recorded under a gapless number, reversed once, reallocated by mirror rows.

What a receipt pays is settled by replaying its account (allocating.py), so that one dated before
others pays what it would have paid then. Cheques held are not receipts: covered is never paid.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from tahsil.actions import (
    _alike,
    _books,
    _cash,
    _given,
    _limits,
    _linking,
    _payer,
    _proposing,
    _series,
    allocating,
)
from tahsil.actions._verb import Act, Context, account_of, verb
from tahsil.core.book.allocation import Incoming
from tahsil.core.book.categories import REFUND, bank_rule_index
from tahsil.core.grammar.authority import Verdict, strictest
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
# Refused unless somebody confirms.
SAME = ("receipt.duplicate", "receipt.maybe_same", "receipt.from_bank")


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


def _recording(ctx: Context, **params: Any) -> Verdict:
    return strictest(_back_dating(ctx, **params), _cash.judge(ctx, **params))


@verb("receipt.record", limits=_recording)
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
    payer_relation: str = "",
    payer_identity: str = "",
    has_consent: bool = False,
    paper_number: int | None = None,
) -> Act:
    """Money came in; it gets a number and pays what is owed in the policy's order.

    What is said of the payer is of one who is not the debtor; the paper's number is that of a
    leaf in a receipt book one holds.
    """
    value_on = _given.need_date(value_on, "value date")
    account = locked(account_id)
    _check_words(instrument, kind)
    bank_rule_index(rule)
    told: dict[str, Any] = {
        "payer_relation": payer_relation, "payer_identity": payer_identity,
        "has_consent": has_consent,
    }  # fmt: skip
    third = _payer.check(ctx, account, payer, told, amount_minor=amount_minor)
    if not confirm:
        _alike.check(account_id, amount_minor, value_on, instrument, reference)
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
    _payer.keep(receipt, third)
    if paper_number is not None:
        _books.take(ctx, receipt, paper_number)
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
    check_contract(account.id, contract_id)
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
        instruction=_proposing.said(account.id, contract_id, instruction, money=money),
        note=note.strip(),
    )
    rows.insert([receipt])
    allocating.settle([account.id], now=ctx.now, since=value_on)
    _cash.taken(ctx, account, receipt)
    return receipt


def _reversing(ctx: Context, *, account_id: int, receipt_id: int, **params: Any) -> Verdict:
    receipt = _receipt(account_id, receipt_id)
    _linking.check_unnamed(receipt)  # before anybody is asked
    return _judged(ctx, "receipt_reversal", receipt)


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
    _linking.check_unnamed(receipt)
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
    _cash.undone(ctx, receipt)


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
    before, back_minor = _movable(receipt, on)
    for obligation_id, amount in before:
        left[obligation_id] += amount
    held = receipt.amount_minor - back_minor
    incoming = Incoming(held, on, receipt.rule, tuple(_given.as_pairs(instruction)))
    parts = _proposing.proposed(account_id, left, incoming).parts
    move = (receipt.id, on, _proposing.merged(parts))
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


def _movable(receipt: Receipt, on: date) -> tuple[list[tuple[int, int]], int]:
    """What the receipt pays that may be moved, and how much of it was paid back."""
    refunds = Obligation.objects.filter(account_id=receipt.account_id, category=REFUND)
    back = set(refunds.values_list("id", flat=True))
    paid = _paid(receipt, on)
    movable = [pair for pair in paid if pair[0] not in back]
    return movable, sum(amount for _, amount in paid) - sum(amount for _, amount in movable)


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
