"""Refunds: to pay, paid and over; one with its receipts; what of an account may be paid back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import accounts, money_cards, paging, parties
from tahsil.queries import ledger as ledgers
from tahsil.queries.paging import SIZE, Page
from tahsil.store import policies, scope
from tahsil.store.models import (
    Account,
    BankAccount,
    BankLine,
    BankMatch,
    Refund,
    RefundPart,
    Request,
)

VIEWS = ("asked", "approved", "paid", "over")
NEAR = timedelta(days=30)  # how far from its paying a bank line may lie to be offered


@dataclass(frozen=True)
class RefundRow:
    """One refund; `days` it has waited to be paid, `is_matched` where the bank's line is known."""

    id: int
    number: str
    account_id: int
    account_number: str
    name: str
    currency: str
    amount_minor: int
    payee: str
    reason: str
    state: str
    asked_by: str
    approved_by: str
    approved_on: date
    paid_on: date | None
    method: str
    bank_account: str
    reference: str
    days: int
    is_matched: bool


@dataclass(frozen=True)
class AskedRow:
    """A refund that waits for somebody's yes."""

    request_id: int
    account_id: int
    account_number: str
    name: str
    currency: str
    amount_minor: int
    payee: str
    asked_by: str
    asked_at: datetime
    approvers: tuple[str, ...]


@dataclass(frozen=True)
class Refunds:
    """A page of one view, and how many there are in each; `asked` are requests."""

    view: str
    page: Page[RefundRow]
    asked: tuple[AskedRow, ...]
    counts: dict[str, int]


@dataclass(frozen=True)
class RefundedReceipt:
    """How much of a receipt is given back."""

    receipt_id: int
    number: str
    value_on: date
    instrument: str
    payer: str
    amount_minor: int


@dataclass(frozen=True)
class OfferedLine:
    """An unexplained bank line that may show the refund."""

    line_id: int
    booked_on: date
    bank_account: str
    text: str
    amount_minor: int


@dataclass(frozen=True)
class RefundPage:
    """One refund as it is shown and printed."""

    row: RefundRow
    name_other: str
    creditor: str
    creditor_ar: str
    payee_reason: str
    is_despite_overdue: bool
    paid_by: str
    iban: str
    ended_on: date | None
    end_reason: str
    receipts: tuple[RefundedReceipt, ...]
    lines: tuple[OfferedLine, ...]
    bank_accounts: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class FreeReceipt:
    """A receipt with a rest, of which `free_minor` is promised to no refund yet."""

    receipt_id: int
    number: str
    value_on: date
    instrument: str
    payer: str
    amount_minor: int
    unapplied_minor: int
    free_minor: int
    earliest_on: date


@dataclass(frozen=True)
class Refundable:
    """What of an account lies there unapplied, and what is overdue meanwhile."""

    account_id: int
    currency: str
    name: str
    overdue_minor: int
    is_set_off_first: bool
    receipts: tuple[FreeReceipt, ...]


def refunds(
    standing: Standing, *, as_of: date, view: str = "approved", account_id: int | None = None,
    page: int = 1, size: int = SIZE,
) -> Refunds:  # fmt: skip
    """The refunds of that view: those to pay oldest first, the others newest first."""
    known = _known(standing, as_of)
    if account_id is not None:
        known = known.filter(account_id=account_id)
    found = {each: known.filter(_in(each, as_of)) for each in VIEWS[1:]}
    waiting = _asked(standing, account_id)
    chosen = found.get(view, known.none())
    order = ("approved_on", "id") if view == "approved" else ("-approved_on", "-id")
    counts = {each: paging.bounded_count(rows) for each, rows in found.items()}
    return Refunds(
        view,
        paging.of(chosen.order_by(*order), lambda rows: _rows(rows, as_of), page=page, size=size),
        waiting,
        {"asked": len(waiting), **counts},
    )


def refund(standing: Standing, refund_id: int, *, as_of: date) -> RefundPage:
    """One refund; refused where its account may not be seen."""
    found = _known(standing, as_of).filter(id=refund_id).first()
    if found is None:
        raise Refused("refund.unknown", "There is no refund {refund_id}.", refund_id=refund_id)
    (row,) = _rows([found], as_of)
    account, paid = found.account, getattr(found, "payment", None)
    ending = getattr(found, "ending", None)
    is_over = row.state in ("cancelled", "came_back")
    return RefundPage(
        row=row,
        name_other=parties.other_name(account.party_id),
        creditor=account.creditor.name,
        creditor_ar=account.creditor.name_ar,
        payee_reason=found.payee_reason,
        is_despite_overdue=found.is_despite_overdue,
        paid_by=paid.by.name if paid and paid.by else "",
        iban=paid.bank_account.iban if paid and paid.bank_account else "",
        ended_on=ending.effective_on if ending and is_over else None,
        end_reason=ending.reason if ending and is_over else "",
        receipts=tuple(
            RefundedReceipt(each.receipt_id, each.receipt.number, each.receipt.value_on,
                            each.receipt.instrument, each.receipt.payer, each.amount_minor)
            for each in found.parts.select_related("receipt").order_by("id")
        ),
        lines=_lines(found, row),
        bank_accounts=_bank_accounts(account.creditor_id, account.currency),
    )  # fmt: skip


