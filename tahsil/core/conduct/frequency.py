"""How often: caps over calendar-day windows, quiet after a conversation, patterns to watch.

A window of seven days is the day of the call and the six before it, by the consumer's calendar;
the day of a conversation is the first of its quiet days.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tahsil.core.conduct.counted import (
    Counted,
    calls,
    consent_for,
    debts_of,
    groups,
    over,
    soften,
    talked_about,
    totals,
)
from tahsil.core.conduct.facts import Case, Happening
from tahsil.core.conduct.verdict import ALLOW, ASK, DENY, Finding
from tahsil.core.conduct.windows import is_same_call


def capped(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """Above the cap with the intended call: the rule's effect, softened where a factor stands."""
    params = rule["params"]
    call = case.proposed
    if not case.is_contact or call is None or is_same_call(case):
        return None
    if params.get("per") != "debt":
        return _simple_cap(rule, case, call)
    past = [event for event in case.before() if event.person == call.person]
    found = calls(case, params, past)
    debts = sorted(debts_of(case, call))
    if call.channel not in params["unit"]["channels"]:
        return _beside(params, case, found, debts)
    if call.day is None:
        return Finding(ASK, (), "missing_facts", missing=("proposed.at",))
    if consent_for(case, call, frozenset(debts)):
        return Finding(ALLOW, (), params.get("passes", ""), {"excluded_by": "prior_consent"})
    first, counts = _window(found, debts, call.day, params)
    figures: dict[str, Any] = {
        "window": [first.isoformat(), call.day.isoformat()],
        "counted_calls_including_proposed": {debt: counts[debt] + 1 for debt in debts},
    }
    if not any(over(counts[debt] + 1, params) for debt in debts):
        legal = params.get("passes", "") if found or _talked(past) else ""
        return Finding(legal_effect=legal, figures=figures)
    figures["next_allowed_date"] = _next(found, debts, call.day, params).isoformat()
    return presumed(rule, case, figures)


