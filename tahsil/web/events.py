"""The event log: who did what, when, under which policy; how far it is sealed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tahsil.adapters.documents import Document, Table
from tahsil.queries import events as query
from tahsil.queries import rules
from tahsil.queries.events import EventFilters, EventLog, EventRow
from tahsil.queries.rules import Rules
from tahsil.run import seal
from tahsil.web import asked, exports, sentences, verbs
from tahsil.web.pages import view

EXPORTED = 100_000


@view
def events(request: HttpRequest) -> HttpResponse:
    """The log narrowed by the address, newest first; as a workbook if asked."""
    asked.need(request, "event.read")
    filters, who, as_of = filters_of(request), asked.standing(request), asked.as_of(request)
    if exports.is_asked(request):
        rows = query.rows_for_export(who, as_of=as_of, filters=filters)
        kept = [row for row, _at in zip(rows, range(EXPORTED), strict=False)]
        return exports.answer(request, _document(request, kept, filters), "events")
    in_force = rules.read(as_of)
    log = query.events(who, as_of=as_of, filters=filters, page=asked.page(request))
    facts = {
        "log": log,
        "rows": [_row(row, in_force) for row in log.page.rows],
        "filters": _filters(log),
        "pager": asked.pager(request, log.page),
    }
    return render(request, "events/events.html", facts)


@view
def seals(request: HttpRequest) -> HttpResponse:
    """Every seal computed again over the log as it is now: what differs is named."""
    asked.need(request, "event.read")
    facts = {"found": seal.verify(), "layout": asked.layout(request)}
    return render(request, "events/seals.html", facts)


def filters_of(request: HttpRequest) -> EventFilters:
    """What the address narrows the log to."""
    return EventFilters(
        verb=asked.text(request, "verb"),
        actor=asked.whole(request, "actor"),
        account=asked.whole(request, "account"),
        subject=asked.text(request, "subject"),
        since=asked.day(request, "since"),
        until=asked.day(request, "until"),
    )


def _row(row: EventRow, in_force: Rules) -> dict[str, Any]:
    facts = sentences.worded(row.facts, in_force, row.product)
    return {
        "row": row,
        "sentence": sentences.in_language(row.template, facts),
        "facts": verbs.facts(facts),
        "policies": sorted(row.policies.items()),
    }


def _filters(log: EventLog) -> list[dict[str, Any]]:
    narrowed = log.filters
    acts = [("", _("All")), *((code, verbs.label(code)) for code in log.verbs)]
    since = narrowed.since.isoformat() if narrowed.since else ""
    until = narrowed.until.isoformat() if narrowed.until else ""
    return [
        {"name": "subject", "label": _("Subject, such as receipt:12"), "value": narrowed.subject},
        {"name": "verb", "label": _("Act"), "kind": "select", "value": narrowed.verb,
         "options": acts},
        {"name": "since", "label": _("From"), "kind": "date", "value": since},
        {"name": "until", "label": _("To"), "kind": "date", "value": until},
    ]  # fmt: skip


def _document(request: HttpRequest, rows: list[EventRow], filters: EventFilters) -> Document:
    columns = exports.columns(
        (_("Number"), "number", 9), (_("Recorded"), "code", 18), (_("Effective"), "date", 13),
        (_("Who"), "text", 20), (_("Act"), "code", 22), (_("Subject"), "code", 16),
        (_("What happened"), "text", 60), (_("Agreed by"), "text", 18),
        (_("Policies"), "text", 24), (_("Sealed"), "text", 8),
    )  # fmt: skip
    in_force = rules.read(asked.as_of(request))
    cells = [
        [
            row.id, sentences.moment_text(row.recorded_at), row.effective_on, row.actor, row.verb,
            row.subject, _unmarked(row, in_force), ", ".join(row.approvers),
            ", ".join(row.policies.values()), _("yes") if row.is_sealed else _("no"),
        ]
        for row in rows
    ]  # fmt: skip
    narrowed = [(_("From"), filters.since), (_("To"), filters.until), (_("Act"), filters.verb)]
    return exports.document(request, _("Event log"), [Table(columns, cells)], filters=narrowed)


def _unmarked(row: EventRow, in_force: Rules) -> str:
    said = sentences.in_language(row.template, sentences.worded(row.facts, in_force, row.product))
    return said.translate({0x2068: None, 0x2069: None})
