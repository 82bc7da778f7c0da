"""Rows: the readings of one row by field, ready for a builder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tahsil.adapters.sheets.cells import Note, Read, address, as_text, note
from tahsil.adapters.sheets.codes import code_key, unit_key
from tahsil.adapters.sheets.columns import Column, Setting
from tahsil.adapters.sheets.faults import SENTENCES
from tahsil.adapters.sheets.layouts import LAYOUTS
from tahsil.adapters.sheets.records import Record, Reject
from tahsil.core.grammar.names import name_key

# A fault in these makes the row wrong; in others the field is left empty and noted.
_CODE = re.compile(r"[^\W\d_]{0,4}[\s\-_/.]*\d+")  # C-1001 where a name should stand
STRICT = frozenset(("money", "date", "cheque_date", "receipt_number", "money_or_percent"))


KEY_WIDTH = 180  # what is kept has 200 signs, and a repeated key gets a number behind it


@dataclass
class SheetColumns:
    """What all rows of a sheet share: its columns by field, and how it is read."""

    at: dict[str, Column]
    setting: Setting
    known: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict)  # who, by cells


class Row:
    """One data row: what each field says, and where it stands.

    `reads` holds only the fields whose column has something to mind.
    """

    __slots__ = ("at", "known", "number", "raw", "reads", "setting", "value")

    def __init__(
        self,
        number: int,
        values: dict[str, Any],
        reads: dict[str, Read],
        raw: list[Any],
        sheet: SheetColumns,
    ) -> None:
        self.number, self.reads, self.raw = number, reads, raw
        self.at, self.setting, self.known = sheet.at, sheet.setting, sheet.known
        self.value: Callable[[str], Any] = (
            values.get
        )  # what a field says, or nothing; as quick as it can be

    def money(self, name: str) -> int | None:
        """The field's amount in minor units."""
        found = self.value(name)
        return found[0] if found else None

    def cell(self, name: str) -> str:
        """The address of the field's cell."""
        column = self.at.get(name)
        return address(self.number, column.at) if column else f"A{self.number}"

    def text(self, name: str) -> str:
        """The field's cell as it was written."""
        column = self.at.get(name)
        if column is None or column.at >= len(self.raw):
            return ""
        return as_text(self.raw[column.at])

    def note(self, code: str, name: str, **facts: Any) -> Note:
        """A note about the field's cell."""
        return note(code, facts, self.cell(name))

    def notes(self) -> list[Note]:
        """What there is to mind about the row's cells, faults that do not reject it included."""
        found = []
        for name, read in self.reads.items():
            if read.notes:
                found += [note(code, facts, self.cell(name)) for code, facts in read.notes]
            if read.fault:
                found.append(note(*read.fault, self.cell(name)))
        return found

    def record(self, kind: str, key: tuple[Any, ...], values: dict[str, Any]) -> Record:
        """A record of this row; blank parts of the key stay, so that keys do not run together."""
        text = "|".join([kind, *["" if part is None else str(part) for part in key]])
        if len(text) > KEY_WIDTH:
            text = _shorter(text)
        setting = self.setting
        return Record(kind, setting.sheet, self.number, text, values, setting.headings, self.raw)

    def who(self) -> dict[str, Any]:
        """The party, contract and unit that the row names, with the keys they are compared by."""
        names = ("party_name", "party_code", "contract", "unit")
        asked = tuple(map(self.value, names))  # rows of one contract name the same again and again
        if asked not in self.known:
            self.known[asked] = self._who(*asked)
        return dict(self.known[asked])

    def _who(
        self,
        name: str | None,
        code: str | None,
        contract: str | None,
        units: tuple[str, ...] | None,
    ) -> dict[str, Any]:
        if name and not code and _CODE.fullmatch(name):
            name, code = None, name
        units = units or ()
        aliases = self.setting.mapping.units
        keys = [unit_key(unit) for unit in units]
        if aliases:
            pairs = zip(units, keys, strict=True)
            keys = [aliases.get(unit) or aliases.get(key) or key for unit, key in pairs]
        return {
            "party_code": code,
            "party_name": name,
            "party_key": name_key(name) if name else "",
            "contract": contract,
            "unit": keys[0] if len(keys) == 1 else None,
            "units": keys,
        }


def _shorter(key: str) -> str:
    """A key too long to keep: its beginning and a digest of all of it."""
    return f"{key[:140]}~{hashlib.blake2b(key.encode(), digest_size=16).hexdigest()}"


def party_part(who: dict[str, Any]) -> str:
    """The part of a key that stands for the party: its code's key, else its name's."""
    return code_key(who["party_code"]) if who["party_code"] else who["party_key"]


@dataclass
class Sieve:
    """Parts rows that can be built from those that cannot, with every fault of each."""

    shared: SheetColumns
    rejects: list[Reject]

    def sound(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows without a fault that rejects; the others are in `rejects`."""
        at = self.shared.at
        layout = LAYOUTS[self.shared.setting.layout]
        needed = [field.name for field in layout.fields if field.need]
        faulty = [name for name, column in at.items() if column.has_faults]
        gaps = [name for name in needed if name not in at or at[name].has_blanks]
        if not faulty and not gaps:
            yield from rows
            return
        for row in rows:
            faults = [*self._faults(row, faulty, needed), *self._gaps(row, gaps)]
            if faults:
                self.rejects += faults
            else:
                yield row

    def _faults(self, row: Row, faulty: list[str], needed: list[str]) -> Iterator[Reject]:
        for name in faulty:
            fault = row.reads[name].fault
            if fault and (
                row.at[name].type in STRICT or name in needed or fault[0] == "cell.error"
            ):
                yield self._reject(row, name, *fault)

    def _gaps(self, row: Row, gaps: list[str]) -> Iterator[Reject]:
        if self._is_cancelled(row):
            return
        for name in gaps:
            is_faulty = name in row.reads and row.reads[name].fault
            if row.value(name) is None and not is_faulty:
                facts = {"field": row.at[name].name if name in row.at else name}
                yield self._reject(row, name, "field.missing", facts)

    def _is_cancelled(self, row: Row) -> bool:
        number = row.value("number")
        return self.shared.setting.layout == "receipts" and bool(number and number[1])

    def _reject(self, row: Row, name: str, code: str, facts: dict[str, Any]) -> Reject:
        column = row.at.get(name)
        return Reject(
            self.shared.setting.sheet,
            row.number,
            row.cell(name),
            column.name if column else name,
            row.text(name),
            code,
            SENTENCES[code][0],
            facts,
        )
