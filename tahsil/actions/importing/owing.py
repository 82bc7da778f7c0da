"""What is owed, from an import: schedule lines, invoices and demands, balances without a list.

A contract that was transferred, cancelled or terminated keeps its lines for the record, and each
is adjusted on the day it was raised to what was paid on it: nothing more falls due.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Sum

from tahsil.actions.importing import contracts
from tahsil.actions.importing.desk import ENDED, Desk, as_day, hold, is_waiting, note_of, remark
from tahsil.actions.importing.placing import is_other_currency, mind_name
from tahsil.actions.importing.raising import Ready, raise_lines
from tahsil.core.book.categories import CATEGORIES
from tahsil.core.grammar.money import decimal_text
from tahsil.store import rows as rows_of
from tahsil.store.models import Account, Adjustment, Contract, Dispute, Obligation
from tahsil.store.staging import Row

OF_PRICE = [category.code for category in CATEGORIES if category.counts_toward_paid]


def lines(desk: Desk, rows: list[Row]) -> None:
    """Schedule lines under their contract; a contract nobody listed is opened from its schedule."""
    ready: list[Ready] = []
    for row in desk.each(rows):
        if is_waiting(row) or not _is_positive(row):
            continue
        contract = _contract(desk, row)
        if contract is not None and not is_other_currency(row, contract):
            desk.begins(contract, as_day(row.values["due_on"]))
            ready.append((row, contract.account, contract, desk.schedule_of(contract)))
    raise_lines(desk, ready)
    _end(desk, ready)
    _reconcile(desk, ready)


def items(desk: Desk, rows: list[Row]) -> None:
    """Invoices and demands; an invoice list needs no contract, only whose they are."""
    ready: list[Ready] = []
    for row in desk.each(rows):
        if is_waiting(row, "due_on") or not _is_positive(row):
            continue
        owner = _owner(desk, row)
        if owner is not None:
            ready.append((row, *owner, None))
            if "due_on" in row.values["needs"]:
                remark(row, "import.undated")
    disputed = [
        row
        for row in raise_lines(desk, ready)
        if row.values.get("is_disputed") and not row.values.get("settled_on")
    ]
    _dispute(desk, disputed)


def rents(desk: Desk, rows: list[Row]) -> None:
    """A rent's named cheques are its instalments: each is owed on the day written on it."""
    ready: list[Ready] = []
    for row in rows:
        contract = desk.opened.get(row.values["contract_key"])
        if contract is None or contract.product != "rent" or row.values["needs"]:
            continue
        said = {**row.values, "category": "rent", "label": "", "seq": 0, "number": ""}
        if (said["amount_minor"] or 0) > 0:
            schedule = desk.schedule_of(contract)
            ready.append((row.with_values(said), contract.account, contract, schedule))
    raise_lines(desk, ready)


def balances(desk: Desk, rows: list[Row]) -> None:
    """What a contract's balance says is owed beyond its listed lines, with no due date.

    A rent's payments settled its oldest cheques. Elsewhere listed lines are open as far as the
    balance reaches, and what was paid beyond them was owed before the list.
    """
    ready: list[Ready] = []
    for row in desk.each(rows):
        contract = desk.opened.get(row.values["contract_key"])
        if contract is None:
            hold(row, "import.no_contract")
            continue
        for due, amount in _beyond(row, contract, desk.owed[contract.id]):
            said = {
                "amount_minor": amount,
                "category": "opening_balance",
                "due_on": due.isoformat() if due else None,
            }
            schedule = desk.schedule_of(contract)
            ready.append((row.with_values(said), contract.account, contract, schedule))
            if due is None:
                shown = decimal_text(amount, contract.account.currency)
                remark(row, "import.no_schedule", amount=shown, number=contract.number)
        row.target = f"contract:{contract.id}"
    raise_lines(desk, ready)


