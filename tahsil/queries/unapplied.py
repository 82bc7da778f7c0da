"""Money that came in and pays nothing yet: receipts with a rest, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from tahsil.core.grammar.authority import Standing
from tahsil.queries import paging
from tahsil.queries.paging import SIZE, Page
from tahsil.store import scope
from tahsil.store.models import Allocation, Receipt


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


def unapplied(
    standing: Standing, *, as_of: date, verb: str = "account.read", page: int = 1, size: int = SIZE
) -> Page[UnappliedRow]:
    """The receipts of accounts with unapplied money that have a rest, the oldest first."""
    paid = Allocation.objects.filter(receipt=OuterRef("pk"), effective_on__lte=as_of)
    total = paid.order_by().values("receipt").annotate(sum=Sum("amount_minor")).values("sum")
    seen: QuerySet[Receipt, Any] = scope.visible(standing, Receipt.objects.all(), verb, "account__")
    found = (
        seen.filter(account__standing__unapplied_minor__gt=0, reversal=None, value_on__lte=as_of)
        .annotate(rest=F("amount_minor") - Coalesce(Subquery(total), Value(0)))
        .filter(rest__gt=0)
        .select_related("account__party", "account__collector")
    )
    return paging.of(
        found.order_by("value_on", "id"),
        lambda records: [_row(each, as_of) for each in records],
        page=page,
        size=size,
    )


def _row(each: Any, as_of: date) -> UnappliedRow:
    account = each.account
    return UnappliedRow(
        each.id, each.number, account.id, account.number, account.party.name,
        account.collector.name if account.collector else "", each.value_on, account.currency,
        each.amount_minor, each.rest, (as_of - each.value_on).days,
    )  # fmt: skip
