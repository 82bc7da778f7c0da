"""Report 5.33: the sub-ledger, its lines, its ageing, our postings and the general ledger, as one.

Per creditor and currency as of a day. The first three are read by different ways and must be the
same; the postings must come to what the accounts say; the general ledger's balance is compared,
and what differs is split into causes with the postings behind each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from tahsil.core.book import journal as posting_rules
from tahsil.core.book import tie_out as rules
from tahsil.core.book.ledger_facts import Posting
from tahsil.core.book.tie_out import ENDORSED, PARTS, Seen
from tahsil.core.grammar.authority import Standing
from tahsil.core.measure import ageing as measure
from tahsil.queries import journal, journal_facts, tie_sums
from tahsil.queries import rules as in_force_rules
from tahsil.store import load, policies, scope
from tahsil.store import standing as standings
from tahsil.store.models import Account, Creditor, LedgerBalance, LedgerEntry, LedgerLoad

READ = "journal.read"
ROUNDING = 100  # minor units that no cause need explain
SHOWN = 200
Key = tuple[str, str]  # currency, part


@dataclass(frozen=True)
class TieItem:
    """A posting, or an entry of the general ledger, behind a difference."""

    cause: str
    part: str
    on: date
    happened_on: date
    entry: str
    key: str
    account_id: int
    account_number: str
    name: str
    amount_minor: int


@dataclass(frozen=True)
class TieCause:
    """How much of a difference one cause explains, and of how many postings."""

    cause: str
    amount_minor: int
    count: int


@dataclass(frozen=True)
class TiePart:
    """One part of what is owed: in the book, in our postings, in the general ledger."""

    part: str
    codes: tuple[str, ...]
    book_minor: int
    opening_minor: int  # billed by the accounts' own invoices, which postings do not tell
    posted_minor: int
    own_minor: int  # opening, postings, and what the book has ahead of them
    ledger_minor: int | None
    difference_minor: int | None
    causes: tuple[TieCause, ...]

    @property
    def is_sound(self) -> bool:
        """Whether our postings come to the book."""
        return self.own_minor == self.book_minor

    @property
    def is_open(self) -> bool:
        """Whether the general ledger differs by something no cause explains."""
        return any(each.cause == "unknown" for each in self.causes)


@dataclass(frozen=True)
class Tie:
    """One creditor in one currency: five figures that must agree, and the parts of them."""

    creditor_id: int
    creditor: str
    name: str
    currency: str
    positions_minor: int
    lines_minor: int
    ageing_minor: int
    columns: tuple[tuple[str, int], ...]
    deposits_open_minor: int  # not in the ledger before they are paid
    own_minor: int
    ledger_minor: int | None
    balance_on: date | None
    file_name: str
    parts: tuple[TiePart, ...]
    items: tuple[TieItem, ...] = field(default=())

    @property
    def is_sound(self) -> bool:
        """Whether everything of ours agrees."""
        ours = {self.positions_minor, self.lines_minor, self.ageing_minor, self.own_minor}
        return len(ours) == 1 and all(part.is_sound for part in self.parts)

    @property
    def difference_minor(self) -> int | None:
        """The general ledger less the book, over every part."""
        if self.ledger_minor is None:
            return None
        return sum(part.difference_minor or 0 for part in self.parts)

    @property
    def state(self) -> str:
        """apart (ours do not agree), unexplained, explained, unseen (no balance), tied."""
        if not self.is_sound:
            return "apart"
        if self.ledger_minor is None:
            return "unseen"
        if any(part.is_open for part in self.parts):
            return "unexplained"
        return "explained" if any(part.difference_minor for part in self.parts) else "tied"


def tie_out(
    standing: Standing, *, as_of: date, creditor_id: int | None = None, cause: str = "",
    part: str = "",
) -> tuple[Tie, ...]:  # fmt: skip
    """The tie-out of every creditor one may read whole; `items` are of that cause and part."""
    found = []
    for creditor in creditors(standing):
        if creditor_id in (None, creditor.id):
            found += _Ties(creditor, as_of, cause, part).made()
    return tuple(found)


def creditors(standing: Standing) -> list[Creditor]:
    """The creditors all of whose accounts one may read the journal of."""
    allowed = scope.condition(standing, READ)
    ours = Creditor.objects.order_by("code")
    if not allowed:  # no condition: everything
        return list(ours)
    hidden = Account.objects.exclude(allowed).values("creditor_id")
    seen = Account.objects.filter(allowed).values("creditor_id")
    return list(ours.filter(id__in=seen).exclude(id__in=hidden))


def postings(creditor_id: int, as_of: date) -> Iterator[tuple[Account, Posting]]:
    """Everything told of a creditor's accounts up to a day, under policy A."""
    days = int(policies.at("journal", "closing", as_of)[0]["days"])
    places = policies.at("journal", "A", as_of)[0]["places"]
    locks = journal_facts.locks_of([creditor_id]).get(creditor_id, [])
    ids = list(Account.objects.filter(creditor_id=creditor_id).order_by("id").values_list("id"))
    for start in range(0, len(ids), journal.AT_ONCE):
        some = [key for (key,) in ids[start : start + journal.AT_ONCE]]
        known = Account.objects.select_related("party").in_bulk(some)
        for account_id, facts in journal_facts.facts_of(some, as_of).items():
            for each in posting_rules.postings(facts, places, closing_days=days, locks=locks):
                yield known[account_id], each


