"""The workspace of one account: what was due, received, presented and credited, side by side.

Every item stands once, in the row of what it belongs to first: a receipt beside the oldest line
it pays, a cheque beside the first line it covers, a bank line beside its receipt. What else
belongs together is named by keys, which the page highlights. Sums run down each column by date.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from tahsil.core.grammar.authority import Answer, Standing, can
from tahsil.queries import bank, bank_candidates, deviations, differences, objections, parties
from tahsil.queries import ledger as ledgers
from tahsil.queries.accounts import Seen, readable
from tahsil.queries.bank_candidates import Known
from tahsil.queries.differences import Difference
from tahsil.queries.ledger import Ledger, Row
from tahsil.queries.objections import ObjectionRow
from tahsil.queries.reconciled_items import Item, items_of, matches
from tahsil.store.models import (
    Contract,
    Obligation,
    ScheduleVersion,
)

COLUMNS = ("due", "receipts", "cheques", "bank")
SHOWN = 16  # rows up to today that are shown before the fold
AHEAD = 3


@dataclass(frozen=True)
class Band:
    """One row of the workspace: what belongs together on about one day, by column."""

    on: date | None
    cells: dict[str, tuple[Item, ...]]
    is_far: bool = False  # before the fold, or far ahead
    is_contested: bool = False


@dataclass(frozen=True)
class Version:
    """One version of a contract's schedule."""

    contract: str
    version: int
    effective_on: date
    reason: str
    lines: int
    amount_minor: int


@dataclass(frozen=True)
class Sums:
    """What the columns come to on the date, and what is between them."""

    due_minor: int
    paid_minor: int  # of what is due
    received_minor: int
    unapplied_minor: int
    cleared_minor: int
    waiting_minor: int  # cheques not yet cleared
    bank_minor: int
    unseen_minor: int  # receipts no bank line shows, of those a bank line should
    difference_minor: int  # due less paid


@dataclass(frozen=True)
class Workspace:
    """Everything the screen and the statement of reconciliation draw."""

    as_of: date
    account: Seen
    name_other: str
    bands: tuple[Band, ...]
    sums: Sums
    versions: tuple[Version, ...]
    differences: tuple[Difference, ...]
    objections: tuple[ObjectionRow, ...]
    objection: ObjectionRow | None
    may_bank: bool
    folded_before: int
    folded_after: int


def workspace(
    standing: Standing, account_id: int, *, as_of: date, objection_id: int | None = None,
    is_whole: bool = False,
) -> Workspace:  # fmt: skip
    """The account's four columns as of the date, with what differs and what would resolve it."""
    account = readable(standing, account_id)
    ledger = ledgers.read(account_id, as_of=as_of)
    found = objections.of_account(account_id, as_of=as_of)
    objection = _asked(found, objection_id)
    flags = deviations.of_account(account_id, as_of=as_of)
    matched = matches(account_id)
    known = _known(account, account_id)
    may_bank = can(standing, bank.READ, None).answer == Answer.ALLOW
    candidates = bank_candidates.candidates(
        standing, _wanted(ledger, matched, objection), known, as_of=as_of
    )
    items, home = items_of(ledger, matched, flags=flags, candidates=candidates, may_bank=may_bank)
    bands, folded = _bands(items, home, as_of, is_whole=is_whole, objection=objection)
    return Workspace(
        as_of, account, parties.other_name(account.party_id), bands,
        _sums(ledger, items, matched), _versions(account_id, as_of),
        differences.differences(
            standing, account, ledger, flags=flags, objection=objection,
            candidates=candidates, as_of=as_of,
        ),
        found, objection, may_bank, *folded,
    )  # fmt: skip


def _asked(found: tuple[ObjectionRow, ...], objection_id: int | None) -> ObjectionRow | None:
    """The objection asked for, else the only one that is open."""
    if objection_id is not None:
        return next((each for each in found if each.objection_id == objection_id), None)
    waits = [each for each in found if each.state == "open"]
    return waits[0] if len(waits) == 1 else None


def _known(account: Seen, account_id: int) -> Known:
    contracts = Contract.objects.filter(account_id=account_id).values_list("number", "asset__code")
    numbers = [account.number, *(each for pair in contracts for each in pair if each)]
    other = parties.other_name(account.party_id)
    return Known(
        account.currency, account.creditor_id, tuple(filter(None, (account.name, other))),
        tuple(dict.fromkeys(numbers)),
    )  # fmt: skip


