"""How the API answers: one query or one verb per request, one shape for every refusal.

What is not a refusal is a fault of ours: logged whole, answered with a reference and no more.
"""

from __future__ import annotations

import functools
import json
import logging
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt

from tahsil.actions._verb import Context, Outcome, Waiting
from tahsil.api import bodies, callers, cursors, documents, fitting, problems, uploads, verbs
from tahsil.api.asking import Asked, Listed, Read
from tahsil.api.plain import plain
from tahsil.api.reads import READS
from tahsil.api.schemas import DAY, Schema, whole
from tahsil.core.grammar.refusal import Refused

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]
LIMIT = 50
LIMITS = whole(1, 200)
OF_LISTS: dict[str, Schema] = {"limit": LIMITS, "cursor": {"type": "string", "maxLength": 200}}
TEXTS = {"true": True, "false": False, "1": True, "0": False}


def endpoint(**methods: View) -> View:
    """A view that answers these methods and turns whatever goes wrong into a problem."""

    @csrf_exempt  # sessions are asked for their form token in callers.py; bearers need none
    def answered(request: HttpRequest, **parts: Any) -> HttpResponse:
        try:
            found = _method(request, methods)(request, **parts)
        except Exception as fault:
            found = problems.answer(_refused(request, fault))
            if found.status_code == 405:
                found["Allow"] = ", ".join(methods)
        found["Cache-Control"] = "no-store"
        return found

    return answered


def _method(request: HttpRequest, methods: dict[str, View]) -> View:
    wanted = "GET" if request.method == "HEAD" else str(request.method)
    if wanted not in methods:
        raise Refused(
            "api.method",
            "{method} is not possible here. Possible: {methods}.",
            method=bodies.clean(wanted),
            methods=list(methods),
        )
    return methods[wanted]


def _refused(request: HttpRequest, fault: Exception) -> Refused:
    """The refusal an exception comes to; a fault of ours is logged under its reference."""
    if isinstance(fault, Refused):
        return fault
    if isinstance(fault, IntegrityError | DataError):
        log.info("%s does not fit the database", request.path, exc_info=fault)
        return Refused(
            "given.unfit_record",
            "A detail names something that is not there, or is longer than there is room for.",
        )
    if isinstance(fault, RequestDataTooBig):
        return Refused("api.too_large", "The body is larger than what is taken at once.")
    if isinstance(fault, SuspiciousOperation | MultiPartParserError):
        return Refused("api.form", "The form in the body cannot be read.")
    if isinstance(fault, OperationalError):
        log.warning("%s: the database did not answer", request.path, exc_info=fault)
        return Refused("api.busy", "The database is busy or away. Send the same again in a while.")
    reference = uuid.uuid4().hex[:8].upper()
    log.error("%s failed, reference %s", request.path, reference, exc_info=fault)
    return Refused("api.fault", "Something went wrong, reference {reference}.", reference=reference)


def answer(value: Any, *, status: int = 200) -> HttpResponse:
    """The value as JSON."""
    text = json.dumps(plain(value), ensure_ascii=False)
    return HttpResponse(text, status=status, content_type="application/json")


def read(wanted: Read, request: HttpRequest, **parts: str) -> HttpResponse:
    """What one address of the table answers."""
    standing = callers.standing_of(request)
    if wanted.needs:
        callers.need(standing, wanted.needs)
    values = values_of(request, wanted, parts)
    limit, cursor = values.pop("limit", LIMIT), values.pop("cursor", "")
    name = cursors.name_of(wanted.path, values | {"limit": limit})
    asked = Asked(
        standing=standing,
        as_of=values.pop("as_of"),
        now=request.now,  # type: ignore[attr-defined]
        values=values,
        limit=limit,
        position=cursors.read(cursor, of=name) if cursor else 0,
    )
    found = wanted.ask(asked)
    return answer(_page(asked, found, name) if isinstance(found, Listed) else found)


def values_of(request: HttpRequest, wanted: Read, parts: dict[str, str]) -> dict[str, Any]:
    """The values of an address, each of its kind; all that cannot be read are named."""
    known = {"as_of": DAY} | wanted.takes | (OF_LISTS if wanted.is_list else {})
    given = bodies.address_values(request) | parts
    typed = {name: _typed(text, known.get(name, {})) for name, text in given.items()}
    schema = {"properties": known, "required": []}
    fitting.fit_all(typed, schema, what=f"/api/v1/{wanted.path}")
    values = {
        name: date.fromisoformat(value) if known[name] is DAY else value
        for name, value in typed.items()
    }
    values.setdefault("as_of", request.today)  # type: ignore[attr-defined]
    since, until = values.get("since"), values.get("until")
    if since and until and until < since:
        raise Refused(
            "period.reversed",
            "A period cannot end ({until}) before it starts ({since}).",
            since=since,
            until=until,
        )
    return values


