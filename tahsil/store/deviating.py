"""What decides whether receipts deviate, as columns: of one account, or of a period.

Of a period only the lines its receipts pay are read, and the lines due of accounts where money
waits. The rule itself is core/measure/deviations.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from tahsil.core.book.categories import bank_rule_index, category_index
from tahsil.core.grammar.columns import positions_of, sum_by
from tahsil.core.measure import deviations
from tahsil.core.measure.deviations import NONE, Book, Lines, Moves, Parts, Receipts, Terms, Wishes
from tahsil.store import fetch, policies
from tahsil.store.fetch import Source, Table
from tahsil.store.models import Receipt

EVER = date(1900, 1, 1)


@dataclass(frozen=True)
class Rule:
    """The policy in force: the terms, the days of grace by penalty rule, the words it reads."""

    terms: Terms
    grace_days: int
    said: dict[str, list[str]]

    @property
    def words(self) -> re.Pattern[str]:
        """One pattern for every word that names a category; the group's number tells which."""
        groups = ("|".join(map(re.escape, words)) for words in self.said.values())
        return re.compile("|".join(rf"(\b(?:{each})\b)" for each in groups), re.IGNORECASE)


def rule(as_of: date) -> Rule:
    """The rule in force on the date."""
    body, _ = policies.at("deviations", "default", as_of)
    return Rule(Terms(body["early_days"], body["small_ppm"]), body["grace_days"], body["said"])


def found(
    *, as_of: date, since: date | None = None, until: date | None = None,
    account_id: int | None = None,
) -> deviations.Deviations:  # fmt: skip
    """The deviations of receipts with a value date in [since, until], of one account or of all."""
    said = {"day": as_of, "since": since or EVER, "until": min(until or as_of, as_of)}
    mine = {} if account_id is None else {"account": account_id}
    book = _Reading(fetch.Cursor().saying(**said, **mine), said, account_id).book()
    return deviations.find(book, as_of=as_of, terms=rule(as_of).terms)


_GAP = re.compile(r"\[([^\]]+)\]")
_RECEIPTS = (
    "SELECT r.id, r.account_id, r.amount_minor, [r.value_on], "
    "CASE WHEN v.id IS NULL THEN 0 ELSE 1 END, CASE WHEN r.instrument = 'cheque' THEN 1 ELSE 0 END,"
    " COALESCE(b.rule, r.rule), r.reference || ' ' || r.note "
    "FROM store_receipt r LEFT JOIN store_bankaccount b ON b.id = r.bank_account_id "
    "LEFT JOIN store_reversal v ON v.receipt_id = r.id AND v.effective_on <= %(day)s "
    "WHERE r.kind = 'money' AND r.value_on BETWEEN %(since)s AND %(until)s [mine:r] ORDER BY r.id"
)
_PAID = (
    "SELECT x.obligation_id FROM store_receipt y JOIN store_allocation x ON x.receipt_id = y.id "
    "WHERE y.kind = 'money' AND y.value_on BETWEEN %(since)s AND %(until)s"
)
_PARTS = (
    "SELECT a.id, a.receipt_id, a.obligation_id, a.amount_minor, [a.effective_on] "
    "FROM store_allocation a WHERE a.effective_on <= %(day)s AND [where] ORDER BY a.id"
)
_LINES = (
    "SELECT o.id, o.account_id, o.category, "
    "[CASE WHEN d.effective_on <= %(day)s THEN d.due_on ELSE o.due_on END], "
    "o.amount_minor + CAST(COALESCE((SELECT SUM(j.amount_minor) FROM store_adjustment j "
    "WHERE j.obligation_id = o.id AND j.effective_on <= %(day)s), 0) AS BIGINT), "
    "COALESCE(c.penalty, ''), CASE WHEN EXISTS (SELECT 1 FROM store_instrumentline i "
    "JOIN store_instrument p ON p.id = i.instrument_id "
    "WHERE i.obligation_id = o.id AND p.kind = 'cheque') "
    "OR EXISTS (SELECT 1 FROM store_instrument q WHERE q.account_id = o.account_id "
    "AND q.matures_on = o.due_on AND q.kind = 'cheque' "
    "AND q.amount_minor = o.amount_minor) THEN 1 ELSE 0 END "
    "FROM store_obligation o LEFT JOIN store_contract c ON c.id = o.contract_id "
    "LEFT JOIN store_obligationdue d ON d.obligation_id = o.id "
    "WHERE [where] AND o.raised_on <= %(day)s ORDER BY o.id"
)
_MOVES = (
    "SELECT v.receipt_id, MIN(t.account_id) FROM store_reversal v "
    "JOIN store_receipt r ON r.id = v.receipt_id "
    "JOIN store_receipt t ON t.reference = r.reference AND t.id > r.id "
    "AND t.amount_minor = r.amount_minor AND t.account_id <> r.account_id "
    "LEFT JOIN store_reversal w ON w.receipt_id = t.id "
    "WHERE r.reference <> '' AND w.id IS NULL AND v.effective_on <= %(day)s AND r.kind = 'money' "
    "AND r.value_on BETWEEN %(since)s AND %(until)s [mine:r] "
    "GROUP BY v.receipt_id ORDER BY v.receipt_id"
)


