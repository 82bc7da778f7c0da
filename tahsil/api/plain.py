"""What queries return, as JSON: dates in ISO form, reasons with their sentence, nothing decided."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from tahsil.core.grammar.refusal import say


def plain(value: Any) -> Any:
    """The value in JSON's own types; a sentence template gains `text`, the sentence itself."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in names_of(type(value))} | _said(value)
    if isinstance(value, dict):
        return {str(key): plain(found) for key, found in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return plain(value.tolist()) if hasattr(value, "tolist") else str(value)


def names_of(shape: type) -> list[str]:
    """The names a dataclass is written under: its fields, then what it works out of them."""
    worked_out = [name for name, found in vars(shape).items() if isinstance(found, property)]
    return [each.name for each in dataclasses.fields(shape)] + worked_out


def has_sentence(shape: type) -> bool:
    """Whether values of this dataclass carry a sentence."""
    return {"template", "facts"} <= {each.name for each in dataclasses.fields(shape)}


def _said(value: Any) -> dict[str, str]:
    if not has_sentence(type(value)):
        return {}
    try:
        return {"text": say(value.template, plain(value.facts))}
    except (LookupError, ValueError):  # a fact the sentence names was never recorded
        return {"text": value.template}
