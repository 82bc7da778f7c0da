"""Holding what was sent against its schema: every fault is collected and named, none is a crash.

What fits is passed on as it was sent: verbs read dates and hours themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from tahsil.api.schemas import Schema
from tahsil.core.grammar.refusal import Refused, RefusedAll

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
KINDS: dict[str, Any] = {
    "string": str, "integer": int, "boolean": bool, "object": dict, "array": list,
    "null": type(None), "number": (int, float),
}  # fmt: skip
WORDS = {
    "string": "a text", "integer": "a whole number", "boolean": "true or false",
    "object": "an object", "array": "a list", "null": "null", "number": "a number",
}  # fmt: skip
SHAPES = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "time": re.compile(r"\d{2}:\d{2}(:\d{2})?"),
    "date-time": re.compile(
        r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?"
    ),
}
SAID = {
    "date": "a date from 1900-01-01 to 2199-12-31, such as 2026-01-31",
    "time": "an hour, such as 14:30",
    "date-time": "an instant from 1900 to 2199, such as 2026-01-31T14:30:00Z",
}
READERS: dict[str, Any] = {
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "date-time": datetime.fromisoformat,
}


def fit(value: Any, schema: Schema, name: str) -> Any:
    """The value, refused with every fault where it does not fit the schema."""
    faults: list[Refused] = []
    _fit(value, schema, name, faults)
    refuse(faults)
    return value


def refuse(faults: list[Refused]) -> None:
    """Refuses where there are faults: one as itself, several together."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise RefusedAll(
            "given.unfit", "{count} details cannot be taken:", faults, count=len(faults)
        )


def fit_all(
    values: dict[str, Any], schema: Schema, *, what: str, faults: list[Refused] | None = None
) -> dict[str, Any]:
    """The object, refused where a property does not fit; unknown and missing ones are named."""
    found: list[Refused] = []
    _object(values, schema, "", found, what=what)
    refuse([*(faults or ()), *found])
    return values


def unreadable(name: str, value: Any, wanted: str) -> Refused:
    """The refusal of one value."""
    return Refused(
        "given.unreadable",
        "{name} is {text}; it must be {wanted}.",
        name=name,
        text=_short(value),
        wanted=wanted,
    )


def _fit(value: Any, schema: Schema, name: str, faults: list[Refused]) -> None:
    if "anyOf" in schema:
        _any(value, schema["anyOf"], name, faults)
        return
    kind = _kind_of(value, schema)
    if kind == "object":
        _object(value, schema, name, faults, what=name)
    elif kind == "array":
        _array(value, schema, name, faults)
    elif kind == "string":
        _string(value, schema, name, faults)
    elif kind is None or (kind in ("integer", "number") and not _is_within(value, schema)):
        faults.append(unreadable(name, value, _wanted(schema)))


def _kind_of(value: Any, schema: Schema) -> str | None:
    """The first of the kinds allowed that the value is of; "" where anything is."""
    if "type" not in schema:
        return ""
    kinds = schema["type"]
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        is_flag = isinstance(value, bool)
        if isinstance(value, KINDS[kind]) and (not is_flag or kind == "boolean"):
            return kind
    return None


def _any(value: Any, choices: Iterable[Schema], name: str, faults: list[Refused]) -> None:
    """Fits if one of the choices does; an object is judged by the choice of its kind."""
    wanted = []
    for choice in choices:
        found: list[Refused] = []
        _fit(value, choice, name, found)
        kinds = choice.get("properties", {}).get("kind", {}).get("enum")
        if not found or (kinds and isinstance(value, dict) and value.get("kind") in kinds):
            faults.extend(found)
            return
        wanted.append(" of kind ".join([_wanted(choice), *(kinds or ())]))
    faults.append(unreadable(name, value, " or ".join(wanted)))


def _object(
    value: dict[str, Any], schema: Schema, name: str, faults: list[Refused], *, what: str
) -> None:
    known = schema.get("properties")
    if known is None:
        return
    inside = f"{name}." if name else ""
    for missing in schema.get("required", ()):
        if missing not in value:
            faults.append(Refused("given.missing", "{name} is missing.", name=inside + missing))
    unknown = sorted(set(value) - set(known))
    if unknown:
        faults.append(
            Refused(
                "given.unknown_names",
                "{what} has no {names}. It has: {known}.",
                what=what,
                names=[_short(each) for each in unknown],
                known=list(known) or ["nothing"],
            )
        )
    for each, found in value.items():
        if each in known:
            _fit(found, known[each], inside + each, faults)


def _array(value: list[Any], schema: Schema, name: str, faults: list[Refused]) -> None:
    least, most = schema.get("minItems", 0), schema.get("maxItems", 100_000)
    if not least <= len(value) <= most:
        faults.append(unreadable(name, value, f"a list of {least} to {most}"))
        return
    for at, each in enumerate(value):
        _fit(each, schema.get("items", {}), f"{name}[{at}]", faults)


def _string(value: str, schema: Schema, name: str, faults: list[Refused]) -> None:
    said, most = schema.get("format"), schema.get("maxLength")
    is_known = "enum" not in schema or value in schema["enum"]
    if not is_known or (said and not _is_moment(value, said)):
        faults.append(unreadable(name, value, _wanted(schema)))
    elif most is not None and len(value) > most:
        faults.append(
            Refused(
                "given.too_long",
                "{name} has {length} letters; there is room for {most}.",
                name=name,
                length=len(value),
                most=most,
            )
        )


def _is_moment(value: str, said: str) -> bool:
    """Whether the text is a date, hour or instant within the years anybody could mean."""
    if not value.isascii() or not SHAPES[said].fullmatch(value):
        return False
    try:
        made = READERS[said](value)
    except ValueError:
        return False
    return isinstance(made, time) or FIRST <= date(made.year, made.month, made.day) <= LAST


def _is_within(value: int | float, schema: Schema) -> bool:
    return schema.get("minimum", value) <= value <= schema.get("maximum", value)


def _wanted(schema: Schema) -> str:
    if "anyOf" in schema:
        return " or ".join(_wanted(each) for each in schema["anyOf"])
    if "enum" in schema:
        return "one of " + ", ".join(str(each) or '""' for each in schema["enum"])
    if schema.get("format"):
        return SAID[schema["format"]]
    kinds = schema.get("type", [])
    said = " or ".join(WORDS[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))
    if "minimum" in schema:
        return f"{said} from {schema['minimum']} to {schema['maximum']}"
    return said


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
