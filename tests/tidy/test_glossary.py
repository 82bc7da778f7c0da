"""The glossary's forbidden words stand in no identifier and no sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tidy.test_sizes import FILES, ROOT

NEVER = re.compile(
    r"\b\w*(installment|dunning|customer_id|goodwill|aged_bucket)\w*\b|\baging\b", re.IGNORECASE
)
SCREENS = sorted((ROOT / "tahsil").rglob("*.html"))
# What a source file calls a column is the source's word, not ours.
SOURCES = {"fields.py", "layouts.py", "words.py", "header.py"}


def words_of(path: Path) -> list[str]:
    return sorted({found.group(0) for found in NEVER.finditer(path.read_text(encoding="utf-8"))})


@pytest.mark.parametrize("path", [*FILES, *SCREENS], ids=lambda path: str(path.relative_to(ROOT)))
def test_our_words_only(path):
    if path.name in SOURCES:
        pytest.skip("holds the words of source files")
    assert words_of(path) == []


def test_the_glossary_names_them_all():
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    for word in ("installment", "dunning", "customer_id", "aging"):
        assert word in text.split("## Never used")[1]
