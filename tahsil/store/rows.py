"""Many new rows at once: the ORM's objects, or their columns, written past its slow bulk insert.

Ids are taken first (from the sequence on PostgreSQL; above the highest on SQLite, where
the transaction already holds the only pen), so that rows may name each other before they stand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import repeat
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)
_BLOCK = 500
_FEW = 4  # so many rows are sooner written one by one than their ids taken first


def insert(rows: Sequence[M]) -> list[M]:
    """The rows, written, with their ids; all of one model, inside the caller's transaction."""
    if not rows:
        return []
    model = type(rows[0])
    if len(rows) <= _FEW:
        return [_add(row) for row in rows]
    for row, key in zip(rows, take_ids(model, len(rows)), strict=True):
        row.pk = key
    _insert(model, rows)
    return list(rows)


def write(model: type[models.Model], said: Sequence[dict[str, Any]]) -> Sequence[int]:
    """The ids of rows written from columns by name; every dict names the same columns.

    What the dicts do not name has its default. Dicts cost a tenth of the ORM's objects.
    """
    if not said:
        return []
    ids = take_ids(model, len(said))
    given = {**dict.fromkeys(said[0]), model._meta.pk.attname: None}
    columns: list[Iterable[Any]] = []
    for field in model._meta.concrete_fields:
        name, convert = field.attname, _converter(field) or _as_is
        if field.primary_key:
            columns.append(ids)
        elif name in given:
            columns.append([convert(row[name]) for row in said])
        else:
            columns.append(repeat(convert(field.get_default()), len(said)))
    put(model, zip(*columns, strict=True))
    return ids


def put(model: type[models.Model], values: Iterable[tuple[Any, ...]]) -> None:
    """Writes rows given as the database's own values, in the order of the model's columns."""
    columns = [field.column for field in model._meta.concrete_fields]
    names = ", ".join(f'"{column}"' for column in columns)
    _write(model._meta.db_table, names, values, len(columns))


class Pen:
    """New rows of several models with their ids at once; what `flush` writes in one go each.

    Only for tables that nobody else writes to between the first row and the flush.
    """

    def __init__(self) -> None:
        self._ids: dict[type[models.Model], Iterator[int]] = {}
        self._rows: dict[type[models.Model], list[models.Model]] = {}

    def add(self, row: M) -> M:
        """The row with its id, to be written at the next flush."""
        model = type(row)
        row.pk = next(self._ids.get(model) or iter(()), None) or self._more(model)
        self._rows.setdefault(model, []).append(row)
        return row

    def flush(self) -> None:
        """Everything added so far is in the database."""
        for model, rows in self._rows.items():
            _insert(model, rows)
        self._ids.clear()
        self._rows.clear()

    def _more(self, model: type[models.Model]) -> int:
        # On SQLite nobody else can write and nothing of ours stands yet: count on from the highest.
        count = _BLOCK if connection.vendor == "postgresql" else 2**40
        self._ids[model] = iter(take_ids(model, count))
        return next(self._ids[model])


def take_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """So many ids no row has."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                # The sequence is looked up once, not for every number.
                "WITH found AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id')::regclass s) "
                "SELECT nextval(s) FROM found, generate_series(1, %s)",
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


def _add(row: M) -> M:
    """The row, written, with the id the database gave it."""
    statement, fields = _one_by_one(type(row))
    values = [convert(getattr(row, name)) for name, convert in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        (row.pk,) = cursor.fetchone()
    return row


@lru_cache(maxsize=64)
def _one_by_one(model: type[models.Model]) -> tuple[str, list[tuple[str, Callable[[Any], Any]]]]:
    """The statement for one row of the model, and its fields with what makes them values."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = model._meta.db_table
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks}) RETURNING "id"'  # noqa: S608 our own names
    return statement, [(field.attname, _one(field)) for field in fields]


def _one(field: models.Field) -> Callable[[Any], Any]:
    if isinstance(field, models.DateTimeField | models.TimeField):
        return lru_cache(maxsize=64)(lambda value: field.get_db_prep_save(value, connection))
    return _converter(field) or _as_is


def _insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    columns = []
    for field in model._meta.concrete_fields:
        name, convert = field.attname, _converter(field) or _as_is
        columns.append([convert(getattr(row, name)) for row in rows])
    put(model, zip(*columns, strict=True))


def _as_is(value: Any) -> Any:
    return value


def _converter(field: models.Field) -> Callable[[Any], Any] | None:
    """What makes the field's value the database's; nothing where it is that already."""
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.DateTimeField | models.TimeField):
        prepare = field.get_db_prep_save
        known: dict[Any, Any] = {}  # one commit has one instant

        def at(value: Any) -> Any:
            if value not in known:
                known[value] = prepare(value, connection)
            return known[value]

        return at
    if connection.vendor == "sqlite" and isinstance(field, models.DateField):
        return _day
    return None


def _json(value: Any) -> str:
    return "[]" if value == [] else "{}" if value == {} else json.dumps(value)


@lru_cache(maxsize=65_536)
def _day(value: date | str | None) -> str | None:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _write(table: str, names: str, values: Iterable[tuple[Any, ...]], width: int) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * width)
            cursor.executemany(
                f'INSERT INTO "{table}" ({names}) VALUES ({marks})',  # noqa: S608 our own names
                list(values),
            )
