"""The staging area: rows of a file written, compared, read and marked in bulk.

The ORM's objects and its bulk update cost ten to fifty times as much; a long list has
a hundred thousand rows. JSON stays text until somebody needs what it says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count

from tahsil.store import rows as rows_of
from tahsil.store.models import ImportBatch, ImportRow

LOOK_UP = 900  # keys of one question: SQLite takes a thousand
READ = 2_000


class Said(NamedTuple):
    """One record as it was read; raw, values and remarks are JSON text already."""

    kind: str
    sheet: str
    row: int
    key: str
    hash: str
    raw: str
    values: str
    remarks: str
    status: str = "new"


class Before(NamedTuple):
    """What was committed earlier under a key."""

    id: int
    hash: str
    target: str


@dataclass(slots=True)
class Row:
    """A staged row while it is committed: what it means and what becomes of it."""

    id: int
    sheet: str
    row: int
    kind: str
    key: str
    hash: str
    status: str
    said: str | dict[str, Any]
    target: str = ""
    added: list[list[Any]] = field(default_factory=list)  # remarks of the commit

    @property
    def values(self) -> dict[str, Any]:
        """What the row says, read from its JSON once it is asked for."""
        if isinstance(self.said, str):
            self.said = json.loads(self.said)
        return self.said  # type: ignore[return-value]

    def with_values(self, values: dict[str, Any]) -> Row:
        """A row in the same place that says something else."""
        return Row(
            self.id, self.sheet, self.row, self.kind, self.key, self.hash, self.status, values
        )


def insert(batch_id: int, said: Sequence[Said]) -> None:
    """These records are staged under the batch, in their order."""
    ids = rows_of.take_ids(ImportRow, len(said)) if said else []
    rows_of.put(
        ImportRow,
        (
            (key, batch_id, one.sheet, one.row, one.kind, one.key, one.hash, one.raw, one.values,
             one.status, one.remarks, "")
            for key, one in zip(ids, said, strict=True)
        ),
    )  # fmt: skip


def before(
    creditor_id: int | None, keys: Iterable[str], *, beside: int = 0
) -> dict[tuple[str, str], Before]:
    """By kind and key what committed batches of the creditor took, the latest of each.

    The batch `beside` which this is asked does not count.
    """
    found: dict[tuple[str, str], Before] = {}
    batches = ImportBatch.objects.filter(state="committed", creditor=creditor_id)
    known = set(batches.exclude(id=beside).values_list("id", flat=True))
    if not known:
        return found
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), LOOK_UP):
        # By key alone: named here, the batches would be walked through row by row.
        rows = ImportRow.objects.filter(key__in=wanted[start : start + LOOK_UP]).order_by("id")
        for kind, key, batch_id, row_id, digest, target in rows.values_list(
            "kind", "key", "batch_id", "id", "hash", "target"
        ):
            if batch_id in known and target:
                found[kind, key] = Before(row_id, digest, target)
    return found


def values_of(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What these rows say, by their ids."""
    found: dict[int, dict[str, Any]] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), LOOK_UP):
        rows = ImportRow.objects.filter(id__in=wanted[start : start + LOOK_UP])
        found.update(rows.values_list("id", "values"))
    return found


def standing_rows(creditor_id: int | None, fingerprint: str) -> Iterator[tuple[str, str, str, int]]:
    """(kind, key, sheet, row) of all that earlier files with these columns brought in."""
    rows = ImportRow.objects.filter(
        batch__state="committed",
        batch__creditor=creditor_id,
        batch__mapping__fingerprint=fingerprint,
    ).exclude(target="")
    return rows.order_by("id").values_list("kind", "key", "sheet", "row").iterator(chunk_size=READ)


def to_take(batch_id: int) -> list[Row]:
    """The rows of a staged batch that may go into the book, in the file's order."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT id, sheet, "row", kind, key, hash, status, CAST("values" AS text) '
            "FROM store_importrow WHERE batch_id = %s AND status IN ('new', 'changed', 'same') "
            "ORDER BY id",
            [batch_id],
        )
        return [Row(*row) for row in cursor.fetchall()]


def mark(rows: Sequence[Row]) -> None:
    """Writes the status and target of these rows, and what the commit has to say about them."""
    plain = [(row.status, row.target, row.id) for row in rows if not row.added]
    _update("status = d.status, target = d.target", ("status", "target"), plain)
    told = [row for row in rows if row.added]
    earlier: dict[int, list[Any]] = {}
    for start in range(0, len(told), LOOK_UP):
        part = [row.id for row in told[start : start + LOOK_UP]]
        earlier.update(ImportRow.objects.filter(id__in=part).values_list("id", "remarks"))
    noted = [
        (row.status, row.target, json.dumps([*earlier[row.id], *row.added], default=str), row.id)
        for row in told
    ]
    _update(
        "status = d.status, target = d.target, remarks = CAST(d.remarks AS jsonb)",
        ("status", "target", "remarks"),
        noted,
    )


def counts(batch_id: int) -> dict[str, int]:
    """How many rows of each status the batch has."""
    rows = ImportRow.objects.filter(batch_id=batch_id).order_by().values_list("status")
    return dict(sorted(rows.annotate(count=Count("id"))))


def _update(sets: str, names: tuple[str, ...], values: list[tuple[Any, ...]]) -> None:
    if not values:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            columns = [list(column) for column in zip(*values, strict=True)]
            arrays = ", ".join(["%s::text[]"] * len(names))
            cursor.execute(
                f"UPDATE store_importrow r SET {sets} FROM "  # noqa: S608 our own names
                f"unnest({arrays}, %s::bigint[]) AS d({', '.join(names)}, id) WHERE r.id = d.id",
                columns,
            )
        else:
            marks = ", ".join(f"{name} = %s" for name in names)
            cursor.executemany(
                f"UPDATE store_importrow SET {marks} WHERE id = %s",  # noqa: S608 our own names
                values,
            )
