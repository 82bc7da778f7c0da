"""Stops: a medium refused, contact ceased, an attorney, a hold until something is settled; persons.

Each binds from the moment it is received and for any debt, unless the rule says otherwise; the
acts still allowed are data of the rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tahsil.core.conduct import counting
from tahsil.core.conduct.conditions import judge
from tahsil.core.conduct.facts import Case, Happening, as_names
from tahsil.core.conduct.verdict import ASK, DENY, Finding
from tahsil.core.conduct.windows import replied


def media(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """A medium or an address the person asked us not to use."""
    params = rule["params"]
    act = case.proposed
    if not case.is_contact or act is None:
        return None
    missing: tuple[str, ...] = ()
    for stop in case.standing("media_stop"):
        if not _same_medium(stop.channel, act.channel, params):
            continue
        if stop.get("address") and not act.get("address"):
            missing = ("proposed.address",)
            continue
        if stop.get("address") and stop.get("address") != act.get("address"):
            continue
        if _still_allowed(params, case, act):
            return Finding(legal_effect="exception_applies")
        if replied(case):
            return Finding(reasons=(params["reply"],), legal_effect="exception_applies")
        return _denied(rule)
    return Finding(ASK, (), "missing_facts", missing=missing) if missing else Finding()


def cease(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """After a written wish that contact cease, only what the rule still allows."""
    params, act = rule["params"], case.proposed
    if not case.is_contact or act is None:
        return None
    stops = [
        fact for fact in case.standing(*params["triggers"]) if fact.get("written") is not False
    ]
    if not stops:
        return Finding()
    purpose = str(act.get("purpose", ""))
    if any(part in purpose for part in params["still_allowed"]):
        return Finding(legal_effect="exception_applies")
    return _denied(rule)


def attorney(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """A represented consumer is reached through the attorney."""
    params, act = rule["params"], case.proposed
    if not case.is_contact or act is None or act.person in params["others"]:
        return None
    debts = set(act.listed("debts"))
    known = [
        fact
        for fact in case.standing(*params["triggers"])
        if not fact.listed("debts") or not debts or debts & set(fact.listed("debts"))
    ]
    if not known:
        return Finding()
    if any(True for _ in case.standing(*params["until"])):
        return Finding()
    if replied(case):
        return Finding(reasons=(params["reply"],), legal_effect="exception_applies")
    silent = [fact for fact in case.standing(*_kinds(case)) if _is_silent(fact)]
    if silent or any(fact.get("attorney_silent_days") for fact in known):
        return Finding(ASK, (params["silent_code"],), "undefined_standard")
    if any(fact.get("attorney_contact_known") is False for fact in known):
        return Finding(
            ASK,
            (params.get("code", rule["id"]),),
            "missing_facts",
            missing=("state.attorney_contact",),
        )
    return _denied(rule)


def hold(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """Contact waits from a trigger until it is settled."""
    params, act = rule["params"], case.proposed
    if not case.is_contact or act is None:
        return None
    if params.get("channels") and act.channel not in params["channels"]:
        return None
    concerned, unsaid = judge(params.get("asked", ()), case)
    if concerned is False:
        return None
    debts = set(act.listed("debts"))
    opened = [
        fact
        for fact in case.standing(*params["triggers"])
        if (not fact.listed("debts") or not debts or debts & set(fact.listed("debts")))
        and _in_time(fact, params, case)
        and _about(fact, params)
    ]
    if not opened:
        return Finding() if not params.get("quiet") else None
    if unsaid:
        return Finding(ASK, (), "missing_facts", missing=unsaid)
    settled = max((fact.at for fact in case.standing(*params["until"]) if fact.at), default=None)
    if settled and all(fact.at and fact.at <= settled for fact in opened):
        return Finding()
    if any(fact.get("status") in ("resolved", "closed") for fact in opened):
        return Finding()
    words = (str(act.get("purpose", "")), str(act.get("doc", "")))
    if any(part in word for part in params.get("still_allowed", ()) for word in words):
        return Finding(legal_effect="exception_applies")
    return _denied(rule)


def persons(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """Only the persons named; others at most once and to find where the consumer lives."""
    params, act = rule["params"], case.proposed
    if not case.is_contact or act is None or act.get("to") is None:
        return None
    if params.get("channels") and act.channel not in params["channels"]:
        return None
    who = act.person.partition(":")[0]
    if who in params["allowed"]:
        return Finding(legal_effect=params.get("passes", ""))
    if params.get("only") is not None and who not in params["only"]:
        return None
    if act.get("purpose") != "location_information" or "once_code" not in params:
        return _denied(rule)
    spoken = [
        event
        for event in case.before()
        if event.person == act.person and event.get("outcome") == "conversation"
    ]
    if not spoken or act.get("requested_by_person") or "request" in str(act.get("reason", "")):
        return Finding(legal_effect=params.get("passes", ""))
    answer = str(spoken[-1].get("answer", ""))
    if any(part in answer for part in params["answer_doubted"]):
        return Finding(legal_effect=params.get("passes", ""))
    return Finding(DENY, (params["once_code"],), params.get("legal_effect", ""))


def validation_end(sent: date, params: Mapping[str, Any]) -> tuple[date, date]:
    """The day a notice is taken to have arrived, and the last day of the period it opens."""
    days = counting.Days(params["calendar"])
    receipt = counting.last_day(sent, n=params["receipt_days"], unit="business_day", calendar=days)
    return receipt, counting.last_day(receipt, n=params["period_days"])


def _about(fact: Happening, params: Mapping[str, Any]) -> bool:
    """A statement triggers the hold where it says so; a trigger of its own kind always does."""
    if "says" not in params or fact.get("said") is None:
        return "says" not in params or not fact.get("rule")
    return any(part in word for word in fact.listed("said") for part in params["says"])


def _in_time(fact: Happening, params: Mapping[str, Any], case: Case) -> bool:
    """A dispute counts where it came within the period, or where the notice is not on record."""
    if "within" not in params:
        return True
    sent = [notice.day for notice in case.standing(params["within"]["after"]) if notice.day]
    if not sent or not fact.day:
        return True
    return fact.day <= validation_end(max(sent), params["within"])[1]


def _same_medium(stopped: str, used: str, params: Mapping[str, Any]) -> bool:
    families = params.get("families", {})
    return not stopped or stopped == used or used in families.get(stopped, ())


def _still_allowed(params: Mapping[str, Any], case: Case, act: Happening) -> bool:
    content = act.listed("content")
    if content and set(content) <= set(params["confirmation"]):
        return not any(
            event.is_out and set(event.listed("content")) & set(params["confirmation"])
            for event in case.before()
        )
    return any(part in str(act.get("purpose", "")) for part in params["still_allowed"])


def _is_silent(fact: Happening) -> bool:
    """True where the attorney was asked and has not answered."""
    if fact.kind == "attorney_contacted":
        return not fact.get("responded")
    return "silent" in fact.kind or "no_response" in fact.kind or bool(fact.get("silent_since"))


def _kinds(case: Case) -> tuple[str, ...]:
    return as_names(sorted({fact.kind for fact in case.state}))


def _denied(rule: Mapping[str, Any]) -> Finding:
    params = rule["params"]
    code = params.get("code", rule["id"])
    return Finding(rule.get("effect", DENY), (code,), params.get("legal_effect", ""))
