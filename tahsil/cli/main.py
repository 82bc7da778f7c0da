"""`tahsil`: the command line.

Exit codes: 0 done, 1 refused (a sentence on stderr says why and what is possible), 2 wrong usage,
70 a fault of ours (a reference on stderr, the trace in TAHSIL_HOME/faults.log).
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
import uuid
from collections.abc import Sequence
from pathlib import Path

from tahsil.cli import (
    account,
    bank,
    book,
    cash,
    conduct,
    imports,
    install,
    journal,
    keep,
    lists,
    receipts,
    return_codes,
    safe,
    serve,
    tokens,
    vouchers,
)
from tahsil.cli.frame import Exit
from tahsil.core.grammar.refusal import Refused

GROUPS = (
    install,
    serve,
    imports,
    bank,
    cash,
    book,
    lists,
    account,
    vouchers,
    receipts,
    return_codes,
    safe,
    journal,
    conduct,
    keep,
    tokens,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; what the shell gets to know."""
    args = parser().parse_args(argv)
    try:
        return args.run(args) or Exit.DONE
    except Refused as refused:
        return _refused(refused, args)
    except BrokenPipeError:
        # Somebody closed the pipe, as `| head` does; Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return Exit.STOPPED
    except Exception as fault:
        if known := _of_database(fault):
            return _refused(known, args)
        return _fault(args)


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    made = argparse.ArgumentParser(
        prog="tahsil",
        description="Collect what is owed, fairly, and be able to show why.",
        epilog="Exit codes: 0 done, 1 refused, 2 wrong usage, 70 a fault of ours. "
        "TAHSIL_HOME, DATABASE_URL and PORT are respected.",
    )
    made.add_argument("--version", action="version", version=_version())
    commands = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for group in GROUPS:
        group.add(commands)
    return made


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"tahsil {version('tahsil')}"
    except PackageNotFoundError:
        return "tahsil (not installed)"


def _refused(refused: Refused, args: argparse.Namespace) -> int:
    print(str(refused), file=sys.stderr)
    if getattr(args, "json", False):
        from tahsil.cli import show

        parts = getattr(refused, "parts", [])
        show.as_json(
            {
                "code": refused.code,
                "detail": str(refused),
                "facts": refused.facts,
                "parts": [{"code": part.code, "detail": str(part)} for part in parts],
            }
        )
    return Exit.REFUSED


def _of_database(fault: Exception) -> Refused | None:
    """The refusal for a database that is not there or not set up; faults of other kinds stay."""
    from django.db.utils import OperationalError, ProgrammingError

    if not isinstance(fault, OperationalError | ProgrammingError):
        return None
    said = str(fault).strip().splitlines()[0] if str(fault).strip() else ""
    if "no such table" in said or ("does not exist" in said and "relation" in said):
        return Refused(
            "database.not_set_up",
            "This database holds no Tahsil tables yet, or those of an earlier version. Run "
            "`tahsil init`, which brings them up to date, or `tahsil demo` for a portfolio.",
        )
    if any(word in said for word in ("onnect", "unable to open", "does not exist", "authentic")):
        return Refused(
            "database.unreachable",
            "The database cannot be reached: {said}. DATABASE_URL says where it is; without it "
            "an SQLite file in TAHSIL_HOME is used.",
            said=said,
        )
    if "locked" in said:
        return Refused(
            "database.busy",
            "Another program has been writing to the database for 20 seconds. Try again when it "
            "is done.",
        )
    return None


def _fault(args: argparse.Namespace) -> int:
    reference = uuid.uuid4().hex[:8].upper()
    words = " ".join(sys.argv[1:])
    place = Path(os.environ.get("TAHSIL_HOME") or Path.cwd() / "home") / "faults.log"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("a", encoding="utf-8") as log:
            log.write(f"--- {reference} tahsil {words}\n{traceback.format_exc()}\n")
        where = f"The trace is in {place}."
    except OSError:
        traceback.print_exc()
        where = "The trace stands above."
    print(f"Something went wrong, reference {reference}. {where}", file=sys.stderr)
    return Exit.FAULT


if __name__ == "__main__":
    sys.exit(main())
