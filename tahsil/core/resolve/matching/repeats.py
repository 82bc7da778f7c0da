"""Lines that come twice, and lines the bank takes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from tahsil.core.resolve.matching.policy import Policy
from tahsil.core.resolve.matching.reading import LONG_NUMBER, Reading
from tahsil.core.resolve.matching.rows import Evidence, Line
from tahsil.core.resolve.matching.sentences import saying
from tahsil.core.resolve.matching.words import REVERSED

Found = dict[int, tuple[str, Line, Evidence]]  # by line: (purpose, the other line, why)


def repeats(readings: Iterable[Reading], earlier: Iterable[Reading], policy: Policy) -> Found:
    """The lines that are an earlier one again, by line id."""
    found: Found = {}
    seen: dict[tuple, list[Reading]] = defaultdict(list)
    old = sorted(earlier, key=_when)
    for reading in (*old, *sorted(readings, key=_when)):
        line = reading.line
        if line.amount_minor <= 0:
            continue
        first = next(
            (one for one in reversed(seen[_signature(reading)]) if _again(one, reading, policy)),
            None,
        )
        if first is None:
            seen[_signature(reading)].append(reading)
            continue
        same = first.line.bank_reference and first.line.bank_reference == line.bank_reference
        code = "repeat_same" if same else "repeat_alike"
        said = saying(code, line=first.line.id, on=first.line.on)
        found[line.id] = ("duplicate", first.line, said)
    return found


def reversals(readings: Iterable[Reading], earlier: Iterable[Reading], policy: Policy) -> Found:
    """Debits that take an earlier credit back, and those credits, by line id."""
    found: Found = {}
    credits: dict[tuple[str, int], list[Reading]] = defaultdict(list)
    for reading in sorted((*earlier, *readings), key=_when):
        line = reading.line
        if line.amount_minor > 0:
            credits[line.currency, line.amount_minor].append(reading)
            continue
        if not {token.text for token in reading.tokens} & set(REVERSED):
            continue
        for one in reversed(credits[line.currency, -line.amount_minor]):
            if one.line.id not in found and _of_same(one, reading):
                found[line.id] = (
                    "reversal", one.line, saying("reversal", line=one.line.id, on=one.line.on),
                )  # fmt: skip
                found[one.line.id] = (
                    "reversed", line, saying("reversed", line=line.id, on=line.on),
                )  # fmt: skip
                break
    return found


def _when(reading: Reading) -> tuple:
    return (reading.line.on, reading.line.id)


def _signature(reading: Reading) -> tuple:
    line = reading.line
    words = tuple(
        token.text
        for token in reading.tokens
        if not (token.is_number and len(token.text) >= LONG_NUMBER)
    )
    return (line.amount_minor, line.currency, words, reading.payer, reading.accounts)


def _again(first: Reading, later: Reading, policy: Policy) -> bool:
    if not later.tokens and not later.payer and not later.line.bank_reference:
        return False
    return later.line.on - first.line.on <= timedelta(days=policy.repeat_days)


def _of_same(credit: Reading, debit: Reading) -> bool:
    same = credit.line.bank_reference
    if same and (same == debit.line.bank_reference or same.casefold() in debit.plain):
        return True
    words = {token.text for token in credit.tokens} | {word.plain for word in credit.payer}
    said = {token.text for token in debit.tokens} | {word.plain for word in debit.payer}
    return len(words & said) * 2 >= len(words) > 0
