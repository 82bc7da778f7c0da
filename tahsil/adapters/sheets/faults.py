"""The sentences an import can say about a cell, a row or a sheet, in English and Arabic.

Facts in braces are filled in when the sentence is shown.
"""

from __future__ import annotations

from typing import Any

from tahsil.core.grammar.refusal import say

SENTENCES: dict[str, tuple[str, str]] = {}


def sentence(code: str, facts: dict[str, Any], language: str = "en") -> str:
    """The sentence of this code in this language, with its facts."""
    english, arabic = SENTENCES[code]
    return say(arabic if language == "ar" else english, facts)
