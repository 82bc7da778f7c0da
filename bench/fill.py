"""Fills an empty database with a portfolio: ADBC into SQLite, COPY into PostgreSQL.

Indexes are dropped while the rows come and made again afterwards, as one would for any large load.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.csv as csv
from django.apps import apps
from django.db import connection, models

from bench import portfolio
from bench.portfolio import Size

LARGE = (
    "store_party", "store_account", "store_contract", "store_obligation", "store_receipt",
    "store_allocation", "store_attempt", "store_instrument",
)  # fmt: skip


def fill(size: Size) -> None:
    """The database holds the portfolio, its people and the shipped policies."""
    from tahsil.store import policies

    now = datetime(2026, 11, 1, tzinfo=UTC)
    policies.publish_shipped(now=now)
    _places(size)
    with _unchecked(), _unindexed():
        for table, rows in portfolio.tables(size):
            whole = _complete(table, rows)
            if connection.vendor == "postgresql":
                _copy(table, whole)
            else:
                _ingest(table, whole)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in LARGE:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "
                    f"(SELECT COALESCE(MAX(id), 1) FROM {table}))"
                )
        cursor.execute("ANALYZE")


def _places(size: Size) -> None:
    from tahsil.store.models import Branch, Creditor, Person, Project, RoleGrant, Team

    creditor = Creditor.objects.create(code="NIL", name="Nile Homes", country="EG", currency="EGP")
    for code in ("YAS", "ZHR", "NRG"):
        Project.objects.create(creditor=creditor, code=code, name=code, country="EG")
    branch = Branch.objects.create(creditor=creditor, code="CAI", name="Cairo")
    team = Team.objects.create(name="Desk")
    count = portfolio.people_of(size)
    Person.objects.bulk_create(
        Person(
            username=f"collector{at}", name=f"Collector {at}", team=team, branch=branch,
            password="!", capacity=2_000,
        )
        for at in range(count)
    )  # fmt: skip
    RoleGrant.objects.bulk_create(
        RoleGrant(person=person, role="collector", scope="own", since_on=date(2020, 1, 1))
        for person in Person.objects.all()
    )


def _complete(table: str, rows: pa.Table) -> pa.Table:
    """The rows with every column of the table: the model's default where none is given."""
    model = next(found for found in apps.get_models() if found._meta.db_table == table)
    columns = {}
    for field in model._meta.concrete_fields:
        if field.column in rows.column_names:
            columns[field.column] = _plain(rows.column(field.column))
        elif not field.null:
            columns[field.column] = pa.array([_default(field)] * rows.num_rows)
    return pa.table(columns)


def _default(field: models.Field) -> object:
    value = field.get_default()
    if isinstance(field, models.JSONField):
        return str(value)
    if isinstance(value, bool):
        return value if connection.vendor == "postgresql" else int(value)
    return "" if value is None else value


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_date(column.type) else column


def _ingest(table: str, rows: pa.Table) -> None:
    from adbc_driver_sqlite import dbapi

    connection.close()
    with dbapi.connect(_path(), autocommit=True) as link, link.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA cache_size=-200000")
        cursor.adbc_ingest(table, rows, mode="append")


def _copy(table: str, rows: pa.Table) -> None:
    names = ", ".join(rows.column_names)
    buffer = io.BytesIO()
    csv.write_csv(rows, buffer, csv.WriteOptions(include_header=False))
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copy,
    ):
        copy.write(buffer.getbuffer())


@contextmanager
def _unchecked() -> Iterator[None]:
    """No foreign key is looked up per row inside, where the role may say so; they hold anyway."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")


@contextmanager
def _unindexed() -> Iterator[None]:
    """No secondary index on the large tables inside; the same ones afterwards."""
    if connection.vendor == "postgresql":
        sql = (
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
            "AND tablename = ANY(%s) AND indexdef NOT LIKE 'CREATE UNIQUE%%'"
        )
        parameters: list = [list(LARGE)]
    else:
        sql = (
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
            "AND sql NOT LIKE 'CREATE UNIQUE%%' AND tbl_name IN (" + "%s," * (len(LARGE) - 1)
            + "%s)"
        )  # fmt: skip
        parameters = list(LARGE)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        for _, definition in indexes:
            cursor.execute(definition)


def _path() -> str:
    return str(connection.settings_dict["NAME"])
