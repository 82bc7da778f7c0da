"""Words of names looked up in the search index, at the same cost in a book of any size.

The index is asked for PROBED rows at most. Where a word is in more names than that and a reader
may read few of them, the names of the reader's own accounts are looked at instead.
"""

from __future__ import annotations

from functools import lru_cache

from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat
from rapidfuzz import process
from rapidfuzz.distance import Indel

from tahsil.store.models import SearchTerm, SearchWord
from tahsil.store.search import SKELETON, bones, code_key, name_words

PROBED = 2_000  # rows of the index looked at for one question
NEAR = 65  # how alike, of a hundred, a word must be to stand for a misspelt one
CODES = ("account", "contract", "unit")

Groups = list[list[str]]  # of every group one word; a word that ends in * is a beginning


def accounts(groups: Groups, condition: Q, *, most: int) -> list[int]:
    """Up to one more than so many accounts whose names have, of every group, one of its words."""
    found = _indexed(groups).filter(condition).values_list("account_id", flat=True)
    ids = list(found[: most + 1])
    if condition and len(ids) <= most and _is_common(groups):
        own = _spelt(groups).filter(condition).values_list("account_id", flat=True)
        ids = list(own[: most + 1])
    return list(dict.fromkeys(ids))


def narrowing(q: str) -> Q:
    """What narrows a list to the accounts of that name, or whose number, contract or unit begins
    so."""
    groups = [_beginnings(word) + [SKELETON + bone for bone in bones(word)]
              for word in sorted(name_words(q))]  # fmt: skip
    found = _code_ids(code_key(q))
    if groups and _is_common(groups):
        spelt = _spelt(groups).filter(account_id=OuterRef("account_id"))
        return Q(Exists(spelt)) | Q(account_id__in=found)
    if groups:
        found += _indexed(groups).values_list("account_id", flat=True)
    return Q(account_id__in=found)


def beginning(code: str, kinds: tuple[str, ...]) -> Q:
    """The terms of these kinds that are this one or begin so."""
    return Q(kind__in=kinds, term__gte=code, term__lte=code + "zzzz", term__startswith=code)


def nearest(bone: str, *, limit: int = 3) -> list[str]:
    """The skeletons some name has that are most like this one; itself, if there is one such."""
    words = _vocabulary(SearchWord.objects.aggregate(last=Max("id"))["last"] or 0)
    found = process.extract(
        bone, words, scorer=Indel.normalized_similarity, score_cutoff=NEAR / 100, limit=limit
    )
    return [word for word, _, _ in found]


@lru_cache(maxsize=2)
def _vocabulary(last: int) -> list[str]:
    """Every skeleton word of letters; `last` only keys the cache."""
    words = SearchWord.objects.filter(id__lte=last).values_list("word", flat=True)
    return [word for word in words if word.isalpha()]


def _beginnings(word: str) -> list[str]:
    return [word + "*"] if len(word) > 1 else [word]


def _code_ids(code: str) -> list[int]:
    if not any(letter.isdigit() for letter in code):
        return []
    rows = SearchTerm.objects.filter(beginning(code, CODES)).order_by("term")
    return list(rows.values_list("account_id", flat=True)[:PROBED])


def _indexed(groups: Groups) -> QuerySet[SearchTerm]:
    """The name rows with a word of every group, PROBED at most."""
    rows = SearchTerm.objects.filter(kind="name")
    if connection.vendor == "postgresql":
        asked = " & ".join("(" + " | ".join(map(_pg_word, group)) + ")" for group in groups)
        sql = (
            "SELECT id FROM store_searchterm WHERE kind = 'name' "
            "AND to_tsvector('simple', term) @@ to_tsquery('simple', %s) LIMIT %s"
        )
    else:
        asked = " AND ".join("(" + " OR ".join(map(_fts_word, group)) + ")" for group in groups)
        sql = "SELECT rowid FROM store_search WHERE store_search MATCH %s LIMIT %s"
    return rows.filter(id__in=RawSQL(sql, [asked, PROBED]))  # noqa: S611  # nosec B611


def _is_common(groups: Groups) -> bool:
    """Whether more names have these words than the index is asked for."""
    return _indexed(groups).count() >= PROBED


def _spelt(groups: Groups) -> QuerySet[SearchTerm]:
    """The name rows with a word of every group, read one by one: for few accounts."""
    rows = SearchTerm.objects.filter(kind="name").alias(
        spelt=Concat(Value(" "), "term", Value(" "))
    )
    for group in groups:
        said = Q()
        for word in group:
            said |= Q(spelt__contains=f" {word[:-1]}" if word.endswith("*") else f" {word} ")
        rows = rows.filter(said)
    return rows


def _fts_word(word: str) -> str:
    plain = word.rstrip("*").replace('"', "")
    return f'"{plain}"*' if word.endswith("*") else f'"{plain}"'


def _pg_word(word: str) -> str:
    plain = word.rstrip("*").replace("'", "").replace("\\", "")
    return f"'{plain}':*" if word.endswith("*") else f"'{plain}'"
