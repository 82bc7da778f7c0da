"""Search: one box for names in either script, telephones, ids, units, contracts, receipts, cheques.

The words it looks among are written by store/search.py. A misspelt name is tried as the nearest
words that some name has; numbers are found exactly or by their last digits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection
from django.db.models import BooleanField, Max, Q, QuerySet
from django.db.models.expressions import RawSQL
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from tahsil.core.grammar.authority import Reach, Standing
from tahsil.core.grammar.names import fold, name_key, skeleton
from tahsil.queries import masks, parties
from tahsil.store import scope
from tahsil.store.models import (
    Account,
    Contract,
    Instrument,
    Receipt,
    SearchTerm,
    SearchWord,
)
from tahsil.store.search import SKELETON, backwards, bones, code_key, name_words

READ = "account.read"
CANDIDATES = 60  # names compared closely at most
DIGITS = 4  # so many of a telephone's last digits find it
NEAR = 65  # how alike, of a hundred, a word must be to stand for a misspelt one
SURE = {
    "account": 99,
    "contract": 97,
    "receipt": 96,
    "cheque": 95,
    "unit": 94,
    "phone": 93,
    "id": 92,
}
BEGINNING = 20  # a code that only begins so is so much less sure
GUESS = 15
LIKE_ENOUGH = 60  # a guessed name less like what was asked is not shown


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
    found = _Found(standing)
    code = code_key(q)
    if any(letter.isdigit() for letter in code):
        found.by_code(q.strip(), code)
        if len(code) >= DIGITS and sum(map(str.isdigit, code)) * 3 >= len(code) * 2:
            found.by_digits(code)
    guessed: tuple[str, ...] = ()
    if any(letter.isalpha() for letter in fold(q)) and len(found.best) < limit:
        guessed = found.by_name(q)
    ranked = sorted(found.best.items(), key=lambda each: (-each[1].score, each[0]))
    shown = ranked[:limit]
    return SearchResult(
        q=q,
        hits=tuple(_hits(standing, dict(shown), as_of)),
        is_more=len(ranked) > limit or found.is_cut,
        guessed=guessed,
    )


@dataclass(frozen=True)
class _Match:
    """How one account was found."""

    kind: str
    matched: str
    score: int
    is_guess: bool = False


class _Found:
    """The best match of each account so far; every query is narrowed to what may be read."""

    def __init__(self, standing: Standing) -> None:
        self.condition = scope.condition(standing, READ, "account__")
        self.best: dict[int, _Match] = {}
        self.is_cut = False

    def add(self, account_id: int, match: _Match) -> None:
        known = self.best.get(account_id)
        if known is None or known.score < match.score:
            self.best[account_id] = match

    def by_code(self, text: str, code: str) -> None:
        """Account, contract and unit by the whole code or its beginning; receipts and cheques."""
        kinds = Q(kind__in=("account", "contract", "unit"))
        begins = Q(term__gte=code, term__lte=code + "zzzz", term__startswith=code)
        for account_id, kind, term in self.terms(kinds & (Q(term=code) | begins)):
            less = 0 if term == code else BEGINNING
            self.add(account_id, _Match(kind, text if not less else term, SURE[kind] - less))
        receipts = Receipt.objects.filter(
            self.condition, number__in={text, text.upper(), fold(text)}
        )
        for account_id, number in receipts.values_list("account_id", "number")[:CANDIDATES]:
            self.add(account_id, _Match("receipt", number, SURE["receipt"]))
        cheques = Instrument.objects.filter(self.condition, number__in=_cheque_numbers(text))
        for account_id, number in cheques.values_list("account_id", "number")[:CANDIDATES]:
            self.add(account_id, _Match("cheque", number, SURE["cheque"]))

    def by_digits(self, code: str) -> None:
        """Telephones and identity numbers by all or their last digits, in any format."""
        tail = backwards(code.lstrip("0") or code)
        where = Q(kind__in=("phone", "id"), term__gte=tail, term__startswith=tail)
        if (end := _after(tail)) is not None:
            where &= Q(term__lt=end)
        for account_id, kind, term in self.terms(where):
            # The more of the number was given, the surer.
            share = len(tail) * BEGINNING // len(term)
            self.add(account_id, _Match(kind, term[::-1], SURE[kind] - BEGINNING + share))

    def terms(self, where: Q) -> Iterable[tuple[int, str, str]]:
        found = SearchTerm.objects.filter(where).filter(self.condition)
        rows = list(found.values_list("account_id", "kind", "term")[: CANDIDATES + 1])
        self.is_cut = self.is_cut or len(rows) > CANDIDATES
        return rows[:CANDIDATES]

    def by_name(self, q: str) -> tuple[str, ...]:
        """Names as written, then by skeleton, then by the nearest words; which words were used."""
        self.compare(q, self.matching([(word, True) for word in sorted(name_words(q))]))
        wanted = sorted(bones(q))
        if len(self.best) < CANDIDATES:
            self.compare(q, self.matching([(SKELETON + bone, False) for bone in wanted]))
        if self.best or not wanted:
            return ()
        near = [nearest(bone) for bone in wanted]
        used = [[SKELETON + bone for bone in found] for found in near]
        self.compare(q, self.matching_any(used), is_guess=True)
        return tuple(found[0] for found in near if found) if self.best else ()

    def matching(self, words: list[tuple[str, bool]]) -> list[int]:
        """Accounts whose names have all these words, or begin so where told."""
        return self.matching_any([[word + ("*" if begins else "")] for word, begins in words])

    def matching_any(self, groups: list[list[str]]) -> list[int]:
        """Accounts that have, of every group, one of its words; a group of none is passed over."""
        wanted = [group for group in groups if group]
        if not wanted:
            return []
        found = _full_text(wanted).filter(self.condition)
        ids = list(found.values_list("account_id", flat=True)[: CANDIDATES + 1])
        self.is_cut = self.is_cut or len(ids) > CANDIDATES
        return list(dict.fromkeys(ids[:CANDIDATES]))

    def compare(self, q: str, ids: list[int], *, is_guess: bool = False) -> None:
        """How like what was asked each account's names are, of a hundred."""
        fresh = [each for each in ids if each not in self.best]
        for account_id, names in _names(fresh).items():
            score, name = max((_likeness(q, name), name) for name in names)
            if is_guess and score < LIKE_ENOUGH:
                continue
            less = GUESS if is_guess else 0
            self.add(account_id, _Match("name", name, max(score - less, 1), is_guess))