def quiet(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """No call within so many days of a conversation about the debt, its day being the first."""
    params, call = rule["params"], case.proposed
    if not case.is_contact or call is None or call.channel not in params["unit"]["channels"]:
        return None
    if call.day is None or is_same_call(case):
        return None
    groups_of = groups(case)
    debts = debts_of(case, call)
    if consent_for(case, call, debts):
        return None
    days = params["days"]
    talks = [
        event.day
        for event in case.before()
        if event.day and event.person == call.person and talked_about(event, groups_of) & debts
    ]
    free = max((day + timedelta(days=days) for day in talks), default=None)
    if free is None or call.day >= free:
        return Finding(legal_effect=params.get("passes", "") if talks else "")
    return presumed(rule, case, {"next_allowed_date": free.isoformat()})


def presumed(rule: Mapping[str, Any], case: Case, figures: Mapping[str, Any]) -> Finding:
    """A presumed violation, or a matter of approval where a listed factor speaks against it."""
    params, code = rule["params"], rule["params"].get("code", rule["id"])
    factor = soften(params, case)
    if factor:
        legal = f"{params['legal_effect']}_with_rebuttal_factor"
        return Finding(ASK, (code, factor), legal, figures)
    return Finding(rule.get("effect", DENY), (code,), params.get("legal_effect", ""), figures)


def watched(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """Patterns within the caps that would rebut them: haste, crowding, earlier conduct, words."""
    params, call = rule["params"], case.proposed
    if not case.is_contact or call is None or call.channel not in params["channels"] or not call.at:
        return None
    if is_same_call(case):
        return None
    past = [event for event in case.before() if event.person == call.person]
    made = [
        event
        for event in past
        if event.is_out
        and event.at
        and _same_line(event, call)
        and event.channel in params["channels"]
        and event.get("outcome") not in params["unconnected"]
    ]
    reasons = []
    silent = [event for event in made if event.get("outcome") != "conversation"]
    if any(_gap(event, call) <= params["rapid"]["minutes"] for event in silent):
        reasons.append(params["rapid"]["code"])
    today = [event for event in made if event.day == call.day]
    if len(today) + 1 >= params["concentrated"]["count"]:
        reasons.append(params["concentrated"]["code"])
    flags = {
        word
        for event in past
        if event.is_out
        for word in (*event.listed("flags"), *event.listed("content_flags"))
    }
    if any(part in flag for flag in flags for part in params["conduct"]["flags"]):
        reasons.append(params["conduct"]["code"])
    said = {word for event in past for word in event.listed("consumer_said")}
    if any(part in word for word in said for part in params["statement"]["says"]):
        reasons.append(params["statement"]["code"])
    if not reasons:
        return Finding()
    return Finding(rule.get("effect", ASK), tuple(reasons), params.get("legal_effect", ""))


def crowded(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """So many messages and calls a day over several days, unanswered, that together they harass."""
    params, call = rule["params"], case.proposed
    if not case.is_contact or call is None or call.day is None:
        return None
    first = call.day - timedelta(days=params["window_days"] - 1)
    recent = [event for event in case.before() if event.day and event.day >= first]
    heard = [event.at for event in recent if not event.is_out and event.at]
    made = [
        event
        for event in recent
        if event.is_out
        and event.channel
        and event.person == call.person
        and not (heard and event.at and event.at < max(heard))
    ]
    per_day: dict[date, int] = {}
    for event in made:
        assert event.day
        per_day[event.day] = per_day.get(event.day, 0) + 1
    heavy = sum(count >= params["per_day"] for count in per_day.values())
    written = any(event.channel not in params["calls"] for event in (*made, call))
    if heavy >= params["days"] and written and any(e.channel not in params["calls"] for e in made):
        return Finding(rule.get("effect", ASK), (params["code"],), params.get("legal_effect", ""))
    return Finding()


def _simple_cap(rule: Mapping[str, Any], case: Case, call: Happening) -> Finding | None:
    """A cap counted per product, per place or per person, without attribution."""
    params = rule["params"]
    if call.channel not in params["unit"]["channels"] or not _here(call, params):
        return None
    if call.day is None:
        return Finding(ASK, (), "missing_facts", missing=("proposed.at",))
    key = params.get("per")
    first = call.day - timedelta(days=params["window_days"] - 1)
    made = [
        one.event
        for one in calls(case, params, case.before())
        if one.day >= first
        and (not key or _same(one.event, call, key))
        and _here(one.event, params)
    ]
    code, certain = params.get("code", rule["id"]), params.get("certain")
    sure = [event for event in made if not certain or event.get("outcome") in certain]
    if over(len(sure) + 1, params):
        free = None if params.get("forever") else _free(sure, call.day, params).isoformat()
        figures = {"next_allowed_date": free} if free else {}
        return Finding(rule.get("effect", DENY), (code,), params.get("legal_effect", ""), figures)
    if over(len(made) + 1, params):
        return Finding(ASK, (params["unsure_code"],), params.get("unsure_effect", ""))
    return Finding(legal_effect=params.get("passes", ""))


def _here(event: Happening, params: Mapping[str, Any]) -> bool:
    place = event.get("place") or "home"
    if "places" in params:
        return place in params["places"]
    return place not in params.get("not_places", ())


def _same(event: Happening, call: Happening, key: str) -> bool:
    if event.get(key) is None or call.get(key) is None:
        return True  # of which product is not said, so it may be this one
    return event.get(key) == call.get(key)


def _beside(
    params: Mapping[str, Any], case: Case, found: list[Counted], debts: list[str]
) -> Finding | None:
    """A message is no call; said where the cap for calls is used up."""
    call = case.proposed
    if not call or call.day is None or call.channel not in params.get("beside", ()):
        return None
    counts = _window(found, debts, call.day, params)[1]
    if not any(over(counts[debt] + 1, params) for debt in debts):
        return None
    return Finding(legal_effect="not_counted_in_call_cap", figures={"watch": params["watch"]})


def _window(
    found: list[Counted], debts: list[str], day: date, params: Mapping[str, Any]
) -> tuple[date, dict[str, int]]:
    first = day - timedelta(days=params["window_days"] - 1)
    return first, totals(found, debts, first, day)


def _next(found: list[Counted], debts: list[str], day: date, params: Mapping[str, Any]) -> date:
    while True:
        counts = _window(found, debts, day, params)[1]
        if not any(over(counts[debt] + 1, params) for debt in debts):
            return day
        day += timedelta(days=1)


def _free(made: list[Happening], day: date, params: Mapping[str, Any]) -> date:
    while True:
        first = day - timedelta(days=params["window_days"] - 1)
        if not over(sum(first <= event.day <= day for event in made if event.day) + 1, params):
            return day
        day += timedelta(days=1)


def _talked(past: list[Happening]) -> bool:
    return any(event.get("outcome") == "conversation" for event in past)


def _same_line(event: Happening, call: Happening) -> bool:
    one, other = event.get("address"), call.get("address")
    return not one or not other or one == other


def _gap(event: Happening, call: Happening) -> float:
    assert event.at
    assert call.at
    return (call.instant - event.instant).total_seconds() / 60
