"""Builders: from sound rows to records, for lists with one thing per row.

Contracts (several rows per contract) are in build_contracts.py, mixed lists in build_mixed.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from tahsil.adapters.sheets.codes import category, method, read_cheque_number
from tahsil.adapters.sheets.dates import Due
from tahsil.adapters.sheets.deposits import last_day
from tahsil.adapters.sheets.records import Record
from tahsil.adapters.sheets.rows import Row, party_part
from tahsil.core.grammar.dates import add_months
from tahsil.core.grammar.money import decimal_text, scale
from tahsil.core.grammar.names import is_estate, name_key, script, skeleton


def customers(rows: Iterable[Row]) -> Iterator[Record]:
    """One party per row; names are as written, keys beside them."""
    for row in rows:
        name = row.value("name")
        identity = row.value("national_id") or (None, None)
        values = {
            "code": row.value("code"),
            "name": name,
            "name_key": name_key(name),
            "skeleton": skeleton(name),
            "script": script(name),
            "is_estate": is_estate(name),
            "national_id": identity[0] if identity[1] != "lossy" else None,
            "id_kind": identity[1] if identity[1] != "lossy" else None,
            "phones": [
                {"e164": number, "raw": raw}
                for field in ("phones", "phones_2")
                for number, raw in row.value(field) or ()
            ],
            **{key: row.value(key) for key in ("address", "email", "broker", "notes")},
            "needs": [],
        }
        record = row.record("party", (values["code"] or values["name_key"],), values)
        record.warnings = row.notes()
        if values["is_estate"]:
            record.warnings.append(row.note("party.estate", "name"))
        yield record


def schedule(rows: Iterable[Row]) -> Iterator[Record]:
    """One line per row, and what was paid on it as an opening receipt."""
    for row in rows:
        who = row.who()
        line = _line(row, who)
        yield line
        if line.values["paid_minor"]:
            yield _opening_receipt(row, line)


def _line(row: Row, who: dict[str, Any]) -> Record:
    amount, currency = row.value("amount")
    due = row.value("due") or Due(None)
    label = row.value("label") or ""
    cheque = row.value("cheque")
    on = due.on.isoformat() if due.on else None
    values = {
        **who,
        "seq": row.value("seq"),
        "label": label,
        "category": category(label),
        "due_on": on,
        "due_rule": due.rule,
        "amount_minor": amount,
        "paid_minor": row.money("paid") or 0,
        "open_minor": row.money("open"),
        "currency": currency,
        "cheque_numbers": list(cheque.numbers) if cheque else [],
        "paid_by": None,
        "notes": row.value("notes"),
        "needs": ["split"] if len(who["units"]) > 1 else [],
    }
    if values["paid_minor"] and not cheque:
        values["paid_by"] = method(row.text("cheque")) or method(row.text("notes"))
    if not (who["unit"] or who["contract"]):
        values["needs"].append("contract")
    seq = values["seq"] if values["seq"] is not None else label
    key = (
        who["contract"] or "",
        who["unit"] or party_part(who),
        seq,
        on or due.rule,
        values["category"],
    )
    record = row.record("line", key, values)
    record.warnings = _line_notes(row, values)
    return record


def _line_notes(row: Row, values: dict[str, Any]) -> list[Any]:
    notes = [note for note in row.notes() if note.code != "cheque.unreadable"]
    left, paid, amount = values["open_minor"], values["paid_minor"], values["amount_minor"]
    if left is not None and amount - paid != left:
        shown = {
            name: decimal_text(minor, values["currency"])
            for name, minor in (("amount", amount), ("paid", paid), ("open", left))
        }
        notes.append(row.note("line.remaining", "open", **shown))
    if amount < 0 or (left is not None and left < 0):
        field = "amount" if amount < 0 else "open"
        notes.append(row.note("amount.negative", field, text=row.text(field)))
    return notes


def _opening_receipt(row: Row, line: Record) -> Record:
    values = {
        "line_key": line.key,
        **{
            k: line.values[k] for k in ("party_code", "party_name", "party_key", "contract", "unit")
        },
        "amount_minor": line.values["paid_minor"],
        "currency": line.values["currency"],
        "method": line.values["paid_by"] or ("cheque" if line.values["cheque_numbers"] else None),
        "cheque_numbers": line.values["cheque_numbers"],
        "received_on": None,
        "needs": [],
    }
    return row.record("opening_receipt", (line.key,), values)


def receipts(rows: Iterable[Row]) -> Iterator[Record]:
    """One receipt per row; cancelled ones are kept as cancelled, refunds as negative amounts."""
    for row in rows:
        number, is_cancelled = row.value("number")
        who = row.who()
        on = row.value("received_on")
        amount, currency = row.value("amount") or (0, row.setting.currency)
        text = row.value("method") or ""
        bank = row.value("bank") or (None, "", None)
        values = {
            "number": number,
            **who,
            "received_on": on.on.isoformat() if on and on.on else None,
            "amount_minor": amount,
            "currency": currency,
            "method": method(text),
            "method_text": text,
            "cheque_numbers": _cheques_of(row, text),
            "bank": bank[0],
            "bank_branch": bank[1],
            "bank_text": bank[2],
            "treasury": row.value("treasury"),
            "label": row.value("label"),
            "notes": row.value("notes"),
            "is_cancelled": is_cancelled,
            "is_refund": amount < 0,
            "needs": ["split"] if len(who["units"]) > 1 else [],
        }
        year = (values["received_on"] or "")[:4]
        record = row.record("receipt", (number, values["treasury"], year), values)
        record.warnings = row.notes()
        if is_cancelled:
            record.warnings.append(row.note("receipt.cancelled", "number"))
        if amount < 0:
            record.warnings.append(row.note("amount.negative", "amount", text=row.text("amount")))
        yield record


def _cheques_of(row: Row, text: str) -> list[str]:
    """Cheque numbers from their own column, or from شيك 000121 in the method."""
    own = row.value("cheque")
    if own:
        return list(own.numbers)
    if method(text) != "cheque":
        return []
    return list(_numbers_in(text))


@lru_cache(maxsize=16384)
def _numbers_in(text: str) -> tuple[str, ...]:
    words = [word for word in text.split() if any(c.isdigit() for c in word)]
    found = read_cheque_number(" ".join(words)).value if words else None
    return found.numbers if found else ()


def cheques(rows: Iterable[Row]) -> Iterator[Record]:
    """One cheque per number; a range stays one record until the mapping says to expand it."""
    for row in rows:
        numbers = row.value("number")
        expand = row.setting.mapping.expand_ranges
        due, months = row.value("due") or (Due(None), 0)
        if len(numbers.numbers) == 1 or (numbers.is_range and not expand):
            yield _cheque(row, numbers.numbers, due, months, numbers.is_range)
            continue
        for at, number in enumerate(numbers.numbers):
            on = add_months(due.on, months * at, anchor=due.on.day) if due.on and months else due.on
            yield _cheque(row, (number,), Due(on, due.rule), 0, False, at)


def _cheque(
    row: Row, numbers: tuple[str, ...], due: Due, months: int, is_range: bool, at: int = 0
) -> Record:
    amount, currency = row.value("amount")
    bank = row.value("bank") or (None, "", None)
    status = row.value("status")
    deposited = last_day(row, due.on)
    drawer = row.value("drawer")
    number = numbers[0] if not is_range else f"{numbers[0]}-{numbers[-1]}"
    code = status.code if status else None
    values = {
        "number": number,
        "numbers": list(numbers),
        **row.who(),
        "drawer": drawer,
        "drawer_key": name_key(drawer) if drawer else "",
        "bank": bank[0],
        "bank_branch": bank[1],
        "bank_text": bank[2],
        "amount_minor": amount,
        "currency": currency,
        "due_on": due.on.isoformat() if due.on else None,
        "due_every_months": months or None,
        "status": code,
        "status_text": status.text if status else None,
        "bounces": (status.number or 1) if status and code == "bounced" else 0,
        "return_reason": status.reason if status else None,
        "paid_minor": _part_paid(row, status, currency),
        "is_security": code == "security",
        "place": row.value("place"),
        "deposited_text": row.value("deposited"),
        "deposited_on": deposited.isoformat() if deposited else None,
        "notes": row.value("notes"),
        "fill": row.value("fill"),
        "needs": [],
    }
    values["needs"] = _cheque_needs(values, is_range, at)
    bare = number.lstrip("0") or number
    key = (bank[0] or bank[2], values["drawer_key"] or values["party_key"], bare)
    record = row.record("cheque", key, values)
    record.warnings = row.notes()
    if not due.on:
        record.warnings.append(row.note("cheque.undated", "due"))
    if code == "bounced" and not deposited:
        record.warnings.append(row.note("cheque.no_return", "deposited"))
    if code == "partially_paid":
        paid = decimal_text(values["paid_minor"], currency) if values["paid_minor"] else "?"
        record.warnings.append(row.note("cheque.part_paid", "status", paid=paid))
    return record


def _cheque_needs(values: dict[str, Any], is_range: bool, at: int) -> list[str]:
    needs = ["expansion"] if is_range else []
    if values["status_text"] and values["status"] is None:
        needs.append("status")
    if at and not values["due_on"]:
        needs.append("due_on")
    return needs


def _part_paid(row: Row, status: Any, currency: str) -> int:
    """What a status such as Partial 18000 says was paid."""
    if not status or status.code != "partially_paid" or not status.number:
        return 0
    return status.number * 10 ** scale(currency)


def invoices(rows: Iterable[Row]) -> Iterator[Record]:
    """One open item per invoice; a settled one brings its receipt."""
    for row in rows:
        amount, currency = row.value("amount")
        due, issued, settled = (row.value(n) for n in ("due", "issued_on", "settled_on"))
        who = row.who()
        values = {
            "number": row.value("number"),
            **who,
            "issued_on": issued.on.isoformat() if issued and issued.on else None,
            "due_on": due.on.isoformat() if due and due.on else None,
            "due_rule": due.rule if due else None,
            "amount_minor": amount,
            "paid_minor": row.money("paid"),
            "open_minor": row.money("open"),
            "currency": currency,
            "is_disputed": bool(row.value("disputed")),
            "settled_on": settled.on.isoformat() if settled and settled.on else None,
            "category": "service_invoice",
            "notes": row.value("notes"),
            "needs": [] if who["party_code"] or who["party_name"] else ["party"],
        }
        item = row.record("open_item", (party_part(who), values["number"]), values)
        item.warnings = row.notes()
        if amount < 0:
            item.warnings.append(row.note("amount.negative", "amount", text=row.text("amount")))
        yield item
        if values["settled_on"] or values["paid_minor"]:
            yield _settlement(row, item)


def _settlement(row: Row, item: Record) -> Record:
    paid = item.values["paid_minor"]
    values = {
        "line_key": item.key,
        **{
            k: item.values[k] for k in ("party_code", "party_name", "party_key", "contract", "unit")
        },
        "amount_minor": paid if paid is not None else item.values["amount_minor"],
        "currency": item.values["currency"],
        "method": None,
        "cheque_numbers": [],
        "received_on": item.values["settled_on"],
        "needs": [],
    }
    return row.record("opening_receipt", (item.key,), values)
