"""Cheques and other papers: the register by view, the calendar of maturities, one paper, slips."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tahsil.actions import presenting as acts
from tahsil.adapters.documents import Amount, Document, Table
from tahsil.core.grammar.dates import add_months, month
from tahsil.queries import choices, instrument_page, safe
from tahsil.queries import instruments as read
from tahsil.queries.instruments import InstrumentFilters, InstrumentRow, MaturityDay
from tahsil.web import account_parts, asked, entry, exports, own_names, sentences, verbs, weeks
from tahsil.web.entry import Entry
from tahsil.web.instrument_moves import ON_SLIP
from tahsil.web.pages import view

VIEWS = {
    "present": lambda: _("To present"),
    "awaiting": lambda: _("At the bank"),
    "bounced": lambda: _("Returned"),
    "clocks": lambda: _("Clocks running"),
    "held": lambda: _("Held"),
    "kept": lambda: _("In custody"),
    "all": lambda: _("All"),
}
TONES = {"bounced": "late", "partially_paid": "late", "cleared": "good", "lost": "late"}
CHOSEN = ("present", "bounced")  # the views whose papers can go onto a slip


@view
def instruments(request: HttpRequest) -> HttpResponse:
    """The register: what to present, what the bank owes us an answer for, what came back."""
    asked.need(request, read.READ)
    standing, as_of = asked.standing(request), asked.as_of(request)
    filters = _filters(request)
    if exports.is_asked(request):
        rows = read.rows_for_export(standing, as_of=as_of, filters=filters)
        return exports.answer(request, _document(request, filters, rows), "cheques")
    found = read.register(standing, as_of=as_of, filters=filters, page=asked.page(request))
    facts = {
        "list": found,
        "view": filters.view,
        "tones": TONES,
        "tabs": [
            {"url": asked.url(request, view=code), "label": label(),
             "active": code == filters.view, "count": found.counts.get(code)}
            for code, label in VIEWS.items()
        ],
        "filters": _fields(request, filters),
        "pager": asked.pager(request, found.page),
        "export_url": asked.url(request, format="xlsx"),
        "may_export": asked.may(request, "list.export"),
        "may_send": asked.may(request, "slip.send") and filters.view in CHOSEN
        and as_of == request.today,  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "instruments/list.html", facts)


@view
def calendar(request: HttpRequest) -> HttpResponse:
    """A month of maturities, day by day, with its days off."""
    asked.need(request, read.READ)
    shown = asked.day(request, "month") or asked.as_of(request)
    filters = _filters(request)
    as_of = asked.as_of(request)
    days = read.calendar(asked.standing(request), as_of=as_of, month_on=shown, filters=filters)
    starts = weeks.first_weekday(read.country(filters.creditor))
    totals = _totals(days)
    facts = {
        "month": month(shown).since,
        "weeks": weeks.in_weeks(shown.replace(day=1), _cells_of(days), starts),
        "weekdays": weeks.weekdays(starts),
        "totals": totals,
        "as_of": as_of,
        "before_url": asked.url(request, month=add_months(shown, -1).isoformat()),
        "next_url": asked.url(request, month=add_months(shown, 1).isoformat()),
        "filters": [each for each in _fields(request, filters) if each["kind"] == "select"],
    }
    return render(request, "instruments/calendar.html", facts)


@view
def instrument(request: HttpRequest, instrument_id: int) -> HttpResponse:
    """One paper: what it covers, where it has been, and what can be done with it now."""
    found = instrument_page.instrument(
        asked.standing(request), instrument_id, as_of=asked.as_of(request)
    )
    is_today = asked.as_of(request) == request.today  # type: ignore[attr-defined]
    facts = {
        "page": found,
        "row": found.row,
        "chain": safe.chain(asked.standing(request), instrument_id, as_of=asked.as_of(request)),
        "tones": TONES,
        "may_step": is_today and asked.may(request, "instrument.record_step"),
        "acts": [
            {"url": f"/instruments/{instrument_id}/{verb}", "label": verbs.label(name)}
            for verb in (*found.possible, "describe")
            if is_today and verb not in ON_SLIP and asked.may(request, name := f"instrument.{verb}")
        ],
    }
    return render(request, "instruments/page.html", facts)


@view
def slips(request: HttpRequest) -> HttpResponse:
    """The form for a deposit slip of the papers ticked, and its sending."""
    asked.need(request, "slip.send")
    given = Entry(request)
    chosen = [int(each) for each in given.given.getlist("instrument") if each.isdigit()]
    papers = read.some(asked.standing(request), chosen, as_of=asked.as_of(request))
    if request.method == "POST":
        params = {
            "bank_account_id": given.whole("bank_account_id"),
            "number": given.text("number", needed=True),
            "sent_on": given.day("sent_on"),
            "instruments": chosen,
        }
        answer = entry.done(
            request,
            given,
            lambda: acts.send(entry.context(request, "slip.send"), **params),
            said=lambda done: _("Slip {number} is sent.").format(**done.facts),
            to="/instruments?view=awaiting",
        )
        if answer:
            return answer
    currencies = {row.currency for row in papers}
    facts = {
        "title": _("Deposit slip"),
        "papers": papers,
        "totals": [
            (currency, sum(row.left_minor for row in papers if row.currency == currency))
            for currency in sorted(currencies)
        ],
        "bank_accounts": read.bank_accounts(next(iter(currencies), "")),
        "sent_on": given.text("sent_on") or asked.as_of(request).isoformat(),
        "number": given.text("number") or read.next_slip(asked.as_of(request)),
        "action": "/slips/new",
        "next": "/instruments?view=present",
        "button": _("Send the slip"),
    }
    return entry.form(request, "instruments/slip.html", given, facts)


def _filters(request: HttpRequest) -> InstrumentFilters:
    return InstrumentFilters(
        view=asked.choice(request, "view", VIEWS, "present"),
        state=asked.text(request, "state"),
        bank=asked.text(request, "bank"),
        project=asked.whole(request, "project"),
        creditor=asked.whole(request, "creditor"),
        currency=asked.text(request, "currency"),
        since=asked.day(request, "since"),
        until=asked.day(request, "until"),
    )


def _fields(request: HttpRequest, wanted: InstrumentFilters) -> list[dict[str, Any]]:
    every = ("", _("All"))
    banks = [(name, name) for name in read.banks()]
    currencies = [(code, code) for code in choices.currencies()]
    return [
        {"name": "bank", "label": _("Bank"), "kind": "select", "options": [every, *banks],
         "value": wanted.bank},
        {"name": "project", "label": _("Project"), "kind": "select",
         "options": [every, *own_names.options(choices.projects())], "value": wanted.project or ""},
        {"name": "currency", "label": _("Currency"), "kind": "select",
         "options": [every, *currencies], "value": wanted.currency},
        {"name": "since", "label": _("From"), "kind": "date", "value": _iso(wanted.since)},
        {"name": "until", "label": _("To"), "kind": "date", "value": _iso(wanted.until)},
    ]  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _cells_of(days: tuple[MaturityDay, ...]) -> list[dict[str, Any]]:
    """The days as the calendar draws them: each sum with its share of its currency's largest."""
    most: dict[str, int] = {}
    for day in days:
        for currency, _count, minor in day.sums:
            most[currency] = max(most.get(currency, 0), minor)
    return [
        {
            "on": day.on,
            "free": day.free,
            "shares": [(*sums, round(sums[2] / most[sums[0]], 3)) for sums in day.sums],
        }
        for day in days
    ]


