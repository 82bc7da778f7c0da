"""Cash of the team: everybody's hand, exceptions, cases, deposits, closed days, call-backs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tahsil.actions import cash, cash_days
from tahsil.adapters.documents import Amount, Table
from tahsil.adapters.documents.cash import day_sheet
from tahsil.adapters.documents.pdf import pdf
from tahsil.queries import cash as read
from tahsil.queries import cash_audit
from tahsil.queries.cash_hands import Hand
from tahsil.web import account_parts, asked, entry, exports, own_names, pages, verbs
from tahsil.web.cash import ratio, tabs
from tahsil.web.entry import Entry
from tahsil.web.fields import field
from tahsil.web.pages import view

TEAM, EXCEPTIONS, CALLS = "/cash/team", "/cash/exceptions", "/cash/calls"


@view
def team(request: HttpRequest) -> HttpResponse:
    """Everybody's balance, age and ceiling; days not closed and shortages beside them."""
    asked.need(request, read.TEAM)
    rows = read.team(asked.standing(request), as_of=asked.as_of(request), now=_now(request))
    if exports.is_asked(request):
        return exports.answer(request, _document(request, rows), "cash")
    sums: dict[str, list[int]] = {}
    for row in rows:
        held = sums.setdefault(row.currency, [0, 0])
        held[0] += row.held_minor
        held[1] += row.late_minor
    facts = {
        "rows": [(row, ratio(row)) for row in rows],
        "sums": [(currency, *sums[currency]) for currency in sorted(sums)],
        "tabs": tabs(request, TEAM),
        "export_url": asked.url(request, format="xlsx"),
        "may_export": asked.may(request, "list.export"),
    }
    return render(request, "cash/team.html", facts)


@view
def exceptions(request: HttpRequest) -> HttpResponse:
    """What asks for a look, each with its facts."""
    asked.need(request, read.TEAM)
    found = cash_audit.exceptions(
        asked.standing(request), as_of=asked.as_of(request), now=_now(request)
    )
    facts = {
        "page": found,
        "tabs": tabs(request, EXCEPTIONS),
        "may_settle": asked.may(request, "cash.settle_case"),
        "may_sign": asked.may(request, "cash.sign_day"),
    }
    return render(request, "cash/exceptions.html", facts)


@view
def calls(request: HttpRequest) -> HttpResponse:
    """The receipts of the last days that audit asks customers about."""
    asked.need(request, read.TEAM)
    rows = cash_audit.calls(asked.standing(request), as_of=asked.as_of(request))
    may_call = asked.may(request, "cash.call_back")
    return render(
        request, "cash/calls.html",
        {"rows": rows, "tabs": tabs(request, CALLS), "may_call": may_call},
    )  # fmt: skip


