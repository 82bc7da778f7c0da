"""Approvals: what waits for my yes, what I asked for, what was decided; yes, no, withdraw."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tahsil.actions import requests
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import approvals as query
from tahsil.queries.approvals import RequestRow
from tahsil.web import asked, sentences, verbs
from tahsil.web.pages import acting, view


@view
def approvals(request: HttpRequest) -> HttpResponse:
    """The requests of one view."""
    chosen = asked.choice(request, "view", query.VIEWS, "for_me")
    found = query.approvals(
        asked.standing(request), as_of=asked.as_of(request), view=chosen, page=asked.page(request)
    )
    names = {"for_me": _("Waits for me"), "mine": _("My requests"), "decided": _("Decided")}
    facts = {
        "view": chosen,
        "tabs": [
            {
                "url": f"?view={code}",
                "label": names[code],
                "active": code == chosen,
                "count": found.counts.get(code),
            }
            for code in query.VIEWS
        ],
        "rows": [_row(row) for row in found.page.rows],
        "pager": asked.pager(request, found.page),
    }
    return render(request, "approvals/approvals.html", facts)


@view
def approval(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request; a post answers it."""
    if request.method == "POST":
        return answer(request, request_id)
    found = query.request(asked.standing(request), request_id, as_of=asked.as_of(request))
    return render(request, "approvals/approval.html", {"each": _row(found)})


@require_POST
def answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """Says yes or no to a request of somebody else, or withdraws one's own."""
    remark = request.POST.get("remark", "").strip()
    acts = {
        "approve": (requests.approve, {"remark": remark}, _("Approved, and done.")),
        "decline": (
            requests.decline,
            {"remark": remark},
            _("Declined. Who asked sees your remark."),
        ),
        "withdraw": (requests.withdraw, {}, _("Withdrawn.")),
    }
    chosen = request.POST.get("answer", "")
    if chosen not in acts:
        raise Refused(
            "request.answer",
            "A request is approved, declined or withdrawn. Choose one of the three.",
        )
    act, more, said = acts[chosen]
    return acting(
        request,
        f"request.{chosen}",
        lambda ctx: act(ctx, request_id=request_id, **more),
        said=said,
        to=request.POST.get("next", "") if request.POST.get("next", "").startswith("/a") else "",
    )


def _row(row: RequestRow) -> dict[str, Any]:
    return {
        "row": row,
        "label": verbs.label(row.verb),
        "facts": verbs.facts(row.named, row.currency),
        "reasons": [
            (reason.template, _spoken({"currency": row.currency, **reason.facts}))
            for reason in row.reasons
        ],
    }


def _spoken(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a reason, measures such as `amount_minor 72000000` put as a person says them."""
    return {name: _measures(value, facts) if isinstance(value, list) else value
            for name, value in facts.items()}  # fmt: skip


def _measures(said: list[Any], facts: dict[str, Any]) -> list[Any]:
    spoken = []
    for each in said:
        name, _blank, number = str(each).partition(" ")
        if not number.isdigit():
            spoken.append(each)
            continue
        if name == "days":
            spoken.append(sentences.days_count_text(int(number)))
            continue
        text = sentences.fact_text(name, int(number), facts)
        spoken.append(text if "_" in name else f"{text} {verbs.fact_label(name).lower()}")
    return spoken
