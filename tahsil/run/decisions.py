"""What the day decides for one date: promises judged, rungs, cases, owners, treatments.

Nothing is written here; daily.py acts on it. Decided again after half of it was done, the rest
comes out the same: what was done is in the book, and the keys of the rest are made of the date
and the change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from tahsil.core.grammar.columns import Columns
from tahsil.core.resolve import promises as promising
from tahsil.core.steer import assignment
from tahsil.core.steer import cases as casing
from tahsil.core.steer.assignment import NOBODY, Collector, Unowned
from tahsil.store import calendars, load, staff, standing
from tahsil.store.book import Book
from tahsil.store.fetch import NONE_ID
from tahsil.store.models import Creditor, Person
from tahsil.store.rules import Rules
from tahsil.store.standing import Measured

PROMISE_GRACE = 1  # working days after the promised one in which money may still arrive
UNOWNED = "unowned"
Item = tuple[str, dict[str, Any]]  # the key and the details of one act


@dataclass(frozen=True)
class Judged(Columns):
    """Promises whose fate is known now: which state, and what came in for them."""

    id: np.ndarray
    account_id: np.ndarray
    state: np.ndarray
    received_minor: np.ndarray


@dataclass(frozen=True)
class CaseWork(Columns):
    """What becomes of cases; case_id is -1 for one to open. What: open, move, close."""

    what: np.ndarray
    case_id: np.ndarray
    account_id: np.ndarray
    before: np.ndarray
    after: np.ndarray


@dataclass(frozen=True)
class Treated(Columns):
    """Accounts to treat now: their place in the book, and the day the occasion is known by."""

    place: np.ndarray
    occasion_on: np.ndarray


@dataclass(frozen=True)
class Decided:
    """Everything decided for one date."""

    book: Book
    in_force: Rules
    judged: Judged
    measured: Measured
    work: CaseWork
    owners: dict[int, int]
    treated: Treated


def decide(book: Book, receipts: promising.Receipts, in_force: Rules) -> Decided:
    """What the date asks for, each part on the facts left by the part before."""
    judged = judge_promises(book, receipts)
    book = with_judged(book, judged)
    measured = standing.measure(book, in_force)
    work, rung_since = case_work(book, measured)
    owners = new_owners(book, measured, work)
    if owners:
        book = with_owners(book, owners)
        measured = replace(measured, standings=_owned(measured, book))
    treated = treatments(book, measured, rung_since)
    return Decided(book, in_force, judged, measured, work, owners, treated)


def judge_promises(book: Book, receipts: promising.Receipts) -> Judged:
    """The open promises that are kept already, or whose grace is over, with what they became."""
    every = book.promises
    opened = every.take(book.is_word("promise", every.state, "open"))
    promised = promising.Promises(
        opened.account_id,
        opened.made_on,
        opened.promised_on,
        _last_days(book, opened),
        opened.amount_minor,
    )
    came = promising.received(promised, receipts, as_of=book.as_of)
    state = promising.judge(opened.amount_minor, came, promised.last_on, as_of=book.as_of)
    over = state != promising.OPEN
    names = np.asarray(promising.STATES)[state]
    return Judged(opened.id[over], opened.account_id[over], names[over], came[over])


def with_judged(book: Book, judged: Judged) -> Book:
    """The book in which these promises have their new state."""
    if not len(judged):
        return book
    words = book.words["promise"] + promising.STATES
    every = book.promises
    at = np.searchsorted(every.id, judged.id, sorter=np.argsort(every.id))
    at = np.argsort(every.id)[at]
    state, judged_on = every.state.copy(), every.judged_on.copy()
    first = len(book.words["promise"])
    state[at] = [first + promising.STATES.index(name) for name in judged.state.tolist()]
    judged_on[at] = np.datetime64(book.as_of, "D")
    # A word may now stand twice; the new numbers are folded onto the first of their kind.
    fold = np.asarray([words.index(word) for word in words], dtype=np.int64)
    return replace(
        book,
        promises=replace(every, state=fold[state], judged_on=judged_on),
        words={**book.words, "promise": words},
    )


def case_work(book: Book, measured: Measured) -> tuple[CaseWork, np.ndarray]:
    """Cases to open, move and close, and per account the day its case came to its rung (or NaT)."""
    size = len(book.accounts)
    case_at = np.full(size, -1)
    case_at[book.places(book.cases.account_id)] = np.arange(len(book.cases))
    has_case = case_at >= 0
    chosen = measured.chosen
    is_active = ~np.isin(chosen.treatment, casing.REMINDERS)
    answer = casing.decide(measured.facts, is_active=is_active, has_case=has_case)
    rungs = np.asarray(book.words.get("rung", ()) or ("",))
    before = np.full(size, "", dtype=rungs.dtype)
    before[has_case] = rungs[book.cases.rung[case_at[has_case]]]
    moves = (answer == casing.KEEP) & (before != chosen.rung)
    what = np.select(
        [answer == casing.OPEN, moves, answer == casing.CLOSE], ["open", "move", "close"], ""
    )
    since = np.full(size, np.datetime64("NaT", "D"))
    since[has_case] = book.cases.rung_since_on[case_at[has_case]]
    since[(what == "open") | (what == "move")] = np.datetime64(book.as_of, "D")
    since[what == "close"] = np.datetime64("NaT", "D")
    at = np.flatnonzero(what != "")
    case_id = np.full(size, -1)
    case_id[has_case] = book.cases.id[case_at[has_case]]
    ids = book.accounts.id
    return CaseWork(what[at], case_id[at], ids[at], before[at], chosen.rung[at]), since


def treatments(book: Book, measured: Measured, rung_since: np.ndarray) -> Treated:
    """The accounts whose rung treats them today: on coming to it, then after every step.

    Where there is no case, the rung is a reminder of one due date and is given once for it.
    """
    chosen, today = measured.chosen, np.datetime64(book.as_of, "D")
    acts = chosen.treatment != "none"
    has_case = ~np.isnat(rung_since)
    days = np.where(has_case, (today - rung_since).astype(np.int64), 0)
    step = np.maximum(chosen.step_days, 1)
    again = (days == 0) | ((chosen.step_days > 0) & (days % step == 0))
    due = measured.positions.oldest_due_on
    due = np.where(np.isnat(due), measured.positions.next_due_on, due)
    due = np.where(measured.facts.due_today_minor > 0, today, due)
    occasion = np.where(has_case | np.isnat(due), today, due)
    at = np.flatnonzero(acts & again)
    return Treated(at, occasion[at])


def new_owners(book: Book, measured: Measured, work: CaseWork) -> dict[int, int]:
    """Account to collector, for accounts with work and nobody to do it."""
    opened = work.account_id[work.what == "open"]
    busy = np.isin(book.accounts.id, np.r_[book.cases.account_id, opened])
    busy |= measured.standings.is_listed
    at = np.flatnonzero(busy & (book.accounts.collector_id == NONE_ID))
    if not len(at):
        return {}
    able = _able(book)
    unowned = Unowned(
        book.accounts.id[at],
        measured.standings.priority[at],
        staff.languages_of(book.accounts.party_id[at].tolist()),
        book.accounts.project_id[at],
        np.full(len(at), NOBODY),
    )
    who = assignment.assign(unowned, able)
    rest = np.flatnonzero(who == NOBODY)
    if len(rest):
        # Better somebody who does not speak the language than nobody at all.
        taken = {one.id: int((who == one.id).sum()) for one in able}
        anyone = [
            replace(one, load=one.load + taken[one.id], languages=frozenset()) for one in able
        ]
        who[rest] = assignment.assign(unowned.take(rest), anyone)
    found = who != NOBODY
    return dict(zip(unowned.account_id[found].tolist(), who[found].tolist(), strict=True))


def with_owners(book: Book, owners: dict[int, int]) -> Book:
    """The book in which these accounts have these collectors."""
    collector_id = book.accounts.collector_id.copy()
    at = book.places(np.asarray(list(owners), dtype=np.int64))
    collector_id[at] = list(owners.values())
    return replace(book, accounts=replace(book.accounts, collector_id=collector_id))


def promise_items(decided: Decided) -> Iterator[Item]:
    """One act per promise judged."""
    for row in decided.judged.rows():
        params = {
            "promise_id": row["id"],
            "account_id": row["account_id"],
            "state": str(row["state"]),
            "received_minor": row["received_minor"],
        }
        yield f"day:{decided.book.as_of}:promise:{row['id']}", params


def case_items(decided: Decided, what: str) -> Iterator[Item]:
    """One act per case to open, move or close."""
    work = decided.work.take(decided.work.what == what)
    products = decided.book.accounts.product[decided.book.places(work.account_id)]
    versions = _versions(decided)
    for row, product in zip(work.rows(), products.tolist(), strict=True):
        params = {
            "account_id": row["account_id"],
            "case_id": row["case_id"],
            "rung": str(row["after"]),
            "before": str(row["before"]),
            "policies": versions[product],
        }
        yield f"day:{decided.book.as_of}:case.{what}:{row['account_id']}", params


def owner_items(decided: Decided) -> Iterator[Item]:
    """One act per account that gets a collector."""
    for account_id, collector_id in sorted(decided.owners.items()):
        key = f"day:{decided.book.as_of}:owner:{account_id}"
        yield key, {"account_id": account_id, "collector_id": collector_id, "reason": UNOWNED}


def treatment_items(decided: Decided) -> Iterator[Item]:
    """One act per treatment, with the key of its occasion: what we will do, and why."""
    at, book = decided.treated.place, decided.book
    chosen, facts = decided.measured.chosen.take(at), decided.measured.facts.take(at)
    versions = _versions(decided)
    columns = (
        facts.account_id, chosen.rung, chosen.treatment, chosen.channel, facts.dpd,
        facts.overdue_minor, facts.due_today_minor, facts.next_due_days, facts.next_due_minor,
        decided.treated.occasion_on.astype(str), book.accounts.product[at],
    )  # fmt: skip
    for row in zip(*(column.tolist() for column in columns), strict=True):
        account_id, rung, treatment, channel, dpd, overdue, today, days, ahead, day, word = row
        yield (
            f"treat:{account_id}:{rung}:{day}",
            {
                "account_id": account_id,
                "rung": rung,
                "treatment": treatment,
                "channel": channel,
                "why": {
                    "dpd": dpd,
                    "overdue_minor": overdue,
                    "due_today_minor": today,
                    "next_due_days": days,
                    "next_due_minor": ahead,
                },
                "policies": versions[word],
            },
        )


def _versions(decided: Decided) -> list[dict[str, str]]:
    """Per product the policies that decide about it."""
    return [decided.in_force.version(word) for word in decided.book.words.get("product", ())]


def _owned(measured: Measured, book: Book) -> Any:
    return replace(measured.standings, collector_id=book.accounts.collector_id)


def _last_days(book: Book, opened: load.Promises) -> np.ndarray:
    """The last value date that still counts: promised, and the grace, in working days."""
    creditors = book.accounts.creditor_id[book.places(opened.account_id)]
    countries = dict(Creditor.objects.values_list("id", "country"))
    known: dict[tuple[int, date], date] = {}
    days = []
    for creditor_id, on in zip(creditors.tolist(), opened.promised_on.tolist(), strict=True):
        if (creditor_id, on) not in known:
            calendar = calendars.of_creditor(creditor_id, countries[creditor_id])
            known[creditor_id, on] = calendar.add(calendar.roll(on), PROMISE_GRACE)
        days.append(known[creditor_id, on])
    return np.asarray(days, dtype="datetime64[D]")


def _able(book: Book) -> list[Collector]:
    """The collectors who may take accounts on the date, with what they have and know."""
    ids, counts = np.unique(book.accounts.collector_id, return_counts=True)
    loads = dict(zip(ids.tolist(), counts.tolist(), strict=True))
    held = staff.collectors_on(book.as_of)
    people = Person.objects.filter(id__in=held, is_active=True).order_by("id")
    return [
        Collector(
            person.id,
            person.capacity,
            loads.get(person.id, 0),
            frozenset(filter(None, (word.strip() for word in person.languages.split(",")))),
            held[person.id],
        )
        for person in people
    ]
