"""Keys of invented names, part by part: the same parts come again in thousands of names.

What is said here of a whole name is what core/grammar/names.py and store/search.py say of it; a
test holds them together.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tahsil.core.grammar import names
from tahsil.store import search

# A space inside one part, such as in Abdel Rahman and El Naggar, parts nothing.
_PART = re.compile(r"(?<!\bAbdel)(?<!\bEl)(?<!\bAl)(?<!عبد) ")


def name_key(name: str) -> str:
    """The name's key, as the grammar makes it."""
    found = [word for part in _PART.split(name) for word in _key(part).split()]
    return " ".join(sorted(found))


def words(name: str) -> set[str]:
    """The words a search index keeps of the name."""
    found: set[str] = set()
    for part in _PART.split(name):
        found |= _words(part)
    return found


@lru_cache(maxsize=8_192)
def _key(part: str) -> str:
    return names.name_key(part)


@lru_cache(maxsize=8_192)
def _words(part: str) -> frozenset[str]:
    bones = {search.SKELETON + bone for bone in search.bones(part)}
    return frozenset(search.name_words(part) | bones)
