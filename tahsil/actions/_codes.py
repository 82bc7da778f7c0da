"""Code lists: the closed sets of words an attempt, a dispute or a next step may carry.

They are policies of kind `codes` (policies/codes_*.yaml); what an item's attributes lead to is
decided by the verb that reads it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tahsil.core.grammar.refusal import Refused
from tahsil.store import policies

CHANNELS = ("call", "whatsapp", "sms", "email", "letter", "visit", "office")


def items(name: str, as_of: date) -> dict[str, dict[str, Any]]:
    """The items of a code list by code, in the list's order."""
    body, _ = policies.at("codes", name, as_of)
    return {item["code"]: item for item in body["items"]}


def item(name: str, code: str, as_of: date) -> dict[str, Any]:
    """The item of that code; refused, with the codes there are, where it is not on the list."""
    known = items(name, as_of)
    if code not in known:
        raise Refused(
            "code.unknown",
            "{word} is not on the list of {list}. On it are: {known}.",
            word=code or "-",
            list=name,
            known=list(known),
        )
    return known[code]


def check_channel(channel: str) -> None:
    """Refuses a channel nobody can be reached by."""
    if channel not in CHANNELS:
        raise Refused(
            "channel.unknown",
            "{channel} is not a channel. Known: {known}.",
            channel=channel or "-",
            known=list(CHANNELS),
        )
