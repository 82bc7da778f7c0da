"""Columns: frozen tables of equal-length arrays, the shape every rule of the core takes.

A table is a dataclass whose fields are NumPy arrays. Money columns end in _minor and are int64,
date columns end in _on and are datetime64[D] (NaT where missing), ids are int64.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from tahsil.core.grammar.dates import as_days
from tahsil.core.grammar.money import AMOUNT_MAX


@dataclass(frozen=True)
class Columns:
    """A table: subclasses declare its arrays; all have one length, amounts stay in bounds."""

    def __post_init__(self) -> None:
        columns = {name: getattr(self, name) for name in self.names()}
        lengths = {name: len(column) for name, column in columns.items()}
        assert len(set(lengths.values())) <= 1, f"columns differ in length: {lengths}"
        if not any(lengths.values()):
            return
        for name, column in columns.items():
            if name.endswith("_minor"):
                assert column.dtype == np.int64, f"{name} is {column.dtype}, not int64"
                assert np.abs(column).max() <= AMOUNT_MAX, f"{name} exceeds {AMOUNT_MAX}"

    def __len__(self) -> int:
        return len(getattr(self, next(iter(self.__dataclass_fields__))))

    @classmethod
    def names(cls) -> list[str]:
        """The names of the columns, in order."""
        return list(cls.__dataclass_fields__)  # fields() is slow, and asked for often

    @classmethod
    def from_rows(cls, rows: list[dict[str, Any]]) -> Self:
        """The table of these rows; a key a row lacks is an error, a key too many is left out."""
        return cls(**{name: column(name, [row[name] for row in rows]) for name in cls.names()})

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each row as a dict of plain Python values."""
        lists = [getattr(self, name).tolist() for name in self.names()]
        for values in zip(*lists, strict=True):
            yield dict(zip(self.names(), values, strict=True))

    def take(self, where: np.ndarray) -> Self:
        """The rows at these positions, or where this mask holds."""
        part = object.__new__(type(self))  # what held of every row holds of some
        for name in self.names():
            object.__setattr__(part, name, getattr(self, name)[where])
        return part


def column(name: str, values: list[Any]) -> np.ndarray:
    """The array for values of a column so named: its suffix decides the type."""
    if name.endswith("_on"):
        return as_days(values)
    if name.endswith(("_minor", "_id", "_days", "_ppm", "_count")) or name in ("id", "seq", "dpd"):
        return np.asarray(values, dtype=np.int64)
    if values and isinstance(values[0], bool):
        return np.asarray(values, dtype=bool)
    if values and isinstance(values[0], int):
        return np.asarray(values, dtype=np.int64)
    return np.asarray(values, dtype=object if not values else None)


def sum_by(keys: np.ndarray, amounts: np.ndarray, size: int) -> np.ndarray:
    """The int64 sum of amounts per key 0..size-1, exact (bincount would go through floats)."""
    assert int(np.abs(amounts).sum(dtype=np.float64)) < 9_000_000_000_000_000_000
    totals = np.zeros(size, dtype=np.int64)
    np.add.at(totals, keys, amounts)
    return totals


def positions_of(wanted: np.ndarray, sorted_ids: np.ndarray) -> np.ndarray:
    """Where each wanted id stands in the sorted ids; an id that is not there is an error."""
    found = np.searchsorted(sorted_ids, wanted)
    assert wanted.size == 0 or (
        found.max() < sorted_ids.size and (sorted_ids[found] == wanted).all()
    ), "an id has no row"
    return found
