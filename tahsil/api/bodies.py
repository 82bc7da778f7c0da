"""What a request carries: its JSON, its key, the values of its address."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from django.http import HttpRequest

from tahsil.api.fitting import unreadable
from tahsil.core.grammar.refusal import Refused

KEY = re.compile(r"[!-~]{1,80}")  # with who calls and what for it must fit into an event's key
DEPTH = 30


def json_object(request: HttpRequest) -> dict[str, Any]:
    """The JSON object sent; refused where it is none, or holds what no text may hold."""
    if request.content_type != "application/json":
        raise Refused(
            "api.content_type",
            "The body is sent as {given}; it must be application/json.",
            given=clean(request.content_type or "-"),
        )
    try:
        found = json.loads(request.body.decode() or "{}", parse_constant=_no_number)
        is_clean = _is_clean(found)
    except (ValueError, RecursionError):
        raise Refused("api.json", "The body is not JSON in UTF-8.") from None
    if not isinstance(found, dict):
        raise Refused("api.object", "The body must be a JSON object of details.")
    if not is_clean:
        raise Refused(
            "api.text",
            "A text of the body holds the letter NUL or half a letter, or it is nested more than "
            "{depth} deep.",
            depth=DEPTH,
        )
    return found


def key_of(request: HttpRequest) -> str:
    """The key under which this is done once; refused where it is missing."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise Refused(
            "key.missing",
            "The header Idempotency-Key is missing. Send one key for each act: sent again with "
            "the same details, it answers what the first one did.",
        )
    if not KEY.fullmatch(key):
        raise unreadable("Idempotency-Key", clean(key), "1 to 80 letters, digits and signs")
    return key


def address_values(request: HttpRequest) -> dict[str, str]:
    """The values of the address by name; where a name stands twice, the last one counts."""
    return {clean(name): clean(str(value)) for name, value in request.GET.items() if value}


def clean(text: str) -> str:
    """The text without letters no database keeps."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _is_clean(value: Any, depth: int = 0) -> bool:
    if depth > DEPTH:
        return False
    if isinstance(value, str):
        return "\0" not in value and not re.search("[\ud800-\udfff]", value)
    if isinstance(value, dict):
        return all(_is_clean(each, depth + 1) for pair in value.items() for each in pair)
    if isinstance(value, list):
        return all(_is_clean(each, depth + 1) for each in value)
    return True


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
