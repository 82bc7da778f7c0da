"""Who calls: the person of a bearer token, else the one whose session this is.

A session is a browser's, so what it writes must carry its form token too; a bearer token is only
ever sent on purpose and needs none.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from tahsil.actions import tokens as acts
from tahsil.core.grammar.authority import Answer, Standing, can
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import people, tokens

SAFE = ("GET", "HEAD")


def standing_of(request: HttpRequest) -> Standing:
    """The caller with every grant they hold today; refused where nobody is named."""
    if said := request.headers.get("Authorization", ""):
        return _by_token(request, said)
    if not request.user.is_authenticated:
        raise Refused(
            "auth.missing",
            "Nobody is signed in. Send the header Authorization: Bearer TOKEN; "
            "`tahsil token PERSON` makes one.",
        )
    if request.method not in SAFE:
        _check_form_token(request)
    return request.standing  # type: ignore[attr-defined]


def need(standing: Standing, verb: str) -> None:
    """Refuses where the caller does not hold the verb over anything at all."""
    verdict = can(standing, verb, None)
    if verdict.answer != Answer.ALLOW:
        reason = verdict.reasons[0]
        raise Refused(reason.code, reason.template, **reason.facts)


def _by_token(request: HttpRequest, said: str) -> Standing:
    today = request.today  # type: ignore[attr-defined]
    scheme, _, secret = said.partition(" ")
    is_bearer = scheme.lower() == "bearer" and secret.strip()
    holder = tokens.holder_of(acts.hash_of(secret.strip())) if is_bearer else None
    if holder is None:
        raise Refused(
            "auth.token",
            "This token lets nobody in: it is not known, it was revoked, or its person may not "
            "sign in. `tahsil token PERSON` makes a new one.",
        )
    if holder.last_used_on != today:
        acts.used(holder.token_id, as_of=today)
    return people.standing_of(holder.person_id, as_of=today)


class _FormToken(CsrfViewMiddleware):
    """Django's own check, which answers why instead of with a page."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def _unseen(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _check_form_token(request: HttpRequest) -> None:
    checker = _FormToken(_unseen)
    if checker.process_view(request, _unseen, (), {}):
        raise Refused(
            "auth.csrf",
            "A session that writes sends its form token in the header X-CSRFToken. "
            "A bearer token needs none.",
        )
