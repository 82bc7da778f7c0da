"""Many new rows at once: the ORM's objects, written past its slow bulk insert.

Ids are taken first (from the sequence on PostgreSQL; above the highest on SQLite, where
the transaction already holds the only pen), so that rows may name each other before they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


def insert(rows: Sequence[M]) -> list[M]:
    """The rows, written, with their ids; all of one model, inside the caller's transaction."""
    if not rows:
        return []
    model = type(rows[0])
    for row, key in zip(rows, _take_ids(model, len(rows)), strict=True):
        row.pk = key
    fields = model._meta.concrete_fields
    names = ", ".join(f'"{field.column}"' for field in fields)
    convert = [_converter(field) for field in fields]
    attributes = [field.attname for field in fields]
    values = [
        tuple(
            prepare(getattr(row, name)) if prepare else getattr(row, name)
            for name, prepare in zip(attributes, convert, strict=True)
        )
        for row in rows
    ]
    _write(model._meta.db_table, names, values, len(fields))
    return list(rows)


def _take_ids(model: type[models.Model], count: int) -> Sequence[int]:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [number for (number,) in cursor.fetchall()]
        cursor.execute(
            f"SELECT MAX(COALESCE((SELECT MAX(id) FROM {table}), 0), "  # noqa: S608 our own names
            "COALESCE((SELECT seq FROM sqlite_sequence WHERE name = %s), 0))",
            [table],
        )
        last = int(cursor.fetchone()[0])
    return range(last + 1, last + 1 + count)


def _converter(field: models.Field) -> Any:
    """What makes the field's value the database's; nothing where it is that already."""
    if isinstance(field, models.JSONField | models.DateTimeField | models.TimeField) or (
        connection.vendor == "sqlite" and isinstance(field, models.DateField)
    ):
        return lambda value: field.get_db_prep_save(value, connection)
    return None


def _write(table: str, names: str, values: list[tuple[Any, ...]], width: int) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * width)
            cursor.executemany(
                f'INSERT INTO "{table}" ({names}) VALUES ({marks})',  # noqa: S608 our own names
                values,
            )
