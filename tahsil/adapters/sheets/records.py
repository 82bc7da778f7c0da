"""What staging gives back: records, rejects, control totals, questions, candidates."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from tahsil.adapters.sheets.cells import Note, as_text
from tahsil.adapters.sheets.mapping import Mapping
from tahsil.core.grammar.refusal import say

_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode
_quote = json.encoder.encode_basestring  # type: ignore[attr-defined]


@lru_cache(maxsize=65_536, typed=True)
def _quoted(cell: Any) -> str:
    """A cell's text as JSON; amounts, days and counters come again and again."""
    return _quote(as_text(cell))


@lru_cache(maxsize=64)
def _names(headings: tuple[str, ...]) -> list[str]:
    """Each heading as a name in JSON; nothing for a column without one."""
    return [_quote(heading) + ":" if heading else "" for heading in headings]


@dataclass(slots=True)
class Record:
    """One thing a file says: plain JSON-able `values`, the row as it stood, what to mind.

    `key` is the same when the file is sent again; `hash` changes when what it says changes.
    """

    kind: str
    sheet: str
    row: int
    key: str
    values: dict[str, Any]
    headings: tuple[str, ...]
    cells: list[Any]
    warnings: list[Note] = field(default_factory=list)

    @property
    def raw(self) -> str:
        """The row as it stood, as JSON: heading to text."""
        texts = [_quote(cell) if type(cell) is str else _quoted(cell) for cell in self.cells]
        found = dict(zip(_names(self.headings), texts, strict=False))
        found.pop("", None)
        return f"{{{','.join(map(''.join, found.items()))}}}"

    @property
    def hash(self) -> str:
        """A digest of the normalised values."""
        return self.digested()[1]

    def digested(self) -> tuple[str, str]:
        """The normalised values as JSON, and the digest of that."""
        text = _encode(self.values)
        return text, hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Reject:
    """A cell (or a row) that could not be taken, and why."""

    sheet: str
    row: int
    cell: str
    column: str
    text: str
    code: str
    template: str
    facts: dict[str, Any]

    def __str__(self) -> str:
        return say(self.template, self.facts)


@dataclass(frozen=True, slots=True)
class Control:
    """A total the file states, beside the sum of the cells above it as they were read."""

    label: str
    column: str
    file_total: int
    computed_total: int
    agrees: bool
    currency: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Question:
    """Something only a person can say; `choice` names the table of the mapping that answers.

    `options` are (value, what it would mean); the answer goes to mapping.<choice>[<subject>].
    """

    code: str
    template: str
    facts: dict[str, Any]
    sheet: str
    choice: str
    subject: str
    options: tuple[tuple[Any, str], ...]

    def __str__(self) -> str:
        return say(self.template, self.facts)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two records that may be one thing written twice; a person decides."""

    kind: str
    first: str
    second: str
    score: int
    reasons: tuple[str, ...]


@dataclass
class Staged:
    """All that a file says and all that was not taken; nothing is written anywhere.

    By sheet: its layout, the fingerprint of its columns, its headings, heading to field.
    `counts` is rows by kind (data, title, header, total, carried, blank) and rows rejected.
    """

    records: list[Record] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    notes: list[tuple[str, Note]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    layouts: dict[str, str] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)
    headings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    rejected_rows: dict[tuple[str, int], list[Any]] = field(default_factory=dict)
    mapping: Mapping = field(default_factory=Mapping)

    def of(self, kind: str) -> Iterator[Record]:
        """The records of one kind."""
        return (record for record in self.records if record.kind == kind)

    @property
    def agrees(self) -> bool:
        """Whether every total the file states is the sum of its rows."""
        return all(control.agrees for control in self.controls)
