"""`tahsil safe`: what lies at each place, and a count of one from a file of numbers."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import Any

from tahsil.cli import frame, show
from tahsil.core.grammar.refusal import Refused


def add(commands: Any) -> None:
    """The commands of this module."""
    parser = commands.add_parser(
        "safe",
        help="where papers lie; count FILE.csv compares what was found with the book",
        description="Without a word: every place with its papers, last count and open matters. "
        "count FILE.csv: a blind count of --place by the person of --as; each line of the file "
        "is a number and, if it was read, the amount.",
    )
    parser.add_argument("act", nargs="?", choices=["count"], metavar="count", help="count a place")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="numbers found, as csv")
    parser.add_argument("--place", default="safe", metavar="P", help="default: safe")
    parser.add_argument("--month", default="", metavar="M", help="one envelope, such as 2026-12")
    frame.with_reader(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """The places, or the outcome of a count."""
    frame.start()
    if args.act == "count":
        _count(args)
    else:
        _places(args)


def _places(args: argparse.Namespace) -> None:
    from tahsil.queries import safe

    found = safe.safe(frame.standing(args), as_of=frame.as_of(args))
    if args.json:
        show.as_json(found)
        return
    rows = [
        (
            row.place, row.kind, row.count,
            ", ".join(show.money(minor, currency) for currency, _n, minor in row.sums),
            row.oldest_on or "", row.counted_on or ("due" if row.is_count_due else ""),
            "" if row.variance_count is None else row.variance_count, row.matters or "",
        )
        for row in found.places
    ]  # fmt: skip
    heads = ["place", "kind", "papers", "amount", "oldest", "counted", "differences", "matters"]
    show.table(heads, rows, right="llrrllrr")
    for each in found.matters:
        print(f"{each.days} days: {each.number} {each.kind.replace('_', ' ')}, {each.place}, "
              f"{each.owner}")  # fmt: skip


def _count(args: argparse.Namespace) -> None:
    """Begins, enters and compares in one go: all of it, or nothing."""
    from django.db import transaction

    from tahsil.actions import counts
    from tahsil.queries import counts as read

    if args.file is None:
        raise Refused("count.no_file", "Name the file of numbers: tahsil safe count FILE.csv")
    entries = _entries(args.file)
    ctx = frame.context(args)
    with transaction.atomic():
        begun = counts.open_count(ctx, place=args.place, month=args.month)
        for start in range(0, len(entries), counts.MOST):
            counts.enter(ctx, count_id=begun.id, entries=entries[start : start + counts.MOST])
        counts.finish(ctx, count_id=begun.id)
    found = read.count(frame.standing(args), begun.id, as_of=frame.as_of(args))
    if args.json:
        show.as_json(found)
        return
    row = found.row
    print(f"Count {row.count_id} of {row.place}: {row.found_count} found, {row.book_count} by the "
          f"book, {row.variance_count} differences. {row.signers} people sign it.")  # fmt: skip
    lines = [(line.outcome.replace("_", " "), line.number, line.bank, line.name,
              show.money(line.book_minor, line.currency) if line.currency else "")
             for line in found.lines]  # fmt: skip
    if lines:
        show.table(["result", "number", "bank", "name", "amount"], lines, right="llllr")


def _entries(path: Path) -> list[list[str]]:
    """(number, amount) of each line; a first line without any digit is a heading."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise Refused("count.file", "{file} cannot be read.", file=str(path)) from fault
    sniffed = ";" if text.count(";") > text.count(",") else ","
    rows = [row for row in csv.reader(text.splitlines(), delimiter=sniffed) if row and row[0]]
    if rows and not any(letter.isdigit() for letter in rows[0][0]):
        rows = rows[1:]
    if not rows:
        raise Refused("count.empty", "{file} holds no numbers.", file=str(path))
    return [[row[0].strip(), row[1].strip() if len(row) > 1 else ""] for row in rows]
