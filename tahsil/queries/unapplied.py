"""Money that came in and pays nothing yet: by receipt and by account, the oldest first.

An account's money has an owner, a reason and a day to look at it again; from a policy's day on it
is too old to lie there.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from tahsil.core.grammar.authority import Standing
from tahsil.queries import paging
from tahsil.queries.paging import SIZE, Page
from tahsil.store import policies, scope
from tahsil.store.models import Account, Allocation, BankMatch, Receipt

VIEWS = ("queue", "mine", "unowned", "old", "all")


@dataclass(frozen=True)
class UnappliedRow:
    """A receipt with what of it pays nothing, and for how many days."""

    receipt_id: int
    number: str
    account_id: int
    account_number: str
    name: str
    collector: str
    value_on: date
    currency: str
    amount_minor: int
    unapplied_minor: int
    days: int


@dataclass(frozen=True)
class OnAccountRow:
    """An account's unapplied money: how old, whose, why, what next; `is_old` by policy."""

    account_id: int
    account_number: str
    name: str
    currency: str
    unapplied_minor: int
    overdue_minor: int
    oldest_on: date
    days: int
    receipts: tuple[UnappliedRow, ...]
    owner: str
    reason: str
    note: str
    step_on: date | None
    is_old: bool
    is_due: bool


@dataclass(frozen=True)
class SuspenseRow:
    """A bank line whose payer is not known, with who looks for them."""

    line_id: int
    booked_on: date
    bank_account: str
    text: str
    payer: str
    currency: str
    amount_minor: int
    owner: str
    reason: str
    days: int
    is_old: bool


@dataclass(frozen=True)
class OnAccounts:
    """A page of one view; `totals` by currency of all it holds, and from when on it is too old."""

    view: str
    page: Page[OnAccountRow]
    totals: tuple[tuple[str, int, int], ...]  # currency, accounts, minor
    counts: dict[str, int]
    alert_days: int


def unapplied(
    standing: Standing, *, as_of: date, verb: str = "account.read", page: int = 1, size: int = SIZE
) -> Page[UnappliedRow]:
    """The receipts of accounts with unapplied money that have a rest, the oldest first."""
    seen: QuerySet[Receipt, Any] = scope.visible(
        standing, _resting(as_of), verb, "account__"
    ).select_related("account__party", "account__collector")
    return paging.of(
        seen.filter(account__standing__unapplied_minor__gt=0).order_by("value_on", "id"),
        lambda records: [_row(each, as_of) for each in records],
        page=page,
        size=size,
    )


def by_account(
    standing: Standing, *, as_of: date, view: str = "queue", page: int = 1, size: int = SIZE
) -> OnAccounts:
    """The accounts with money on account in that view, the oldest money first.

    The queue is one's own whose day has come, with what nobody owns and what is too old.
    """
    days = alert_days(as_of)
    known = _accounts(standing, as_of)
    views = {each: known.filter(_in(each, standing, as_of, days)) for each in VIEWS}
    found = views[view]
    totals = (
        found.order_by()
        .values_list("currency")
        .annotate(count=Sum(Value(1)), sum=Sum("standing__unapplied_minor"))
        .order_by("currency")
    )
    return OnAccounts(
        view,
        paging.of(
            found.order_by(F("oldest"), "id"),
            lambda records: _on_accounts(records, as_of, days),
            page=page,
            size=size,
        ),
        tuple(totals),
        {each: paging.bounded_count(rows) for each, rows in views.items()},
        days,
    )


