"""Postings: what the general ledger is told of cheques, receipts and charges (E2 to E22).

The book of accounts is the same under every posting policy; only where a paper stands in the
ledger differs, which is data: `places` names the ledger account of each state that has its own.
A state without one leaves the paper where it is. What is told is told in the order in which it
was recorded, so that nothing recorded later alters an earlier posting. Billing is not told here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tahsil.core.book.categories import REFUND, category_index, category_of
from tahsil.core.book.instruments import BY_VERB
from tahsil.core.book.ledger_facts import (
    Leg,
    Lock,
    Moved,
    Owed,
    Pooled,
    Posting,
    Received,
    posted_on,
)
from tahsil.core.grammar.refusal import Refused

CUSTOMERS = "customers"
RAISED = {  # category: entry, whose debt it is, what it is income or recovery of
    "bounce_fee": ("E6b", "customers_fees", "charge_recovery"),
    "penalty": ("E15", "customers_penalty", "penalty_income"),
    "legal_cost": ("E13", "customers_costs", "cost_recovery"),
    "termination_deduction": ("E19", CUSTOMERS, "cancellation_income"),
}
TOLD = (*RAISED, REFUND)  # the categories whose raising is told; billing is the accounts' own
CERTIFIED = {"withholding": "tax_recoverable", "retention": "retentions",
             "credit_note": "credit_notes"}  # fmt: skip
ACCOUNTS = (
    "cash", "bank", "bank_maintenance", "notes_safe", "notes_bank", "notes_discounted",
    "under_collection", "returned", CUSTOMERS, "customers_fees", "customers_penalty",
    "customers_costs", "tax_recoverable", "retentions", "unapplied", "deposits", "facility",
    "suppliers", "penalty_income", "charge_recovery", "cost_recovery", "bank_charges", "waived",
    "credit_notes", "allowance", "finance_cost", "sold", "due_to_pool", "cancellation_income",
)  # fmt: skip


Fact = Moved | Pooled | Received | Owed
COLLECTED = ("clear", "pay_in_part", "bounce_late", "take_back_clearing")  # the bank's money moves
RANKS: tuple[type, ...] = (Moved, Pooled, Owed, Received)  # of what is recorded at the same instant


@dataclass
class Carried:
    """Where a paper stands in the ledger, with how much, and what it cleared by which money."""

    account: str
    amount_minor: int
    lines: dict[int, int] = field(default_factory=dict)
    cleared: tuple[Leg, ...] = ()
    paid_minor: int = 0
    charge_minor: int = 0
    lent_minor: int | None = None
    is_pooled: bool = False


def postings(
    facts: Iterable[Fact],
    places: Mapping[str, str],
    *,
    closing_days: int,
    locks: Sequence[Lock] = (),
) -> Iterator[Posting]:
    """The postings of one account's facts, in the order they were recorded."""
    book = _Book(places)
    for fact in sorted(facts, key=lambda each: (each.at, RANKS.index(type(each)), each.id)):
        key, entry, reference, legs = book.told(fact)
        if merged := _merged(key, legs):
            day = posted_on(fact.on, fact.at, closing_days=closing_days, locks=locks)
            yield Posting(f"{key}/{entry}", entry, day, reference, merged, fact.on, fact.at)


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
            legs = self._moved(fact)
            here = self.papers[fact.paper]
            is_e22 = here.is_pooled and fact.verb in COLLECTED
            return f"move:{fact.id}", "E22" if is_e22 else _entry(fact.verb), fact.number, legs
        if isinstance(fact, Pooled):
            return fact.key, "E11", fact.number, self._pooled(fact)
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
        legs = self._told(here, fact)
        if here.is_pooled and fact.verb in COLLECTED:
            money = sum(leg.amount_minor for leg in legs if leg.account == fact.bank)
            legs += [Leg("sold", money), Leg("due_to_pool", -money)]
        charge = -here.charge_minor if fact.verb == "take_back_clearing" else fact.charge_minor
        here.charge_minor = fact.charge_minor
        return [*legs, Leg("bank_charges", charge), Leg(fact.bank, -charge)]

    def _pooled(self, fact: Pooled) -> list[Leg]:
        """The price of a paper that a pool bought; what it collects is owed to the pool."""
        here = self.papers.get(fact.paper)
        if here is None:
            here = self.papers[fact.paper] = Carried(CUSTOMERS, fact.amount_minor)
        here.is_pooled = True
        price = fact.amount_minor - fact.cost_minor
        return [Leg(fact.bank, price), Leg("finance_cost", fact.cost_minor),
                Leg("sold", -fact.amount_minor)]  # fmt: skip

    def _told(self, here: Carried, fact: Moved) -> list[Leg]:
        if fact.verb == "clear":
            here.cleared = tuple(self._cleared(here, fact))
            here.paid_minor = fact.paid_minor
            return list(here.cleared)
        # Money taken back before, by a reversal of its own, is owed by the customer already.
        before = here.paid_minor - fact.paid_minor
        if fact.verb == "take_back_clearing":
            undone = [Leg(account, -amount) for account, amount in here.cleared]
            return [*undone, Leg(fact.bank, before), Leg(CUSTOMERS, -before)]
        to = self.places.get(fact.after, here.account)
        if fact.verb == "bounce_late":
            here.account, here.amount_minor = to, here.paid_minor
            taken = [Leg(fact.bank, -fact.paid_minor), Leg(CUSTOMERS, -before)]
            return [Leg(to, here.paid_minor), *taken]
        paid = fact.paid_minor if fact.verb == "pay_in_part" else 0
        legs = [Leg(fact.bank, paid), Leg(here.account, -paid)]
        here.amount_minor -= paid
        legs += [Leg(to, here.amount_minor), Leg(here.account, -here.amount_minor)]
        if fact.verb == "discount":
            here.lent_minor = fact.lent_minor
            got = fact.lent_minor - fact.cost_minor
            legs += [Leg(fact.bank, got), Leg("finance_cost", fact.cost_minor),
                     Leg("facility", -fact.lent_minor)]  # fmt: skip
        if fact.verb == "bounce_discounted":
            lent = _lent(here, fact)
            legs += [Leg("facility", lent), Leg(fact.bank, -lent)]
        here.account = to
        return legs

    def _cleared(self, here: Carried, fact: Moved) -> list[Leg]:
        """The bank's money frees what the paper carries; what was paid otherwise is a debt."""
        repaid = _lent(here, fact) if fact.before == "discounted" else 0
        return [
            Leg("facility", repaid),
            Leg(fact.bank, fact.paid_minor - repaid),
            Leg(here.account, -here.amount_minor),
            Leg(CUSTOMERS, here.amount_minor - fact.paid_minor),
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
        return [*legs, Leg("unapplied", -rest)]

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


def _lent(here: Carried, fact: Moved) -> int:
    """What the bank gave for the paper; all of it where that was before this book began."""
    return fact.amount_minor if here.lent_minor is None else here.lent_minor


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
    if target == "deposits":  # a liability once it is paid, nothing before
        return "", []
    if fact.category == REFUND:
        entry = "E19" if fact.amount_minor > 0 else "E19-"
        return entry, [Leg(CUSTOMERS, fact.amount_minor), Leg(fact.source, -fact.amount_minor)]
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
