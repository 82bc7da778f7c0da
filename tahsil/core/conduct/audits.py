"""Judging a log instead of an act: the calls counted to each debt, and whether a cap was passed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tahsil.core.conduct.counted import (
    Counted,
    calls,
    consent_for,
    groups,
    over,
    talked_about,
    totals,
)
from tahsil.core.conduct.facts import Case, Happening, as_day
from tahsil.core.conduct.verdict import ALLOW, DENY, Finding


def audited(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """What the log of the days asked about amounts to under the cap and the quiet period."""
    asked = case.raw.get("audit")
    if not isinstance(asked, Mapping):
        return None
    params = rule["params"]
    since, until = as_day(asked["from"], "audit.from"), as_day(asked["to"], "audit.to")
    person = asked.get("person", "consumer")
    past = [event for event in case.history if event.person == person]
    found = calls(case, params, past)
    debts = list(dict.fromkeys(groups(case).values()))
    figures = _figures(case, found, debts, since, until)
    last = [event for event in past if event.is_out and event.channel and event.day]
    if last:
        figures["last_call_counts"] = any(
            call.event is last[-1] and not call.excluded for call in found
        )
    reasons = []
    if _passed(found, debts, since, until, params):
        reasons.append(params["code"])
    if _broke_quiet(case, past, found, since, until, params):
        reasons.append(params["quiet_code"])
    content = [
        code
        for word, code in params["content"].items()
        if any(word in flag for event in past for flag in event.listed("content_flags"))
    ]
    if reasons:
        figures["audit"] = "presumed_violation"
        return Finding(DENY, (*reasons, *content), "presumption_of_violation", figures)
    if content:
        figures["audit"] = "presumed_compliance_frequency_only"
        return Finding(DENY, tuple(content), "violation", figures)
    figures["audit"] = "presumed_compliance"
    return Finding(ALLOW, (), "presumption_of_compliance", figures)


def _figures(
    case: Case, found: list[Counted], debts: list[str], since: date, until: date
) -> dict[str, Any]:
    sums = totals(found, debts, since, until)
    figures: dict[str, Any] = {"counted_calls": {debt: sums[debt] for debt in debts}}
    inside = [call for call in found if since <= call.day <= until]
    free = [call for call in inside if call.one_of and not call.excluded]
    if len(free) == 1:
        fixed = totals([call for call in inside if not call.one_of], debts, since, until)
        figures["counted_calls_one_of"] = [
            {debt: fixed[debt] + (debt == chosen) for debt in debts}
            for chosen in debts
            if chosen in free[0].one_of
        ]
    left_out = [call for call in inside if call.excluded]
    if left_out:
        figures["excluded_calls"] = {
            debt: sum(debt in call.fixed | call.one_of for call in left_out) for debt in debts
        }
        first = left_out[0]
        period = consent_for(case, first.event, first.fixed | first.one_of)
        if period:
            figures["consent_period"] = [day.isoformat() for day in period]
    talks = [
        talked_about(event, groups(case))
        for event in case.history
        if event.day and since <= event.day <= until
    ]
    if any(talks):
        figures["conversations"] = {debt: sum(debt in talk for talk in talks) for debt in debts}
    return figures


def _passed(
    found: list[Counted], debts: list[str], since: date, until: date, params: Mapping[str, Any]
) -> bool:
    """True where any window ending in the days asked about holds more calls than the cap."""
    width = params["window_days"] - 1
    day = since + timedelta(days=width) if until - since >= timedelta(days=width) else until
    while day <= until:
        sums = totals(found, debts, max(since, day - timedelta(days=width)), day)
        if any(over(sums[debt], params) for debt in debts):
            return True
        day += timedelta(days=1)
    return False


def _broke_quiet(
    case: Case,
    past: list[Happening],
    found: list[Counted],
    since: date,
    until: date,
    params: Mapping[str, Any],
) -> bool:
    """True where a call followed a conversation about its debt too soon."""
    groups_of = groups(case)
    for call in found:
        if call.excluded or not since <= call.day <= until:
            continue
        for event in past:
            if event is call.event or not event.at or not event.day or not call.event.at:
                continue
            free = event.day + timedelta(days=params["quiet_days"])
            about = talked_about(event, groups_of) & call.fixed
            if about and event.instant < call.event.instant and call.day < free:
                return True
    return False
