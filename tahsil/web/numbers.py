"""Receipt numbers: every series and paper book, number by number; books issued and taken back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tahsil.actions import numbers as acts
from tahsil.queries import bank_line
from tahsil.queries import numbers as read
from tahsil.web import account_parts, asked, entry, fields
from tahsil.web.entry import Entry
from tahsil.web.pages import view

HOME = "/receipts/numbers"


@view
def numbers(request: HttpRequest) -> HttpResponse:
    """Every series and book with what is missing of it."""
    asked.need(request, "account.read")
    found = read.numbers(asked.standing(request), as_of=asked.as_of(request))
    facts = {
        "found": found,
        "missing": [run for run in found.runs if run.missing],
        "may_issue": asked.may(request, "receipt.issue_book"),
        "may_cancel": asked.may(request, "receipt.cancel_number"),
    }
    return render(request, "receipts/numbers.html", facts)


@view
def run(request: HttpRequest, kind: str, run_id: int) -> HttpResponse:
    """One series or book, number by number."""
    asked.need(request, "account.read")
    found = read.numbers(
        asked.standing(request), as_of=asked.as_of(request), kind=kind, run_id=run_id
    )
    facts = {
        "run": found.chosen,
        "rows": found.rows,
        "may_end": asked.may(request, "receipt.end_book"),
    }
    return render(request, "receipts/number_run.html", facts)


@view
def cancellations(request: HttpRequest) -> HttpResponse:
    """The form that records a spoilt number as cancelled, and its recording."""
    asked.need(request, "receipt.cancel_number")
    given = Entry(request)
    if request.method == "POST":
        params = {"reason": given.text("reason", needed=True), "serial": given.whole("serial")}
        answer = entry.done(
            request,
            given,
            lambda: acts.cancel(entry.context(request, "receipt.cancel_number"), **params),
            said=lambda done: _("Number {number} is cancelled.").format(**done.facts),
            to=HOME,
        )
        if answer:
            return answer
    hint = _("Empty for the next number of your own series.")
    said = [
        fields.field("reason", _("Reason"), given, whole=True),
        fields.field("serial", _("Number in a paper book"), given, kind="number", optional=True,
                     hint=hint),
    ]  # fmt: skip
    title = _("Cancel a number")
    return _form(request, given, title, f"{HOME}/cancellations", said)


@view
def books(request: HttpRequest) -> HttpResponse:
    """The form that gives a paper book to somebody against signature, and the giving."""
    asked.need(request, "receipt.issue_book")
    given = Entry(request)
    today = request.today  # type: ignore[attr-defined]
    if request.method == "POST":
        params = {
            "code": given.text("code", needed=True),
            "first": given.whole("first") or 0,
            "last": given.whole("last") or 0,
            "holder_id": given.whole("holder_id") or 0,
            "document": given.text("document", needed=True),
            "issued_on": given.day("issued_on", needed=False),
        }
        answer = entry.done(
            request,
            given,
            lambda: acts.issue(entry.context(request, "receipt.issue_book"), **params),
            said=lambda done: _("{holder} holds book {book} now.").format(**done.facts),
            to=HOME,
        )
        if answer:
            return answer
    said = [
        fields.field("code", _("Book"), given),
        fields.field("holder_id", _("Given to"), given, kind="select",
                     options=bank_line.owners()),
        fields.field("first", _("First number"), given, kind="number"),
        fields.field("last", _("Last number"), given, kind="number"),
        fields.field("document", _("Signed hand-over"), given),
        fields.field("issued_on", _("Issued on"), given, kind="date", value=today.isoformat()),
    ]  # fmt: skip
    return _form(request, given, _("Issue a receipt book"), "/receipts/books", said)


@view
def ends(request: HttpRequest, book_id: int) -> HttpResponse:
    """The form that takes a book out of use, and the taking."""
    asked.need(request, "receipt.end_book")
    given = Entry(request)
    today = request.today  # type: ignore[attr-defined]
    if request.method == "POST":
        params = {
            "kind": given.text("kind"),
            "document": given.text("document"),
            "reason": given.text("reason"),
            "effective_on": given.day("effective_on", needed=False),
        }
        answer = entry.done(
            request,
            given,
            lambda: acts.end(entry.context(request, "receipt.end_book"), book_id=book_id, **params),
            said=lambda done: _("Book {book} is out of use.").format(**done.facts),
            to=f"{HOME}/book/{book_id}",
        )
        if answer:
            return answer
    kinds = [(code, account_parts.words(code).capitalize()) for code in acts.ENDS]
    said = [
        fields.field("kind", _("What became of it"), given, kind="select", options=kinds),
        fields.field("document", _("Document"), given, optional=True,
                     hint=_("For a lost book the police report.")),
        fields.field("effective_on", _("On"), given, kind="date", value=today.isoformat()),
        fields.field("reason", _("Remark"), given, optional=True),
    ]  # fmt: skip
    title = _("Take the book out of use")
    return _form(request, given, title, f"/receipts/books/{book_id}/ends", said)


def _form(
    request: HttpRequest, given: Entry, title: str, action: str, said: list[dict[str, Any]]
) -> HttpResponse:
    facts = {"title": title, "button": title, "action": action, "next": HOME, "fields": said}
    return entry.form(request, "refunds/form.html", given, facts)
