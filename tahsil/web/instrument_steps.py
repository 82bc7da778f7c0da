"""Steps of law after a returned cheque: the forms that record one and take it back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tahsil.actions import steps as acts
from tahsil.queries import instrument_page
from tahsil.web import asked, entry, sentences, verbs
from tahsil.web.entry import Entry
from tahsil.web.pages import view

RECORD, BACK = "instrument.record_step", "instrument.take_back_step"


@view
def steps(request: HttpRequest, instrument_id: int) -> HttpResponse:
    """The form for a step: which, on which day, with which document."""
    asked.need(request, RECORD)
    today = request.today  # type: ignore[attr-defined]
    found = instrument_page.instrument(asked.standing(request), instrument_id, as_of=today)
    given, home = Entry(request), f"/instruments/{instrument_id}"
    if request.method == "POST":
        params = {
            "step": given.text("step", needed=True),
            "document": given.text("document", needed=True),
            "effective_on": given.day("effective_on"),
        }
        answer = entry.done(
            request,
            given,
            lambda: acts.record_step(
                entry.context(request, RECORD), account_id=found.row.account_id,
                instrument_id=instrument_id, **params,
            ),
            said=lambda done: _("Recorded. The clocks follow it."),
            to=home,
        )  # fmt: skip
        if answer:
            return answer
    facts = {
        "title": verbs.label(RECORD),
        "row": found.row,
        "options": [
            (code, sentences.label_text(labels, code)) for code, labels in found.next_steps
        ],
        "on": given.text("effective_on") or today.isoformat(),
        "action": f"{home}/steps",
        "next": home,
        "button": _("Record"),
    }
    return entry.form(request, "instruments/step.html", given, facts)


@view
def backs(request: HttpRequest, instrument_id: int, step: str) -> HttpResponse:
    """The form that takes a step back, with the reason."""
    asked.need(request, BACK)
    today = request.today  # type: ignore[attr-defined]
    found = instrument_page.instrument(asked.standing(request), instrument_id, as_of=today)
    given, home = Entry(request), f"/instruments/{instrument_id}"
    if request.method == "POST":
        reason = given.text("why", needed=True)
        answer = entry.done(
            request,
            given,
            lambda: acts.take_back_step(
                entry.context(request, BACK), account_id=found.row.account_id,
                instrument_id=instrument_id, step=step, reason=reason,
            ),
            said=lambda done: _("Taken back. The clock runs again."),
            to=home,
        )  # fmt: skip
        if answer:
            return answer
    facts = {
        "title": verbs.label(BACK), "row": found.row, "is_back": True, "is_grave": True,
        "action": f"{home}/steps/{step}/back", "next": home, "button": _("Take it back"),
    }  # fmt: skip
    return entry.form(request, "instruments/step.html", given, facts)
