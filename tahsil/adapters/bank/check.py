"""Balances: opening and lines make the closing, and the pages of a statement go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tahsil.adapters.bank.notes import Notes
from tahsil.adapters.bank.statement import Remark, Statement
from tahsil.core.grammar.money import decimal_text
from tahsil.core.grammar.refusal import Refused


def checked(statements: Sequence[Statement], notes: Notes) -> list[Statement]:
    """The statements with remarks on what could not be checked; what is wrong is a fault."""
    found: list[Statement] = []
    for statement in statements:
        with notes.trying():
            _account(statement)
            _adds_up(statement)
            before = next((s for s in reversed(found) if s.account == statement.account), None)
            _follows(statement, before)
        remarks = [*_unknown(statement), *_gap(statement, found)]
        found.append(replace(statement, remarks=(*statement.remarks, *remarks)))
    return found


def _account(statement: Statement) -> None:
    if not statement.account:
        raise Refused(
            "bank.no_account",
            "Line {line}: the statement that begins here names no account. Say which account it "
            "is of, and import it again.",
            line=statement.at,
        )


def _adds_up(statement: Statement) -> None:
    """Refused if opening and booked lines do not make the closing balance."""
    opening, closing = statement.opening_minor, statement.closing_minor
    if opening is None or closing is None or opening + statement.booked_minor == closing:
        return
    currency = statement.currency
    raise Refused(
        "bank.balance",
        "Line {line}: statement {number} opens with {opening} {currency} and its lines ({count}) "
        "come to {sum}, which makes {made}; it closes with {closing}. The difference is {gap}. "
        "Lines are missing or altered; ask the bank for the file again.",
        line=statement.at,
        number=statement.number or statement.id,
        currency=currency,
        count=len(statement.lines),
        opening=decimal_text(opening, currency),
        sum=decimal_text(statement.booked_minor, currency),
        made=decimal_text(opening + statement.booked_minor, currency),
        closing=decimal_text(closing, currency),
        gap=decimal_text(closing - opening - statement.booked_minor, currency),
    )


def _follows(statement: Statement, before: Statement | None) -> None:
    """Refused if the page before says that this one goes on, and it does not."""
    if before and before.is_page and before.closing_minor != statement.opening_minor:
        raise Refused(
            "bank.page",
            "Line {line}: statement {number} does not go on where the page before it ended "
            "({before}). A page is missing; ask the bank for all of them.",
            line=statement.at,
            number=statement.number or statement.id,
            before=_shown(before.closing_minor, before.currency),
        )


def _gap(statement: Statement, found: list[Statement]) -> list[Remark]:
    before = next((s for s in reversed(found) if s.account == statement.account), None)
    if before is None or before.is_page or None in (before.closing_minor, statement.opening_minor):
        return []
    if before.closing_minor == statement.opening_minor:
        return []
    return [
        Remark(
            "bank.gap",
            "Line {line}: this statement opens with {opening}, the one before it closed with "
            "{closing}. Statements between them may be missing.",
            line=statement.at,
            opening=_shown(statement.opening_minor, statement.currency),
            closing=_shown(before.closing_minor, before.currency),
        )
    ]


def _unknown(statement: Statement) -> list[Remark]:
    if statement.opening_minor is not None and statement.closing_minor is not None:
        return []
    return [
        Remark(
            "bank.unchecked",
            "Line {line}: the statement does not give both balances, so opening and lines could "
            "not be compared with the closing.",
            line=statement.at,
        )
    ]


def _shown(minor: int | None, currency: str) -> str:
    return "—" if minor is None else f"{decimal_text(minor, currency)} {currency}"
