"""A bank's table whose columns nobody knows: asked once, shown, kept with its bank account.

The first rows are shown as they stand; over each column one says what it is.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tahsil.actions import bank as acts
from tahsil.adapters.bank import mapping as mappings
from tahsil.adapters.bank.cells import plain
from tahsil.adapters.bank.statement import Mapping
from tahsil.core.grammar.refusal import Refused
from tahsil.core.resolve import bank_tables as rules
from tahsil.queries import bank as read
from tahsil.run import import_jobs, statements
from tahsil.web import asked, entry
from tahsil.web.entry import Entry
from tahsil.web.pages import view

ACCEPTS = ".sta,.mt940,.mt942,.940,.txt,.xml,.ofx,.qfx,.bai,.bai2,.csv,.xlsx,.xls,.ods"
WIDE = 24  # columns shown
FIELDS = {
    "booked_on": lambda: _("Booking date"),
    "value_on": lambda: _("Value date"),
    "description": lambda: _("Text"),
    "reference": lambda: _("Reference"),
    "bank_reference": lambda: _("Bank's reference"),
    "cheque_number": lambda: _("Cheque number"),
    "debit": lambda: _("Money out"),
    "credit": lambda: _("Money in"),
    "amount": lambda: _("Amount"),
    "sign": lambda: _("Debit or credit"),
    "balance": lambda: _("Balance"),
    "payer": lambda: _("Payer"),
    "payer_account": lambda: _("Payer's account"),
    "currency": lambda: _("Currency"),
}


def file_form(request: HttpRequest) -> dict[str, Any]:
    """What the form for a bank's file offers."""
    ours = read.bank_accounts(asked.standing(request))
    named = [("", _("As the file says")), *((code, label) for _id, code, label in ours)]
    return {"accepts": ACCEPTS, "choices": named}


def questions(refused: Refused, sent: dict[str, Any], given: Entry) -> dict[str, Any]:
    """What is asked of a table that could not be read: its first rows, and what was said so far."""
    rows = _rows(sent)
    codes = {each.code for each in getattr(refused, "parts", ())} | {refused.code}
    if not rows or not codes & {*mappings.ASKED}:
        return {}
    at = given.whole("line") or mappings.headings_at(rows)
    said = mappings.guessed(rows[min(at, len(rows)) - 1])
    width = min(max(map(len, rows)), WIDE)
    columns = [given.values.get(f"c-{n}", said.get(n, "")) for n in range(width)]
    return {
        **sent, "rows": rows, "columns": list(enumerate(columns)), "line": at,
        "fields": [("", _("– leave –")), *((key, label()) for key, label in FIELDS.items())],
        "orders": _orders(), "points": _points(),
        "lines": [(n, n) for n in range(1, len(rows) + 1)],
    }  # fmt: skip


@require_POST
@view
def columns(request: HttpRequest) -> HttpResponse:
    """Reads the file by what was said of its columns; that is kept once the file can be read."""
    asked.need(request, "bank.import")
    given = Entry(request)
    sent = {
        "sha256": given.text("sha256"), "name": given.text("name"),
        "code": given.text("bank_account"),
    }  # fmt: skip
    facts: dict[str, Any] = {}
    try:
        mapping = _mapping(given, _rows(sent))
        facts = {**sent, "taken": _taken(request, sent, mapping)}
    except Refused as refused:
        given.refused = refused
        facts = {**file_form(request), **questions(Refused(mappings.ASKED[0], ""), sent, given)}
    return entry.form(request, "bank/new.html", given, facts)


@view
def account(request: HttpRequest, bank_account_id: int) -> HttpResponse:
    """How the tables of one bank account are read, to see and to change."""
    asked.need(request, read.READ)
    found = read.bank_account(asked.standing(request), bank_account_id)
    given = Entry(request)
    if request.method == "POST":
        body = {} if given.text("forget") else _typed(given, found.mapping.get("columns", {}))
        answer = entry.done(
            request,
            given,
            lambda: acts.save_mapping(
                entry.context(request, "bank.save_mapping"),
                bank_account_id=bank_account_id,
                mapping=body,
            ),
            said=lambda done: _("The columns are kept."),
            to="/bank",
        )
        if answer:
            return answer
    kept = found.mapping.get("columns", {})
    facts = {
        "account": found,
        "fields": [
            (key, label(), given.values.get(key, kept.get(key, "")))
            for key, label in FIELDS.items()
        ],
        "order": given.values.get("order", found.mapping.get("order", "")),
        "point": given.values.get("point", found.mapping.get("point", "")),
        "orders": _orders(),
        "points": _points(),
        "may_save": asked.may(request, "bank.save_mapping"),
    }
    return entry.form(request, "bank/columns.html", given, facts)


def _taken(request: HttpRequest, sent: dict[str, Any], mapping: Mapping) -> list[statements.Taken]:
    """What the file holds, read so; the mapping kept with the bank account it is of."""
    content = import_jobs.kept(sent["sha256"]).read_bytes()
    how = {"name": sent["name"], "bank_account": sent["code"], "mapping": mapping}
    found = statements.preview(content, **how)
    account_id = next(
        key
        for key, code, _name in read.bank_accounts(asked.standing(request))
        if code == found[0].bank_account
    )
    acts.save_mapping(
        entry.context(request, "bank.save_mapping"), bank_account_id=account_id,
        mapping=mappings.body_of(mapping),
    )  # fmt: skip
    messages.success(request, _("The next table of this bank account is read the same way."))
    return found


def _rows(sent: dict[str, Any]) -> list[list[Any]]:
    """The first rows of the kept file; none where there is none or it is no table."""
    if not sent.get("sha256"):
        return []
    try:
        return statements.first_rows(import_jobs.kept(sent["sha256"]).read_bytes())
    except Refused:
        return []


def _mapping(given: Entry, rows: list[list[Any]]) -> Mapping:
    """What was chosen over each column, by its heading in the line that holds the headings."""
    at = min(given.whole("line") or 1, len(rows) or 1)
    heads = [plain(cell) for cell in rows[at - 1]] if rows else []
    chosen = dict.fromkeys(rules.FIELDS, "")
    for n, heading in enumerate(heads):
        key = given.text(f"c-{n}")
        if key in chosen:
            chosen[key] = heading
    return mappings.from_body(
        {"columns": chosen, "order": given.text("order"), "point": given.text("point")}
    )


def _typed(given: Entry, kept: dict[str, str]) -> dict[str, Any]:
    """What was typed; a column once said and now empty is one to leave alone."""
    columns = {key: given.text(key) for key in FIELDS if given.text(key) or key in kept}
    said = columns if any(columns.values()) else {}
    return {"columns": said, "order": given.text("order"), "point": given.text("point")}


def _orders() -> list[tuple[str, str]]:
    return [("", _("As the file shows")), ("dmy", _("Day first")), ("mdy", _("Month first"))]


def _points() -> list[tuple[str, str]]:
    return [("", _("As the file shows")), (".", _("Point: 1,234.50")), (",", _("Comma: 1.234,50"))]
