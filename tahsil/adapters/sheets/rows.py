"""Rows: the readings of one row by field, ready for a builder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tahsil.adapters.sheets.cells import BLANK, Note, Read, address, as_text, note
from tahsil.adapters.sheets.codes import code_key, unit_key
from tahsil.adapters.sheets.columns import Column, Setting
from tahsil.adapters.sheets.faults import SENTENCES
from tahsil.adapters.sheets.layouts import LAYOUTS
from tahsil.adapters.sheets.records import Record, Reject
from tahsil.core.grammar.names import name_key

# A fault in these makes the row wrong; in others the field is left empty and noted.
STRICT = frozenset(("money", "date", "cheque_date", "receipt_number", "money_or_percent"))


class Row:
    """One data row: what each field reads, and where it stands."""

    __slots__ = ("at", "number", "raw", "reads", "setting")

    def __init__(
        self,
        number: int,
        reads: dict[str, Read],
        raw: list[Any],
        at: dict[str, Column],
        setting: Setting,
    ) -> None:
        self.number, self.reads, self.raw = number, reads, raw
        self.at, self.setting = at, setting

    def value(self, name: str) -> Any:
        """What the field says, or nothing."""
        return self.reads.get(name, BLANK).value

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
        text = "|".join("" if part is None else str(part) for part in (kind, *key))
        return Record(kind, self.setting.sheet, self.number, text, values, self.raw_texts())

    def raw_texts(self) -> dict[str, str]:
        """Heading to text, as the row stood."""
        texts = [cell if type(cell) is str else as_text(cell) for cell in self.raw]
        return dict(zip(self.setting.headings, texts, strict=False))

    def who(self) -> dict[str, Any]:
        """The party, contract and unit that the row names, with the keys they are compared by."""
        name, code = self.value("party_name"), self.value("party_code")
        if name and not code and _is_code(name):
            name, code = None, name
        units = self.value("unit") or ()
        aliases = self.setting.mapping.units
        keys = [aliases.get(unit) or aliases.get(unit_key(unit)) or unit_key(unit) for unit in units]
        return {
            "party_code": code,
            "party_name": name,
            "party_key": name_key(name) if name else "",
            "contract": self.value("contract"),
            "unit": keys[0] if len(keys) == 1 else None,
            "units": keys,
        }


@lru_cache(maxsize=65536)
def _is_code(name: str) -> bool:
    return any(c.isdigit() for c in name) and code_key(name).isdigit()


def party_part(who: dict[str, Any]) -> str:
    """The part of a key that stands for the party: its code's key, else its name's."""
    return code_key(who["party_code"]) if who["party_code"] else who["party_key"]


@dataclass
class Sieve:
    """Parts rows that can be built from those that cannot, with every fault of each."""

    setting: Setting
    rejects: list[Reject]

    def sound(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows without a fault that rejects; the others are in `rejects`."""
        needed = [field.name for field in LAYOUTS[self.setting.layout].fields if field.need]
        for row in rows:
            faults = self._faults(row, needed)
            if faults:
                self.rejects += faults
            else:
                yield row

    def _faults(self, row: Row, needed: list[str]) -> list[Reject]:
        found = []
        for name, read in row.reads.items():
            if read.fault and (
                row.at[name].type in STRICT or name in needed or read.fault[0] == "cell.error"
            ):
                found.append(self.reject(row, name, *read.fault))
        if self._is_cancelled(row):
            return found
        for name in needed:
            read = row.reads.get(name, BLANK)
            if read.value is None and not read.fault:
                facts = {"field": row.at[name].name if name in row.at else name}
                found.append(self.reject(row, name, "field.missing", facts))
        return found

    def _is_cancelled(self, row: Row) -> bool:
        number = row.value("number")
        return self.setting.layout == "receipts" and bool(number and number[1])

    def reject(self, row: Row, name: str, code: str, facts: dict[str, Any]) -> Reject:
        """The reject of this field's cell."""
        column = row.at.get(name)
        if column is None:
            template = SENTENCES[code][0]
            return Reject(
                self.setting.sheet, row.number, f"A{row.number}", name, "", code, template, facts
            )
        return self._reject(row, column.at, code, facts)

    def _reject(self, row: Row, column: int, code: str, facts: dict[str, Any]) -> Reject:
        names = self.setting.headings
        heading = names[column] if column < len(names) else ""
        text = as_text(row.raw[column]) if column < len(row.raw) else ""
        return Reject(
            self.setting.sheet,
            row.number,
            address(row.number, column),
            heading,
            text,
            code,
            SENTENCES[code][0],
            facts,
        )
