"""The demo portfolio from a number and a seed: drafted, judged by the rules, written, indexed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import connection, transaction

from tahsil.actions.allocating import waterfall_at
from tahsil.core.grammar.collector import collector_paused
from tahsil.core.grammar.refusal import Refused
from tahsil.run.demo import (
    cash,
    custody,
    finding,
    habits,
    ledger,
    objecting,
    places,
    touches,
    twelve,
    writing,
)
from tahsil.run.demo.crowd import crowd
from tahsil.run.demo.draft import Draft, Table, joined
from tahsil.run.demo.habits import Bills
from tahsil.run.demo.rows import NONE, Progress
from tahsil.run.demo.writing import Pen, zipped
from tahsil.store.models import Account, Creditor, Standing

USUAL = 360
SMALL = 5_000  # up to here every act of the history has its event
RECENT = 45  # days of events in a larger portfolio; what is older came in as a book
SMALLEST = 40


@dataclass(frozen=True)
class Made:
    """What was built, and who can sign in to see it."""

    as_of: date
    seed: int
    counts: dict[str, int]
    logins: list[places.Login]


def build(
    *, accounts: int | None, seed: int, as_of: date, now: datetime, progress: Progress
) -> Made:
    """A portfolio of so many accounts in an empty database; the same seed gives the same one."""
    _refuse_full()
    count = accounts or USUAL
    _widen_cache()
    with (
        collector_paused(),
        connection.constraint_checks_disabled(),
        transaction.atomic(),
    ):
        draft, due = drafted(count, seed=seed, as_of=as_of)
        counts = _write(draft, due, as_of=as_of, progress=progress)
        custody.write(as_of=as_of, now=now)
        cash.write(as_of=as_of)
        objecting.write(as_of=as_of, now=now)
        Standing.objects.all().delete()  # the acts cached some: the first day caches all of them
    return Made(as_of, seed, counts, places.logins())


def drafted(count: int, *, seed: int, as_of: date) -> tuple[Draft, Bills]:
    """The portfolio before it is written; bills know which account each belongs to."""
    rng = np.random.default_rng(seed)
    today = twelve.days(as_of)
    named = twelve.twelve(as_of) if count >= SMALLEST else None
    first = named.count("accounts") if named else 0
    many, _ = crowd(count - first, rng=rng, today=today, first=1_000)
    due = habits.bills(many)
    many.tables["receipts"], due = habits.pay(many, due, rng=rng, today=today)
    tried = touches.attempts(many, due, rng=rng, today=today)
    many.tables["attempts"] = tried
    many.tables["promises"] = touches.promises(many, tried, due, rng=rng, today=today)
    many.tables["holds"] = touches.holds(many, rng=rng, today=today)
    many.tables["disputes"] = touches.disputes(many, due, today=today)
    many.tables["instruments"] = touches.cheques(many, due, rng=rng, today=today)
    if named is None:
        return many, due
    moved = replace(
        due, account=due.account + first, contract=due.contract + named.count("contracts")
    )
    return joined(named, many), moved


def _widen_cache() -> None:
    """Indexes of random values thrash in the cache that suits a web process."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size=-600000")
            cursor.execute("PRAGMA temp_store=MEMORY")


def _refuse_full() -> None:
    if Account.objects.exists() or Creditor.objects.exists():
        raise Refused(
            "demo.not_empty",
            "This database holds a portfolio already. Set TAHSIL_HOME to another folder, or "
            "DATABASE_URL to an empty database.",
        )


