"""Ageing of arrears (5.4): sums that tie out, groups to drill into, accounts, the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tahsil.adapters.documents import Amount, Column, Document, Table
from tahsil.queries import ageing as query
from tahsil.queries import choices, people
from tahsil.queries.ageing import AgeingFilters, AgeingGroup, AgeingReport, AgeingRow, Amounts
from tahsil.web import asked, exports, own_names
from tahsil.web.pages import view

GROUPS = ("project", "collector", "product", "creditor", "none")


@dataclass(frozen=True)
class Measure:
    """One column of amounts; `sign` is minus where it is taken off the balance."""

    name: str
    label: str
    is_late: bool = False
    at: int = -1  # the bucket, for a bucket

    def minor(self, amounts: Amounts) -> int:
        """What the column says of one line of sums."""
        return amounts.buckets[self.at] if self.at >= 0 else getattr(amounts, f"{self.name}_minor")


@view
def ageing(request: HttpRequest) -> HttpResponse:
    """The ageing as of the date, narrowed by the address; as a workbook if asked."""
    asked.need(request, "report.read")
    filters = filters_of(request)
    who, as_of = asked.standing(request), asked.as_of(request)
    report = query.ageing(who, as_of=as_of, filters=filters, page=asked.page(request))
    if exports.is_asked(request):
        rows = query.rows_for_export(who, as_of=as_of, filters=filters)
        return exports.answer(request, _document(request, report, list(rows)), "ageing")
    return render(request, "ageing/ageing.html", _page(request, report))


def filters_of(request: HttpRequest) -> AgeingFilters:
    """What the address narrows the report to."""
    return AgeingFilters(
        currency=asked.text(request, "currency"),
        project=asked.whole(request, "project"),
        collector=asked.whole(request, "collector"),
        product=asked.text(request, "product"),
        definition=asked.text(request, "definition") or AgeingFilters.definition,
        group=asked.choice(request, "group", GROUPS, "project"),
        is_overdue_only=asked.text(request, "overdue") == "1",
    )


def measures(report: AgeingReport) -> list[Measure]:
    """The columns of amounts: buckets first, then what stands apart, empty ones left out."""
    buckets = [
        Measure("bucket", label, is_late=True, at=at) for at, label in enumerate(report.labels)
    ]
    apart = [
        Measure("in_grace", _("In grace")),
        Measure("due_today", _("Due today")),
        Measure("not_due", _("Not yet due")),
        Measure("undated", _("No due date")),
        Measure("disputed", _("Disputed")),
        Measure("unapplied", _("Unapplied")),
    ]
    totals = [each.amounts for each in report.totals]
    return buckets + [each for each in apart if any(each.minor(one) for one in totals)]


def _page(request: HttpRequest, report: AgeingReport) -> dict[str, Any]:
    shown = measures(report)
    return {
        "report": report,
        "measures": shown,
        "groups": [_line(request, report, group, shown) for group in report.groups],
        "totals": [_line(request, report, total, shown) for total in report.totals],
        "rows": [
            {"row": row, "rest_minor": row.amounts.balance_minor - row.amounts.overdue_minor}
            for row in report.page.rows
        ],
        "filters": _filters(request, report),
        "chips": _narrowed(request, report),
        "pager": asked.pager(request, report.page),
        "by": _by(report.filters.group),
    }


def _line(
    request: HttpRequest, report: AgeingReport, group: AgeingGroup, shown: list[Measure]
) -> dict[str, Any]:
    return {
        "group": group,
        "cells": [(each.minor(group.amounts), each.is_late) for each in shown],
        "url": _drill(request, report.filters.group, group),
        "parts": [(each.label, each.minor(group.amounts), each.name) for each in shown],
        "gap": report.ties.get(group.currency, 0),
    }


def _drill(request: HttpRequest, by: str, group: AgeingGroup) -> str:
    """Where a group leads: its accounts alone."""
    if by == "product" and group.name:
        return asked.url(request, product=group.name, currency=group.currency)
    if by in ("project", "collector") and group.id is not None:
        return asked.url(request, **{by: group.id}, currency=group.currency)
    return ""


def _by(group: str) -> str:
    words = {
        "project": _("Project"),
        "collector": _("Collector"),
        "product": _("Product"),
        "creditor": _("Creditor"),
    }
    return words.get(group, "")


def _filters(request: HttpRequest, report: AgeingReport) -> list[dict[str, Any]]:
    narrowed = report.filters
    currencies = [("", _("All")), *((code, code) for code in choices.currencies())]
    projects = [("", _("All")), *own_names.options(choices.projects())]
    collectors = [("", _("All")), *own_names.options(people.choices(as_of=report.as_of))]
    groups = [(code, _by(code) or _("No groups")) for code in GROUPS]
    shown = [("", _("All accounts")), ("1", _("Overdue only"))]
    definitions = [(code, definition_name(code)) for code in report.definitions]
    return [
        _select("currency", _("Currency"), narrowed.currency, currencies),
        _select("project", _("Project"), narrowed.project or "", projects),
        _select("collector", _("Collector"), narrowed.collector or "", collectors),
        _select("definition", _("Buckets"), narrowed.definition, definitions),
        _select("group", _("Group by"), narrowed.group, groups),
        _select("overdue", _("Show"), "1" if narrowed.is_overdue_only else "", shown),
    ]


def _select(name: str, label: str, value: Any, options: list[tuple[Any, str]]) -> dict[str, Any]:
    return {"name": name, "label": label, "kind": "select", "value": value, "options": options}


def definition_name(code: str) -> str:
    """An ageing definition's code as words."""
    return code.replace("_", " ").capitalize().replace("Dpd", "DPD")


