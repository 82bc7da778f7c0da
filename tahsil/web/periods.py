"""Months: which are closed, by whom, what they held then and hold now; closing and opening."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tahsil.actions import periods as acts
from tahsil.queries import periods as read
from tahsil.queries.tie_out import READ
from tahsil.web import asked, pages, tie_out
from tahsil.web.entry import Entry
from tahsil.web.pages import view

STATES = {
    "running": (lambda: _("Running"), ""),
    "open": (lambda: _("Open"), ""),
    "forward": (lambda: _("Past its days; what comes is posted on the day it is recorded"), ""),
    "closed": (lambda: _("Closed"), "good"),
    "reopened": (lambda: _("Opened again"), "late"),
}


@view
def months(request: HttpRequest) -> HttpResponse:
    """The last thirteen months of each creditor."""
    asked.need(request, READ)
    rows = read.periods(asked.standing(request), as_of=asked.as_of(request))
    facts = {
        "rows": [
            {"row": row, "label": STATES[row.state][0](), "tone": STATES[row.state][1],
             "can_close": row.state in ("open", "forward", "reopened")}
            for row in rows
        ],
        "tabs": tie_out.tabs("/tie-out/months"),
        "may_close": asked.may(request, "period.close"),
        "may_reopen": asked.may(request, "period.reopen"),
    }  # fmt: skip
    return render(request, "tie_out/months.html", facts)


@require_POST
@view
def closings(request: HttpRequest) -> HttpResponse:
    """Asks to close a month."""
    given = Entry(request)
    return pages.acting(
        request, "period.close",
        lambda ctx: acts.close(
            ctx, creditor_id=given.whole("creditor_id") or 0, month_on=given.text("month_on")
        ),
        said=_("The month is closed."),
    )  # fmt: skip


@require_POST
@view
def openings(request: HttpRequest) -> HttpResponse:
    """Opens a closed month again."""
    given = Entry(request)
    return pages.acting(
        request, "period.reopen",
        lambda ctx: acts.reopen(
            ctx, creditor_id=given.whole("creditor_id") or 0, month_on=given.text("month_on"),
            reason=given.text("reason"),
        ),
        said=_("The month is open again."),
    )  # fmt: skip
