"""Disputes: the forms that open one and that decide it."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tahsil.actions import disputes as acts
from tahsil.queries import rules
from tahsil.web import account_parts, asked, entry, sentences, verbs
from tahsil.web.accounts import form_facts, one_of, opened, page_of, posted
from tahsil.web.entry import Entry
from tahsil.web.pages import view

DECISIONS = ("upheld", "rejected")


@view
def disputes(request: HttpRequest, account_id: int) -> HttpResponse:
    """The form for a line the debtor contests, and its recording."""
    found, given = page_of(request, account_id), Entry(request)
    lines = account_parts.open_lines(found)
    if request.method == "POST":
        params = {
            "obligation_id": given.whole("obligation_id"),
            "amount_minor": given.amount("amount", found.header.currency),
            "code": given.text("code", needed=True),
            "note": given.text("note"),
        }
        answer = entry.done(
            request,
            given,
            lambda: acts.open(
                entry.context(request, "dispute.open"), account_id=account_id, **params
            ),
            said=lambda done: _("The dispute is open."),
            to=f"/accounts/{account_id}",
        )
        if answer:
            return answer
    facts = form_facts(found, "disputes", _("Dispute"), _("Open the dispute"))
    facts |= {
        "lines": [(row.obligation_id, account_parts.line_name(row, found)) for row in lines],
        "codes": account_parts.coded("disputes", rules.read(asked.as_of(request))),
        "first_text": sentences.money_text(lines[0].open_minor, found.header.currency, code=False)
        if lines
        else "",
    }
    return entry.form(request, "accounts/dispute.html", given, facts)


@view
def decisions(request: HttpRequest, account_id: int, dispute_id: int) -> HttpResponse:
    """The form that decides a dispute, and its deciding."""
    verb = "dispute.decide"
    found, given = opened(request, account_id, verb)
    if request.method == "POST":
        act = partial(
            acts.decide,
            dispute_id=dispute_id,
            state=given.text("state", needed=True),
            note=given.text("note"),
        )
        said = _("The dispute is decided.")
        answer = posted(request, given, account_id=account_id, verb=verb, act=act, said=said)
        if answer:
            return answer
    dispute = one_of(found.disputes, dispute_id)
    title = verbs.label(verb)
    facts = form_facts(found, f"disputes/{dispute_id}/decisions", title, title)
    codes = dict(account_parts.coded("disputes", rules.read(asked.as_of(request))))
    facts |= {
        "dispute": dispute,
        "code": codes.get(dispute.code, dispute.code),
        "states": [(each, account_parts.words(each).capitalize()) for each in DECISIONS],
    }
    return entry.form(request, "accounts/decision.html", given, facts)
