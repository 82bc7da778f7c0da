"""Conditions of a rule: [fact, comparison, value], true, false, or unknown where a fact is missing.

A value that begins with @ names a figure the rule has worked out, or another fact of the case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from tahsil.core.conduct.facts import ABSENT, Case, as_day, as_names
from tahsil.core.conduct.verdict import ASK, DENY, Finding
from tahsil.core.grammar.refusal import Refused

Known = Mapping[str, Any]


def bans(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """A plain prohibition: silent unless asked about, then fired by its conditions or passed."""
    params = rule["params"]
    if not holds(params.get("asked", ()), case):
        return None
    exempt = [test for test in params.get("unless", ()) if holds([test], case)]
    told, missing = judge(params["fires"], case, any_of=params.get("any", False))
    tells = params.get("tells", {})
    if exempt or told is False:
        return Finding(legal_effect=params.get("passes", ""), figures=params.get("passing", {}))
    if told is None:
        if params.get("absent") == "pass":
            return None
        return Finding(ASK, legal_effect="missing_facts", missing=missing)
    return Finding(
        rule.get("effect", DENY),
        (params.get("code", rule["id"]),),
        params.get("legal_effect", ""),
        figures={key: resolve(value, case, {}) for key, value in tells.items()},
    )


def holds(tests: Iterable[Any], case: Case, known: Known | None = None) -> bool:
    """True where every condition is met; an unknown one is not."""
    return judge(tests, case, known)[0] is True


def judge(
    tests: Iterable[Any], case: Case, known: Known | None = None, *, any_of: bool = False
) -> tuple[bool | None, tuple[str, ...]]:
    """True, false or unknown over the conditions, and the facts missing for knowing."""
    found, missing = [], []
    for path, comparison, *value in tests:
        told = _test(path, comparison, value[0] if value else None, case, known or {})
        found.append(told)
        if told is None:
            at = value[0] if value else None
            lacking = (
                isinstance(at, str) and at[:1] == "@" and resolve(at, case, known or {}) is ABSENT
            )
            missing.append(at[1:] if lacking and isinstance(at, str) else path)
    decided = any(one is True for one in found) if any_of else all(one is True for one in found)
    if decided:
        return True, ()
    against = all(one is False for one in found) if any_of else any(one is False for one in found)
    return (False, ()) if against else (None, tuple(missing))


def resolve(value: Any, case: Case, known: Known) -> Any:
    """The value, or what a text beginning with @ stands for."""
    if not (isinstance(value, str) and value.startswith("@")):
        return value
    return known[value[1:]] if value[1:] in known else case.fact(value[1:])


def _test(path: str, comparison: str, value: Any, case: Case, known: Known) -> bool | None:
    fact = known[path] if path in known else case.fact(path)
    if comparison == "present":
        return fact not in (ABSENT, None, "")
    if comparison == "missing":
        return fact is ABSENT
    if comparison == "unset":  # recorded as not there, which differs from not recorded
        return None if fact is ABSENT else fact in (None, "", False)
    wanted = resolve(value, case, known)
    if fact is ABSENT or wanted is ABSENT or (fact is None and comparison not in ("is", "not")):
        return None
    return COMPARISONS[comparison](fact, wanted)


def as_number(value: Any) -> Decimal:
    """The exact number of a fact; refused where it is none."""
    try:
        return Decimal(str(value))
    except InvalidOperation as unread:
        raise Refused("conduct.number", "{text} is not a number.", text=str(value)) from unread


def _days(fact: Any, wanted: Any) -> tuple[date, date]:
    return as_day(fact, "fact"), as_day(wanted, "rule")


def _says(fact: Any, wanted: Any) -> bool:
    return any(part in word for word in as_names(fact) for part in as_names(wanted))


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda fact, wanted: fact == wanted,
    "not": lambda fact, wanted: fact != wanted,
    "in": lambda fact, wanted: fact in wanted,
    "not_in": lambda fact, wanted: fact not in wanted,
    "has": lambda fact, wanted: bool(set(as_names(fact)) & set(as_names(wanted))),
    "lacks": lambda fact, wanted: not set(as_names(fact)) & set(as_names(wanted)),
    "lacks_any": lambda fact, wanted: not set(as_names(wanted)) <= set(as_names(fact)),
    "says": _says,
    "below": lambda fact, wanted: as_number(fact) < as_number(wanted),
    "above": lambda fact, wanted: as_number(fact) > as_number(wanted),
    "before": lambda fact, wanted: _days(fact, wanted)[0] < _days(fact, wanted)[1],
    "after": lambda fact, wanted: _days(fact, wanted)[0] > _days(fact, wanted)[1],
    "on_or_after": lambda fact, wanted: _days(fact, wanted)[0] >= _days(fact, wanted)[1],
}
