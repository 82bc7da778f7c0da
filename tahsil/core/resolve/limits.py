"""Limits: up to where a role may decide alone, and whose yes is needed above.

A limit is dated data: for each role the measures it may go up to. A measure no role's limit
names is not limited by it. Amounts are what the concession costs us, summed over the party's
last twelve months by whoever asks; nobody approves their own request (the door sees to that).
Amounts are of the limit's currency. One of another currency is within no bound but the endless:
no rate stands between them here, so it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tahsil.core.grammar import documents
from tahsil.core.grammar.authority import Verdict, allow, ask, deny
from tahsil.core.grammar.documents import Faults
from tahsil.core.grammar.money import decimal_text
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
    currency: str = ""


def parse_limits(document: dict[str, Any]) -> dict[str, Dated[Limit]]:
    """The approval limits of a policy document; refused with every fault in it."""
    found = documents.dated(document, parse=_limit, extra=("currency",), name="The approval limits")
    return {
        name: _in_currency(limits, document[name].get("currency") or "")
        for name, limits in found.items()
    }


def _in_currency(limits: Dated[Limit], currency: str) -> Dated[Limit]:
    values = tuple((day, replace(limit, currency=currency)) for day, limit in limits.values)
    return Dated(limits.name, values)


def judge(
    limit: Limit, *, roles: tuple[str, ...], asked: dict[str, int], currency: str = ""
) -> Verdict:
    """Allow where one of the actor's roles reaches that far; else ask the roles that do.

    Where no role of ours reaches, the board is asked; where it is nobody's to give, deny.
    `currency` is that of the amounts asked for.
    """
    is_foreign = currency != limit.currency and asked.get("amount_minor", 0) > 0
    held = [role for role in roles if role in limit.roles]
    for role in sorted(held, key=_rank, reverse=True):
        if not _over(limit.roles[role], asked, is_foreign=is_foreign):
            return allow(
                "limit.within", "{role} may decide {limit} up to here: {asked}.",
                role=role, limit=limit.name, asked=_said(asked, currency),
            )  # fmt: skip
    reach = tuple(
        role
        for role in _by_rank(limit)
        if not _over(limit.roles[role], asked, is_foreign=is_foreign)
    )
    if not limit.roles:
        return deny("limit.nobody", "Nobody may decide {limit}.", limit=limit.name)
    # Where only the currency stands between them and it, those who decide most are asked.
    reach = reach or ((_by_rank(limit)[-1], ABOVE) if is_foreign else (ABOVE,))
    if not held:
        return ask(
            "limit.not_yours", "{limit} is not for {roles} to decide. {who} may.",
            approvers=reach, limit=limit.name, roles=list(roles) or ["nobody"], who=list(reach),
        )  # fmt: skip
    widest = max(held, key=_rank)
    if is_foreign and not _over(limit.roles[widest], {**asked, "amount_minor": 0}):
        return _foreign(limit, asked, currency, reach)
    return ask(
        "limit.exceeded",
        "{limit} of {asked} is above what {role} may decide: {most}.",
        approvers=reach,
        limit=limit.name,
        asked=_said(asked, currency),
        role=widest,
        most=_said(limit.roles[widest], limit.currency),
    )


def _foreign(limit: Limit, asked: dict[str, int], currency: str, reach: tuple[str, ...]) -> Verdict:
    """Only the amount stands in the way, and it cannot be held against the limit's."""
    return ask(
        "limit.currency",
        "The limits of {limit} are in {limit_currency}; {amount_minor} cannot be held against "
        "them. {who} may agree.",
        approvers=reach,
        limit=limit.name,
        limit_currency=limit.currency or "-",
        amount_minor=asked["amount_minor"],
        currency=currency,
        who=list(reach),
    )


def _over(
    most: dict[str, int | None], asked: dict[str, int], *, is_foreign: bool = False
) -> list[str]:
    """The measures beyond this role's limit; a foreign amount is beyond any but the endless."""
    return [
        measure
        for measure, value in asked.items()
        if measure in most
        and (bound := most[measure]) is not None
        and (value > bound or (is_foreign and measure == "amount_minor" and value > 0))
    ]


def _said(measures: dict[str, Any], currency: str) -> list[str]:
    return [
        f"{decimal_text(value, currency)} {currency}".strip()
        if measure == "amount_minor" and value is not None
        else f"{measure} {'any' if value is None else value}"
        for measure, value in measures.items()
    ]


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
