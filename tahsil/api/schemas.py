"""JSON schemas from type hints: what a verb takes, what a query answers.

The same schema is published in the OpenAPI document and held against what is sent, so that the
two cannot differ.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from tahsil.api.plain import has_sentence, names_of
from tahsil.core.grammar.money import AMOUNT_MAX
from tahsil.queries.paging import Page

Schema = dict[str, Any]
WHOLE_MAX = 2**53 - 1  # beyond, a JavaScript program would lose the last digits
AMOUNT_MOST = AMOUNT_MAX // 100  # one act stays far within what the sums of an account can hold
TEXT_MAX = 4_000
DAY: Schema = {"type": "string", "format": "date"}
HOUR: Schema = {"type": "string", "format": "time"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
PLAIN: dict[Any, Schema] = {
    date: DAY,
    time: HOUR,
    datetime: MOMENT,
    bool: {"type": "boolean"},
    str: {"type": "string"},
    float: {"type": "number"},
    int: {"type": "integer"},
}


def whole(least: int = -WHOLE_MAX, most: int = WHOLE_MAX) -> Schema:
    """A whole number between bounds."""
    return {"type": "integer", "minimum": least, "maximum": most}


def text(most: int = TEXT_MAX) -> Schema:
    """A text of so many letters at most."""
    return {"type": "string", "maxLength": most}


def given(hint: Any, name: str) -> Schema:
    """What may be sent for a parameter of that type and name; {} is anything."""
    parts = set(_parts(hint))
    is_optional = type(None) in parts
    parts.discard(type(None))
    found = next((PLAIN[each] for each in (date, time, datetime) if each in parts), None)
    if found is None:
        found = _given_one(next(iter(parts)), name) if len(parts) == 1 else {}
    return nullable(found) if is_optional else found


def nullable(schema: Schema) -> Schema:
    """The schema with null allowed."""
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]} if schema else {}


def _given_one(hint: Any, name: str) -> Schema:
    origin = typing.get_origin(hint) or hint
    if origin is int and name.endswith("_minor"):
        return whole(-AMOUNT_MOST, AMOUNT_MOST)
    if origin is int:
        return whole(1) if name.endswith("_id") else whole(-(2**31) + 1, 2**31 - 1)
    if origin is str:
        return text()
    if origin is list:
        item = typing.get_args(hint) or (Any,)
        return {"type": "array", "items": _given_one(item[0], "each_id"), "maxItems": 1_000}
    return {"type": "object"} if origin is dict else PLAIN.get(origin, {})


class Answers:
    """The schemas of answers; dataclasses are named once, under `named`."""

    def __init__(self) -> None:
        self.named: dict[str, Schema] = {}

    def of(self, hint: Any) -> Schema:
        """What a value of that type looks like in an answer."""
        if hint in PLAIN:
            return PLAIN[hint]
        parts = _parts(hint)
        if len(parts) > 1:
            known = [self.of(each) for each in parts if each is not type(None)]
            made = known[0] if len(known) == 1 else {"anyOf": known}
            return nullable(made) if type(None) in parts else made
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin in (tuple, list, set, frozenset):
            return self._array(origin, inner)
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(inner[1])}
        if isinstance(hint, type) and issubclass(hint, Enum):
            return {"enum": [each.name.lower() for each in hint]}
        is_shape = isinstance(hint, type) and dataclasses.is_dataclass(hint)
        return self._named(hint) if is_shape else {}

    def listing(self, shape: Any) -> Schema:
        """A page of a list: rows, the cursor of the next page, how many, and what stands beside.

        The shape is the rows themselves, a Page of them, or a report that holds a Page.
        """
        made: Schema = {
            "as_of": DAY,
            "rows": {"type": "array", "items": {}},
            "next": {"type": ["string", "null"]},
            "total": {"type": ["integer", "null"]},
        }
        if typing.get_origin(shape) is tuple:
            made["rows"] = self.of(shape)
            fields = {}
        elif typing.get_origin(shape) is Page:
            fields = {"page": shape}
        else:
            fields = typing.get_type_hints(shape)
        for name, hint in fields.items():
            if typing.get_origin(hint) is Page:
                made["rows"] = {"type": "array", "items": self.of(typing.get_args(hint)[0])}
                made["is_more"] = PLAIN[bool]
            else:
                made[name] = self.of(hint)
        return {"type": "object", "properties": made, "required": ["as_of", "rows", "next"]}

    def _array(self, origin: Any, inner: tuple[Any, ...]) -> Schema:
        if origin is tuple and len(inner) > 1 and inner[1] is not Ellipsis:
            return {"type": "array", "prefixItems": [self.of(each) for each in inner]}
        return {"type": "array", "items": self.of(inner[0]) if inner else {}}

    def _named(self, shape: type) -> Schema:
        name = shape.__name__
        if name not in self.named:
            self.named[name] = {}  # holds the place, for a shape that names itself
            hints = typing.get_type_hints(shape)
            for each in set(names_of(shape)) - set(hints):
                worker = vars(shape)[each].fget
                hints[each] = typing.get_type_hints(worker).get("return", Any)
            made = {each: self.of(hints[each]) for each in names_of(shape)}
            made |= {"text": PLAIN[str]} if has_sentence(shape) else {}
            said = (shape.__doc__ or "").strip().partition("\n")[0]
            self.named[name] = {
                "type": "object", "description": said, "properties": made,
                "required": list(made),
            }  # fmt: skip
        return {"$ref": f"#/components/schemas/{name}"}


def _parts(hint: Any) -> tuple[Any, ...]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return typing.get_args(hint)
    return (hint,)
