"""Postings: what the general ledger is told of cheques, receipts and charges (E2 to E22).

The book of accounts is the same under every posting policy; only where a paper stands in the
ledger differs, which is data: `places` names the ledger account of each state that has its own.
A state without one leaves the paper where it is. What is told is told in the order in which it
was recorded, so that nothing recorded later alters an earlier posting. Billing is not told here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from tahsil.core.book.categories import category_index, category_of
from tahsil.core.book.instruments import BY_VERB
from tahsil.core.grammar.dates import month
from tahsil.core.grammar.refusal import Refused

CUSTOMERS = "customers"
RAISED = {  # category: entry, whose debt it is, what it is income or recovery of
    "bounce_fee": ("E6b", "customers_fees", "charge_recovery"),
    "penalty": ("E15", "customers_penalty", "penalty_income"),
    "legal_cost": ("E13", "customers_costs", "cost_recovery"),
}
CERTIFIED = {"withholding": "tax_recoverable", "retention": "retentions",
             "credit_note": "credit_notes"}  # fmt: skip
ACCOUNTS = (
    "cash", "bank", "bank_maintenance", "notes_safe", "notes_bank", "notes_discounted",
    "under_collection", "returned", CUSTOMERS, "customers_fees", "customers_penalty",
    "customers_costs", "tax_recoverable", "retentions", "unapplied", "deposits", "facility",
    "suppliers", "penalty_income", "charge_recovery", "cost_recovery", "bank_charges", "waived",
    "credit_notes", "allowance",
)  # fmt: skip


class Leg(NamedTuple):
    """One side of a posting: a debit above nothing, a credit below."""

    account: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Posting:
    """One balanced entry; the same fact always gives the same key."""

    key: str
    entry: str
    on: date
    reference: str
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """One move of a paper; `lines` are what it was given for, `bank` where its money goes."""

    id: int
    on: date
    at: datetime
    paper: int
    number: str
    verb: str
    before: str
    amount_minor: int
    after: str
    lines: tuple[tuple[int, int], ...] = ()
    bank: str = "bank"
    charge_minor: int = 0
    paid_minor: int = 0


@dataclass(frozen=True, slots=True)
class Received:
    """Money in, taken back or set against lines, as recorded at once for one receipt and day.

    `source` is where the money is; a presented paper's is posted when it clears.
    """

    id: int
    on: date
    at: datetime
    key: str
    receipt: int
    number: str
    money_minor: int
    source: str
    parts: tuple[tuple[int, str, int], ...] = ()  # obligation, category, amount
    kind: str = "money"
    is_presented: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """An obligation raised, or corrected: `kind` is raised, or that of its adjustment."""

    id: int
    on: date
    at: datetime
    key: str
    category: str
    amount_minor: int
    reference: str
    kind: str = "raised"


Fact = Moved | Received | Owed
RANKS: tuple[type, ...] = (Moved, Owed, Received)  # of what is recorded at the same instant


@dataclass
class Carried:
    """Where a paper stands in the ledger, with how much, and what it clears."""

    account: str
    amount_minor: int
    lines: dict[int, int] = field(default_factory=dict)
    cleared: tuple[Leg, ...] = ()


def posted_on(on: date, recorded_on: date, *, closing_days: int) -> date:
    """The day of a posting: its own, or that of its recording where its month was closed by then.

    A month closes so many days after its end and takes nothing more.
    """
    return recorded_on if recorded_on >= closes_on(on, closing_days=closing_days) else on


def closes_on(on: date, *, closing_days: int) -> date:
    """The first day on which the month of that day is closed."""
    return month(on).until + timedelta(days=closing_days)


def postings(
    facts: Iterable[Fact], places: Mapping[str, str], *, closing_days: int
) -> Iterator[Posting]:
    """The postings of one account's facts, in the order they were recorded."""
    book = _Book(places)
    for fact in sorted(facts, key=lambda each: (each.at, RANKS.index(type(each)), each.id)):
        key, entry, reference, legs = book.told(fact)
        if merged := _merged(key, legs):
            day = posted_on(fact.on, fact.at.date(), closing_days=closing_days)
            yield Posting(f"{key}/{entry}", entry, day, reference, merged)


