"""A portfolio before it is written: tables of columns that refer to each other by position.

`party`, `account`, `contract` and `line` columns are positions in those tables; day columns are
day numbers, rows.NONE where missing. Two drafts join end to end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tahsil.run.demo.rows import NONE

COLUMNS = {
    "parties": "name other language country kind national_id phone email",
    "accounts": "party place product collector habit",
    "contracts": "account place product number unit kind signed price raised",
    "lines": "contract seq category label amount due event event_days dated raised",
    "happenings": "contract event on",
    "receipts": "contract kind rule instrument reference bank amount on reversed",
    "instruments": "contract number bank amount matures state place bounced",
    "attempts": "account on minute channel disposition level reason step step_on note",
    "promises": "account amount made on instrument",
    "holds": "account kind reason since until",
    "disputes": "line amount code note opened",
}
TEXT = {
    "name", "other", "language", "country", "kind", "national_id", "phone", "email", "place",
    "product", "collector", "habit", "number", "unit", "category", "label", "event", "rule",
    "instrument", "reference", "bank", "state", "channel", "disposition", "level", "reason",
    "step", "note", "code",
}  # fmt: skip
REFERS = {"party": "parties", "account": "accounts", "contract": "contracts", "line": "lines"}
Table = dict[str, np.ndarray]


@dataclass
class Draft:
    """Every table of a portfolio, by name."""

    tables: dict[str, Table]

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]

    def count(self, name: str) -> int:
        """How many rows a table has."""
        return len(next(iter(self.tables[name].values())))


def from_columns(given: dict[str, dict[str, Any]]) -> Draft:
    """The draft of these columns; tables not given are empty, every column must be there."""
    tables = {}
    for name, columns in COLUMNS.items():
        found = given.get(name)
        if found is None:
            tables[name] = {column: column_of(column, []) for column in columns.split()}
            continue
        wanted = columns.split()
        assert set(found) == set(wanted), f"{name}: {set(found) ^ set(wanted)}"
        tables[name] = {column: column_of(column, found[column]) for column in wanted}
        sizes = {len(values) for values in tables[name].values()}
        assert len(sizes) == 1, f"{name}: columns of {sizes} rows"
    return Draft(tables)


def from_rows(rows: dict[str, list[dict[str, Any]]]) -> Draft:
    """The draft of rows; what a row leaves out is empty text, or no day, or nothing."""
    given = {}
    for name, columns in COLUMNS.items():
        found = rows.get(name, [])
        given[name] = {
            column: [row.get(column, _empty(column)) for row in found] for column in columns.split()
        }
    return from_columns(given)


def joined(first: Draft, second: Draft) -> Draft:
    """The rows of both; what the second refers to moves by the length of the first."""
    tables = {}
    for name in COLUMNS:
        tables[name] = {
            column: np.concatenate((values, _moved(first, column, second[name][column])))
            for column, values in first[name].items()
        }
    return Draft(tables)


def column_of(name: str, values: Any) -> np.ndarray:
    """The array of a column: text as objects, everything else whole numbers."""
    if isinstance(values, np.ndarray):
        return values
    return np.asarray(values, dtype=object if name in TEXT else np.int64)


def _empty(column: str) -> Any:
    if column in TEXT:
        return ""
    days = {"due", "dated", "on", "reversed", "matures", "bounced", "step_on", "since", "until"}
    return NONE if column in days else 0


def _moved(first: Draft, column: str, values: np.ndarray) -> np.ndarray:
    return values + first.count(REFERS[column]) if column in REFERS else values
