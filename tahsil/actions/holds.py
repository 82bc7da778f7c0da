"""Holds: a pause of treatments or of delinquent days, with a reason and always with an end.

How long who may hold is the limit `hold`. A bar, which has no end, is not a hold.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tahsil.actions import _given, _limits
from tahsil.actions._verb import Act, Context, account_of, verb
from tahsil.core.grammar.authority import Verdict
from tahsil.core.grammar.refusal import Refused
from tahsil.store import standing
from tahsil.store.models import Hold

KINDS = ("hold", "pause", "hardship")


def _length(ctx: Context, *, until_on: Any, since_on: Any = None, **params: Any) -> Verdict:
    since = _given.as_date(since_on, "first day") or ctx.as_of
    until = _given.need_date(until_on, "end")
    if until <= since or until <= ctx.as_of:
        raise Refused(
            "hold.end",
            "A hold from {since_on} must end after it begins and after today, not on {until_on}.",
            since_on=since,
            until_on=until,
        )
    return _limits.judge(ctx, "hold", days=(until - since).days)


@verb("hold.place", limits=_length)
def place(
    ctx: Context,
    *,
    account_id: int,
    reason: str,
    until_on: date | str,
    kind: str = "hold",
    since_on: date | str | None = None,
) -> Act:
    """Treatments or delinquent days were paused until a day."""
    account = account_of(account_id)
    if kind not in KINDS:
        raise Refused(
            "hold.kind",
            "{kind} is not a kind of hold. Known: {known}.",
            kind=kind or "-",
            known=list(KINDS),
        )
    running = Hold.objects.filter(account=account, kind=kind, until_on__gt=ctx.as_of).first()
    if running is not None:
        raise Refused(
            "hold.already",
            "The account is on {kind} until {until_on} already. Lift that first.",
            kind=kind,
            until_on=running.until_on,
        )
    hold = Hold.objects.create(
        account=account,
        kind=kind,
        reason=_given.need_text(reason, "reason"),
        since_on=_given.as_date(since_on) or ctx.as_of,
        until_on=_given.need_date(until_on, "end"),
        by_id=ctx.standing.actor_id or None,
    )
    standing.refresh([account_id], as_of=ctx.as_of)
    facts = {
        "kind": kind,
        "reason": hold.reason,
        "since_on": hold.since_on,
        "until_on": hold.until_on,
    }
    return Act(f"hold:{hold.id}", account_id, facts)


@verb("hold.lift")
def lift(ctx: Context, *, account_id: int, hold_id: int, reason: str) -> Act:
    """A hold ended before its day: from today treatments go on."""
    hold = Hold.objects.filter(id=hold_id, account_id=account_id).first()
    if hold is None or hold.until_on <= ctx.as_of:
        raise Refused(
            "hold.over", "There is no running hold {hold_id} on this account.", hold_id=hold_id
        )
    facts = {
        "kind": hold.kind,
        "reason": _given.need_text(reason, "reason"),
        "until_on": hold.until_on,
        "since_on": hold.since_on,
    }
    if hold.since_on >= ctx.as_of:
        hold.delete()  # it never held a day; both events stay
    else:
        Hold.objects.filter(id=hold_id).update(until_on=ctx.as_of)
    standing.refresh([account_id], as_of=ctx.as_of)
    return Act(f"hold:{hold_id}", account_id, facts)