def due_to_pools(creditor_id: int, currency: str, as_of: date) -> int:
    """What was collected for pools and not paid over yet."""
    told = (each for account, each in postings(creditor_id, as_of) if account.currency == currency)
    paid = (each for _creditor, code, each in journal_facts.remitted([creditor_id], as_of)
            if code == currency)  # fmt: skip
    legs = (leg for each in (*told, *paid) for leg in each.legs)
    return -sum(leg.amount_minor for leg in legs if leg.account == "due_to_pool")


def newest_load(creditor_id: int, as_of: date) -> LedgerLoad | None:
    """The balances that count on the day: of the latest day up to it, the last ones read in."""
    found = LedgerLoad.objects.filter(creditor_id=creditor_id, balance_on__lte=as_of)
    return found.exclude(balances=None).order_by("-balance_on", "-id").first()


def of_creditor(creditor: Creditor, as_of: date) -> tuple[Tie, ...]:
    """One creditor's ties, whoever asks."""
    return tuple(_Ties(creditor, as_of, "", "").made())


class _Ties:
    """One creditor's figures as they are gathered."""

    def __init__(self, creditor: Creditor, as_of: date, cause: str, part: str) -> None:
        self.creditor, self.as_of, self.cause, self.part = creditor, as_of, cause, part
        self.load = newest_load(creditor.id, as_of)
        self.seen = Seen(self.load.balance_on, self.load.recorded_at) if self.load else None
        self.chart = journal.chart(creditor.code, as_of)
        self.sums = tie_sums.sums(creditor.id, as_of)
        self.posted: dict[Key, int] = defaultdict(int)
        self.known: dict[Key, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.counts: dict[tuple[str, str, str], int] = defaultdict(int)
        self.items: dict[str, list[TieItem]] = defaultdict(list)

    def made(self) -> list[Tie]:
        """The creditor's ties, one a currency."""
        foreign = tie_sums.foreign(self.creditor.id, self.as_of)
        for account, each in postings(self.creditor.id, self.as_of):
            self._take(account, each, foreign)
        self._billed_after()
        self._foreign(foreign)
        measured = self._measured()
        return [self._tie(currency, *measured[currency]) for currency in sorted(measured)]

    def _take(self, account: Account, each: Posting, foreign: tie_sums.Foreign) -> None:
        why = rules.cause_of(each, self.as_of, self.seen)
        if not why and foreign.is_missing(each):
            why = "not_loaded"
        for part, minor in rules.amounts(each).items():
            name, cause = ("receivables", "endorsed") if part == ENDORSED else (part, why)
            if not minor:
                continue
            if part != ENDORSED and each.on <= self.as_of:
                self.posted[account.currency, name] += minor
            if cause:
                self.known[account.currency, name][cause] -= minor
                self._item(cause, name, account, each, minor)

    def _item(self, cause: str, part: str, account: Account, each: Posting, minor: int) -> None:
        self.counts[account.currency, part, cause] += 1
        if self.cause in ("", cause) and self.part in ("", part):
            kept = self.items[account.currency]
            if len(kept) < SHOWN:
                kept.append(
                    TieItem(cause, part, each.on, each.happened_on, each.entry, each.key,
                            account.id, account.number, account.party.name, minor)
                )  # fmt: skip

    def _billed_after(self) -> None:
        """What was billed between the balance's day and the day looked at."""
        if self.seen is None or self.seen.balance_on >= self.as_of:
            return
        before = tie_sums.sums(self.creditor.id, self.seen.balance_on)
        for currency, each in self.sums.items():
            was = before[currency].billed_minor if currency in before else 0
            if each.billed_minor - was:
                self.known[currency, "receivables"]["billed_after"] -= each.billed_minor - was

    def _foreign(self, foreign: tie_sums.Foreign) -> None:
        """Entries of the general ledger's accounts that are not of this book."""
        parts = {code: part for part in PARTS for code in rules.codes_of(part, self.chart)}
        for each in foreign.entries:
            part = parts.get(each.code, "")
            if not part:
                continue
            self.known[each.currency, part]["not_ours"] += each.amount_minor
            self.counts[each.currency, part, "not_ours"] += 1
            if self.cause in ("", "not_ours") and self.part in ("", part):
                self.items[each.currency].append(_entry(each, part))

    def _measured(self) -> dict[str, tuple[int, int, tuple[tuple[str, int], ...]]]:
        """Per currency the sum of positions, of the ageing report, and its columns."""
        ids = Account.objects.filter(creditor=self.creditor).values_list("id", flat=True)
        book = load.book(as_of=self.as_of, account_ids=ids)
        in_force = in_force_rules.read(self.as_of)
        position = standings.position(book, in_force)
        no_grace = np.zeros(len(book.accounts), np.int64)
        accounts = measure.Accounts(book.accounts.id, book.unapplied_minor, no_grace)
        definition = in_force.ageing("dpd_six")
        aged = measure.aged(book.obligations.lines(), accounts, definition, as_of=book.as_of)
        found = {}
        for at, currency in enumerate(book.words["currency"]):
            mine = book.accounts.currency == at
            if mine.any():
                apart = ("in_grace", "due_today", "not_due", "undated", "disputed", "unapplied")
                columns = [
                    (label, int(aged.amounts[mine, place].sum()))
                    for place, label in enumerate(definition.buckets.labels)
                ] + [(name, int(getattr(aged, f"{name}_minor")[mine].sum())) for name in apart]
                found[currency] = (int(position.balance_minor[mine].sum()),
                                   int(aged.balance_minor[mine].sum()), tuple(columns))  # fmt: skip
        return found

    def _tie(
        self, currency: str, positions: int, aged: int, columns: tuple[tuple[str, int], ...]
    ) -> Tie:
        sums = self.sums.get(currency) or tie_sums.Sums()
        parts = tuple(self._part(currency, name, sums) for name in PARTS)
        owed = [part for part in parts if part.part != "deposits"]  # a liability once paid
        seen = [part.ledger_minor for part in owed if part.ledger_minor is not None]
        load = self.load if seen else None
        return Tie(
            self.creditor.id, self.creditor.code, self.creditor.name, currency, positions,
            sums.balance_minor, aged, columns, sums.deposits_open_minor,
            sum(part.own_minor for part in owed) + sums.deposits_open_minor,
            sum(seen) + sums.deposits_open_minor if seen else None,
            load.balance_on if load else None, load.file_name if load else "",
            parts, tuple(self.items[currency]),
        )  # fmt: skip

    def _part(self, currency: str, part: str, sums: tie_sums.Sums) -> TiePart:
        known = dict(self.known[currency, part])
        book, codes = sums.parts.get(part, 0), rules.codes_of(part, self.chart)
        opening = sums.billed_minor if part == "receivables" else 0
        posted = self.posted[currency, part]
        ahead = known.get("forward", 0) + known.get("endorsed", 0)
        own = opening + posted - ahead
        ledger = self._ledger(currency, codes)
        difference = None if ledger is None else ledger - book
        causes: dict[str, int] = {}
        if difference is not None:
            known["opening"] = self._opening(currency, part, difference - sum(known.values()))
            causes = rules.split(difference, known, rounding=ROUNDING)
        return TiePart(
            part, tuple(codes), book, opening, posted, own, ledger, difference,
            tuple(TieCause(name, minor, self.counts[currency, part, name])
                  for name, minor in causes.items()),
        )  # fmt: skip

    def _ledger(self, currency: str, codes: list[str]) -> int | None:
        if self.load is None:
            return None
        rows = LedgerBalance.objects.filter(load=self.load, currency=currency)
        if not rows.exists():
            return None
        return sum(rows.filter(code__in=codes).values_list("amount_minor", flat=True))

    def _opening(self, currency: str, part: str, rest: int) -> int:
        """The part of what is left that stood there on the day balances were first read in."""
        if not rest or self.load is None:
            return 0
        return tie_sums.first_rest(self.load, currency, part, rest)


def _entry(each: LedgerEntry, part: str) -> TieItem:
    return TieItem("not_ours", part, each.booked_on, each.booked_on, "", each.reference, 0,
                   each.code, each.text, each.amount_minor)  # fmt: skip
