"""`tahsil journal`: what the general ledger is told, as text or in the form it reads."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from tahsil.cli import frame, show, tie_out
from tahsil.core.grammar.refusal import Refused

FORMATS = ("text", "csv", "xlsx", "beancount", "erpnext", "odoo")


def add(commands: Any) -> None:
    """The commands of this module."""
    journal = commands.add_parser(
        "journal",
        help="balanced postings for the general ledger",
        description="The same period gives the same keys each time; what is recorded after its "
        "month closed is posted on the day it was recorded.",
    )
    journal.add_argument("--since", type=frame.day, metavar="DATE", help="the first day")
    journal.add_argument("--until", type=frame.day, metavar="DATE", help="the last day; default: "
                         "the business date")  # fmt: skip
    journal.add_argument("--policy", choices=["A", "B", "C"], default="A", help="default: A")
    journal.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    journal.add_argument("--lang", choices=["en", "ar", "hi"], default="en", help="of an xlsx")
    journal.add_argument("--out", type=Path, metavar="FILE", help="where the file goes")
    frame.with_reader(journal)
    journal.set_defaults(run=run_journal, parser=journal)
    tie_out.add(journal.add_subparsers(title="besides", metavar="COMMAND"))


def run_journal(args: argparse.Namespace) -> None:
    """The journal as sums by ledger account, as JSON, or in the form asked for."""
    if args.since is None:
        args.parser.error("the following arguments are required: --since")
    frame.start()
    from tahsil.queries import journal

    today = frame.as_of(args)
    found = journal.journal(
        frame.standing(args), since=args.since, until=args.until or today, as_of=today,
        policy=args.policy,
    )  # fmt: skip
    if args.json:
        show.as_json(found)
    elif args.format == "text":
        _say(found)
    else:
        _write(args, found)


def _say(found: Any) -> None:
    rows = [
        (each.code, each.name, show.money(each.debit_minor, each.currency),
         show.money(each.credit_minor, each.currency))
        for each in found.sums
    ]  # fmt: skip
    show.table(["code", "account", "debit", "credit"], rows, right="llrr")
    count = sum(len(batch.entries) for batch in found.batches)
    print(f"{count:,} postings in {len(found.batches):,} batches, policy {found.policy}.")


def _write(args: argparse.Namespace, found: Any) -> None:
    content = _content(args, found)
    if args.out:
        show.keep(args.out, content)
        print(f"{args.out}, {len(content):,} bytes")
        return
    if args.format == "xlsx" and sys.stdout.isatty():
        raise Refused("journal.out", "A workbook is not for reading here. Say --out FILE.")
    sys.stdout.buffer.write(content)


def _content(args: argparse.Namespace, found: Any) -> bytes:
    from tahsil.adapters import ledgers
    from tahsil.adapters.documents.journal import journal
    from tahsil.adapters.documents.workbook import workbook

    if args.format == "xlsx":
        return workbook(journal(found, language=args.lang))
    return ledgers.written(found, args.format).encode()
