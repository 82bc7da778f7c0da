"""Cursors: where the next page of a list begins, opaque to who holds one.

A cursor belongs to the list and filters it came from; sent with others it is refused, since it
would silently skip rows.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

from tahsil.api.schemas import WHOLE_MAX
from tahsil.core.grammar.refusal import Refused


def made(position: int, *, of: str) -> str:
    """The cursor that leads to that position of that list."""
    text = json.dumps([position, of]).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def read(cursor: str, *, of: str) -> int:
    """The position a cursor of that list leads to; refused where it is of another."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        position, list_name = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        position, list_name = None, None
    is_whole = isinstance(position, int) and not isinstance(position, bool)
    if list_name != of or not is_whole or not 0 < position <= WHOLE_MAX:
        raise Refused(
            "page.cursor",
            "This cursor is of another list, or of other filters. Begin again without a cursor.",
        )
    return position


def name_of(path: str, values: dict[str, Any]) -> str:
    """A short name of one list under its filters."""
    text = json.dumps([path, sorted((name, str(value)) for name, value in values.items())])
    return hashlib.sha256(text.encode()).hexdigest()[:12]
