"""Promises: taken, cancelled, and the lists of those due, ahead, broken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tahsil.actions import promises as acts
from tahsil.adapters.documents import Amount, Document, Table
from tahsil.queries import choices, people
from tahsil.queries import promises as promises_read
from tahsil.queries.promises import PromiseFilters, PromiseRow
from tahsil.web import account_parts, asked, entry, exports, own_names, pages, sentences
from tahsil.web.accounts import form_facts, page_of
from tahsil.web.entry import Entry
from tahsil.web.pages import view

DAYS = 3  # a promise is first proposed for so many days ahead
PROMISED_BY = ("debtor", "spouse", "family", "company")
VIEWS = {
    "due": lambda: _("Due"),
    "ahead": lambda: _("Ahead"),
    "broken": lambda: _("Broken"),
    "all": lambda: _("All"),
}


@view
def promises(request: HttpRequest) -> HttpResponse:
    """The promises due, ahead, broken or all, with their sums; as a workbook if asked."""
    asked.need(request, "account.read")
    standing, as_of = asked.standing(request), asked.as_of(request)
    filters = _filters(request)
    if exports.is_asked(request):
        rows = promises_read.rows_for_export(standing, as_of=as_of, filters=filters)
        return exports.answer(request, _document(request, filters, rows), "promises")
    found = promises_read.promises(standing, as_of=as_of, filters=filters, page=asked.page(request))
    facts = {
        "list": found,
        "view": filters.view,
        "tabs": [
            {"url": asked.url(request, view=code), "label": label(),
             "active": code == filters.view, "count": found.counts.get(code)}
            for code, label in VIEWS.items()
        ],
        "filters": _fields(request, filters),
        "pager": asked.pager(request, found.page),
        "export_url": asked.url(request, format="xlsx"),
        "may_export": asked.may(request, "list.export"),
    }  # fmt: skip
    return render(request, "promises/list.html", facts)


@view
def account_promises(request: HttpRequest, account_id: int) -> HttpResponse:
    """The form for a promise on an account, and its recording."""
    found, given = page_of(request, account_id), Entry(request)
    if request.method == "POST":
        params = read(given, found.header.currency)
        answer = entry.done(
            request,
            given,
            lambda: acts.make(
                entry.context(request, "promise.make"), account_id=account_id, **params
            ),
            said=lambda done: _("The promise is recorded."),
            to=f"/accounts/{account_id}",
        )
        if answer:
            return answer
    currency = found.header.currency
    today = request.today  # type: ignore[attr-defined]
    facts = form_facts(found, "promises", _("Promise"), _("Record the promise"))
    facts |= {
        "instruments": instruments(),
        "by": [(code, account_parts.words(code).capitalize()) for code in PROMISED_BY],
        "confidences": [("3", _("Sure")), ("2", _("Likely")), ("1", _("Doubtful"))],
        "to_pay": sentences.money_text(found.to_pay.total_minor, currency, code=False),
        "promised_on": (today + timedelta(days=DAYS)).isoformat(),
    }
    return entry.form(request, "promises/form.html", given, facts)


@require_POST
@view
def cancellations(request: HttpRequest, promise_id: int) -> HttpResponse:
    """Cancels a promise on our side, for a reason."""
    given = Entry(request)
    account_id = given.whole("account_id") or 0
    return pages.acting(
        request,
        "promise.cancel",
        lambda context: acts.cancel(
            context, account_id=account_id, promise_id=promise_id, reason=given.text("reason")
        ),
        said=_("The promise is cancelled."),
        to=f"/accounts/{account_id}",
    )


def read(given: Entry, currency: str) -> dict[str, Any]:
    """A promise as its form says it: how much, by when, by what, by whom, how sure."""
    return {
        "amount_minor": given.amount("amount", currency),
        "promised_on": given.day("promised_on"),
        "instrument": given.text("instrument") or "transfer",
        "promised_by": given.text("promised_by"),
        "confidence": given.whole("confidence") or 2,
    }


def instruments() -> list[tuple[str, str]]:
    """By what a promise may be kept, to choose from."""
    return [(code, account_parts.words(code).capitalize()) for code in acts.INSTRUMENTS]


def _filters(request: HttpRequest) -> PromiseFilters:
    return PromiseFilters(
        view=asked.choice(request, "view", VIEWS, "due"),
        collector=asked.whole(request, "collector"),
        project=asked.whole(request, "project"),
        since=asked.day(request, "since"),
        until=asked.day(request, "until"),
    )


def _fields(request: HttpRequest, wanted: PromiseFilters) -> list[dict[str, Any]]:
    known = own_names.options(people.choices(as_of=asked.as_of(request)))
    every = ("", _("All"))
    return [
        {"name": "collector", "label": _("Collector"), "kind": "select",
         "options": [every, *known], "value": wanted.collector or ""},
        {"name": "project", "label": _("Project"), "kind": "select",
         "options": [every, *own_names.options(choices.projects())], "value": wanted.project or ""},
        {"name": "since", "label": _("From"), "kind": "date", "value": _iso(wanted.since)},
        {"name": "until", "label": _("To"), "kind": "date", "value": _iso(wanted.until)},
    ]  # fmt: skip


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""


def _document(request: HttpRequest, filters: PromiseFilters, rows: Any) -> Document:
    heads = exports.columns(
        (_("Account"), "code", 16), (_("Name"), "text", 32), (_("Project"), "text", 20),
        (_("Promise"), "money", 16), (_("Currency"), "code", 8), (_("Promised for"), "date", 14),
        (_("Made"), "date", 14), (_("State"), "text", 12), (_("Received"), "money", 16),
        (_("Instrument"), "text", 12), (_("Promised by"), "text", 16), (_("Overdue"), "money", 16),
        (_("Days past due"), "number", 10), (_("Taken by"), "text", 20),
        (_("Collector"), "text", 20),
    )  # fmt: skip
    shown = [(_("Promises"), VIEWS[filters.view]())]
    table = Table(heads, [_cells(row) for row in rows])
    return exports.document(request, _("Promises"), [table], filters=list(shown))


def _cells(row: PromiseRow) -> list[Any]:
    return [
        row.account_number,
        row.name,
        own_names.called(row.project),
        Amount(row.amount_minor, row.currency),
        row.currency,
        row.promised_on,
        row.made_on,
        account_parts.words(row.state),
        Amount(row.received_minor, row.currency),
        account_parts.words(row.instrument),
        account_parts.words(row.promised_by) if row.promised_by else "",
        Amount(row.overdue_minor, row.currency),
        row.dpd,
        own_names.called(row.made_by),
        own_names.called(row.collector),
    ]
