"""Credits that are nobody's payment: own transfers, interest, salaries, refunds and the like."""

from __future__ import annotations

from functools import lru_cache

from tahsil.core.grammar.names import fold
from tahsil.core.resolve.matching.reading import Reading
from tahsil.core.resolve.matching.rows import Evidence
from tahsil.core.resolve.matching.sentences import saying
from tahsil.core.resolve.matching.words import PURPOSES


def purpose(reading: Reading) -> tuple[str, Evidence] | None:
    """What the text says the money is, if not a debtor's payment; and the words that say so."""
    said = f" {' '.join(token.text for token in reading.tokens)} "
    for name, phrases in PURPOSES.items():
        for phrase in phrases:
            if _spaced(phrase) in said:
                return name, saying("purpose", words=phrase)
    return None


@lru_cache(maxsize=1024)
def _spaced(phrase: str) -> str:
    return f" {fold(phrase)} "