def nearest(bone: str, *, limit: int = 3) -> list[str]:
    """The skeletons some name has that are most like this one; itself, if there is one such."""
    words = _vocabulary(SearchWord.objects.aggregate(last=Max("id"))["last"] or 0)
    found = process.extract(
        bone, words, scorer=Indel.normalized_similarity, score_cutoff=NEAR / 100, limit=limit
    )
    return [word for word, _, _ in found]


@lru_cache(maxsize=2)
def _vocabulary(last: int) -> list[str]:
    """Every skeleton word; `last` only keys the cache."""
    return list(SearchWord.objects.filter(id__lte=last).values_list("word", flat=True))


def _full_text(groups: list[list[str]]) -> QuerySet[SearchTerm]:
    """The name rows with a word of every group; a word that ends in * is a beginning."""
    rows = SearchTerm.objects.filter(kind="name")
    if connection.vendor == "postgresql":
        asked = " & ".join(
            "(" + " | ".join(_pg_word(word) for word in group) + ")" for group in groups
        )
        sql = "to_tsvector('simple', store_searchterm.term) @@ to_tsquery('simple', %s)"
        return rows.filter(RawSQL(sql, [asked], output_field=BooleanField()))  # noqa: S611  # nosec B611
    asked = " AND ".join(
        "(" + " OR ".join(_fts_word(word) for word in group) + ")" for group in groups
    )
    sql = "SELECT rowid FROM store_search WHERE store_search MATCH %s"
    return rows.filter(id__in=RawSQL(sql, [asked]))  # noqa: S611  # nosec B611


