"""Tokens: secrets by which programs act as a person, issued once and revoked once.

Verbs keep their details in requests and digests, so they take the hash of a secret, never the
secret itself. What a token may do is what its person's roles let them do, and no more.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date

from tahsil.actions import _given
from tahsil.actions._verb import Act, Context, verb
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import Person, Token

PREFIX = "tahsil_"
HEX = re.compile(r"[0-9a-f]{64}")


def hash_of(secret: str) -> str:
    """The hash under which a secret is known: SHA-256, which for a long random text is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


@verb("people.issue_token")
def issue_token(ctx: Context, *, person_id: int, name: str, secret_sha256: str) -> Act:
    """A program that knows the secret acts as this person from now on."""
    person = Person.objects.filter(id=person_id).first()
    if person is None:
        raise Refused("person.unknown", "There is no person {person}.", person=person_id)
    if not person.is_active:
        raise Refused(
            "token.inactive",
            "{person} may not sign in, so no program may act as them. Open their access first.",
            person=person.name,
        )
    name = _given.need_text(name, "name", most=80)
    if not HEX.fullmatch(secret_sha256):
        raise Refused(
            "token.hash", "secret_sha256 is the SHA-256 of the secret in 64 digits of 0-9 and a-f."
        )
    if Token.objects.filter(secret_sha256=secret_sha256).exists():
        raise Refused("token.known", "This secret is in use already. Make a new one.")
    token = Token.objects.create(
        person=person, name=name, secret_sha256=secret_sha256, created_at=ctx.now
    )
    return Act(f"token:{token.id}", None, {"person": person.name, "name": name})


@verb("people.revoke_token")
def revoke_token(ctx: Context, *, token_id: int) -> Act:
    """A token lets nobody in any more."""
    token = Token.objects.select_related("person").filter(id=token_id).first()
    if token is None:
        raise Refused("token.unknown", "There is no token {token}.", token=token_id)
    if not Token.objects.filter(id=token_id, revoked_at=None).update(revoked_at=ctx.now):
        raise Refused(
            "token.revoked",
            "Token {token} was revoked on {revoked_on} already.",
            token=token_id,
            revoked_on=token.revoked_at.date() if token.revoked_at else ctx.as_of,
        )
    return Act(f"token:{token_id}", None, {"person": token.person.name, "name": token.name})


def used(token_id: int, *, as_of: date) -> None:
    """The token's last day of use is this one; written once a day, not at every call."""
    Token.objects.filter(id=token_id).exclude(last_used_on=as_of).update(last_used_on=as_of)
