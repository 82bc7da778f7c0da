"""Whether the vowels of two words with the same consonants let them be one name.

علي is Ali and not Alaa, سمير is Samir and not Samar, محمود is Mahmoud and not Mohamed. Arabic
writes long vowels only: one written there must be heard in Latin, and a long one in Latin be
written there.
"""

from __future__ import annotations

import re
from functools import lru_cache

ARABIC = 6  # the block of its letters

_PAIR = re.compile(r"([bcdgjkpst])h|ck")
_DOUBLE = re.compile(r"([^aeiou])\1+")
_ARTICLE = re.compile(r"^(?:al|el)(?=[bcdfghjklmnpqrstvwxz]\w{2})")
_KINDS = {
    **dict.fromkeys("aاه", "A"), **dict.fromkeys("iy", "I"), **dict.fromkeys("ouwو", "U"),
    "e": "AI", "ي": "I",
}  # fmt: skip
_LONG = ("ee", "ei", "ey", "ai", "ay", "aa", "oo", "ou")


def alphabet(plain: str) -> int:
    """The block of letters a word is written in."""
    return ord(plain[0]) >> 8


def agree(one: str, other: str) -> bool:
    """Whether two words of the same consonants may be one name."""
    if alphabet(one) == alphabet(other):
        # One Arabic name is written in one way: سعيد is not سيد.
        return alphabet(one) != ARABIC and _spelt_alike(_gaps(one), _gaps(other))
    if alphabet(other) == ARABIC:
        one, other = other, one
    if alphabet(one) != ARABIC:
        return True
    return _sound_alike(_gaps(one), _gaps(other))


@lru_cache(maxsize=65536)
def _gaps(plain: str) -> tuple[str, ...]:
    """The vowels as written before, between and after the consonants."""
    if alphabet(plain) == ARABIC:
        plain = plain[2:] if plain.startswith("ال") and len(plain) > 4 else plain
        plain = f"{plain[:-1]}ع" if plain.endswith("ح") else plain  # Saleh
    else:
        plain = _ARTICLE.sub("", plain)
        plain = _PAIR.sub(lambda found: found.group()[0], plain)
        plain = _DOUBLE.sub(r"\1", plain)
        plain = plain[:-1] if plain.endswith("h") else plain
    found = [""]
    for place, letter in enumerate(plain):
        is_vowel = letter in _KINDS and (place or letter not in "wyو")
        if letter == "ه":
            is_vowel = place == len(plain) - 1
        if letter == "ع" or is_vowel:
            found[-1] += letter
        elif letter not in "'’`":
            found.append("")
    return tuple(found)


def _spelt_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Two Latin spellings: what both write has a vowel in common, and both end alike."""
    if len(one) != len(other):  # an h inside, which some write and some do not
        return True
    if bool(one[-1]) != bool(other[-1]):  # Samir, Samira
        return False
    return all(
        not a or not b or "e" in a + b or _kinds(a) & _kinds(b)
        for a, b in zip(one, other, strict=True)
    )


def _sound_alike(arabic: tuple[str, ...], latin: tuple[str, ...]) -> bool:
    if len(arabic) != len(latin):
        return True
    last = len(arabic) - 1
    return all(
        _one_sound(a, b, place, is_last=place == last)
        for place, (a, b) in enumerate(zip(arabic, latin, strict=True))
        if place  # which vowel begins a word, Arabic does not say
    )


def _one_sound(arabic: str, latin: str, place: int, *, is_last: bool) -> bool:
    long = arabic.replace("ع", "")
    if not long:
        if "ع" in arabic:
            return True
        if is_last:
            return latin in ("", "e", "o", "u")
        return place == 1 or not latin.startswith(_LONG)  # Mourad, Mounir
    if is_last and not latin:
        return long == "و"  # Amr
    if is_last and long == "ي" and latin == "a":
        return True  # منى
    return bool(_kinds(long) & _kinds(latin))


@lru_cache(maxsize=4096)
def _kinds(vowels: str) -> set[str]:
    return set("".join(_KINDS.get(vowel, "") for vowel in vowels))
