"""Raising: the obligations of an import, written in bulk and remembered under their rows' keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tahsil.actions.importing.desk import Desk, Line, as_day
from tahsil.core.book.categories import CATEGORIES
from tahsil.store import rows as rows_of
from tahsil.store.models import Account, Contract, Obligation, ScheduleVersion
from tahsil.store.staging import Row

KNOWN = {category.code for category in CATEGORIES}
WORDS = {"invoice": "service_invoice", "demand": "instalment"}
SEQ_MAX = 2**31 - 1
Ready = tuple[Row, Account, Contract | None, ScheduleVersion | None]


def raise_lines(desk: Desk, ready: Sequence[Ready]) -> list[Row]:
    """Writes the obligations in order, each remembered under its row's key; the rows."""
    desk.flush()
    said = [_obligation(desk, *each) for each in ready]
    for (row, account, contract, _), one, key in zip(
        ready, said, rows_of.write(Obligation, said), strict=True
    ):
        amount = one["amount_minor"]
        contract_id = contract.id if contract else None
        desk.touches(account)
        desk.lines[row.key] = Line(
            key, account.id, contract_id, one["due_on"], one["raised_on"], amount
        )
        desk.owed[contract_id or 0] += amount
        row.target = f"obligation:{key}"
    return [row for row, *_ in ready]


def _obligation(
    desk: Desk, row: Row, account: Account, contract: Contract | None, schedule: Any
) -> dict[str, Any]:
    values = row.values
    due = as_day(values.get("due_on"))
    category = WORDS.get(values.get("category") or "", values.get("category") or "instalment")
    begun = as_day(values.get("issued_on")) or desk.begun(contract)
    seq = values.get("seq") or 0
    return {
        "account_id": account.id,
        "contract_id": contract.id if contract else None,
        "schedule_id": schedule.id if schedule else None,
        "seq": seq if 0 <= seq <= SEQ_MAX else 0,
        "category": category if category in KNOWN else "instalment",
        "label": (values.get("label") or "")[:160],
        "amount_minor": values["amount_minor"],
        "due_on": due,
        "due_event": (values.get("due_rule") or "")[:40] if due is None else "",
        "raised_on": min(filter(None, (begun or desk.as_of, due, desk.as_of))),  # before money
        "recorded_at": desk.now,
        "reference": str(values.get("number") or "")[:60],
        "batch_id": desk.batch.id,
    }
