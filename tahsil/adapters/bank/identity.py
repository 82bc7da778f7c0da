"""Fingerprints: a line that comes again is known, and two alike on one day remain two.

A fingerprint is what the line says (account, dates, amount, references, texts) and how many such
lines came before it. The count goes on through statements that continue one another, and begins
anew with one that does not: it may be the same days once more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b

from tahsil.adapters.bank.statement import Line, Statement

_SIGNS = re.compile(r"[^\w|]+|_+")


def stamped(
    statements: Sequence[Statement], *, before: Mapping[str, int] | None = None
) -> tuple[Statement, ...]:
    """The statements with a fingerprint on every line.

    `before` counts the keys already kept of a statement that the first one continues.
    """
    counts: Counter[str] = Counter(before or {})
    found: list[Statement] = []
    for statement in statements:
        earlier = [each for each in found if each.account == statement.account]
        if earlier and not _continues(statement, earlier):
            for line in (line for each in earlier for line in each.lines):
                counts[key(statement.account, line)] = 0
        found.append(replace(statement, lines=_lines(statement, counts)))
    return tuple(found)


def _lines(statement: Statement, counts: Counter[str]) -> tuple[Line, ...]:
    lines = []
    for line in statement.lines:
        own = key(statement.account, line)
        counts[own] += 1
        lines.append(replace(line, fingerprint=f"{own}-{counts[own]}"))
    return tuple(lines)


def _continues(statement: Statement, earlier: list[Statement]) -> bool:
    """Whether the statement holds other lines than those before it in the file."""
    if statement.opening_minor is not None and earlier[-1].closing_minor is not None:
        return statement.opening_minor == earlier[-1].closing_minor
    return all((each.id, each.number) != (statement.id, statement.number) for each in earlier)


def key(account: str, line: Line) -> str:
    """What the line says, without its place: alike for two lines that say the same."""
    days = f"{line.booked_on}|{line.value_on}"
    head = f"{_SIGNS.sub('', account).upper()}|{days}|{line.amount_minor}|{line.currency}|"
    texts = (
        line.reference,
        line.bank_reference,
        line.payer,
        line.payer_account,
        line.cheque_number,
        line.description,
    )
    said = head + _SIGNS.sub("", "|".join(texts)).casefold()
    return blake2b(said.encode(), digest_size=16).hexdigest()
