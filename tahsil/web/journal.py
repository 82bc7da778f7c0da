"""The journal for the general ledger: a period's postings and sums, and its files."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tahsil.adapters import ledgers
from tahsil.adapters.documents.journal import journal as document
from tahsil.adapters.documents.workbook import workbook
from tahsil.queries import journal as read
from tahsil.queries.journal import POLICIES, READ, Journal
from tahsil.web import asked, exports
from tahsil.web.pages import view

WEEK = timedelta(days=7)
SHOWN = 300
FORMS = {"xlsx": "Excel", "csv": "CSV", "beancount": "Beancount", "erpnext": "ERPNext",
         "odoo": "Odoo"}  # fmt: skip
LABELS = {
    "A": lambda: _("Notes receivable from receipt on"),
    "B": lambda: _("Memorandum until deposit"),
    "C": lambda: _("Memorandum until cleared"),
}


@view
def journal(request: HttpRequest) -> HttpResponse:
    """What the ledger is told of the period: sums by account, entries, and the files to take."""
    asked.need(request, READ)
    as_of = asked.as_of(request)
    since, until = _period(request, as_of)
    found = read.journal(
        asked.standing(request),
        since=since,
        until=until,
        as_of=as_of,
        policy=asked.choice(request, "policy", POLICIES, "A"),
        creditor_id=asked.whole(request, "creditor"),
    )
    form = asked.choice(request, "format", FORMS)
    if form:
        asked.need(request, "list.export")
        return _file(request, found, form)
    totals = _totals(found)
    entries = ((batch, entry) for batch in found.batches for entry in batch.entries)
    facts = {
        "journal": found,
        "entries": list(islice(entries, SHOWN)),
        "count": sum(len(batch.entries) for batch in found.batches),
        "shown": SHOWN,
        "totals": totals,
        "filters": _fields(request, found),
        "files": [(asked.url(request, format=code), label) for code, label in FORMS.items()]
        if asked.may(request, "list.export")
        else [],
    }
    return render(request, "journal/journal.html", facts)


def _period(request: HttpRequest, as_of: date) -> tuple[date, date]:
    """The period asked for, else the last week; no later than the day looked at."""
    until = min(asked.day(request, "until") or as_of, as_of)
    return min(asked.day(request, "since") or until - WEEK, until), until


def _file(request: HttpRequest, found: Journal, form: str) -> HttpResponse:
    """The journal in that form, named after its period and policy."""
    name = f"journal-{found.policy}-{found.since}-{found.until}"
    if form == "xlsx":
        content = workbook(document(found, language=get_language() or "en"))
        return exports.download(request, content, f"{name}.xlsx")
    text = ledgers.written(found, form)
    ending = f"{form}.csv" if form in ("erpnext", "odoo") else ledgers.ENDINGS[form]
    return exports.download(request, text.encode(), f"{name}.{ending}", "text/plain; charset=utf-8")


def _totals(found: Journal) -> list[tuple[str, int, int]]:
    sums: dict[str, list[int]] = {}
    for each in found.sums:
        sides = sums.setdefault(each.currency, [0, 0])
        sides[0] += each.debit_minor
        sides[1] += each.credit_minor
    return [(currency, *sides) for currency, sides in sums.items()]  # type: ignore[misc]


def _fields(request: HttpRequest, found: Journal) -> list[dict[str, Any]]:
    policies = [(code, f"{code} · {LABELS[code]()}") for code in POLICIES]
    creditors = [("", _("All")), *read.creditors()]
    return [
        {"name": "since", "label": _("From"), "kind": "date", "value": found.since.isoformat()},
        {"name": "until", "label": _("To"), "kind": "date", "value": found.until.isoformat()},
        {"name": "policy", "label": _("Posting policy"), "kind": "select", "options": policies,
         "value": found.policy},
        {"name": "creditor", "label": _("Creditor"), "kind": "select", "options": creditors,
         "value": asked.whole(request, "creditor") or ""},
    ]  # fmt: skip
