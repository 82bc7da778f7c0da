"""Why a bank sent a cheque back, read from its own code or wording into one of our families.

Each bank and clearing house has a table of its own (policies/returns.yaml, or taken in from the
bank's list); a bank's own comes before the common ones, those before the families' own wordings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tahsil.core.grammar.names import fold

LEAST = 4  # letters of a code that may stand anywhere in a text, such as INSF
_LEADING = re.compile(r"\s*([^\W_]{1,8})\s*[-–:./)]\s*[^\W\d]")
_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a table: the bank's code, its wording, and the family it belongs to."""

    code: str
    text: str
    family: str


@dataclass(frozen=True, slots=True)
class Table:
    """The return codes of some banks; of none named, those of every bank."""

    name: str
    banks: tuple[str, ...]
    entries: tuple[Entry, ...]

    def is_of(self, banks: Iterable[str]) -> bool:
        """Whether one of these banks is named."""
        return bool({fold(each.strip()) for each in self.banks} & {fold(each) for each in banks})


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the family, the table that says so, and its line."""

    family: str
    table: str
    entry: Entry


def reading(said: str, tables: Iterable[Table]) -> Reading | None:
    """What the first table that knows the code or the wording says; none where none does."""
    for table in tables:
        if entry := _by_code(said, table) or _by_text(said, table):
            return Reading(entry.family, table.name, entry)
    return None


def _by_code(said: str, table: Table) -> Entry | None:
    """The line of that code: alone, before a dash and its wording, or as a word of the text."""
    codes = {code_key(each.code): each for each in table.entries if each.code}
    if found := codes.get(code_key(said)):
        return found
    leading = _LEADING.match(said)
    if leading and (found := codes.get(code_key(leading[1]))):
        return found
    words = (fold(each) for each in _TOKEN.findall(said))
    return next((codes[each] for each in words if len(each) >= LEAST and not each.isdigit()
                 and each in codes), None)  # fmt: skip


def _by_text(said: str, table: Table) -> Entry | None:
    """The line with the longest wording the text holds; one word must stand there by itself."""
    text, found, most = fold(said), None, 0
    words = set(_TOKEN.findall(text))
    for each in table.entries:
        wording = fold(each.text).strip()
        is_there = wording in text if " " in wording else wording in words
        if wording and is_there and len(wording) > most:
            found, most = each, len(wording)
    return found


def code_key(code: str) -> str:
    """The code as it is looked for: however it is written, and with how many noughts."""
    key = fold(code).strip()
    return key.lstrip("0") or key if key.isdigit() else key
