"""`tahsil receipts numbers`: every series and paper book of receipt numbers, with its gaps."""

from __future__ import annotations

import argparse
from typing import Any

from tahsil.cli import frame, show


def add(commands: Any) -> None:
    """The commands of this module."""
    receipts = commands.add_parser("receipts", help="the register of receipt numbers")
    inner = receipts.add_subparsers(dest="what", required=True, metavar="WHAT")
    numbers = inner.add_parser(
        "numbers", help="numbers used, cancelled, unused and missing, by series and book"
    )
    numbers.add_argument("name", nargs="?", default="", metavar="NAME",
                         help="one series or book, number by number")  # fmt: skip
    frame.with_reader(numbers)
    numbers.set_defaults(run=run_numbers)


def run_numbers(args: argparse.Namespace) -> None:
    """The register, or the numbers of one series or book."""
    frame.start()
    from tahsil.core.grammar.refusal import Refused
    from tahsil.queries import numbers

    standing, as_of = frame.standing(args), frame.as_of(args)
    found = numbers.numbers(standing, as_of=as_of)
    if args.name:
        run = next((each for each in found.runs if each.name == args.name), None)
        if run is None:
            raise Refused("numbers.unknown", "There is no such series or book of receipts to read.")
        found = numbers.numbers(standing, as_of=as_of, kind=run.kind, run_id=run.id)
    if args.json:
        show.as_json(found)
    elif args.name:
        rows = [(each.number, each.state, each.receipt_number, each.on or "", each.reason)
                for each in found.rows]  # fmt: skip
        show.table(["number", "state", "receipt", "on", "reason"], rows)
    else:
        runs = [
            (each.name, each.kind, each.holder, each.first, each.last, each.used, each.cancelled,
             each.unused, ", ".join(str(number) for number in each.missing[:10]) or "-")
            for each in found.runs
        ]  # fmt: skip
        heads = ["series or book", "kind", "holder", "from", "to", "used", "cancelled", "unused",
                 "missing"]  # fmt: skip
        show.table(heads, runs, right="lllrrrrr")
