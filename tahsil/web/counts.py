"""Counts on the screen: begun, entered by scanner or keyboard, compared, signed, certified."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tahsil.actions import counts as acts
from tahsil.adapters.documents import custody as papers
from tahsil.adapters.documents.pdf import pdf
from tahsil.core.grammar.names import fold
from tahsil.queries import choices
from tahsil.queries import counts as read
from tahsil.queries.counts import CountPage
from tahsil.queries.safe import READ
from tahsil.web import account_parts, asked, entry, exports, places, safe
from tahsil.web.entry import Entry
from tahsil.web.pages import view

LANGUAGES = ("en", "ar", "hi")


@view
def counts(request: HttpRequest) -> HttpResponse:
    """The counts, the newest first."""
    asked.need(request, READ)
    found = read.counts(
        asked.standing(request), as_of=asked.as_of(request), place=asked.text(request, "place"),
        page=asked.page(request),
    )  # fmt: skip
    facts = {
        "page": found,
        "tabs": safe.tabs(request, "/safe/counts"),
        "pager": asked.pager(request, found),
        **safe.may(request),
    }
    return render(request, "safe/counts.html", facts)


@view
def new(request: HttpRequest) -> HttpResponse:
    """The form that begins a count of a place or of one envelope, and its beginning."""
    asked.need(request, "count.open")
    given = Entry(request)
    made: dict[str, str] = {}
    if request.method == "POST":
        place, month = given.text("place", needed=True), given.text("month")

        def begun() -> Any:
            done = acts.open_count(
                entry.context(request, "count.open"), place=place, month=fold(month)
            )
            made["to"] = f"/safe/counts/{done.id}"
            return done

        answer = entry.done(
            request, given, begun,
            said=lambda done: _("The count has begun. Enter what you find."), to="/safe/counts",
        )  # fmt: skip
        if answer:
            return entry.go(request, made["to"])
    known = read.to_count(as_of=asked.as_of(request))
    facts = {
        "title": _("Count a place"),
        "places": [(code, places.called(code)) for code, _name in known],
        "place": given.text("place") or "safe",
        "action": "/safe/counts/new",
        "next": "/safe/counts",
        "button": _("Begin the count"),
    }
    return entry.form(request, "safe/count_new.html", given, facts)


@view
def count(request: HttpRequest, count_id: int) -> HttpResponse:
    """One count: the screen to enter what is found, or what came of it."""
    asked.need(request, READ)
    return _shown(request, count_id, Entry(request))


@require_POST
@view
def entries(request: HttpRequest, count_id: int) -> HttpResponse:
    """Takes what was scanned, typed, pasted or ticked; the screen is ready for the next."""
    asked.need(request, "count.enter")
    given = Entry(request)
    params: dict[str, Any] = {
        "entries": [*_typed(given), *_pasted(given.text("many"))],
        "lines": [int(each) for each in given.given.getlist("line") if each.isdigit()],
        "strike": [int(each) for each in given.given.getlist("strike") if each.isdigit()],
    }
    answer = entry.done(
        request, given,
        lambda: acts.enter(entry.context(request, "count.enter"), count_id=count_id, **params),
        said=lambda done: _said(done.facts), to=f"/safe/counts/{count_id}",
    )  # fmt: skip
    if answer is None or not request.headers.get("HX-Request"):
        return answer or _shown(request, count_id, given)
    return _shown(request, count_id, Entry(request), is_entered=True)


@require_POST
@view
def totals(request: HttpRequest, count_id: int) -> HttpResponse:
    """Takes how many papers and how much was found, per currency; then the list is shown."""
    asked.need(request, "count.say")
    given, said = Entry(request), []
    for currency in choices.currencies():
        number = fold(given.text(f"n-{currency}"))
        minor = given.amount(f"amount-{currency}", currency, needed=False, may_be_zero=True)
        if number and not number.isdigit():
            given.faults[f"n-{currency}"] = _("This is not a whole number.")
        elif number:
            said.append([currency, int(number), minor])
    answer = entry.done(
        request, given,
        lambda: acts.say(entry.context(request, "count.say"), count_id=count_id, totals=said),
        said=lambda done: _("Noted. The list is open now; tick what you find."),
        to=f"/safe/counts/{count_id}",
    )  # fmt: skip
    return answer or _shown(request, count_id, given)


@require_POST
@view
def ends(request: HttpRequest, count_id: int) -> HttpResponse:
    """Compares what was entered with the book."""
    return _posted(request, count_id, "count.finish", acts.finish, lambda facts: _(
        "Compared: {found_count} found, {book_count} by the book, {variance_count} differences."
    ).format(**facts))  # fmt: skip


@require_POST
@view
def signatures(request: HttpRequest, count_id: int) -> HttpResponse:
    """Signs the count as oneself."""
    return _posted(request, count_id, "count.sign", acts.sign, lambda facts: _(
        "Signed, {count} of {signers}."
    ).format(**facts))  # fmt: skip


@view
def cancellations(request: HttpRequest, count_id: int) -> HttpResponse:
    """The form that gives a count up, and its giving up."""
    asked.need(request, "count.cancel")
    found, given = _page(request, count_id), Entry(request)
    if request.method == "POST":
        reason = given.text("reason", needed=True)
        answer = entry.done(
            request, given,
            lambda: acts.cancel(
                entry.context(request, "count.cancel"), count_id=count_id, reason=reason
            ),
            said=lambda done: _("The count is given up."), to="/safe/counts",
        )  # fmt: skip
        if answer:
            return answer
    facts = {
        "title": _("Give up a count"),
        "about": places.called(found.row.place),
        "action": f"/safe/counts/{count_id}/cancellations",
        "next": f"/safe/counts/{count_id}",
        "button": _("Give it up"),
    }
    return entry.form(request, "safe/reason.html", given, facts)


@view
def certificate(request: HttpRequest, count_id: int) -> HttpResponse:
    """The certificate of a finished count as PDF."""
    asked.need(request, READ)
    found = _page(request, count_id)
    if found.row.state not in ("counted", "signed"):
        return entry.go(request, f"/safe/counts/{count_id}")
    language = asked.choice(request, "lang", LANGUAGES, get_language() or "en")
    with override(language):
        content = pdf(papers.certificate(found, language=language, word=account_parts.words))
    name = f"count-{count_id}.pdf"
    return exports.download(request, content, name, "application/pdf")


def _posted(request: HttpRequest, count_id: int, verb: str, act: Any, said: Any) -> HttpResponse:
    asked.need(request, verb)
    given = Entry(request)
    answer = entry.done(
        request, given, lambda: act(entry.context(request, verb), count_id=count_id),
        said=lambda done: said(done.facts), to=f"/safe/counts/{count_id}",
    )  # fmt: skip
    return answer or _shown(request, count_id, given)


def _page(request: HttpRequest, count_id: int) -> CountPage:
    return read.count(asked.standing(request), count_id, as_of=asked.as_of(request))


def _shown(
    request: HttpRequest, count_id: int, given: Entry, *, is_entered: bool = False
) -> HttpResponse:
    found = _page(request, count_id)
    is_today = asked.as_of(request) == request.today  # type: ignore[attr-defined]
    me = asked.standing(request).actor_id
    state = found.row.state
    facts = {
        "page": found,
        "row": found.row,
        "values": {} if is_entered else given.values,
        "faults": given.faults,
        "refused": given.refused,
        "entry": given,
        "currencies": [] if found.said else choices.currencies(),
        "may_enter": is_today and state == "counting" and asked.may(request, "count.enter"),
        "may_sign": is_today and state == "counted" and asked.may(request, "count.sign")
        and me not in {each.person_id for each in found.signatures},
    }  # fmt: skip
    status = 422 if given.faults or given.refused else 200
    return render(request, "safe/count.html", facts, status=status)


def _typed(given: Entry) -> list[list[str]]:
    number = given.text("number")
    return [[number, given.text("amount")]] if number else []


def _pasted(text: str) -> list[list[str]]:
    """One paper a line: its number, and after a blank, tab or semicolon its amount."""
    rows = [line.replace(";", " ").replace("\t", " ").split() for line in text.splitlines()]
    return [[row[0], "".join(row[1:2])] for row in rows if row]


def _said(facts: dict[str, Any]) -> str:
    if not facts["count"]:
        return _("Taken back.")
    if facts["count"] == 1:
        return _("Entered: {number}.").format(number=facts["numbers"][0])
    said = ngettext("{n} paper entered.", "{n} papers entered.", facts["count"])
    return said.format(n=facts["count"])
