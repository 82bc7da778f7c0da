"""Documents kept with what they show: the form that keeps one, and its content.

A content is shown as the kind of file its first bytes say, apart from our pages.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from tahsil.actions import documents as acts
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import documents as read
from tahsil.web import asked, entry, pages
from tahsil.web.account_parts import words
from tahsil.web.entry import Entry
from tahsil.web.pages import view

ACCEPTS = "image/jpeg,image/png,image/webp,application/pdf"


@view
def new(request: HttpRequest) -> HttpResponse:
    """The form that keeps a document with a subject, and its keeping."""
    asked.need(request, "document.keep")
    given = Entry(request)
    if request.method == "POST":
        answer = entry.done(
            request, given, lambda: _kept(request, given), said=lambda done: _("The file is kept."),
            to=pages.back(request),
        )  # fmt: skip
        if answer:
            return answer
    facts: dict[str, Any] = {
        "kinds": [(kind, words(kind)) for kind in acts.KINDS],
        "accepts": ACCEPTS,
        "next": given.text("next") or pages.back(request),
    }
    return entry.form(request, "documents/new.html", given, facts)


@view
def content(request: HttpRequest, document_id: int) -> HttpResponse:
    """What the document holds, shown by itself and allowed to run nothing."""
    found, path = read.document(asked.standing(request), document_id)
    answer = HttpResponse(path.read_bytes(), content_type=found.media_type)
    shown = content_disposition_header(not found.is_picture, found.name)
    answer["Content-Disposition"] = shown or "inline"
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def _kept(request: HttpRequest, given: Entry) -> Any:
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused("file.none", "No file came with the form. Choose one and send it again.")
    return acts.keep(
        entry.context(request, "document.keep"),
        subject=given.text("subject"),
        account_id=given.whole("account"),
        kind=given.text("kind"),
        sha256=acts.take(sent.chunks()),
        name=(sent.name or "file")[-160:],
        note=given.text("note"),
    )