@view
def call(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """The form for what a customer said of a receipt, and its recording."""
    asked.need(request, "cash.call_back")
    given = Entry(request)
    if request.method == "POST":
        params = {"result": given.text("result"), "note": given.text("note")}
        answer = entry.done(
            request, given,
            lambda: cash_days.call_back(
                entry.context(request, "cash.call_back"), receipt_id=receipt_id, **params
            ),
            said=lambda done: _("What the customer said is recorded."), to=CALLS,
        )  # fmt: skip
        if answer:
            return answer
    options = [(code, account_parts.words(code).capitalize()) for code in cash_days.RESULTS]
    facts = {
        "title": verbs.label("cash.call_back"),
        "action": f"/cash/calls/{receipt_id}",
        "button": _("Record"),
        "next": CALLS,
        "fields": [
            field("result", _("The customer says"), given, kind="select", options=options),
            field("note", _("Note"), given, optional=True, whole=True),
        ],
    }
    return entry.form(request, "cash/plain.html", given, facts)


@view
def settlements(request: HttpRequest, case_id: int) -> HttpResponse:
    """The form that settles a difference in somebody's name, and the settling."""
    asked.need(request, "cash.settle_case")
    found, given = read.case(asked.standing(request), case_id), Entry(request)
    if request.method == "POST":
        params = {"outcome": given.text("outcome"), "note": given.text("note", needed=True)}
        answer = entry.done(
            request, given,
            lambda: cash_days.settle_case(
                entry.context(request, "cash.settle_case"), case_id=case_id, **params
            ),
            said=lambda done: _("The case is settled."), to=EXCEPTIONS,
        )  # fmt: skip
        if answer:
            return answer
    outcomes = cash_days.OUTCOMES[found.kind]
    options = [(code, account_parts.words(code).capitalize()) for code in outcomes]
    facts = {
        "title": verbs.label("cash.settle_case"),
        "case": found,
        "action": f"/cash/cases/{case_id}/settlements",
        "button": verbs.label("cash.settle_case"),
        "next": EXCEPTIONS,
        "fields": [
            field("outcome", _("How"), given, kind="select", options=options),
            field("note", _("Note"), given, whole=True),
        ],
    }
    return entry.form(request, "cash/plain.html", given, facts)


@view
def deposit(request: HttpRequest, deposit_id: int) -> HttpResponse:
    """One deposit: its slip, what it covers, and the bank line that answers it."""
    asked.need(request, read.READ)
    found = read.deposit(asked.standing(request), deposit_id, as_of=asked.as_of(request))
    may_match = asked.may(request, "cash.match")
    facts = {"page": found, "row": found.row, "may_match": may_match}
    return render(request, "cash/slip.html", facts)


@view
def matches(request: HttpRequest, deposit_id: int) -> HttpResponse:
    """A line of the bank is this deposit."""
    line_id = Entry(request).whole("line_id") or 0
    return pages.acting(
        request, "cash.match",
        lambda ctx: cash.match(ctx, deposit_id=deposit_id, line_id=line_id),
        said=_("The deposit is matched."), to=f"/cash/deposits/{deposit_id}",
    )  # fmt: skip


@view
def day(request: HttpRequest, day_id: int) -> HttpResponse:
    """One closed day: its figures, the cash list, the notes counted."""
    asked.need(request, read.READ)
    found = read.day(asked.standing(request), day_id)
    me = asked.standing(request).actor_id
    may_sign = asked.may(request, "cash.sign_day") and found.row.person_id != me
    facts = {"page": found, "row": found.row, "may_sign": may_sign and not found.row.signed_by}
    return render(request, "cash/day.html", facts)


@view
def sheet(request: HttpRequest, day_id: int) -> HttpResponse:
    """The day sheet as PDF, in two languages side by side."""
    asked.need(request, read.READ)
    found = read.day(asked.standing(request), day_id)
    language = asked.choice(request, "lang", dict(settings.LANGUAGES), get_language() or "en")
    content = pdf(day_sheet(found, language=language))
    name = f"cash-{found.row.day_on.isoformat()}-{found.row.currency}.pdf"
    return exports.download(request, content, name, "application/pdf")


@view
def signatures(request: HttpRequest, day_id: int) -> HttpResponse:
    """A second person signs a closed day."""
    return pages.acting(
        request, "cash.sign_day", lambda ctx: cash_days.sign_day(ctx, day_id=day_id),
        said=_("The day is signed."), to=f"/cash/days/{day_id}",
    )  # fmt: skip


def _now(request: HttpRequest) -> Any:
    return request.now  # type: ignore[attr-defined]


def _document(request: HttpRequest, rows: tuple[Hand, ...]) -> Any:
    heads = exports.columns(
        (_("Collector"), "text", 24), (_("Team"), "text", 18), (_("Currency"), "code", 8),
        (_("In hand"), "money", 16), (_("Ceiling"), "money", 16), (_("Receipts"), "number", 10),
        (_("Since"), "date", 14), (_("Past its time"), "money", 16),
        (_("Closed up to"), "date", 14), (_("Open shortages"), "money", 16),
        (_("Late deposits"), "number", 12),
    )  # fmt: skip
    cells = [
        [
            own_names.called(row.name), row.team, row.currency,
            Amount(row.held_minor, row.currency),
            None if row.ceiling_minor is None else Amount(row.ceiling_minor, row.currency),
            row.count, row.oldest_at.date() if row.oldest_at else None,
            Amount(row.late_minor, row.currency), row.closed_on,
            Amount(row.cases_minor, row.currency), row.late_deposits,
        ]
        for row in rows
    ]  # fmt: skip
    return exports.document(request, _("Cash of the team"), [Table(heads, cells)], filters=[])
