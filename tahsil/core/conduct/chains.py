"""Prerequisites and waiting periods before an act: dates that follow from dates, then checks.

A rule of this kind lists the dates it works out (each from a fact or an earlier date), and the
checks that an intended act must pass. Where every check passes, `then` may still ask for a yes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tahsil.core.conduct import counting
from tahsil.core.conduct.conditions import holds, judge, resolve
from tahsil.core.conduct.facts import ABSENT, Case, as_day, as_names
from tahsil.core.conduct.verdict import ALLOW, ASK, DENY, Finding

DEFAULTS = {"n": 0, "unit": "day", "first_day": "excluded"}


def follows(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """The dates of the chain and what its checks say of the act; silent about other acts."""
    params = rule["params"]
    facts = as_names(params.get("about"))
    if facts and all(case.fact(path) is ABSENT for path in facts):
        return None
    if not holds(params.get("asked", ()), case):
        return None
    known: dict[str, Any] = {}
    for step in params.get("dates", ()):
        found = _date(step, case, known, params.get("calendars", {}))
        if found is not None:
            known[step["name"]] = found
    for name, (since, until) in params.get("numbers", {}).items():
        start, end = case.day_of(since), case.day_of(until)
        if start and end:
            known[name] = (end - start).days
    figures = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in known.items()
        if not key.startswith("_")
    }
    figures |= {key: resolve(value, case, known) for key, value in params.get("tells", {}).items()}
    return _checked(params, case, known, figures)


def _checked(
    params: Mapping[str, Any], case: Case, known: dict[str, Any], figures: dict[str, Any]
) -> Finding:
    reasons: list[str] = []
    missing: list[str] = []
    strict, legal = ALLOW, ""
    for check in params.get("checks", ()):
        if not holds(check.get("asked", ()), case, known):
            continue
        told, lacking = judge(check["fires"], case, known, any_of=check.get("any", False))
        if told is None and check.get("absent") != "pass":
            missing.extend(lacking)
        if not told:
            continue
        effect = check.get("effect", DENY)
        reasons.append(check["code"])
        strict = DENY if DENY in (strict, effect) else ASK if ASK in (strict, effect) else ALLOW
        legal = legal or check.get("legal_effect", "")
        figures |= check.get("tells", {})
        if check.get("final"):
            break
    if strict == DENY or reasons:
        return Finding(strict, tuple(reasons), legal, figures)
    if missing:
        return Finding(ASK, (), "missing_facts", figures, tuple(dict.fromkeys(missing)))
    then = params.get("then")
    if then and holds(then.get("asked", ()), case, known):
        code = (then["code"],) if then.get("code") and not then.get("quiet") else ()
        return Finding(then["effect"], code, then.get("legal_effect", ""), figures)
    return Finding(ALLOW, (), params.get("passes", ""), figures)


def _date(
    step: Mapping[str, Any], case: Case, known: Mapping[str, Any], calendars: Mapping[str, Any]
) -> date | None:
    if not holds(step.get("asked", ()), case, known):
        return None
    for choose, pick in (("latest_of", max), ("earliest_of", min)):
        if choose in step:
            ends = [day for name in step[choose] if (day := _known(name, case, known))]
            return pick(ends) if ends else None
    start = next((day for name in as_names(step["of"]) if (day := _known(name, case, known))), None)
    if start is None:
        return None
    how = {key: step.get(key, default) for key, default in DEFAULTS.items()}
    how["n"] = resolve(how["n"], case, known)
    if how["n"] in (ABSENT, None):
        return None
    days = None
    if how["unit"] == "business_day":
        own = {
            key: case.raw[name]
            for key, name in (("weekly_rest", "rest_days"), ("holidays", "holidays"))
            if name in case.raw
        }
        days = counting.Days({**calendars[step["calendar"]], **own})
    end = counting.last_day(start, calendar=days, **how) if how["n"] else start
    return end + timedelta(days=step.get("plus", 0))


def _known(name: str, case: Case, known: Mapping[str, Any]) -> date | None:
    if name in known:
        return as_day(known[name], name)
    return case.day_of(name)
