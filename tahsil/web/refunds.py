"""Refunds: asked for on an account, agreed to under Approvals, paid, printed, found at the bank."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tahsil.actions import refunds as acts
from tahsil.queries import refunds as read
from tahsil.queries.refunds import FreeReceipt, Refundable, RefundPage
from tahsil.web import account_parts, asked, entry, fields, pages, sentences
from tahsil.web.accounts import form_facts, page_of
from tahsil.web.entry import Entry
from tahsil.web.pages import view

VIEWS = {
    "asked": lambda: _("Asked for"),
    "approved": lambda: _("To pay"),
    "paid": lambda: _("Paid"),
    "over": lambda: _("Cancelled or come back"),
}


@view
def refunds(request: HttpRequest) -> HttpResponse:
    """The refunds: asked for, to pay, paid, over."""
    asked.need(request, "account.read")
    chosen = asked.choice(request, "view", VIEWS, "approved")
    found = read.refunds(
        asked.standing(request),
        as_of=asked.as_of(request),
        view=chosen,
        account_id=asked.whole(request, "account"),
        page=asked.page(request),
    )
    tabs = [
        {"url": asked.url(request, view=code), "label": label(), "active": code == chosen,
         "count": found.counts[code]}
        for code, label in VIEWS.items()
    ]  # fmt: skip
    facts = {"list": found, "view": chosen, "tabs": tabs}
    return render(
        request, "refunds/list.html", {**facts, "pager": asked.pager(request, found.page)}
    )


@view
def refund(request: HttpRequest, refund_id: int) -> HttpResponse:
    """One refund with its receipts, what can be done with it, and bank lines that may show it."""
    found = _found(request, refund_id)
    facts = {
        "page": found,
        "row": found.row,
        "acts": _acts(request, found),
        "may_match": asked.may(request, "refund.match"),
    }
    return render(request, "refunds/page.html", facts)


@view
def account_refunds(request: HttpRequest, account_id: int) -> HttpResponse:
    """The form that asks to pay money of an account back, and the asking."""
    asked.need(request, "refund.ask")
    page, given = page_of(request, account_id), Entry(request)
    today = request.today  # type: ignore[attr-defined]
    found = read.refundable(asked.standing(request), account_id, as_of=today)
    typed = {each.receipt_id: _typed(given, each, found.currency) for each in found.receipts}
    if request.method == "POST":
        params = {
            "parts": [[key, amount] for key, amount in typed.items() if amount],
            "reason": given.text("reason", needed=True),
            "payee": given.text("payee"),
            "payee_reason": given.text("payee_reason"),
            "is_despite_overdue": given.is_ticked("is_despite_overdue"),
        }
        answer = entry.done(
            request,
            given,
            lambda: acts.request(
                entry.context(request, "refund.ask"), account_id=account_id, **params
            ),
            said=lambda done: _("Refund {number} is agreed to.").format(**done.facts),
            to=f"/refunds?view=asked&account={account_id}",
        )
        if answer:
            return answer
    facts = form_facts(page, "refunds", _("Pay money back"), _("Ask for the refund"))
    facts |= {"found": found, "rows": _rows(request, given, found, today)}
    return entry.form(request, "refunds/ask.html", given, facts)


@view
def payments(request: HttpRequest, refund_id: int) -> HttpResponse:
    """The form that records the paying of a refund, and its recording."""
    found, given = _found(request, refund_id), Entry(request)
    asked.need(request, "refund.pay")
    today = request.today  # type: ignore[attr-defined]
    methods = [(code, account_parts.words(code).capitalize()) for code in acts.METHODS]
    said = [
        fields.field("method", _("Paid by"), given, kind="select", options=methods),
        fields.field(
            "bank_account_id", _("Our bank account"), given, kind="select", optional=True,
            options=[("", _("None: cash")), *found.bank_accounts],
            value=found.bank_accounts[0][0] if found.bank_accounts else "",
        ),
        fields.field("reference", _("Reference"), given, optional=True),
        fields.field("value_on", _("Value date"), given, kind="date", value=today.isoformat()),
    ]  # fmt: skip
    act = partial(
        acts.pay,
        method=given.text("method") or "transfer",
        bank_account_id=given.whole("bank_account_id"),
        reference=given.text("reference"),
        value_on=given.day("value_on", needed=False),
    )
    title, done = _("Record the payment"), _("Refund {number} is paid.")
    return _done(request, given, found, noun="payments", act=act, said=said, told=(title, done))


@view
def cancellations(request: HttpRequest, refund_id: int) -> HttpResponse:
    """The form that asks why an approved refund is not paid, and its cancelling."""
    found, given = _found(request, refund_id), Entry(request)
    asked.need(request, "refund.cancel")
    said = [fields.field("reason", _("Reason"), given, whole=True)]
    act = partial(acts.cancel, reason=given.text("reason", needed=request.method == "POST"))
    title, done = _("Cancel the refund"), _("Refund {number} is cancelled.")
    told = (title, done)
    return _done(request, given, found, noun="cancellations", act=act, said=said, told=told)


@view
def returns(request: HttpRequest, refund_id: int) -> HttpResponse:
    """The form that records that a paid refund came back to us, and its recording."""
    found, given = _found(request, refund_id), Entry(request)
    asked.need(request, "refund.take_back")
    today = request.today  # type: ignore[attr-defined]
    said = [
        fields.field("reason", _("Reason"), given, whole=True),
        fields.field("effective_on", _("Came back on"), given, kind="date",
                     value=today.isoformat()),
    ]  # fmt: skip
    act = partial(
        acts.take_back,
        reason=given.text("reason", needed=request.method == "POST"),
        effective_on=given.day("effective_on", needed=False),
    )
    title, done = _("The money came back"), _("The money of refund {number} is on account again.")
    return _done(request, given, found, noun="returns", act=act, said=said, told=(title, done))


@require_POST
@view
def lines(request: HttpRequest, refund_id: int) -> HttpResponse:
    """Says that a bank line shows the refund."""
    line_id = int(request.POST.get("line_id") or 0)
    return pages.acting(
        request,
        "refund.match",
        lambda ctx: acts.match(ctx, line_id=line_id, refund_id=refund_id),
        said=_("The line is explained."),
        to=f"/refunds/{refund_id}",
    )


def _found(request: HttpRequest, refund_id: int) -> RefundPage:
    return read.refund(asked.standing(request), refund_id, as_of=asked.as_of(request))


def _done(
    request: HttpRequest, given: Entry, found: RefundPage, *, noun: str, act: Any,
    said: list[dict[str, Any]], told: tuple[str, str],
) -> HttpResponse:  # fmt: skip
    """The form of one act on a refund, and the act."""
    row, (title, done) = found.row, told
    of = {"account_id": row.account_id, "refund_id": row.id}
    if request.method == "POST":
        answer = entry.done(
            request,
            given,
            lambda: act(entry.context(request, f"refund.{noun}"), **of),
            said=lambda made: done.format(**made.facts),
            to=f"/refunds/{row.id}",
        )
        if answer:
            return answer
    about = f"{row.number} · {sentences.money_text(row.amount_minor, row.currency)} · {row.payee}"
    home = f"/refunds/{row.id}"
    facts = {"title": title, "button": title, "about": about, "fields": said, "next": home}
    facts["action"] = f"{home}/{noun}"
    return entry.form(request, "refunds/form.html", given, facts)


def _acts(request: HttpRequest, found: RefundPage) -> list[dict[str, Any]]:
    """What this person can do with the refund as it stands."""
    here = f"/refunds/{found.row.id}"
    possible = {
        "approved": (("refund.pay", "payments", _("Record the payment")),
                     ("refund.cancel", "cancellations", _("Cancel"))),
        "paid": (("refund.take_back", "returns", _("Came back")),),
    }.get(found.row.state, ())  # fmt: skip
    return [
        {"url": f"{here}/{noun}", "label": label, "is_main": noun == "payments"}
        for verb, noun, label in possible
        if asked.may(request, verb)
    ]


def _typed(given: Entry, row: FreeReceipt, currency: str) -> int:
    return given.amount(f"receipt-{row.receipt_id}", currency, needed=False)


def _rows(
    request: HttpRequest, given: Entry, found: Refundable, today: Any
) -> list[dict[str, Any]]:
    """The receipts as fields: as typed, or with the whole rest of the one asked for."""
    wanted = asked.whole(request, "receipt")
    rows = []
    for each in found.receipts:
        name = f"receipt-{each.receipt_id}"
        first = ""
        if each.free_minor and (wanted == each.receipt_id or len(found.receipts) == 1):
            first = sentences.money_text(each.free_minor, found.currency, code=False)
        rows.append(
            {
                "name": name,
                "row": each,
                "is_fresh": each.earliest_on > today,
                "value": given.text(name) if request.method == "POST" else first,
                "fault": given.faults.get(name, ""),
            }
        )
    return rows
