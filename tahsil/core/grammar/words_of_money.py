"""Amounts in words, as documents say them beside the figures: Arabic, English and Hindi.

Distinct amounts of a currency have distinct words. What is said around them ("only") belongs to
the document. The grammar of each language is in its own module.
"""

from __future__ import annotations

from tahsil.core.grammar import words_arabic, words_english, words_hindi
from tahsil.core.grammar.money import AMOUNT_MAX, decimal_text, scale
from tahsil.core.grammar.refusal import Refused

LANGUAGES = {"ar": words_arabic, "en": words_english, "hi": words_hindi}


def in_words(minor: int, currency: str, language: str) -> str:
    """The amount in words of that language; a currency it does not know keeps its code."""
    grammar = LANGUAGES[language]
    if abs(minor) > AMOUNT_MAX:
        raise Refused("money.too_large", "{text} is larger than any amount kept here.",
                      text=decimal_text(minor, currency))  # fmt: skip
    whole, rest = divmod(abs(minor), 10 ** scale(currency))
    said = [grammar.money(whole, currency)] if whole or not rest else []
    if rest:
        said.append(grammar.minor(rest, currency))
    words = grammar.AND.join(said)
    return f"{grammar.MINUS} {words}" if minor < 0 else words
