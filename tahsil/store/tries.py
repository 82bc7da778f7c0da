"""What the bank has paid of papers in part: the rest is what they are still for.

A part stands until its receipt is taken back. The whole, once paid, is the paper's state.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from tahsil.store.models import Presentment


def parts(as_of: date | None = None) -> QuerySet[Any, Any]:
    """The tries that brought a part of their paper, as they stand now or on the date."""
    found: QuerySet[Any, Any] = Presentment.objects.filter(result="partial")
    if as_of is None:
        return found.filter(receipt__reversal=None)
    standing = Q(receipt__reversal=None) | Q(receipt__reversal__effective_on__gt=as_of)
    return found.filter(standing, answered_on__lte=as_of)


def paid(as_of: date) -> Coalesce:
    """Per row of a query of papers what the bank had paid of it in part by the date."""
    mine = parts(as_of).filter(instrument=OuterRef("pk")).order_by()
    total = mine.values("instrument").annotate(sum=Sum("paid_minor"))
    return Coalesce(Subquery(total.values("sum")), Value(0))


def paid_of(instrument_ids: Iterable[int], *, as_of: date | None = None) -> dict[int, int]:
    """By paper what the bank has paid of it in part; papers of which nothing was are left out."""
    found = parts(as_of).filter(instrument_id__in=list(instrument_ids)).order_by()
    return dict(found.values_list("instrument_id").annotate(sum=Sum("paid_minor")))
