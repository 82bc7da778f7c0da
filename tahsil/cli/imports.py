"""`tahsil import`: a file staged, shown, committed; batches listed and undone; templates."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from tahsil.cli import bank, frame, show
from tahsil.core.grammar.refusal import Refused

WORDS = ("list", "undo", "template", "rejects")


def add(commands: Any) -> None:
    """The commands of this module."""
    parser = commands.add_parser(
        "import",
        help="take a workbook or list in; list, undo",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="tahsil import FILE [--layout L] [--mapping M] [--creditor C]\n"
        "                     [--paid take|ignore] [--dry-run] [--as-of D]\n"
        "       tahsil import STATEMENT [--bank-account B] [--dry-run]\n"
        "       tahsil import list | undo BATCH | template LAYOUT FILE | rejects BATCH FILE",
        description="FILE is .xlsx, .xls, .ods or .csv. It is staged, shown, and taken in whole or "
        "not at all.\nA bank's statement (MT940, CAMT, OFX, BAI2, csv) is known by its content.\n"
        "The same file again changes nothing. Rows not taken are in the reject "
        "workbook:\n`tahsil import rejects BATCH FILE`.",
    )
    parser.add_argument(
        "words", nargs="+", metavar="FILE", help="a file, or one of the words above"
    )
    parser.add_argument(
        "--layout", help="customers, contracts, schedule, receipts, cheques, mixed…"
    )
    parser.add_argument("--mapping", help="a saved mapping's name, or a .json file")
    parser.add_argument(
        "--creditor", default="", help="the creditor's code, where there are several"
    )
    parser.add_argument(
        "--bank-account", default="", help="of a statement: our bank account's code"
    )
    parser.add_argument(
        "--paid",
        choices=("take", "ignore"),
        default="take",
        help="a schedule's paid column: bring it forward, or leave it where receipts follow",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what the file says, keep nothing"
    )
    frame.with_reader(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int | None:
    """One of the words, or a file."""
    frame.start()
    word, *rest = args.words
    acts = {"list": _list, "undo": _undo, "template": _template, "rejects": _rejects}
    if word in acts and not (len(args.words) == 1 and word != "list" and Path(word).exists()):
        return acts[word](args, rest)
    _wanted(rest, "tahsil import FILE", 0)
    return _file(args, Path(word))


def _wanted(given: list[str], usage: str, count: int) -> None:
    if len(given) != count:
        raise Refused("import.usage", "Say it as: {usage}.", usage=usage)


def _file(args: argparse.Namespace, path: Path) -> int | None:
    from tahsil.run import imports, statements

    if not path.is_file():
        raise Refused(
            "import.no_file",
            "There is no file {path}. Words besides a file: {words}.",
            path=path,
            words=list(WORDS),
        )
    content = path.read_bytes()
    is_told = bool(args.bank_account and args.mapping)  # a table read as somebody says
    if not args.layout and (
        is_told or statements.is_statement(content, bank_account=args.bank_account)
    ):
        return bank.take_in(args, path, content)
    how = {"layout": args.layout, "mapping": args.mapping}
    ctx = frame.context(args)
    if args.dry_run:
        staged = imports.dry_run(path, ctx=ctx, creditor_code=args.creditor, **how)
        return _say_dry(args, staged)
    told = show.Progress()
    batch = imports.stage(
        path,
        ctx=ctx,
        creditor_code=args.creditor,
        options={"paid": args.paid},
        progress=lambda done, total: told("rows", done, total),
        **how,
    )
    imports.commit(ctx, batch)
    _say_batch(args, batch)
    return None


def _say_dry(args: argparse.Namespace, staged: Any) -> int:
    kinds = dict(Counter(record.kind for record in staged.records))
    found = {
        "records": kinds,
        "rejected": len(staged.rejects),
        "rows": dict(staged.counts),
        "questions": staged.questions,
        "controls": staged.controls,
        "agrees": staged.agrees,
    }
    if args.json:
        show.as_json(found)
        return 0
    show.table(["records", "count"], sorted(kinds.items()), right="lr")
    print(
        f"Rejected: {len(staged.rejects):,}. Questions: {len(staged.questions):,}. Kept: nothing."
    )
    if not staged.agrees:
        print("A total the file states is not the sum of its rows.")
    return 0


def _batch_id(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise Refused("import.batch", "{text} is not the number of an import.", text=text)
    return int(text)


def _say_batch(args: argparse.Namespace, batch_id: int) -> None:
    from tahsil.queries import imports

    found = imports.batch(frame.standing(args), batch_id, as_of=frame.as_of(args))
    if args.json:
        show.as_json(found)
        return
    row: Any = getattr(found, "batch", found)
    counts = ", ".join(f"{name} {number:,}" for name, number in _counted(row.counts))
    print(f"Import {batch_id} of {row.file_name}: {row.state}; {counts or 'no rows'}.")


def _counted(counts: dict[str, Any]) -> list[tuple[str, int]]:
    return [(name, number) for name, number in sorted(counts.items()) if isinstance(number, int)]


def _list(args: argparse.Namespace, rest: list[str]) -> None:
    from tahsil.queries import imports

    _wanted(rest, "tahsil import list", 0)
    page = imports.batches(frame.standing(args), as_of=frame.as_of(args))
    if args.json:
        show.as_json(page.rows)
        return
    rows = [(b.id, b.file_name, b.layout, b.state, b.as_of) for b in page.rows]
    if not rows:
        print("Nothing was imported yet. `tahsil import FILE` takes a workbook in.")
        return
    show.table(["batch", "file", "layout", "state", "as of"], rows, right="r")


def _undo(args: argparse.Namespace, rest: list[str]) -> None:
    from tahsil.run import imports

    _wanted(rest, "tahsil import undo BATCH", 1)
    batch = _batch_id(rest[0])
    imports.undo(frame.context(args), batch)
    _say_batch(args, batch)


def _template(args: argparse.Namespace, rest: list[str]) -> None:
    from tahsil.run import imports

    _wanted(rest, "tahsil import template LAYOUT FILE", 2)
    _keep(args, Path(rest[1]), imports.template(rest[0]))


def _rejects(args: argparse.Namespace, rest: list[str]) -> None:
    from tahsil.run import imports

    _wanted(rest, "tahsil import rejects BATCH FILE", 2)
    _keep(args, Path(rest[1]), imports.rejects(_batch_id(rest[0])))


def _keep(args: argparse.Namespace, path: Path, content: bytes) -> None:
    show.keep(path, content)
    if args.json:
        show.as_json({"file": str(path), "bytes": len(content)})
    else:
        print(f"{path}, {len(content):,} bytes")
