"""What a person says once of a bank's tables: which column is what, how dates and numbers are.

Kept with the bank account as plain JSON; `columns` maps a field of headings.py to the heading it
stands under, and to nothing where no column is to be taken for it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tahsil.adapters.bank.cells import plain
from tahsil.adapters.bank.headings import HEADINGS, squeezed_key
from tahsil.adapters.bank.statement import Mapping
from tahsil.core.grammar.refusal import Refused
from tahsil.core.resolve import bank_tables

SHOWN = 12  # rows among which the headings are looked for when somebody is asked
# Refused with one of these, a table is read once somebody has said what its columns are.
ASKED = ("bank.no_headings", "bank.column", "bank.date_doubtful", "bank.amount_doubtful")


def from_text(text: str) -> Mapping:
    """The mapping that a JSON text says."""
    try:
        return from_body(json.loads(text))
    except ValueError as why:
        raise Refused("mapping.json", "The mapping is not JSON: {why}.", why=str(why)) from why


def from_body(said: Any) -> Mapping:
    """The mapping that plain values say; refused where no table could be read by it."""
    return Mapping(**bank_tables.checked(said))


def body_of(mapping: Mapping) -> dict[str, Any]:
    """The mapping as it is kept; nothing where it says nothing."""
    said = {"columns": mapping.columns, "order": mapping.order, "point": mapping.point}
    return said if any(said.values()) else {}


def headings_at(rows: Sequence[Sequence[Any]]) -> int:
    """The row (from 1) that looks most like headings: known words first, then words at all."""

    def likeness(row: Sequence[Any]) -> tuple[int, int]:
        texts = [plain(cell) for cell in row]
        words = [text for text in texts if text and not any(map(str.isdigit, text))]
        return len(guessed(row)), len(words)

    shown = rows[:SHOWN] or [()]
    return max(range(len(shown)), key=lambda at: (*likeness(shown[at]), -at)) + 1


def guessed(row: Sequence[Any]) -> dict[int, str]:
    """The field of each column whose heading is a word that banks use."""
    found: dict[int, str] = {}
    for at, cell in enumerate(row):
        key = HEADINGS.get(squeezed_key(plain(cell)))
        if key and key not in found.values():
            found[at] = key
    return found
