"""Promises to pay: made, cancelled, superseded by the next one, and judged by the day's run.

Whether a promise was kept is core/resolve/promises.py. Who may take one how far ahead is a limit
of kind `promise`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from tahsil.actions import _given, _limits, allocating, contact
from tahsil.actions._verb import Act, Context, Item, account_of, in_bulk, verb
from tahsil.core.grammar.authority import Verdict
from tahsil.core.grammar.lifecycle import PROMISE
from tahsil.core.grammar.refusal import Refused
from tahsil.store import bulk, standing
from tahsil.store.models import Promise

INSTRUMENTS = ("transfer", "cash", "cheque", "card", "link")
VERB_TO = {state: verb for verb, row in PROMISE.moves.items() for state in row.values()}


def _ahead(ctx: Context, *, account_id: int, promised_on: Any, **params: Any) -> Verdict:
    day = _given.need_date(promised_on, "promised day")
    if day < ctx.as_of:
        raise Refused(
            "promise.past",
            "A promise is for {earliest} or later, not for {promised_on}.",
            earliest=ctx.as_of,
            promised_on=day,
        )
    _check_amount(ctx, account_id, params.get("amount_minor"))
    return _limits.judge(
        ctx, "promise", days=(day - ctx.as_of).days, renewals=_renewals(account_id)
    )


@verb("promise.make", limits=_ahead)
def make(
    ctx: Context,
    *,
    account_id: int,
    amount_minor: int,
    promised_on: date | str,
    instrument: str = "transfer",
    promised_by: str = "",
    confidence: int = 2,
    next_step: str = "await_payment",
) -> Act:
    """Somebody promised an amount by a day; an open promise gives way to it."""
    account = account_of(account_id)
    day = _given.need_date(promised_on, "promised day")
    _check_words(instrument, confidence)
    step = contact.step_of(ctx, next_step, day, None)
    before = Promise.objects.filter(account=account, state="open").first()
    if before is not None:
        _move(before, "supersede", judged_on=ctx.as_of)
    promise = Promise.objects.create(
        account=account,
        amount_minor=amount_minor,
        promised_on=day,
        made_on=ctx.as_of,
        recorded_at=ctx.now,
        instrument=instrument,
        promised_by=promised_by.strip()[:80],
        confidence=confidence,
        made_by_id=ctx.standing.actor_id or None,
    )
    contact.move_step(account, step)
    standing.refresh([account_id], as_of=ctx.as_of)
    facts = {
        "amount_minor": amount_minor,
        "currency": account.currency,
        "promised_on": day,
        "instrument": instrument,
        "promised_by": promise.promised_by,
        "confidence": confidence,
        "supersedes_id": before.id if before else None,
    }
    return Act(f"promise:{promise.id}", account_id, facts)


@verb("promise.cancel")
def cancel(ctx: Context, *, account_id: int, promise_id: int, reason: str) -> Act:
    """A promise was cancelled by us; it counts neither as kept nor as broken."""
    account = account_of(account_id)
    promise = Promise.objects.filter(id=promise_id, account=account).first()
    if promise is None:
        raise Refused(
            "promise.unknown",
            "There is no promise {promise_id} on this account.",
            promise_id=promise_id,
        )
    reason = _given.need_text(reason, "reason")
    _move(promise, "cancel", judged_on=ctx.as_of)
    standing.refresh([account_id], as_of=ctx.as_of)
    facts = {
        "reason": reason,
        "amount_minor": promise.amount_minor,
        "currency": account.currency,
        "promised_on": promise.promised_on,
    }
    return Act(f"promise:{promise.id}", account_id, facts)


def judge_many(ctx: Context, items: Iterable[Item]) -> int:
    """The promises that are no longer open are judged so; how many were new.

    Each item is a key and promise_id, state (kept, part_kept, broken), received_minor. One
    judged or superseded meanwhile is passed over.
    """
    return in_bulk(ctx, "promise.judge", items, _judge)


def _judge(ctx: Context, items: list[dict[str, Any]]) -> list[Act | None]:
    rows = Promise.objects.select_for_update().in_bulk([item["promise_id"] for item in items])
    acts: list[Act | None] = []
    moved = []
    for item in items:
        promise = rows.get(item["promise_id"])
        if promise is None or promise.state != "open":
            acts.append(None)
            continue
        promise.state = PROMISE.step(promise.state, VERB_TO[item["state"]])
        promise.judged_on, promise.received_minor = ctx.as_of, item["received_minor"]
        moved.append(promise)
        facts = {
            "state": promise.state,
            "amount_minor": promise.amount_minor,
            "received_minor": promise.received_minor,
            "promised_on": promise.promised_on,
        }
        acts.append(Act(f"promise:{promise.id}", promise.account_id, facts))
    bulk.update(moved, ["state", "judged_on", "received_minor"])
    return acts


def _move(promise: Promise, verb_name: str, *, judged_on: date) -> None:
    state = PROMISE.step(promise.state, verb_name)
    moved = Promise.objects.filter(id=promise.id, state=promise.state).update(
        state=state, judged_on=judged_on
    )
    if not moved:
        raise Refused("promise.moved", "Somebody else moved this promise a moment ago. Look again.")


def _check_amount(ctx: Context, account_id: int, amount_minor: Any) -> None:
    _given.need_amount(amount_minor)
    opened = sum(allocating.open_minor(account_id, as_of=ctx.as_of).values())
    if amount_minor > opened:
        raise Refused(
            "promise.too_much",
            "{amount_minor} is more than the {open_minor} that is open. "
            "Up to {open_minor} may be promised.",
            amount_minor=amount_minor,
            open_minor=opened,
            currency=account_of(account_id).currency,
        )


def _check_words(instrument: str, confidence: int) -> None:
    if instrument not in INSTRUMENTS:
        raise Refused(
            "promise.instrument",
            "{instrument} is not a way to pay a promise. Known: {known}.",
            instrument=instrument or "-",
            known=list(INSTRUMENTS),
        )
    if confidence not in (1, 2, 3):
        raise Refused(
            "promise.confidence",
            "Confidence is 1, 2 or 3, not {confidence}.",
            confidence=confidence,
        )


def _renewals(account_id: int) -> int:
    """How many times running the promise was put off: superseded ones since one was judged."""
    states = Promise.objects.filter(account_id=account_id).order_by("-id")
    renewals = 0
    for state in states.values_list("state", flat=True)[:20]:
        if state not in ("open", "superseded"):
            break
        renewals += 1
    return renewals
