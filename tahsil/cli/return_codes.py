"""`tahsil return-codes`: a bank's own list of return codes, from its file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tahsil.cli import frame, show
from tahsil.core.grammar.refusal import Refused


def add(commands: Any) -> None:
    """The commands of this module."""
    parser = commands.add_parser(
        "return-codes",
        help="take in a bank's list of return codes; read a code or wording",
        description="Takes in a csv or Excel file with the columns Code, Wording and Family, as "
        "that bank's table from a day on. With --read it says what a code or wording is read as.",
    )
    parser.add_argument("file", nargs="?", default="", metavar="FILE", help="the bank's list")
    parser.add_argument(
        "--bank", required=True, metavar="NAME", help="the bank, as cheques name it"
    )
    parser.add_argument("--since", type=frame.day, metavar="DATE", help="from when it holds")
    parser.add_argument("--source", default="", metavar="TEXT", help="where the list comes from")
    parser.add_argument("--read", default="", metavar="TEXT", help="say what this is read as")
    frame.with_reader(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """The list taken in, or one code read."""
    frame.start()
    if bool(args.file) == bool(args.read):
        raise Refused("returns.usage", "Say either FILE to take in, or --read TEXT.")
    if args.read:
        from tahsil.queries import returns

        found = returns.read(args.bank, args.read, as_of=frame.as_of(args))
        show.as_json(found) if args.json else print(f"{found.family}: {found.label('en')}")
        return
    from tahsil.run import return_codes

    try:
        content = Path(args.file).read_bytes()
    except OSError as why:
        raise Refused(
            "file.missing", "{path} cannot be opened. Name a file that can.", path=args.file
        ) from why
    done: Any = return_codes.take(
        frame.context(args), content, bank=args.bank, source=args.source,
        since_on=args.since or frame.as_of(args),
    )  # fmt: skip
    if args.json:
        show.as_json(done.facts)
    else:
        print(f"{done.facts['count']} codes of {args.bank} from {done.facts['since_on']} on.")