def _typed(text: str, schema: Schema) -> Any:
    """The text as the kind wanted, else as it is; what does not fit is named afterwards."""
    if schema.get("type") == "integer":
        digits = text.removeprefix("-")
        return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 20 else text
    return TEXTS.get(text.lower(), text) if schema.get("type") == "boolean" else text


def _page(asked: Asked, found: Listed, name: str) -> dict[str, Any]:
    after = cursors.made(found.next, of=name) if found.next else None
    beside = found.beside or {}
    head = {"as_of": asked.as_of, "rows": found.rows, "next": after, "total": found.total}
    return head | beside


def do(request: HttpRequest, verb: str) -> HttpResponse:
    """Does a verb once under the caller's key."""
    ctx = context(request)
    offered = verbs.offer(verb)
    given = bodies.json_object(request)
    outcome = once(ctx, lambda: verbs.do(ctx, offered.name, given))
    return _outcome(outcome, verbs.beside(offered.name, given, outcome))


def context(request: HttpRequest) -> Context:
    """The context of an act: the caller, today, and their key; one caller's keys are their own."""
    standing = callers.standing_of(request)
    key = f"api:{standing.actor_id}:{bodies.key_of(request)}"
    return Context(standing, request.today, request.now, key)  # type: ignore[attr-defined]


def once(ctx: Context, act: Callable[[], Any]) -> Any:
    """What the act comes to; a refused key is named as the caller sent it."""
    try:
        return act()
    except Refused as refused:
        if refused.code == "key.reused":
            refused.facts["key"] = ctx.key.split(":", 2)[2]
        raise


def _outcome(outcome: Outcome, beside: dict[str, Any]) -> HttpResponse:
    if isinstance(outcome, Waiting):
        verdict = outcome.verdict
        waiting = {
            "request": outcome.request_id, "reasons": verdict.reasons,
            "approvers": verdict.approvers,
        }  # fmt: skip
        return answer(waiting, status=202)
    done = {
        "event": outcome.event_id, "subject": outcome.subject, "facts": outcome.facts,
        "repeated": outcome.repeated, **beside,
    }  # fmt: skip
    return answer(done)


def stage(request: HttpRequest) -> HttpResponse:
    """Reads a file and stages it; the batch as it stands then."""
    ctx = context(request)
    callers.need(ctx.standing, "import.stage")
    batch_id = once(ctx, lambda: uploads.stage(ctx, request))
    wanted = next(each for each in READS if each.path == "imports/{batch_id}")
    shown = Asked(ctx.standing, ctx.as_of, ctx.now, {"batch_id": batch_id}, limit=LIMIT, position=0)
    name = cursors.name_of(wanted.path, {**shown.values, "as_of": ctx.as_of, "limit": LIMIT})
    return answer(_page(shown, wanted.ask(shown), name))


def keep_document(request: HttpRequest) -> HttpResponse:
    """Keeps a file with its subject."""
    ctx = context(request)
    callers.need(ctx.standing, "document.keep")
    return _outcome(once(ctx, lambda: uploads.keep(ctx, request)), {})


def take_statement(request: HttpRequest) -> HttpResponse:
    """Takes a bank's file in and matches its lines."""
    ctx = context(request)
    callers.need(ctx.standing, "bank.import")
    return answer(once(ctx, lambda: uploads.take_statement(ctx, request)))


def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document; it names nothing of the book, so anybody may read it."""
    return answer(documents.openapi())


def docs(request: HttpRequest) -> HttpResponse:
    """The same document as a page."""
    return HttpResponse(documents.page())


def nothing(request: HttpRequest, **parts: str) -> HttpResponse:
    """No such address."""
    raise Refused(
        "api.address",
        "There is nothing at {path}. /api/v1/openapi.json lists what there is.",
        path=bodies.clean(request.path)[:200],
    )


def reading(wanted: Read) -> View:
    """The view of one address of the table."""
    return functools.partial(read, wanted)
