"""Schedules that a mixed list only hints at: so many equal payments from a day on."""

from __future__ import annotations

from tahsil.actions.importing.desk import Desk
from tahsil.actions.importing.raising import Ready, raise_lines
from tahsil.core.book.schedules import spread
from tahsil.store.models import Contract
from tahsil.store.staging import Row

CATEGORY = {"rent": "rent", "car": "emi", "service": "service_invoice", "developer": "instalment"}


def raise_series(desk: Desk, row: Row, contract: Contract) -> None:
    """Raises the instalments of a `1-36 monthly` series; anything vaguer raises nothing."""
    series, first = row.values.get("series"), contract.signed_on
    if not series or not series.get("amount_minor") or first is None:
        return
    count, each = series["count"], series["amount_minor"]
    if not 0 < count <= 600 or each <= 0:
        return
    lines = spread(each * count, count, first_on=first, step_months=series["every_months"])
    ready: list[Ready] = []
    for index, (due_on, amount) in enumerate(lines, start=1):
        said = {
            "amount_minor": amount,
            "category": CATEGORY.get(contract.product, "instalment"),
            "label": f"{index}/{count}",
            "seq": index,
            "due_on": due_on.isoformat(),
        }
        line = row.with_values(said)
        line.key = f"{row.key}|{index}"
        ready.append((line, contract.account, contract, desk.schedule_of(contract)))
    raise_lines(desk, ready)
