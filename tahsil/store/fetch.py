"""Two ways to the same columns: Django's cursor, and ADBC through Arrow for whole tables.

The cursor sees the open transaction and serves few accounts; ADBC reads a file (in a process of
its own, reader.py) or a server in one snapshot, many times faster. What is asked for names each
column with its kind, so that SQLite's
text dates and PostgreSQL's real ones come out alike. The statements are in load.py.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from django.db import connection

NONE_ID = -1  # stands for a missing id in a column of ids
KINDS: dict[str, Any] = {"int": np.int64, "date": "datetime64[D]", "text": object, "word": np.int64}


_NOTHING = {kind: np.zeros(0, made) for kind, made in KINDS.items()}


class Table(dict[str, np.ndarray]):
    """Columns by name; `words` holds, for a column of kind word, what its numbers stand for."""

    def __init__(self, columns: dict[str, np.ndarray], words: dict[str, tuple[str, ...]]) -> None:
        super().__init__(columns)
        self.words = words

    @property
    def size(self) -> int:
        """How many rows the table has."""
        return len(next(iter(self.values())))


class Source(Protocol):
    """Where columns are read from."""

    vendor: str

    def saying(self, **values: date | int) -> Source:
        """The same source, with these values where a statement has %(name)s."""

    def table(self, sql: str, wants: dict[str, str]) -> Table:
        """The rows of the statement as columns; `wants` maps each name to its kind."""

    def batches(self, sql: str, wants: dict[str, str]) -> Iterator[Table]:
        """The same rows in parts, for tables too large to hold twice."""


class Cursor:
    """Reads through Django's connection: inside transactions, in memory, few rows."""

    def __init__(self, values: dict[str, Any] | None = None) -> None:
        self.vendor = connection.vendor
        self.cursor = connection.cursor()
        self.values = values

    def saying(self, **values: date | int) -> Source:
        """The values go beside the statement: SQLite knows one it has met before."""
        if self.vendor == "postgresql":
            return Cursor(values)
        return Cursor({key: str(on) if isinstance(on, date) else on for key, on in values.items()})

    def table(self, sql: str, wants: dict[str, str]) -> Table:
        """The rows of the statement as columns."""
        self.cursor.execute(sql, self.values)
        rows = self.cursor.fetchall()
        words = Words(wants)
        if not rows:
            return Table({name: _NOTHING[kind] for name, kind in wants.items()}, words.known())
        columns = zip(*rows, strict=True)
        made = {
            name: words.numbers(name, list(column)) if kind == "word" else _array(kind, column)
            for (name, kind), column in zip(wants.items(), columns, strict=True)
        }
        return Table(made, words.known())

    def batches(self, sql: str, wants: dict[str, str]) -> Iterator[Table]:
        """One batch: few rows need no more."""
        yield self.table(sql, wants)


class Arrow:
    """Reads a SQLite file or a PostgreSQL server as Arrow batches; one object is one snapshot."""

    def __init__(self, reader: Reader | Server, values: dict[str, str] | None = None) -> None:
        self.reader, self.vendor, self.values = reader, reader.vendor, values

    def saying(self, **values: date | int) -> Source:
        """The values become part of the statement."""
        return Arrow(self.reader, {key: literal(each, self.vendor) for key, each in values.items()})

    def table(self, sql: str, wants: dict[str, str]) -> Table:
        """The rows of the statement as columns."""
        words = Words(wants)
        parts = list(self._parts(sql, wants, words))
        joined = {}
        for name, kind in wants.items():
            column = [part.pop(name) for part in parts]
            joined[name] = np.concatenate(column) if column else np.zeros(0, KINDS[kind])
        return Table(joined, words.known())

    def batches(self, sql: str, wants: dict[str, str]) -> Iterator[Table]:
        """The rows batch by batch; nothing is kept."""
        words = Words(wants)
        for part in self._parts(sql, wants, words):
            yield Table(part, words.known())

    def _parts(
        self, sql: str, wants: dict[str, str], words: Words
    ) -> Iterator[dict[str, np.ndarray]]:
        for batch in self.reader.batches(sql % self.values if self.values else sql, wants):
            if batch.num_rows:
                yield {
                    name: _from_arrow(batch.column(at), name, kind, words)
                    for at, (name, kind) in enumerate(wants.items())
                }