def _wanted(
    ledger: Ledger, matched: list[Row], objection: ObjectionRow | None
) -> list[bank_candidates.Wanted]:
    """What a bank line may explain: the claim, open lines, receipts no line shows yet."""
    made = []
    if objection and objection.claimed_minor:
        made.append(
            bank_candidates.Wanted(objection.claimed_minor, objection.claimed_on, objection.number)
        )
    for line in ledger.lines:
        if line.open_minor > 0 and line.due_on and line.due_on <= ledger.as_of:
            label = ledger.by_id[line.obligation_id]["label"] or line.category
            made.append(bank_candidates.Wanted(line.open_minor, line.due_on, label))
    shown = {each["receipt_id"] for each in matched}
    for row in ledger.receipts:
        if row["id"] not in shown and row["reversed"] is None and row["instrument"] != "cash":
            made.append(bank_candidates.Wanted(row["amount_minor"], row["value_on"], row["number"]))
    return made


def _bands(
    items: dict[str, Item], home: dict[str, str], as_of: date, *, is_whole: bool,
    objection: ObjectionRow | None,
) -> tuple[tuple[Band, ...], tuple[int, int]]:  # fmt: skip
    """The rows by date, those without a date last; how many are folded away."""
    rows: dict[str, list[Item]] = defaultdict(list)
    for key, item in items.items():
        rows[home[key]].append(item)
    contested = _contested(objection)
    made = []
    for first, found in rows.items():
        days = [item.on for item in found if item.on]
        on = items[first].on or min(days, default=None)
        cells = {
            name: tuple(sorted((each for each in found if each.column == name),
                               key=lambda each: (each.on or date.max, each.key)))
            for name in COLUMNS
        }  # fmt: skip
        is_hit = any(item.key in contested for item in found)
        made.append(Band(on, cells, is_contested=is_hit))
    made.sort(key=lambda band: (band.on or date.max, not band.cells["due"]))
    if is_whole:
        return tuple(made), (0, 0)
    past = [band for band in made if band.on and band.on <= as_of]
    ahead = [band for band in made if not (band.on and band.on <= as_of)]
    near = {id(band) for band in (*past[-SHOWN:], *ahead[:AHEAD])}
    shown = [
        band for band in made
        if id(band) in near or band.is_contested or _has_candidate(band)
    ]  # fmt: skip
    kept = {id(band) for band in shown}
    before = sum(id(band) not in kept for band in past)
    return tuple(shown), (before, len(made) - len(shown) - before)


def _has_candidate(band: Band) -> bool:
    return any(item.state == "candidate" for item in band.cells["bank"])


def _contested(objection: ObjectionRow | None) -> set[str]:
    """The keys of what the objection is about."""
    if objection is None:
        return set()
    about: tuple[tuple[str, Any], ...] = (
        ("r", objection.receipt_id), ("l", objection.obligation_id),
        ("c", objection.instrument_id), ("b", objection.bank_line_id),
    )  # fmt: skip
    return {f"{letter}{key}" for letter, key in about if key}


def _sums(ledger: Ledger, items: dict[str, Item], matched: list[Row]) -> Sums:
    due = [line for line in ledger.lines if line.due_on and line.due_on <= ledger.as_of]
    shown = {row["receipt_id"] for row in matched}
    stands = [row for row in ledger.receipts if row["reversed"] is None]
    banked = [row for row in stands if row["kind"] == "money" and row["instrument"] != "cash"]
    papers = [item for item in items.values() if item.column == "cheques"]
    due_minor, paid = sum(each.amount_minor for each in due), sum(each.paid_minor for each in due)
    return Sums(
        due_minor=due_minor,
        paid_minor=paid,
        received_minor=sum(row["amount_minor"] for row in stands),
        unapplied_minor=ledger.unapplied_minor,
        cleared_minor=sum(each.amount_minor for each in papers if each.state == "cleared"),
        waiting_minor=sum(
            each.amount_minor for each in papers
            if each.state in ("in_safe", "received", "deposited", "at_bank", "held")
        ),
        bank_minor=sum(row["amount_minor"] for row in matched),
        unseen_minor=sum(row["amount_minor"] for row in banked if row["id"] not in shown),
        difference_minor=due_minor - paid,
    )  # fmt: skip


def _versions(account_id: int, as_of: date) -> tuple[Version, ...]:
    """The versions of the account's schedules, with the lines each brought."""
    found = ScheduleVersion.objects.filter(
        contract__account_id=account_id, effective_on__lte=as_of
    ).order_by("contract__number", "version")
    sums: dict[int, list[int]] = defaultdict(list)
    lines = Obligation.objects.filter(account_id=account_id, schedule__isnull=False)
    for key, amount in lines.values_list("schedule_id", "amount_minor"):
        sums[key or 0].append(amount)
    return tuple(
        Version(
            each["contract__number"], each["version"], each["effective_on"], each["reason"],
            len(sums[each["id"]]), sum(sums[each["id"]]),
        )
        for each in found.values("id", "contract__number", "version", "effective_on", "reason")
    )  # fmt: skip
