"""Writing many rows: columns in, one statement repeated, in the order given.

SQLite takes executemany, PostgreSQL COPY. What a caller does not give has the model's default.
Day numbers in `_on` columns become dates; NONE there is a missing one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice, repeat
from typing import Any

import numpy as np
from django.db import connection, models
from django.db.models import Max

NONE = -(2**31)
FIRST, LAST = 0, 40_000  # 1970 to 2079
CHUNK = 20_000
MANY = 100_000
_DAYS = np.asarray(
    [*np.datetime_as_string(np.arange(FIRST, LAST).astype("datetime64[D]")).tolist(), None],
    dtype=object,
)
Progress = Callable[[str, int, int], None]


def day_text(days: np.ndarray | Sequence[int]) -> list[str | None]:
    """Day numbers as ISO dates."""
    at = np.asarray(days, dtype=np.int64)
    return _DAYS[np.where(at == NONE, -1, at)].tolist()


def first_id(model: type[models.Model]) -> int:
    """The first id that is free."""
    return (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def write(
    model: type[models.Model], count: int, columns: dict[str, Any], *, progress: Progress
) -> None:
    """Inserts so many rows; a column is an array, a sequence or one value for all."""
    if not count:
        return
    fields = model._meta.concrete_fields
    unknown = set(columns) - {field.attname for field in fields}
    assert not unknown, f"{model.__name__} has no column {unknown}"
    values = [_values(field, columns, count) for field in fields]
    names = ", ".join(f'"{field.column}"' for field in fields)
    made = zip(*values, strict=False)
    insert = _copy if connection.vendor == "postgresql" else _execute
    insert(model._meta.db_table, names, made, (model._meta.verbose_name, count, progress))
    if connection.vendor == "postgresql" and isinstance(model._meta.pk, models.AutoField):
        _move_sequence(model)


def _values(field: models.Field, columns: dict[str, Any], count: int) -> Iterable[Any]:
    given = columns[field.attname] if field.attname in columns else _default(field)
    if isinstance(given, str | int | bool | None):
        return repeat(given, count)
    assert len(given) == count, f"{field.attname} has {len(given)} values, not {count}"
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return day_text(given)
    return given.tolist() if isinstance(given, np.ndarray) else given


def _default(field: models.Field) -> Any:
    if field.null and not field.has_default():
        return None
    value = field.get_default()
    return json.dumps(value) if isinstance(field, models.JSONField) else value


def _execute(table: str, names: str, rows: Iterator[tuple], told: tuple) -> None:
    name, count, progress = told
    marks = ", ".join(["%s"] * (names.count(",") + 1))
    insert = " ".join(("INSERT INTO", table, f"({names}) VALUES ({marks})"))
    done = 0
    with connection.cursor() as cursor, _indexes_after(cursor, table, count):
        while chunk := list(islice(rows, CHUNK)):
            cursor.executemany(insert, chunk)
            done += len(chunk)
            progress(str(name), done, count)


@contextmanager
def _indexes_after(cursor: Any, table: str, count: int) -> Iterator[None]:
    """Builds the table's indexes once, sorted, after very many rows instead of with each."""
    wanted = []
    if count >= MANY:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s "
            "AND sql IS NOT NULL ORDER BY name",
            [table],
        )
        wanted = cursor.fetchall()
    for name, _ in wanted:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _, sql in wanted:
        cursor.execute(sql.replace("%", "%%"))


def _copy(table: str, names: str, rows: Iterator[tuple], told: tuple) -> None:
    name, count, progress = told
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for done, row in enumerate(rows, 1):
            copy.write_row(row)
            if done % CHUNK == 0:
                progress(str(name), done, count)
    progress(str(name), count, count)


def _move_sequence(model: type[models.Model]) -> None:
    table, key = model._meta.db_table, model._meta.pk.column
    words = ("SELECT setval(pg_get_serial_sequence(%s, %s),", f"MAX({key})) FROM {table}")
    with connection.cursor() as cursor:
        cursor.execute(" ".join(words), [table, key])