def _totals(days: tuple[MaturityDay, ...]) -> list[tuple[str, int, int]]:
    sums: dict[str, tuple[int, int]] = {}
    for day in days:
        for currency, count, minor in day.sums:
            before = sums.get(currency, (0, 0))
            sums[currency] = (before[0] + count, before[1] + minor)
    return [(currency, *sums[currency]) for currency in sorted(sums)]


def _document(request: HttpRequest, filters: InstrumentFilters, rows: Any) -> Document:
    heads = exports.columns(
        (_("Number"), "code", 14), (_("Bank"), "text", 20), (_("Branch"), "text", 14),
        (_("Drawer"), "text", 28), (_("Account"), "code", 16), (_("Name"), "text", 32),
        (_("Unit"), "code", 14), (_("Project"), "text", 20), (_("Amount"), "money", 16),
        (_("Left of it"), "money", 16), (_("Currency"), "code", 8), (_("Maturity"), "date", 14),
        (_("State"), "text", 20),
        (_("Place"), "text", 14), (_("Slip"), "code", 16), (_("Sent"), "date", 14),
        (_("Answer due"), "date", 14), (_("Reason"), "text", 24), (_("Presented"), "number", 10),
    )  # fmt: skip
    shown = [(_("Cheques"), VIEWS[filters.view]())]
    return exports.document(
        request, _("Cheques"), [Table(heads, [_cells(row) for row in rows])], filters=list(shown)
    )


def _cells(row: InstrumentRow) -> list[Any]:
    return [
        row.number, row.bank, row.branch, row.drawer, row.account_number, row.name, row.unit,
        own_names.called(row.project), Amount(row.amount_minor, row.currency),
        Amount(row.left_minor, row.currency), row.currency,
        row.matures_on, account_parts.words(row.state), account_parts.words(row.place), row.slip,
        row.sent_on, row.expected_on, sentences.label_text(row.why, row.reason),
        row.presented,
    ]  # fmt: skip