def _narrowed(request: HttpRequest, report: AgeingReport) -> list[dict[str, Any]]:
    """The product, which no filter shows, as a chip that takes it away."""
    if not report.filters.product:
        return []
    label = f"{_('Product')}: {report.filters.product} ×"
    return [{"url": asked.url(request, product=None), "label": label, "active": True}]


def _document(request: HttpRequest, report: AgeingReport, rows: list[AgeingRow]) -> Document:
    shown = measures(report)
    filters = [
        (_("Currency"), report.filters.currency),
        (_("Buckets"), definition_name(report.filters.definition)),
    ]
    tables = [_rows_table(rows, shown), _sums_table(report, shown)]
    return exports.document(request, _("Ageing"), tables, filters=filters)


def _amount_columns(shown: list[Measure]) -> list[Column]:
    heads = [*(each.label for each in shown), _("Balance"), _("Overdue"), _("Covered"),
             _("Not covered")]  # fmt: skip
    return [Column(label, "money", 15) for label in heads]


def _amount_cells(amounts: Amounts, currency: str, shown: list[Measure]) -> list[Amount]:
    minors = [
        *(each.minor(amounts) for each in shown), amounts.balance_minor, amounts.overdue_minor,
        amounts.covered_minor, amounts.uncovered_minor,
    ]  # fmt: skip
    return [Amount(minor, currency) for minor in minors]


def _rows_table(rows: list[AgeingRow], shown: list[Measure]) -> Table:
    columns = exports.columns(
        (_("Account"), "code", 16), (_("Name"), "text", 30), (_("Contracts"), "text", 18),
        (_("Units"), "text", 16), (_("Project"), "text", 18), (_("Product"), "text", 12),
        (_("Collector"), "text", 18), (_("DPD"), "number", 8), (_("Last paid"), "date", 13),
        (_("Currency"), "code", 8),
    )  # fmt: skip
    cells = [
        [
            row.account_number, row.name, ", ".join(row.contracts), ", ".join(row.units),
            own_names.called(row.project), row.product, own_names.called(row.collector), row.dpd,
            row.last_paid_on, row.currency,
            *_amount_cells(row.amounts, row.currency, shown),
        ]
        for row in rows
    ]  # fmt: skip
    return Table([*columns, *_amount_columns(shown)], cells, title=_("Accounts"))


def _sums_table(report: AgeingReport, shown: list[Measure]) -> Table:
    columns = exports.columns(
        (_by(report.filters.group) or _("Group"), "text", 26),
        (_("Currency"), "code", 8),
        (_("Accounts"), "number", 10),
    )
    lines = [
        *((group.name or "–", group) for group in report.groups),
        *((_("Total"), group) for group in report.totals),
    ]
    cells = [
        [name, group.currency, group.accounts, *_amount_cells(group.amounts, group.currency, shown)]
        for name, group in lines
    ]
    return Table([*columns, *_amount_columns(shown)], cells, title=_("Sums"))
