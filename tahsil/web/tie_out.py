"""The tie-out: the book, our postings and the general ledger, what differs and why; balances in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tahsil.actions import ledger_balances
from tahsil.adapters.documents import Amount, Table
from tahsil.core.book.tie_out import CAUSES, PARTS
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import tie_notes
from tahsil.queries import tie_out as read
from tahsil.run import import_jobs, ledger_files
from tahsil.web import asked, charts, entry, exports, pages
from tahsil.web.entry import Entry
from tahsil.web.pages import view

NAMES = {
    "receivables": lambda: _("Customers and their cheques"),
    "fees": lambda: _("Bounce fees"),
    "penalties": lambda: _("Penalties"),
    "costs": lambda: _("Legal costs"),
    "unapplied": lambda: _("Unapplied receipts"),
    "deposits": lambda: _("Deposits received"),
}
WHY = {
    "forward": lambda: _("Recorded after its month closed, posted later"),
    "endorsed": lambda: _("Cheques endorsed to suppliers, still owed in the book"),
    "after_balance": lambda: _("Posted after the day of the balance"),
    "billed_after": lambda: _("Billed after the day of the balance"),
    "told_later": lambda: _("Recorded after the balance was read in"),
    "not_loaded": lambda: _("Postings the ledger has not loaded"),
    "not_ours": lambda: _("Entries of the ledger that are not ours"),
    "opening": lambda: _("Opening difference, there from the first balance"),
    "rounding": lambda: _("Rounding"),
    "unknown": lambda: _("Not explained"),
}
STATES = {  # label, tone, glyph
    "tied": (lambda: _("Ties"), "good", "cleared"),
    "explained": (lambda: _("Differs, explained"), "", "ask"),
    "unexplained": (lambda: _("Differs"), "late", "warn"),
    "unseen": (lambda: _("No balance read in"), "", "ask"),
    "apart": (lambda: _("The book does not agree with itself"), "late", "warn"),
}
COLUMNS = {
    "in_grace": lambda: _("In grace"),
    "due_today": lambda: _("Due today"),
    "not_due": lambda: _("Not yet due"),
    "undated": lambda: _("Undated"),
    "disputed": lambda: _("Disputed"),
    "unapplied": lambda: _("Unapplied"),
}


@view
def tie_out(request: HttpRequest) -> HttpResponse:
    """Five figures per creditor and currency that must agree, with causes and notes."""
    asked.need(request, read.READ)
    standing, as_of = asked.standing(request), _day(request)
    cause = asked.choice(request, "cause", CAUSES)
    part = asked.choice(request, "part", PARTS)
    found = read.tie_out(
        standing, as_of=as_of, creditor_id=asked.whole(request, "creditor"), cause=cause, part=part
    )
    if exports.is_asked(request):
        return exports.answer(request, _document(request, found), "tie-out")
    history = tie_notes.history(standing, as_of=as_of)
    notes = tie_notes.notes(standing, as_of=as_of)
    facts = {
        "as_of_day": as_of,
        "tabs": tabs("/tie-out"),
        "ties": [_shown(tie, history, notes) for tie in found],
        "is_drilled": bool(cause and part),
        "part_name": NAMES[part]() if part else "",
        "cause_name": WHY[cause]() if cause else "",
        "filters": _fields(request, standing),
        "export": asked.url(request, format="xlsx"),
        "may_export": asked.may(request, "list.export"),
        "may_load": asked.may(request, "ledger.load"),
        "may_note": asked.may(request, "tie.note"),
        "owners": tie_notes.owners() if asked.may(request, "tie.note") else [],
        "loads": tie_notes.loads(standing, as_of=as_of)[:10],
    }
    return render(request, "tie_out/tie_out.html", facts)


@view
def new(request: HttpRequest) -> HttpResponse:
    """The form for a trial balance; sent, what the file says of our accounts, nothing kept."""
    asked.need(request, "ledger.load")
    given = Entry(request)
    ours = read.creditors(asked.standing(request))
    facts: dict[str, Any] = {"choices": [(each.code, each.name) for each in ours]}
    if request.method == "POST":
        try:
            facts |= _previewed(request, given)
        except Refused as refused:
            given.refused = refused
    return entry.form(request, "tie_out/new.html", given, facts)


@require_POST
@view
def loads(request: HttpRequest) -> HttpResponse:
    """Takes in the balances that were shown, and goes to their day's tie-out."""
    ctx = pages.context(request, "ledger.load")
    given = Entry(request)
    content = import_jobs.kept(given.text("sha256")).read_bytes()
    on = given.day("on", needed=False)
    ledger_files.take(ctx, content, name=given.text("name"), creditor=given.text("creditor"), on=on)
    messages.success(request, _("The balances are read in."))
    return redirect(f"/tie-out?on={on.isoformat()}" if on else "/tie-out")


