"""A bank's table (csv, xlsx) as a statement; its rows were read by someone else.

Columns are found by their headings in English, Arabic or Hindi, or by what a person has said of
this bank. A running balance is followed from row to row, in either direction.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tahsil.adapters.bank import values
from tahsil.adapters.bank.cells import Dates, Numbers, plain
from tahsil.adapters.bank.headings import HEADINGS, label, squeezed_key
from tahsil.adapters.bank.notes import Notes
from tahsil.adapters.bank.reading import finished
from tahsil.adapters.bank.row_lines import Rows
from tahsil.adapters.bank.statement import Line, Mapping, Statement
from tahsil.core.grammar.money import decimal_text
from tahsil.core.grammar.refusal import Refused

SEARCHED = 60
MONEY = ("debit", "credit", "amount", "balance")
_CURRENCY = re.compile(r"(?<![A-Z])(?:EGP|AED|SAR|KWD|BHD|OMR|QAR|JOD|INR|USD|EUR|GBP)(?![A-Z])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b")


@dataclass
class Head:
    """What stands above the lines: the row of headings, the columns, and what the top says."""

    at: int
    columns: dict[str, int]
    account: str = ""
    currency: str = ""
    said: dict[str, Any] = field(default_factory=dict)


def read(
    rows: Sequence[Sequence[Any]], *, name: str = "", mapping: Mapping | None = None
) -> tuple[Statement, ...]:
    """The statement that the rows are, every line with its fingerprint; row 1 is the first."""
    mapping = mapping or Mapping()
    notes = Notes()
    head = _head(rows, mapping)
    currency = values.currency_code(head.currency, head.at)
    body = rows[head.at :]
    reader = Rows(
        columns=head.columns,
        dates=Dates([_column(body, head, key) for key in ("booked_on", "value_on")], mapping.order),
        numbers=Numbers(
            [cell for key in MONEY for cell in _column(body, head, key)], currency, mapping.point
        ),
        notes=notes,
    )
    lines = reader.lines(body, head.at + 1)
    opening = reader.ends.get("opening", _stated(head, "opening", reader.numbers, notes))
    closing = reader.ends.get("closing", _stated(head, "closing", reader.numbers, notes))
    notes.settle(name)
    lines = _in_order(lines, currency, notes)
    notes.settle(name)
    statement = Statement(
        format="table",
        at=head.at,
        account=head.account,
        currency=currency,
        opened_on=min((line.booked_on for line in lines), default=None),
        closed_on=max((line.booked_on for line in lines), default=None),
        opening_minor=_before(lines) if opening is None else opening,
        closing_minor=_after(lines) if closing is None else closing,
        lines=tuple(lines),
        remarks=notes.taken(),
    )
    return finished([statement], notes, name=name)


def is_table(rows: Sequence[Sequence[Any]], *, mapping: Mapping | None = None) -> bool:
    """Whether the rows have the headings of a bank statement."""
    try:
        _head(rows, mapping or Mapping())
    except Refused:
        return False
    return True


def _head(rows: Sequence[Sequence[Any]], mapping: Mapping) -> Head:
    for at, row in enumerate(rows[:SEARCHED], start=1):
        columns = _columns(row, mapping)
        if "booked_on" in columns and ({"amount", "debit", "credit"} & set(columns)):
            _check_said(rows, at, mapping)
            return _top(Head(at, columns), rows, mapping)
    _check_said(rows, 0, mapping)
    raise Refused(
        "bank.no_headings",
        "Line {line}: no row has the headings of a bank statement (a date, and an amount or debit "
        "and credit). Say which column is which, once for this bank.",
        line=1,
    )


def _check_said(rows: Sequence[Sequence[Any]], at: int, mapping: Mapping) -> None:
    """Refuses a table that lacks a column somebody has said it has; nearest where none has all."""
    said = {squeezed_key(heading): heading for heading in mapping.columns.values() if heading}
    if not said:
        return
    head = max(rows[:SEARCHED], key=lambda row: len(said.keys() & _keys(row)), default=())
    head, line = (rows[at - 1], at) if at else (head, list(rows).index(head) + 1 if rows else 1)
    missing = [heading for key, heading in said.items() if key not in _keys(head)]
    if missing:
        raise Refused(
            "bank.column",
            "Line {line}: no column is headed {missing}, as was said of this bank's tables. The "
            "headings are: {known}.",
            line=line,
            missing=missing,
            known=[text for cell in head if (text := plain(cell))] or ["-"],
        )


def _keys(row: Sequence[Any]) -> set[str]:
    return {squeezed_key(plain(cell)) for cell in row}


def _columns(row: Sequence[Any], mapping: Mapping) -> dict[str, int]:
    """The column of each field, by what a person said, else by the heading's words."""
    said = {squeezed_key(heading): key for key, heading in mapping.columns.items() if heading}
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        heading = squeezed_key(plain(cell))
        key = said.get(heading) or HEADINGS.get(heading)
        if key is None:  # the currency after the word: Debit AED
            key = HEADINGS.get(heading.rpartition(" ")[0])
        if heading not in said and key in mapping.columns:
            continue  # somebody has said which column that is, or that none is
        if key and (key not in found or heading in said):
            found[key] = at
    if "value_on" in found and "booked_on" not in found:  # of two dates the one there is
        found["booked_on"] = found["value_on"]
    return found


