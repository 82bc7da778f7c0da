"""Queries the ORM writes out once and the database answers many times.

To write a small query out costs the ORM ten times what it costs the database to answer it, and a
verb asks some twenty. A prepared one keeps the statement and fills the values in when asked.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.query import ValuesIterable


class Prepared:
    """A query by its parameters. Use as a decorator of the function that makes the queryset.

    A parameter is one value, never None, or for `__in` a list; the shape of the query cannot
    depend on it. Rows are what the queryset would give: objects, dicts or tuples.
    """

    def __init__(self, make: Callable[..., QuerySet]) -> None:
        self.make = make
        self.__doc__ = make.__doc__

    def rows(self, **values: Any) -> list[Any]:
        """The rows there are for these values; for an empty list there are none."""
        if any(value == [] for value in values.values()):
            return []
        return self._written.rows(values)

    def first(self, **values: Any) -> Any:
        """The first of the rows, or None."""
        return next(iter(self.rows(**values)), None)

    @cached_property
    def _written(self) -> _Written:
        return _Written(self.make(*map(_Gap, inspect.signature(self.make).parameters)))


class _Gap(Value):
    """Stands in a statement where the value of the parameter it is named after belongs."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """In brackets, as a list after IN needs them and a single value may have them."""
        return "(%s)", [self]


class _Written:
    """A statement cut at its values, and what makes of its rows what the ORM would."""

    def __init__(self, queryset: QuerySet) -> None:
        query = queryset.query
        self.compiler = query.get_compiler(connection=connection)
        sql, self.values = self.compiler.as_sql()
        self.parts = sql.split("%s")
        columns = [column for column, *_ in self.compiler.select]
        self.converters = self.compiler.get_converters(columns)
        self.make = _maker(queryset, columns)

    def rows(self, given: dict[str, Any]) -> list[Any]:
        """The rows for these values."""
        sql, values = self._filled(given)
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            found = cursor.fetchall()
        return list(map(self.make, self.compiler.apply_converters(found, self.converters)))

    def _filled(self, given: dict[str, Any]) -> tuple[str, list[Any]]:
        """The statement with a mark for each value, and the values as the database takes them."""
        text, values = [self.parts[0]], list[Any]()
        for value, part in zip(self.values, self.parts[1:], strict=True):
            one = given[value.value] if isinstance(value, _Gap) else value
            many = one if isinstance(one, list) else (one,)
            values += map(_adapted, many)
            text += (", ".join(["%s"] * len(many)), part)
        return "".join(text), values


def _maker(queryset: Any, columns: list[Any]) -> Callable[[list[Any]], Any]:
    """What turns a list of values into what an iteration over the queryset would have given."""
    model, query = queryset.model, queryset.query
    if queryset._fields is None:
        fields = [column.target.attname for column in columns]
        return lambda row: model.from_db(connection.alias, fields, row)
    if queryset._iterable_class is not ValuesIterable:
        return tuple
    names = [*query.extra_select, *query.values_select, *query.annotation_select]
    return lambda row: dict(zip(query.selected or names, row, strict=True))


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
