"""Reading a bank line: its tokens, the numbers it may refer by, the words that may be a name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from typing import NamedTuple

from tahsil.core.grammar.names import fold
from tahsil.core.resolve.matching.likeness import Word, runs, words
from tahsil.core.resolve.matching.rows import Line
from tahsil.core.resolve.matching.words import CHEQUE_WORDS, CURRENCIES, JOINERS, LINE_WORDS

Key = tuple[str, ...]

_TOKEN = re.compile(r"[ऀ-ॿ]+|[^\W\d_]+|\d+")
_IBAN = re.compile(r"\b[a-z]{2}\d{2}[a-z0-9]{10,30}\b")
_NUMBERED = re.compile(r"\b[^\W\d_]{1,4}[-/ ]?\d[\w/-]*|\d[\w/-]*")  # CT00571/01, INV 12, 7-B
_LOOKALIKE = str.maketrans("oilsbzq", "0115820")
LEAST_LINES = 5
LONG_NUMBER = 7  # from so many digits on, a number is a trace of the bank unless we know it


class Token(NamedTuple):
    """A run of letters or digits, and what stands between it and the one before."""

    text: str
    is_number: bool
    gap: str


class Reading(NamedTuple):
    """A line as matching sees it."""

    line: Line
    tokens: tuple[Token, ...]
    plain: str
    payer: tuple[Word, ...]
    said: tuple[tuple[Word, ...], ...]  # runs of words in the text that may be names
    phones: tuple[str, ...]
    accounts: tuple[str, ...]
    cheque: str
    currencies: frozenset[str]


def read(line: Line) -> Reading:
    """The line, read once."""
    plain = fold(line.text)
    found = tokens(plain)
    return Reading(
        line,
        found,
        plain,
        words(line.payer),
        runs(_NUMBERED.sub(" 0 ", plain)),
        _phones(line, found),
        _accounts(line, plain),
        _cheque(line, found),
        frozenset(each.text for each in found if each.text in CURRENCIES),
    )


def fillers(names: Container[str], readings: Sequence[Reading]) -> frozenset[str]:
    """Words on many lines and in no debtor's name: they are the bank's, not the payer's."""
    seen: Counter[str] = Counter()
    for reading in readings:
        runs_of = (reading.payer, *reading.said)
        seen.update({word.plain for run in runs_of for word in run if word.bones not in names})
    least = max(LEAST_LINES, len(readings) // 100)
    return frozenset(word for word, count in seen.items() if count >= least)


def without(reading: Reading, common: frozenset[str]) -> Reading:
    """The reading with these words left out of its names."""
    if not common:
        return reading
    payer, *said = (
        tuple(word for word in run if word.plain not in common)
        for run in (reading.payer, *reading.said)
    )
    return reading._replace(payer=payer, said=tuple(run for run in said if run))


def tokens(plain: str) -> tuple[Token, ...]:
    """The runs of letters and of digits of a folded text, without words for a line's number."""
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(plain):
        text = match.group()
        if found and (text in LINE_WORDS or (text in JOINERS and found[-1].is_number)):
            continue  # its place counts as a gap
        found.append(Token(text, text.isdecimal(), plain[end : match.start()]))
        end = match.end()
    return tuple(found)


def key(parts: tuple[Token, ...]) -> Key:
    """Tokens as a key: numbers without leading zeros."""
    return tuple((part.text.lstrip("0") or "0") if part.is_number else part.text for part in parts)


def glued(parts: tuple[Token, ...]) -> Key:
    """The key that is left when marks between numbers are lost: CT0057101."""
    found: list[Token] = []
    for part in parts:
        if found and found[-1].is_number == part.is_number:
            found[-1] = part._replace(text=found[-1].text + part.text)
        else:
            found.append(part)
    return key(tuple(found))


def compact(parts: tuple[Token, ...]) -> str:
    """Tokens joined, zeros kept: CT 00571 / 01 and CT0057101 are one."""
    return "".join(part.text for part in parts)


def lookalike(text: str) -> str:
    """The text with letters that look like digits made digits."""
    return text.translate(_LOOKALIKE)


def digits_of(text: str) -> str:
    """The digits of a telephone number that do not depend on how it is dialled."""
    return "".join(c for c in fold(text) if c.isdecimal())[-9:]


def account_of(text: str) -> str:
    """A bank account or wallet as one compares it."""
    return "".join(c for c in fold(text) if c.isalnum()).lstrip("0")


def number_of(text: str) -> str:
    """A cheque number without the zeros banks lose."""
    return "".join(c for c in fold(text) if c.isdecimal()).lstrip("0")


def _phones(line: Line, found: tuple[Token, ...]) -> tuple[str, ...]:
    said = [each.text for each in found if each.is_number and 9 <= len(each.text) <= 14]
    numbers = [digits_of(each) for each in (line.payer_phone, *said)]
    return tuple(dict.fromkeys(each for each in numbers if len(each) == 9))


def _accounts(line: Line, plain: str) -> tuple[str, ...]:
    said = [account_of(each) for each in _IBAN.findall(plain)]
    own = account_of(line.payer_account)
    return tuple(dict.fromkeys(each for each in (own, *said) if len(each) >= 6))


def _cheque(line: Line, found: tuple[Token, ...]) -> str:
    if line.cheque_number:
        return number_of(line.cheque_number)
    for place, each in enumerate(found):
        if each.text in CHEQUE_WORDS:
            after = [later for later in found[place + 1 : place + 4] if later.is_number]
            if after:
                return after[0].text.lstrip("0")
    return ""
