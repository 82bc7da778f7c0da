"""`tahsil cash`: what is in people's hands, what is late, what asks for a look."""

from __future__ import annotations

import argparse
from typing import Any

from tahsil.cli import frame, show


def add(commands: Any) -> None:
    """The commands of this module."""
    cash = commands.add_parser(
        "cash",
        help="cash in people's hands, against ceilings and the time it is due at the bank",
        description="Everybody in reach, those past their time first; with --exceptions what asks "
        "for a look: patterns, deposits late or missing at the bank, open differences.",
    )
    cash.add_argument("--exceptions", action="store_true", help="what asks for a look")
    frame.with_reader(cash)
    cash.set_defaults(run=run_cash)


def run_cash(args: argparse.Namespace) -> None:
    """The hands, or the exceptions, as text or JSON."""
    frame.start()
    from tahsil.queries import cash, cash_audit

    as_of, now = frame.as_of(args), frame.now()
    if args.exceptions:
        found = cash_audit.exceptions(frame.standing(args), as_of=as_of, now=now)
        show.as_json(found) if args.json else _exceptions(found)
        return
    rows = cash.team(frame.standing(args), as_of=as_of, now=now)
    if args.json:
        show.as_json(rows)
        return
    show.table(
        ["collector", "in hand", "ceiling", "past its time", "oldest", "closed up to"],
        [
            (row.name, show.money(row.held_minor, row.currency),
             show.money(row.ceiling_minor, row.currency) if row.ceiling_minor else None,
             show.money(row.late_minor, row.currency),
             row.oldest_at.date() if row.oldest_at else None, row.closed_on)
            for row in rows
        ],
        right="lrrrll",
    )  # fmt: skip
    print(f"{len(rows):,} hands, {sum(row.count for row in rows):,} receipts not at the bank.")


def _exceptions(found: Any) -> None:
    from tahsil.core.grammar.refusal import say

    for case in found.cases:
        amount = show.money(case.amount_minor, case.currency)
        print(f"{case.person}: {case.kind} of {amount} since {case.opened_on}: {case.reason}")
    for row in found.missing:
        amount = show.money(row.amount_minor, row.currency)
        print(f"{row.person}: deposit {row.number} of {amount} has no bank line.")
    for flag in found.flags:
        print(f"{flag.person}: {say(flag.template, _plain(flag.facts))}")
    count = len(found.cases) + len(found.missing) + len(found.flags)
    print(f"{count:,} exceptions, {len(found.late):,} late deposits.")


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as a terminal shows them: money with its currency, shares in percent."""
    made = dict(facts)
    for name, value in facts.items():
        if name.endswith("_minor"):
            made[name] = show.money(value, facts["currency"])
        elif name.endswith("_ppm"):
            made[name] = f"{value // 10_000}%"
    return made
