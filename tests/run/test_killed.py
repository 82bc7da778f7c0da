"""A day killed at any point and run again gives the same book as one clean run.

Real processes, really killed: each has a copy of one invented book in a database of its own, a
file on SQLite, a database made from a template on PostgreSQL.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection

from tests.run.invented import DAY, TODAY, invent

IS_POSTGRESQL = connection.vendor == "postgresql"
pytestmark = pytest.mark.django_db(transaction=IS_POSTGRESQL)
SINCE = TODAY - DAY
# PostgreSQL does not give an id back that a killed transaction took, so ids differ there.
NUMBERED = ("id", "case_id", "subject", "first_id", "last_id", "previous", "hash", "leaves")


@dataclass
class Copy:
    """A database with the invented book, and the folder its process works in."""

    home: Path
    url: str
    read: Callable[[str], list[tuple]]

    def run(self, point: str, *, days: int = 2) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "TAHSIL_HOME": str(self.home), "DATABASE_URL": self.url}
        command = [sys.executable, "-m", "tests.run.dying", SINCE.isoformat(), str(days), point]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    def snapshots(self) -> dict[str, list[Any]]:
        from pyarrow import parquet

        return {
            path.name: parquet.read_table(path).to_pylist()
            for path in (self.home / "snapshots").glob("*.parquet")
        }


def tables() -> dict[str, str]:
    """Per table of ours the statement that reads what must be equal."""
    from django.apps import apps

    found = {}
    for model in apps.get_app_config("store").get_models():
        names = [field.column for field in model._meta.concrete_fields]
        if IS_POSTGRESQL:
            names = [name for name in names if name not in NUMBERED]
            if model._meta.db_table == "store_eventseal":
                continue
        texts = ", ".join(name if name == "leaves" else f'CAST("{name}" AS text)' for name in names)
        found[model._meta.db_table] = f"SELECT {texts} FROM {model._meta.db_table} ORDER BY {texts}"
    return found


@pytest.fixture
def copies(people, tmp_path):
    """Makes copies of one invented book."""
    invent(people, accounts=24, seed=21)
    made = _postgresql_copies(tmp_path) if IS_POSTGRESQL else _sqlite_copies(tmp_path)
    yield made
    made(None)


def _sqlite_copies(tmp_path: Path) -> Callable[[str | None], Copy | None]:
    import sqlite3

    whole = connection.connection.serialize()

    def make(name: str | None) -> Copy | None:
        if name is None:
            return None
        home = tmp_path / name
        home.mkdir()
        path = home / "book.sqlite3"
        path.write_bytes(whole)

        def read(sql: str) -> list[tuple]:
            with sqlite3.connect(path) as link:
                return link.execute(sql).fetchall()

        return Copy(home, f"sqlite:///{path}".replace("////", "///"), read)

    return make


def _postgresql_copies(tmp_path: Path) -> Callable[[str | None], Copy | None]:
    import psycopg

    at = connection.get_connection_params()
    at = {key: at[key] for key in ("host", "port", "user", "password") if at.get(key)}
    template = connection.settings_dict["NAME"]
    made: list[str] = []

    def command(sql: str) -> None:
        connection.close()
        with psycopg.connect(dbname="postgres", autocommit=True, **at) as link:
            link.execute(sql)

    def make(name: str | None) -> Copy | None:
        if name is None:
            for each in made:
                command(f'DROP DATABASE IF EXISTS "{each}" WITH (FORCE)')
            return None
        database = f"{template}_{name}"
        command(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        command(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        made.append(database)
        home = tmp_path / name
        home.mkdir()

        def read(sql: str) -> list[tuple]:
            with psycopg.connect(dbname=database, **at) as link:
                return link.execute(sql).fetchall()

        user = f"{at.pop('user')}@" if "user" in at else ""
        at.update({"user": user.rstrip("@")} if user else {})
        extra = {key: value for key, value in at.items() if key != "user"}
        return Copy(home, f"postgresql://{user}/{database}?{urlencode(extra)}", read)

    return make


def test_killed_and_run_again_is_run_once(copies):
    clean = copies("clean")
    whole = clean.run("never")
    assert whole.returncode == 0, whole.stderr
    writes = int(whole.stdout)
    expected = {table: clean.read(sql) for table, sql in tables().items()}
    assert len(expected["store_event"]) > 30
    points = sorted({2, *range(5, writes, max(1, writes // 3)), writes})
    for point in [*map(str, points), "snapshot"]:
        copy = copies(f"at{point}")
        killed = copy.run(point)
        assert killed.returncode == -9, killed.stderr
        again = copy.run("never")
        assert again.returncode == 0, again.stderr
        for table, sql in tables().items():
            assert copy.read(sql) == expected[table], f"{table} after a kill at {point}"
        assert copy.snapshots() == clean.snapshots(), f"snapshots after a kill at {point}"
        assert len(clean.snapshots()) == 2
        shutil.rmtree(copy.home)


def test_a_run_beside_the_web_sees_and_keeps_every_write(copies):
    """Reading by ADBC in a process of its own leaves this process's locks and log alone."""
    if IS_POSTGRESQL:
        pytest.skip("locks on the file are SQLite's")
    import sqlite3

    from tahsil.store import fetch

    copy = copies("beside")
    path = copy.home / "book.sqlite3"
    link = sqlite3.connect(path, isolation_level=None)
    link.execute("PRAGMA journal_mode=WAL")
    link.execute("UPDATE store_party SET note = 'one'")
    with fetch.sqlite_file(str(path)) as source:
        found = source.table("SELECT id, note FROM store_party", {"id": "int", "note": "word"})
        assert found.words["note"] == ("one",)
    link.execute("UPDATE store_party SET note = 'two'")
    assert (copy.home / "book.sqlite3-wal").exists()
    other = "import sqlite3, sys; print(*set(sqlite3.connect(sys.argv[1]).execute(sys.argv[2])))"
    seen = subprocess.run(
        [sys.executable, "-c", other, str(path), "SELECT note FROM store_party"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert seen.stdout.strip() == "('two',)"
    link.close()
