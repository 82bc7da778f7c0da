"""Mixed lists: rents by cheque, service invoices, builders' demands, car loans, one per row.

What a cell says is taken as far as it goes. A date without a year is placed in the contract's
time if it fits there once, else it stays missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from tahsil.adapters.sheets.cells import Note, plain
from tahsil.adapters.sheets.columns import Setting
from tahsil.adapters.sheets.dates import Dates
from tahsil.adapters.sheets.numbers import Amounts
from tahsil.adapters.sheets.records import Record
from tahsil.adapters.sheets.rows import Row, party_part
from tahsil.core.grammar.names import fold

_DATE = r"(?P<date>\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?|\d{4}-\d{2}-\d{2})"
_AMOUNT = r"(?P<amount>\d[\d,.]*)"
_CHEQUE = re.compile(rf"(?P<number>\d+)\s*[-–\s]\s*{_DATE}(?:\s*[-–\s]\s*{_AMOUNT})?")
_INVOICE = re.compile(
    rf"(?:inv(?:oice)?|فاتوره)\.?\s*#?(?P<number>[\w/]+)\s+{_DATE}(?:\s+{_AMOUNT})?"
)
_DEMAND = re.compile(
    rf"(?:dem(?:and)?|مطالبه)\.?\s*(?P<number>\w+)\s*:?\s*{_AMOUNT}\s*(?:due|by|تستحق)?\s*{_DATE}?"
)
_SERIES = re.compile(
    r"(?P<first>\d+)\s*-\s*(?P<last>\d+)\s+(?:\w+\s+)*?(?:شهري\w*|monthly|emi)", re.UNICODE
)
_CHEQUES = ("cheque_1", "cheque_2", "cheque_3", "cheque_4")


def mixed(rows: Iterable[Row]) -> Iterator[Record]:
    """A contract per row, what its cells name (cheques, invoices, demands), and its balance."""
    for row in rows:
        contract = _contract(row)
        yield contract
        readers = _Readers(row.setting)
        for field in _CHEQUES:
            if text := row.value(field):
                yield from _named(row, contract, field, fold(plain(text)), readers)
        if row.value("paid") or row.value("balance"):
            yield _balance(row, contract)


class _Readers:
    """Reads the dates and amounts inside cells; in such cells the day always stands first."""

    def __init__(self, setting: Setting) -> None:
        self.dates = Dates(
            order=setting.mapping.choice("date_orders", "*") or "dmy", as_of=setting.as_of
        )
        self.amounts = Amounts((), currency=setting.currency, point=".")

    def on(self, text: str | None, contract: dict[str, Any]) -> date | None:
        """The day the text names, its year from the contract's time where the text has none."""
        if not text:
            return None
        if re.fullmatch(r"\d{1,2}[/.]\d{1,2}", text):
            return self._in_term(text, contract)
        read = self.dates.read(text)
        return read.value.on if read.value else None

    def _in_term(self, text: str, contract: dict[str, Any]) -> date | None:
        if not contract["start_on"] or not contract["end_on"]:
            return None
        first, last = (date.fromisoformat(contract[name]) for name in ("start_on", "end_on"))
        found = []
        for year in range(first.year, last.year + 1):
            read = self.dates.read(f"{text.replace('.', '/')}/{year}")
            if read.value and first <= read.value.on <= last:
                found.append(read.value.on)
        return found[0] if len(found) == 1 else None

    def minor(self, text: str | None) -> int | None:
        """The amount in minor units."""
        read = self.amounts.read(text.rstrip(".,")) if text else None
        return read.value[0] if read and read.value else None


def _contract(row: Row) -> Record:
    start, end = row.value("start"), row.value("end")
    amount, currency = row.value("amount") or (None, row.setting.currency)
    amount_notes = row.reads["amount"].notes if "amount" in row.reads else ()
    asset = row.value("asset")
    values = {
        "number": row.value("number"),
        "type": _type(row),
        **{k: v for k, v in row.who().items() if k.startswith("party_")},
        "asset": asset,
        "start_on": start.on.isoformat() if start and start.on else None,
        "end_on": end.on.isoformat() if end and end.on else None,
        "amount_minor": amount,
        "amount_is_monthly": any(code == "number.monthly" for code, _ in amount_notes),
        "currency": currency,
        "series": _series(row),
        "reference": row.value("reference"),
        "notes": row.value("notes"),
        "needs": ["schedule"],
    }
    record = row.record("contract", (values["number"], asset), values)
    record.warnings = row.notes()
    return record


