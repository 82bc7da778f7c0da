"""`tahsil backup` and `tahsil restore`: one archive with everything, and back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tahsil.cli import frame, show


def add(commands: Any) -> None:
    """The commands of this module."""
    backup = commands.add_parser(
        "backup",
        help="a consistent copy of database and documents in one file",
        description="Writes a .tar.gz with the database, the documents and the snapshots, while "
        "everything goes on. The installation's secret is not in it.",
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="where to, such as monday.tar.gz")
    frame.with_json(backup)
    backup.set_defaults(run=run_backup)
    restore = commands.add_parser("restore", help="the database and documents of a backup")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--replace", action="store_true", help="even if there are accounts")
    frame.with_json(restore)
    restore.set_defaults(run=run_restore)


def run_backup(args: argparse.Namespace) -> None:
    """Writes the archive."""
    frame.start()
    from tahsil.run import backup

    _say(args, "Kept", backup.back_up(args.file.absolute(), now=frame.now()))


def run_restore(args: argparse.Namespace) -> None:
    """Puts the archive in place of what is there."""
    frame.start()
    from tahsil.run import backup

    _say(args, "Restored", backup.restore(args.file.absolute(), replace=args.replace))


def _say(args: argparse.Namespace, done: str, kept: Any) -> None:
    if args.json:
        show.as_json(kept)
        return
    print(f"{done}: {kept.files} files, {kept.bytes:,} bytes, made {kept.made_at}, {kept.path}")