class _Reading:
    """Asks one source for each table in turn."""

    def __init__(self, source: Source, said: dict[str, date], account_id: int | None) -> None:
        self.source, self.said, self.account_id = source, said, account_id
        self.rule = rule(said["day"])

    def book(self) -> Book:
        """The receipts first: which lines are needed follows from them."""
        receipts = self._receipts()
        wishes = self._wishes(receipts.id)
        parts = self._parts("")
        extra = self._waiting(receipts, parts)
        if extra and self.account_id is None:
            others = self._parts(f"a.account_id IN ({_listed(extra)})")
            parts = _once(parts, others)
        lines = self._lines(extra, wishes)
        return Book(parts, receipts, lines, wishes, self._moves(receipts.id))

    def _ask(self, sql: str, wants: dict[str, str], where: str = "") -> Table:
        """The rows of a statement, its gaps filled: [where], [mine:alias], [a date]."""

        def fill(gap: re.Match[str]) -> str:
            name, _, alias = gap[1].partition(":")
            if name == "where":
                return where
            if name == "mine":
                return "" if self.account_id is None else f"AND {alias}.account_id = %(account)s"
            return fetch.day(name, self.source.vendor)

        return self.source.table(_GAP.sub(fill, sql), wants)

    def _receipts(self) -> Receipts:
        got = self._ask(
            _RECEIPTS,
            {"id": "int", "account_id": "int", "amount_minor": "int", "value_on": "date",
             "is_reversed": "int", "is_cheque": "int", "rule": "word", "said": "text"},
        )  # fmt: skip
        return Receipts(
            got["id"], got["account_id"], got["amount_minor"], got["value_on"],
            got["is_reversed"] == 1, got["is_cheque"] == 1,
            _coded(got, "rule", bank_rule_index), self._named(got["said"]),
        )  # fmt: skip

    def _named(self, texts: np.ndarray) -> np.ndarray:
        """The category each reference names; the first word counts."""
        codes = [category_index(code) for code in self.rule.said]
        words = self.rule.words
        hits = (words.search(text) for text in texts.tolist())
        named = [codes[hit.lastindex - 1] if hit and hit.lastindex else NONE for hit in hits]
        return np.asarray(named, dtype=np.int64)

    def _touched(self, column: str) -> str:
        """The condition that the receipts asked about pay the line."""
        if self.account_id is not None:
            return f"{column.partition('.')[0]}.account_id = %(account)s"
        return f"{column} IN ({_PAID})"

    def _parts(self, where: str) -> Parts:
        wants = {"id": "int", "receipt_id": "int", "obligation_id": "int",
                 "amount_minor": "int", "effective_on": "date"}  # fmt: skip
        return Parts(**self._ask(_PARTS, wants, where or self._touched("a.obligation_id")))

    def _waiting(self, receipts: Receipts, parts: Parts) -> list[int]:
        """The accounts where a receipt's money pays nothing yet."""
        mine = np.isin(parts.receipt_id, receipts.id)
        at = positions_of(parts.receipt_id[mine], receipts.id)
        paid = sum_by(at, parts.amount_minor[mine], len(receipts))
        waits = (receipts.amount_minor > paid) & ~receipts.is_reversed
        return np.unique(receipts.account_id[waits]).tolist()

    def _lines(self, accounts: list[int], wishes: Wishes) -> Lines:
        where = [self._touched("o.id")]
        if self.account_id is None and accounts:
            where.append(f"o.account_id IN ({_listed(accounts)})")
        if len(wishes):
            where.append(f"o.id IN ({_listed(np.unique(wishes.obligation_id).tolist())})")
        got = self._ask(
            _LINES,
            {"id": "int", "account_id": "int", "category": "word", "due_on": "date",
             "amount_minor": "int", "penalty": "word", "has_cheque": "int"},
            f"({' OR '.join(where)})",
        )  # fmt: skip
        return Lines(
            got["id"], got["account_id"], _coded(got, "category", category_index), got["due_on"],
            got["amount_minor"], _coded(got, "penalty", self._grace), got["has_cheque"] == 1,
        )  # fmt: skip

    def _grace(self, penalty: str) -> int:
        if penalty and penalty in policies.codes("penalty"):
            body, _ = policies.at("penalty", penalty, self.said["day"])
            return int(body.get("grace_days", 0))
        return self.rule.grace_days

    def _wishes(self, receipts: np.ndarray) -> Wishes:
        asked = Receipt.objects.filter(
            kind="money", value_on__range=(self.said["since"], self.said["until"])
        ).exclude(instruction=[])
        if self.account_id is not None:
            asked = asked.filter(account_id=self.account_id)
        rows = [
            (key, int(line), int(amount))
            for key, pairs in asked.values_list("id", "instruction").order_by("id")
            for line, amount in pairs
        ]
        kept = np.asarray(rows, dtype=np.int64).reshape(-1, 3)
        kept = kept[np.isin(kept[:, 0], receipts)]
        return Wishes(kept[:, 0], kept[:, 1], kept[:, 2])

    def _moves(self, receipts: np.ndarray) -> Moves:
        got = self._ask(_MOVES, {"receipt_id": "int", "account_id": "int"})
        known = np.isin(got["receipt_id"], receipts)
        return Moves(got["receipt_id"][known], got["account_id"][known])


def _coded(got: Table, name: str, code: Any) -> np.ndarray:
    """A column of words as the numbers the rules know them by."""
    known = [code(word) for word in got.words[name]]
    return np.asarray(known, dtype=np.int64)[got[name]] if known else got[name]


def _once(first: Parts, second: Parts) -> Parts:
    """Both tables, a row that stands in both once."""
    fresh = second.take(~np.isin(second.id, first.id))
    pairs = zip(_columns(first), _columns(fresh), strict=True)
    return Parts(*(np.concatenate(pair) for pair in pairs))


def _columns(parts: Parts) -> Iterator[np.ndarray]:
    return (getattr(parts, name) for name in Parts.names())


def _listed(ids: list[int]) -> str:
    return ", ".join(map(str, ids))