@require_POST
@view
def notes(request: HttpRequest) -> HttpResponse:
    """Keeps what somebody found of a difference."""
    given = Entry(request)
    return pages.acting(
        request, "tie.note",
        lambda ctx: ledger_balances.note(
            ctx,
            creditor_id=given.whole("creditor_id") or 0,
            currency=given.text("currency"),
            part=given.text("part"),
            tied_on=given.text("tied_on"),
            text=given.text("text"),
            owner_id=given.whole("owner_id"),
            difference_minor=_signed(given.text("difference_minor")),
        ),
        said=_("The note is kept."),
    )  # fmt: skip


def tabs(here: str) -> list[dict[str, Any]]:
    """The pages of the tie-out, the one shown marked."""
    places = (("/tie-out", _("Tie-out")), ("/tie-out/months", _("Months")))
    return [{"url": url, "label": label, "active": url == here} for url, label in places]


def _signed(text: str) -> int:
    return int(text) if text.removeprefix("-").isdecimal() and len(text) < 18 else 0


def _day(request: HttpRequest) -> Any:
    as_of = asked.as_of(request)
    return min(asked.day(request, "on") or as_of, as_of)


def _previewed(request: HttpRequest, given: Entry) -> dict[str, Any]:
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused("file.none", "No file came with the form. Choose one and send it again.")
    on = given.day("on", needed=False)
    sha256 = import_jobs.keep(sent.chunks())
    shown = ledger_files.preview(
        import_jobs.kept(sha256).read_bytes(), name=sent.name or "file",
        creditor=given.text("creditor"), as_of=asked.as_of(request), on=on,
    )  # fmt: skip
    return {"shown": shown, "sha256": sha256, "name": sent.name or "file",
            "creditor": given.text("creditor")}  # fmt: skip


def _shown(tie: read.Tie, history: Any, notes: list[Any]) -> dict[str, Any]:
    label, tone, glyph = STATES[tie.state]
    days = history.get((tie.creditor_id, tie.currency), [])
    figures = (
        (_("Positions of accounts"), tie.positions_minor),
        (_("Their lines"), tie.lines_minor),
        (_("Ageing report"), tie.ageing_minor),
        (_("Our postings and what was billed"), tie.own_minor),
        (_("General ledger"), tie.ledger_minor),
    )
    return {
        "tie": tie,
        "state": label(),
        "tone": tone,
        "glyph": glyph,
        "figures": [
            (name, minor, None if minor is None else minor - tie.positions_minor)
            for name, minor in figures
        ],
        "columns": [
            (COLUMNS[name]() if name in COLUMNS else name, minor)
            for name, minor in tie.columns if minor
        ],
        "parts": [
            {
                "part": part,
                "name": NAMES[part.part](),
                "codes": ", ".join(part.codes),
                "causes": [(WHY[each.cause](), each) for each in part.causes],
            }
            for part in tie.parts
            if part.book_minor or part.own_minor or part.ledger_minor
        ],
        "spark": charts.sparkline(_("Difference day by day"), [minor for _on, minor in days]),
        "notes": [
            {"row": each, "part": NAMES.get(each.part, lambda: "")()}
            for each in notes
            if (each.creditor_id, each.currency) == (tie.creditor_id, tie.currency)
        ],
        "part_choices": [(part.part, NAMES[part.part]()) for part in tie.parts],
    }  # fmt: skip


def _fields(request: HttpRequest, standing: Any) -> list[dict[str, Any]]:
    ours = [("", _("All")), *((each.id, each.name) for each in read.creditors(standing))]
    return [
        {"name": "on", "label": _("Day"), "kind": "date", "value": _day(request).isoformat()},
        {"name": "creditor", "label": _("Creditor"), "kind": "select", "options": ours,
         "value": asked.whole(request, "creditor") or ""},
    ]  # fmt: skip


def _document(request: HttpRequest, found: tuple[read.Tie, ...]) -> Any:
    columns = exports.columns(
        (_("Creditor"), "text", 24), (_("Currency"), "code", 8), (_("Part"), "text", 26),
        (_("Codes"), "code", 30), (_("Book"), "money", 18), (_("Our postings"), "money", 18),
        (_("General ledger"), "money", 18), (_("Difference"), "money", 16),
    )  # fmt: skip
    cells = [
        [tie.name, tie.currency, NAMES[part.part](), ", ".join(part.codes),
         Amount(part.book_minor, tie.currency), Amount(part.own_minor, tie.currency),
         None if part.ledger_minor is None else Amount(part.ledger_minor, tie.currency),
         None if part.difference_minor is None else Amount(part.difference_minor, tie.currency)]
        for tie in found for part in tie.parts
    ]  # fmt: skip
    why = exports.columns(
        (_("Creditor"), "text", 24), (_("Currency"), "code", 8), (_("Part"), "text", 26),
        (_("Cause"), "text", 44), (_("Amount"), "money", 16), (_("Postings"), "number", 10),
    )  # fmt: skip
    reasons = [
        [tie.name, tie.currency, NAMES[part.part](), WHY[each.cause](),
         Amount(each.amount_minor, tie.currency), each.count]
        for tie in found for part in tie.parts for each in part.causes
    ]  # fmt: skip
    tables = [Table(columns, cells), Table(why, reasons, title=_("Why"))]
    return exports.document(request, _("Tie-out"), tables, filters=[])
