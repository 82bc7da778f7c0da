"""What came in, from an import: receipts, amounts brought forward, cheques.

The paid column of a schedule is brought forward as one receipt a line. Where a file of receipts
follows, those would count twice: they are held, unless the schedule was read with its paid
column left alone (option `paid: ignore`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tahsil.actions.importing.desk import Desk, as_day, hold, taken
from tahsil.store import rows as rows_of
from tahsil.store.models import Contract, ImportRow, Instrument, Receipt

METHODS = {"cash", "transfer", "cheque", "card"}
STATES = {
    "collected": "cleared", "cleared": "cleared", "bounced": "bounced", "in_safe": "in_safe",
    "under_collection": "under_collection", "returned": "returned_to_customer",
    "partially_paid": "partially_paid", "legal": "with_legal", "with_legal": "with_legal",
    "security": "in_safe", "held": "held", "replaced": "replaced", "cancelled": "cancelled",
}  # fmt: skip
FORWARD = "brought_forward"


def brought_forward(desk: Desk, rows: list[ImportRow]) -> None:
    """One receipt for what a line says was paid, set against that line."""
    if desk.options.get("paid") == "ignore":
        for row in rows:
            row.status = "left"  # as asked, so it is no reject
        return
    ready = []
    for row in rows:
        line = desk.lines.get(row.values["line_key"])
        if line is None:
            hold(row, "import.line_not_taken", "The line this was paid on was not taken.")
        elif row.values["amount_minor"] <= 0:
            hold(row, "import.not_received", "An amount of nothing or less was not received.")
        else:
            ready.append((row, line))
    _receive(desk, [(row, _forward(desk, row, line)) for row, line in ready])


def balances(desk: Desk, rows: list[ImportRow]) -> None:
    """What contracts of a mixed list had paid, brought forward and spread by the waterfall."""
    ready = []
    for row in rows:
        contract = Contract.objects.get(id=desk.opened[row.values["contract_key"]])
        ready.append((row, _forward_balance(desk, row, contract)))
    _receive(desk, ready)


def receipts(desk: Desk, rows: list[ImportRow]) -> None:
    """Receipts on the contract they name; those that name none or several wait for a person."""
    ready = [(row, contract) for row in rows if (contract := _contract(desk, row)) is not None]
    accounts = {contract.account_id for _, contract in ready}
    doubled = set(
        Receipt.objects.filter(account_id__in=accounts, instrument=FORWARD, reversal=None)
        .exclude(batch=desk.batch)
        .values_list("account_id", flat=True)
    )
    for row, contract in ready:
        if contract.account_id in doubled:
            hold(
                row,
                "import.counted",
                "What contract {number} paid was brought forward with its schedule, so this "
                "receipt would count twice. Undo that import and leave its paid column alone.",
                number=contract.number,
            )
    ready = [(row, contract) for row, contract in ready if row.status != "held"]
    _receive(desk, [(row, _receipt(desk, row, contract)) for row, contract in ready])


def cheques(desk: Desk, rows: list[ImportRow]) -> None:
    """Cheques as cover of what they were given for. Covered is never paid."""
    ready = []
    for row in rows:
        values = row.values
        if values.get("needs"):
            hold(row, "import.needs", "This cheque needs a decision first: {needs}.",
                 needs=values["needs"])  # fmt: skip
        elif not values.get("amount_minor") or values["amount_minor"] <= 0:
            hold(row, "import.not_received", "An amount of nothing or less was not received.")
        elif (contract := _contract(desk, row)) is not None:
            ready.append((row, _instrument(desk, values, contract)))
    made = rows_of.insert([paper for _, paper in ready])
    for (row, _), paper in zip(ready, made, strict=True):
        desk.touched.add(paper.account_id)
        taken(row, f"instrument:{paper.id}")


def _receive(desk: Desk, ready: list[tuple[ImportRow, Receipt]]) -> None:
    made = rows_of.insert([receipt for _, receipt in ready])
    for (row, _), receipt in zip(ready, made, strict=True):
        desk.touched.add(receipt.account_id)
        taken(row, f"receipt:{receipt.id}")


def _forward(desk: Desk, row: ImportRow, line: int) -> Receipt:
    account_id, contract_id, due, amount = desk.line_account[line]
    paid = row.values["amount_minor"]
    on = as_day(row.values["received_on"]) or min(filter(None, (due, desk.as_of)))
    return Receipt(
        account_id=account_id,
        contract_id=contract_id,
        number=f"BF-{desk.batch.id}-{row.row}",
        amount_minor=paid,
        instrument=FORWARD,
        value_on=min(on, desk.as_of),
        recorded_at=desk.now,
        instruction=[[line, min(paid, amount)]],
        note=desk.batch.file_name[:200],
        batch=desk.batch,
    )


def _forward_balance(desk: Desk, row: ImportRow, contract: Contract) -> Receipt:
    return Receipt(
        account_id=contract.account_id,
        contract=contract,
        number=f"BF-{desk.batch.id}-{row.row}",
        amount_minor=row.values["paid_minor"],
        instrument=FORWARD,
        value_on=desk.as_of,
        recorded_at=desk.now,
        note=desk.batch.file_name[:200],
        batch=desk.batch,
    )


def _receipt(desk: Desk, row: ImportRow, contract: Contract) -> Receipt:
    values = row.values
    return Receipt(
        account_id=contract.account_id,
        contract=contract,
        number=str(values["number"])[:60],
        amount_minor=values["amount_minor"],
        instrument=values["method"] if values["method"] in METHODS else "other",
        reference=" ".join(values["cheque_numbers"])[:80],
        bank=(values["bank"] or values["bank_text"] or "")[:80],
        value_on=as_day(values["received_on"]),
        recorded_at=desk.now,
        payer=(values["party_name"] or "")[:160],
        note=(values["label"] or "")[:200],
        batch=desk.batch,
    )


def _instrument(desk: Desk, values: dict[str, Any], contract: Contract) -> Instrument:
    state = STATES.get(values.get("status") or "", "in_safe")
    bounced: date | None = desk.as_of if state == "bounced" else None
    return Instrument(
        account_id=contract.account_id,
        contract=contract,
        number=str(values["number"])[:40],
        bank=(values.get("bank") or values.get("bank_text") or "")[:80],
        drawer=(values.get("drawer") or "")[:160],
        kind="security_cheque" if values.get("is_security") else "cheque",
        amount_minor=values["amount_minor"],
        matures_on=as_day(values.get("due_on")),
        state=state,
        place=(values.get("place") or "")[:80],
        bounced_on=bounced,
        note=(values.get("notes") or "")[:200],
        batch=desk.batch,
    )


def _contract(desk: Desk, row: ImportRow) -> Contract | None:
    """The one contract a receipt or cheque belongs to; otherwise the row is held and told why."""
    values = row.values
    if (opened := desk.opened.get(values.get("contract_key") or "")) is not None:
        return Contract.objects.get(id=opened)
    if fault := _not_money(values):
        hold(row, *fault)
        return None
    found = desk.resolve(values)
    if len(found) == 1:
        return found[0]
    if found:
        hold(
            row,
            "import.ambiguous",
            "This may belong to {contracts}. Name the contract in the file.",
            contracts=[contract.number for contract in found[:6]],
        )
    else:
        hold(
            row,
            "import.no_contract_for",
            "No contract of {name} on {unit} is in the book.",
            name=values.get("party_name") or values.get("party_code") or "–",
            unit=values.get("unit") or values.get("contract") or "–",
        )
    return None


def _not_money(values: dict[str, Any]) -> tuple[str, str] | None:
    """Why a receipt row is no money that came in, if so."""
    if values.get("is_cancelled"):
        return "import.cancelled", "This receipt is cancelled in the file; its number is noted."
    if "split" in values.get("needs", ()):
        return "import.split", "One receipt for several units: say how much is for each."
    if values["amount_minor"] <= 0:
        return "import.not_received", "An amount of nothing or less was not received."
    if "received_on" in values and values["received_on"] is None:
        return "import.no_date", "A receipt without a date cannot be placed in time."
    return None
