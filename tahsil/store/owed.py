"""What is open: obligations with what corrections and allocations have left of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from tahsil.store.models import Adjustment, Allocation, Obligation

AT_ONCE = 5_000


def open_rows(as_of: date) -> QuerySet[Any, Any]:
    """The obligations raised by the date with `left_minor`, what of them is open on it."""

    def sum_of(model: Any) -> Coalesce:
        mine = model.objects.filter(obligation=OuterRef("pk"), effective_on__lte=as_of)
        total = mine.order_by().values("obligation").annotate(sum=Sum("amount_minor"))
        return Coalesce(Subquery(total.values("sum")), Value(0))

    left = F("amount_minor") + sum_of(Adjustment) - sum_of(Allocation)
    found: QuerySet[Any, Any] = Obligation.objects.filter(raised_on__lte=as_of)
    return found.annotate(left_minor=left).filter(left_minor__gt=0)


def open_of(account_ids: list[int], *, as_of: date) -> dict[tuple[int, int], int]:
    """What is open on each open obligation of these accounts, by account and obligation."""
    found: dict[tuple[int, int], int] = {}
    for part in _parts(account_ids):
        mine = open_rows(as_of).filter(account_id__in=part)
        for account_id, key, left in mine.values_list("account_id", "id", "left_minor"):
            found[account_id, key] = left
    return found


def _parts(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
