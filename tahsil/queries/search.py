"""Search: one box for names in either script, telephones, ids, units, contracts, receipts, cheques.

The words it looks among are written by store/search.py. A misspelt name is tried as the nearest
words that some name has; numbers are found exactly or by their last digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tahsil.core.grammar.authority import Standing


@dataclass(frozen=True)
class SearchHit:
    """One account found: `kind` says what matched (name, phone, id, unit, contract, account,
    receipt, cheque), `matched` the value in its own writing, masked by role.

    `is_guess`: a name was spelt otherwise than asked.
    """

    account_id: int
    number: str
    name: str
    name_other: str
    project: str
    units: str
    currency: str
    overdue_minor: int
    dpd: int
    kind: str
    matched: str
    score: int
    is_guess: bool
    collector: str


@dataclass(frozen=True)
class SearchResult:
    """The best hits first; `guessed` are the name words used instead of the ones asked."""

    q: str
    hits: tuple[SearchHit, ...]
    is_more: bool
    guessed: tuple[str, ...]


def search(standing: Standing, q: str, *, as_of: date, limit: int = 20) -> SearchResult:
    """The accounts this person may read that match, the surest match first."""
    raise NotImplementedError
