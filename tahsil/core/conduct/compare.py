"""Comparing a verdict with what a case file expects, key by key."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

NOTHING = "nothing"


class Difference(NamedTuple):
    """One expected value the verdict does not have."""

    key: str
    expected: Any
    found: Any


def differences(expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[Difference]:
    """Every expected key whose value differs; equal amounts are equal however written."""
    return [
        Difference(key, value, found.get(key, NOTHING))
        for key, value in expected.items()
        if not _equal(value, found.get(key, NOTHING))
    ]


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float | Decimal) and isinstance(other, int | float | Decimal):
        return Decimal(str(one)) == Decimal(str(other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return set(one) == set(other) and all(_equal(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    return bool(one == other)
