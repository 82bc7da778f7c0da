"""Search: one box for everything; a single hit opens at once."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tahsil.queries import search as search_read
from tahsil.queries.search import SearchHit
from tahsil.web import asked, sentences
from tahsil.web.html import filled
from tahsil.web.own_names import called
from tahsil.web.pages import view
from tahsil.web.templatetags.tahsil import money

LIMIT = 40
KINDS = {
    "name": lambda: _("By name"),
    "phone": lambda: _("By phone"),
    "id": lambda: _("By ID"),
    "unit": lambda: _("By unit"),
    "contract": lambda: _("By contract"),
    "account": lambda: _("By account number"),
    "receipt": lambda: _("By receipt"),
    "cheque": lambda: _("By cheque"),
}


@view
def search(request: HttpRequest) -> HttpResponse:
    """The accounts that match, grouped by what matched; the only one opens itself."""
    asked.need(request, "account.read")
    q = asked.text(request, "q")
    found = None
    if q:
        found = search_read.search(
            asked.standing(request), q, as_of=asked.as_of(request), limit=LIMIT
        )
        if len(found.hits) == 1 and not found.hits[0].is_guess:
            return redirect(f"/accounts/{found.hits[0].account_id}")
    facts = {"q": q, "found": found, "groups": _groups(found.hits if found else ())}
    return render(request, "search/page.html", facts)


def _groups(hits: tuple[SearchHit, ...]) -> list[dict[str, Any]]:
    """The hits by what matched, the surest group first."""
    found: dict[str, list[SearchHit]] = {}
    for hit in hits:
        found.setdefault(hit.kind, []).append(hit)
    return [
        {"title": _title(kind), "hits": each, "rows": SafeString("\n".join(map(_row, each)))}  # nosec B703
        for kind, each in found.items()
    ]


def _row(hit: SearchHit) -> SafeString:
    """A hit as a row of its table; see worklist_rows.py for why not as template tags."""
    other = filled("<bdi>{}</bdi> · ", hit.name_other) if hit.name_other else ""
    near = filled(' <span class="badge">{}</span>', _("near")) if hit.is_guess else ""
    project = filled('<span class="sub">{}</span>', called(hit.project)) if hit.project else ""
    return filled(
        '<tr><td><a class="name" dir="auto" href="/accounts/{}">{}</a><span class="sub">{}'
        '<bdi dir="ltr">{}</bdi></span></td><td class="second"><bdi>{}</bdi>{}</td>'
        '<td class="second">{}{}</td><td class="num lead-end{}">{}</td>'
        '<td class="num wide-only">{}</td><td class="wide-only">{}</td></tr>',
        hit.account_id, hit.name, other, hit.number, hit.matched, near, hit.units, project,
        " late" if hit.overdue_minor else "", money(hit.overdue_minor, hit.currency),
        hit.dpd or "", called(hit.collector),
    )  # fmt: skip


def _title(kind: str) -> str:
    known = KINDS.get(kind)
    return known() if known else sentences.fact_text("kind", kind, {})
