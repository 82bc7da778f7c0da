"""The first page: a manager's portfolio per currency, a collector's own day, and orphans (5.24)."""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tahsil.adapters.documents import Amount, Table
from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.dates import month
from tahsil.queries import cash, objections, portfolio
from tahsil.queries.cash_hands import Hand
from tahsil.web import asked, charts, exports, own_names, sentences
from tahsil.web.pages import view

REPORT = "report.read"


@view
def home(request: HttpRequest) -> HttpResponse:
    """The portfolio for who reads reports of others, the own day for who works only their own."""
    if not asked.may(request, REPORT):
        return render(request, "home/no_role.html")
    found = portfolio.home(asked.standing(request), as_of=asked.as_of(request))
    if is_own_only(asked.standing(request)):
        return render(request, "home/own.html", _own(request, found))
    if not found.currencies:
        may_import = asked.may(request, "import.stage")
        return render(request, "home/empty.html", {"may_import": may_import})
    return render(request, "home/portfolio.html", _portfolio(request, found))


@view
def orphans(request: HttpRequest) -> HttpResponse:
    """Overdue accounts without owner or without a next step ahead; as a workbook if asked."""
    asked.need(request, REPORT)
    rows = portfolio.orphans(asked.standing(request), as_of=asked.as_of(request))
    if exports.is_asked(request):
        return exports.answer(request, _orphans_document(request, rows), "orphans")
    return render(request, "home/orphans.html", {"rows": rows})


def is_own_only(standing: Standing) -> bool:
    """Whether every report this person may read is of their own accounts."""
    scopes = {grant.scope for grant in standing.grants if fnmatchcase(REPORT, grant.pattern)}
    return scopes == {"own"}


def _own(request: HttpRequest, found: portfolio.Home) -> dict[str, Any]:
    me = asked.standing(request).actor_id
    return {
        "home": found,
        "waiting": _objections(request),
        "hands": _hands(request),
        "day": next((row for row in found.activity if row.person_id == me), None),
        "listed": sum(each.listed for each in found.currencies),
        "month": _month(found.as_of),
        "day_text": found.as_of.isoformat(),
        "top": found.top[:10],
    }


def _hands(request: HttpRequest) -> tuple[Hand, ...]:
    """What the collector holds in cash."""
    if not asked.may(request, cash.READ):
        return ()
    now = request.now  # type: ignore[attr-defined]
    return cash.own(asked.standing(request), as_of=asked.as_of(request), now=now).hands


def _portfolio(request: HttpRequest, found: portfolio.Home) -> dict[str, Any]:
    known = [each.currency for each in found.currencies]
    most = max(found.currencies, key=lambda each: each.accounts).currency
    chosen = asked.choice(request, "currency", known, most)
    at = next(each for each in found.currencies if each.currency == chosen)
    return {
        "home": found,
        "waiting": _objections(request),
        "at": at,
        "tabs": [
            {"url": asked.url(request, currency=code), "label": code, "active": code == chosen}
            for code in known
        ],
        "efficiency": at.months[-1].efficiency_ppm if at.months else None,
        "month": _month(found.as_of),
        "day_text": found.as_of.isoformat(),
        "due_collected": _columns(at),
        "buckets": _buckets(at),
        "top": [row for row in found.top if row.currency == chosen][:10],
        "orphans": found.orphans[:8],
    }


def _objections(request: HttpRequest) -> dict[str, int]:
    """How many objections wait for this person's answer, and how many are overdue."""
    waits, late = objections.waiting(asked.standing(request), as_of=asked.as_of(request))
    return {"all": waits, "late": late}


def _month(as_of: date) -> dict[str, str]:
    """The days of the month so far, as an address writes them."""
    return {"since": month(as_of).since.isoformat(), "until": as_of.isoformat()}


def _columns(at: portfolio.CurrencyHome) -> SafeString:
    """Thirteen months of what fell due and what of it is paid."""
    return charts.columns(
        _("Due and collected by month"),
        [sentences.month_text(each.month_on) for each in at.months],
        (_("Due"), [each.due_minor for each in at.months]),
        (_("Collected of it"), [each.on_time_minor + each.late_minor for each in at.months]),
        currency=at.currency,
    )


def _buckets(at: portfolio.CurrencyHome) -> SafeString:
    """Overdue by bucket of days, each leading to its ageing."""
    address = urlencode({"currency": at.currency, "overdue": 1, "group": "none"})
    slices = [
        charts.Slice(each.label, each.overdue_minor, "late", f"/ageing?{address}")
        for each in at.buckets
    ]
    return charts.bars(_("Overdue by days"), slices, currency=at.currency)


def _orphans_document(request: HttpRequest, rows: tuple[portfolio.OrphanRow, ...]) -> Any:
    columns = exports.columns(
        (_("Account"), "code", 16), (_("Name"), "text", 30), (_("Project"), "text", 18),
        (_("Currency"), "code", 8), (_("Overdue"), "money", 16), (_("DPD"), "number", 8),
        (_("Collector"), "text", 20), (_("Next step"), "date", 13),
        (_("Last attempt"), "date", 13), (_("Why"), "text", 24),
    )  # fmt: skip
    cells = [
        [
            row.account_number, row.name, own_names.called(row.project), row.currency,
            Amount(row.overdue_minor, row.currency), row.dpd, own_names.called(row.collector),
            row.next_step_on, row.last_attempt_on, why_orphan(row.why),
        ]
        for row in rows
    ]  # fmt: skip
    return exports.document(
        request, _("Accounts without action"), [Table(columns, cells)], filters=[]
    )


def why_orphan(code: str) -> str:
    """Why an account counts as an orphan, in words."""
    words = {
        "no_owner": _("Nobody works it"),
        "no_next_step": _("No next step"),
        "next_step_past": _("The next step is past"),
    }
    return words.get(code, code)
