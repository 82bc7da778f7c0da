"""Limits: up to where a role may decide alone, and whose yes is needed above.

A limit is dated data: for each role the measures it may go up to. A measure no role's limit
names is not limited by it. Amounts are what the concession costs us, summed over the party's
last twelve months by whoever asks; nobody approves their own request (the door sees to that).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tahsil.core.grammar import documents
from tahsil.core.grammar.authority import Verdict, allow, ask, deny
from tahsil.core.grammar.documents import Faults
from tahsil.core.grammar.policy import Dated

ROLES = (  # narrowest first
    "collector", "cashier", "accountant", "team_leader", "collection_manager", "cfo", "gm",
)  # fmt: skip
ABOVE = "board"
MEASURES = (
    "amount_minor", "share_ppm", "days", "count", "renewals", "paid_ppm", "npv_loss_ppm", "lines",
)  # fmt: skip


@dataclass(frozen=True)
class Limit:
    """What each role may decide alone: role to measure to the most of it. None is without end."""

    name: str
    roles: dict[str, dict[str, int | None]]


def parse_limits(document: dict[str, Any]) -> dict[str, Dated[Limit]]:
    """The approval limits of a policy document; refused with every fault in it."""
    return documents.dated(document, parse=_limit, extra=("currency",), name="The approval limits")


def judge(limit: Limit, *, roles: tuple[str, ...], asked: dict[str, int]) -> Verdict:
    """Allow where one of the actor's roles reaches that far; else ask the roles that do.

    Where no role of ours reaches, the board is asked; where it is nobody's to give, deny.
    """
    held = [role for role in roles if role in limit.roles]
    for role in sorted(held, key=_rank, reverse=True):
        if not _over(limit.roles[role], asked):
            return allow(
                "limit.within", "{role} may decide {limit} up to here: {asked}.",
                role=role, limit=limit.name, asked=_said(asked),
            )  # fmt: skip
    reach = tuple(role for role in _by_rank(limit) if not _over(limit.roles[role], asked))
    if not limit.roles:
        return deny("limit.nobody", "Nobody may decide {limit}.", limit=limit.name)
    if not held:
        return ask(
            "limit.not_yours", "{limit} is not for {roles} to decide. {who} may.",
            approvers=reach or (ABOVE,), limit=limit.name, roles=list(roles) or ["nobody"],
            who=list(reach or (ABOVE,)),
        )  # fmt: skip
    widest = max(held, key=_rank)
    return ask(
        "limit.exceeded",
        "{limit} of {asked} is above what {role} may decide: {most}.",
        approvers=reach or (ABOVE,),
        limit=limit.name,
        asked=_said(asked),
        role=widest,
        most=_said(limit.roles[widest]),
    )


def _over(most: dict[str, int | None], asked: dict[str, int]) -> list[str]:
    """The measures that go beyond this role's limit."""
    return [
        measure
        for measure, value in asked.items()
        if measure in most and (bound := most[measure]) is not None and value > bound
    ]


def _said(measures: dict[str, Any]) -> list[str]:
    return [f"{measure} {'any' if value is None else value}" for measure, value in measures.items()]


def _rank(role: str) -> int:
    return ROLES.index(role)


def _by_rank(limit: Limit) -> list[str]:
    return sorted(limit.roles, key=_rank)


def _limit(where: str, value: Any, faults: Faults) -> Limit | None:
    if not isinstance(value, dict):
        faults.note("policy.shape", "{where} is not a table of keys.", where=where)
        return None
    known = len(faults.found)
    documents.check_keys(where, value, allowed=ROLES, needed=(), faults=faults)
    for role, most in value.items():
        _check_measures(f"{where} {role}", most, faults)
    if len(faults.found) > known:
        return None
    return Limit(where.rsplit(" ", 1)[0], {role: dict(most) for role, most in value.items()})


def _check_measures(where: str, most: Any, faults: Faults) -> None:
    if not isinstance(most, dict):
        faults.note("policy.shape", "{where} is not a table of keys.", where=where)
        return
    documents.check_keys(where, most, allowed=MEASURES, needed=(), faults=faults)
    for measure, bound in most.items():
        is_number = isinstance(bound, int) and not isinstance(bound, bool) and bound >= 0
        if bound is not None and not is_number:
            faults.note(
                "limit.bound",
                "{where} has {measure} {bound}; it must be a whole number, or empty for no end.",
                where=where, measure=measure, bound=str(bound),
            )  # fmt: skip
