"""What an account can be found by: names as skeletons, telephone, identity, unit, contract.

Receipts and cheques are found by their own numbers. The words of all names stand once each in the
vocabulary from which a misspelt one is guessed.
"""

from __future__ import annotations

import numpy as np

from tahsil.core.grammar.names import skeleton
from tahsil.run.demo.rows import first_id
from tahsil.run.demo.writing import Pen, account_numbers
from tahsil.store.models import SearchTerm, SearchWord


def index(pen: Pen) -> None:
    """Every account of the draft can be found."""
    owner, kind, term = _terms(pen)
    pen.put(
        SearchTerm, len(term), id=first_id(SearchTerm) + np.arange(len(term)), account_id=owner,
        kind=kind, term=term,
    )  # fmt: skip
    words = {word for k, t in zip(kind, term, strict=True) if k == "name" for word in t.split()}
    known = set(SearchWord.objects.filter(word__in=words).values_list("word", flat=True)) if (
        len(words) < 900
    ) else set(SearchWord.objects.values_list("word", flat=True))  # fmt: skip
    fresh = sorted(words - known)
    pen.put(SearchWord, len(fresh), id=first_id(SearchWord) + np.arange(len(fresh)), word=fresh)


def _terms(pen: Pen) -> tuple[list[int], list[str], list[str]]:
    draft = pen.draft
    party = draft["accounts"]["party"]
    ids = (pen.firsts.account + np.arange(draft.count("accounts"))).tolist()
    people = {name: draft["parties"][name][party].tolist() for name in draft["parties"]}
    contracts = draft["contracts"]
    of_contract = (pen.firsts.account + contracts["account"]).tolist()
    parts = [
        (ids, "name", [skeleton(name) for name in people["name"]]),
        (ids, "name", [skeleton(name) if name else "" for name in people["other"]]),
        (ids, "phone", [phone.lstrip("+") for phone in people["phone"]]),
        (ids, "id", people["national_id"]),
        (ids, "account", account_numbers(draft)),
        (of_contract, "unit", [_bare(unit) for unit in contracts["unit"]]),
        (of_contract, "contract", [_bare(number) for number in contracts["number"]]),
    ]
    rows = sorted(
        {
            (account, kind, term)
            for owners, kind, terms in parts
            for account, term in zip(owners, terms, strict=True)
            if term
        }
    )
    owner, kind, term = zip(*rows, strict=True)
    return list(owner), list(kind), list(term)


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
