"""The worklist: a collector's day in order; starting it, going on to the next account."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tahsil.actions import accounts as account_acts
from tahsil.adapters.documents import Amount, Document, Table
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import worklist as lists
from tahsil.queries.chips import Chip, WorklistFilters
from tahsil.queries.paging import COUNTED
from tahsil.queries.worklist import Worklist, WorklistLine
from tahsil.web import asked, exports, pages, sentences, worklist_rows
from tahsil.web.pages import view

KEPT = "worklist"  # the session's memory of the list worked through: its filters
REASONS = {
    "bounced": lambda: _("Cheque bounced"),
    "promise_broken": lambda: _("Promise broken"),
    "promise_due": lambda: _("Promise due"),
    "callback": lambda: _("Call-back"),
    "query": lambda: _("Waits for an answer"),
    "next_step": lambda: _("Next step due"),
    "first_late": lambda: _("Late for the first time"),
    "big_line_ahead": lambda: _("Big line ahead"),
    "late_31_60": lambda: _("31 to 60 days"),
    "before_legal": lambda: _("Before legal"),
    "no_contact": lambda: _("No contact"),
    "late": lambda: _("Late"),
}
SORTS = {
    "priority": lambda: _("Order of the day"),
    "overdue": lambda: _("Overdue"),
    "dpd": lambda: _("Days past due"),
    "next_step": lambda: _("Next step"),
    "name": lambda: _("Name"),
}


@view
def worklist(request: HttpRequest) -> HttpResponse:
    """The list in order with the reason on each line; as a workbook if asked."""
    asked.need(request, "account.read")
    is_export = exports.is_asked(request)
    found = lists.worklist(
        asked.standing(request),
        as_of=asked.as_of(request),
        now=request.now,  # type: ignore[attr-defined]
        filters=filters_of(request),
        page=1 if is_export else asked.page(request),
        size=COUNTED if is_export else lists.SIZE,
    )
    if is_export:
        return exports.answer(request, _document(request, found), "worklist")
    _keep(request)
    return render(request, "worklist/list.html", _shown(request, found))


@view
def next_account(request: HttpRequest) -> HttpResponse:
    """On to the account after the one just left, within the same filters; else to the list."""
    return redirect(_next_url(request, asked.whole(request, "after")))


@require_POST
@view
def starts(request: HttpRequest) -> HttpResponse:
    """Opens the first account nobody else has open and takes it to work on."""
    account_id = _next_id(request, None)
    if account_id is None:
        return redirect("/worklist")
    try:
        account_acts.stay(pages.context(request, "account.lock"), account_id=account_id)
    except Refused as refused:
        return pages.refusal(request, refused)
    return redirect(f"/accounts/{account_id}")


def filters_of(request: HttpRequest, *, is_whole: bool = False) -> WorklistFilters:
    """What the address narrows the list to."""
    bucket = asked.text(request, "bucket")
    return WorklistFilters(
        bucket=int(bucket) if bucket.lstrip("-").isdecimal() and len(bucket) < 4 else None,
        project=asked.whole(request, "project"),
        rung=asked.text(request, "rung"),
        reason=asked.text(request, "reason"),
        currency=asked.text(request, "currency"),
        q=asked.text(request, "q"),
        collector=asked.whole(request, "collector"),
        sort=asked.choice(request, "sort", lists.SORTS, "dpd" if is_whole else "priority"),
        is_not_worked_today=asked.text(request, "worked") == "no",
        is_whole=is_whole,
    )


def next_link(request: HttpRequest, account_id: int) -> str:
    """Where `n` leads from an account: on through the list as it was last filtered."""
    kept = request.session.get(KEPT, "")
    after = urlencode({"after": account_id})
    return f"/worklist/next?{after}&{kept}" if kept else f"/worklist/next?{after}"


def _keep(request: HttpRequest) -> None:
    """Remembers the filters, so that `n` on an account stays within them."""
    values = request.GET.copy()
    for name in ("page", "as_of", "format", "after"):
        values.pop(name, None)
    if request.session.get(KEPT, "") != values.urlencode():
        request.session[KEPT] = values.urlencode()


def _next_id(request: HttpRequest, after: int | None) -> int | None:
    return lists.next_account(
        asked.standing(request),
        as_of=asked.as_of(request),
        now=request.now,  # type: ignore[attr-defined]
        filters=filters_of(request),
        after=after,
    )


def _next_url(request: HttpRequest, after: int | None) -> str:
    account_id = _next_id(request, after)
    if account_id is not None:
        return f"/accounts/{account_id}"
    kept = request.session.get(KEPT, "")
    return f"/worklist?{kept}" if kept else "/worklist"


def _shown(request: HttpRequest, found: Worklist) -> dict[str, Any]:
    is_narrowed = bool(set(request.GET) - {"page", "as_of", "sort"})
    shows = {
        "shows_collector": len(found.collectors) > 1,
        "shows_project": len(found.projects) > 1,
    }
    return {
        **shows,
        "list": found,
        "rows": worklist_rows.rows(found.page.rows, **shows),
        "chips": _chips(request, found),
        "filters": filter_fields(request, found),
        "pager": asked.pager(request, found.page),
        "is_narrowed": is_narrowed,
        "may_start": asked.may(request, "account.lock") and asked.may(request, "contact.log"),
        "may_export": asked.may(request, "list.export"),
        "export_url": asked.url(request, format="xlsx"),
        "is_stale": bool(found.measured_on and found.measured_on != asked.as_of(request)),
    }


def _chips(request: HttpRequest, found: Worklist) -> list[dict[str, Any]]:
    whole = {
        "url": asked.url(request, reason=None),
        "label": _("All"),
        "active": not found.filters.reason,
        "count": _count(found.listed),
    }
    return [whole, *(_chip(request, chip) for chip in found.reasons)]


def _chip(request: HttpRequest, chip: Chip) -> dict[str, Any]:
    return {
        "url": asked.url(request, reason=None if chip.is_on else chip.code),
        "label": reason_name(chip.code),
        "active": chip.is_on,
        "count": _count(chip),
    }


def _count(chip: Chip) -> str:
    return sentences.digits(f"{chip.count:,}") + ("+" if chip.is_more else "")


def reason_name(code: str) -> str:
    """A reason for being on the list in two words."""
    known = REASONS.get(code)
    return known() if known else sentences.fact_text("reason", code, {})


def filter_fields(request: HttpRequest, found: Worklist) -> list[dict[str, Any]]:
    """The fields of the filter form; a choice of one value is not offered."""
    wanted = found.filters
    fields = [{"name": "q", "label": _("Name or number"), "kind": "search", "value": wanted.q}]
    chosen = [
        ("bucket", _("Bucket"), found.buckets, wanted.bucket),
        ("rung", _("Rung"), found.rungs, wanted.rung),
        ("project", _("Project"), found.projects, wanted.project),
        ("collector", _("Collector"), found.collectors, wanted.collector),
        ("currency", _("Currency"), found.currencies, wanted.currency),
    ]
    fields += [
        _select(name, label, [("", _("All")), *map(_option, chips)], value)
        for name, label, chips, value in chosen
        if len(chips) > 1 or value not in (None, "")
    ]
    if not wanted.is_whole:
        worked = [("", _("All")), ("no", _("Not worked today"))]
        said = "no" if wanted.is_not_worked_today else ""
        fields.append(_select("worked", _("Today"), worked, said))
    sorts = [(code, label()) for code, label in SORTS.items()]
    if wanted.is_whole:
        sorts = sorts[1:]
    return [*fields, _select("sort", _("Sort"), sorts, wanted.sort)]


def _select(name: str, label: str, options: list[tuple[str, str]], value: Any) -> dict[str, Any]:
    shown = "" if value is None else value
    return {"name": name, "label": label, "kind": "select", "options": options, "value": shown}


def _option(chip: Chip) -> tuple[str, str]:
    label = sentences.label_text(chip.labels, chip.code) if chip.labels else chip.label
    return chip.code, label or _("Nothing late")


def _document(request: HttpRequest, found: Worklist) -> Document:
    heads = exports.columns(
        (_("Account"), "code", 16), (_("Name"), "text", 32), (_("Project"), "text", 20),
        (_("Reason"), "text", 48), (_("Overdue"), "money", 16), (_("Not covered"), "money", 16),
        (_("Currency"), "code", 8), (_("Days past due"), "number", 10), (_("Rung"), "text", 24),
        (_("Next step"), "text", 20), (_("On"), "date", 14), (_("Last attempt"), "text", 28),
        (_("Promise"), "money", 16), (_("Promised for"), "date", 14), (_("Phone"), "code", 18),
        (_("Collector"), "text", 20),
    )  # fmt: skip
    rows = [_cells(line) for line in found.page.rows]
    return exports.document(request, _("Worklist"), [Table(heads, rows)], filters=[])


def _cells(line: WorklistLine) -> list[Any]:
    promise, last = line.promise, line.last_attempt
    reason = line.reasons[0] if line.reasons else None
    return [
        line.number,
        line.name,
        line.project,
        sentences.in_language(reason.template, reason.facts) if reason else "",
        Amount(line.overdue_minor, line.currency),
        Amount(line.uncovered_minor, line.currency),
        line.currency,
        line.dpd,
        sentences.label_text(line.rung_labels, line.rung),
        sentences.fact_text("next_step", line.next_step, {}) if line.next_step else "",
        line.next_step_on,
        sentences.label_text(last.labels, last.disposition) if last else "",
        Amount(promise.amount_minor, line.currency) if promise else None,
        promise.promised_on if promise else None,
        line.phone,
        line.collector,
    ]
