"""The daily collection (5.1): receipts of some days, subtotals by collector and instrument."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tahsil.adapters.documents import Amount, Document, Table
from tahsil.core.grammar.dates import add_months, month
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import choices, people
from tahsil.queries import collection as query
from tahsil.queries.collection import CollectionFilters, CollectionRow, DailyCollection, Subtotal
from tahsil.web import asked, exports, own_names, sentences
from tahsil.web.pages import view

INSTRUMENTS = ("cash", "transfer", "cheque", "card", "mandate", "online")


@dataclass
class Block:
    """One collector's receipts in one currency, with a line for each instrument."""

    name: str
    currency: str
    count: int = 0
    amount_minor: int = 0
    parts: list[Subtotal] = field(default_factory=list)


@view
def collection(request: HttpRequest) -> HttpResponse:
    """The receipts between two days, both included; as a workbook if asked."""
    asked.need(request, "report.read")
    filters = filters_of(request)
    who, as_of = asked.standing(request), asked.as_of(request)
    found = query.daily_collection(who, as_of=as_of, filters=filters, page=asked.page(request))
    if exports.is_asked(request):
        rows = query.rows_for_export(who, as_of=as_of, filters=filters)
        return exports.answer(request, _document(request, found, list(rows)), "daily-collection")
    return render(request, "collection/collection.html", _page(request, found))


def filters_of(request: HttpRequest) -> CollectionFilters:
    """What the address narrows the report to; the date looked at if it names no days."""
    today = asked.as_of(request)
    since = asked.day(request, "since", today) or today
    until = asked.day(request, "until", max(since, today)) or today
    if until < since:
        raise Refused(
            "period.reversed",
            "A period cannot end ({until}) before it starts ({since}).",
            since=since,
            until=until,
        )
    return CollectionFilters(
        since,
        until,
        collector=asked.whole(request, "collector"),
        project=asked.whole(request, "project"),
        branch=asked.whole(request, "branch"),
        instrument=asked.text(request, "instrument"),
        currency=asked.text(request, "currency"),
        is_money_only=asked.text(request, "all") != "1",
    )


def blocks(found: DailyCollection) -> list[Block]:
    """The subtotals by collector, each with its instruments, in the report's order."""
    made: dict[tuple[str, str], Block] = {}
    for each in found.by_collector:
        block = made.setdefault((each.group, each.currency), Block(each.group, each.currency))
        if each.part:
            block.parts.append(each)
        else:
            block.count, block.amount_minor = each.count, each.amount_minor
    for block in made.values():
        if not block.count:
            block.count = sum(part.count for part in block.parts)
            block.amount_minor = sum(part.amount_minor for part in block.parts)
    return list(made.values())


def _page(request: HttpRequest, found: DailyCollection) -> dict[str, Any]:
    return {
        "found": found,
        "blocks": blocks(found),
        "filters": _filters(request, found),
        "chips": _days(request, found.filters),
        "pager": asked.pager(request, found.page),
        "is_one_day": found.filters.since == found.filters.until,
    }


def _days(request: HttpRequest, filters: CollectionFilters) -> list[dict[str, Any]]:
    """Ready-made periods: today, yesterday, this month, the month before."""
    today = asked.as_of(request)
    this, before = month(today), month(add_months(today, -1))
    ready = [
        (_("Today"), today, today),
        (_("Yesterday"), today - timedelta(days=1), today - timedelta(days=1)),
        (_("This month"), this.since, today),
        (_("Last month"), before.since, before.until - timedelta(days=1)),
    ]
    return [
        {
            "url": asked.url(request, since=since.isoformat(), until=until.isoformat()),
            "label": label,
            "active": (since, until) == (filters.since, filters.until),
        }
        for label, since, until in ready
    ]


