"""Masks: what of a telephone number, an identity number or an e-mail somebody may read.

Who works an account (its collector, or whoever may log a contact on it) reads its telephone
numbers. Identity numbers keep their last four signs for all, since that is what a collector asks
for to verify; whoever holds `identity.reveal` is shown a whole one when asking, which is recorded.
"""

from __future__ import annotations

from tahsil.core.grammar.authority import Answer, Reach, Standing, can

REVEAL = "identity.reveal"
WORK = "contact.log"


def may_reveal(standing: Standing, reach: Reach | None) -> bool:
    """Whether this person may be shown everything about the people of that account."""
    return can(standing, REVEAL, reach).answer == Answer.ALLOW


def may_call(standing: Standing, reach: Reach | None) -> bool:
    """Whether this person reads the telephone numbers of that account."""
    return may_reveal(standing, reach) or can(standing, WORK, reach).answer == Answer.ALLOW


def identity(value: str, *, is_open: bool) -> str:
    """The identity number, or its last four signs behind dots."""
    return value if is_open else _tail(value, 4)


def point(channel: str, value: str, *, is_open: bool) -> str:
    """The telephone number or address, or as much of it as tells it from others."""
    if is_open or not value:
        return value
    if channel == "email":
        name, at, host = value.partition("@")
        return f"{name[:1]}•••{at}{host}"
    if channel == "address":
        return "•••"
    return value[:3] + _tail(value[3:], 3) if value.startswith("+") else _tail(value, 3)


def _tail(value: str, kept: int) -> str:
    if len(value) <= kept:
        return "•" * len(value)
    return "•" * (len(value) - kept) + value[-kept:]
