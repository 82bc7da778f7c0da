"""What stands on a paper: the part of the form that takes it in, and a form of its own later."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tahsil.actions import describing as acts
from tahsil.actions._verb import Done
from tahsil.core.book.categories import BANK_RULES
from tahsil.core.book.instruments import KINDS
from tahsil.queries import instrument_page
from tahsil.web import asked, entry, verbs
from tahsil.web.account_parts import words
from tahsil.web.entry import Entry
from tahsil.web.pages import view

TEXTS = ("code_line", "drawer_identity", "issued_at", "channel")
TICKS = ("payee_only", "is_crossed", "no_words")


def choices() -> dict[str, Any]:
    """What the form that takes a paper in offers besides."""
    return {
        "kinds": [(kind, words(kind).capitalize()) for kind in KINDS],
        "rules": [
            ("any", _("Any")),
            *((rule, words(rule)) for rule in BANK_RULES if rule != "any"),
        ],
        "channels": [("", ""), *((channel, words(channel)) for channel in acts.CHANNELS)],
    }


def read(given: Entry) -> dict[str, Any]:
    """What the form says stands on the paper; empty where nothing was entered."""
    said: dict[str, Any] = {name: given.text(name) for name in TEXTS}
    ticked = {name: given.is_ticked(name) for name in TICKS}
    if not any((*said.values(), *ticked.values())):
        return {}
    has_words = not ticked.pop("no_words")
    return {**said, **ticked, "has_words": has_words}


def after(request: HttpRequest, account_id: int, face: dict[str, Any], taken: Any) -> Any:
    """What stands on a paper, kept right after it was taken in; a series has no one face."""
    if face and isinstance(taken, Done) and taken.subject.startswith("instrument:"):
        context = entry.context(request, "instrument.describe")
        acts.describe(context, account_id=account_id, instrument_id=taken.id, **face)
    return taken


@view
def describes(request: HttpRequest, instrument_id: int) -> HttpResponse:
    """The form for what stands on a paper in the register, and its keeping."""
    asked.need(request, "instrument.describe")
    today = request.today  # type: ignore[attr-defined]
    found = instrument_page.instrument(asked.standing(request), instrument_id, as_of=today)
    given = Entry(request)
    if request.method == "POST":
        said = {"channel": "", **read(given)}
        answer = entry.done(
            request,
            given,
            lambda: acts.describe(
                entry.context(request, "instrument.describe"),
                account_id=found.row.account_id, instrument_id=instrument_id, **said,
            ),
            said=lambda done: _("What stands on it is kept."),
            to=f"/instruments/{instrument_id}",
        )  # fmt: skip
        if answer:
            return answer
    elif found.face:
        face = found.face
        given.values |= {
            "code_line": face.code_line, "issued_at": face.issued_at, "channel": face.channel,
            "payee_only": "1" if face.payee_only else "",
            "is_crossed": "1" if face.is_crossed else "",
            "no_words": "" if face.has_words else "1",
        }  # fmt: skip
    facts = {
        "title": verbs.label("instrument.describe"), "row": found.row, "button": _("Keep it"),
        "action": f"/instruments/{instrument_id}/describe",
        "next": f"/instruments/{instrument_id}", **choices(),
    }  # fmt: skip
    return entry.form(request, "instruments/describe.html", given, facts)
