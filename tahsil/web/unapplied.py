"""Money on account: the list with owner, age and reason; giving it to somebody; setting it off."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tahsil.actions import receipts as receipt_acts
from tahsil.actions import unapplied as acts
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import accounts, bank_line
from tahsil.queries import receipts as receipts_read
from tahsil.queries import unapplied as read
from tahsil.web import account_parts, asked, entry, fields, pages
from tahsil.web.entry import Entry
from tahsil.web.pages import view

VIEWS = {
    "queue": lambda: _("To look at"),
    "mine": lambda: _("Mine"),
    "unowned": lambda: _("Nobody's"),
    "old": lambda: _("Too old"),
    "all": lambda: _("All"),
}


@view
def unapplied(request: HttpRequest) -> HttpResponse:
    """The accounts with money that pays nothing, the oldest first, and payers nobody knows."""
    asked.need(request, "account.read")
    chosen = asked.choice(request, "view", VIEWS, "queue")
    standing, as_of = asked.standing(request), asked.as_of(request)
    found = read.by_account(standing, as_of=as_of, view=chosen, page=asked.page(request))
    tabs = [
        {"url": asked.url(request, view=code), "label": label(), "active": code == chosen,
         "count": found.counts[code]}
        for code, label in VIEWS.items()
    ]  # fmt: skip
    facts = {
        "found": found,
        "tabs": tabs,
        "pager": asked.pager(request, found.page),
        "may_assign": asked.may(request, "unapplied.assign"),
        "may_move": asked.may(request, "receipt.reallocate"),
        "may_ask": asked.may(request, "refund.ask"),
        "suspense": read.suspense(standing, as_of=as_of, is_own=chosen == "mine")
        if asked.may(request, "bank.read")
        else (),
    }
    return render(request, "refunds/unapplied.html", facts)


@view
def owners(request: HttpRequest, account_id: int) -> HttpResponse:
    """The form that gives an account's money to somebody, with why it waits, and the giving."""
    asked.need(request, "unapplied.assign")
    account = accounts.readable(asked.standing(request), account_id)
    given, home = Entry(request), "/unapplied"
    if request.method == "POST":
        params = {
            "owner_id": given.whole("owner_id") or 0,
            "reason": given.text("reason"),
            "note": given.text("note"),
            "step_on": given.day("step_on", needed=False),
        }
        answer = entry.done(
            request,
            given,
            lambda: acts.assign(
                entry.context(request, "unapplied.assign"), account_id=account_id, **params
            ),
            said=lambda done: _("{owner} looks after it now.").format(**done.facts),
            to=home,
        )
        if answer:
            return answer
    reasons = [(code, account_parts.words(code).capitalize()) for code in acts.REASONS]
    facts: dict[str, Any] = {
        "title": _("Who looks after this money"),
        "button": _("Save"),
        "about": f"{account.name} · {account.number}",
        "action": f"/accounts/{account_id}/unapplied-owners",
        "next": home,
        "fields": [
            fields.field("owner_id", _("Owner"), given, kind="select", options=bank_line.owners(),
                         value=asked.standing(request).actor_id),
            fields.field("reason", _("Why it waits"), given, kind="select", options=reasons),
            fields.field("step_on", _("Look again on"), given, kind="date", optional=True),
            fields.field("note", _("Note"), given, optional=True, whole=True),
        ],
    }  # fmt: skip
    return entry.form(request, "refunds/form.html", given, facts)


@require_POST
@view
def set_offs(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """Sets a receipt's rest against what is open, in the policy's order; what it pays stays."""
    standing = asked.standing(request)
    today = request.today  # type: ignore[attr-defined]
    found = receipts_read.receipt(standing, receipt_id, as_of=today)
    offered = receipts_read.proposal(
        standing, found.account_id, as_of=today, amount_minor=found.unapplied_minor or 1,
        value_on=today, rule=found.rule,
    )  # fmt: skip

    def act(ctx: Any) -> Any:
        if not found.unapplied_minor or not offered.parts:
            raise Refused(
                "receipt.nothing_to_pay",
                "Nothing is open that receipt {number} may pay by itself. Move the money to "
                "named lines, or pay it back.",
                number=found.number,
            )
        kept = [[part.obligation_id, part.amount_minor] for part in found.parts
                if part.category != "refund"]  # fmt: skip
        return receipt_acts.reallocate(
            ctx, account_id=found.account_id, receipt_id=receipt_id, instruction=kept,
            reason=_("Money on account set off"),
        )  # fmt: skip

    said = _("The money of receipt {number} is set against what is open.")
    return pages.acting(request, "receipt.reallocate", act, said=said.format(number=found.number))
