"""Cheques of an import: cover of what they were given for. Covered is never paid."""

from __future__ import annotations

from typing import Any

from tahsil.actions.importing.desk import Desk, as_day, hold, is_too_long, is_waiting, remark
from tahsil.actions.importing.known import parts
from tahsil.actions.importing.placing import placed
from tahsil.store import rows as rows_of
from tahsil.store.models import Contract, Instrument
from tahsil.store.staging import Row

STATES = {
    "collected": "cleared", "cleared": "cleared", "bounced": "bounced", "in_safe": "in_safe",
    "under_collection": "under_collection", "returned": "returned_to_customer",
    "partially_paid": "partially_paid", "legal": "with_legal", "with_legal": "with_legal",
    "security": "in_safe", "held": "held", "replaced": "replaced", "cancelled": "cancelled",
}  # fmt: skip


def write(desk: Desk, rows: list[Row], paid: dict[str, int]) -> None:
    """Cheques on the contract they name; `paid` is what contracts of a mixed list had paid."""
    found: list[tuple[Row, Contract]] = []
    for row in desk.each(rows):
        if is_waiting(row) or is_too_long(row, (row.values["number"], 40)):
            continue
        if (row.values.get("amount_minor") or 0) <= 0:
            hold(row, "import.not_received")
        elif (contract := placed(desk, row)) is not None:
            found.append((row, contract))
    settled = _settled(found, paid)
    known = _known(found)
    ready: list[tuple[Row, dict[str, Any]]] = []
    for row, contract in found:
        said = _said(desk, row, contract, row.key in settled)
        same = (said["account_id"], said["bank"], said["number"], said["kind"])
        if said["number"] and same in known:
            hold(row, "import.cheque_known", number=said["number"])
            continue
        known.add(same)
        ready.append((row, said))
    ids = rows_of.write(Instrument, [said for _, said in ready])
    for (row, said), key in zip(ready, ids, strict=True):
        row.target = f"instrument:{key}"
        desk.touched.add(said["account_id"])


def _settled(found: list[tuple[Row, Contract]], paid: dict[str, int]) -> set[str]:
    """The cheques of rents that the money paid to date reaches, the earliest first."""
    left = dict(paid)
    settled = set()
    named = [row for row, contract in found if contract.product == "rent"]
    for row in sorted(named, key=lambda row: row.values.get("due_on") or ""):
        key = row.values.get("contract_key") or ""
        amount = row.values["amount_minor"]
        if row.values.get("status") is None and left.get(key, 0) >= amount:
            left[key] -= amount
            settled.add(row.key)
            remark(row, "import.cheque_settled")
    return settled


def _known(found: list[tuple[Row, Contract]]) -> set[tuple[Any, ...]]:
    """What tells cheques of these accounts apart, of those in the book."""
    known: set[tuple[Any, ...]] = set()
    for part in parts({contract.account_id for _, contract in found}):
        rows = Instrument.objects.filter(account_id__in=part).exclude(number="")
        known |= set(rows.values_list("account_id", "bank", "number", "kind"))
    return known


def _said(desk: Desk, row: Row, contract: Contract, is_settled: bool) -> dict[str, Any]:
    values = row.values
    state = "cleared" if is_settled else STATES.get(values.get("status") or "", "in_safe")
    # When it bounced is known only where the list says when it was last deposited.
    bounced = as_day(values.get("deposited_on")) if state == "bounced" else None
    return {
        "account_id": contract.account_id,
        "contract_id": contract.id,
        "number": str(values["number"]),
        "bank": (values.get("bank") or values.get("bank_text") or "")[:80],
        "drawer": (values.get("drawer") or "")[:160],
        "kind": "security_cheque" if values.get("is_security") else "cheque",
        "amount_minor": values["amount_minor"],
        "matures_on": as_day(values.get("due_on")),
        "state": state,
        "place": (values.get("place") or "")[:80],
        "bounced_on": bounced,
        "note": (values.get("notes") or "")[:200],
        "batch_id": desk.batch.id,
    }
