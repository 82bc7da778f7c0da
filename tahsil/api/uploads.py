"""A file that came with a form: kept by what it holds, then read and staged."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from tahsil.actions._verb import Context
from tahsil.api import bodies
from tahsil.api.fitting import fit_all
from tahsil.api.schemas import Schema, text
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import choices
from tahsil.run import import_jobs
from tahsil.run import imports as work

FIELDS: dict[str, Schema] = {
    "creditor": {**text(20), "description": "The creditor's code, where there are several."},
    "layout": {
        "type": "string",
        "enum": ["customers", "contracts", "schedule", "receipts", "cheques", "mixed", "invoices"],
        "description": "What the file lists; found out from its headings without it.",
    },
    "mapping": {**text(60_000), "description": "A saved mapping's name, or a mapping in JSON."},
    "paid": {
        "type": "string",
        "enum": ["take", "ignore"],
        "description": "Whether amounts marked paid are recorded as paid before we began.",
    },
}


def stage(ctx: Context, request: HttpRequest) -> int:
    """The id of the batch the file in the form was staged as."""
    if request.content_type != "multipart/form-data":
        raise Refused(
            "file.form", "A file is sent as multipart/form-data, in the field named file."
        )
    given = {
        bodies.clean(name): bodies.clean(str(said)) for name, said in request.POST.items() if said
    }
    fit_all(given, {"properties": FIELDS}, what="/api/v1/imports")
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused("file.none", "No file came with the form. Choose one and send it again.")
    _check_mapping(given.get("mapping", ""))
    how: dict[str, Any] = {
        "creditor_code": given.get("creditor", ""),
        "layout": given.get("layout"),
        "mapping": given.get("mapping"),
        "options": {"paid": given.get("paid", "take")},
        "name": bodies.clean(sent.name or "file"),
    }
    return work.stage(import_jobs.kept(import_jobs.keep(sent.chunks())), ctx=ctx, **how)


def _check_mapping(mapping: str) -> None:
    """Refuses the path of a file of ours, which the command takes and a program may not name."""
    if not mapping or mapping.lstrip().startswith("{") or mapping in choices.mappings():
        return
    raise Refused(
        "mapping.unsaved",
        "There is no saved mapping named {name}. Saved: {known}.",
        name=mapping[:80],
        known=list(choices.mappings()) or ["none"],
    )