def _merged(key: str, legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """The legs with one amount per account, debits first; refused where they do not balance."""
    sums: dict[str, int] = {}
    for account, amount in legs:
        sums[account] = sums.get(account, 0) + amount
    if off := sum(sums.values()):
        raise Refused(
            "journal.unbalanced", "The posting of {key} is off by {off_minor}.",
            key=key, off_minor=off,
        )  # fmt: skip
    left = [Leg(account, amount) for account, amount in sums.items() if amount]
    return tuple(sorted(left, key=lambda leg: leg.amount_minor < 0))


Told = tuple[str, str, str, list[Leg]]


class _Book:
    """One account's papers in the ledger while its facts are told."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self.places = places
        self.papers: dict[int, Carried] = {}
        self.claims: dict[tuple[int, int], list[tuple[int, int]]] = {}

    def told(self, fact: Fact) -> Told:
        """The key, entry, reference and legs of one fact."""
        if isinstance(fact, Moved):
            return f"move:{fact.id}", _entry(fact.verb), fact.number, self._moved(fact)
        if isinstance(fact, Received):
            legs = self._received(fact)
            return fact.key, _entry_of(fact, legs), fact.number, legs
        entry, legs = _owed(fact)
        return fact.key, entry, fact.reference, legs

    def _moved(self, fact: Moved) -> list[Leg]:
        here = self.papers.get(fact.paper)
        if here is None:
            start = self.places.get(fact.before, CUSTOMERS)
            here = self.papers[fact.paper] = Carried(start, fact.amount_minor, dict(fact.lines))
        charge = [Leg("bank_charges", fact.charge_minor), Leg(fact.bank, -fact.charge_minor)]
        if fact.verb == "clear":
            here.cleared = (*self._cleared(here, fact), *charge)
            return list(here.cleared)
        if fact.verb == "take_back_clearing":
            return [Leg(account, -amount) for account, amount in here.cleared]
        to = self.places.get(fact.after, here.account)
        if fact.verb == "bounce_late":
            here.account, here.amount_minor = to, fact.amount_minor
            return [Leg(to, fact.amount_minor), Leg(fact.bank, -fact.amount_minor), *charge]
        paid = fact.paid_minor if fact.verb == "pay_in_part" else 0
        legs = [Leg(fact.bank, paid), Leg(here.account, -paid)]
        here.amount_minor -= paid
        legs += [Leg(to, here.amount_minor), Leg(here.account, -here.amount_minor)]
        if fact.verb in ("discount", "bounce_discounted"):
            lent = fact.amount_minor if fact.verb == "discount" else -fact.amount_minor
            legs += [Leg(fact.bank, lent), Leg("facility", -lent)]
        here.account = to
        return legs + charge

    def _cleared(self, here: Carried, fact: Moved) -> list[Leg]:
        """The bank's money frees what the paper carries; what it was paid before is a debt."""
        into = "facility" if fact.before == "discounted" else fact.bank
        return [
            Leg(into, fact.amount_minor),
            Leg(here.account, -here.amount_minor),
            Leg(CUSTOMERS, here.amount_minor - fact.amount_minor),
        ]

    def _received(self, fact: Received) -> list[Leg]:
        source = CUSTOMERS if fact.is_presented else CERTIFIED.get(fact.kind, fact.source)
        legs = [Leg(source, fact.money_minor)]
        for obligation, category, amount in fact.parts:
            target = _target(category)
            claimed = 0
            if target == CUSTOMERS and not fact.is_presented:
                claimed = self._claim(fact.receipt, obligation, amount)
            legs += [Leg("returned", -claimed), Leg(target, claimed - amount)]
        rest = fact.money_minor - sum(amount for *_, amount in fact.parts)
        return [*legs, Leg(CUSTOMERS if fact.is_presented else "unapplied", -rest)]

    def _claim(self, receipt: int, obligation: int, amount: int) -> int:
        """How much of the amount pays papers that were returned, or is taken from them again."""
        claims = self.claims.setdefault((receipt, obligation), [])
        if amount < 0:
            return -self._give_back(claims, obligation, -amount)
        claimed = 0
        for paper, here in self.papers.items():
            if here.account != "returned":
                continue
            part = min(amount - claimed, here.amount_minor, here.lines.get(obligation, 0))
            if part > 0:
                here.amount_minor -= part
                here.lines[obligation] -= part
                claims.append((paper, part))
                claimed += part
        return claimed

    def _give_back(self, claims: list[tuple[int, int]], obligation: int, amount: int) -> int:
        """A payment taken back: the paper is open again where it is still with us unpaid."""
        given = 0
        while claims and given < amount:
            paper, claimed = claims.pop()
            part = min(claimed, amount - given)
            if claimed > part:
                claims.append((paper, claimed - part))
            here = self.papers[paper]
            if here.account != "returned":
                amount -= part
                continue
            here.amount_minor += part
            here.lines[obligation] += part
            given += part
        return given


def _entry(verb: str) -> str:
    move = BY_VERB[verb]
    return move.entry or move.code


def _entry_of(fact: Received, legs: list[Leg]) -> str:
    """E20 a certificate, E9 a returned cheque paid otherwise, E18 a deposit, E17 other money."""
    if fact.kind in CERTIFIED:
        return "E20"
    touched = {account for account, amount in legs if amount}
    return "E9" if "returned" in touched else "E18" if "deposits" in touched else "E17"


def _target(category: str) -> str:
    """The ledger account in which such a debt is paid."""
    if category in RAISED:
        return RAISED[category][1]
    kind = category_of(category_index(category)).kind
    return "deposits" if kind == "deposit" else CUSTOMERS


def _owed(fact: Owed) -> tuple[str, list[Leg]]:
    """What a charge, its waiver or its writing off says; the billing of a price says nothing."""
    target = _target(fact.category)
    if fact.kind in ("waiver", "write_off"):
        entry, against = ("E16", "waived") if fact.kind == "waiver" else ("E21", "allowance")
        return entry, [Leg(against, -fact.amount_minor), Leg(target, fact.amount_minor)]
    if fact.category not in RAISED:
        return "", []
    entry, debt, income = RAISED[fact.category]
    entry = f"{entry}-" if fact.amount_minor < 0 else entry
    return entry, [Leg(debt, fact.amount_minor), Leg(income, -fact.amount_minor)]


def chart_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """The chart of accounts, complete; refused where an account the postings use is missing."""
    if missing := [name for name in ACCOUNTS if name not in body]:
        raise Refused(
            "journal.chart", "The chart of accounts does not name: {missing}.", missing=missing
        )
    return dict(body)
