"""Balances of a general ledger: trial balances and lists of entries, as csv or workbooks.

Columns in any order, in English or Arabic, under one or two rows of headings: as Excel, ERPNext
and Odoo give them. A closing balance counts before a period's debits and credits. A list with
references is a list of entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tahsil.adapters.sheets import reader
from tahsil.adapters.sheets.dates import Dates
from tahsil.adapters.sheets.numbers import Amounts
from tahsil.core.grammar.names import fold
from tahsil.core.grammar.refusal import Refused, RefusedAll

LOOKED = 20  # rows among which the headings stand
WORDS: dict[str, tuple[str, ...]] = {
    "closing_debit": ("closing (dr)", "closing debit", "end balance debit", "ending debit",
                      "closing balance debit", "رصيد مدين", "الرصيد المدين", "ختامي مدين",
                      "رصيد نهائي مدين", "الرصيد الختامي مدين"),
    "closing_credit": ("closing (cr)", "closing credit", "end balance credit", "ending credit",
                       "closing balance credit", "رصيد دائن", "الرصيد الدائن", "ختامي دائن",
                       "رصيد نهائي دائن", "الرصيد الختامي دائن"),
    "balance": ("balance", "closing balance", "end balance", "ending balance", "net", "الرصيد",
                "رصيد", "الرصيد الختامي", "الرصيد النهائي"),
    "debit": ("debit", "dr", "debit amount", "مدين", "مدينه", "المدين"),
    "credit": ("credit", "cr", "credit amount", "دائن", "دائنه", "الدائن"),
    "code": ("code", "account code", "account number", "account no", "account no.", "acct",
             "gl account", "رقم الحساب", "كود الحساب", "رمز الحساب", "الكود", "الرمز"),
    "account": ("account", "account name", "name", "ledger", "الحساب", "اسم الحساب", "البيان"),
    "currency": ("currency", "ccy", "account currency", "العمله", "عمله"),
    "date": ("date", "posting date", "as of", "balance date", "التاريخ", "تاريخ", "تاريخ القيد"),
    "reference": ("reference", "ref", "voucher no", "voucher", "journal entry", "number", "المرجع",
                  "رقم القيد", "مرجع", "رقم المستند"),
    "text": ("remarks", "label", "description", "narration", "communication", "against",
             "الوصف", "الشرح", "ملاحظات"),
}  # fmt: skip
FIELDS = {fold(word): name for name, words in WORDS.items() for word in words}
CODED = re.compile(r"\s*([0-9][0-9.]*)\s*[-–:]?\s*(.*)")
TOTAL = ("total", "الاجمالي", "اجمالي", "المجموع")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")
SIDES = ("closing_debit", "closing_credit", "balance", "debit", "credit")
Entry = tuple[str, str, str, str, str, int]  # code, currency, day, reference, text, amount


@dataclass
class Balances:
    """What a file says: (code, name, currency, amount) of each account, or entries; and the day."""

    layout: str
    on: date | None = None
    balances: list[tuple[str, str, str, int]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    left_out: int = 0


def read(
    content: bytes, *, name: str = "", currency: str, as_of: date, on: date | None = None
) -> Balances:
    """The balances of a file, of the day it says or else `on`; refused with every fault."""
    for sheet in reader.open_file(content):
        if found := _headed(sheet.rows):
            at, columns = found
            made = _Reading(sheet.rows, at, columns, currency, as_of).made()
            made.on = on or made.on or _said(sheet.rows[:at], as_of)
            if made.on is None:
                raise Refused(
                    "balances.day", "{file} does not say of which day it is. Name the day.",
                    file=name or "-",
                )  # fmt: skip
            return made
    raise Refused(
        "balances.headings",
        "{file} has no headings of a trial balance. It needs an account's code, and debit and "
        "credit, or a balance.",
        file=name or "-",
    )


def _headed(rows: list[list[Any]]) -> tuple[int, dict[str, int]] | None:
    """The row after the headings, and where each field stands."""
    best: tuple[int, dict[str, int]] | None = None
    for at in range(min(LOOKED, len(rows))):
        for names in (_names(rows[at]), _joined(rows[at - 1], rows[at]) if at else []):
            columns: dict[str, int] = {}
            for place, said in enumerate(names):
                if known := FIELDS.get(said):
                    columns.setdefault(known, place)
            if not {"code", "account"} & set(columns) and names and not names[0]:
                columns["account"] = 0  # Odoo leaves the heading of the accounts empty
            is_whole = {"code", "account"} & set(columns) and _amounts(columns)
            if is_whole and (best is None or _rank(columns) > _rank(best[1])):
                best = (at + 1, columns)
    return best


def _rank(columns: dict[str, int]) -> tuple[bool, int]:
    """Headings that say the closing balance count more than those of a period's sums."""
    return "closing_debit" in columns, len(columns)


def _amounts(columns: dict[str, int]) -> bool:
    return "balance" in columns or any(
        {f"{kind}debit", f"{kind}credit"} <= set(columns) for kind in ("closing_", "")
    )


