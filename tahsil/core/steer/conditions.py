"""Conditions: tests on facts, as data. A closed list of tests; no expressions, no eval.

Ladders and worklists both say `when: [{fact, test, value}]`; all must hold, and none always does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tahsil.core.grammar import documents
from tahsil.core.grammar.documents import Faults
from tahsil.core.steer.facts import VOCABULARY, Facts

TESTS: dict[str, Callable[[Any, Any], Any]] = {
    "eq": lambda found, wanted: found == wanted,
    "ne": lambda found, wanted: found != wanted,
    "lt": lambda found, wanted: found < wanted,
    "le": lambda found, wanted: found <= wanted,
    "gt": lambda found, wanted: found > wanted,
    "ge": lambda found, wanted: found >= wanted,
    "in": lambda found, wanted: np.isin(found, wanted),
    "between": lambda found, wanted: (found >= wanted[0]) & (found <= wanted[1]),
}
ORDERING = ("lt", "le", "gt", "ge", "between")


@dataclass(frozen=True)
class Condition:
    """One test of one fact against one value (a pair for between, several for in)."""

    fact: str
    test: str
    value: Any


@dataclass(frozen=True)
class Tried:
    """A condition as it turned out for one account."""

    fact: str
    test: str
    wanted: Any
    found: Any
    passed: bool


def all_hold(conditions: tuple[Condition, ...], facts: Facts) -> np.ndarray:
    """Whether every condition holds, per account."""
    held = np.ones(len(facts), dtype=bool)
    for condition in conditions:
        held &= TESTS[condition.test](getattr(facts, condition.fact), condition.value)
    return held


def tried(conditions: tuple[Condition, ...], facts_of_one: dict[str, Any]) -> list[Tried]:
    """Each condition with the value found and whether it passed, for one account."""
    return [
        Tried(
            condition.fact,
            condition.test,
            condition.value,
            facts_of_one[condition.fact],
            bool(TESTS[condition.test](facts_of_one[condition.fact], condition.value)),
        )
        for condition in conditions
    ]


def parse(where: str, entries: Any, faults: Faults) -> tuple[Condition, ...]:
    """The conditions of a `when`; every fault in them is noted."""
    if not isinstance(entries, list):
        faults.note("condition.shape", "{where} needs a list of conditions.", where=where)
        return ()
    return tuple(
        condition
        for entry in entries
        if (condition := _condition(where, entry, faults)) is not None
    )


def _condition(where: str, entry: Any, faults: Faults) -> Condition | None:
    if not isinstance(entry, dict):
        faults.note("condition.shape", "{where} needs a list of conditions.", where=where)
        return None
    keys = ("fact", "test", "value")
    documents.check_keys(where, entry, allowed=keys, needed=keys, faults=faults)
    fact, test, value = (entry.get(key) for key in keys)
    if fact not in VOCABULARY:
        faults.note(
            "condition.unknown_fact", "{where} asks for {fact}, which is not a fact. See the list.",
            where=where, fact=str(fact),
        )  # fmt: skip
        return None
    if test not in TESTS:
        faults.note(
            "condition.unknown_test", "{where} tests with {test}. There is: {tests}.",
            where=where, test=str(test), tests=list(TESTS),
        )  # fmt: skip
        return None
    if not _fits(VOCABULARY[fact][0], test, value):
        faults.note(
            "condition.value", "{where} tests {fact} {test} {value}; {fact} is {kind}.",
            where=where, fact=fact, test=test, value=str(value), kind=VOCABULARY[fact][0].__name__,
        )  # fmt: skip
        return None
    return Condition(fact, test, tuple(value) if isinstance(value, list) else value)


def _fits(kind: type, test: str, value: Any) -> bool:
    """Whether the value is of the fact's type, and of the shape the test takes."""
    if test in ORDERING and kind is not int:
        return False
    if test == "between":
        return _list_of(kind, value) and len(value) == 2 and value[0] <= value[1]
    if test == "in":
        return _list_of(kind, value) and bool(value)
    return type(value) is kind


def _list_of(kind: type, value: Any) -> bool:
    return isinstance(value, list) and all(type(item) is kind for item in value)
