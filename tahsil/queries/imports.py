"""Imports: the batches, and one batch with its rows, what differs, and its control totals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tahsil.core.grammar.authority import Reason, Standing
from tahsil.queries.paging import SIZE, Page

STATUSES = ("new", "changed", "same", "held", "rejected")


@dataclass(frozen=True)
class BatchRow:
    """One imported file."""

    id: int
    file_name: str
    layout: str
    creditor: str
    as_of: date
    state: str
    counts: dict[str, int]
    created_at: datetime
    created_by: str
    committed_at: datetime | None
    undone_at: datetime | None


@dataclass(frozen=True)
class Remark:
    """Something said about a row: a sentence, and the cell it is about."""

    reason: Reason
    cell: str


@dataclass(frozen=True)
class RecordRow:
    """One record of the file: what it said, what it means, what became of it."""

    id: int
    sheet: str
    row: int
    kind: str
    key: str
    status: str
    raw: Any
    values: dict[str, Any]
    remarks: tuple[Remark, ...]
    target: str


@dataclass(frozen=True)
class BatchPage:
    """One batch with a page of its rows; `controls` are the file's own totals beside ours."""

    batch: BatchRow
    sha256: str
    mapping: dict[str, Any]
    controls: list[Any]
    statuses: dict[str, int]
    kinds: dict[str, dict[str, int]]  # kind, status: count
    rows: Page[RecordRow]
    possible: tuple[str, ...]  # verbs its state allows: commit, discard, undo
    answers: dict[str, bool]  # verb: whether the reader's roles allow it


def batches(
    standing: Standing, *, as_of: date, state: str = "", page: int = 1, size: int = SIZE
) -> Page[BatchRow]:
    """The imports, newest first."""
    raise NotImplementedError


def batch(
    standing: Standing,
    batch_id: int,
    *,
    as_of: date,
    status: str = "",
    kind: str = "",
    page: int = 1,
    size: int = SIZE,
) -> BatchPage:
    """One batch with its rows in the file's order, narrowed to a status and kind."""
    raise NotImplementedError


def rows_for_export(standing: Standing, batch_id: int, *, as_of: date) -> Iterator[RecordRow]:
    """Every row that was not taken (held or rejected), for the reject workbook."""
    raise NotImplementedError
