"""Layouts: which field each column of a list feeds, and which kind of list it is.

A column is matched by its whole heading first, then by the longest word the heading contains.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tahsil.adapters.sheets.fields import CODES, LAYOUTS
from tahsil.adapters.sheets.shape import Field, Layout
from tahsil.core.grammar.names import fold

__all__ = [
    "CODES",
    "LAYOUTS",
    "Field",
    "Layout",
    "detect",
    "field_of",
    "heading",
    "match",
    "vocabulary",
    "words_of",
]

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SIGNS = re.compile(r"[^\w#%\u0900-\u097f]+")


@lru_cache(maxsize=8192)
def heading(text: str) -> str:
    """The heading to compare by: folded, camelCase parted, signs and articles off."""
    words = _SIGNS.sub(" ", fold(_CAMEL.sub(" ", text))).replace("_", " ").split()
    return " ".join(words)


@lru_cache(maxsize=64)
def words_of(layout: str) -> dict[str, str]:
    """Heading to field of a layout; word order does not matter, for headers of two rows."""
    found: dict[str, str] = {}
    for field in LAYOUTS[layout].fields:
        for word in field.words.split("|"):
            found.setdefault(heading(word), field.name)
            found.setdefault(" ".join(sorted(heading(word).split())), field.name)
    return found


@lru_cache(maxsize=1)
def vocabulary() -> frozenset[str]:
    """Every heading any layout knows."""
    return frozenset(word for layout in LAYOUTS for word in words_of(layout))


@lru_cache(maxsize=8192)
def field_of(text: str, layout: str) -> tuple[str, float] | None:
    """The field that a heading names, and how surely: 1 for the whole heading, less for a part."""
    wanted = heading(text)
    known = words_of(layout)
    name = known.get(wanted) or known.get(" ".join(sorted(wanted.split())))
    if name:
        return name, 1.0
    padded = f" {wanted} "
    parts = [word for word in known if len(word) > 2 and f" {word} " in padded]
    if not parts:
        return None
    best = max(parts, key=len)
    return known[best], 0.3 + 0.6 * len(best) / max(len(wanted), 1)


def match(headings: list[str], layout: str) -> tuple[dict[int, str], float]:
    """Field per column, each field once, surest first; and how well the layout fits, 0 to 1."""
    found = []
    for column, text in enumerate(headings):
        if text and (hit := field_of(text, layout)):
            found.append((-hit[1], column, hit[0]))
    columns: dict[int, str] = {}
    taken: dict[str, float] = {}
    for sure, column, name in sorted(found):
        if name not in taken:
            columns[column] = name
            taken[name] = -sure
    return columns, _fit(taken, LAYOUTS[layout], sum(1 for text in headings if text))


def _fit(taken: dict[str, float], layout: Layout, columns: int) -> float:
    needed = [field.name for field in layout.fields if field.need]
    if any(name not in taken for name in needed):
        return 0.0
    keys = [field.name for field in layout.fields if field.key]
    had = sum(taken.get(name, 0.0) for name in keys) / len(keys)
    used = sum(taken.values()) / max(columns, 1)
    return round(0.6 * had + 0.4 * used, 4)


def detect(headings: list[str]) -> tuple[str | None, float]:
    """The layout that fits these headings best, and how well; none below a third."""
    scores = {name: match(headings, name)[1] for name in LAYOUTS}
    best = max(scores, key=lambda name: scores[name])
    return (best, scores[best]) if scores[best] >= 0.33 else (None, scores[best])
