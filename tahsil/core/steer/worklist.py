"""Worklist: the cases a person should work today, in order, with the reason on each line.

An account is on the list for every reason that holds; the weightiest decides its place, then
the hour agreed, then the arrears. Reasons and weights are data (policies/worklist.yaml). A next
step ahead keeps an account off the list until that day, unless the reason breaks through.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tahsil.core.grammar import documents
from tahsil.core.grammar.authority import Reason
from tahsil.core.grammar.columns import Columns
from tahsil.core.grammar.documents import Faults
from tahsil.core.grammar.policy import Dated
from tahsil.core.steer import conditions
from tahsil.core.steer.conditions import Condition, Tried
from tahsil.core.steer.facts import NO_HOUR, NONE_DAYS, VOCABULARY, Facts

REASONS = (
    "bounced", "promise_broken", "promise_due", "callback", "query", "next_step", "first_late",
    "big_line_ahead", "late_31_60", "before_legal", "no_contact", "late",
)  # fmt: skip
OBSTACLES = ("next_step", "hold")
KEYS = ("code", "weight", "when", "template", "despite")
POINTS = 1_000_000  # places inside one hour of one weight
HOURS = 10_000  # minutes of the day inside one weight


@dataclass(frozen=True)
class ReasonRule:
    """Why an account may be on the list, how much that weighs, and what it breaks through."""

    code: str
    weight: int
    when: tuple[Condition, ...]
    template: str
    despite: tuple[str, ...] = ()


@dataclass(frozen=True)
class Order:
    """The reasons, and how many minor units of arrears make one point inside a reason."""

    name: str
    reasons: tuple[ReasonRule, ...]
    point_minor: int


@dataclass(frozen=True)
class Worklist(Columns):
    """Accounts to work, first one first; bit i of `reasons` is reason i of the order."""

    account_id: np.ndarray
    priority: np.ndarray
    reasons: np.ndarray


@dataclass(frozen=True)
class LineAnswer:
    """Why one account is or is not on the list: its reasons, what keeps it off, every test."""

    is_listed: bool
    priority: int
    reasons: tuple[Reason, ...]
    kept_off: tuple[Reason, ...]
    tests: dict[str, tuple[Tried, ...]]


def worklist(order: Order, facts: Facts) -> Worklist:
    """The accounts with a reason today, by priority, then by account id."""
    priority, reasons = priorities(order, facts)
    listed = np.flatnonzero(reasons)
    ranked = listed[np.lexsort((facts.account_id[listed], -priority[listed]))]
    return Worklist(facts.account_id[ranked], priority[ranked], reasons[ranked])


def priorities(order: Order, facts: Facts) -> tuple[np.ndarray, np.ndarray]:
    """Per account its priority and its reasons as bits; both 0 where it is not on the list."""
    weight = np.zeros(len(facts), dtype=np.int64)
    reasons = np.zeros(len(facts), dtype=np.int64)
    is_ahead = (facts.next_step_days > 0) & (facts.next_step_days < NONE_DAYS)
    for bit, reason in enumerate(order.reasons):
        holds = conditions.all_hold(reason.when, facts)
        if "next_step" not in reason.despite:
            holds &= ~is_ahead
        if "hold" not in reason.despite:
            holds &= ~facts.on_hold
        reasons |= holds.astype(np.int64) << bit
        weight = np.where(holds, np.maximum(weight, reason.weight), weight)
    hour = np.where(facts.callback_days <= 0, NO_HOUR - facts.callback_minute, 0)
    points = np.clip(facts.overdue_base_minor // order.point_minor, 0, POINTS - 1)
    priority = (weight * HOURS + np.clip(hour, 0, NO_HOUR)) * POINTS + points
    return np.where(reasons > 0, priority, 0), reasons


def codes_of(order: Order, reasons: int) -> list[str]:
    """The codes of the reasons whose bits are set, weightiest first."""
    return [rule.code for rule in _held(order, reasons)]


def sentences(order: Order, reasons: int, facts_of_one: dict[str, Any]) -> list[Reason]:
    """The reasons whose bits are set, weightiest first, each with the facts of its sentence."""
    return [_reason(rule, facts_of_one) for rule in _held(order, reasons)]


def explain(order: Order, facts: Facts, account_id: int) -> LineAnswer:
    """Why this account is or is not on the list, with every test and the value found."""
    one = facts.take(np.flatnonzero(facts.account_id == account_id))
    assert len(one) == 1, "one account is explained at a time"
    priority, reasons = priorities(order, one)
    row = next(one.rows())
    bits = int(reasons[0])
    return LineAnswer(
        bits > 0,
        int(priority[0]),
        tuple(sentences(order, bits, row)),
        tuple(_kept_off(row)),
        {rule.code: tuple(conditions.tried(rule.when, row)) for rule in order.reasons},
    )


def parse(document: dict[str, Any]) -> dict[str, Dated[Order]]:
    """The orders of a policy document; refused with every fault in it."""
    return documents.dated(document, parse=_order, extra=("currency",), name="The worklist order")


def _held(order: Order, reasons: int) -> list[ReasonRule]:
    held = [rule for bit, rule in enumerate(order.reasons) if reasons >> bit & 1]
    return sorted(held, key=lambda rule: -rule.weight)


def _reason(rule: ReasonRule, facts_of_one: dict[str, Any]) -> Reason:
    named = {name: facts_of_one[name] for name in VOCABULARY if f"{{{name}}}" in rule.template}
    return Reason(f"worklist.{rule.code}", rule.template, named)


def _kept_off(row: dict[str, Any]) -> list[Reason]:
    found = []
    if 0 < row["next_step_days"] < NONE_DAYS:
        found.append(
            Reason(
                "worklist.next_step_ahead",
                "The next step is in {next_step_days} days; until then it stays off the list.",
                {"next_step_days": row["next_step_days"]},
            )
        )
    if row["on_hold"]:
        found.append(Reason("worklist.on_hold", "A hold of treatments runs today."))
    return found


def _order(where: str, value: Any, faults: Faults) -> Order | None:
    entries = value.get("reasons") if isinstance(value, dict) else None
    if not isinstance(entries, list):
        faults.note("worklist.shape", "{where} has no list of reasons.", where=where)
        return None
    known = len(faults.found)
    keys = ("point_minor", "reasons")
    documents.check_keys(where, value, allowed=keys, needed=keys, faults=faults)
    point = value.get("point_minor")
    if point is not None and (type(point) is not int or point < 1):
        faults.note("worklist.point", "{where} needs a point_minor of 1 or more.", where=where)
    rules = [_rule(where, entry, faults) for entry in entries]
    codes = [rule.code for rule in rules if rule]
    for code in dict.fromkeys(code for code in codes if codes.count(code) > 1):
        faults.note("worklist.duplicate", "{where} has {reason} twice.", where=where, reason=code)
    if len(faults.found) > known:
        return None
    return Order(
        where.rsplit(" ", 1)[0], tuple(rule for rule in rules if rule), value["point_minor"]
    )


def _rule(where: str, entry: Any, faults: Faults) -> ReasonRule | None:
    if not isinstance(entry, dict):
        faults.note("worklist.shape", "{where} has no list of reasons.", where=where)
        return None
    place, known = f"{where} {entry.get('code')}", len(faults.found)
    documents.check_keys(place, entry, allowed=KEYS, needed=KEYS[:4], faults=faults)
    when = conditions.parse(place, entry.get("when", []), faults)
    if entry.get("code") not in REASONS:
        faults.note(
            "worklist.unknown_reason", "{where} is not a reason. There is: {reasons}.",
            where=place, reasons=list(REASONS),
        )  # fmt: skip
    weight = entry.get("weight")
    if type(weight) is not int or not 0 < weight <= 1000:
        faults.note("worklist.weight", "{where} needs a weight from 1 to 1000.", where=place)
    despite = entry.get("despite", [])
    if not isinstance(despite, list) or set(despite) - set(OBSTACLES):
        faults.note(
            "worklist.despite", "{where} may break through {obstacles} only.",
            where=place, obstacles=list(OBSTACLES),
        )  # fmt: skip
    if len(faults.found) > known:
        return None
    return ReasonRule(entry["code"], entry["weight"], when, entry["template"], tuple(despite))
