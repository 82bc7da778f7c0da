"""Deposits of cash and the bank's lines: what a line answers for sure is matched, never taken in.

The money of a deposit was received when it was taken; its line explains itself by the deposit.
A line of the same amount that does not name the slip is left to a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from tahsil.actions import cash
from tahsil.actions._verb import Context
from tahsil.core.book.cash import names_slip
from tahsil.core.grammar.refusal import Refused
from tahsil.core.resolve.matching.rows import AUTO, PROPOSE, Decision
from tahsil.queries import people
from tahsil.queries.cash_rows import unanswered
from tahsil.store.cash import local, terms_at
from tahsil.store.models import BankLine, BankMatch, CashDeposit

Pair = tuple[CashDeposit, BankLine]


def match_deposits(ctx: Context) -> int:
    """Every open line that names the slip of one deposit over its amount is matched with it."""
    found = pairs(ctx)
    named = [pair for pair in found if names_slip(pair[0].number, *_texts(pair[1]))]
    touched = set(
        BankMatch.objects.filter(line__in=[line.id for _, line in named])
        .values_list("line_id", flat=True)
    )  # fmt: skip
    system, done = replace(ctx, standing=people.SYSTEM), 0
    for deposit, line in named:
        is_only = sum(deposit in pair or line in pair for pair in named) == 1
        if is_only and line.id not in touched:
            key = f"cash.match:{deposit.id}:{line.id}"
            try:
                cash.match(system.keyed(key), deposit_id=deposit.id, line_id=line.id)
                done += 1
            except Refused:
                continue  # somebody else was first
    return done


def pairs(ctx: Context, lines: Iterable[BankLine] | None = None) -> list[Pair]:
    """Each deposit without its bank line, with each open line over its amount near its day."""
    open_ = BankLine.objects.filter(state__in=("open", "suspended"), amount_minor__gt=0)
    wanted = {deposit.id: deposit for deposit in unanswered()}
    if not wanted:
        return []
    near = timedelta(days=terms_at(ctx.as_of).match_days)
    by_amount: dict[tuple[int, int], list[BankLine]] = {}
    amounts = {deposit.amount_minor for deposit in wanted.values()}
    for line in open_.filter(amount_minor__in=amounts) if lines is None else lines:
        by_amount.setdefault((line.bank_account_id, line.amount_minor), []).append(line)
    found = []
    for deposit in wanted.values():
        on = local(deposit.deposited_at, deposit.bank_account.creditor).date()
        for line in by_amount.get((deposit.bank_account_id, deposit.amount_minor), ()):
            if on <= line.value_on <= on + near:
                found.append((deposit, line))
    return found


def left_to_people(
    ctx: Context, lines: list[BankLine], decisions: list[Decision]
) -> list[Decision]:
    """The decisions; a line that may be a deposit is not taken in as new money by itself."""
    maybe = {line.id for _, line in pairs(ctx, lines)}
    return [
        replace(each, kind=PROPOSE) if each.kind == AUTO and each.line_id in maybe else each
        for each in decisions
    ]


def _texts(line: BankLine) -> tuple[str, ...]:
    return line.reference, line.bank_reference, line.text
