"""Values as they are given: from a form, from JSON, or from a request that was stored.

A verb's parameters are plain values, so that a request can wait as JSON and run again. Dates and
hours come as themselves or as ISO text; a text that is neither is refused by its name.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from tahsil.core.grammar.money import AMOUNT_MAX
from tahsil.core.grammar.refusal import Refused


def as_date(value: Any, name: str = "date") -> date | None:
    """The date of a date or its ISO text; nothing stays nothing."""
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return _read(date.fromisoformat, value, name, "a date, such as 2026-01-31")


def need_date(value: Any, name: str) -> date:
    """The date, refused where there is none."""
    found = as_date(value, name)
    if found is None:
        raise Refused("given.missing", "{name} is missing.", name=name)
    return found


def as_time(value: Any, name: str = "hour") -> time | None:
    """The hour of a time or its ISO text; nothing stays nothing."""
    if value in (None, "") or isinstance(value, time):
        return value or None
    return _read(time.fromisoformat, value, name, "an hour, such as 14:30")


def as_moment(value: Any, name: str = "moment") -> datetime | None:
    """The instant of a datetime or its ISO text; one without a zone is UTC."""
    if value in (None, ""):
        return None
    if not isinstance(value, datetime):
        value = _read(datetime.fromisoformat, value, name, "an instant in ISO form")
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def need_text(value: str, name: str, *, most: int = 200) -> str:
    """The text without blanks around it; refused where there is none or too much."""
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise Refused("given.missing", "{name} is missing.", name=name)
    if len(text) > most:
        raise Refused(
            "given.too_long",
            "{name} has {length} letters; there is room for {most}.",
            name=name,
            length=len(text),
            most=most,
        )
    return text


def need_amount(value: Any, name: str = "amount") -> int:
    """The amount in minor units, refused where it is not a whole number above nothing."""
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise Refused("given.amount", "The {name} must be more than nothing.", name=name)
    return check_amount(value, name)


def check_amount(value: int, name: str = "amount") -> int:
    """The amount in minor units, refused where it is larger than any kept here, up or down."""
    if abs(value) > AMOUNT_MAX:
        raise Refused(
            "given.too_large", "The {name} is larger than any amount kept here.", name=name
        )
    return value


def as_pairs(value: Any) -> list[tuple[int, int]]:
    """(obligation, amount) pairs, as a form or JSON gives them."""
    return [(int(obligation_id), int(amount)) for obligation_id, amount in value or ()]


def _read(reader: Any, value: Any, name: str, wanted: str) -> Any:
    try:
        return reader(value)
    except (TypeError, ValueError):
        raise Refused(
            "given.unreadable",
            "{name} is {text}; it must be {wanted}.",
            name=name,
            text=str(value),
            wanted=wanted,
        ) from None
