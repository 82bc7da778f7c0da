"""The references a line holds: to an obligation, or to a contract or account as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tahsil.core.grammar.names import fold
from tahsil.core.resolve.matching.index import LINE_DIGITS, Hit, Index
from tahsil.core.resolve.matching.likeness import one_slip
from tahsil.core.resolve.matching.reading import Token, compact, key, lookalike
from tahsil.core.resolve.matching.reading import tokens as tokenised
from tahsil.core.resolve.matching.words import LINE_WORDS

WINDOW = 6
MOST_HITS = 5  # what more accounts than these share names nobody
AND, UNTIL = (",", "+", "&", "و", "and"), ("-", "–", "to", "الي", "till")


class Named(NamedTuple):
    """One reference as found: what it stands for, how literal it is, and how much it can weigh."""

    hits: tuple[Hit, ...]
    said: str
    strength: float  # 1 is a reference nobody writes by chance
    number: int | None = None  # of a line that the contract named has no more, or never had


def literal(index: Index, tokens: tuple[Token, ...]) -> list[Named]:
    """The references that stand in the line as written in the book, in any shape; longest first."""
    found: list[Named] = []
    place = 0
    while place < len(tokens):
        named, size = _longest(index, tokens, place)
        if named is None:
            place += 1
            continue
        place += size
        found.append(_with_unknown_line(named, tokens, place))
        for hit in _following(index, named, tokens, place):
            found.append(Named((hit,), hit.reference, named.strength))
    return found


def nearly(index: Index, tokens: tuple[Token, ...]) -> list[Named]:
    """The references that stand in the line but for one letter or digit."""
    found: dict[Hit, Named] = {}
    for place, size in _windows(tokens):
        window = tokens[place : place + size]
        text = compact(window)
        if not 5 <= len(text) <= 20 or text.isalpha():
            continue
        for other in index.neighbours(text):
            if not one_slip(lookalike(text), lookalike(other)):
                continue
            for hit in _with_line(index, index.joined[other], tokens, place + size):
                strength = 0.7 if lookalike(text) != lookalike(other) else 0.9
                found.setdefault(hit, Named((hit,), text, strength))
    return list(found.values())


def _longest(index: Index, tokens: tuple[Token, ...], place: int) -> tuple[Named | None, int]:
    for size in range(min(WINDOW, len(tokens) - place), 0, -1):
        window = tokens[place : place + size]
        if not any(each.is_number for each in window):
            continue
        hits = index.keys.get(key(window))
        exact = compact(window)
        if not hits:
            hits = index.joined.get(exact)
        if hits and len(hits) <= MOST_HITS:
            with_zeros = exact in index.joined
            strength = _strength(window, with_zeros)
            if strength > 0:
                said = "".join((each.gap if n else "") + each.text for n, each in enumerate(window))
                return Named(tuple(hits), said.upper(), strength), size
    return None, 0


def _strength(window: tuple[Token, ...], with_zeros: bool) -> float:
    """From 0 to 1 by how many letters and digits agree; a year says nothing."""
    count = 0
    for each in window:
        if not each.is_number:
            count += len(each.text)
        elif not (len(each.text) == 4 and each.text[:2] in ("19", "20")):
            count += len(each.text) if with_zeros else len(each.text.lstrip("0")) or 1
    if all(each.is_number for each in window):
        count -= 1
    return min(1.0, max(0, count - 1) / 4)


def _following(index: Index, named: Named, tokens: tuple[Token, ...], place: int) -> Iterator[Hit]:
    """The further lines of "CT00571/01,02" and "CT00571/01-03"."""
    items = [hit for hit in named.hits if hit.item_id]
    if len(items) != 1:
        return
    parts = tokenised(fold(items[0].reference))
    lines = index.lines.get((items[0].account_id, key(parts[:-1])), {})
    last = int(parts[-1].text) if parts[-1].is_number else None
    while last is not None and place < len(tokens) and tokens[place].is_number:
        gap, number = tokens[place].gap.strip(), int(tokens[place].text)
        if len(tokens[place].text) > LINE_DIGITS or number not in lines:
            return
        if gap in AND:
            yield lines[number]
        elif gap in UNTIL and number > last:
            yield from (lines[n] for n in range(last + 1, number + 1) if n in lines)
        else:
            return
        last, place = number, place + 1


def _with_unknown_line(named: Named, tokens: tuple[Token, ...], place: int) -> Named:
    after = tokens[place] if place < len(tokens) else None
    if after is None or not after.is_number or any(hit.item_id for hit in named.hits):
        return named
    if len(after.text) > LINE_DIGITS or not _is_close(after.gap):
        return named
    return named._replace(number=int(after.text))


def _is_close(gap: str) -> bool:
    """Whether only a mark or a word for a line stands between: CT00571/09, CT00571 inst 9."""
    return all(word in LINE_WORDS or not word.isalpha() for word in gap.split())


def _with_line(
    index: Index, hits: list[Hit], tokens: tuple[Token, ...], place: int
) -> Iterator[Hit]:
    """The line a contract's number is followed by; the contract where none is."""
    number = tokens[place] if place < len(tokens) else None
    is_line = number is not None and number.is_number and len(number.text) <= LINE_DIGITS
    for hit in hits:
        lines = index.lines.get((hit.account_id, key(tokenised(fold(hit.reference)))), {})
        yield lines.get(int(number.text), hit) if is_line and number else hit


def _windows(tokens: tuple[Token, ...]) -> Iterator[tuple[int, int]]:
    for place in range(len(tokens)):
        for size in range(1, 5):
            if place + size <= len(tokens):
                window = tokens[place : place + size]
                if any(each.is_number for each in window):
                    yield place, size
