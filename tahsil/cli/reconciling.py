"""Reports of reconciling: what came otherwise than agreed, and what customers object to."""

from __future__ import annotations

from datetime import date
from typing import Any

from tahsil.cli import show
from tahsil.core.grammar.refusal import say

SHOWN = 200


def deviations(who: Any, as_of: date) -> Any:
    """The deviations of the month's receipts up to the date."""
    from tahsil.core.grammar.dates import month
    from tahsil.queries import deviations

    filters = deviations.DeviationFilters(month(as_of).since, as_of)
    return deviations.report(who, as_of=as_of, filters=filters, size=SHOWN)


def objections(who: Any, as_of: date) -> Any:
    """The open objections, those due first on top."""
    from tahsil.queries import objections

    return objections.objections(who, as_of=as_of, size=SHOWN)


def say_deviations(found: Any) -> None:
    """A line for each, and how many there are of each kind."""
    rows = [
        (
            row.kind.replace("_", " "), row.receipt, row.account, row.name, row.label,
            say(row.template, _spoken(row.facts, row.currency)),
        )
        for row in found.page.rows
    ]  # fmt: skip
    if not rows:
        print("What came this month agrees with what was agreed.")
        return
    show.table(["kind", "receipt", "account", "name", "line", "what deviates"], rows)
    counts = [
        f"{kind.replace('_', ' ')} {count:,}" for kind, count in found.counts.items() if count
    ]
    print(", ".join(counts))


def say_objections(found: Any) -> None:
    """A line for each open objection, late ones said to be so."""
    rows = [
        (
            row.number, row.account, row.name, row.labels.get("en", row.kind),
            show.money(row.claimed_minor, row.currency) if row.claimed_minor else "",
            row.owner, row.answer_by_on, "overdue" if row.is_late else "",
        )
        for row in found.page.rows
    ]  # fmt: skip
    if not rows:
        print("No objection is open.")
        return
    heads = ["number", "account", "name", "what", "claimed", "owner", "answer by", ""]
    show.table(heads, rows, right="llllr")


def _spoken(facts: dict[str, Any], currency: str) -> dict[str, Any]:
    return {
        name: show.money(value, currency)
        if name.endswith("_minor") and isinstance(value, int)
        else value
        for name, value in facts.items()
    }
