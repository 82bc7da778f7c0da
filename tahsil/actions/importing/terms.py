"""Schedules that a mixed list only hints at: so many equal payments from a day on."""

from __future__ import annotations

from typing import Any

from tahsil.actions.importing.desk import Desk
from tahsil.core.book.schedules import spread
from tahsil.store.models import Contract, Obligation, ScheduleVersion

CATEGORY = {"rent": "rent", "car": "emi", "service": "service_invoice", "developer": "instalment"}


def raise_series(
    desk: Desk, contract: Contract, values: dict[str, Any], schedule: ScheduleVersion
) -> None:
    """Raises the instalments of a `1-36 monthly` series; anything vaguer raises nothing."""
    series, first = values.get("series"), contract.signed_on
    if not series or not series.get("amount_minor") or first is None:
        return
    category = CATEGORY.get(contract.product, "instalment")
    count, each = series["count"], series["amount_minor"]
    lines = spread(each * count, count, first_on=first, step_months=series["every_months"])
    Obligation.objects.bulk_create(
        [
            Obligation(
                account=contract.account,
                contract=contract,
                schedule=schedule,
                seq=index,
                category=category,
                label=f"{index}/{count}",
                amount_minor=amount,
                due_on=due_on,
                raised_on=first,
                recorded_at=desk.now,
                batch=desk.batch,
            )
            for index, (due_on, amount) in enumerate(lines, start=1)
        ]
    )
