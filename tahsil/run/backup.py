"""Backup and restore: one archive with the database, documents and snapshots, and a manifest.

The manifest names every file with its length and SHA-256; restoring checks all of them before it
touches anything. SQLite is copied by its backup API while in use, PostgreSQL by pg_dump.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from tahsil.core.grammar.refusal import Refused

MANIFEST = "manifest.json"
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
FOLDERS = ("documents", "snapshots")
FORMAT = 1


@dataclass(frozen=True)
class Kept:
    """What an archive holds."""

    path: str
    files: int
    bytes: int
    made_at: str


def back_up(path: Path, *, now: datetime) -> Kept:
    """A consistent copy at the path, complete or not there at all."""
    if path.exists():
        raise Refused("backup.exists", "{path} is there already. Choose another name.", path=path)
    if not path.parent.is_dir():
        raise Refused("backup.no_folder", "There is no folder {folder}.", folder=path.parent)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        database = Path(folder) / DATABASE[connection.vendor]
        _copy_database(database)
        files = {database.name: database} | dict(_kept_files())
        manifest = _manifest(files, now)
        whole = Path(folder) / "whole.tar.gz"
        with tarfile.open(whole, "w:gz", compresslevel=3) as archive:
            _add_text(archive, Path(folder), json.dumps(manifest, indent=1))
            for name, source in files.items():
                archive.add(source, arcname=name, recursive=False)
        os.replace(whole, path)
    return _kept(path, manifest)


def restore(path: Path, *, replace: bool = False) -> Kept:
    """The database and files are those of the archive; refused where any of it is damaged."""
    if not path.is_file():
        raise Refused("restore.no_file", "There is no file {path}.", path=path)
    if not replace and _is_in_use():
        raise Refused(
            "restore.not_empty",
            "This database holds accounts already. Restoring replaces all of it; say --replace "
            "if that is meant, after a backup of what is there.",
        )
    home = Path(settings.HOME)
    with tempfile.TemporaryDirectory(dir=home) as temporary:
        folder = Path(temporary)
        manifest = _unpacked(path, folder)
        _check_kind(manifest)
        _restore_database(folder / DATABASE[connection.vendor])
        for name in FOLDERS:
            _swap(folder / name, home / name)
    return _kept(path, manifest)


def _kept(path: Path, manifest: dict) -> Kept:
    return Kept(str(path), len(manifest["files"]), path.stat().st_size, manifest["made_at"])


def _kept_files() -> Iterator[tuple[str, Path]]:
    home = Path(settings.HOME)
    for folder in FOLDERS:
        for source in sorted((home / folder).rglob("*")):
            if source.is_file() and not source.is_symlink():
                yield source.relative_to(home).as_posix(), source


def _manifest(files: dict[str, Path], now: datetime) -> dict:
    return {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "database": connection.vendor,
        "files": {name: _print_of(source) for name, source in files.items()},
    }


def _print_of(source: Path) -> dict:
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": source.stat().st_size, "sha256": digest}


def _add_text(archive: tarfile.TarFile, folder: Path, text: str) -> None:
    place = folder / MANIFEST
    place.write_text(text, encoding="utf-8")
    archive.add(place, arcname=MANIFEST)


def _copy_database(target: Path) -> None:
    if connection.vendor == "postgresql":
        _postgresql("pg_dump", "--format=custom", f"--file={target}", _address())
        return
    connection.ensure_connection()
    copy = sqlite3.connect(target)
    try:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    finally:
        copy.close()


def _restore_database(source: Path) -> None:
    if connection.vendor == "postgresql":
        connection.close()
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
        _postgresql("pg_restore", *options, f"--dbname={_address()}", str(source))
        return
    copy = sqlite3.connect(source)
    try:
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise Refused(
                "restore.damaged", "The archive's database is damaged: {found}.", found=found
            )
        connection.ensure_connection()
        copy.backup(connection.connection)
    finally:
        copy.close()
    connection.close()


def _address() -> str:
    """The database's address for libpq, without its password, which goes by the environment."""
    found = connection.settings_dict
    words = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
    given = {word: str(found[key]) for word, key in words.items() if found.get(key)}
    return " ".join(f"{word}='{_quoted(value)}'" for word, value in given.items())


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _postgresql(program: str, *words: str) -> None:
    found = shutil.which(program)
    if not found:
        raise Refused(
            "backup.no_program",
            "{program} is not on the PATH. It comes with the PostgreSQL client; install that, or "
            "use your server's own backup.",
            program=program,
        )
    secret = {"PGPASSWORD": connection.settings_dict.get("PASSWORD") or ""}
    done = subprocess.run(
        [found, *words], env={**os.environ, **secret}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Refused(
            "backup.program_ended",
            "{program} ended with {status}: {said}",
            program=program,
            status=done.returncode,
            said=done.stderr.strip()[-400:],
        )


def _is_in_use() -> bool:
    if "store_account" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM store_account)")
        return bool(cursor.fetchone()[0])


def _unpacked(path: Path, folder: Path) -> dict:
    """The manifest, once every file it names was unpacked and found whole."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = manifest["files"].items()
    except (tarfile.TarError, OSError, EOFError, ValueError, KeyError, TypeError) as fault:
        raise Refused(
            "restore.unreadable",
            "{path} is not a whole backup of Tahsil ({said}). Nothing was changed.",
            path=path,
            said=type(fault).__name__,
        ) from None
    wrong = [name for name, known in files if not _is_whole(folder / name, known)]
    if wrong:
        raise Refused(
            "restore.checksum",
            "{count} files of {path} differ from its manifest, first {names}. Nothing was changed.",
            count=len(wrong),
            path=path,
            names=wrong[:3],
        )
    return manifest


def _is_whole(place: Path, known: dict) -> bool:
    return place.is_file() and _print_of(place) == known


def _check_kind(manifest: dict) -> None:
    if manifest.get("format") != FORMAT or manifest["database"] != connection.vendor:
        raise Refused(
            "restore.kind",
            "The backup holds format {format} of a {held} database; this installation reads "
            "format {wanted} on {here}. Set DATABASE_URL accordingly.",
            format=manifest.get("format"),
            held=manifest["database"],
            wanted=FORMAT,
            here=connection.vendor,
        )


def _swap(source: Path, target: Path) -> None:
    """The folder becomes the source; the earlier one goes only once the new one stands."""
    earlier = target.with_name(target.name + ".before-restore")
    shutil.rmtree(earlier, ignore_errors=True)
    if target.exists():
        os.replace(target, earlier)
    if source.exists():
        os.replace(source, target)
    else:
        target.mkdir()
    shutil.rmtree(earlier, ignore_errors=True)
