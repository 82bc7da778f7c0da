"""`tahsil explain` and `statement`: one account, opened."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from tahsil.cli import frame, show
from tahsil.core.grammar.refusal import Refused

FORMATS = ("text", "json", "pdf", "xlsx")
SIGNS = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<", "eq": "==", "ne": "!=", "in": "in"}


def add(commands: Any) -> None:
    """The commands of this module."""
    explain = commands.add_parser(
        "explain",
        help="why an account stands where it stands",
        description="Every rung of its ladder, severest first, with each test and the value found.",
    )
    explain.add_argument("account", metavar="ACCOUNT", help="its number or id")
    frame.with_reader(explain)
    explain.set_defaults(run=run_explain)
    statement = commands.add_parser("statement", help="what is owed, paid and open, line by line")
    statement.add_argument("account", metavar="ACCOUNT", help="its number or id")
    statement.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    statement.add_argument("--lang", choices=["en", "ar", "hi"], default="en", help="default: en")
    statement.add_argument("--out", type=Path, metavar="FILE", help="where a pdf or xlsx goes")
    frame.with_reader(statement)
    statement.set_defaults(run=run_statement)


def _page(args: argparse.Namespace) -> Any:
    from tahsil.queries import account, named

    found = named.account_id(args.account)
    return account.page(frame.standing(args), found, as_of=frame.as_of(args), now=frame.now())


def run_explain(args: argparse.Namespace) -> None:
    """The account's figures, its rung, and every test on the way there."""
    frame.start()
    page = _page(args)
    if args.json:
        show.as_json(
            {
                "as_of": page.as_of, "account": page.header, "figures": page.figures,
                "to_pay": page.to_pay, "steering": page.steering,
            }
        )  # fmt: skip
        return
    _say_head(page)
    _say_tries(page.steering, page.header.currency)


def _say_head(page: Any) -> None:
    head, sums = page.header, page.figures
    currency = head.currency
    print(f"{head.number}  {head.name}  {head.name_other}  as of {page.as_of}".rstrip())
    named = (
        ("to pay today", page.to_pay.total_minor), ("past due", sums.overdue_minor),
        ("covered by cheques", sums.covered_minor), ("disputed", sums.disputed_minor),
        ("unapplied", sums.unapplied_minor), ("not due yet", sums.not_due_minor),
        ("waits for an event", sums.undated_minor), ("open", sums.open_minor),
    )  # fmt: skip
    rows = [(name, show.money(amount, currency)) for name, amount in named if amount]
    rows.append(("days past due", sums.dpd))
    show.table(["", "amount"], rows, right="lr")


def _say_tries(steering: Any, currency: str) -> None:
    print()
    for rung in steering.tries:
        mark = "->" if rung.is_chosen else "  "
        print(f"{mark} {rung.code}")
        for test in rung.tests:
            sign = SIGNS.get(test.op, test.op)
            wanted, found = (
                _value(test.fact, each, currency) for each in (test.wanted, test.found)
            )
            print(f"     {test.fact:<22} {found} {sign} {wanted}  {'yes' if test.holds else 'no'}")
        if rung.is_chosen:
            break
    count = f"rung {steering.rung_number} of {steering.rungs_count}"
    print(f"\n-> {steering.treatment or 'none'} ({count}, policy {steering.policy})")
    for reason in (*steering.reasons, *steering.kept_off):
        from tahsil.cli import lists
        from tahsil.core.grammar.refusal import say

        print(f"   {say(reason.template, lists._spoken(reason.facts, currency))}")


def _value(fact: str, value: Any, currency: str) -> Any:
    if fact.endswith("_minor") and isinstance(value, int) and not isinstance(value, bool):
        return show.money(value, currency)
    return value


def run_statement(args: argparse.Namespace) -> None:
    """The statement as text, JSON, PDF or workbook."""
    frame.start()
    from tahsil.queries import named, statement

    found = statement.statement(
        frame.standing(args), named.account_id(args.account), as_of=frame.as_of(args)
    )
    if args.json or args.format == "json":
        show.as_json(found)
    elif args.format == "text":
        _say_statement(found)
    else:
        _write(args, found)


def _say_statement(found: Any) -> None:
    head, foot = found.header, found.footer
    print(f"{head.account_number}  {head.name}  {head.creditor}  as of {head.as_of}")
    rows = [
        (
            line.label, line.due_on or line.due_event, _figure(line.amount_minor, head.currency),
            _figure(line.paid_minor, head.currency), _figure(line.open_minor, head.currency),
            line.days_late or "", line.cover if line.cover != "none" else "",
        )
        for line in found.lines
    ]  # fmt: skip
    heads = ["line", "due", f"amount {head.currency}", "paid", "open", "late", "cover"]
    show.table(heads, rows, right="llrrrr")
    print(f"Past due {show.money(foot.overdue_minor, head.currency)}; "
          f"unapplied {show.money(foot.unapplied_minor, head.currency)}; "
          f"to pay today {show.money(foot.to_pay_minor, head.currency)}.")  # fmt: skip


def _figure(minor: int, currency: str) -> str:
    from tahsil.core.grammar.money import decimal_text

    return decimal_text(minor, currency)


def _write(args: argparse.Namespace, found: Any) -> None:
    from tahsil.adapters.documents.pdf import pdf
    from tahsil.adapters.documents.workbook import workbook
    from tahsil.cli import papers

    made = papers.statement(found, language=args.lang)
    content = pdf(made) if args.format == "pdf" else workbook(made)
    if args.out:
        show.keep(args.out, content)
        print(f"{args.out}, {len(content):,} bytes")
        return
    if sys.stdout.isatty():
        raise Refused(
            "statement.out", "A {format} is not for reading here. Say --out FILE.",
            format=args.format,
        )  # fmt: skip
    sys.stdout.buffer.write(content)
