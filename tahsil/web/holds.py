"""Holds: the forms that place one and that lift it before its day."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tahsil.actions import holds as acts
from tahsil.web import account_parts, entry, verbs
from tahsil.web.accounts import form_facts, one_of, opened, page_of, posted
from tahsil.web.entry import Entry
from tahsil.web.pages import view

KINDS = ("hold", "pause", "hardship")


@view
def holds(request: HttpRequest, account_id: int) -> HttpResponse:
    """The form for a pause with its reason and end, and its placing."""
    found, given = page_of(request, account_id), Entry(request)
    if request.method == "POST":
        params = {
            "kind": given.text("kind", needed=True),
            "until_on": given.day("until_on"),
            "reason": given.text("reason", needed=True),
        }
        answer = entry.done(
            request,
            given,
            lambda: acts.place(
                entry.context(request, "hold.place"), account_id=account_id, **params
            ),
            said=lambda done: _("The hold is placed."),
            to=f"/accounts/{account_id}",
        )
        if answer:
            return answer
    facts = form_facts(found, "holds", _("Hold"), _("Place the hold"))
    facts["kinds"] = [(kind, account_parts.words(kind).capitalize()) for kind in KINDS]
    return entry.form(request, "accounts/hold.html", given, facts)


@view
def ends(request: HttpRequest, account_id: int, hold_id: int) -> HttpResponse:
    """The form that ends a hold before its day, and its ending."""
    verb = "hold.lift"
    found, given = opened(request, account_id, verb)
    if request.method == "POST":
        reason = given.text("reason", needed=True)
        act = partial(acts.lift, hold_id=hold_id, reason=reason)
        said = _("The hold is lifted.")
        answer = posted(request, given, account_id=account_id, verb=verb, act=act, said=said)
        if answer:
            return answer
    title = verbs.label(verb)
    facts = form_facts(found, f"holds/{hold_id}/ends", title, title)
    facts["hold"] = one_of(found.holds, hold_id)
    return entry.form(request, "accounts/end.html", given, facts)
