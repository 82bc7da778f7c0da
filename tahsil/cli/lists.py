"""`tahsil worklist`, `ageing`, `report`: many accounts, read only."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from tahsil.cli import frame, reconciling, show, tie_out
from tahsil.core.grammar.refusal import Refused, say

REPORTS = {
    "collection": "the daily collection report of one day",
    "deviations": "what came otherwise than agreed, this month",
    "home": "the manager's figures: due, collected, overdue by project and collector",
    "objections": "what customers object to and who answers until when",
    "orphans": "accounts past due that nobody works",
    "tie-out": "the book, our postings and the general ledger, and what differs",
}


def add(commands: Any) -> None:
    """The commands of this module."""
    worklist = commands.add_parser("worklist", help="the accounts to work today, in order")
    worklist.add_argument("--collector", metavar="USER", help="one collector's list")
    worklist.add_argument("--limit", type=frame.count, default=50, metavar="N", help="default: 50")
    frame.with_reader(worklist)
    worklist.set_defaults(run=run_worklist)
    ageing = commands.add_parser("ageing", help="arrears by days past due, tied to the balance")
    ageing.add_argument("--by", default="project", choices=["project", "collector", "product",
                        "creditor"], help="default: project")  # fmt: skip
    ageing.add_argument("--currency", default="", help="one currency only")
    ageing.add_argument("--definition", default="", help="a code of the buckets policy")
    frame.with_reader(ageing)
    ageing.set_defaults(run=run_ageing)
    listed = "; ".join(f"{name}: {what}" for name, what in REPORTS.items())
    report = commands.add_parser("report", help="a report by name", description=listed)
    report.add_argument("name", metavar="NAME", help=", ".join(REPORTS))
    frame.with_reader(report)
    report.set_defaults(run=run_report)


def run_worklist(args: argparse.Namespace) -> None:
    """The list in its order, each line with its first reason."""
    frame.start()
    from tahsil.queries import named, worklist

    filters = worklist.WorklistFilters(is_whole=not args.collector and not args.as_user)
    if args.collector:
        filters = worklist.WorklistFilters(collector=named.person_id(args.collector))
    found = worklist.worklist(
        frame.standing(args), as_of=frame.as_of(args), now=frame.now(), filters=filters,
        size=args.limit,
    )  # fmt: skip
    if args.json:
        show.as_json(found)
        return
    if not found.page.rows:
        why = "" if found.measured_on else " The day was not run yet: tahsil day."
        print(f"Nothing to work.{why}")
        return
    rows = [
        (
            line.number, line.name, line.project, line.dpd,
            show.money(line.overdue_minor, line.currency), line.rung,
            say(line.reasons[0].template, _spoken(line.reasons[0].facts, line.currency))
            if line.reasons else "",
        )
        for line in found.page.rows
    ]  # fmt: skip
    heads = ["account", "name", "project", "DPD", "past due", "rung", "why"]
    show.table(heads, rows, right="lllrr")
    print(f"{found.page.first:,} to {found.page.last:,} of {found.page.total:,}, "
          f"measured {found.measured_on}.")  # fmt: skip


def _spoken(facts: dict[str, Any], currency: str) -> dict[str, Any]:
    """The facts as a sentence says them: amounts with their currency."""
    return {
        name: show.money(value, currency)
        if name.endswith("_minor") and isinstance(value, int)
        else value
        for name, value in facts.items()
    }


def run_ageing(args: argparse.Namespace) -> None:
    """Sums by group and currency; the columns add up to the balance."""
    frame.start()
    from tahsil.queries import ageing

    chosen = {"definition": args.definition} if args.definition else {}
    filters = ageing.AgeingFilters(currency=args.currency, group=args.by, **chosen)
    found = ageing.ageing(frame.standing(args), as_of=frame.as_of(args), filters=filters)
    if args.json:
        show.as_json(found)
        return
    heads = [args.by, "accounts", *found.labels, "not due", "undated", "disputed", "unapplied",
             "balance", ""]  # fmt: skip
    rows = [_sums(group, group.name or "–") for group in found.groups]
    rows += [_sums(group, "total") for group in found.totals]
    show.table(heads, rows, right="l" + "r" * (len(heads) - 2))
    for currency, difference in found.ties.items():
        if difference:
            print(f"{currency} does not tie out: {show.money(difference, currency)}")


def _sums(group: Any, name: str) -> list[Any]:
    from tahsil.core.grammar.money import decimal_text

    sums = group.amounts
    ahead = sums.not_due_minor + sums.due_today_minor + sums.in_grace_minor
    amounts = [*sums.buckets, ahead, sums.undated_minor, sums.disputed_minor,
               -sums.unapplied_minor, sums.balance_minor]  # fmt: skip
    figures = [decimal_text(amount, group.currency) for amount in amounts]
    return [name, group.accounts, *figures, group.currency]


def run_report(args: argparse.Namespace) -> None:
    """A report by its name."""
    frame.start()
    if args.name not in REPORTS:
        raise Refused(
            "report.unknown",
            "There is no report {name}. Reports: {known}.",
            name=args.name,
            known=list(REPORTS),
        )
    found = _read(args)
    if args.json:
        show.as_json(found)
        return
    says = {
        "collection": _say_collection, "deviations": reconciling.say_deviations,
        "home": _say_home, "objections": reconciling.say_objections, "orphans": _say_orphans,
        "tie-out": tie_out.say,
    }  # fmt: skip
    says[args.name](found)


def _read(args: argparse.Namespace) -> Any:
    from tahsil.queries import collection, portfolio

    who, as_of = frame.standing(args), frame.as_of(args)
    if args.name == "collection":
        filters = collection.CollectionFilters(as_of, as_of + timedelta(days=1))
        return collection.daily_collection(who, as_of=as_of, filters=filters)
    if args.name == "deviations":
        return reconciling.deviations(who, as_of)
    if args.name == "objections":
        return reconciling.objections(who, as_of)
    if args.name == "orphans":
        return portfolio.orphans(who, as_of=as_of)
    if args.name == "tie-out":
        return tie_out.read(who, as_of)
    return portfolio.home(who, as_of=as_of)


def _say_collection(found: Any) -> None:
    rows = [
        (
            row.number,
            row.name,
            row.project,
            row.instrument,
            show.money(row.amount_minor, row.currency),
        )
        for row in found.page.rows
    ]
    if not rows:
        print("Nothing came in on that day.")
        return
    show.table(["receipt", "name", "project", "by", "amount"], rows, right="llllr")
    for total in found.totals:
        print(f"{total.count:,} receipts, {show.money(total.amount_minor, total.currency)}")


def _say_home(found: Any) -> None:
    rows = [
        (
            each.currency, each.accounts, each.listed,
            *(show.money(asdict(each)[name], each.currency)
              for name in ("overdue_minor", "due_month_minor", "collected_month_minor")),
        )
        for each in found.currencies
    ]  # fmt: skip
    heads = ["currency", "accounts", "to work", "past due", "due this month", "collected"]
    show.table(heads, rows, right="lrrrrr")


def _say_orphans(found: Any) -> None:
    rows = [
        (
            row.account_number,
            row.name,
            row.dpd,
            show.money(row.overdue_minor, row.currency),
            row.why,
        )
        for row in found
    ]
    if not rows:
        print("Every account past due has somebody and a next step.")
        return
    show.table(["account", "name", "DPD", "past due", "why"], rows, right="llrr")