def _filters(request: HttpRequest, found: DailyCollection) -> list[dict[str, Any]]:
    narrowed, all_ = found.filters, ("", _("All"))
    currencies = [all_, *((code, code) for code in choices.currencies())]
    instruments = [all_, *((code, sentences.fact_text("word", code, {})) for code in INSTRUMENTS)]
    collectors = [all_, *own_names.options(people.choices(as_of=asked.as_of(request)))]
    projects = [all_, *own_names.options(choices.projects())]
    kinds = [("", _("Money")), ("1", _("Money and credits"))]
    selects = [
        ("collector", _("Collector"), narrowed.collector or "", collectors),
        ("project", _("Project"), narrowed.project or "", projects),
        ("branch", _("Branch"), narrowed.branch or "", [all_, *choices.branches()]),
        ("instrument", _("Instrument"), narrowed.instrument, instruments),
        ("currency", _("Currency"), narrowed.currency, currencies),
        ("all", _("Show"), "" if narrowed.is_money_only else "1", kinds),
    ]
    return [
        {"name": "since", "label": _("From"), "kind": "date", "value": narrowed.since.isoformat()},
        {"name": "until", "label": _("To"), "kind": "date", "value": narrowed.until.isoformat()},
        *(
            {"name": name, "label": label, "kind": "select", "value": value, "options": options}
            for name, label, value, options in selects
        ),
    ]


def _document(request: HttpRequest, found: DailyCollection, rows: list[CollectionRow]) -> Document:
    filters = [
        (_("From"), found.filters.since),
        (_("To"), found.filters.until),
        (_("Currency"), found.filters.currency),
        (_("Instrument"), found.filters.instrument),
    ]
    tables = [_rows_table(rows), _sums_table(found)]
    return exports.document(request, _("Daily collection"), tables, filters=filters)


def _rows_table(rows: list[CollectionRow]) -> Table:
    columns = exports.columns(
        (_("Receipt"), "code", 14), (_("Time"), "code", 18), (_("Name"), "text", 30),
        (_("Account"), "code", 16), (_("Contract"), "code", 16), (_("Unit"), "code", 14),
        (_("Project"), "text", 18), (_("Category"), "text", 18), (_("Lines"), "text", 24),
        (_("Instrument"), "text", 12), (_("Reference"), "code", 16), (_("Bank"), "text", 16),
        (_("Value date"), "date", 13), (_("Currency"), "code", 8), (_("Amount"), "money", 16),
        (_("Unapplied"), "money", 16), (_("Collector"), "text", 18), (_("Cashier"), "text", 18),
        (_("Branch"), "text", 14), (_("Status"), "text", 12),
    )  # fmt: skip
    cells = [
        [
            row.number, sentences.moment_text(row.recorded_at), row.name, row.account_number,
            row.contract_number, row.unit, own_names.called(row.project),
            ", ".join(_words(row.categories)), ", ".join(row.lines), *_words((row.instrument,)),
            row.reference, row.bank,
            row.value_on, row.currency, Amount(row.amount_minor, row.currency),
            Amount(row.unapplied_minor, row.currency), own_names.called(row.collector),
            own_names.called(row.cashier), row.branch,
            *_words((row.status,)),
        ]
        for row in rows
    ]  # fmt: skip
    return Table(columns, cells, title=_("Receipts"))


def _sums_table(found: DailyCollection) -> Table:
    columns = exports.columns(
        (_("Collector"), "text", 24), (_("Instrument"), "text", 16), (_("Currency"), "code", 8),
        (_("Receipts"), "number", 10), (_("Amount"), "money", 18),
    )  # fmt: skip
    cells: list[list[Any]] = []
    for block in blocks(found):
        name = own_names.called(block.name)
        for part in block.parts:
            amount = Amount(part.amount_minor, block.currency)
            cells.append([name, *_words((part.part,)), block.currency, part.count, amount])
        amount = Amount(block.amount_minor, block.currency)
        cells.append([name, _("Subtotal"), block.currency, block.count, amount])
    for total in found.totals:
        amount = Amount(total.amount_minor, total.currency)
        cells.append([_("Total"), "", total.currency, total.count, amount])
    return Table(columns, cells, title=_("Sums"))


def _words(codes: tuple[str, ...]) -> list[str]:
    """The codes in the reader's language, without direction marks a workbook would show."""
    found = (sentences.fact_text("word", code, {}) for code in codes)
    return [text.translate({0x2068: None, 0x2069: None}) for text in found]
