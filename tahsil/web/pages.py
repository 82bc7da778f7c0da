"""How a view answers: a page, a refusal said in the reader's language, a redirect after an act.

A view makes one query call or one action call. `acting` turns the outcome of a verb into what
the person sees: done, waiting for approval, or refused with nothing lost.
"""

from __future__ import annotations

import functools
import logging
import sys
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from tahsil.actions._verb import Context, Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.web import sentences

log = logging.getLogger(__name__)
STATUS = {
    "grant.none": 403, "grant.scope": 403, "account.unknown": 404, "receipt.unknown": 404,
    "instrument.unknown": 404, "document.unknown": 404, "custody.unknown": 404,
    "count.unknown": 404,
}  # fmt: skip


def view(function: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for somebody signed in; a refusal becomes a page that says it."""

    @login_required
    @functools.wraps(function)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return function(request, *args, **kwargs)
        except Refused as refused:
            return refusal(request, refused)

    return answered


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The refusal as a page of its own, or as a fragment where htmx asked."""
    template = "parts/refusal.html" if request.headers.get("HX-Request") else "refused.html"
    status = STATUS.get(refused.code, 422)
    came = back(request)
    is_elsewhere = came not in ("/", request.build_absolute_uri())
    facts = {"refused": refused, "back": came if is_elsewhere else ""}
    return render(request, template, facts, status=status)


def fault(request: HttpRequest) -> HttpResponse:
    """A fault of ours: logged whole under a reference, which is all the page says of it."""
    reference = uuid.uuid4().hex[:8].upper()
    log.error("%s failed, reference %s", request.path, reference, exc_info=sys.exc_info())
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)


def context(request: HttpRequest, verb: str) -> Context:
    """The context of an act posted by this form, under the form's own key."""
    key = request.POST.get("form_key") or uuid.uuid4().hex
    return Context(
        request.standing,  # type: ignore[attr-defined]
        request.today,  # type: ignore[attr-defined]
        request.now,  # type: ignore[attr-defined]
        f"{key}:{verb}"[:120],
    )


def acting(
    request: HttpRequest, verb: str, act: Callable[[Context], Any], *, said: str = "", to: str = ""
) -> HttpResponse:
    """Does one act, tells what came of it, and goes where the person was (or `to`)."""
    try:
        outcome = act(context(request, verb))
    except Refused as refused:
        if request.headers.get("HX-Request"):
            return refusal(request, refused)
        for sentence in sentences.refusal_sentences(refused):
            messages.error(request, sentence)
        return redirect(back(request))
    if isinstance(outcome, Waiting):
        messages.info(request, _("It waits for approval. You will see it under Approvals."))
    elif said:
        messages.success(request, said)
    return redirect(to or back(request))


def back(request: HttpRequest) -> str:
    """Where the person was, if that is a page of ours."""
    wanted = request.POST.get("next") or request.headers.get("Referer", "/")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if is_ours else "/"
