"""Hand-overs on the screen: the lists, a new one, one list that is accepted paper by paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from tahsil.actions import custody as acts
from tahsil.adapters.documents import custody as papers
from tahsil.adapters.documents.pdf import pdf
from tahsil.core.grammar.names import fold
from tahsil.queries import hand_overs as read
from tahsil.queries.hand_overs import HandOverFilters, HandOverPage
from tahsil.queries.safe import READ
from tahsil.web import account_parts, asked, entry, exports, places, safe
from tahsil.web.entry import Entry
from tahsil.web.pages import view

VIEWS = {
    "waiting": lambda: _("Waiting"),
    "mine": lambda: _("For me"),
    "settled": lambda: _("Settled"),
    "all": lambda: _("All"),
}
LANGUAGES = ("en", "ar", "hi")


@view
def hand_overs(request: HttpRequest) -> HttpResponse:
    """The lists that wait, one's own first to accept, and those settled."""
    asked.need(request, READ)
    wanted = HandOverFilters(asked.choice(request, "view", VIEWS, "waiting"))
    found = read.hand_overs(
        asked.standing(request), as_of=asked.as_of(request), filters=wanted,
        page=asked.page(request),
    )  # fmt: skip
    facts = {
        "list": found,
        "tabs": safe.tabs(request, "/safe/hand-overs"),
        "views": [
            {"url": asked.url(request, view=code), "label": label(),
             "active": code == wanted.view, "count": found.counts[code]}
            for code, label in VIEWS.items()
        ],
        "pager": asked.pager(request, found.page),
        **safe.may(request),
    }  # fmt: skip
    return render(request, "safe/hand_overs.html", facts)


@view
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new list: papers of one place ticked, where they go, who takes them."""
    asked.need(request, "custody.hand_over")
    given = Entry(request)
    ids = tuple(int(each) for each in given.given.getlist("instrument") if each.isdigit())
    if request.method == "POST":
        params: dict[str, Any] = {
            "instruments": list(ids),
            "to_place": given.text("to_place", needed=True),
            "receiver_id": given.whole("receiver_id"),
            **{name: given.text(name) for name in ("receiver_name", "receiver_company",
                                                   "receiver_identity", "giver_name", "note")},
        }  # fmt: skip
        answer = entry.done(
            request, given,
            lambda: acts.hand_over(entry.context(request, "custody.hand_over"), **params),
            said=lambda done: _("Hand-over {number} is listed. It waits to be accepted.").format(
                **done.facts
            ),
            to="/safe/hand-overs?view=all",
        )  # fmt: skip
        if answer:
            return answer
    return entry.form(request, "safe/hand_over_new.html", given, _new(request, given, ids))


@view
def hand_over(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """One list; who has to accept it ticks each paper and says how many there were."""
    asked.need(request, READ)
    found = _page(request, hand_over_id)
    given = Entry(request)
    if request.method == "POST":
        asked.need(request, "custody.accept")
        there = {int(each) for each in given.given.getlist("there") if each.isdigit()}
        missing = [each.instrument_id for each in found.papers if each.instrument_id not in there]
        said = fold(given.text("found_count", needed=True))
        count = int(said) if said.isdigit() and len(said) < 7 else None
        if count is None and "found_count" not in given.faults:
            given.faults["found_count"] = _("This is not a whole number.")
        answer = entry.done(
            request, given,
            lambda: acts.accept(
                entry.context(request, "custody.accept"), hand_over_id=hand_over_id,
                found_count=count or 0, missing=missing, document=given.text("document"),
            ),
            said=lambda done: _("Taken: {found_count} of {count} papers.").format(**done.facts),
            to=f"/safe/hand-overs/{hand_over_id}",
        )  # fmt: skip
        if answer:
            return answer
    is_today = asked.as_of(request) == request.today  # type: ignore[attr-defined]
    ticked = given.given.getlist("there") if request.method == "POST" else None
    facts = {
        "page": found,
        "row": found.row,
        "ticked": ticked,
        "may_accept": is_today and found.row.is_mine and asked.may(request, "custody.accept"),
        "may_withdraw": is_today and found.row.state == "open"
        and asked.may(request, "custody.withdraw"),
    }  # fmt: skip
    return entry.form(request, "safe/hand_over.html", given, facts)


@view
def withdrawals(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """The form that withdraws a list nobody took, and its withdrawal."""
    asked.need(request, "custody.withdraw")
    found, given = _page(request, hand_over_id), Entry(request)
    if request.method == "POST":
        reason = given.text("reason", needed=True)
        answer = entry.done(
            request, given,
            lambda: acts.withdraw(
                entry.context(request, "custody.withdraw"), hand_over_id=hand_over_id,
                reason=reason,
            ),
            said=lambda done: _("Hand-over {number} is withdrawn.").format(**done.facts),
            to="/safe/hand-overs",
        )  # fmt: skip
        if answer:
            return answer
    facts = {
        "title": _("Withdraw a hand-over"),
        "about": found.row.number,
        "action": f"/safe/hand-overs/{hand_over_id}/withdrawals",
        "next": f"/safe/hand-overs/{hand_over_id}",
        "button": _("Withdraw it"),
    }
    return entry.form(request, "safe/reason.html", given, facts)


@view
def paper(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """The list as PDF, with lines to sign."""
    asked.need(request, READ)
    found = _page(request, hand_over_id)
    language = asked.choice(request, "lang", LANGUAGES, get_language() or "en")
    with override(language):
        content = pdf(papers.hand_over(found, language=language, word=account_parts.words))
    name = f"hand-over-{found.row.number}.pdf"
    return exports.download(request, content, name, "application/pdf")


def _page(request: HttpRequest, hand_over_id: int) -> HandOverPage:
    return read.hand_over(asked.standing(request), hand_over_id, as_of=asked.as_of(request))


def _new(request: HttpRequest, given: Entry, ids: tuple[int, ...]) -> dict[str, Any]:
    standing, as_of = asked.standing(request), asked.as_of(request)
    place = given.text("place") or "safe"
    month = given.text("month")
    month = month if places.is_month(month) else ""
    shown = read.choices(standing, as_of=as_of, place=place, month=month)
    if ids and not {each.instrument_id for each in shown} >= set(ids):
        shown = read.choices(standing, as_of=as_of, place=place, ids=ids)
    me = standing.actor_id
    return {
        "title": _("Hand papers over"),
        "papers": shown,
        "chosen": ids,
        "place": place,
        "month": month,
        "from_places": places.options(as_of, standing, place),
        "to_places": places.targets(as_of, place),
        "people": [("", "–"), *((key, name) for key, name in read.people() if key != me)],
        "action": "/safe/hand-overs/new",
        "next": "/safe/hand-overs",
        "button": _("List them"),
    }
