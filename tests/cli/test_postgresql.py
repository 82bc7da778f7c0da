"""Backup and restore where the book is on PostgreSQL: pg_dump and pg_restore, really."""

from __future__ import annotations

import os
import shutil
import tarfile
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.cli.conftest import Shell

SERVER = os.environ.get("DATABASE_URL", "")
pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(not SERVER.startswith("postgres"), reason="this is about PostgreSQL"),
    pytest.mark.skipif(not shutil.which("pg_dump"), reason="this machine has no pg_dump"),
]


class OnServer(Shell):
    """Runs `tahsil` on a database of its own."""

    def __init__(self, home, database: str) -> None:
        super().__init__(home)
        parts = urlsplit(SERVER)
        # urlunsplit drops the empty host that a socket's address has.
        address = urlunsplit(parts._replace(netloc=parts.netloc or "_", path=f"/{database}"))
        self.address = address.replace("//_/", "///")

    def __call__(self, *words: str, **more: str):
        return super().__call__(*words, DATABASE_URL=self.address, **more)


@pytest.fixture
def two(tmp_path):
    """Two empty databases, each with a folder."""
    import psycopg

    names = [f"tahsil_backup_{os.getpid()}_{which}" for which in ("one", "other")]
    with psycopg.connect(SERVER, autocommit=True) as link:
        for name in names:
            link.execute(f'CREATE DATABASE "{name}"')
        yield [OnServer(tmp_path / name, name) for name in names]
        for name in names:
            link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def said(shell: Shell) -> list:
    asked = (["ageing"], ["check"], ["explain", "NPD-1013"], ["token"])
    return [shell.json(*words) for words in asked]


def test_a_backup_comes_back_whole(two, tmp_path):
    one, other = two
    kept = tmp_path / "kept.tar.gz"
    for words in (["demo", "--accounts", "60", "--seed", "5"], ["day"], ["backup", str(kept)]):
        done = one(*words)
        assert done.returncode == 0, done.stderr
    before = said(one)
    restored = other("restore", str(kept))
    assert restored.returncode == 0, restored.stderr
    assert said(other) == before
    assert one("token", "lina").returncode == 0
    assert said(one) != before
    refused = one("restore", str(kept))
    assert refused.returncode == 1 and "--replace" in refused.stderr
    replaced = one("restore", str(kept), "--replace")
    assert replaced.returncode == 0, replaced.stderr
    assert said(one) == before


def test_a_backup_of_the_other_kind_is_refused(two, empty, tmp_path):
    kept = tmp_path / "kept.tar.gz"
    assert empty("init").returncode == 0
    assert empty("backup", str(kept)).returncode == 0
    done = two[0]("restore", str(kept))
    assert done.returncode == 1 and "DATABASE_URL" in done.stderr


def test_a_dump_that_cannot_be_read_changes_nothing(two, tmp_path):
    one, _ = two
    kept, broken, folder = tmp_path / "kept.tar.gz", tmp_path / "broken.tar.gz", tmp_path / "open"
    assert one("demo", "--accounts", "40").returncode == 0
    assert one("backup", str(kept)).returncode == 0
    with tarfile.open(kept) as archive:
        archive.extractall(folder, filter="data")
    damage(folder)
    with tarfile.open(broken, "w:gz") as archive:
        for each in sorted(folder.rglob("*")):
            archive.add(each, arcname=str(each.relative_to(folder)), recursive=False)
    before = one.json("explain", "NPD-1013")
    done = one("restore", str(broken), "--replace")
    assert done.returncode == 1 and "pg_restore ended" in done.stderr
    assert one.json("explain", "NPD-1013") == before


def damage(folder) -> None:
    """The dump breaks off, and the manifest was made to agree."""
    import hashlib
    import json

    dump = folder / "database.dump"
    cut = dump.read_bytes()[: dump.stat().st_size * 2 // 3]
    dump.write_bytes(cut)
    manifest = json.loads((folder / "manifest.json").read_text())
    digest = hashlib.sha256(cut).hexdigest()
    manifest["files"]["database.dump"] = {"bytes": len(cut), "sha256": digest}
    (folder / "manifest.json").write_text(json.dumps(manifest))
