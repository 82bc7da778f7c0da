"""The standing of accounts: position, rung and place on the list, computed and cached.

`measure` says what is true of a book; `refresh` writes it for the accounts an act touched, inside
that act's transaction; the night run writes what changed for all (bulk.py). The cached rows are
never the record: `tahsil rebuild --compare` proves them against `measure`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from tahsil.core.book import cover
from tahsil.core.book.categories import CATEGORIES
from tahsil.core.grammar.columns import Columns
from tahsil.core.grammar.money import AMOUNT_MAX, too_large
from tahsil.core.measure import ageing
from tahsil.core.measure.ageing import Positions
from tahsil.core.measure.pauses import Pauses
from tahsil.core.steer import facts as steering
from tahsil.core.steer import ladders, worklist
from tahsil.core.steer.facts import NO_HOUR, NONE_DAYS, Facts
from tahsil.core.steer.worklist import Order
from tahsil.store import bulk, load, rules
from tahsil.store.book import Book, Promises
from tahsil.store.bulk import Standings
from tahsil.store.models import Account
from tahsil.store.rules import Rules

AT_ONCE = 2_000  # accounts of one refresh that are loaded together
JUDGED_DAYS = 180
CONTACT_DAYS = 30
CALLBACKS = ("callback", "call_back")
AWAITING = "await_payment"
_COUNTED = np.asarray([category.counts_toward_paid for category in CATEGORIES])


@dataclass(frozen=True)
class Chosen(Columns):
    """Per account the rung it stands on and what that rung does."""

    rung: np.ndarray
    treatment: np.ndarray
    channel: np.ndarray
    step_days: np.ndarray


@dataclass(frozen=True)
class Measured:
    """What is true of every account of a book on its date, and under which rules."""

    positions: Positions
    facts: Facts
    chosen: Chosen
    standings: Standings


def refresh(account_ids: Iterable[int], *, as_of: date) -> int:
    """The cached standing of these accounts is what the book says on the date; how many rows."""
    ids = sorted({int(account_id) for account_id in account_ids})
    in_force = rules.at(as_of)
    for start in range(0, len(ids), AT_ONCE):
        book = load.book(as_of=as_of, account_ids=ids[start : start + AT_ONCE])
        _check_kept(book)
        bulk.upsert_standings(measure(book, in_force).standings)
    return len(ids)


def _check_kept(book: Book) -> None:
    """Refuses an account that comes to more than any sum over columns is exact for."""
    lines, size = book.obligations, len(book.accounts)
    # Added up as floats: what is far too much would not fit a whole number either.
    owed = np.bincount(book.owners, lines.amount_minor, size)
    found = np.flatnonzero(np.maximum(owed, book.received_minor) > AMOUNT_MAX)
    if len(found):
        account = Account.objects.get(id=int(book.accounts.id[found[0]]))
        raise too_large(account.number, account.currency)


def measure(book: Book, in_force: Rules) -> Measured:
    """Positions, facts, rungs and standings of every account in the book."""
    positions = position(book, in_force)
    facts = facts_of(book, positions)
    chosen = choose(book, facts, in_force)
    return Measured(positions, facts, chosen, standings(book, positions, facts, chosen, in_force))


def position(book: Book, in_force: Rules) -> Positions:
    """Each account's position on the book's date."""
    size = len(book.accounts)
    grace = np.zeros(size, dtype=np.int64)
    accounts = ageing.Accounts(book.accounts.id, book.unapplied_minor, grace)
    paused = book.is_word("hold", book.holds.kind, "pause")
    holds = book.holds.take(paused)
    return ageing.positions(
        book.obligations.lines(),
        accounts,
        as_of=book.as_of,
        definition=in_force.definition,
        pauses=Pauses(holds.account_id, holds.since_on, holds.until_on) if len(holds) else None,
    )


def facts_of(book: Book, positions: Positions) -> Facts:
    """Everything a ladder may ask about each account on the book's date."""
    return steering.facts(
        positions,
        as_of=book.as_of,
        uncovered_minor=uncovered(book, positions),
        paid_ppm=_paid_ppm(book),
        disputed=positions.disputed_minor > 0,
        on_hold=_running(book, "hold"),
        hardship=_running(book, "hardship"),
        bounced_days=_days_since_last(book, book.papers.account_id, book.papers.bounced_on),
        **_promises(book),
        **_attempts(book),
        **_steps(book, positions),
    )