def refundable(standing: Standing, account_id: int, *, as_of: date) -> Refundable:
    """The account's receipts that have a rest; from when each may be paid back, and how much."""
    account = accounts.readable(standing, account_id)
    terms = policies.at("refund", "default", as_of)[0]
    ledger = ledgers.read(account_id, as_of=as_of)
    cards = [
        card
        for card in money_cards.receipts(ledger, {})
        if card.kind == "money" and card.unapplied_minor > 0 and not card.is_reversed
    ]
    promised = _promised([card.id for card in cards])
    late = sum(
        line.open_minor
        for line in ledger.lines
        if line.open_minor > 0 and line.due_on and line.due_on < as_of
    )
    cooling = terms.get("cooling_days", {})
    return Refundable(
        account_id, account.currency, account.name, late,
        bool(terms.get("is_set_off_first")),
        tuple(
            FreeReceipt(card.id, card.number, card.value_on, card.instrument, card.payer,
                        card.amount_minor, card.unapplied_minor,
                        max(card.unapplied_minor - promised.get(card.id, 0), 0),
                        card.value_on + timedelta(days=int(cooling.get(card.instrument, 0))))
            for card in reversed(cards)
        ),
    )  # fmt: skip


def _known(standing: Standing, as_of: date) -> QuerySet[Refund]:
    found = Refund.objects.filter(approved_on__lte=as_of).select_related(
        "account__party", "account__creditor", "asked_by", "approved_by", "ending",
        "payment__bank_account", "payment__by",
    )  # fmt: skip
    return scope.visible(standing, found, accounts.READ, "account__")


def _in(view: str, as_of: date) -> Q:
    """The refunds in that view on the day."""
    is_over = Q(ending__effective_on__lte=as_of)
    is_paid = Q(payment__value_on__lte=as_of)
    if view == "over":
        return is_over
    open_ = Q(ending=None) | Q(ending__effective_on__gt=as_of)
    return open_ & (is_paid if view == "paid" else ~is_paid)


def _asked(standing: Standing, account_id: int | None) -> tuple[AskedRow, ...]:
    found = Request.objects.filter(verb="refund.ask", state="waiting").select_related("asked_by")
    seen = scope.visible(standing, Account.objects.all(), accounts.READ)
    if account_id is not None:
        seen = seen.filter(id=account_id)
    rows = list(found.filter(account_id__in=seen.values("id")).order_by("asked_at", "id")[:SIZE])
    known = seen.select_related("party").in_bulk([row.account_id for row in rows])
    return tuple(_waiting(row, known[row.account_id]) for row in rows)


def _waiting(row: Request, account: Account) -> AskedRow:
    return AskedRow(
        row.id, account.id, account.number, account.party.name, account.currency,
        sum(int(amount) for _, amount in row.params["parts"]),
        str(row.reasons[0][2].get("payee", "")) if row.reasons else "",
        row.asked_by.name, row.asked_at, tuple(row.approvers),
    )  # fmt: skip


def _rows(found: Iterable[Refund], as_of: date) -> list[RefundRow]:
    rows = list(found)
    ids = [row.id for row in rows]
    live = BankMatch.objects.filter(refund_id__in=ids, purpose="refund", undone_at=None)
    matched = set(live.values_list("refund_id", flat=True))
    return [_row(row, as_of, is_matched=row.id in matched) for row in rows]


def _row(row: Any, as_of: date, *, is_matched: bool) -> RefundRow:
    paid = getattr(row, "payment", None)
    paid = paid if paid and paid.value_on <= as_of else None
    ending = getattr(row, "ending", None)
    state = "paid" if paid else "approved"
    if ending and ending.effective_on <= as_of:
        state = ending.kind
    return RefundRow(
        id=row.id,
        number=row.number,
        account_id=row.account_id,
        account_number=row.account.number,
        name=row.account.party.name,
        currency=row.account.currency,
        amount_minor=row.amount_minor,
        payee=row.payee,
        reason=row.reason,
        state=state,
        asked_by=row.asked_by.name if row.asked_by else "",
        approved_by=row.approved_by.name if row.approved_by else "",
        approved_on=row.approved_on,
        paid_on=paid.value_on if paid else None,
        method=paid.method if paid else "",
        bank_account=paid.bank_account.code if paid and paid.bank_account else "",
        reference=paid.reference if paid else "",
        days=(as_of - row.approved_on).days if state == "approved" else 0,
        is_matched=is_matched,
    )


def _lines(found: Any, row: RefundRow) -> tuple[OfferedLine, ...]:
    """Unexplained lines of the bank account it left, over the same amount and near the day."""
    paid = getattr(found, "payment", None)
    if paid is None or paid.bank_account_id is None or row.state not in ("paid", "came_back"):
        return ()
    is_back = row.state == "came_back"
    if row.is_matched and not is_back:
        return ()
    lines = BankLine.objects.filter(
        bank_account_id=paid.bank_account_id,
        amount_minor=row.amount_minor if is_back else -row.amount_minor,
        state__in=("open", "suspended"),
        booked_on__gte=paid.value_on - NEAR,
    ).select_related("bank_account")
    return tuple(
        OfferedLine(each.id, each.booked_on, each.bank_account.code, each.text[:120],
                    each.amount_minor)
        for each in lines.order_by("booked_on", "id")[:5]
    )  # fmt: skip


def _bank_accounts(creditor_id: int, currency: str) -> tuple[tuple[int, str], ...]:
    found = BankAccount.objects.filter(creditor_id=creditor_id, currency=currency).order_by("code")
    return tuple((each.id, f"{each.code} · {each.bank}") for each in found)


def _promised(ids: list[int]) -> dict[int, int]:
    """Per receipt what is promised to refunds that are approved and not yet paid."""
    waiting = RefundPart.objects.filter(
        receipt_id__in=ids, refund__payment=None, refund__ending=None
    )
    found: dict[int, int] = {}
    for key, amount in waiting.values_list("receipt_id", "amount_minor"):
        found[key] = found.get(key, 0) + amount
    return found
