"""The safe: what lies at each place, when it was counted, what waits for an explanation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tahsil.actions import matters as acts
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import hand_overs
from tahsil.queries import safe as read
from tahsil.web import asked, entry
from tahsil.web.entry import Entry
from tahsil.web.pages import view


@view
def safe(request: HttpRequest) -> HttpResponse:
    """The places, with counts and totals per currency, and the open matters."""
    asked.need(request, read.READ)
    facts = {
        "safe": read.safe(asked.standing(request), as_of=asked.as_of(request)),
        "tabs": tabs(request, "/safe"),
        "may_close": _is_today(request) and asked.may(request, "matter.close"),
        **may(request),
    }
    return render(request, "safe/safe.html", facts)


@view
def matter(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The form that closes a matter with its explanation, and its closing."""
    asked.need(request, "matter.close")
    known = read.matters(asked.standing(request), as_of=asked.as_of(request))
    found = next((each for each in known if each.matter_id == matter_id), None)
    if found is None:
        raise Refused("custody.closed", "This matter is closed already.")
    given = Entry(request)
    if request.method == "POST":
        params = {
            "matter_id": matter_id,
            "outcome": given.text("outcome", needed=True),
            "explanation": given.text("explanation", needed=True),
        }
        answer = entry.done(
            request, given, lambda: acts.close(entry.context(request, "matter.close"), **params),
            said=lambda done: _("The matter is closed."), to="/safe",
        )  # fmt: skip
        if answer:
            return answer
    facts = {
        "title": _("Close a matter of custody"),
        "matter": found,
        "outcomes": [("explained", _("Explained")), ("lost", _("Declared lost"))],
        "action": f"/safe/matters/{matter_id}",
        "next": "/safe",
        "button": _("Close the matter"),
    }
    return entry.form(request, "safe/matter.html", given, facts)


def tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The places of this part: where papers lie, hand-overs, counts."""
    mine = hand_overs.waiting(asked.standing(request), as_of=asked.as_of(request))
    known = (
        ("/safe", _("Places"), 0),
        ("/safe/hand-overs", _("Hand-overs"), mine if asked.may(request, "custody.accept") else 0),
        ("/safe/counts", _("Counts"), 0),
    )
    return [
        {"url": url, "label": label, "active": url == current, "count": count}
        for url, label, count in known
    ]


def may(request: HttpRequest) -> dict[str, bool]:
    """What this person may begin today."""
    return {
        "may_give": _is_today(request) and asked.may(request, "custody.hand_over"),
        "may_count": _is_today(request) and asked.may(request, "count.open"),
    }


def _is_today(request: HttpRequest) -> bool:
    return asked.as_of(request) == request.today  # type: ignore[attr-defined]