def choose(book: Book, facts: Facts, in_force: Rules) -> Chosen:
    """Per account the rung of its product's ladder."""
    products = book.words.get("product", ())
    by_ladder: dict[str, list[int]] = {}
    for at, product in enumerate(products):
        by_ladder.setdefault(in_force.ladder_code(product), []).append(at)
    if len(by_ladder) == 1:
        return _climb(in_force, next(iter(by_ladder)), facts)
    parts = [Chosen(*(np.zeros(0, dtype=kind) for kind in ("U1", "U1", "U1", np.int64)))]
    places = [np.zeros(0, dtype=np.int64)]
    for code, wanted in by_ladder.items():
        places.append(np.flatnonzero(np.isin(book.accounts.product, wanted)))
        parts.append(_climb(in_force, code, facts.take(places[-1])))
    back = np.argsort(np.concatenate(places), kind="stable")
    return Chosen(
        **{
            name: np.concatenate([getattr(part, name) for part in parts])[back]
            for name in Chosen.names()
        }
    )


def standings(
    book: Book, positions: Positions, facts: Facts, chosen: Chosen, in_force: Rules
) -> Standings:
    """The rows the standing table should hold for the book."""
    priority, reasons = worklist.priorities(in_force.order, facts)
    accounts, size = book.accounts, len(book.accounts)
    same = (
        "open_minor", "due_today_minor", "overdue_minor", "not_due_minor", "undated_minor",
        "disputed_minor", "unapplied_minor", "oldest_due_on", "delinquent_days", "bucket",
        "next_due_on",
    )  # fmt: skip
    return Standings(
        account_id=accounts.id,
        collector_id=accounts.collector_id,
        creditor_id=accounts.creditor_id,
        project_id=accounts.project_id,
        currency=np.asarray(book.words["currency"], dtype="U3")[accounts.currency]
        if size
        else np.zeros(0, "U3"),
        covered_minor=positions.overdue_minor - facts.uncovered_minor,
        rung=chosen.rung,
        treatment=chosen.treatment,
        priority=priority,
        reasons=reasons_text(in_force.order, reasons, facts),
        is_listed=reasons > 0,
        **{name: getattr(positions, name) for name in same},
    )


def uncovered(book: Book, positions: Positions) -> np.ndarray:
    """Per account what is past due and undisputed and has no live paper behind its line."""
    lines = book.obligations
    covered = cover.covered_minor(lines.coverable(), book.papers.behind())
    at = np.flatnonzero((covered > 0) & (lines.due_on < np.datetime64(book.as_of, "D")))
    late = lines.take(at)
    asked = np.maximum(late.amount_minor - late.paid_minor - late.disputed_minor, 0)
    behind = book.per_account(book.owners[at], np.minimum(covered[at], asked))
    return positions.overdue_minor - behind


def reasons_text(order: Order, reasons: np.ndarray, facts: Facts) -> np.ndarray:
    """Per account its reasons as JSON, weightiest first: [[code, {fact: value}], …]."""
    parts: dict[int, list[str]] = {at: [] for at in np.flatnonzero(reasons).tolist()}
    for bit in sorted(range(len(order.reasons)), key=lambda bit: -order.reasons[bit].weight):
        rule = order.reasons[bit]
        at = np.flatnonzero(reasons >> bit & 1)
        if not len(at):
            continue
        named = [name for name in steering.VOCABULARY if f"{{{name}}}" in rule.template]
        inner = ", ".join(f'"{name}": %d' for name in named)
        template = f'["{rule.code}", {{{inner}}}]'
        columns = [getattr(facts, name)[at].tolist() for name in named]
        values = zip(*columns, strict=True) if named else iter([()] * len(at))
        for place, row in zip(at.tolist(), values, strict=True):
            parts[place].append(template % row)
    text = np.full(len(reasons), "[]", dtype=object)
    for place, found in parts.items():
        text[place] = f"[{', '.join(found)}]"
    return text


