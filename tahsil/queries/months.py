"""Due against collected by month (report 5.3): what fell due, and what is paid of it by now."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from tahsil.core.book.categories import REFUND
from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.dates import add_months, month
from tahsil.queries.home_cards import MonthEfficiency
from tahsil.store import scope
from tahsil.store.models import Adjustment, Allocation, Obligation, Receipt

READ = "report.read"
MONTHS = 13


def efficiency(
    standing: Standing, *, as_of: date, months: int = MONTHS
) -> dict[str, tuple[MonthEfficiency, ...]]:
    """Per currency the months up to this one, oldest first; lines count by their due date.

    On time is what was paid of a line by its due date; efficiency is what is paid by now, over due.
    """
    first = add_months(as_of.replace(day=1), 1 - months)
    last = month(as_of).until
    counts: dict[tuple[str, date], list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for currency, due_on, number, amount in _due(standing, first, last, as_of):
        _add(counts[currency, due_on.replace(day=1)], number, amount)
    for currency, due_on, amount in _adjusted(standing, first, last, as_of):
        _add(counts[currency, due_on.replace(day=1)], 0, amount)
    for currency, due_on, on_time, late in _paid(standing, first, last, as_of):
        _add(counts[currency, due_on.replace(day=1)], 0, 0, on_time, late)
    for currency, value_on, amount in _received(standing, first, as_of):
        _add(counts[currency, value_on.replace(day=1)], 0, 0, 0, 0, amount)
    every = [add_months(first, step) for step in range(months)]
    return {
        currency: tuple(_month(each, counts[currency, each]) for each in every)
        for currency in sorted({currency for currency, _ in counts})
    }


def _add(into: list[int], *amounts: int) -> None:
    for at, amount in enumerate(amounts):
        into[at] += amount


def _month(first: date, sums: list[int]) -> MonthEfficiency:
    number, due, on_time, late, received = sums
    paid = on_time + late
    return MonthEfficiency(
        month_on=first,
        due_count=number,
        due_minor=due,
        on_time_minor=on_time,
        late_minor=late,
        open_minor=due - paid,
        received_minor=received,
        efficiency_ppm=paid * 1_000_000 // due if due > 0 else None,
    )


def _within(first: date, last: date, as_of: date, prefix: str = "") -> Q:
    """Lines whose date, given by an event or not, lies in the months; no refunds."""
    return Q(
        **{
            f"{prefix}raised_on__lte": as_of,
            "due__gte": first,
            "due__lt": last,
        }
    ) & ~Q(**{f"{prefix}category": REFUND})


def _due(standing: Standing, first: date, last: date, as_of: date) -> QuerySet:
    found = Obligation.objects.annotate(due=Coalesce("dated__due_on", "due_on"))
    return (
        scope.visible(standing, found, READ, "account__")
        .filter(_within(first, last, as_of))
        .order_by()
        .values_list("account__currency", "due")
        .annotate(n=Count("id"), amount=Sum("amount_minor"))
    )


def _adjusted(standing: Standing, first: date, last: date, as_of: date) -> QuerySet:
    found = Adjustment.objects.annotate(
        due=Coalesce("obligation__dated__due_on", "obligation__due_on")
    ).filter(effective_on__lte=as_of)
    return (
        scope.visible(standing, found, READ, "account__")
        .filter(_within(first, last, as_of, "obligation__"))
        .order_by()
        .values_list("account__currency", "due")
        .annotate(amount=Sum("amount_minor"))
    )


def _paid(standing: Standing, first: date, last: date, as_of: date) -> QuerySet:
    found = Allocation.objects.annotate(
        due=Coalesce("obligation__dated__due_on", "obligation__due_on")
    ).filter(effective_on__lte=as_of)
    in_time = Case(When(effective_on__lte=F("due"), then=F("amount_minor")), default=Value(0))
    late = Case(When(effective_on__gt=F("due"), then=F("amount_minor")), default=Value(0))
    return (
        scope.visible(standing, found, READ, "account__")
        .filter(_within(first, last, as_of, "obligation__"))
        .order_by()
        .values_list("account__currency", "due")
        .annotate(on_time=Sum(in_time), late=Sum(late))
    )


def _received(standing: Standing, first: date, as_of: date) -> QuerySet:
    found = Receipt.objects.filter(kind="money", value_on__gte=first, value_on__lte=as_of).exclude(
        reversal__effective_on__lte=as_of
    )
    return (
        scope.visible(standing, found, READ, "account__")
        .order_by()
        .values_list("account__currency", "value_on")
        .annotate(amount=Sum("amount_minor"))
    )