def _top(head: Head, rows: Sequence[Sequence[Any]], mapping: Mapping) -> Head:
    """The head with account, currency and balances of the rows above the headings."""
    above = " ".join(_texts(rows[: head.at]))
    for row in rows[: head.at - 1]:
        texts = [plain(cell) for cell in row]
        for at, text in enumerate(texts):
            if not (key := label(text)):
                continue
            inside = text.partition(":")[2].strip()
            beside = [cell for cell in row[at + 1 :] if plain(cell)]
            if inside or beside:
                head.said.setdefault(key, inside or beside[0])
    iban = next(filter(None, (_IBAN.search(text) for text in _texts(rows[: head.at - 1]))), None)
    currency = _CURRENCY.search(plain(head.said.get("currency")).upper()) or _CURRENCY.search(above)
    column = [plain(cell).upper() for cell in _column(rows[head.at :], head, "currency")]
    told = next((text for text in column if text), "")
    head.account = mapping.account or (iban[0] if iban else plain(head.said.get("account")))
    head.currency = mapping.currency or told or (currency[0] if currency else "")
    return head


def _texts(rows: Sequence[Sequence[Any]]) -> list[str]:
    return [plain(cell) for row in rows for cell in row]


def _column(body: Sequence[Sequence[Any]], head: Head, key: str) -> list[Any]:
    at = head.columns.get(key)
    return [] if at is None else [row[at] for row in body if at < len(row)]


def _stated(head: Head, key: str, numbers: Numbers, notes: Notes) -> int | None:
    if key in head.said:
        with notes.trying():
            return numbers.read(head.said[key], head.at)
    return None


def _in_order(lines: list[Line], currency: str, notes: Notes) -> list[Line]:
    """The lines, oldest first; refused where the running balance does not follow either way."""
    backwards = lines[::-1]
    forth, back = _breaks(lines), _breaks(backwards)
    if not forth and not (lines and not back and lines[0].booked_on > lines[-1].booked_on):
        return lines
    if not back:
        return backwards
    for line, wanted in forth if len(forth) <= len(back) else back:
        notes.faults.append(
            Refused(
                "bank.running",
                "Line {line}: the balance should be {wanted} {currency} after this line, and is "
                "{balance}. A line is missing or altered here; ask the bank for the file again.",
                line=line.at,
                currency=currency,
                wanted=decimal_text(wanted, currency),
                balance=decimal_text(line.balance_minor or 0, currency),
            )
        )
    return lines


def _breaks(lines: list[Line]) -> list[tuple[Line, int]]:
    """Each line whose balance does not follow from the one before, with what it should be."""
    found = []
    balance: int | None = None
    for line in lines:
        if balance is not None:
            balance += line.amount_minor
            if line.balance_minor is not None and line.balance_minor != balance:
                found.append((line, balance))
        if line.balance_minor is not None:
            balance = line.balance_minor
    return found


def _before(lines: list[Line]) -> int | None:
    """The balance before the first line, from the first one that states a balance."""
    moved = 0
    for line in lines:
        moved += line.amount_minor
        if line.balance_minor is not None:
            return line.balance_minor - moved
    return None


def _after(lines: list[Line]) -> int | None:
    """The balance after the last line, from the last one that states a balance."""
    moved = 0
    for line in reversed(lines):
        if line.balance_minor is not None:
            return line.balance_minor + moved
        moved += line.amount_minor
    return None
