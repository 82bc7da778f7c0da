"""`tahsil journal balances`, `tahsil report tie-out`: the general ledger read in and compared."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from tahsil.cli import frame, show
from tahsil.core.grammar.refusal import Refused


def add(commands: Any) -> None:
    """The commands of this module, under `tahsil journal`."""
    balances = commands.add_parser(
        "balances",
        help="read in a trial balance of the general ledger",
        description="A csv or workbook with account codes and debit and credit, or a balance; "
        "from Excel, ERPNext or Odoo. A list of entries with references is read in as such.",
    )
    balances.add_argument("file", metavar="FILE")
    balances.add_argument("--creditor", default="", metavar="CODE", help="whose ledger it is")
    balances.add_argument("--on", type=frame.day, metavar="DATE", help="of which day, where the "
                          "file does not say it")  # fmt: skip
    balances.add_argument("--dry-run", action="store_true", help="show it, keep nothing")
    frame.with_reader(balances)
    balances.set_defaults(run=run_balances)


def run_balances(args: argparse.Namespace) -> None:
    """What the file says of the accounts of the tie-out; taken in, unless it is a dry run."""
    frame.start()
    from tahsil.run import ledger_files

    path = Path(args.file)
    if not path.is_file():
        raise Refused("balances.no_file", "There is no file {path}.", path=path)
    content, how = path.read_bytes(), {"name": path.name, "creditor": args.creditor, "on": args.on}
    shown = ledger_files.preview(content, as_of=frame.as_of(args), **how)
    outcome = None if args.dry_run else ledger_files.take(frame.context(args), content, **how)
    if args.json:
        show.as_json({"shown": shown, "facts": getattr(outcome, "facts", None)})
        return
    rows = [
        (code, name, show.money(minor, currency)) for code, name, currency, minor in shown.known
    ]
    show.table(["code", "account", "balance"], rows, right="llr")
    done = "shown, nothing kept" if args.dry_run else "read in"
    print(f"{shown.lines:,} lines of {shown.creditor}, of {shown.balance_on}: {done}.")


def read(who: Any, as_of: date) -> Any:
    """The tie-out of every creditor one may read whole."""
    from tahsil.queries import tie_out

    return tie_out.tie_out(who, as_of=as_of)


def say(found: Any) -> None:
    """A line for each part, and under it what explains its difference."""
    rows = []
    for tie in found:
        for part in tie.parts:
            rows.append(
                (tie.creditor, part.part, show.money(part.book_minor, tie.currency),
                 show.money(part.own_minor, tie.currency), _money(part.ledger_minor, tie.currency),
                 _money(part.difference_minor, tie.currency),
                 "; ".join(f"{each.cause} {show.money(each.amount_minor, tie.currency)}"
                           for each in part.causes))
            )  # fmt: skip
    heads = ["creditor", "part", "book", "postings", "ledger", "difference", "why"]
    show.table(heads, rows, right="llrrrr")
    for tie in found:
        print(f"{tie.creditor} {tie.currency}: {tie.state}.")


def _money(minor: int | None, currency: str) -> str:
    return "–" if minor is None else show.money(minor, currency)
