"""Accounts: who works them, who is on one right now, and what happens next.

A lock lasts ten minutes, so that two people do not call one customer and a forgotten screen does
not keep an account from everybody. It never keeps a receipt from being recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from django.db.models import Q

from tahsil.actions import _given, contact
from tahsil.actions._verb import Act, Context, Item, account_of, check_reach, in_bulk, verb
from tahsil.core.grammar.refusal import Refused
from tahsil.store import bulk, standing
from tahsil.store.models import Account, Person

LOCK_MINUTES = 10


@verb("account.assign")
def assign(ctx: Context, *, account_id: int, collector_id: int | None, reason: str = "") -> Act:
    """The account is worked by somebody else from now on, or by nobody."""
    account = account_of(account_id)
    person = _worker(collector_id)
    if account.collector_id == collector_id:
        raise Refused(
            "account.same_collector",
            "{person} works this account already.",
            person=person.name if person else "Nobody",
        )
    before = account.collector.name if account.collector else ""
    Account.objects.filter(id=account_id).update(collector_id=collector_id)
    standing.refresh([account_id], as_of=ctx.as_of)
    facts = {
        "collector": person.name if person else "",
        "collector_id": collector_id,
        "before": before,
        "reason": reason.strip(),
    }
    return Act(f"account:{account_id}", account_id, facts)


def assign_many(ctx: Context, items: Iterable[Item]) -> int:
    """Each account is worked by the person its item names; how many assignments were new.

    Each item is a key and account_id, collector_id. The cached standings are the caller's to
    write, for all accounts at once.
    """
    return in_bulk(ctx, "account.assign", items, _assign)


def _assign(ctx: Context, items: list[dict[str, Any]]) -> list[Act | None]:
    rows = Account.objects.in_bulk([item["account_id"] for item in items])
    names = dict(Person.objects.values_list("id", "name"))
    acts: list[Act | None] = []
    moved = []
    for item in items:
        account, collector_id = rows.get(item["account_id"]), item["collector_id"]
        if account is None or account.collector_id == collector_id:
            acts.append(None)
            continue
        facts = {
            "collector": names[collector_id],
            "collector_id": collector_id,
            "before": names.get(account.collector_id or 0, ""),
        }
        account.collector_id = collector_id
        moved.append(account)
        acts.append(Act(f"account:{account.id}", account.id, facts))
    bulk.update(moved, ["collector"])
    return acts


@verb("account.lock")
def lock(ctx: Context, *, account_id: int) -> Act:
    """The account is worked by one person for ten minutes; others see who is on it."""
    account_of(account_id)
    until = ctx.now + timedelta(minutes=LOCK_MINUTES)
    free = Q(locked_by=None) | Q(locked_by_id=ctx.standing.actor_id) | Q(locked_until_at=None)
    mine = Account.objects.filter(free | Q(locked_until_at__lte=ctx.now), id=account_id)
    if not mine.update(locked_by_id=ctx.standing.actor_id, locked_until_at=until):
        contact.check_lock(ctx, account_of(account_id))
    return Act(f"account:{account_id}", account_id, {"until_at": until})


def stay(ctx: Context, *, account_id: int) -> None:
    """The account is this person's to work on for ten minutes from now.

    An event says when somebody came, not that they are still there: the page asks for this at
    every opening, and a log of openings would bury the facts about the book.
    """
    check_reach(ctx, "account.lock", account_id)
    until = ctx.now + timedelta(minutes=LOCK_MINUTES)
    held = {"locked_by_id": ctx.standing.actor_id, "locked_until_at__gt": ctx.now}
    if not Account.objects.filter(id=account_id, **held).update(locked_until_at=until):
        lock(ctx, account_id=account_id)


@verb("account.unlock", for_all=True)
def unlock(ctx: Context, *, account_id: int) -> Act:
    """Whoever was on the account left it."""
    mine = Account.objects.filter(id=account_id, locked_by_id=ctx.standing.actor_id)
    if not mine.update(locked_by=None, locked_until_at=None):
        raise Refused("account.not_locked", "You are not on this account, so you cannot leave it.")
    return Act(f"account:{account_id}", account_id)


@verb("account.set_next_step")
def set_next_step(
    ctx: Context,
    *,
    account_id: int,
    next_step: str,
    next_step_on: date | str | None = None,
    next_step_at: time | str | None = None,
) -> Act:
    """What happens next on the account was set without an attempt."""
    account = account_of(account_id)
    outcome = {"next": {"step": contact.NOTHING, "days": 0}}
    step = contact.step_of(ctx, next_step, next_step_on, next_step_at, outcome=outcome)
    contact.move_step(account, step)
    standing.refresh([account_id], as_of=ctx.as_of)
    facts = {"next_step": step.code, "next_step_on": step.on, "next_step_at": step.at}
    return Act(f"account:{account_id}", account_id, facts)


@verb("account.note")
def note(ctx: Context, *, account_id: int, note: str) -> Act:
    """Something worth knowing was written down on the account."""
    account_of(account_id)
    facts = {"note": _given.need_text(note, "note", most=500)}
    return Act(f"account:{account_id}", account_id, facts)


def _worker(person_id: int | None) -> Person | None:
    if person_id is None:
        return None
    found = Person.objects.filter(id=person_id, is_active=True).first()
    if found is None:
        raise Refused(
            "person.unknown", "There is no active person {person_id}.", person_id=person_id
        )
    return found
