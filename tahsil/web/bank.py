"""The bank: our accounts and their statements, a file shown before it is taken, unapplied money."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tahsil.core.grammar.refusal import Refused
from tahsil.queries import bank as read
from tahsil.queries import unapplied as rests
from tahsil.run import import_jobs, matching, statements
from tahsil.web import asked, bank_tables, entry, pages
from tahsil.web.entry import Entry
from tahsil.web.pages import view


@view
def bank(request: HttpRequest) -> HttpResponse:
    """Our bank accounts with what of them is unexplained, and the statements taken in."""
    asked.need(request, read.READ)
    standing, as_of = asked.standing(request), asked.as_of(request)
    found = read.statements(
        standing,
        as_of=as_of,
        bank_account=asked.whole(request, "bank_account"),
        page=asked.page(request),
    )
    facts = {
        "accounts": read.accounts(standing, as_of=as_of),
        "found": found,
        "tabs": tabs("/bank"),
        "pager": asked.pager(request, found),
        "may_import": asked.may(request, "bank.import"),
        "may_match": asked.may(request, "bank.match"),
    }
    return render(request, "bank/bank.html", facts)


@view
def new(request: HttpRequest) -> HttpResponse:
    """The form for a bank's file; sent, what the file holds, with nothing taken yet."""
    asked.need(request, "bank.import")
    given = Entry(request)
    facts = bank_tables.file_form(request)
    if request.method == "POST":
        sent: dict[str, Any] = {}
        try:
            sent |= _sent(request, given)
            facts |= {**sent, "taken": _preview(sent)}
        except Refused as refused:
            given.refused = refused
            facts |= bank_tables.questions(refused, sent, given)
    return entry.form(request, "bank/new.html", given, facts)


@require_POST
@view
def takings(request: HttpRequest) -> HttpResponse:
    """Takes in the file that was shown, matches its lines, and goes to those that are left."""
    ctx = pages.context(request, "bank.import")
    name = request.POST.get("name", "")
    content = import_jobs.kept(request.POST.get("sha256", "")).read_bytes()
    code = request.POST.get("bank_account", "")
    taken = statements.take(ctx, content, name=name, bank_account=code)
    if not any(each.new for each in taken):
        messages.info(request, _("The file was known already. Nothing has changed."))
        return redirect("/bank")
    ids = [each.statement_id for each in taken if each.statement_id]
    return _matched(request, ids)


@require_POST
@view
def matchings(request: HttpRequest) -> HttpResponse:
    """Matches every open line anew: the sure ones are posted, the rest proposed."""
    asked.need(request, "bank.match")
    return _matched(request, None)


@view
def unapplied(request: HttpRequest) -> HttpResponse:
    """Receipts with a rest that pays nothing, the oldest first."""
    asked.need(request, read.READ)
    found = rests.unapplied(
        asked.standing(request), as_of=asked.as_of(request), page=asked.page(request)
    )
    facts = {
        "found": found,
        "tabs": tabs("/bank/unapplied"),
        "pager": asked.pager(request, found),
    }
    return render(request, "bank/unapplied.html", facts)


def tabs(here: str) -> list[dict[str, Any]]:
    """The pages of the bank, the one shown marked."""
    places = (
        ("/bank", _("Statements")),
        ("/bank/lines", _("Match lines")),
        ("/bank/lines?view=suspended", _("Suspense")),
        ("/bank/unapplied", _("Unapplied")),
    )
    return [{"url": url, "label": label, "active": url == here} for url, label in places]


def _matched(request: HttpRequest, ids: list[int] | None) -> HttpResponse:
    ctx = pages.context(request, "bank.match")
    found = matching.match(ctx, statement_ids=ids)
    counts = found.counts
    said = _("{lines} lines looked at, {posted} posted. The others wait for you.")
    messages.success(request, said.format(**counts))
    return redirect("/bank/lines")


def _sent(request: HttpRequest, given: Entry) -> dict[str, Any]:
    """The file that came with the form, kept by what it holds, and whose it was said to be."""
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused("file.none", "No file came with the form. Choose one and send it again.")
    sha256 = import_jobs.keep(sent.chunks())
    return {"sha256": sha256, "name": sent.name or "file", "code": given.text("bank_account")}


def _preview(sent: dict[str, Any]) -> list[statements.Taken]:
    content = import_jobs.kept(sent["sha256"]).read_bytes()
    return statements.preview(content, name=sent["name"], bank_account=sent["code"])
