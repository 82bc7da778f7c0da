"""How alike two words of names are, across spellings and across scripts.

Words meet by their consonants (grammar/names.py); the vowels between them then speak for or
against: علي is Ali and not Alaa, سمير is Samir and not Samar. Arabic writes long vowels only, so
a vowel that one side does not write says nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tahsil.core.grammar.names import fold, skeleton
from tahsil.core.resolve.matching.vowels import agree, alphabet
from tahsil.core.resolve.matching.words import ARTICLES, FILLERS

SAME, SPELT, APART, MISSPELT, BEGUN = 1.0, 0.95, 0.5, 0.75, 0.9

_WORD = re.compile(r"[ऀ-ॿ]+|[^\W\d_]+(?:['’`][^\W\d_]+)*|[\d/|:;+()#*]")
_SERVANT = re.compile(r"abd(?:[aeiou]+[lr]?)?|عبد(?:ال)?")  # Abdel Rahman, Abdurrahman, عبدالرحمن

_ALLAH = frozenset(("الله", "له", "allah", "ullah", "illah", "llah", "lah"))


class Word(NamedTuple):
    """A word of a name: as folded, and its consonants."""

    plain: str
    bones: str


_ABD = Word("abd", "bd")


def words(name: str) -> tuple[Word, ...]:
    """The words of a name in order, without titles, articles and what banks add."""
    return tuple(word for each in _WORD.findall(fold(name)) for word in _parts(each))


def runs(plain: str) -> tuple[tuple[Word, ...], ...]:
    """The runs of words of a folded text that may be names: numbers and fillers end a run."""
    found: list[list[Word]] = [[]]
    for each in _WORD.findall(plain):
        parts = _parts(each)
        if parts:
            found[-1].extend(parts)
        elif found[-1] and each not in ARTICLES:
            found.append([])
    return tuple(tuple(run) for run in found if run)


@lru_cache(maxsize=65536)
def _parts(plain: str) -> tuple[Word, ...]:
    if plain in FILLERS or plain in ARTICLES or len(plain) < 2 or not plain[0].isalpha():
        return ()
    if plain in _ALLAH:
        return (Word("allah", "allah"),)
    servant = _SERVANT.match(plain)
    if servant:
        rest = plain[servant.end() :]
        return (_ABD, *(_parts(rest) if len(rest) > 1 else ()))
    if len(plain) > 5 and plain.startswith("el") and plain[2] in "aeiou":
        plain = plain[2:]  # Elattar
    bones = skeleton(plain).replace(" ", "")
    is_bare = not bones and set(plain) <= set("aeiouyh")  # Aya
    return (Word(plain, bones or "h"),) if bones or is_bare else ()


@lru_cache(maxsize=262144)
def likeness(one: Word, other: Word) -> float:
    """From 0 to 1: the same word, the same differently spelt, a slip of the pen, or another."""
    if one.plain == other.plain:
        return SAME
    if one.bones == other.bones:
        return SPELT if agree(one.plain, other.plain) else APART
    if alphabet(one.plain) != alphabet(other.plain):
        if _written_apart(one, other) or _written_apart(other, one):
            return SPELT
        one, other = Word(one.bones, ""), Word(other.bones, "")
    shorter = min(len(one.plain), len(other.plain))
    return MISSPELT if shorter >= 3 and one_slip(one.plain, other.plain) else 0.0


def _written_apart(arabic: Word, latin: Word) -> bool:
    """Whether the consonants differ only as dh and th, or ث, may be read: Medhat, Osman."""
    if "dh" in latin.plain or "th" in latin.plain:
        return arabic.bones.replace("h", "", 1) == latin.bones
    return "ث" in arabic.plain and arabic.bones.replace("t", "s", 1) == latin.bones


def begins(cut: Word, whole: Word) -> bool:
    """Whether the first word is the second with its end cut off."""
    if len(cut.plain) >= 2 and whole.plain.startswith(cut.plain):
        return True
    return (
        len(cut.bones) >= 2
        and whole.bones.startswith(cut.bones)
        and alphabet(cut.plain) != alphabet(whole.plain)
    )


def one_slip(one: str, other: str) -> bool:
    """Whether one letter was changed, left out, added, or swapped with the next; or none was."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])
