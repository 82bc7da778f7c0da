"""Entry: what a form carried, read field by field; what could not be read keeps its place.

A form that is refused comes back as it was typed, with a sentence at the field or above the form.
Inside the sheet the answer is the changed form or, when it is done, the place to go to.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tahsil.actions._verb import Context, Done, Waiting
from tahsil.core.grammar import money, names
from tahsil.core.grammar.refusal import Refused
from tahsil.web import pages, sentences

SIGNS = str.maketrans("٬٫،−", ",.,-")


class Entry:
    """The fields of one form: `values` as typed, `faults` by field, `refused` if the act was."""

    def __init__(self, request: HttpRequest) -> None:
        self.given = request.POST if request.method == "POST" else request.GET
        self.values = {name: self.given.get(name, "") for name in self.given}
        self.faults: dict[str, str] = {}
        self.refused: Refused | None = None

    def text(self, name: str, *, needed: bool = False) -> str:
        """The text of a field without blanks around it; a fault where it is needed and empty."""
        said = self.given.get(name, "").strip()
        if needed and not said:
            self.faults[name] = _("This is needed.")
        return said

    def amount(
        self, name: str, currency: str, *, needed: bool = True, may_be_zero: bool = False
    ) -> int:
        """The amount in minor units, digits of any script; 0 where it is empty or unreadable."""
        said = self.text(name, needed=needed)
        if not said:
            return 0
        try:
            minor = money.parse(names.fold(said.translate(SIGNS)).replace(" ", ""), currency)
        except Refused as refused:
            self.faults[name] = sentences.in_language(refused.template, refused.facts)
            return 0
        if minor < 0 or (minor == 0 and not may_be_zero):
            self.faults[name] = _("The amount must be more than zero.")
        return max(minor, 0)

    def day(self, name: str, *, needed: bool = True) -> date | None:
        """The day of a date field; none where it is empty or unreadable."""
        said = names.fold(self.text(name, needed=needed))
        try:
            return date.fromisoformat(said) if said else None
        except ValueError:
            self.faults[name] = _("This is not a date.")
            return None

    def hour(self, name: str) -> time | None:
        """The time of day of a field; none where it is empty or unreadable."""
        said = names.fold(self.text(name))
        try:
            return time.fromisoformat(said) if said else None
        except ValueError:
            self.faults[name] = _("This is not a time of day.")
            return None

    def whole(self, name: str) -> int | None:
        """The whole number of a field, such as an id; none where there is none."""
        said = self.text(name)
        return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else None

    def is_ticked(self, name: str) -> bool:
        """Whether the box of that name was ticked."""
        return bool(self.text(name))


def form(request: HttpRequest, template: str, entry: Entry, facts: dict[str, Any]) -> HttpResponse:
    """The form as a page of its own, or in the sheet where htmx asked; 422 where it was refused."""
    is_sheet = bool(request.headers.get("HX-Request"))
    layout = "parts/sheet.html" if is_sheet else "base.html"
    shown = {**facts, "layout": layout, "is_sheet": is_sheet, "entry": entry}
    shown |= {"values": entry.values, "faults": entry.faults, "refused": entry.refused}
    return render(request, template, shown, status=_status(request, entry))


def _status(request: HttpRequest, entry: Entry) -> int:
    """What the answer is: shown, refused as it was typed, or refused to this person."""
    if request.method != "POST" or not (entry.faults or entry.refused):
        return 200
    return pages.STATUS.get(entry.refused.code, 422) if entry.refused else 422


def done(
    request: HttpRequest, entry: Entry, acts: Callable[[], Any], *, said: Callable[[Done], str],
    to: str,
) -> HttpResponse | None:  # fmt: skip
    """Does the act if the form could be read, all of it or nothing, and goes on.

    None where it was refused: `entry` then says why, and the form is to be shown again.
    """
    if entry.faults:
        return None
    try:
        with transaction.atomic():
            outcome = acts()
    except Refused as refused:
        entry.refused = refused
        return None
    tell(request, outcome, said)
    return go(request, to)


def tell(request: HttpRequest, outcome: Any, said: Callable[[Done], str]) -> None:
    """Keeps what came of the act for the next page to say."""
    if isinstance(outcome, Waiting):
        messages.info(request, _("It waits for approval. You will see it under Approvals."))
    else:
        messages.success(request, said(outcome))


def go(request: HttpRequest, to: str) -> HttpResponse:
    """The way on, as a redirect or, inside the sheet, as htmx follows one."""
    if not request.headers.get("HX-Request"):
        return redirect(to)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = to
    return answer


def context(request: HttpRequest, verb: str) -> Context:
    """The context of one act of this form."""
    return pages.context(request, verb)
