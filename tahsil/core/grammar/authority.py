"""Verdicts: may this be done, must somebody agree first, and why.

One type answers permission, compliance and approval. Verdicts combine by the strictest.
A grant is a verb pattern with a scope; a limit asks for another person's yes above an amount.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from tahsil.core.grammar.refusal import say


class Answer(IntEnum):
    """The stricter answer is the larger number."""

    ALLOW = 0
    ASK = 1
    DENY = 2


@dataclass(frozen=True)
class Reason:
    """One reason for a verdict: code, sentence template, facts."""

    code: str
    template: str
    facts: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return say(self.template, self.facts)


@dataclass(frozen=True)
class Verdict:
    """The answer with every reason; `approvers` are the roles whose yes is still missing."""

    answer: Answer
    reasons: tuple[Reason, ...]
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grant:
    """A role lets its holder do verbs like `pattern` within `scope`.

    Scopes, widest first: all, creditor, project, team, own. `places` names the creditors or
    projects a scope of that kind covers.
    """

    role: str
    pattern: str
    scope: str
    places: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Reach:
    """Where a subject stands: whose account it is, in which team, project and creditor."""

    owner_id: int | None = None
    team_id: int | None = None
    project_ids: frozenset[int] = frozenset()
    creditor_id: int | None = None


@dataclass(frozen=True)
class Standing:
    """Who asks: their id, their teams, the grants their roles carry."""

    actor_id: int
    name: str
    team_ids: frozenset[int]
    grants: tuple[Grant, ...]


def allow(code: str, template: str, **facts: Any) -> Verdict:
    """A verdict that lets it be done."""
    return Verdict(Answer.ALLOW, (Reason(code, template, facts),))


def deny(code: str, template: str, **facts: Any) -> Verdict:
    """A verdict that forbids it."""
    return Verdict(Answer.DENY, (Reason(code, template, facts),))


def ask(code: str, template: str, *, approvers: tuple[str, ...], **facts: Any) -> Verdict:
    """A verdict that needs the yes of somebody in one of these roles."""
    return Verdict(Answer.ASK, (Reason(code, template, facts),), approvers)


def strictest(*verdicts: Verdict) -> Verdict:
    """The strictest of the answers, with the reasons of all that gave it."""
    worst = max(verdict.answer for verdict in verdicts)
    agreeing = [verdict for verdict in verdicts if verdict.answer == worst]
    return Verdict(
        worst,
        tuple(reason for verdict in agreeing for reason in verdict.reasons),
        tuple(dict.fromkeys(role for verdict in agreeing for role in verdict.approvers)),
    )


def can(standing: Standing, verb: str, reach: Reach | None) -> Verdict:
    """Whether this actor may do this to a subject that stands there; no reach means no subject."""
    held = [grant for grant in standing.grants if _fits(verb, grant.pattern)]
    for grant in held:
        if reach is None or within(grant, standing, reach):
            return allow(
                "grant.held", "{role} may {verb} ({scope}).",
                role=grant.role, verb=verb, scope=grant.scope,
            )  # fmt: skip
    if held:
        return deny(
            "grant.scope",
            "{verb} is granted to {actor}, but only for {scopes} accounts.",
            verb=verb,
            actor=standing.name,
            scopes=sorted({grant.scope for grant in held}),
        )
    return deny("grant.none", "No role of {actor} grants {verb}.", actor=standing.name, verb=verb)


@lru_cache(maxsize=8192)
def _fits(verb: str, pattern: str) -> bool:
    """Whether the pattern means the verb; a page asks this a thousand times."""
    return fnmatchcase(verb, pattern)


def within(grant: Grant, standing: Standing, reach: Reach) -> bool:
    """Whether the grant's scope covers a subject that stands there."""
    if grant.scope == "all":
        return True
    if grant.scope == "creditor":
        return reach.creditor_id in grant.places
    if grant.scope == "project":
        return bool(reach.project_ids & grant.places)
    if grant.scope == "team":
        return reach.team_id in standing.team_ids or reach.owner_id == standing.actor_id
    return reach.owner_id == standing.actor_id
