"""How well the payer's name is an account's: which words agree, are missing, or speak against."""

from __future__ import annotations

from heapq import nsmallest
from typing import NamedTuple

from tahsil.core.resolve.matching.index import RARE, Index, pairs
from tahsil.core.resolve.matching.likeness import (
    APART,
    BEGUN,
    MISSPELT,
    SAME,
    SPELT,
    Word,
    begins,
    likeness,
)
from tahsil.core.resolve.matching.reading import Reading

FULL, CUT, PART, NEAR = "full", "cut", "part", "near"
KNOWN, OTHER, NONE = "known", "other", "none"
CUT_FROM = 12  # letters from which a name may have been cut by the bank
CANDIDATES = 8
WORD_COSTS = 0.1  # of names that share the same words the shorter one comes first
COMMON = 60  # accounts that share a pair of words which then tells little


class Agreement(NamedTuple):
    """The words that agree, how much they narrow the book down, and what is left on each side."""

    kind: str
    matched: tuple[str, ...]
    worth: float
    extra: int
    missing: int


NOBODY = Agreement(NONE, (), 0.0, 0, 0)


def candidates(index: Index, reading: Reading) -> list[int]:
    """The accounts that share most of the line's words, by pairs of words; at most a few."""
    found: dict[int, float] = {}
    for run in _runs(reading):
        known = [(index.pairs[pair], pair) for pair in pairs(run[:8]) if pair in index.pairs]
        for owners, pair in sorted(known, key=lambda each: (len(each[0]), each[1])):
            worth = index.rarity(pair[0]) + index.rarity(pair[1])
            # Once rarer pairs have named the candidates, a common one only ranks them.
            is_common = len(owners) > COMMON and found
            for account_id in [each for each in found if each in owners] if is_common else owners:
                found[account_id] = found.get(account_id, 0.0) + worth
        for word in run[:8]:
            owners = index.words.get(word.bones, {})
            if len(owners) <= RARE:
                for account_id in owners:
                    found[account_id] = found.get(account_id, 0.0) + index.rarity(word.bones)
    bones = index.bones
    ranked = [(len(bones[key]) * WORD_COSTS - worth, key) for key, worth in found.items()]
    return [key for _worth, key in nsmallest(CANDIDATES, ranked)]


def agreement(index: Index, reading: Reading, account_id: int) -> Agreement:
    """The best agreement of any name on the line with any name of the account."""
    runs = _runs(reading)
    names = index.names.get(account_id, ())
    if not any(runs):
        return NOBODY
    cut = len(reading.line.payer) or len(reading.line.text)
    best = None
    for run in runs:
        for name in names:
            one = _compare(index, run, name, may_be_cut=cut >= CUT_FROM)
            if best is None or (_order(one) > _order(best)):
                best = one
    return best or NOBODY


def _runs(reading: Reading) -> tuple[tuple[Word, ...], ...]:
    return (reading.payer, *reading.said) if reading.payer else reading.said


def _order(one: Agreement) -> tuple[float, int]:
    return (one.worth - 1.5 * one.extra, -one.missing)


def _compare(
    index: Index, payer: tuple[Word, ...], name: tuple[Word, ...], *, may_be_cut: bool
) -> Agreement:
    left = list(name)
    matched: list[Word] = []
    worth, worst, extra, is_cut = 0.0, 1.0, 0, False
    for place, word in enumerate(payer):
        alike, other = _likest(word, left)
        if alike < APART and may_be_cut and place == len(payer) - 1 and place:
            whole = next((other for other in left if begins(word, other)), None)
            if whole:
                alike, other, is_cut = BEGUN, whole, True
        if alike < APART:
            extra += 1
            continue
        left.remove(other)
        matched.append(other)
        worst = min(worst, 1.0 if alike == BEGUN else alike)
        worth += alike * index.rarity(other.bones)
    if not _in_order(matched, name):
        worst = min(worst, MISSPELT)  # أحمد محمود is not محمود أحمد
    kind = _kind(len(matched), extra=extra, missing=len(left), worst=worst, is_cut=is_cut)
    said = tuple(word.plain for word in matched)
    return Agreement(kind, said, worth, extra, len(left))


def _in_order(matched: list[Word], name: tuple[Word, ...]) -> bool:
    rest = iter(name)
    return all(word in rest for word in matched)


def _likest(word: Word, others: list[Word]) -> tuple[float, Word]:
    if word in others:
        return SAME, word
    best, found = 0.0, word
    for other in others:
        alike = likeness(word, other)
        if alike > best:
            best, found = alike, other
    return best, found


def _kind(matched: int, *, extra: int, missing: int, worst: float, is_cut: bool) -> str:
    if matched == 1 and not extra and not missing and not is_cut and worst >= SPELT:
        return FULL
    if matched < 2 or extra > 1 or (extra and missing > 1):
        return OTHER
    if extra or worst <= MISSPELT:
        return NEAR
    if not missing and not is_cut:
        return FULL if worst >= SPELT else NEAR
    return CUT if is_cut or missing == 0 else PART