def _names(row: list[Any]) -> list[str]:
    return [fold(str(cell)).strip() if cell is not None else "" for cell in row]


def _joined(above: list[Any], row: list[Any]) -> list[str]:
    """Two rows of headings as one; what stands above reaches over the empty cells after it."""
    found, over = [], ""
    tops = _names(above)
    for place, under in enumerate(_names(row)):
        over = (tops[place] if place < len(tops) else "") or over
        found.append(f"{over} {under}".strip() if under in ("debit", "credit", "مدين", "دائن")
                     else under)  # fmt: skip
    return found


class _Reading:
    """One sheet read row by row under its headings."""

    def __init__(
        self, rows: list[list[Any]], at: int, columns: dict[str, int], currency: str, as_of: date
    ) -> None:
        self.rows, self.at, self.columns, self.currency = rows, at, columns, currency
        self.dates = Dates(order="dmy", as_of=as_of)
        names = [name for name in SIDES if name in columns]
        if {"closing_debit", "closing_credit"} <= set(columns):
            self.sides = [("closing_debit", 1), ("closing_credit", -1)]
        elif "balance" in names and not self._is_entries():
            self.sides = [("balance", 1)]
        else:
            self.sides = [("debit", 1), ("credit", -1)]
        self.faults: list[Refused] = []

    def _is_entries(self) -> bool:
        return {"reference", "date"} <= set(self.columns)

    def made(self) -> Balances:
        """Everything the sheet says; all its faults at once where it cannot be read."""
        layout = "entries" if self._is_entries() else self._layout()
        found = Balances(layout)
        sums: dict[tuple[str, str], list[Any]] = {}
        days: list[date] = []
        for number, row in enumerate(self.rows[self.at :], self.at + 1):
            code, name = self._account(row)
            if not code:
                found.left_out += any(cell not in (None, "") for cell in row)
                continue
            currency = str(self._cell(row, "currency") or self.currency).strip().upper()[:3]
            minor = self._minor(row, number, currency)
            day = self._day(row)
            if day:
                days.append(day)
            if layout == "entries" and day:
                reference, text = (
                    str(self._cell(row, each) or "") for each in ("reference", "text")
                )
                found.entries.append((code, currency, day.isoformat(), reference, text, minor))
                continue
            kept = sums.setdefault((code, currency), [name, 0])
            kept[1] += minor
        if self.faults:
            raise RefusedAll(
                "balances.faults", "{count} cells could not be read; nothing was taken in.",
                self.faults, count=len(self.faults),
            )  # fmt: skip
        found.balances = [(code, name, cur, minor) for (code, cur), (name, minor) in sums.items()]
        found.balances = [] if layout == "entries" else found.balances
        found.on = max(days, default=None)
        return found

    def _layout(self) -> str:
        words = " ".join(_names(self.rows[self.at - 1]))
        if "(dr)" in words:
            return "erpnext"
        return "odoo" if self.at > 1 and "end balance" in " ".join(
            [*_names(self.rows[self.at - 2]), words]) else "trial_balance"  # fmt: skip

    def _account(self, row: list[Any]) -> tuple[str, str]:
        """The code and the name, whether they share a cell or not; totals have none."""
        code = _plain(self._cell(row, "code"))
        name = str(self._cell(row, "account") or "").strip()
        if not code and (found := CODED.fullmatch(name)):
            code, name = found.group(1), found.group(2)
        if fold(code or name).startswith(TOTAL):
            return "", ""
        return code[:40], name[:160]

    def _minor(self, row: list[Any], number: int, currency: str) -> int:
        total = 0
        for name, sign in self.sides:
            cell = self._cell(row, name)
            read = Amounts([cell], currency=currency, point=".").read(cell)
            if read.fault:
                self.faults.append(
                    Refused("balances.amount", "Line {line}: {text} is not an amount.",
                            line=number, text=str(cell))
                )  # fmt: skip
            elif read.value:
                total += sign * int(read.value[0])
        return total

    def _day(self, row: list[Any]) -> date | None:
        cell = self._cell(row, "date")
        read = self.dates.read(cell) if cell not in (None, "") else None
        return read.value.on if read and read.value else None

    def _cell(self, row: list[Any], name: str) -> Any:
        place = self.columns.get(name, -1)
        return row[place] if 0 <= place < len(row) else None


def _plain(cell: Any) -> str:
    """A code as it is written; a spreadsheet's 1310.0 is 1310."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return fold(str(cell)).strip() if cell not in (None, "") else ""


def _said(rows: list[list[Any]], as_of: date) -> date | None:
    """The last day that the lines above the headings name."""
    dates = Dates(order="dmy", as_of=as_of)
    found = [dates.read(day).value for day in _days(rows)]
    return max((each.on for each in found if each and each.on), default=None)


def _days(rows: list[list[Any]]) -> Iterator[Any]:
    for cell in (cell for row in rows for cell in row):
        if isinstance(cell, str):
            yield from DAY.findall(fold(cell))
        elif isinstance(cell, date):
            yield cell
