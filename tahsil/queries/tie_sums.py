"""What the tie-out reads from bare tables: lines by category, and the general ledger's entries.

These sums go another way than the book's columns, so that both being wrong alike is unlikely.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Sum

from tahsil.core.book.journal import TOLD
from tahsil.core.book.ledger_facts import Posting
from tahsil.core.book.tie_out import part_of
from tahsil.store.models import (
    Adjustment,
    Allocation,
    Event,
    LedgerEntry,
    LedgerLoad,
    Obligation,
    Receipt,
    Reversal,
)

LOADED = "ledger.load"
FORGIVEN = ("waiver", "write_off")  # adjustments that the ledger is told whatever they are of
KEYS = re.compile(
    r"\b(move|receipt|reversal|allocation|obligation|adjustment|pooled|remitted)[:_](\d+)[/_]"
    r"(E\d+[ab]?-?)"
)


@dataclass
class Sums:
    """One currency of a creditor: what is owed by part, and what the accounts bill themselves."""

    parts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    billed_minor: int = 0
    deposits_open_minor: int = 0

    @property
    def balance_minor(self) -> int:
        """Open less unapplied, deposits not yet paid included."""
        deposits = self.parts.get("deposits", 0)
        return sum(self.parts.values()) - deposits + self.deposits_open_minor


def sums(creditor_id: int, as_of: date) -> dict[str, Sums]:
    """Per currency the sums of everything raised, corrected, received and set off by the day."""
    found: dict[str, Sums] = defaultdict(Sums)
    owed = Obligation.objects.filter(account__creditor_id=creditor_id, raised_on__lte=as_of)
    for currency, category, minor in _by(owed, "account__currency", "category"):
        _raise(found[currency], category, minor)
        found[currency].billed_minor += minor if _is_billed(category) else 0
    changed = Adjustment.objects.filter(
        account__creditor_id=creditor_id, effective_on__lte=as_of, obligation__raised_on__lte=as_of
    )
    for currency, category, kind, minor in _by(
        changed, "account__currency", "obligation__category", "kind"
    ):
        _raise(found[currency], category, minor)
        if _is_billed(category) and kind not in FORGIVEN:
            found[currency].billed_minor += minor
    paid = Allocation.objects.filter(account__creditor_id=creditor_id, effective_on__lte=as_of)
    for currency, category, minor in _by(paid, "account__currency", "obligation__category"):
        _raise(found[currency], category, -minor)
        if part_of(category) == "deposits":
            found[currency].parts["deposits"] -= minor
        found[currency].parts["unapplied"] += minor
    came = Receipt.objects.filter(account__creditor_id=creditor_id, value_on__lte=as_of)
    for currency, minor in _by(came, "account__currency"):
        found[currency].parts["unapplied"] -= minor
    back = Reversal.objects.filter(
        receipt__account__creditor_id=creditor_id, effective_on__lte=as_of,
        receipt__value_on__lte=as_of,
    )  # fmt: skip
    for currency, minor in _by(back, "receipt__account__currency", of="receipt__amount_minor"):
        found[currency].parts["unapplied"] += minor
    return found


def _raise(each: Sums, category: str, minor: int) -> None:
    """More is open of that category; deposits are a liability, and only once they are paid."""
    part = part_of(category)
    if part == "deposits":
        each.deposits_open_minor += minor
    else:
        each.parts[part] += minor


def _is_billed(category: str) -> bool:
    return part_of(category) == "receivables" and category not in TOLD


def _by(rows: Any, *names: str, of: str = "amount_minor") -> Any:
    return rows.order_by().values_list(*names).annotate(sum=Sum(of))


@dataclass(frozen=True)
class Foreign:
    """The newest list of the general ledger's entries: those not ours, and which of ours it has."""

    entries: tuple[LedgerEntry, ...] = ()
    keys: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None

    def is_missing(self, posting: Posting) -> bool:
        """Whether the list is of that day and does not have the posting."""
        if self.since is None or self.until is None or not self.since <= posting.on <= self.until:
            return False
        return posting.key not in self.keys


def foreign(creditor_id: int, as_of: date) -> Foreign:
    """What the newest list of entries up to the day says, by the keys its references hold."""
    loads = LedgerLoad.objects.filter(creditor_id=creditor_id, balance_on__lte=as_of)
    load = loads.exclude(entries=None).order_by("-balance_on", "-id").first()
    if load is None:
        return Foreign()
    others, keys = [], set()
    rows = list(LedgerEntry.objects.filter(load=load).order_by("id"))
    for each in rows:
        said = {_key(match) for match in KEYS.finditer(f"{each.reference} {each.text}")}
        keys |= said
        others += [] if said else [each]
    days = [each.booked_on for each in rows]
    return Foreign(tuple(others), frozenset(keys), min(days), max(days))


def _key(match: re.Match[str]) -> str:
    noun, number, entry = match.groups()
    return f"{noun}:{number}/{entry}"


def first_rest(load: LedgerLoad, currency: str, part: str, rest: int) -> int:
    """What no cause explained when balances were first read in; nothing for the first itself."""
    first = Event.objects.filter(verb=LOADED, facts__creditor_id=load.creditor_id).order_by("id")
    event = first.first()
    if event is None or event.subject == f"ledger_load:{load.id}":
        return 0
    was = int(event.facts.get("rests", {}).get(currency, {}).get(part, 0))
    if was * rest <= 0:
        return 0
    return min(was, rest, key=abs)  # some of it may be cleared by now


def history(creditor_id: int, as_of: date) -> dict[str, list[tuple[date, int]]]:
    """Per currency the difference at each day a balance was read in for, the newest last."""
    events = Event.objects.filter(
        verb=LOADED, facts__creditor_id=creditor_id, effective_on__lte=as_of
    ).order_by("effective_on", "id")
    found: dict[str, dict[date, int]] = defaultdict(dict)
    for on, facts in events.values_list("effective_on", "facts"):
        for currency, parts in facts.get("differences", {}).items():
            found[currency][on] = sum(parts.values())
    return {currency: list(days.items())[-60:] for currency, days in found.items()}
