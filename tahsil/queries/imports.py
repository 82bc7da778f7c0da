"""Imports: the batches, and one batch with its rows, what differs, and its control totals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet

from tahsil.core.grammar.authority import Answer, Reason, Standing, can
from tahsil.core.grammar.lifecycle import IMPORT
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import paging
from tahsil.queries.paging import SIZE, Page
from tahsil.store.models import ImportBatch, ImportRow

READ = "import.read"

STATUSES = ("new", "changed", "same", "left", "held", "rejected")


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
    _allowed(standing)
    found = ImportBatch.objects.select_related("creditor", "created_by").order_by("-id")
    if state:
        found = found.filter(state=state)
    return paging.of(found, lambda rows: [_batch(row) for row in rows], page=page, size=size)


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
    row = _known(standing, batch_id)
    kinds: dict[str, dict[str, int]] = {}
    counted = row.rows.order_by().values_list("kind", "status").annotate(n=Count("id"))
    for each_kind, each_status, count in counted:
        kinds.setdefault(each_kind, {})[each_status] = count
    statuses = {each: sum(found.get(each, 0) for found in kinds.values()) for each in STATUSES}
    narrowed = {name: value for name, value in (("status", status), ("kind", kind)) if value}
    records = row.rows.filter(**narrowed).order_by("id")
    return BatchPage(
        batch=_batch(row),
        sha256=row.sha256,
        mapping=row.mapping,
        controls=row.controls,
        statuses=statuses,
        kinds=kinds,
        rows=paging.of(
            records, lambda rows: [_record(each) for each in rows], page=page, size=size
        ),
        possible=tuple(IMPORT.possible(row.state)),
        answers={
            verb: can(standing, f"import.{verb}", None).answer == Answer.ALLOW
            for verb in IMPORT.moves
        },
    )


def rows_for_export(standing: Standing, batch_id: int, *, as_of: date) -> Iterator[RecordRow]:
    """Every row that was not taken (held or rejected), for the reject workbook."""
    rows: QuerySet[ImportRow] = _known(standing, batch_id).rows.all()
    for row in rows.filter(status__in=("held", "rejected")).order_by("id").iterator():
        yield _record(row)


def _allowed(standing: Standing) -> None:
    verdict = can(standing, READ, None)
    if verdict.answer != Answer.ALLOW:
        reason = verdict.reasons[0]
        raise Refused(reason.code, reason.template, **reason.facts)


def _known(standing: Standing, batch_id: int) -> ImportBatch:
    _allowed(standing)
    found = ImportBatch.objects.select_related("creditor", "created_by").filter(id=batch_id).first()
    if found is None:
        raise Refused("import.unknown", "There is no import {batch}.", batch=batch_id)
    return found


def _batch(row: ImportBatch) -> BatchRow:
    return BatchRow(
        id=row.id,
        file_name=row.file_name,
        layout=row.layout,
        creditor=row.creditor.name if row.creditor else "",
        as_of=row.as_of,
        state=row.state,
        counts=row.counts,
        created_at=row.created_at,
        created_by=row.created_by.name if row.created_by else "",
        committed_at=row.committed_at,
        undone_at=row.undone_at,
    )


def _record(row: ImportRow) -> RecordRow:
    return RecordRow(
        id=row.id,
        sheet=row.sheet,
        row=row.row,
        kind=row.kind,
        key=row.key,
        status=row.status,
        raw=row.raw,
        values=row.values,
        remarks=tuple(_remark(each) for each in row.remarks),
        target=row.target,
    )


def _remark(said: list[Any]) -> Remark:
    """[code, template, facts, cell] as it is kept; the cell may be missing."""
    code, template, facts, cell = [*said, *("", "", {}, "")[len(said) :]][:4]
    return Remark(Reason(code, template, facts or {}), str(cell or ""))
