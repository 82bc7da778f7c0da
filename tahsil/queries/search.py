"""Search: one box for names in either script, telephones, ids, units, contracts, receipts, cheques.

The words it looks among are written by store/search.py. A misspelt name is tried as the nearest
words that some name has; numbers are found exactly or by their last digits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from rapidfuzz import fuzz

from tahsil.core.grammar.authority import Reach, Standing
from tahsil.core.grammar.names import fold, name_key, skeleton
from tahsil.queries import masks, parties, search_words
from tahsil.queries.ledger import Row
from tahsil.store import scope
from tahsil.store.models import Account, Contract, Instrument, Receipt, SearchTerm
from tahsil.store.prepared import Prepared
from tahsil.store.search import SKELETON, backwards, bones, code_key, name_words

READ = "account.read"
CANDIDATES = 60  # names compared closely at most
TAILS = ("phone", "id")  # kept backwards
DIGITS = 4  # so many of a telephone's last digits find it
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
        for account_id, kind, term in self.terms(search_words.beginning(code, search_words.CODES)):
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
        for account_id, kind, term in self.terms(search_words.beginning(tail, TAILS)):
            # The more of the number was given, the surer.
            share = len(tail) * BEGINNING // len(term)
            self.add(account_id, _Match(kind, term[::-1], SURE[kind] - BEGINNING + share))

    def terms(self, where: Q) -> Iterable[tuple[int, str, str]]:
        """The rows of the index, the whole code first; probed, where few may be read."""
        found = SearchTerm.objects.filter(where)
        if self.condition:
            probed = found.order_by("term").values("id")[: search_words.PROBED]
            found = SearchTerm.objects.filter(self.condition, id__in=probed)
        rows = list(
            found.order_by("term").values_list("account_id", "kind", "term")[: CANDIDATES + 1]
        )
        self.is_cut = self.is_cut or len(rows) > CANDIDATES
        return rows[:CANDIDATES]

    def by_name(self, q: str) -> tuple[str, ...]:
        """Names as written, those that begin so, by skeleton, by the nearest words: which ones."""
        words = sorted(name_words(q))
        wanted = sorted(bones(q))
        for groups in (
            [[word] for word in words],
            [[word + "*"] if len(word) > 1 else [word] for word in words],
            [[SKELETON + bone] for bone in wanted],
        ):
            if len(self.best) < CANDIDATES:
                self.compare(q, self.matching(groups))
        if self.best or not wanted:
            return ()
        near = [search_words.nearest(bone) for bone in wanted]
        self.compare(
            q,
            self.matching([[SKELETON + bone for bone in found] for found in near]),
            is_guess=True,
        )
        return tuple(found[0] for found in near if found) if self.best else ()

    def matching(self, groups: list[list[str]]) -> list[int]:
        """Accounts that have, of every group, one of its words; a group of none is passed over."""
        wanted = [group for group in groups if group]
        if not wanted:
            return []
        ids = search_words.accounts(wanted, self.condition, most=CANDIDATES)
        self.is_cut = self.is_cut or len(ids) > CANDIDATES
        return ids[:CANDIDATES]

    def compare(self, q: str, ids: list[int], *, is_guess: bool = False) -> None:
        """How like what was asked each account's names are, of a hundred."""
        fresh = [each for each in ids if each not in self.best]
        for account_id, names in _names(fresh).items():
            score, name = max((_likeness(q, name), name) for name in names)
            if is_guess and score < LIKE_ENOUGH:
                continue
            less = GUESS if is_guess else 0
            self.add(account_id, _Match("name", name, max(score - less, 1), is_guess))


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
    for statement in (_debtors, _spellings, _partners):
        for row in statement.rows(ids=ids):
            if row["said"] and row["said"] not in found[row["id"]]:
                found[row["id"]].append(row["said"])
    return found


@Prepared
def _debtors(ids: list[int]) -> QuerySet:
    return Account.objects.filter(id__in=ids).values("id", said=F("party__name"))


@Prepared
def _spellings(ids: list[int]) -> QuerySet:
    return Account.objects.filter(id__in=ids).values("id", said=F("party__names__name"))


@Prepared
def _partners(ids: list[int]) -> QuerySet:
    rows = Account.objects.filter(id__in=ids)
    return rows.values("id", said=F("contracts__parties__party__name"))


def _likeness(q: str, name: str) -> int:
    """How like the two are: the words they share, as heard and as written, and the whole."""
    heard = fuzz.token_set_ratio(skeleton(q), skeleton(name))
    written = fuzz.token_set_ratio(name_key(q), name_key(name))
    whole = fuzz.ratio(skeleton(q), skeleton(name))
    return round((7 * max(written, heard) + written + 2 * whole) / 10)


def _hits(standing: Standing, found: dict[int, _Match], as_of: date) -> list[SearchHit]:
    ids = list(found)
    known = {row["id"]: row for row in _accounts.rows(ids=ids)}
    others = parties.other_names([row["party_id"] for row in known.values()])
    units: dict[int, list[str]] = defaultdict(list)
    for row in _units.rows(ids=ids):
        units[row["account_id"]].append(row["unit"])
    return [
        _hit(standing, known[each], match, others, units[each], as_of)
        for each, match in found.items()
    ]


@Prepared
def _accounts(ids: list[int]) -> QuerySet:
    return Account.objects.filter(id__in=ids).values(
        "id", "number", "currency", "party_id", "project_id", "creditor_id", "collector_id",
        name=F("party__name"), project_name=F("project__name"),
        collector_name=F("collector__name"), team_id=F("collector__team_id"),
        overdue_minor=F("standing__overdue_minor"), oldest_due_on=F("standing__oldest_due_on"),
    )  # fmt: skip


@Prepared
def _units(ids: list[int]) -> QuerySet:
    found = Contract.objects.filter(account_id__in=ids, asset__isnull=False).order_by("id")
    return found.values("account_id", unit=F("asset__code"))


def _hit(
    standing: Standing,
    row: Row,
    match: _Match,
    others: dict[int, str],
    units: list[str],
    as_of: date,
) -> SearchHit:
    oldest = row["oldest_due_on"]
    return SearchHit(
        account_id=row["id"],
        number=row["number"],
        name=row["name"],
        name_other=others.get(row["party_id"], ""),
        project=row["project_name"] or "",
        units=", ".join(units),
        currency=row["currency"],
        overdue_minor=row["overdue_minor"] or 0,
        dpd=max((as_of - oldest).days, 0) if oldest else 0,
        kind=match.kind,
        matched=_masked(standing, row, match),
        score=match.score,
        is_guess=match.is_guess,
        collector=row["collector_name"] or "",
    )


def _masked(standing: Standing, row: Row, match: _Match) -> str:
    if match.kind not in TAILS:
        return match.matched
    if match.kind == "id":
        return masks.identity(match.matched, is_open=False)
    projects = frozenset({row["project_id"]} if row["project_id"] else ())
    reach = Reach(row["collector_id"], row["team_id"], projects, row["creditor_id"])
    return masks.point("phone", f"+{match.matched}", is_open=masks.may_call(standing, reach))
