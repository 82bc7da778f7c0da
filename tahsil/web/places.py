"""Places as one chooses them: where papers lie now, where they may go, what can be counted."""

from __future__ import annotations

from datetime import date

from tahsil.core.grammar.authority import Standing
from tahsil.queries import safe
from tahsil.queries.safe import known_places
from tahsil.web import account_parts


def called(code: str) -> str:
    """The place in the reader's language; one that somebody named as they named it."""
    return account_parts.words(code.lower()).capitalize() if code.islower() else code


def options(as_of: date, standing: Standing, chosen: str) -> list[tuple[str, str]]:
    """The places papers lie at on the date, with how many."""
    rows = safe.safe(standing, as_of=as_of).places
    made = [(row.place, f"{called(row.place)} ({row.count})") for row in rows if row.count]
    known = {code for code, _name in made}
    return made if chosen in known else [(chosen, called(chosen)), *made]


def targets(as_of: date, place: str) -> list[tuple[str, str]]:
    """The places of the policy that papers may be handed over to."""
    return [(code, called(code)) for code in known_places(as_of) if code != "reception"]


def is_month(text: str) -> bool:
    """Whether that is a month as a field gives it: 2026-12."""
    try:
        date.fromisoformat(f"{text}-01")
    except ValueError:
        return False
    return True