class Reader:
    """A process that reads one SQLite file (reader.py); why it must be one stands there."""

    vendor = "sqlite"

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def batches(self, sql: str, wants: dict[str, str]) -> Iterator[Any]:
        """The Arrow batches of the statement, while the process reads on."""
        import pyarrow as pa

        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"sql": sql, "wants": wants}).encode() + b"\n")
        self.process.stdin.flush()
        with pa.ipc.open_stream(self.process.stdout) as stream:
            yield from stream


class Server:
    """A PostgreSQL server, read through ADBC in this process."""

    vendor = "postgresql"

    def __init__(self, link: Any) -> None:
        self.link = link

    def batches(self, sql: str, wants: dict[str, str]) -> Iterator[Any]:
        """The Arrow batches of the statement."""
        with self.link.cursor() as cursor:
            cursor.execute(sql)
            yield from cursor.fetch_record_batch()


class Words:
    """Text with few different values, as numbers; the same word has one number in every batch."""

    def __init__(self, wants: dict[str, str]) -> None:
        self.index: dict[str, dict[str, int]] = {
            name: {} for name, kind in wants.items() if kind == "word"
        }

    def numbers(self, name: str, values: list[str]) -> np.ndarray:
        """The number of each value; new values get the next."""
        index = self.index[name]
        return np.asarray([index.setdefault(value, len(index)) for value in values], dtype=np.int64)

    def known(self) -> dict[str, tuple[str, ...]]:
        """Per column the words met so far; a number is a place in them."""
        return {name: tuple(index) for name, index in self.index.items()}


@contextmanager
def whole() -> Iterator[Source]:
    """The quickest source there is now: ADBC, unless only this connection sees the rows."""
    name = str(connection.settings_dict["NAME"])
    in_memory = connection.vendor == "sqlite" and (":memory:" in name or "mode=memory" in name)
    if in_memory or connection.in_atomic_block:
        yield Cursor()
    elif connection.vendor == "sqlite":
        with sqlite_file(name) as source:
            yield source
    else:
        with postgresql(postgresql_uri()) as source:
            yield source


@contextmanager
def sqlite_file(path: str) -> Iterator[Arrow]:
    """Arrow batches from the SQLite file at the path, in one snapshot."""
    command = [sys.executable, str(Path(__file__).with_name("reader.py")), path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield Arrow(Reader(process))
        finally:
            assert process.stdin
            process.stdin.close()
            if process.wait(timeout=60):
                raise RuntimeError("the reader of the SQLite file failed; see its message above")


@contextmanager
def postgresql(address: str) -> Iterator[Arrow]:
    """Arrow batches from the PostgreSQL database at the address, in one snapshot."""
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(address) as link:
        with link.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Arrow(Server(link))


def postgresql_uri() -> str:
    """The address of Django's PostgreSQL database, with its password."""
    from urllib.parse import quote, urlencode

    at = connection.settings_dict
    named = ("host", "port", "user", "password")
    extra = {key: at[key.upper()] for key in named if at[key.upper()]}
    extra |= {k: v for k, v in at.get("OPTIONS", {}).items() if isinstance(v, str)}
    return f"postgresql:///{quote(str(at['NAME']))}?{urlencode(extra)}"


def day(column: str, vendor: str) -> str:
    """SQL for a date that may be missing: SQLite's ADBC guesses types, so it must see text."""
    return f"COALESCE({column}, '')" if vendor == "sqlite" else column


def id_or_none(column: str) -> str:
    """SQL for an id that may be missing."""
    return f"COALESCE({column}, {NONE_ID})"


def literal(value: date | datetime | int, vendor: str) -> str:
    """A date, an instant or a number as SQL text, as the database keeps it."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        text = value.isoformat(sep=" ")
        return f"'{text.removesuffix('+00:00') if vendor == 'sqlite' else text}'"
    return f"'{value.isoformat()}'"


def _array(kind: str, values: Any) -> np.ndarray:
    if kind == "int":
        return np.asarray(values, dtype=np.int64)
    if kind == "date":
        return np.asarray([value or "NaT" for value in values], dtype="datetime64[D]")
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def _from_arrow(column: Any, name: str, kind: str, words: Words) -> np.ndarray:
    import pyarrow as pa

    if kind == "int":
        return column.cast(pa.int64()).to_numpy(zero_copy_only=False)
    if kind == "date":
        days = column.cast(pa.date32()).to_numpy(zero_copy_only=False)
        return days.astype("datetime64[D]")
    if kind == "word":
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        numbers = words.numbers(name, coded.dictionary.to_pylist())
        return numbers[coded.indices.to_numpy(zero_copy_only=False)]
    return column.to_numpy(zero_copy_only=False)
