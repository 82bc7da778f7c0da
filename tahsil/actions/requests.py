"""Requests: acts that wait for somebody else's yes.

Approving runs the same verb again, as the person who asked, on the facts of now: what has become
impossible meanwhile is refused, and the request goes on waiting. Nobody approves their own.
"""

from __future__ import annotations

from typing import Any

from tahsil.actions import _given
from tahsil.actions._verb import VERBS, Act, Approval, Context, Done, account_of, verb
from tahsil.core.grammar.authority import Verdict, allow, within
from tahsil.core.grammar.lifecycle import REQUEST
from tahsil.core.grammar.refusal import Refused
from tahsil.queries.people import standing_of
from tahsil.store import scope
from tahsil.store.models import Request


def _deciding(ctx: Context, *, request_id: int, **params: Any) -> Verdict:
    """Allow for who holds a wanted role where the account stands, and did not ask."""
    asked = _request(request_id)
    if asked.asked_by_id == ctx.standing.actor_id:
        raise Refused(
            "request.own",
            "You asked for this yourself. {approvers} may decide it.",
            approvers=asked.approvers,
        )
    if not _agreeing(ctx, asked):
        raise Refused(
            "request.not_yours",
            "This waits for {approvers}; {person} is none of them here.",
            approvers=asked.approvers,
            person=ctx.standing.name,
        )
    return allow("request.yours", "You may decide this.")


@verb("request.approve", limits=_deciding, for_all=True)
def approve(ctx: Context, *, request_id: int, remark: str = "") -> Act:
    """Somebody agreed, and what was asked for was done."""
    asked = _decided(ctx, request_id, "approve", remark)
    if asked.expires_on < ctx.as_of:
        raise Refused(
            "request.expired",
            "This request was open until {expires_on}. It can be asked for again.",
            expires_on=asked.expires_on,
        )
    agreed = Approval(ctx.standing.actor_id, ctx.standing.name, _agreeing(ctx, asked))
    asker = standing_of(asked.asked_by_id, as_of=ctx.as_of)
    outcome = VERBS[asked.verb](
        Context(asker, ctx.as_of, ctx.now, asked.key, (agreed,)), **asked.params
    )
    assert isinstance(outcome, Done)  # an approved act either is done or is refused
    Request.objects.filter(id=request_id).update(event_id=outcome.event_id)
    facts = {"verb": asked.verb, "remark": asked.remark, "done": outcome.subject}
    return Act(f"request:{request_id}", asked.account_id, facts)


@verb("request.decline", limits=_deciding, for_all=True)
def decline(ctx: Context, *, request_id: int, remark: str) -> Act:
    """Somebody said no, and said why."""
    _given.need_text(remark, "remark", most=300)
    asked = _decided(ctx, request_id, "decline", remark)
    facts = {"verb": asked.verb, "remark": asked.remark}
    return Act(f"request:{request_id}", asked.account_id, facts)


@verb("request.withdraw", for_all=True)
def withdraw(ctx: Context, *, request_id: int, remark: str = "") -> Act:
    """Who asked no longer wants it."""
    if _request(request_id).asked_by_id != ctx.standing.actor_id:
        raise Refused("request.not_asked", "Only who asked for this may withdraw it.")
    asked = _decided(ctx, request_id, "withdraw", remark)
    facts = {"verb": asked.verb, "remark": asked.remark}
    return Act(f"request:{request_id}", asked.account_id, facts)


def _request(request_id: int) -> Request:
    found = Request.objects.filter(id=request_id).first()
    if found is None:
        raise Refused("request.unknown", "There is no request {request_id}.", request_id=request_id)
    return found


def _decided(ctx: Context, request_id: int, verb_name: str, remark: str) -> Request:
    """The request, moved on by this verb; refused where somebody else was first."""
    asked = _request(request_id)
    after = REQUEST.step(asked.state, verb_name)
    moved = Request.objects.filter(id=request_id, state=asked.state).update(
        state=after,
        decided_by_id=ctx.standing.actor_id,
        decided_at=ctx.now,
        remark=remark.strip()[:300],
    )
    if not moved:
        raise Refused("request.moved", "Somebody else decided this a moment ago. Look again.")
    return _request(request_id)


def _agreeing(ctx: Context, asked: Request) -> tuple[str, ...]:
    """The wanted roles this person holds where the request's account stands."""
    held = [grant for grant in ctx.standing.grants if grant.role in asked.approvers]
    if asked.account_id is not None:
        reach = scope.reach_of(account_of(asked.account_id))
        held = [grant for grant in held if within(grant, ctx.standing, reach)]
    return tuple(dict.fromkeys(grant.role for grant in held))
