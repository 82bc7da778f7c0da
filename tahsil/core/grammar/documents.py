"""Policy documents: what a YAML file of dated values must look like, checked whole.

The shape is {name: {description, source, unit, values: {date: value}}}. Reading the file is
not done here; the document arrives as the dicts and lists a YAML reader makes of it. Every
fault is collected, so that the author sees them all at once. What a value means is known by
the module that owns it, which passes `parse`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any, TypeVar

from tahsil.core.grammar.policy import Dated
from tahsil.core.grammar.refusal import Refused, RefusedAll

T = TypeVar("T")
ENTRY_KEYS = ("description", "source", "unit", "values")


class Faults:
    """The faults found so far in one document; `where` says which place each is about."""

    def __init__(self) -> None:
        self.found: list[Refused] = []

    def note(self, code: str, template: str, **facts: Any) -> None:
        """One more fault."""
        self.found.append(Refused(code, template, **facts))

    def raise_any(self, name: str) -> None:
        """Refuse the document if any fault was noted, with all of them."""
        if self.found:
            raise RefusedAll(
                "policy.faults",
                "{name} has {count} faults, so none of it was taken.",
                self.found,
                name=name,
                count=len(self.found),
            )


def dated(
    document: dict[str, Any],
    *,
    parse: Callable[[str, Any, Faults], T | None],
    extra: Collection[str] = (),
    name: str = "This policy file",
) -> dict[str, Dated[T]]:
    """Each entry's values by date, oldest first; refused with every fault where one is wrong.

    `parse(where, value, faults)` makes one value; `extra` are keys an entry may have besides.
    """
    faults = Faults()
    entries = {
        key: entry_values(str(key), entry, parse=parse, extra=extra, faults=faults)
        for key, entry in document.items()
    }
    faults.raise_any(name)
    return {key: Dated(key, values) for key, values in entries.items()}


def entry_values(
    name: str,
    entry: Any,
    *,
    parse: Callable[[str, Any, Faults], T | None],
    extra: Collection[str],
    faults: Faults,
) -> tuple[tuple[date, T], ...]:
    """The (since, value) pairs of one entry, oldest first; faults are noted."""
    if not isinstance(entry, dict):
        faults.note("policy.shape", "{where} is not a table of keys.", where=name)
        return ()
    check_keys(name, entry, allowed=(*ENTRY_KEYS, *extra), needed=ENTRY_KEYS[:2], faults=faults)
    values = entry.get("values")
    if not isinstance(values, dict) or not values:
        faults.note("policy.values", "{where} has no values by date.", where=name)
        return ()
    pairs = []
    for since, value in values.items():
        day = as_date(since)
        if day is None:
            faults.note(
                "policy.date", "{where} has a value since {text}, which is not a date.",
                where=name, text=str(since),
            )  # fmt: skip
            continue
        parsed = parse(f"{name} {day}", value, faults)
        if parsed is not None:
            pairs.append((day, parsed))
    return tuple(sorted(pairs, key=lambda pair: pair[0]))


def check_keys(
    where: str, entry: dict[str, Any], *, allowed: Collection[str], needed: Collection[str],
    faults: Faults,
) -> None:  # fmt: skip
    """Note each key the entry may not have, and each it lacks or leaves empty."""
    for key in entry:
        if key not in allowed:
            faults.note(
                "policy.unknown_key", "{where} has the key {key}. It may have: {allowed}.",
                where=where, key=str(key), allowed=list(allowed),
            )  # fmt: skip
    for key in needed:
        if entry.get(key) in (None, ""):
            faults.note("policy.missing_key", "{where} has no {key}.", where=where, key=key)


def as_date(value: Any) -> date | None:
    """The date of a YAML key, which may be a date or its text; nothing where it is neither."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
