"""Contract terms and schedule lines as plain values, read into what the core builds with.

Faces, files and stored requests give terms as JSON: a kind (developer, rent, series) with its
fields. What a schedule looks like is core/book/terms.py; a field not understood is named.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tahsil.actions import _given
from tahsil.core.book import schedules, terms
from tahsil.core.book.categories import category_index
from tahsil.core.book.schedules import DueRule, Line
from tahsil.core.book.terms import DeveloperTerms, Part, Regular
from tahsil.core.grammar.refusal import Refused


def lines_of(given: Any) -> tuple[Line, ...]:
    """Explicit lines: category, label, amount_minor, and due_on or due_event with due_days."""
    made = []
    for seq, row in enumerate(given or (), 1):
        category_index(row["category"])
        event = row.get("due_event") or ""
        due_on = _given.as_date(row.get("due_on"), "due date")
        if bool(event) == bool(due_on):
            raise Refused(
                "schedule.due",
                "Line {seq} needs either a due date or the event it waits for.",
                seq=seq,
            )
        rule = DueRule(event, int(row.get("due_days") or 0)) if event else None
        amount = _given.need_amount(row["amount_minor"])
        made.append(Line(seq, row["category"], row.get("label", ""), amount, due_on, rule))
    return tuple(made)


def schedule_of(given: dict[str, Any]) -> tuple[Line, ...]:
    """The lines the terms lead to; refused where the kind or a field is not known."""
    kind = given.get("kind", "")
    if kind not in BUILDERS:
        raise Refused(
            "terms.kind",
            "{kind} is not a kind of terms. Known: {known}.",
            kind=kind or "-",
            known=list(BUILDERS),
        )
    _check_amounts(given)
    try:
        return BUILDERS[kind](given)
    except KeyError as missing:
        raise Refused("given.missing", "{name} is missing.", name=str(missing.args[0])) from None


def _check_amounts(given: Any, name: str = "") -> None:
    """Refuses an amount, at any depth, that is larger than any kept here."""
    if isinstance(given, dict):
        for key, value in given.items():
            _check_amounts(value, key)
    elif isinstance(given, list | tuple):
        for value in given:
            _check_amounts(value, name)
    elif name.endswith("_minor") and isinstance(given, int):
        _given.check_amount(given, name)


def _developer(given: dict[str, Any]) -> tuple[Line, ...]:
    return terms.developer(
        DeveloperTerms(
            price_minor=given["price_minor"],
            signed_on=_given.need_date(given["signed_on"], "signed on"),
            reserved_on=_given.as_date(given.get("reserved_on"), "reserved on"),
            reservation_minor=given.get("reservation_minor", 0),
            down_payments=_parts(given, "down_payments"),
            regular=tuple(Regular(**_tupled(group)) for group in given.get("regular", ())),
            inside=_parts(given, "inside"),
            extras=_parts(given, "extras"),
        )
    )


def _rent(given: dict[str, Any]) -> tuple[Line, ...]:
    return terms.rent(
        given["annual_minor"],
        cheques=given["cheques"],
        since=_given.need_date(given["since"], "since"),
        until=_given.need_date(given["until"], "until"),
    )


def _series(given: dict[str, Any]) -> tuple[Line, ...]:
    """So many equal lines of one category, a step of months apart."""
    category = given.get("category", "instalment")
    category_index(category)
    parts = schedules.spread(
        given["total_minor"],
        given["count"],
        first_on=_given.need_date(given["first_on"], "first due date"),
        step_months=given.get("step_months", 1),
    )
    return tuple(
        Line(seq, category, f"{seq}/{given['count']}", amount, day)
        for seq, (day, amount) in enumerate(parts, 1)
    )


def _parts(given: dict[str, Any], name: str) -> tuple[Part, ...]:
    return tuple(
        Part(
            row["category"],
            row.get("label", ""),
            _when(row["when"]),
            row.get("ppm", 0),
            row.get("amount_minor", 0),
        )
        for row in given.get(name, ())
    )


def _when(value: Any) -> int | date | DueRule:
    """Months after signing, a date, or {event, days}."""
    if isinstance(value, dict):
        return DueRule(value["event"], value.get("days", 0))
    return value if isinstance(value, int) else _given.need_date(value, "due date")


def _tupled(group: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in group.items()}


BUILDERS: dict[str, Callable[[dict[str, Any]], tuple[Line, ...]]] = {
    "developer": _developer,
    "rent": _rent,
    "series": _series,
}
