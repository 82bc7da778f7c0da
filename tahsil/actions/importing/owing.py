"""What is owed, from an import: schedule lines, invoices and demands, balances without a list."""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import Any

from django.db.models import Sum

from tahsil.actions.importing import contracts
from tahsil.actions.importing.desk import Desk, as_day, hold, taken
from tahsil.core.book.categories import CATEGORIES
from tahsil.store import rows as rows_of
from tahsil.store.models import Account, Contract, Dispute, ImportRow, Obligation

KNOWN = {category.code for category in CATEGORIES}
WORDS = {"invoice": "service_invoice", "demand": "instalment"}


def lines(desk: Desk, rows: list[ImportRow]) -> None:
    """Schedule lines under their contract; a contract nobody listed is opened from its schedule."""
    ready = []
    for row in rows:
        if (contract := _contract(desk, row)) is not None and _is_positive(row):
            desk.begins(contract, as_day(row.values["due_on"]))
            schedule = contracts.schedule_of(desk, contract)
            ready.append((row, contract.account, contract, schedule))
    _raise(desk, ready)


def items(desk: Desk, rows: list[ImportRow]) -> None:
    """Invoices and demands; an invoice list needs no contract, only whose they are."""
    ready = []
    for row in rows:
        if not _is_positive(row):
            continue
        contract_id = desk.opened.get(row.values.get("contract_key") or "")
        if contract_id is not None:
            contract = Contract.objects.select_related("account").get(id=contract_id)
            ready.append((row, contract.account, contract, None))
            continue
        found = desk.resolve(row.values) if row.values.get("contract") else []
        if len(found) == 1:
            ready.append((row, found[0].account, found[0], None))
            continue
        party = desk.party_of(row.values)
        account = desk.account_of(party, row.values["currency"], "service")
        ready.append((row, account, None, None))
    for row, obligation in _raise(desk, ready):
        if row.values.get("is_disputed") and not row.values.get("settled_on"):
            _dispute(desk, obligation)


def rents(desk: Desk, rows: list[ImportRow]) -> None:
    """A rent's named cheques are its instalments: each is owed on the day written on it."""
    ready = []
    for row in rows:
        contract = _of_key(desk, row)
        if contract is None or contract.product != "rent" or row.values["needs"]:
            continue
        line = copy(row)
        line.values = {**row.values, "category": "rent", "label": "", "seq": 0, "number": ""}
        ready.append((line, contract.account, contract, contracts.schedule_of(desk, contract)))
    _raise(desk, ready)


def balances(desk: Desk, rows: list[ImportRow]) -> list[ImportRow]:
    """What a contract's balance says is owed beyond its listed lines, with no due date.

    A rent's payments settled its oldest cheques. Elsewhere listed lines are open as far as the
    balance reaches, and what was paid beyond them was owed before the list. Returns the rows
    that say what was paid, for the receipts to take.
    """
    ready, paid = [], []
    for row in rows:
        contract = _of_key(desk, row)
        if contract is None:
            hold(row, "import.no_contract", "No contract stands for this balance.")
            continue
        listed = Obligation.objects.filter(contract=contract, batch=desk.batch)
        found = listed.aggregate(total=Sum("amount_minor"))["total"] or 0
        for due, amount in _beyond(row, contract, found):
            line = copy(row)
            line.values = {**row.values, **_opening(amount, due)}
            schedule = contracts.schedule_of(desk, contract)
            ready.append((line, contract.account, contract, schedule))
        if (row.values["paid_minor"] or 0) > 0:
            paid.append(row)
        taken(row, f"contract:{contract.id}")
    _raise(desk, ready)
    return paid


def _beyond(row: ImportRow, contract: Contract, listed: int) -> list[tuple[date | None, int]]:
    """(due date, amount) of what the list does not name."""
    balance, paid = max(row.values["balance_minor"] or 0, 0), row.values["paid_minor"] or 0
    if contract.product == "rent":
        parts = [(None, balance + paid - listed)]
    else:
        before = paid - (listed - min(listed, balance))
        parts = [(contract.signed_on, before), (None, balance - listed)]
    return [(due, amount) for due, amount in parts if amount > 0]


def _opening(amount: int, due: date | None) -> dict[str, Any]:
    return {
        "amount_minor": amount,
        "category": "opening_balance",
        "label": "",
        "seq": 0,
        "due_on": due.isoformat() if due else None,
        "due_rule": None,
    }


def _raise(desk: Desk, ready: list[tuple[ImportRow, Account, Any, Any]]) -> list:
    """Writes the obligations in order; remembers each under its record's key."""
    made = rows_of.insert([_obligation(desk, *each) for each in ready])
    pairs = [(row, obligation) for (row, *_), obligation in zip(ready, made, strict=True)]
    for row, obligation in pairs:
        desk.touched.add(obligation.account_id)
        desk.lines[row.key] = obligation.id
        desk.line_account[obligation.id] = (
            obligation.account_id,
            obligation.contract_id,
            obligation.due_on,
            obligation.amount_minor,
        )
        taken(row, f"obligation:{obligation.id}")
    return pairs


def _obligation(
    desk: Desk, row: ImportRow, account: Account, contract: Any, schedule: Any
) -> Obligation:
    values = row.values
    due = as_day(values.get("due_on"))
    category = WORDS.get(values.get("category"), values.get("category") or "instalment")
    issued = as_day(values.get("issued_on"))
    begun = issued or desk.begun(contract)
    return Obligation(
        account=account,
        contract=contract,
        schedule=schedule,
        seq=values.get("seq") or 0,
        category=category if category in KNOWN else "instalment",
        label=(values.get("label") or "")[:160],
        amount_minor=values["amount_minor"],
        due_on=due,
        due_event=(values.get("due_rule") or "")[:40] if due is None else "",
        raised_on=min(filter(None, (begun or desk.as_of, due, desk.as_of))),  # before any receipt
        recorded_at=desk.now,
        reference=str(values.get("number") or "")[:60],
        batch=desk.batch,
    )


def _contract(desk: Desk, row: ImportRow) -> Contract | None:
    values = row.values
    found = desk.resolve(values)
    if len(found) > 1:
        hold(
            row,
            "import.ambiguous",
            "This may belong to {contracts}. Name the contract in the file.",
            contracts=[contract.number for contract in found[:6]],
        )
        return None
    if found:
        desk.touched.add(found[0].account_id)
        return found[0]
    if "split" in values.get("needs", ()) or "contract" in values.get("needs", ()):
        hold(row, "import.no_unit", "This line names no single unit or contract.")
        return None
    return contracts.open_for(desk, values)


def _of_key(desk: Desk, row: ImportRow) -> Contract | None:
    contract_id = desk.opened.get(row.values.get("contract_key") or "")
    if contract_id is None:
        return None
    return Contract.objects.select_related("account").get(id=contract_id)


def _is_positive(row: ImportRow) -> bool:
    amount = row.values.get("amount_minor")
    if amount and amount > 0:
        return True
    hold(
        row,
        "import.not_owed",
        "An amount of nothing or less is not owed. Record a credit as a receipt.",
    )
    return False


def _dispute(desk: Desk, obligation: Obligation) -> None:
    Dispute.objects.create(
        account_id=obligation.account_id,
        obligation=obligation,
        amount_minor=obligation.amount_minor,
        code="D_AMOUNT",
        note=desk.batch.file_name,
        opened_on=desk.as_of,
    )
