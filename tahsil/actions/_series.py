"""Numbers of receipts: gapless per branch, cashier and year, taken inside the act's transaction."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from tahsil.actions._verb import Context
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import Person, ReceiptSeries
from tahsil.store.prepared import Prepared

_COUNT_ON = (
    "UPDATE store_receiptseries SET last = last + 1 "
    "WHERE branch_id = %s AND cashier_id = %s AND year = %s RETURNING id, last"
)


def number(ctx: Context) -> tuple[int, int, str]:
    """The next number of this cashier's series: taken inside the transaction, so without gaps."""
    cashier_id, year = ctx.standing.actor_id, ctx.as_of.year
    found = _place.first(cashier_id=cashier_id)
    if found is None:
        raise Refused(
            "receipt.no_branch",
            "{person} stands in no branch, so there is no series of receipt numbers. "
            "An administrator can name the branch.",
            person=ctx.standing.name,
        )
    branch_id, code, username = found
    series_id, serial = _next(branch_id, cashier_id, year)
    return series_id, serial, f"{code}-{username.upper()}-{year}-{serial:06d}"


@Prepared
def _place(cashier_id: int) -> QuerySet:
    cashiers = Person.objects.filter(id=cashier_id, branch__isnull=False)
    return cashiers.values_list("branch_id", "branch__code", "username")


def _next(branch_id: int, cashier_id: int, year: int) -> tuple[int, int]:
    """The series' id and its next serial; nobody else takes one until the transaction ends."""
    series = (branch_id, cashier_id, year)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ON, series)
        if (counted := cursor.fetchone()) is not None:
            return counted
    ReceiptSeries.objects.get_or_create(branch_id=branch_id, cashier_id=cashier_id, year=year)
    return _next(*series)
