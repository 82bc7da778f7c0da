"""What came in, from an import: receipts, and amounts brought forward.

The paid column of a schedule is brought forward as one receipt a line, as of the day of that
import. Receipts up to that day would count twice: they are held, unless the schedule was read
with its paid column left alone (option `paid: ignore`).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Max

from tahsil.actions.importing.desk import (
    Desk,
    Line,
    as_day,
    hold,
    is_too_long,
    is_waiting,
    remark,
)
from tahsil.actions.importing.known import parts
from tahsil.actions.importing.placing import placed
from tahsil.core.grammar.money import decimal_text
from tahsil.store import rows as rows_of
from tahsil.store.models import Allocation, BankMatch, Contract, Obligation, Receipt
from tahsil.store.staging import Row

METHODS = {"cash", "transfer", "cheque", "card"}
FORWARD = "brought_forward"


def brought_forward(desk: Desk, rows: list[Row]) -> None:
    """One receipt for what a line says was paid, set against that line."""
    older = _older_lines(desk, rows)
    ready: list[tuple[Row, dict[str, Any]]] = []
    for row in desk.each(rows):
        line = desk.lines.get(row.values["line_key"]) or older.get(row.key)
        on = as_day(row.values["received_on"])
        if row.values["amount_minor"] <= 0:
            hold(row, "import.not_received")
        elif on is not None and on > desk.as_of:
            hold(row, "import.future", date=on.isoformat())
        elif line is not None:
            ready.append((row, _forward(desk, row, line, on)))
        elif _line_before(desk, row) is not None:
            hold(row, "import.paid_since")
        else:
            hold(row, "import.line_not_taken")
    _receive(desk, ready)


def balances(desk: Desk, rows: list[Row]) -> None:
    """What contracts of a mixed list had paid, brought forward and spread by the waterfall.

    A credit the list states is money beyond what is owed. Where the book's balance is not the
    list's, that is said.
    """
    ready: list[tuple[Row, dict[str, Any]]] = []
    for row in rows:
        contract = desk.opened.get(row.values["contract_key"])
        if contract is None:
            continue
        paid, balance = row.values["paid_minor"] or 0, row.values["balance_minor"]
        owed = desk.owed[contract.id]
        if paid > 0:
            ready.append((row, _opening(desk, row, contract, paid)))
        credit = owed - paid - (balance or 0)
        if balance is not None and balance < 0 and credit > 0:
            ready.append((row, {**_opening(desk, row, contract, credit, "C")}))
        elif balance is not None and owed - paid != balance:
            said, left = (
                decimal_text(minor, contract.account.currency) for minor in (balance, owed - paid)
            )
            remark(row, "import.balance_differs", said=said, left=left)
    desk.replayed |= {said["account_id"] for _, said in ready}
    _receive(desk, ready)


def receipts(desk: Desk, rows: list[Row]) -> None:
    """Receipts on the contract they name; those that name none or several wait for a person."""
    placing = ((row, _placed(desk, row)) for row in desk.each(rows))
    found = [(row, contract) for row, contract in placing if contract is not None]
    forward = _forwards({contract.id for _, contract in found})
    known = _known({contract.account_id for _, contract in found})
    brought = _brought({contract.account_id for _, contract in found})
    ready: list[tuple[Row, dict[str, Any]]] = []
    for row, contract in found:
        said = _receipt(desk, row, contract)
        money = (said["account_id"], said["value_on"], said["amount_minor"])
        until, batch_id = forward.get(contract.id, (date.min, 0))
        same = tuple(said[name] for name in ("account_id", "number", "value_on", "amount_minor"))
        if said["value_on"] <= until:
            number, day = contract.number, until.isoformat()
            hold(row, "import.counted", number=number, until=day, batch=batch_id)
        elif said["number"] and same in known:
            day = said["value_on"].isoformat()
            hold(row, "import.receipt_known", number=said["number"], date=day)
        elif said["instrument"] != "cash" and brought.get(money):
            number, day = brought[money].pop(), said["value_on"].isoformat()
            hold(row, "import.from_bank", number=number, date=day)
        else:
            known.add(same)
            desk.replayed.add(contract.account_id)
            ready.append((row, said))
    _receive(desk, ready)


def allocate(desk: Desk) -> None:
    """Writes what each amount brought forward pays, where a replay could say nothing else.

    That is on accounts this batch opened, whose every receipt names one line that has room for it.
    """
    said = [
        {
            "receipt_id": receipt,
            "obligation_id": line,
            "account_id": account,
            "amount_minor": amount,
            "effective_on": on,
            "recorded_at": desk.now,
            "batch_id": desk.batch.id,
        }
        for account, receipt, line, amount, on in desk.placed
        if account not in desk.replayed
    ]
    rows_of.write(Allocation, said)


def _receive(desk: Desk, ready: list[tuple[Row, dict[str, Any]]]) -> None:
    ids = rows_of.write(Receipt, [said for _, said in ready])
    for (row, said), key in zip(ready, ids, strict=True):
        account = said["account_id"]
        desk.touched.add(account)
        if said["instruction"]:
            line, amount = said["instruction"][0]
            desk.placed.append((account, key, line, amount, said["value_on"]))
        row.target = row.target or f"receipt:{key}"


def _forward(desk: Desk, row: Row, line: Line, on: date | None) -> dict[str, Any]:
    """The receipt; without a day of its own it came on the line's day, or by the import's."""
    paid = row.values["amount_minor"]
    on = on or min(filter(None, (line.due_on, desk.as_of)))
    room = line.amount_minor - desk.filled[line.id]
    desk.filled[line.id] += paid
    if paid > room or on < line.raised_on:
        desk.replayed.add(line.account_id)
    return {
        **_opened(desk, row, f"BF-{desk.batch.id}-{row.row}", paid, on),
        "account_id": line.account_id,
        "contract_id": line.contract_id,
        "instruction": [[line.id, part]] if (part := min(paid, max(room, 0))) else [],
    }


def _opening(
    desk: Desk, row: Row, contract: Contract, amount: int, mark: str = ""
) -> dict[str, Any]:
    return {
        **_opened(desk, row, f"BF-{desk.batch.id}-{row.row}{mark}", amount, desk.as_of),
        "account_id": contract.account_id,
        "contract_id": contract.id,
        "instruction": [],
    }


def _opened(desk: Desk, row: Row, number: str, amount: int, on: date) -> dict[str, Any]:
    return {
        "number": number,
        "amount_minor": amount,
        "instrument": FORWARD,
        "value_on": on,
        "recorded_at": desk.now,
        "note": desk.batch.file_name[:200],
        "batch_id": desk.batch.id,
    }


def _receipt(desk: Desk, row: Row, contract: Contract) -> dict[str, Any]:
    values = row.values
    return {
        "account_id": contract.account_id,
        "contract_id": contract.id,
        "number": str(values["number"]),
        "amount_minor": values["amount_minor"],
        "instrument": values["method"] if values["method"] in METHODS else "other",
        "reference": " ".join(values["cheque_numbers"])[:80],
        "bank": (values["bank"] or values["bank_text"] or "")[:80],
        "value_on": as_day(values["received_on"]),
        "recorded_at": desk.now,
        "payer": (values["party_name"] or "")[:160],
        "instruction": [],
        "note": (values["label"] or "")[:200],
        "batch_id": desk.batch.id,
    }


def _placed(desk: Desk, row: Row) -> Contract | None:
    """The contract of a row that is money that came in; other rows are held."""
    values = row.values
    on = as_day(values["received_on"])
    if values.get("is_cancelled"):
        hold(row, "import.cancelled")
    elif is_waiting(row) or is_too_long(row, (values["number"], 60)):
        pass
    elif values["amount_minor"] <= 0:
        hold(row, "import.not_received")
    elif on is None:
        hold(row, "import.no_date")
    elif on > desk.as_of:
        hold(row, "import.future", date=on.isoformat())
    else:
        return placed(desk, row)
    return None


def _line_before(desk: Desk, row: Row) -> int | None:
    """The obligation an earlier file raised for the line this was paid on."""
    for kind in ("line", "open_item"):
        before = desk.earlier.get((kind, row.values["line_key"]))
        if before and before.target.startswith("obligation:"):
            return int(before.target.partition(":")[2])
    return None


def _older_lines(desk: Desk, rows: list[Row]) -> dict[str, Line]:
    """Invoices of an earlier file that this one says were settled, and on which day."""
    wanted = {
        row.key: before
        for row in rows
        if row.values["received_on"]
        and row.values["line_key"] not in desk.lines
        and (before := _line_before(desk, row)) is not None
    }
    found: dict[int, Line] = {}
    for part in parts(wanted.values()):
        for line in Obligation.objects.filter(id__in=part).values_list(
            "id", "account_id", "contract_id", "due_on", "raised_on", "amount_minor"
        ):
            found[line[0]] = Line(*line)
            desk.replayed.add(line[1])
    return {key: found[before] for key, before in wanted.items() if before in found}


def _forwards(contracts: set[int]) -> dict[int, tuple[date, int]]:
    """Per contract until when its payments were brought forward, and by which import."""
    found: dict[int, tuple[date, int]] = {}
    for part in parts(contracts):
        rows = Receipt.objects.filter(contract_id__in=part, instrument=FORWARD, reversal=None)
        grouped = rows.order_by("batch_id").values_list("contract_id", "batch_id")
        for contract_id, batch_id, until in grouped.annotate(until=Max("batch__as_of")):
            if until is not None:
                found[contract_id] = max(found.get(contract_id, (until, 0)), (until, batch_id))
    return found


def _brought(account_ids: set[int]) -> dict[tuple[int, date, int], list[str]]:
    """By account, day and amount the numbers of receipts that bank lines brought and that stand."""
    found: dict[tuple[int, date, int], list[str]] = defaultdict(list)
    for part in parts(account_ids):
        live = BankMatch.objects.filter(receipt__account_id__in=part, undone_at=None)
        rows = live.filter(receipt__reversal=None).order_by("-id").values_list(
            "receipt__account_id", "receipt__value_on", "receipt__amount_minor", "receipt__number"
        )  # fmt: skip
        for account, on, minor, number in rows:
            found[account, on, minor].append(number)
    return found


def _known(accounts: set[int]) -> set[tuple[Any, ...]]:
    known: set[tuple[Any, ...]] = set()
    for part in parts(accounts):
        rows = Receipt.objects.filter(account_id__in=part, reversal=None).exclude(number="")
        known |= set(rows.values_list("account_id", "number", "value_on", "amount_minor"))
    return known
