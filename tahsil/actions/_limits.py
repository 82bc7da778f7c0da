"""Up to where the actor decides alone: the published limits asked for one act.

The limits are policies of kind `authority`; what they mean is core/resolve/limits.py. The system
itself acts under no limit: what it may do stands in the policies it follows.
"""

from __future__ import annotations

from tahsil.actions._verb import Context
from tahsil.core.grammar.authority import Verdict, allow
from tahsil.core.resolve import limits
from tahsil.queries.people import roles_of
from tahsil.store import policies

FREE = allow("limit.none", "No limit speaks against it.")


def judge(ctx: Context, name: str, *, currency: str = "", **asked: int) -> Verdict:
    """Allow where the limit of that name reaches so far for one of the actor's roles; else ask.

    `currency` is that of `amount_minor`, where that is among what is asked.
    """
    if ctx.standing.actor_id == 0:
        return FREE
    found = policies.version("authority", name, ctx.as_of)
    limit = limits.Limit(name, found.body, found.currency)
    return limits.judge(limit, roles=tuple(roles_of(ctx.standing)), asked=asked, currency=currency)


def others(ctx: Context, name: str, *, currency: str, **asked: int) -> tuple[str, ...]:
    """The roles whose limit of that name reaches so far, whatever the actor may decide."""
    found = policies.version("authority", name, ctx.as_of)
    limit = limits.Limit(name, found.body, found.currency)
    return limits.judge(limit, roles=(), asked=asked, currency=currency).approvers
