"""Reconciling: the list of deviations, and the workspace of one account with its statement."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tahsil.adapters.documents import Amount, Document, Table
from tahsil.adapters.documents.pdf import pdf
from tahsil.adapters.documents.workbook import workbook
from tahsil.core.grammar.dates import month
from tahsil.core.measure.deviations import KINDS
from tahsil.queries import choices, people
from tahsil.queries import deviations as deviations_read
from tahsil.queries import objections as objections_read
from tahsil.queries import reconciliation as read
from tahsil.queries.deviations import DeviationFilters, DeviationReport, DeviationRow
from tahsil.queries.paging import COUNTED
from tahsil.queries.reconciled_items import Item
from tahsil.queries.reconciliation import COLUMNS, Band, Workspace
from tahsil.web import account_parts, asked, exports, own_names, sentences
from tahsil.web.pages import view

HEADS = {
    "due": lambda: _("Contract"),
    "receipts": lambda: _("Receipts"),
    "cheques": lambda: _("Cheques"),
    "bank": lambda: _("Bank"),
}
TONES = {
    "paid": "good", "cleared": "good", "matched": "good", "overdue": "late", "part_paid": "late",
    "bounced": "late", "reversed": "gone", "cancelled": "gone", "candidate": "maybe",
    "unapplied": "late",
}  # fmt: skip
# Said in two languages at once, so they are named here and translated when the paper is made.
SENTENCES = {
    "open": "By this statement {left_minor} of what is due is not paid.",
    "even": "By this statement all that is due is paid.",
    "idle": "{left_minor} was received and is set against nothing yet.",
}
MARKED = (
    gettext_noop("Due by today"), gettext_noop("Paid of it"), gettext_noop("Difference"),
    gettext_noop("Statement of reconciliation"), gettext_noop("Objection"),
    gettext_noop("Customer"), gettext_noop("Prepared by"), gettext_noop("Receipt"),
    gettext_noop("Cheque"), gettext_noop("Conclusion"), gettext_noop("Line"), gettext_noop("Bank"),
)  # fmt: skip
SECOND = {"EG": "ar", "AE": "ar", "SA": "ar", "IN": "hi"}


@view
def deviations(request: HttpRequest) -> HttpResponse:
    """What came otherwise than agreed between two days; as a workbook if asked."""
    asked.need(request, deviations_read.REPORT)
    is_export = exports.is_asked(request)
    found = deviations_read.report(
        asked.standing(request), as_of=asked.as_of(request), filters=_filters(request),
        page=1 if is_export else asked.page(request),
        size=COUNTED if is_export else deviations_read.SIZE,
    )  # fmt: skip
    if is_export:
        return exports.answer(request, _listed(request, found), "deviations")
    facts = {
        "found": found, "chips": _chips(request, found), "filters": _fields(request, found.filters),
        "pager": asked.pager(request, found.page), "total": sum(found.counts.values()),
        "may_export": asked.may(request, "list.export"),
    }  # fmt: skip
    return render(request, "reconciliation/deviations.html", facts)


@view
def workspace(request: HttpRequest, account_id: int) -> HttpResponse:
    """The four columns of one account, what differs, and what would resolve it."""
    found = _read(request, account_id)
    is_today = asked.as_of(request) == request.today  # type: ignore[attr-defined]
    objection = found.objection
    facts = {
        "found": found, "account": found.account, "currency": found.account.currency,
        "heads": _heads(found), "bands": [_band(band, found) for band in found.bands],
        "objection": objection, "is_whole": bool(asked.text(request, "all")),
        "others": [each for each in found.objections if each is not objection],
        "versions": found.versions if len(found.versions) > 1 else (),
        "papers": objections_read.evidence(asked.standing(request), objection.objection_id)
        if objection else [],
        "is_today": is_today, "query": request.GET.urlencode(),
        "may": {
            name: is_today and asked.may(request, f"objection.{name}")
            for name in ("open", "decide", "assign", "withdraw", "add_evidence")
        },
    }  # fmt: skip
    return render(request, "reconciliation/workspace.html", facts)


@view
def paper(request: HttpRequest, account_id: int) -> HttpResponse:
    """The statement of reconciliation as PDF, in two languages."""
    found = _read(request, account_id, is_whole=True)
    content = pdf(document(request, found))
    name = f"{_name(found)}.pdf"
    return exports.download(request, content, name, "application/pdf", account_id=account_id)


@view
def sheet(request: HttpRequest, account_id: int) -> HttpResponse:
    """The statement of reconciliation as a workbook."""
    found = _read(request, account_id, is_whole=True)
    content = workbook(document(request, found))
    return exports.download(request, content, f"{_name(found)}.xlsx", account_id=account_id)


def flags(rows: tuple[DeviationRow, ...]) -> list[dict[str, Any]]:
    """Deviations as a page says them: what kind, in a sentence."""
    return [
        {"kind": row.kind, "text": sentences.in_language(row.template, row.facts), "row": row}
        for row in rows
    ]


def _read(request: HttpRequest, account_id: int, *, is_whole: bool = False) -> Workspace:
    return read.workspace(
        asked.standing(request), account_id, as_of=asked.as_of(request),
        objection_id=asked.whole(request, "objection"),
        is_whole=is_whole or bool(asked.text(request, "all")),
    )  # fmt: skip


def _heads(found: Workspace) -> list[dict[str, Any]]:
    sums = found.sums
    notes = {
        "due": (sums.due_minor, _("due by today")),
        "receipts": (sums.received_minor, _("received")),
        "cheques": (sums.cleared_minor, _("cleared")),
        "bank": (sums.bank_minor, _("on statements")),
    }
    return [
        {"name": name, "label": HEADS[name](), "minor": notes[name][0], "note": notes[name][1]}
        for name in COLUMNS
    ]


def _band(band: Band, found: Workspace) -> dict[str, Any]:
    return {
        "on": band.on, "is_contested": band.is_contested,
        "is_ahead": band.on is None or band.on > found.as_of,
        "cells": [
            {"name": name, "label": HEADS[name](), "things": [_item(each, band, found)
             for each in band.cells[name]]}
            for name in COLUMNS
        ],
    }  # fmt: skip


def _item(item: Item, band: Band, found: Workspace) -> dict[str, Any]:
    note = item.note if item.column in ("due", "cheques", "bank") else _word(item.note)
    return {
        "item": item, "note": note, "tone": TONES.get(item.state, ""),
        "on": item.on if item.on != band.on else None,
        "flags": ", ".join(_word(kind) for kind in item.kinds),
        "reasons": [sentences.in_language(each.template, {**each.facts,
                    "currency": found.account.currency}) for each in item.reasons],
    }  # fmt: skip


def _word(code: str) -> str:
    return sentences.fact_text("word", code, {})


def _filters(request: HttpRequest) -> DeviationFilters:
    today = asked.as_of(request)
    since = asked.day(request, "since", month(today).since) or today
    return DeviationFilters(
        since, max(asked.day(request, "until", today) or today, since),
        kind=asked.choice(request, "kind", KINDS), project=asked.whole(request, "project"),
        collector=asked.whole(request, "collector"), currency=asked.text(request, "currency"),
    )  # fmt: skip


def _chips(request: HttpRequest, found: DeviationReport) -> list[dict[str, Any]]:
    """Each kind there is with how many there are."""
    chosen = found.filters.kind
    made = [{"url": asked.url(request, kind=None), "label": _("All"), "active": not chosen,
             "count": sum(found.counts.values())}]  # fmt: skip
    return made + [
        {"url": asked.url(request, kind=kind), "label": _word(kind).capitalize(),
         "active": kind == chosen, "count": count}
        for kind, count in found.counts.items() if count or kind == chosen
    ]  # fmt: skip


def _fields(request: HttpRequest, narrowed: DeviationFilters) -> list[dict[str, Any]]:
    every = ("", _("All"))
    collectors = [every, *own_names.options(people.choices(as_of=asked.as_of(request)))]
    projects = [every, *own_names.options(choices.projects())]
    currencies = [every, *((code, code) for code in choices.currencies())]
    days = (("since", _("From"), narrowed.since), ("until", _("To"), narrowed.until))
    selects = (
        ("project", _("Project"), narrowed.project or "", projects),
        ("collector", _("Collector"), narrowed.collector or "", collectors),
        ("currency", _("Currency"), narrowed.currency, currencies),
    )
    return [
        *({"name": name, "label": label, "kind": "date", "value": day.isoformat()}
          for name, label, day in days),
        *({"name": name, "label": label, "kind": "select", "value": value, "options": options}
          for name, label, value, options in selects),
    ]  # fmt: skip


def _listed(request: HttpRequest, found: DeviationReport) -> Document:
    heads = exports.columns(
        (_("Kind"), "text", 20), (_("Receipt"), "code", 18), (_("Account"), "code", 14),
        (_("Name"), "text", 28), (_("Line"), "text", 18), (_("Due date"), "date", 13),
        (_("Value date"), "date", 13), (_("Days"), "number", 8), (_("Currency"), "code", 8),
        (_("Difference"), "money", 16), (_("What deviates"), "text", 60),
        (_("Project"), "text", 18), (_("Collector"), "text", 18),
    )  # fmt: skip
    rows = [
        [
            _word(row.kind), row.receipt, row.account, row.name, account_parts.called(row)
            if row.category else "", row.due_on, row.value_on, row.days or None, row.currency,
            Amount(row.amount_minor, row.currency) if row.amount_minor else None,
            _bare(sentences.in_language(row.template, row.facts)), own_names.called(row.project),
            own_names.called(row.collector),
        ]
        for row in found.page.rows
    ]  # fmt: skip
    filters = [(_("From"), found.filters.since), (_("To"), found.filters.until)]
    return exports.document(request, _("Deviations"), [Table(heads, rows)], filters=filters)


def _bare(text: str) -> str:
    """Without the marks of direction a workbook or paper would show."""
    return text.translate({0x2068: None, 0x2069: None})


def document(request: HttpRequest, found: Workspace) -> Document:
    """The statement of reconciliation: each heading in the customer's language and another."""
    first = asked.choice(request, "lang", dict(settings.LANGUAGES), found.account.language)
    second = SECOND.get(found.account.country, "ar") if first == "en" else "en"
    languages = (first if first in dict(settings.LANGUAGES) else "en", second)

    def both(text: str, **facts: Any) -> str:
        said = []
        for language in languages:
            with translation.override(language):
                said.append(_bare(sentences.in_language(text, facts)))
        return " · ".join(dict.fromkeys(said))

    return _Paper(found, both).document(languages[0])


