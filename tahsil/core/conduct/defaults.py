"""When a borrower is in default: missed in a row, or scattered, by the days each was late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tahsil.core.conduct.conditions import as_number
from tahsil.core.conduct.facts import ABSENT, Case
from tahsil.core.conduct.verdict import ASK, Finding


def reached(rule: Mapping[str, Any], case: Case) -> Finding | None:
    """Whether the arrears of the facts amount to default, by the schedule's rhythm."""
    monthly = case.fact("monthly")
    if monthly is ABSENT:
        return None
    params = rule["params"]["monthly" if monthly else "otherwise"]
    known = [
        key
        for key in ("consecutive_months_missed", "scattered_late_instalments", "working_days_late")
        if case.fact(key) is not ABSENT
    ]
    if not known:
        return Finding(ASK, (), "missing_facts", missing=("scattered_late_instalments",))
    row = _count(case, "consecutive_months_missed") >= as_number(params.get("in_a_row", 10**6))
    late = case.fact("scattered_late_instalments")
    scattered = False
    for test in params["scattered"]:
        held = [
            one
            for one in (late if isinstance(late, list) else ())
            if as_number(one.get("working_days_late", 0)) >= test["days"]
        ]
        scattered = scattered or len(held) >= test["count"]
    long = _count(case, "working_days_late") > as_number(params.get("days_above", 10**6))
    return Finding(figures={"in_default": bool(row or scattered or long)})


def _count(case: Case, key: str) -> Any:
    found = case.fact(key)
    return as_number(0 if found in (ABSENT, None) else found)