def _beyond(row: Row, contract: Contract, listed: int) -> list[tuple[date | None, int]]:
    """(due date, amount) of what the list does not name."""
    balance, paid = max(row.values["balance_minor"] or 0, 0), row.values["paid_minor"] or 0
    parts: list[tuple[date | None, int]]
    if contract.product == "rent":
        parts = [(None, balance + paid - listed)]
    else:
        before = paid - (listed - min(listed, balance))
        parts = [(contract.signed_on, before), (None, balance - listed)]
    return [(due, amount) for due, amount in parts if amount > 0]


def _contract(desk: Desk, row: Row) -> Contract | None:
    """The contract of a schedule line, opened if nobody listed it; None where the line is held."""
    found = desk.resolve(row.values)
    if len(found) > 1:
        hold(row, "import.ambiguous", contracts=[contract.number for contract in found[:6]])
        return None
    if found:
        mind_name(row, found[0])
        return found[0]
    if (other := desk.alias_of(row.values)) is not None and other.asset is not None:
        hold(
            row,
            "import.unit_alias",
            unit=row.values["unit"],
            other=other.asset.code,
            number=other.number,
        )
        return None
    return contracts.open_for(desk, row)


def _owner(desk: Desk, row: Row) -> tuple[Account, Contract | None] | None:
    """Whose an open item is; None where the row is held."""
    values = row.values
    if values.get("contract_key"):
        contract = desk.opened.get(values["contract_key"])
        if contract is None:
            hold(row, "import.no_contract")
            return None
        return contract.account, contract
    found = desk.resolve(values) if values.get("contract") else []
    if len(found) == 1:
        return None if is_other_currency(row, found[0]) else (found[0].account, found[0])
    if (party := contracts.party(desk, row, values)) is None:
        return None
    return desk.account_of(party, values["currency"], "service"), None


def _is_positive(row: Row) -> bool:
    amount = row.values.get("amount_minor")
    if amount and amount > 0:
        return True
    hold(row, "import.not_owed")
    return False


def _end(desk: Desk, ready: list[Ready]) -> None:
    """Lines of ended contracts are owed only as far as they were paid."""
    said = []
    for row, account, contract, _ in ready:
        if contract is None or contract.status not in ENDED:
            continue
        line = desk.lines[row.key]
        rest = line.amount_minor - min(max(row.values.get("paid_minor") or 0, 0), line.amount_minor)
        desk.replayed.add(account.id)
        if rest:
            remark(row, "import.ended", number=contract.number, status=contract.status)
            said.append(
                {
                    "obligation_id": line.id,
                    "account_id": account.id,
                    "kind": "cancel",
                    "amount_minor": -rest,
                    "effective_on": line.raised_on,
                    "recorded_at": desk.now,
                    "reason": f"{contract.number}: {contract.status}"[:200],
                    "batch_id": desk.batch.id,
                }
            )
    rows_of.write(Adjustment, said)


def _reconcile(desk: Desk, ready: list[Ready]) -> None:
    """Says where the price lines of a contract do not add up to its price less discount."""
    priced = {
        contract.id: contract
        for _, _, contract, _ in ready
        if contract is not None and contract.price_minor and contract.status not in ENDED
    }
    ids = sorted(priced)
    for start in range(0, len(ids), 900):
        found = Obligation.objects.filter(
            contract_id__in=ids[start : start + 900], category__in=OF_PRICE
        )
        sums = found.order_by().values_list("contract_id").annotate(total=Sum("amount_minor"))
        for contract_id, total in sorted(sums):
            contract = priced[contract_id]
            price = contract.price_minor - (contract.terms.get("discount_minor") or 0)
            if total != price:
                currency = contract.account.currency
                facts = {
                    "number": contract.number,
                    "schedule": decimal_text(total, currency),
                    "price": decimal_text(price, currency),
                }
                desk.notes.append(note_of("import.schedule_differs", facts))


def _dispute(desk: Desk, rows: list[Row]) -> None:
    said = [
        {
            "account_id": desk.lines[row.key].account_id,
            "obligation_id": desk.lines[row.key].id,
            "amount_minor": desk.lines[row.key].amount_minor,
            "code": "D_AMOUNT",
            "note": desk.batch.file_name[:200],
            "opened_on": desk.as_of,
        }
        for row in rows
    ]
    rows_of.write(Dispute, said)
