"""A file that came with a form: kept by what it holds, then read and staged."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from tahsil.actions import documents
from tahsil.actions._verb import Context, Outcome
from tahsil.adapters.bank import mapping as mappings
from tahsil.api import bodies
from tahsil.api.fitting import fit_all
from tahsil.api.schemas import Schema, text
from tahsil.core.grammar.authority import Answer, can
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import choices
from tahsil.run import import_jobs, matching, statements
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
DOCUMENT: dict[str, Schema] = {
    "subject": {**text(60), "description": "What it is kept with, such as instrument:12."},
    "account_id": {"type": "string", "pattern": "^[0-9]{1,15}$",
                   "description": "The subject's account, where it has one."},
    "kind": {"type": "string", "enum": list(documents.KINDS)},
    "note": text(200),
}  # fmt: skip

STATEMENT: dict[str, Schema] = {
    "bank_account": {**text(20), "description": "Our bank account's code; else as the file says."},
    "mapping": {
        **text(10_000),
        "description": "Which column of a table is what, in JSON; kept for the next one.",
    },
}


def stage(ctx: Context, request: HttpRequest) -> int:
    """The id of the batch the file in the form was staged as."""
    given, sent = _form(request, FIELDS, "/api/v1/imports")
    _check_mapping(given.get("mapping", ""))
    how: dict[str, Any] = {
        "creditor_code": given.get("creditor", ""),
        "layout": given.get("layout"),
        "mapping": given.get("mapping"),
        "options": {"paid": given.get("paid", "take")},
        "name": bodies.clean(sent.name or "file"),
    }
    return work.stage(import_jobs.kept(import_jobs.keep(sent.chunks())), ctx=ctx, **how)


def keep(ctx: Context, request: HttpRequest) -> Outcome:
    """What keeping the file in the form with its subject came to."""
    given, sent = _form(request, DOCUMENT, "/api/v1/documents")
    account_id = given.pop("account_id", "")
    return documents.keep(
        ctx,
        sha256=documents.take(sent.chunks()),
        name=bodies.clean(sent.name or "file")[-160:],
        account_id=int(account_id) if account_id else None,
        **{"subject": "", "kind": "", **given},
    )


def take_statement(ctx: Context, request: HttpRequest) -> dict[str, Any]:
    """The statements of the bank's file in the form, taken in, and what matching made of them."""
    given, sent = _form(request, STATEMENT, "/api/v1/bank/statements")
    mapping = mappings.from_text(given["mapping"]) if given.get("mapping") else None
    content = import_jobs.kept(import_jobs.keep(sent.chunks())).read_bytes()
    taken = statements.take(
        ctx, content, name=bodies.clean(sent.name or "file"), mapping=mapping,
        bank_account=given.get("bank_account", ""),
    )  # fmt: skip
    ids = [each.statement_id for each in taken if each.statement_id]
    may_match = bool(ids) and can(ctx.standing, "bank.match", None).answer == Answer.ALLOW
    return {
        "statements": taken,
        "matching": matching.match(ctx, statement_ids=ids).counts if may_match else {},
    }


def _form(request: HttpRequest, fields: dict[str, Schema], what: str) -> tuple[dict, Any]:
    """The texts of a form and the file that came with it; refused where either does not fit."""
    if request.content_type != "multipart/form-data":
        raise Refused(
            "file.form", "A file is sent as multipart/form-data, in the field named file."
        )
    given = {
        bodies.clean(name): bodies.clean(str(said)) for name, said in request.POST.items() if said
    }
    fit_all(given, {"properties": fields}, what=what)
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused("file.none", "No file came with the form. Choose one and send it again.")
    return given, sent


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