def suspense(standing: Standing, *, as_of: date, is_own: bool = False) -> tuple[SuspenseRow, ...]:
    """The bank lines in suspense, the oldest first; of one's own where asked."""
    live = BankMatch.objects.filter(purpose="suspense", undone_at=None, matched_on__lte=as_of)
    if is_own:
        live = live.filter(owner_id=standing.actor_id)
    days = alert_days(as_of)
    rows = live.select_related("line__bank_account", "owner").order_by("line__booked_on", "id")
    return tuple(
        SuspenseRow(
            each.line_id, each.line.booked_on, each.line.bank_account.code, each.line.text[:120],
            each.line.payer, each.line.bank_account.currency, each.amount_minor,
            each.owner.name if each.owner else "", each.reason,
            age := (as_of - each.line.booked_on).days, age >= days,
        )
        for each in rows[: SIZE * 4]
    )  # fmt: skip


def alert_days(as_of: date) -> int:
    """From how many days on money on account is too old to lie there."""
    return int(policies.at("refund", "default", as_of)[0]["alert_days"])


def _resting(as_of: date) -> QuerySet[Receipt, Any]:
    """Receipts that stand and have a rest on the day."""
    paid = Allocation.objects.filter(receipt=OuterRef("pk"), effective_on__lte=as_of)
    total = paid.order_by().values("receipt").annotate(sum=Sum("amount_minor")).values("sum")
    found = Receipt.objects.filter(value_on__lte=as_of).exclude(reversal__effective_on__lte=as_of)
    rest = F("amount_minor") - Coalesce(Subquery(total), Value(0))
    return found.annotate(rest=rest).filter(rest__gt=0)


def _accounts(standing: Standing, as_of: date) -> QuerySet[Account, Any]:
    resting = _resting(as_of).filter(account=OuterRef("pk")).order_by("value_on")
    found = Account.objects.filter(standing__unapplied_minor__gt=0)
    return (
        scope.visible(standing, found, "account.read")
        .annotate(oldest=Subquery(resting.values("value_on")[:1]))
        .filter(oldest__isnull=False)
        .select_related("party", "standing", "on_account__owner")
    )


def _in(view: str, standing: Standing, as_of: date, days: int) -> Q:
    mine = Q(on_account__owner_id=standing.actor_id)
    unowned = Q(on_account=None) | Q(on_account__owner=None)
    old = Q(oldest__lte=date.fromordinal(as_of.toordinal() - days))
    due = Q(on_account__step_on=None) | Q(on_account__step_on__lte=as_of)
    return {
        "queue": (mine & due) | unowned | old,
        "mine": mine,
        "unowned": unowned,
        "old": old,
        "all": Q(),
    }[view]


def _on_accounts(records: list[Any], as_of: date, days: int) -> list[OnAccountRow]:
    resting = _resting(as_of).filter(account_id__in=[each.id for each in records])
    found: dict[int, list[UnappliedRow]] = defaultdict(list)
    for receipt in resting.select_related("account__party", "account__collector").order_by(
        "value_on", "id"
    ):
        found[receipt.account_id].append(_row(receipt, as_of))
    return [_on_account(each, found[each.id], as_of, days) for each in records]


def _on_account(each: Any, rests: list[UnappliedRow], as_of: date, alert: int) -> OnAccountRow:
    kept = getattr(each, "on_account", None)
    age = (as_of - each.oldest).days
    return OnAccountRow(
        account_id=each.id,
        account_number=each.number,
        name=each.party.name,
        currency=each.currency,
        unapplied_minor=sum(row.unapplied_minor for row in rests),
        overdue_minor=each.standing.overdue_minor,
        oldest_on=each.oldest,
        days=age,
        receipts=tuple(rests),
        owner=kept.owner.name if kept and kept.owner else "",
        reason=kept.reason if kept else "",
        note=kept.note if kept else "",
        step_on=kept.step_on if kept else None,
        is_old=age >= alert,
        is_due=bool(kept and kept.step_on and kept.step_on <= as_of),
    )


def _row(each: Any, as_of: date) -> UnappliedRow:
    account = each.account
    return UnappliedRow(
        each.id, each.number, account.id, account.number, account.party.name,
        account.collector.name if account.collector else "", each.value_on, account.currency,
        each.amount_minor, each.rest, (as_of - each.value_on).days,
    )  # fmt: skip
