"""Querysets compiled once and run many times: building SQL costs more than running it.

A statement is a function of named whole numbers and dates that gives a `.values()` queryset. Its
SQL is made once with marks in place of the values; after that only the marks are filled in.
Values that change the SQL itself (lists, scopes) do not belong here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet

FIRST_NUMBER, FIRST_YEAR = 7_000_000_001, 9_001  # no id and no date of a book is one of these


@dataclass(frozen=True)
class _Compiled:
    """The SQL, its parameters with the names of marks, and what turns rows into values."""

    sql: str
    params: tuple[Any, ...]
    marks: dict[int, str]  # place among the parameters: name
    names: list[str]
    compiler: Any


class Prepared:
    """A statement; `rows` runs it. Use as a decorator of the function that makes the queryset."""

    def __init__(self, make: Callable[..., QuerySet]) -> None:
        self.make = make
        self.__doc__ = make.__doc__

    @cached_property
    def compiled(self) -> _Compiled:
        """The statement for the database this process works on."""
        marks = _marks(self.make)
        query = self.make(**marks).query
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        adapted = {_adapted(value): name for name, value in marks.items()}
        places = {at: adapted[value] for at, value in enumerate(params) if value in adapted}
        assert set(places.values()) == set(marks), "a value of the statement is not in its SQL"
        names = [*query.extra_select, *query.values_select, *query.annotation_select]
        return _Compiled(sql, tuple(params), places, list(query.selected or names), compiler)

    def rows(self, **values: Any) -> list[dict[str, Any]]:
        """The rows as dicts, dates and times as Python has them."""
        known = self.compiled
        params = list(known.params)
        for at, name in known.marks.items():
            params[at] = _adapted(values[name])
        with connection.cursor() as cursor:
            cursor.execute(known.sql, params)
            found = cursor.fetchall()
        names = list(known.names)
        rows = known.compiler.results_iter([found])
        return [dict(zip(names, row, strict=True)) for row in rows]


def _marks(make: Callable[..., QuerySet]) -> dict[str, Any]:
    """A value that stands for itself, per parameter: a date for one annotated so, else a number."""
    hints = inspect.signature(make).parameters
    return {
        name: date(FIRST_YEAR + at, 1, 1) if hint.annotation == "date" else FIRST_NUMBER + at
        for at, (name, hint) in enumerate(hints.items())
    }


def _adapted(value: Any) -> Any:
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
