"""What of a receipt may be paid back: its rest since the day, cleared, cool, not promised."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from tahsil.actions import _given, allocating
from tahsil.core.grammar.refusal import Refused
from tahsil.store import policies
from tahsil.store.models import (
    Account,
    Allocation,
    BankMatch,
    Obligation,
    Presentment,
    Receipt,
    RefundPart,
    Standing,
)

CLEARED = ("cleared", "partial")


def parts_of(account: Account, given: Any) -> list[tuple[Receipt, int]]:
    """The receipts with how much of each is meant, each once; refused where one is not there."""
    pairs = _given.as_pairs(given)
    known = Receipt.objects.filter(account=account).select_related("reversal")
    found = known.in_bulk([key for key, _ in pairs])
    if not pairs or len({key for key, _ in pairs}) < len(pairs) or len(found) < len(pairs):
        raise Refused(
            "refund.parts",
            "A refund names the receipts it gives back, each once, with an amount. Those of "
            "account {account} were expected.",
            account=account.number,
        )
    return [(found[key], _given.need_amount(amount)) for key, amount in sorted(pairs)]


def check(
    account: Account, parts: Iterable[tuple[Receipt, int]], *, on: date, today: date,
    refund_id: int = 0,
) -> None:  # fmt: skip
    """Refuses what cannot be paid back on the day: not there, not money, not cleared, too fresh."""
    terms = policies.at("refund", "default", on)[0]
    for receipt, amount in parts:
        _check_money(receipt)
        _check_cool(receipt, terms, on)
        free = rest(receipt, since=on, until=today) - reserved(receipt, but=refund_id)
        if amount > free:
            raise Refused(
                "refund.beyond_rest",
                "Receipt {number} has {free_minor} that pays nothing and is not promised to a "
                "refund; {asked_minor} cannot be paid back from it.",
                number=receipt.number,
                free_minor=max(free, 0),
                asked_minor=amount,
                currency=account.currency,
            )


def rest(receipt: Receipt, *, since: date, until: date) -> int:
    """The least of the receipt that paid nothing on any of these days."""
    if hasattr(receipt, "reversal") or receipt.value_on > since:
        return 0
    paid = (
        Allocation.objects.filter(receipt=receipt, effective_on__lte=until)
        .order_by("effective_on")
        .values_list("effective_on")
        .annotate(sum=Sum("amount_minor"))
    )
    left = least = receipt.amount_minor - sum(amount for on, amount in paid if on <= since)
    for on, amount in paid:
        if on > since:
            left -= amount
            least = min(least, left)
    return least


def reserved(receipt: Receipt, *, but: int = 0) -> int:
    """What of the receipt is promised to refunds that are approved and not yet paid."""
    waiting = RefundPart.objects.filter(
        receipt=receipt, refund__payment=None, refund__ending=None
    ).exclude(refund_id=but)
    return waiting.aggregate(sum=Sum("amount_minor"))["sum"] or 0


def overdue_minor(account: Account, *, on: date) -> int:
    """What is past due on the day: of this account, and of the party's others as last known."""
    left = allocating.open_minor(account.id, as_of=on)
    late = (
        Obligation.objects.filter(id__in=[key for key, open_ in left.items() if open_ > 0])
        .annotate(due=Coalesce(F("dated__due_on"), F("due_on")))
        .filter(due__lt=on)
        .values_list("id", flat=True)
    )
    others = Standing.objects.filter(
        account__party_id=account.party_id,
        account__creditor_id=account.creditor_id,
        account__currency=account.currency,
    ).exclude(account=account)
    return sum(left[key] for key in late) + (others.aggregate(sum=Sum("overdue_minor"))["sum"] or 0)


def _check_money(receipt: Receipt) -> None:
    if receipt.kind != "money":
        raise Refused(
            "refund.no_money",
            "{number} is a {kind}, not money, so there is nothing to pay back.",
            number=receipt.number,
            kind=receipt.kind,
        )
    if receipt.instrument == "cheque" and not _has_cleared(receipt):
        raise Refused(
            "refund.not_cleared",
            "The cheque of receipt {number} is not known to have cleared. It is once the cheque "
            "is cleared in the register, or the bank's line is matched with the receipt.",
            number=receipt.number,
        )


def _has_cleared(receipt: Receipt) -> bool:
    answered = Presentment.objects.filter(receipt=receipt, result__in=CLEARED)
    shown = BankMatch.objects.filter(receipt=receipt, undone_at=None)
    return answered.exists() or shown.exists()


def _check_cool(receipt: Receipt, terms: dict[str, Any], on: date) -> None:
    days = int(terms.get("cooling_days", {}).get(receipt.instrument, 0))
    earliest = receipt.value_on + timedelta(days=days)
    if on < earliest:
        raise Refused(
            "refund.too_soon",
            "Money of receipt {number} can be paid back from {earliest}: a {instrument} may still "
            "be taken back for {days} days.",
            number=receipt.number,
            earliest=earliest,
            instrument=receipt.instrument,
            days=days,
        )
