"""Tokens: whose one is, and which there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tahsil.core.grammar.authority import Answer, Standing, can
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import Token

READ = "people.read"


@dataclass(frozen=True)
class Holder:
    """Whose token it is; `last_used_on` as it stood before this use."""

    token_id: int
    person_id: int
    last_used_on: date | None


@dataclass(frozen=True)
class TokenRow:
    """One token; the secret is not known to us."""

    id: int
    person_id: int
    person: str
    name: str
    created_at: datetime
    last_used_on: date | None
    revoked_at: datetime | None
    is_open: bool


def holder_of(secret_sha256: str) -> Holder | None:
    """Who the program with this secret acts as; nobody once it is revoked or they may not enter."""
    found = Token.objects.filter(
        secret_sha256=secret_sha256, revoked_at=None, person__is_active=True
    ).first()
    return Holder(found.id, found.person_id, found.last_used_on) if found else None


def tokens(standing: Standing, *, as_of: date) -> tuple[TokenRow, ...]:
    """Every token, newest first."""
    verdict = can(standing, READ, None)
    if verdict.answer != Answer.ALLOW:
        reason = verdict.reasons[0]
        raise Refused(reason.code, reason.template, **reason.facts)
    return tuple(
        TokenRow(
            row.id, row.person_id, row.person.name, row.name, row.created_at, row.last_used_on,
            row.revoked_at, row.revoked_at is None and row.person.is_active,
        )
        for row in Token.objects.select_related("person").order_by("-id")
    )  # fmt: skip
