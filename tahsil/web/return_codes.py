"""Return codes of banks: the form that takes a bank's list in, and how one code is read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tahsil.core.grammar.refusal import Refused
from tahsil.queries import instruments as read
from tahsil.queries import returns
from tahsil.run import return_codes
from tahsil.web import asked, entry, sentences, verbs
from tahsil.web.entry import Entry
from tahsil.web.pages import view

VERB = "policy.take_return_codes"
MOST_BYTES = 1_000_000


@view
def new(request: HttpRequest) -> HttpResponse:
    """The form for a bank's list: whose it is, from when it holds, the file."""
    asked.need(request, VERB)
    given = Entry(request)
    if request.method == "POST":
        sent = request.FILES.get("file")
        content = sent.read(MOST_BYTES + 1) if sent else b""
        bank, source = given.text("bank", needed=True), given.text("source", needed=True)
        since = given.day("since_on")
        if not 0 < len(content) <= MOST_BYTES:
            given.faults["file"] = _("Choose the bank's list: a csv or Excel file.")
        answer = entry.done(
            request,
            given,
            lambda: return_codes.take(
                entry.context(request, VERB), content, bank=bank, source=source,
                since_on=since or "",
            ),
            said=lambda done: _("{count} codes of {bank} are known now.").format(**done.facts),
            to="/policies#returns",
        )  # fmt: skip
        if answer:
            return answer
    facts = {
        "title": verbs.label(VERB),
        "banks": read.banks(),
        "since_on": given.text("since_on") or request.today.isoformat(),  # type: ignore[attr-defined]
        "families": [sentences.label_text(each) for each in returns.families(request.today)],  # type: ignore[attr-defined]
        "action": "/policies/return-codes",
        "next": "/policies",
        "button": _("Take in"),
        "has_file": True,
    }
    return entry.form(request, "instruments/return_codes.html", given, facts)


@view
def reading(request: HttpRequest, instrument_id: int) -> HttpResponse:
    """What the bank's words on this paper are read as, while they are typed."""
    asked.need(request, read.READ)
    said = asked.text(request, "said")
    facts: dict[str, object] = {"said": said}
    if said:
        today = request.today  # type: ignore[attr-defined]
        try:
            facts["found"] = returns.read_of(
                asked.standing(request), instrument_id, said, as_of=today
            )
        except Refused as refused:
            facts["refused"] = refused
    return render(request, "instruments/_reading.html", facts)