def _type(row: Row) -> str:
    """rent, service, sale or vehicle, from the words of the row; other where none tells."""
    words = " ".join(
        fold(str(row.value(name) or ""))
        for name in ("asset", "number", "reference", "notes", *_CHEQUES)
    )
    for kind, signs in (
        ("vehicle", ("vin", "شاسيه", "تامين", "وثيقه")),
        ("service", ("inv ", "po-", "po ", "site", "wht")),
        ("sale", ("dem ", "afs", "rera", "tds")),
        ("rent", ("ej-", "ejari", "chq", "ايجار", "rent")),
    ):
        if any(sign in words for sign in signs):
            return kind
    return "rent" if row.value("cheque_1") else "other"


def _series(row: Row) -> dict[str, Any] | None:
    """1-36 شيك شهرى: how many equal monthly instalments the row stands for."""
    for field in _CHEQUES:
        found = _SERIES.search(fold(plain(row.value(field) or "")))
        if found:
            count = int(found["last"]) - int(found["first"]) + 1
            return {"count": count, "every_months": 1, "amount_minor": row.money("amount")}
    return None


def _named(
    row: Row, contract: Record, field: str, text: str, readers: _Readers
) -> Iterator[Record]:
    """The cheques, invoices and demands that one cell names."""
    if _SERIES.search(text):
        return
    for pattern, kind in ((_INVOICE, "open_item"), (_DEMAND, "open_item"), (_CHEQUE, "cheque")):
        if found := pattern.search(text):
            item = _item(row, contract, kind, found, readers)
            item.warnings += _item_notes(row, field, item.values)
            yield item
            return
    values = {**_whose(contract), "text": text, "needs": ["review"]}
    unread = row.record("remark", (contract.key, field), values)
    unread.warnings.append(row.note("number.unreadable", field, text=text))
    yield unread


def _whose(contract: Record) -> dict[str, Any]:
    said = contract.values
    names = ("party_code", "party_name", "party_key", "currency")
    return {
        **{name: said[name] for name in names},
        "contract": said["number"],
        "asset": said["asset"],
        "contract_key": contract.key,
    }


def _item(row: Row, contract: Record, kind: str, found: re.Match[str], readers: _Readers) -> Record:
    on = readers.on(found["date"], contract.values)
    amount = readers.minor(found["amount"])
    values: dict[str, Any] = {
        "number": found["number"],
        **_whose(contract),
        "due_on": on.isoformat() if on else None,
        "due_rule": None,
        "amount_minor": amount,
        "needs": [name for name, value in (("due_on", on), ("amount", amount)) if value is None],
    }
    if kind == "cheque":
        values |= {"numbers": [found["number"]], "bank": None, "drawer": None, "status": None}
    else:
        values |= {
            "category": "service_invoice" if found.re is _INVOICE else "instalment",
            "is_disputed": False,
        }
    return row.record(
        kind, (party_part(contract.values), contract.values["number"], found["number"]), values
    )


def _item_notes(row: Row, field: str, values: dict[str, Any]) -> list[Note]:
    text = row.text(field)
    notes = []
    if "due_on" in values["needs"]:
        notes.append(row.note("date.no_year", field, text=text))
    if "amount" in values["needs"]:
        notes.append(row.note("field.missing", field, field=f"amount: {text}"))
    return notes


def _balance(row: Row, contract: Record) -> Record:
    """What was paid and what is left; a credit is a negative balance."""
    balance, paid = row.money("balance"), row.money("paid")
    values = {
        **_whose(contract),
        # "60,000 Cr" under "paid to date" says that it is on the customer's credit side.
        "paid_minor": abs(paid) if paid is not None else None,
        "balance_minor": balance,
        "is_credit": balance is not None and balance < 0,
        "as_of": row.setting.as_of.isoformat(),
        "needs": [],
    }
    record = row.record("opening_balance", (contract.key,), values)
    if values["is_credit"]:
        record.warnings.append(row.note("amount.negative", "balance", text=row.text("balance")))
    return record