def _fts_word(word: str) -> str:
    plain = word.rstrip("*").replace('"', "")
    return f'"{plain}"*' if word.endswith("*") else f'"{plain}"'


def _pg_word(word: str) -> str:
    plain = word.rstrip("*").replace("'", "").replace("\\", "")
    return f"'{plain}':*" if word.endswith("*") else f"'{plain}'"


def _after(digits: str) -> str | None:
    """The first text of digits beyond all that begin so; none where there is none."""
    plain = digits.rstrip("9")
    if not plain or not plain[-1].isdigit():
        return None
    return plain[:-1] + str(int(plain[-1]) + 1)


def _cheque_numbers(text: str) -> set[str]:
    """The number as given, and with its zeros lost or found again."""
    plain = fold(text)
    if not plain.isdigit():
        return {text, plain}
    bare = plain.lstrip("0")
    return {text, plain, bare, *(bare.zfill(width) for width in (6, 7, 8, 9, 10, 12))}


def _names(ids: list[int]) -> dict[int, list[str]]:
    """Per account the names of its debtor and of everybody with a part in a contract."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Account.objects.filter(id__in=ids)
    for path in ("party__name", "party__names__name", "contracts__parties__party__name"):
        for account_id, name in rows.values_list("id", path):
            if name and name not in found[account_id]:
                found[account_id].append(name)
    return found


def _likeness(q: str, name: str) -> int:
    """How like the two are: the words they share, as heard and as written, and the whole."""
    heard = fuzz.token_set_ratio(skeleton(q), skeleton(name))
    written = fuzz.token_set_ratio(name_key(q), name_key(name))
    whole = fuzz.ratio(skeleton(q), skeleton(name))
    return round((7 * max(written, heard) + written + 2 * whole) / 10)


def _hits(standing: Standing, found: dict[int, _Match], as_of: date) -> list[SearchHit]:
    rows = Account.objects.select_related("party", "project", "collector", "standing")
    known = rows.in_bulk(list(found))
    others = parties.other_names([row.party_id for row in known.values()])
    units: dict[int, list[str]] = defaultdict(list)
    contracts = Contract.objects.filter(account_id__in=list(found), asset__isnull=False)
    for account_id, unit in contracts.values_list("account_id", "asset__code"):
        units[account_id].append(unit)
    return [
        _hit(standing, known[each], match, others, units[each], as_of)
        for each, match in found.items()
    ]


def _hit(
    standing: Standing,
    row: Account,
    match: _Match,
    others: dict[int, str],
    units: list[str],
    as_of: date,
) -> SearchHit:
    cached = getattr(row, "standing", None)
    oldest = cached.oldest_due_on if cached else None
    return SearchHit(
        account_id=row.id,
        number=row.number,
        name=row.party.name,
        name_other=others.get(row.party_id, ""),
        project=row.project.name if row.project else "",
        units=", ".join(units),
        currency=row.currency,
        overdue_minor=cached.overdue_minor if cached else 0,
        dpd=max((as_of - oldest).days, 0) if oldest else 0,
        kind=match.kind,
        matched=_masked(standing, row, match),
        score=match.score,
        is_guess=match.is_guess,
        collector=row.collector.name if row.collector else "",
    )


def _masked(standing: Standing, row: Account, match: _Match) -> str:
    if match.kind not in ("phone", "id"):
        return match.matched
    team = row.collector.team_id if row.collector else None
    projects = frozenset({row.project_id} if row.project_id else ())
    reach = Reach(row.collector_id, team, projects, row.creditor_id)
    if match.kind == "id":
        return masks.identity(match.matched, is_open=False)
    return masks.point("phone", f"+{match.matched}", is_open=masks.may_call(standing, reach))
