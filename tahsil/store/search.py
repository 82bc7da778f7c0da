"""The search index: what every account can be found by, folded for comparison.

One row of an account holds all words of its parties' names: as written, and as skeletons marked
with SKELETON, so that Mohamed finds محمد. Telephones and identity numbers are kept backwards, so
that their last digits are a beginning. Receipts and cheques are found by their own tables. What
looks here is queries/search.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from tahsil.core.grammar.names import fold, name_key, script, skeleton
from tahsil.store.models import (
    Account,
    ContactPoint,
    Contract,
    ContractParty,
    Party,
    PartyName,
    SearchTerm,
    SearchWord,
)

SKELETON = "q0"  # no name begins so, and both databases keep it as one word
CHUNK = 2_000
WIDEST = 240

Terms = dict[int, set[tuple[str, str]]]


def index(account_ids: Iterable[int]) -> int:
    """These accounts are found by what they have now, and by nothing else; how many terms."""
    ids = iter(sorted(set(account_ids)))
    made = 0
    while chunk := list(islice(ids, CHUNK)):
        SearchTerm.objects.filter(account_id__in=chunk)._raw_delete("default")
        made += _write(chunk)
    return made


def index_all() -> int:
    """Every account, into an empty or stale index; how many terms."""
    return index(Account.objects.values_list("id", flat=True).iterator(chunk_size=CHUNK))


def code_key(text: str) -> str:
    """A number or code without what people leave out: B2-14/3 and b2 14 3 are one."""
    return "".join(filter(str.isalnum, fold(text)))


def backwards(text: str) -> str:
    """The digits of a telephone, or the signs of an identity number, last one first."""
    return code_key(text)[::-1]


def name_words(name: str) -> set[str]:
    """The words of a name in letters both databases keep whole; Devanagari goes by skeleton."""
    return {word for word in name_key(name).split() if script(word) in ("arab", "latn", "none")}


def bones(name: str) -> set[str]:
    """The skeletons of the words of a name."""
    return set(skeleton(name).split())


def _write(ids: list[int]) -> int:
    terms: Terms = defaultdict(set)
    words: dict[int, set[str]] = defaultdict(set)
    batches = {}
    parties: dict[int, set[int]] = defaultdict(set)
    for account_id, number, party_id, batch_id in Account.objects.filter(id__in=ids).values_list(
        "id", "number", "party_id", "batch_id"
    ):
        terms[account_id].add(("account", code_key(number)))
        parties[party_id].add(account_id)
        batches[account_id] = batch_id
    _contracts(ids, terms, parties)
    _parties(parties, terms, words)
    rows = list(_rows(terms, words, batches))
    SearchTerm.objects.bulk_create(rows, batch_size=5_000)
    every = {bone for found in words.values() for bone in found}
    _vocabulary({word[len(SKELETON) :] for word in every if word.startswith(SKELETON)})
    return len(rows)


def _contracts(ids: list[int], terms: Terms, parties: dict[int, set[int]]) -> None:
    found = Contract.objects.filter(account_id__in=ids)
    for account_id, number, unit in found.values_list("account_id", "number", "asset__code"):
        terms[account_id].add(("contract", code_key(number)))
        if unit:
            terms[account_id].add(("unit", code_key(unit)))
    parts = ContractParty.objects.filter(contract__account_id__in=ids)
    for account_id, party_id in parts.values_list("contract__account_id", "party_id"):
        parties[party_id].add(account_id)


def _parties(parties: dict[int, set[int]], terms: Terms, words: dict[int, set[str]]) -> None:
    ids = list(parties)
    for party_id, name, national_id, code in Party.objects.filter(id__in=ids).values_list(
        "id", "name", "national_id", "code"
    ):
        for account_id in parties[party_id]:
            words[account_id] |= _words(name)
            if national_id:
                terms[account_id].add(("id", backwards(national_id)))
            if code:
                terms[account_id].add(("account", code_key(code)))
    for party_id, name in PartyName.objects.filter(party_id__in=ids).values_list(
        "party_id", "name"
    ):
        for account_id in parties[party_id]:
            words[account_id] |= _words(name)
    phones = ContactPoint.objects.filter(party_id__in=ids, channel="phone", is_wrong=False)
    for party_id, value in phones.values_list("party_id", "value"):
        for account_id in parties[party_id]:
            terms[account_id].add(("phone", backwards(value)))


def _words(name: str) -> set[str]:
    return name_words(name) | {SKELETON + bone for bone in bones(name)}


def _rows(
    terms: Terms, words: dict[int, set[str]], batches: Mapping[int, int | None]
) -> Iterator[SearchTerm]:
    for account_id, found in terms.items():
        for kind, term in sorted(found):
            if term:
                yield _term(account_id, kind, term, batches)
        for line in _lines(sorted(words[account_id])):
            yield _term(account_id, "name", line, batches)


def _term(account_id: int, kind: str, term: str, batches: Mapping[int, int | None]) -> SearchTerm:
    return SearchTerm(
        account_id=account_id, kind=kind, term=term[:WIDEST], batch_id=batches[account_id]
    )


def _lines(words: list[str]) -> Iterator[str]:
    """The words in as few rows as their width allows; one row for all but crowds."""
    line = ""
    for word in words:
        if line and len(line) + len(word) + 1 > WIDEST:
            yield line
            line = ""
        line = f"{line} {word}".strip()
    if line:
        yield line


def _vocabulary(found: set[str]) -> None:
    """Words no name had before are kept, so that a misspelt one finds them."""
    short = sorted(word for word in found if len(word) <= 60)
    for start in range(0, len(short), 900):
        part = short[start : start + 900]
        known = set(SearchWord.objects.filter(word__in=part).values_list("word", flat=True))
        new = [SearchWord(word=word) for word in part if word not in known]
        SearchWord.objects.bulk_create(new, ignore_conflicts=True)
