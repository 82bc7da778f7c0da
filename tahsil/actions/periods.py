"""Months closed by hand, and opened again: two people, the totals of the month kept with it.

What a closed month refuses is _periods.py; the figures frozen here are compared with the book
ever after (queries/periods.py, tahsil check).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tahsil.actions import _given
from tahsil.actions._verb import Act, Context, verb
from tahsil.core.grammar.authority import Verdict, ask
from tahsil.core.grammar.dates import month
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import periods as figures
from tahsil.store import policies
from tahsil.store.models import Creditor, PeriodAct


def _closing(ctx: Context, *, creditor_id: int, month_on: date | str) -> Verdict:
    """Always a second person's yes; what cannot be closed is refused before anybody is asked."""
    since = _month(ctx, creditor_id, month_on, is_closed=False)
    who = tuple(policies.at("journal", "locked", ctx.as_of)[0]["approvers"])
    return ask(
        "period.second",
        "Closing {month} needs the yes of a second person. {who} may agree.",
        approvers=who, month=f"{since:%Y-%m}", who=list(who),
    )  # fmt: skip


@verb("period.close", limits=_closing)
def close(ctx: Context, *, creditor_id: int, month_on: date | str) -> Act:
    """A month of a creditor is closed: nothing about money is dated into it any more."""
    since = _month(ctx, creditor_id, month_on, is_closed=False)
    frozen = figures.frozen(creditor_id, since, as_of=ctx.as_of)
    made = PeriodAct.objects.create(
        creditor_id=creditor_id,
        month_on=since,
        is_closed=True,
        totals=frozen.totals,
        digest=frozen.digest,
        by_id=ctx.standing.actor_id or None,
        agreed_by=", ".join(each.name for each in ctx.approvals)[:160],
        recorded_at=ctx.now,
    )
    facts = {**_head(made), "count": frozen.count, "digest": frozen.digest[:12]}
    return Act(f"period:{made.id}", None, facts)


@verb("period.reopen")
def reopen(ctx: Context, *, creditor_id: int, month_on: date | str, reason: str) -> Act:
    """A closed month takes what is dated into it again, until it is closed anew."""
    since = _month(ctx, creditor_id, month_on, is_closed=True)
    made = PeriodAct.objects.create(
        creditor_id=creditor_id,
        month_on=since,
        is_closed=False,
        reason=_given.need_text(reason, "reason"),
        by_id=ctx.standing.actor_id or None,
        recorded_at=ctx.now,
    )
    return Act(f"period:{made.id}", None, {**_head(made), "reason": made.reason})


def _month(ctx: Context, creditor_id: int, given: Any, *, is_closed: bool) -> date:
    """The month's first day; refused where it is not as it would have to be."""
    creditor = Creditor.objects.filter(id=creditor_id).first()
    if creditor is None:
        raise Refused("creditor.unknown", "There is no creditor {id}.", id=creditor_id)
    since = month(_given.need_date(given, "month")).since
    if month(since).until > ctx.as_of:
        raise Refused(
            "period.running",
            "{month} has not ended. It can be closed from {earliest}.",
            month=f"{since:%Y-%m}",
            earliest=month(since).until,
        )
    newest = PeriodAct.objects.filter(creditor=creditor, month_on=since).order_by("-id").first()
    if (newest is not None and newest.is_closed) != is_closed:
        raise Refused(
            "period.state",
            "{month} of {creditor} is {state} already.",
            month=f"{since:%Y-%m}",
            creditor=creditor.name,
            state="open" if is_closed else "closed",
        )
    return since


def _head(made: PeriodAct) -> dict[str, Any]:
    return {
        "creditor": made.creditor.name,
        "creditor_id": made.creditor_id,
        "month": f"{made.month_on:%Y-%m}",
    }