def _write(draft: Draft, due: Bills, *, as_of: date, progress: Progress) -> dict[str, int]:
    today = twelve.days(as_of)
    pieces = ledger.allocate(draft, waterfall_at("standard"), as_of=as_of)
    left = ledger.open_minor(draft, pieces)
    contested = draft["disputes"]
    contested["amount"] = np.minimum(contested["amount"], left[contested["line"]])
    promised = ledger.judged(draft, as_of=as_of)
    worked = ledger.cases(draft, due, left, today=today)
    pen = writing.pen(draft, places.create(), progress)
    writing.parties(pen)
    writing.accounts(pen, _next_steps(draft, today))
    writing.contracts(pen)
    writing.obligations(pen)
    numbers = writing.receipts(pen, pieces)
    writing.work(pen, promised, worked)
    since = today - (RECENT if draft.count("accounts") > SMALL else 10_000)
    events = writing.events(pen, _acts(pen, numbers, promised, since=since))
    finding.index(pen)
    return {
        "accounts": draft.count("accounts"),
        "contracts": draft.count("contracts"),
        "obligations": draft.count("lines"),
        "receipts": draft.count("receipts"),
        "allocations": int(pieces.line.size),
        "cheques": draft.count("instruments"),
        "attempts": draft.count("attempts"),
        "promises": draft.count("promises"),
        "events": events,
    }


def _next_steps(draft: Draft, today: int) -> Table:
    """What the newest attempt left to be done, where that is not long past."""
    tried, count = draft["attempts"], draft.count("accounts")
    step = np.full(count, "", dtype=object)
    on = np.full(count, NONE, dtype=np.int64)
    order = np.argsort(tried["on"], kind="stable")
    account = tried["account"][order]
    step[account], on[account] = tried["step"][order], tried["step_on"][order]
    past = on < today - 6
    step[past], on[past] = "", NONE
    return {"step": step, "step_on": on}


def _acts(
    pen: Pen, numbers: list[str], promised: Table, *, since: int
) -> Iterator[tuple[int, str, str, int, str, dict[str, Any]]]:
    """Every act of the history from that day on: day, verb, subject, account, actor, facts."""
    draft, first = pen.draft, pen.firsts
    collector = draft["accounts"]["collector"].tolist()
    currency = writing.currencies(draft).tolist()
    yield from _receipts(pen, numbers, currency, since)
    tried = draft["attempts"]
    columns = [
        tried[name] for name in ("on", "account", "disposition", "channel", "step", "step_on")
    ]
    for at, (day, account, outcome, channel, step, step_on) in enumerate(zipped(*columns)):
        if day >= since:
            facts = {"disposition": outcome, "channel": channel, "next_step": step,
                     "next_step_on": _iso(step_on)}  # fmt: skip
            subject = f"attempt:{first.attempt + at}"
            yield day, "contact.log", subject, first.account + account, collector[account], facts
    columns = [promised[name] for name in ("made", "account", "amount", "on", "state", "judged")]
    for at, (day, account, amount, on, state, judged) in enumerate(zipped(*columns)):
        owner, subject = first.account + account, f"promise:{first.promise + at}"
        facts = {"amount_minor": amount, "currency": currency[account], "promised_on": _iso(on)}
        if day >= since:
            yield day, "promise.make", subject, owner, collector[account], facts
        if judged != NONE and judged >= since:
            yield judged, "promise.judge", subject, owner, "sara", {**facts, "state": state}


def _receipts(pen: Pen, numbers: list[str], currency: list[str], since: int) -> Iterator[Any]:
    draft, first = pen.draft, pen.firsts
    came = draft["receipts"]
    owners = ledger.receipt_account(draft)
    columns = [came[name] for name in ("on", "amount", "instrument", "reversed")]
    for at, (account, day, amount, paper, back) in enumerate(zipped(owners, *columns)):
        facts = {"number": numbers[at], "amount_minor": amount, "currency": currency[account],
                 "instrument": paper}  # fmt: skip
        subject, owner = f"receipt:{first.receipt + at}", first.account + account
        if day >= since:
            yield day, "receipt.record", subject, owner, "huda", facts
        if back != NONE:
            why = {"reason": "Returned by the bank: insufficient funds"}
            yield back, "receipt.reverse", subject, owner, "huda", {**facts, **why}


def _iso(day: int) -> str | None:
    return None if day == NONE else str(np.datetime64(day, "D"))
