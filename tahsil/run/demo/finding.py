"""What an account can be found by, by columns: the rows store/search.py would write, faster.

A test holds the two against each other, row by row.
"""

from __future__ import annotations

import numpy as np

from tahsil.run.demo import keys
from tahsil.run.demo.rows import first_id
from tahsil.run.demo.writing import Pen, account_numbers
from tahsil.store import search
from tahsil.store.models import SearchTerm, SearchWord


def index(pen: Pen) -> None:
    """Every account of the draft can be found."""
    rows, bones = _terms(pen)
    owner, kind, term = zip(*rows, strict=True)
    pen.put(
        SearchTerm, len(rows), id=first_id(SearchTerm) + np.arange(len(rows)), account_id=owner,
        kind=kind, term=term,
    )  # fmt: skip
    known = set(SearchWord.objects.values_list("word", flat=True))
    fresh = sorted(bones - known)
    pen.put(SearchWord, len(fresh), id=first_id(SearchWord) + np.arange(len(fresh)), word=fresh)


def _terms(pen: Pen) -> tuple[list[tuple[int, str, str]], set[str]]:
    """The rows in the order of accounts, and the skeletons of every name."""
    draft, contracts = pen.draft, pen.draft["contracts"]
    sold: list[list[int]] = [[] for _ in range(draft.count("accounts"))]
    for at, account in enumerate(contracts["account"].tolist()):
        sold[account].append(at)
    people, rows, bones = draft["parties"], [], set()
    numbers = account_numbers(draft)
    for account, party in enumerate(draft["accounts"]["party"].tolist()):
        names = (people["name"][party], people["other"][party])
        known = keys.words(names[0]) | keys.words(names[1])
        bones |= known
        found = {
            ("account", search.code_key(numbers[account])),
            ("id", search.backwards(people["national_id"][party])),
            ("phone", search.backwards(people["phone"][party])),
            *(("contract", search.code_key(contracts["number"][at])) for at in sold[account]),
            *(("unit", search.code_key(contracts["unit"][at])) for at in sold[account]),
        }
        owner = pen.firsts.account + account
        rows += [(owner, kind, term) for kind, term in sorted(found) if term]
        rows.append((owner, "name", " ".join(sorted(known))))
    mark = len(search.SKELETON)
    return rows, {word[mark:] for word in bones if word.startswith(search.SKELETON)}
