"""Tie-out: the parts of what customers owe, which ledger accounts hold each, why they differ.

A part's book is what the accounts of customers say on a day; its ledger is what postings came
to; the general ledger's balance is read in. Each difference is split into its causes, the
largest known first taken off, and what no cause explains is left named as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tahsil.core.book.categories import category_index, category_of
from tahsil.core.book.journal import CUSTOMERS, RAISED
from tahsil.core.book.ledger_facts import Posting

PARTS: dict[str, tuple[str, ...]] = {
    "receivables": (CUSTOMERS, "notes_safe", "notes_bank", "notes_discounted", "under_collection",
                    "returned"),
    "fees": ("customers_fees",),
    "penalties": ("customers_penalty",),
    "costs": ("customers_costs",),
    "unapplied": ("unapplied",),
    "deposits": ("deposits",),
}  # fmt: skip
PART_OF = {account: part for part, accounts in PARTS.items() for account in accounts}
ENDORSED = "suppliers"  # a paper given to a supplier is still owed in the book
CAUSES = (
    "forward", "endorsed", "after_balance", "billed_after", "told_later", "not_loaded", "not_ours",
    "opening", "rounding", "unknown",
)  # fmt: skip


def part_of(category: str) -> str:
    """The part in which debts of that category stand."""
    if category in RAISED:
        return PART_OF[RAISED[category][1]]
    kind = category_of(category_index(category)).kind
    return "deposits" if kind == "deposit" else "receivables"


@dataclass(frozen=True)
class Seen:
    """When the general ledger was looked at: its balance's day, and when that was read in."""

    balance_on: date
    recorded_at: datetime


def cause_of(posting: Posting, on: date, seen: Seen | None) -> str:
    """Why the ledger, or the general ledger as it was seen, has not this posting; or nothing."""
    if posting.on > on:
        return "forward"  # recorded after its month closed: in the book already, posted later
    if seen is None:
        return ""
    if posting.on > seen.balance_on:
        return "after_balance"
    return "told_later" if posting.told_at > seen.recorded_at else ""


def amounts(posting: Posting) -> dict[str, int]:
    """What a posting does to each part; papers endorsed to suppliers under their own name."""
    found: dict[str, int] = {}
    for account, minor in posting.legs:
        name = ENDORSED if account == ENDORSED else PART_OF.get(account)
        if name:
            found[name] = found.get(name, 0) + minor
    return found


def split(difference: int, known: Mapping[str, int], *, rounding: int) -> dict[str, int]:
    """The difference by cause; what the known ones leave is rounding where small, else unknown."""
    found = {name: known[name] for name in CAUSES if known.get(name)}
    rest = difference - sum(found.values())
    if rest:
        found["rounding" if abs(rest) <= rounding else "unknown"] = rest
    return found


def codes_of(part: str, chart: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The codes that hold a part in a chart of accounts, each once."""
    return sorted({chart[account]["code"] for account in PARTS[part]})


def shared(chart: Mapping[str, Mapping[str, str]], parts: Iterable[str] = PARTS) -> set[str]:
    """Codes that a chart uses for more than one part: such parts are told only together."""
    seen: dict[str, str] = {}
    found = set()
    for part in parts:
        for code in codes_of(part, chart):
            if seen.setdefault(code, part) != part:
                found.add(code)
    return found
