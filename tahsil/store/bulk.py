"""Many rows at once, past the ORM: standings upserted where they changed, events appended.

SQLite takes executemany; PostgreSQL takes COPY, for an upsert into a staging table. Only the door
appends events; it comes here because a night has hundreds of thousands of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection, models, transaction

from tahsil.core.grammar.columns import Columns
from tahsil.store import fetch
from tahsil.store.fetch import NONE_ID
from tahsil.store.models import Event

CHUNK = 50_000  # rows of one transaction: a writer beside us waits no longer than that
TABLE = "store_standing"
# SQLite, too, would need the WHERE, to tell ON CONFLICT from a join's ON.
_STAGED = "SELECT {listed} FROM staged_standing WHERE true"
_COPY_EVENTS = "COPY store_event ({listed}) FROM STDIN"
_INSERT_EVENTS = "INSERT INTO store_event ({listed}) VALUES ({marks})"
_UPDATE = "UPDATE {table} SET {sets} WHERE id = %s"
_NULLABLE = ("collector_id", "project_id")
_WANTS = {
    "account_id": "int", "collector_id": "int", "creditor_id": "int", "project_id": "int",
    "currency": "word", "open_minor": "int", "due_today_minor": "int", "overdue_minor": "int",
    "not_due_minor": "int", "undated_minor": "int", "disputed_minor": "int",
    "unapplied_minor": "int", "covered_minor": "int", "oldest_due_on": "date",
    "delinquent_days": "int", "bucket": "int", "next_due_on": "date", "rung": "word",
    "treatment": "word", "priority": "int", "reasons": "text", "is_listed": "int",
}  # fmt: skip


@dataclass(frozen=True)
class Standings(Columns):
    """The columns of the standing table; -1 where nobody or no project; reasons as JSON text."""

    account_id: np.ndarray
    collector_id: np.ndarray
    creditor_id: np.ndarray
    project_id: np.ndarray
    currency: np.ndarray
    open_minor: np.ndarray
    due_today_minor: np.ndarray
    overdue_minor: np.ndarray
    not_due_minor: np.ndarray
    undated_minor: np.ndarray
    disputed_minor: np.ndarray
    unapplied_minor: np.ndarray
    covered_minor: np.ndarray
    oldest_due_on: np.ndarray
    delinquent_days: np.ndarray
    bucket: np.ndarray
    next_due_on: np.ndarray
    rung: np.ndarray
    treatment: np.ndarray
    priority: np.ndarray
    reasons: np.ndarray
    is_listed: np.ndarray


def write_changed(standings: Standings, *, cached: Standings | None = None) -> int:
    """The standing table holds these rows; only those that differ are written; how many."""
    cached = cached_standings() if cached is None else cached
    return upsert_standings(standings.take(changed(standings, cached)))


def upsert_standings(standings: Standings) -> int:
    """These rows are in the standing table, new or instead of the old; how many."""
    for start in range(0, len(standings), CHUNK):
        rows = _rows(standings.take(np.arange(start, min(start + CHUNK, len(standings)))))
        with transaction.atomic(savepoint=False):
            if connection.vendor == "postgresql" and len(rows) > 100:
                _copy(standings.names(), rows)
            else:
                _insert(standings.names(), rows)
    return len(standings)


def append_events(events: list[Event]) -> None:
    """These events are in the log; their ids are not read back. The caller holds a transaction."""
    if not events:
        return
    fields = [field for field in Event._meta.concrete_fields if not field.primary_key]
    names = [str(field.column) for field in fields]
    lists = [_plain(field, [getattr(each, field.attname) for each in events]) for field in fields]
    rows = zip(*lists, strict=True)
    listed, marks = ", ".join(names), ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(_COPY_EVENTS.format(listed=listed)) as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(_INSERT_EVENTS.format(listed=listed, marks=marks), list(rows))


def update(rows: list[Any], names: list[str]) -> None:
    """These columns of these rows are saved, one prepared statement for all of them.

    The ORM's bulk_update writes one long CASE per column, which the database must read through.
    """
    if not rows:
        return
    meta = rows[0]._meta
    fields = [meta.get_field(name) for name in names]
    lists = [_plain(field, [getattr(row, field.attname) for row in rows]) for field in fields]
    sets = ", ".join(f"{field.column} = %s" for field in fields)
    sql = _UPDATE.format(table=meta.db_table, sets=sets)
    values = list(zip(*lists, [row.pk for row in rows], strict=True))
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)


def drop_orphans(standings: Standings, cached: Standings) -> int:
    """Rows of accounts that are no more are gone; how many there were."""
    gone = np.setdiff1d(cached.account_id, standings.account_id)
    with connection.cursor() as cursor:
        for account_id in gone.tolist():
            cursor.execute("DELETE FROM store_standing WHERE account_id = %s", [account_id])
    return len(gone)


def cached_standings(
    account_ids: list[int] | None = None, *, source: fetch.Source | None = None
) -> Standings:
    """The rows the standing table holds now, of these accounts or of all, sorted by account."""
    if account_ids is not None or source is not None:
        return _cached(source or fetch.Cursor(), account_ids)
    with fetch.whole() as found:
        return _cached(found, None)


def changed(standings: Standings, cached: Standings) -> np.ndarray:
    """Where the rows are new or differ from the cached ones in any column."""
    at = np.searchsorted(cached.account_id, standings.account_id)
    at = np.minimum(at, max(len(cached) - 1, 0))
    if not len(cached):
        return np.arange(len(standings))
    differs = cached.account_id[at] != standings.account_id
    for name in standings.names():
        if name != "reasons":
            differs |= _unequal(getattr(standings, name), getattr(cached, name)[at])
    rest = np.flatnonzero(~differs)
    is_other = standings.reasons[rest] != cached.reasons[at[rest]]
    # PostgreSQL gives JSON back in its own spelling, so that texts may differ where values do not.
    for place in rest[is_other.astype(bool)].tolist():
        found = json.loads(cached.reasons[at[place]])
        differs[place] = json.loads(standings.reasons[place]) != found
    return np.flatnonzero(differs)


def _plain(field: models.Field, values: list[Any]) -> list[Any]:
    """The values as the database keeps them; most are told once and asked for many times."""
    if isinstance(field, models.JSONField):
        return [json.dumps(value) for value in values]
    if isinstance(field, models.DateField) and connection.vendor == "sqlite":
        known = {value: field.get_db_prep_save(value, connection) for value in set(values)}
        return [known[value] for value in values]
    return values


def _unequal(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    if one.dtype.kind == "M":
        return one.view(np.int64) != other.view(np.int64)
    return one != other


def _cached(source: fetch.Source, account_ids: list[int] | None) -> Standings:
    columns = ", ".join(_column(name, kind, source.vendor) for name, kind in _WANTS.items())
    mine = ""
    if account_ids is not None:
        mine = f"WHERE account_id IN ({', '.join(map(str, account_ids)) or 'NULL'})"
    sql = " ".join(("SELECT", columns, "FROM", TABLE, mine, "ORDER BY account_id"))
    found = source.table(sql, _WANTS)
    for name, words in found.words.items():
        found[name] = np.asarray(words or [""])[found[name]]
    found["is_listed"] = found["is_listed"].astype(bool)
    return Standings(**found)


def _column(name: str, kind: str, vendor: str) -> str:
    if name in _NULLABLE:
        return fetch.id_or_none(name)
    if name == "is_listed":
        return f"CAST({name} AS integer)"
    if name == "reasons":
        return f"CAST({name} AS text)"
    return fetch.day(name, vendor) if kind == "date" else name


def _rows(standings: Standings) -> list[tuple[Any, ...]]:
    lists = []
    for name in standings.names():
        column = getattr(standings, name)
        if column.dtype.kind == "M":
            lists.append([None if day == "NaT" else day for day in column.astype(str).tolist()])
        elif name in _NULLABLE:
            lists.append([None if value == NONE_ID else value for value in column.tolist()])
        else:
            lists.append(column.tolist())
    return list(zip(*lists, strict=True))


def _insert(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    marks = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.executemany(_upsert(names, f"VALUES ({marks})"), rows)


def _copy(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    listed = ", ".join(names)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE IF NOT EXISTS staged_standing "
            "(LIKE store_standing) ON COMMIT DELETE ROWS"
        )
        with cursor.copy(f"COPY staged_standing ({listed}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(_upsert(names, _STAGED.format(listed=listed)))


def _upsert(names: list[str], values: str) -> str:
    sets = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    into = ", ".join(names)
    parts = ("INSERT INTO", TABLE, f"({into})", values, "ON CONFLICT (account_id) DO UPDATE SET")
    return " ".join((*parts, sets))
