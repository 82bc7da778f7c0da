"""`tahsil match`: what bank lines are, posted where that is sure, proposed where it is not."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tahsil.cli import frame, show
from tahsil.core.grammar.collector import collector_paused
from tahsil.core.grammar.refusal import Refused, say

SHOWN = 50


def add(commands: Any) -> None:
    """The commands of this module."""
    parser = commands.add_parser(
        "match",
        help="bank lines to receipts: post the sure ones, propose the rest",
        description="Matches every open bank line with what is owed. What is sure is posted, the "
        "rest is proposed with its evidence. --statement takes the file in first and matches only "
        "its lines.",
    )
    parser.add_argument("--statement", metavar="FILE", help="a bank's file to take in first")
    parser.add_argument("--bank-account", default="", help="our bank account's code")
    parser.add_argument("--mapping", help="what a table's columns are: JSON, or a .json file")
    parser.add_argument("--dry-run", action="store_true", help="say what would be, keep nothing")
    frame.with_reader(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Every open line decided, or those of one file."""
    frame.start()
    from django.db import transaction

    from tahsil.run import matching, matching_report

    ctx = frame.context(args)
    with transaction.atomic(durable=False) if args.dry_run else _nothing():
        ids = _taken(args, ctx) if args.statement else None
        with collector_paused():
            found = matching.match(ctx, statement_ids=ids, is_dry=args.dry_run)
            report = matching_report.report(found)
        if args.dry_run:
            transaction.set_rollback(True)
    if args.json:
        with collector_paused():  # a row for each line: a million small values, none to collect
            show.as_json(report)
        return
    _say(report)


def take_in(args: argparse.Namespace, path: Path, content: bytes) -> int:
    """A bank's file for `tahsil import`: taken in, or with --dry-run only shown."""
    from tahsil.run import statements

    how = {"name": path.name, "bank_account": args.bank_account, "mapping": _mapping(args)}
    if args.dry_run:
        found = statements.preview(content, **how)
    else:
        found = statements.take(frame.context(args), content, **how)
    if args.json:
        show.as_json(found)
        return 0
    rows = [
        (
            each.statement_id or "–", each.bank_account, each.format, each.number, each.lines,
            each.new, show.money(each.credit_minor, each.currency),
            show.money(each.debit_minor, each.currency), _balance(each),
        )
        for each in found
    ]  # fmt: skip
    heads = ["statement", "bank account", "format", "number", "lines", "new", "in", "out", "closes"]
    show.table(heads, rows, right="rlllrrrrr")
    for each in found:
        for _code, template, facts in each.remarks:
            print(say(template, facts))
    return 0


def _balance(each: Any) -> str:
    known = each.closing_minor is not None
    return show.money(each.closing_minor, each.currency) if known else "–"


def _taken(args: argparse.Namespace, ctx: Any) -> list[int]:
    """The statements of the file, taken in now or before."""
    from tahsil.run import statements

    path = Path(args.statement)
    if not path.is_file():
        raise Refused("match.no_file", "There is no file {path}.", path=path)
    how = {"name": path.name, "bank_account": args.bank_account, "mapping": _mapping(args)}
    return statements.ids_of(ctx, path.read_bytes(), **how)


def _mapping(args: argparse.Namespace) -> Any:
    """What was said of the table's columns: JSON, or a file that holds it; none if nothing was."""
    from tahsil.adapters.bank import mapping

    if not args.mapping:
        return None
    said, path = str(args.mapping), Path(args.mapping)
    if said.lstrip().startswith("{"):
        return mapping.from_text(said)
    if not path.is_file():
        raise Refused("match.no_file", "There is no file {path}.", path=path)
    return mapping.from_text(path.read_text(encoding="utf-8"))


def _say(report: dict[str, Any]) -> None:
    rows = [
        (
            each["line_id"], each["value_on"], each["amount"], each["payer"] or each["text"][:40],
            each["outcome"], each["account"] or "", "; ".join(each["evidence"])[:80],
        )
        for each in report["lines"][:SHOWN]
    ]  # fmt: skip
    if rows:
        heads = ["line", "value", "amount", "payer", "outcome", "account", "why"]
        show.table(heads, rows, right="rlr")
    more = len(report["lines"]) - len(rows)
    if more:
        print(f"And {more:,} lines more.")
    counts = report["counts"]
    if not counts["lines"]:
        print("No bank line is open.")
        return
    if counts.get("finished"):
        print(f"Of a run that had died, {counts['finished']:,} lines were posted first.")
    named = ("posted", "propose", "ask", "leave")
    print(", ".join(f"{name} {counts.get(name, 0):,}" for name in named) + ".")


def _nothing() -> Any:
    from contextlib import nullcontext

    return nullcontext()