def _climb(in_force: Rules, code: str, facts: Facts) -> Chosen:
    ladder = in_force.ladders[code]
    at = ladders.choose(ladder, facts)
    return Chosen(
        ladders.codes_of(ladder, at),
        np.asarray([rung.treatment for rung in ladder.rungs])[at],
        np.asarray([rung.channel for rung in ladder.rungs])[at],
        np.asarray([rung.step_days for rung in ladder.rungs], dtype=np.int64)[at],
    )


def _paid_ppm(book: Book) -> np.ndarray:
    lines = book.obligations
    counted = _COUNTED[lines.category]
    whole = book.per_account(book.owners, np.where(counted, lines.amount_minor, 0))
    paid = book.per_account(book.owners, np.where(counted, lines.paid_minor, 0))
    # Thousandths first: an amount times a million would not fit.
    return np.where(whole > 0, paid * 1_000 // np.maximum(whole, 1) * 1_000, 0)


def _running(book: Book, kind: str) -> np.ndarray:
    held = book.holds.take(book.is_word("hold", book.holds.kind, kind))
    today = np.datetime64(book.as_of, "D")
    return np.isin(book.accounts.id, held.account_id[held.until_on > today])


def _promises(book: Book) -> dict[str, np.ndarray]:
    every, size = book.promises, len(book.accounts)
    today = np.datetime64(book.as_of, "D")
    broken = every.take(book.is_word("promise", every.state, "broken"))
    in_part = every.take(book.is_word("promise", every.state, "part_kept"))
    opened = every.take(book.is_word("promise", every.state, "open"))
    due_days = np.full(size, NONE_DAYS)
    due_days[book.places(opened.account_id)] = (opened.promised_on - today).astype(np.int64)
    return {
        "broken_promises": _recently_judged(book, broken),
        "part_kept_promises": _recently_judged(book, in_part),
        "broken_days": _days_since_last(book, broken.account_id, broken.judged_on),
        "open_promise": np.isin(book.accounts.id, opened.account_id),
        "promise_due_days": due_days,
    }


def _recently_judged(book: Book, promises: Promises) -> np.ndarray:
    """Per account how many of these promises were judged in the last half year."""
    recent = promises.judged_on > np.datetime64(book.as_of, "D") - JUDGED_DAYS
    return np.bincount(book.places(promises.account_id[recent]), minlength=len(book.accounts))


def _attempts(book: Book) -> dict[str, np.ndarray]:
    tried = book.attempts
    reached = tried.take(tried.is_contact)
    since = np.datetime64(book.as_of, "D") - CONTACT_DAYS
    lately = book.places(reached.account_id[reached.effective_on > since])
    return {
        "contacts_30d": np.bincount(lately, minlength=len(book.accounts)),
        "days_since_contact": _days_since_last(book, reached.account_id, reached.effective_on),
        "days_since_attempt": _days_since_last(book, tried.account_id, tried.effective_on),
    }


def _steps(book: Book, positions: Positions) -> dict[str, np.ndarray]:
    """When the next step is; awaiting money is over once its day came and nothing is due."""
    accounts = book.accounts
    days = steering.days_until(accounts.step_on, as_of=book.as_of)
    is_due = (positions.overdue_minor > 0) | (positions.due_today_minor > 0)
    is_awaiting = book.is_word("step", accounts.step, AWAITING)
    days = np.where(is_awaiting & ~is_due & (days <= 0), NONE_DAYS, days)
    is_callback = book.is_word("step", accounts.step, *CALLBACKS)
    minutes = np.asarray([_minute(text) for text in book.words.get("step_at", ())], dtype=np.int64)
    minute = minutes[accounts.step_at] if len(minutes) else np.zeros(0, np.int64)
    return {
        "next_step_days": days,
        "callback_days": np.where(is_callback, days, NONE_DAYS),
        "callback_minute": np.where(is_callback, minute, NO_HOUR),
    }


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:5]) if text else NO_HOUR


def _days_since_last(book: Book, account_id: np.ndarray, on: np.ndarray) -> np.ndarray:
    if not len(on):
        return np.full(len(book.accounts), NONE_DAYS)
    known = ~np.isnat(on) & (on <= np.datetime64(book.as_of, "D"))
    last = np.full(len(book.accounts), np.iinfo(np.int64).min)
    np.maximum.at(last, book.places(account_id[known]), on[known].astype(np.int64))
    return steering.days_since(last.view("datetime64[D]"), as_of=book.as_of)