class _Paper:
    """The parts of the statement of reconciliation; `both` says a text in both languages."""

    def __init__(self, found: Workspace, both: Any) -> None:
        self.found, self.both = found, both
        self.currency = found.account.currency

    def document(self, language: str) -> Document:
        """The whole paper."""
        account, sums = self.found.account, self.found.sums
        is_arabic = language == "ar"
        pairs = [
            (self.both("Name"), account.name), (self.both("Account"), account.number),
            (self.both("As of"), self.found.as_of), (self.both("Currency"), self.currency),
        ]  # fmt: skip
        if self.found.objection:
            pairs.insert(2, (self.both("Objection"), self.found.objection.number))
        figures = [
            (self.both("Due by today"), self.money(sums.due_minor)),
            (self.both("Paid of it"), self.money(sums.paid_minor)),
            (self.both("Received"), self.money(sums.received_minor)),
            (self.both("Unapplied"), self.money(sums.unapplied_minor)),
            (self.both("Difference"), self.money(sums.difference_minor)),
        ]
        return Document(
            self.both("Statement of reconciliation"),
            language=language,
            issuer=(account.creditor_ar if is_arabic else "") or account.creditor_name,
            pairs=pairs, figures=figures, tables=[self.sides(), self.conclusion()],
            signatures=[self.both("Prepared by"), self.both("Customer")], is_wide=True,
        )  # fmt: skip

    def money(self, minor: int) -> Amount:
        """An amount in the account's currency."""
        return Amount(minor, self.currency)

    def sides(self) -> Table:
        """The items side by side, a row of the workspace in as many rows as it needs."""
        amount = (self.both("Amount"), "money", 16)
        named = [(self.both(each), "text", 16) for each in ("Line", "Receipt", "Cheque", "Bank")]
        pairs = [column for head in named for column in (head, amount)]
        heads = exports.columns((self.both("Date"), "date", 13), *pairs)
        rows: list[list[Any]] = []
        for band in self.found.bands:
            shown = {
                name: [each for each in band.cells[name] if each.state != "candidate"]
                for name in COLUMNS
            }
            deep = max((len(items) for items in shown.values()), default=0)
            for at in range(deep):
                row: list[Any] = [band.on if at == 0 else None]
                for name in COLUMNS:
                    item = shown[name][at] if at < len(shown[name]) else None
                    row += self.cells(item)
                rows.append(row)
        return Table(heads, rows)

    def cells(self, item: Item | None) -> list[Any]:
        """An item's name and amount; blanks where there is none."""
        return [self.called(item), self.money(item.amount_minor)] if item else ["", None]

    def called(self, item: Item) -> str:
        """What an item is called, with the state that matters."""
        state = item.state in ("reversed", "cancelled", "bounced", "unapplied")
        name = _bare(_word(item.title)) if item.column == "due" else item.title
        return f"{name} ({self.both(item.state)})" if state else name

    def conclusion(self) -> Table:
        """What differs and what follows, a sentence a row."""
        heads = exports.columns((self.both("Conclusion"), "text", 120))
        rows = [[sentence] for sentence in self.notes()]
        return Table(heads, rows, title=self.both("Conclusion"))

    def notes(self) -> list[str]:
        """The differences and the conclusion, in both languages."""
        said = [self.both(each.template, **each.facts) for each in self.found.differences
                if each.code != "unexplained"]  # fmt: skip
        objection = self.found.objection
        if objection and objection.answer:
            said.append(f"{objection.number}: {objection.answer}")
        sums = self.found.sums
        facts = {"left_minor": abs(sums.difference_minor), "currency": self.currency}
        said.append(self.both(SENTENCES["open" if sums.difference_minor > 0 else "even"], **facts))
        if sums.unapplied_minor:
            facts = {"left_minor": sums.unapplied_minor, "currency": self.currency}
            said.append(self.both(SENTENCES["idle"], **facts))
        return said


def _name(found: Workspace) -> str:
    safe = "".join(c if c.isalnum() else "-" for c in found.account.number)
    return f"reconciliation-{safe}-{found.as_of.isoformat()}"
