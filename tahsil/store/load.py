"""Tables to columns as of a date: the book as every rule of the core takes it.

One statement per table. Few accounts come through Django's cursor, inside its transaction; the
whole portfolio through ADBC, batch by batch, added up here: never in SQL, where SQLite is slow
and PostgreSQL answers in numeric. The columns are book.py, what follows from them standing.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

from tahsil.core.book import cover
from tahsil.core.book.categories import CATEGORIES
from tahsil.core.grammar.columns import positions_of
from tahsil.core.resolve.promises import Receipts
from tahsil.store import fetch
from tahsil.store.book import (
    Accounts,
    Attempts,
    Book,
    Cases,
    Holds,
    Obligations,
    Papers,
    Promises,
)
from tahsil.store.fetch import Source, Table

REMEMBERED = timedelta(days=400)  # how far back attempts matter to a ladder
_GAP = re.compile(r"\[([^\]]+)\]")
_CODES = {category.code: at for at, category in enumerate(CATEGORIES)}


def book(
    *,
    as_of: date,
    account_ids: Iterable[int] | None = None,
    known_at: datetime | None = None,
    source: Source | None = None,
) -> Book:
    """The book of these accounts, or of all, as of the date and as known at the instant."""
    if source is not None:
        return _Loader(source, as_of, account_ids, known_at).book()
    if account_ids is not None:
        return _Loader(fetch.Cursor(), as_of, account_ids, known_at).book()
    with fetch.whole() as found:
        return _Loader(found, as_of, None, known_at).book()


def promise_receipts(source: Source, *, as_of: date) -> Receipts:
    """Money that came in on accounts with an open promise, since it was made, not taken back."""
    loader = _Loader(source, as_of, None, None)
    found = loader.source.table(
        loader.filled(_FOR_PROMISES),
        {"account_id": "int", "value_on": "date", "amount_minor": "int"},
    )
    return Receipts(**found)


class _Gaps(NamedTuple):
    """What one loader puts into the gaps of its statements."""

    vendor: str
    known: str
    mine: str

    def fill(self, gap: re.Match[str]) -> str:
        """What belongs in [day], [long ago], [covering], [known:alias], [mine:column], [a date]."""
        name, _, about = gap[1].partition(":")
        if name == "mine":
            return self.mine.format(column=about)
        if name == "known":
            return self.known.format(alias=about)
        if name in ("day", "long ago"):
            return f"%({name.replace(' ', '_')})s"
        if name == "covering":
            return ", ".join(f"'{state}'" for state in cover.OF_STATE)
        return fetch.day(name, self.vendor)


@lru_cache(maxsize=64)
def _filled(sql: str, gaps: _Gaps) -> str:
    return _GAP.sub(gaps.fill, sql)


class _Loader:
    """Asks one source for every table, under one date, one instant and one set of accounts."""

    def __init__(
        self,
        source: Source,
        as_of: date,
        account_ids: Iterable[int] | None,
        known_at: datetime | None,
    ) -> None:
        self.as_of = as_of
        self.words: dict[str, tuple[str, ...]] = {}
        said: dict[str, date | int] = {"day": as_of, "long_ago": as_of - REMEMBERED}
        known = "" if known_at is None else fetch.literal(known_at, source.vendor)
        mine = ""
        if account_ids is not None:
            ids = sorted({int(account_id) for account_id in account_ids})
            mine = f"AND {{column}} IN ({', '.join(map(str, ids)) or 'NULL'})"
            if len(ids) == 1:
                said["account"], mine = ids[0], "AND {column} = %(account)s"
        self.source = source.saying(**said)
        is_known = f"AND {{alias}}recorded_at <= {known}" if known else ""
        self.gaps = _Gaps(source.vendor, is_known, mine)

    def book(self) -> Book:
        """Each table in turn; the order is that of what is needed to place the next."""
        (newest,) = self.ask("SELECT COALESCE(MAX(id), 0) FROM store_event", newest="int")
        accounts = self.accounts()
        obligations = self.obligations()
        return Book(
            self.as_of,
            accounts,
            obligations,
            self.received(accounts),
            self.holds(),
            self.promises(),
            self.attempts(),
            self.papers(),
            self.cases(),
            self.words,
            int(newest[0]),
        )

    def ask(self, sql: str, **wants: str) -> list[np.ndarray]:
        """The columns of one statement; words met are kept for the book."""
        found = self.source.table(self.filled(sql), wants)
        self.words.update(found.words)
        return list(found.values())

    def filled(self, sql: str) -> str:
        """The statement with dates, scope and the instant of knowledge put in."""
        return _filled(sql, self.gaps)

    def accounts(self) -> Accounts:
        return Accounts(
            *self.ask(
                "SELECT id, creditor_id, COALESCE(project_id, -1), COALESCE(collector_id, -1), "
                "party_id, currency, product, next_step, [next_step_on], "
                "COALESCE(CAST(next_step_at AS varchar(8)), '') "
                "FROM store_account WHERE 1 = 1 [mine:id] ORDER BY id",
                id="int", creditor_id="int", project_id="int", collector_id="int", party_id="int",
                currency="word", product="word", step="word", step_on="date", step_at="word",
            )
        )  # fmt: skip

    def obligations(self) -> Obligations:
        found = self.source.table(
            self.filled(
                "SELECT id, account_id, COALESCE(contract_id, -1), category, amount_minor, "
                "[due_on], raised_on FROM store_obligation "
                "WHERE raised_on <= [day] [known:] [mine:account_id]"
            ),
            {
                "id": "int", "account_id": "int", "contract_id": "int", "category": "word",
                "amount_minor": "int", "due_on": "date", "raised_on": "date",
            },
        )  # fmt: skip
        _sort(found)
        place = _Places(found["id"])
        self.date_by_events(found, place)
        self.adjust(found, place)
        codes = np.asarray([_CODES.get(word, -1) for word in found.words["category"]], np.int64)
        return Obligations(
            found["id"],
            found["account_id"],
            found["contract_id"],
            codes[found["category"]].astype(np.int16),
            found["due_on"],
            found["raised_on"],
            found["amount_minor"],
            self.paid(place),
            self.disputed(place),
        )

    def date_by_events(self, found: Table, place: _Places) -> None:
        """Lines that waited for an event get the date it gave them."""
        ids, due_on = self.ask(
            "SELECT d.obligation_id, d.due_on FROM store_obligationdue d "
            "JOIN store_obligation o ON o.id = d.obligation_id "
            "WHERE d.effective_on <= [day] [known:d.] [mine:o.account_id]",
            obligation_id="int",
            due_on="date",
        )
        at, is_known = place.of(ids)
        found["due_on"][at] = due_on[is_known]

    def adjust(self, found: Table, place: _Places) -> None:
        """Amounts become what the adjustments up to the date leave of them."""
        ids, amounts = self.ask(
            "SELECT obligation_id, amount_minor FROM store_adjustment "
            "WHERE effective_on <= [day] [known:] [mine:account_id]",
            obligation_id="int",
            amount_minor="int",
        )
        at, is_known = place.of(ids)
        np.add.at(found["amount_minor"], at, amounts[is_known])

    def paid(self, place: _Places) -> np.ndarray:
        """Per obligation what is allocated to it by the date, undone allocations taken off."""
        paid = np.zeros(place.size, dtype=np.int64)
        for batch in self.source.batches(
            self.filled(
                "SELECT obligation_id, amount_minor FROM store_allocation "
                "WHERE effective_on <= [day] [known:] [mine:account_id]"
            ),
            {"obligation_id": "int", "amount_minor": "int"},
        ):
            at, is_known = place.of(batch["obligation_id"])
            np.add.at(paid, at, batch["amount_minor"][is_known])
        return paid

    def disputed(self, place: _Places) -> np.ndarray:
        """Per obligation what is contested on the date."""
        ids, amounts = self.ask(
            "SELECT obligation_id, amount_minor FROM store_dispute WHERE opened_on <= [day] "
            "AND (closed_on IS NULL OR closed_on > [day]) [mine:account_id]",
            obligation_id="int",
            amount_minor="int",
        )
        disputed = np.zeros(place.size, dtype=np.int64)
        at, is_known = place.of(ids)
        np.add.at(disputed, at, amounts[is_known])
        return disputed

    def received(self, accounts: Accounts) -> np.ndarray:
        """Per account what came in by the date and was not taken back by then."""
        received = np.zeros(len(accounts), dtype=np.int64)
        wants = {"account_id": "int", "amount_minor": "int"}
        for sign, sql in ((1, _RECEIPTS), (-1, _REVERSED)):
            for batch in self.source.batches(self.filled(sql), wants):
                at = positions_of(batch["account_id"], accounts.id)
                np.add.at(received, at, sign * batch["amount_minor"])
        return received

    def holds(self) -> Holds:
        return Holds(
            *self.ask(
                "SELECT account_id, kind, since_on, until_on FROM store_hold "
                "WHERE since_on <= [day] [mine:account_id] ORDER BY account_id, since_on",
                account_id="int", hold="word", since_on="date", until_on="date",
            )
        )  # fmt: skip

    def promises(self) -> Promises:
        return Promises(
            *self.ask(
                "SELECT id, account_id, amount_minor, made_on, promised_on, [judged_on], "
                "CASE WHEN judged_on > [day] THEN 'open' ELSE state END FROM store_promise "
                "WHERE made_on <= [day] [mine:account_id] ORDER BY account_id, id",
                id="int", account_id="int", amount_minor="int", made_on="date",
                promised_on="date", judged_on="date", promise="word",
            )
        )  # fmt: skip

    def attempts(self) -> Attempts:
        account_id, on, is_contact = self.ask(
            "SELECT account_id, effective_on, "
            "CASE WHEN level IN ('right_party', 'third_party') THEN 1 ELSE 0 END "
            "FROM store_attempt WHERE effective_on > [long ago] AND effective_on <= [day] "
            "[mine:account_id]",
            account_id="int", effective_on="date", is_contact="int",
        )  # fmt: skip
        return Attempts(account_id, on, is_contact.astype(bool))

    def papers(self) -> Papers:
        found = self.source.table(
            self.filled(
                "SELECT i.id, i.account_id, COALESCE(i.contract_id, -1), "
                "COALESCE(l.amount_minor, i.amount_minor), [matures_on], [bounced_on], "
                # Where it stood on the day: what the first move after it found.
                "COALESCE((SELECT m.before FROM store_instrumentmove m "
                "WHERE m.instrument_id = i.id AND m.effective_on > [day] "
                "ORDER BY m.effective_on, m.id LIMIT 1), i.state), i.kind, "
                "COALESCE(l.obligation_id, -1) FROM store_instrument i "
                "LEFT JOIN store_instrumentline l ON l.instrument_id = i.id "
                "WHERE (i.state IN ([covering]) OR i.bounced_on IS NOT NULL OR EXISTS ("
                "SELECT 1 FROM store_instrumentmove m "
                "WHERE m.instrument_id = i.id AND m.effective_on > [day])) [mine:i.account_id]"
            ),
            {
                "id": "int", "account_id": "int", "contract_id": "int", "amount_minor": "int",
                "matures_on": "date", "bounced_on": "date", "state": "word", "kind": "word",
                "line_id": "int",
            },
        )  # fmt: skip
        self.take_paid(found, found.pop("id"))
        state, kind = found.pop("state"), found.pop("kind")
        will_bounce = found["bounced_on"] > np.datetime64(self.as_of, "D")
        stands = _covers(found.words["state"], found.words["kind"])
        return Papers(**found, cover=stands[state, kind, will_bounce.astype(np.int64)])

    def take_paid(self, found: Table, paper_id: np.ndarray) -> None:
        """Of papers the bank paid in part, only the rest is left to cover anything."""
        ids, parts = self.ask(_PARTS, instrument_id="int", paid_minor="int")
        if len(ids):
            known, at = np.unique(ids, return_inverse=True)
            paid = np.zeros(len(known) + 1, dtype=np.int64)  # the last: of all others nothing
            np.add.at(paid, at, parts)
            near = np.searchsorted(known, paper_id)
            is_known = known[np.minimum(near, len(known) - 1)] == paper_id
            found["amount_minor"] = cover.less_paid(
                paper_id, found["line_id"], found["amount_minor"],
                paid[np.where(is_known, near, -1)],
            )  # fmt: skip

    def cases(self) -> Cases:
        return Cases(
            *self.ask(
                "SELECT id, account_id, rung, [rung_since_on] FROM store_case "
                "WHERE opened_on <= [day] "
                "AND (closed_on IS NULL OR closed_on > [day]) [mine:account_id] "
                "ORDER BY account_id",
                id="int", account_id="int", rung="word", rung_since_on="date",
            )
        )  # fmt: skip


_RECEIPTS = (
    "SELECT account_id, amount_minor FROM store_receipt "
    "WHERE value_on <= [day] [known:] [mine:account_id]"
)
_FOR_PROMISES = (
    "SELECT r.account_id, r.value_on, r.amount_minor FROM store_promise p "
    "JOIN store_receipt r ON r.account_id = p.account_id AND r.value_on >= p.made_on "
    "LEFT JOIN store_reversal v ON v.receipt_id = r.id AND v.effective_on <= [day] "
    "WHERE p.state = 'open' AND r.kind = 'money' AND r.value_on <= [day] AND v.id IS NULL"
)
_PARTS = (
    "SELECT p.instrument_id, p.paid_minor FROM store_presentment p "
    "JOIN store_instrument i ON i.id = p.instrument_id "
    "LEFT JOIN store_reversal v ON v.receipt_id = p.receipt_id AND v.effective_on <= [day] "
    "WHERE p.result = 'partial' AND p.answered_on <= [day] AND v.id IS NULL [mine:i.account_id]"
)
_REVERSED = (
    "SELECT r.account_id, r.amount_minor FROM store_reversal v "
    "JOIN store_receipt r ON r.id = v.receipt_id "
    "WHERE v.effective_on <= [day] AND r.value_on <= [day] [known:v.] [mine:r.account_id]"
)


def _covers(states: tuple[str, ...], kinds: tuple[str, ...]) -> np.ndarray:
    """Where a paper stands, by state, kind, and whether it will bounce after the date."""
    every = product(states, kinds, (False, True))
    found = [cover.cover_of(state, kind, will_bounce=will) for state, kind, will in every]
    return np.asarray(found, dtype=np.int64).reshape(len(states), len(kinds), 2)


class _Places:
    """Where each obligation stands in its columns, found by its id."""

    def __init__(self, ids: np.ndarray) -> None:
        self.size = len(ids)
        self.low = int(ids.min()) if self.size else 0
        span = int(ids.max()) - self.low + 1 if self.size else 0
        self.is_dense = span <= 8 * self.size
        if self.is_dense:
            self.table = np.full(span, -1, dtype=np.int32)
            self.table[ids - self.low] = np.arange(self.size, dtype=np.int32)
        else:
            self.order = np.argsort(ids, kind="stable")
            self.sorted = ids[self.order]

    def of(self, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The places of the ids that are there, and a mask of which of the wanted those are."""
        if not self.size:
            return np.zeros(0, np.int64), np.zeros(len(wanted), bool)
        if self.is_dense:
            at = wanted - self.low
            inside = (at >= 0) & (at < len(self.table))
            place = self.table[np.where(inside, at, 0)]
            is_known = inside & (place >= 0)
            return place[is_known], is_known
        at = np.minimum(np.searchsorted(self.sorted, wanted), self.size - 1)
        is_known = self.sorted[at] == wanted
        return self.order[at[is_known]], is_known


def _sort(found: Table) -> None:
    """Puts the rows in the order of accounts, which most tables already have."""
    account_id = found["account_id"]
    if (account_id[1:] >= account_id[:-1]).all():
        return
    order = np.argsort(account_id, kind="stable")
    for name in found:
        found[name] = found[name][order]
