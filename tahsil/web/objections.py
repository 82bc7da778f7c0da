"""Objections: the inbox, and the forms that take, give, answer and withdraw one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tahsil.actions import documents as document_acts
from tahsil.actions import objections as acts
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import objections as read
from tahsil.queries import people, rules
from tahsil.queries.accounts import READ
from tahsil.queries.objections import ObjectionFilters, ObjectionRow, Objections
from tahsil.queries.timeline import template_of
from tahsil.web import account_parts, asked, entry, own_names, sentences, verbs
from tahsil.web.accounts import form_facts, page_of
from tahsil.web.entry import Entry
from tahsil.web.pages import view

VIEWS = {
    "mine": lambda: _("Mine"),
    "open": lambda: _("Open"),
    "overdue": lambda: _("Overdue"),
    "decided": lambda: _("Closed"),
    "all": lambda: _("All"),
}
CHANNELS = ("call", "whatsapp", "sms", "email", "letter", "visit", "office")
METHODS = ("cash", "transfer", "cheque", "card", "direct_debit")


@view
def objections(request: HttpRequest) -> HttpResponse:
    """The objections that wait, those due first on top."""
    asked.need(request, READ)
    found = read.objections(
        asked.standing(request), as_of=asked.as_of(request), filters=_filters(request),
        page=asked.page(request),
    )  # fmt: skip
    facts = {
        "found": found, "tabs": _tabs(request, found), "chips": _chips(request, found),
        "pager": asked.pager(request, found.page),
    }  # fmt: skip
    return render(request, "reconciliation/objections.html", facts)


@view
def objection(request: HttpRequest, objection_id: int) -> HttpResponse:
    """The workspace of the objection's account, the objection on top."""
    return redirect(_home(_found(request, objection_id)))


@view
def account_objections(request: HttpRequest, account_id: int) -> HttpResponse:
    """The form for what a customer objects to, and its recording."""
    found, given = page_of(request, account_id), Entry(request)
    currency = found.header.currency
    if request.method == "POST":
        claimed = given.amount("claimed", currency, needed=False)
        params = {
            "kind": given.text("kind", needed=True),
            "channel": given.text("channel", needed=True),
            "note": given.text("note"),
            "claimed_minor": claimed or None,
            "claimed_on": given.day("claimed_on", needed=False),
            "claimed_method": given.text("claimed_method"),
            "claimed_reference": given.text("claimed_reference"),
            "claimed_bank": given.text("claimed_bank"),
            "paid_to_id": given.whole("paid_to_id"),
            "receipt_id": given.whole("receipt_id"),
            "obligation_id": given.whole("obligation_id"),
            "instrument_id": given.whole("instrument_id"),
            "holds_line": given.is_ticked("holds_line"),
        }
        answer = entry.done(
            request,
            given,
            lambda: acts.open(
                entry.context(request, "objection.open"), account_id=account_id, **params
            ),
            said=lambda done: _("Objection {number} is open.").format(**done.facts),
            to=f"/accounts/{account_id}/reconcile",
        )
        if answer:
            return answer
    title = verbs.label("objection.open")
    facts = form_facts(found, "objections", title, title)
    facts |= _choices(request, found)
    facts["next"] = f"/accounts/{account_id}/reconcile"
    return entry.form(request, "reconciliation/objection.html", given, facts)


@view
def decisions(request: HttpRequest, objection_id: int) -> HttpResponse:
    """The form that accepts an objection, naming what put it right, or rejects it."""
    row = _found(request, objection_id)
    corrections = read.corrections(row)

    def act(given: Entry) -> Callable[[], Any]:
        params = {
            "state": given.text("state", needed=True),
            "answer": given.text("answer", needed=True),
            "act_id": given.whole("act_id"),
        }
        if params["state"] != "accepted":
            params["act_id"] = None
        return lambda: acts.decide(_context(request, "decide"), **_named(row), **params)

    facts = {
        "states": [(each, account_parts.words(each).capitalize()) for each in acts.DECISIONS],
        "corrections": [(each.event_id, _told(each, row)) for each in corrections],
        "first": corrections[0].event_id if corrections else "",
    }
    return _answered(request, row, "decide", act, facts)


@view
def assignments(request: HttpRequest, objection_id: int) -> HttpResponse:
    """The form that gives an objection to somebody else or another day."""
    row = _found(request, objection_id)

    def act(given: Entry) -> Callable[[], Any]:
        params = {
            "owner_id": given.whole("owner_id") or 0,
            "answer_by_on": given.day("answer_by_on", needed=False),
        }
        return lambda: acts.assign(_context(request, "assign"), **_named(row), **params)

    able = read.owners(row, as_of=asked.as_of(request))
    facts = {"owners": [(key, own_names.called(name)) for key, name in able]}
    return _answered(request, row, "assign", act, facts)


@view
def withdrawals(request: HttpRequest, objection_id: int) -> HttpResponse:
    """The form for a customer who no longer objects."""
    row = _found(request, objection_id)

    def act(given: Entry) -> Callable[[], Any]:
        reason = given.text("reason", needed=True)
        return lambda: acts.withdraw(_context(request, "withdraw"), **_named(row), reason=reason)

    return _answered(request, row, "withdraw", act, {})


@view
def evidence(request: HttpRequest, objection_id: int) -> HttpResponse:
    """The form for a file that shows what was paid, and its keeping."""
    row = _found(request, objection_id)

    def act(given: Entry) -> Callable[[], Any]:
        sent = request.FILES.get("file")
        note = given.text("note")
        if sent is None and request.method == "POST":
            given.faults["file"] = _("This is needed.")

        def keep() -> Any:
            if sent is None:
                raise Refused("file.none", "No file came with the form. Choose one and send it "
                              "again.")  # fmt: skip
            sha256 = document_acts.take(sent.chunks())
            return acts.add_evidence(
                _context(request, "add_evidence"), **_named(row), sha256=sha256,
                name=(sent.name or "file")[-160:], note=note,
            )  # fmt: skip

        return keep

    return _answered(request, row, "add_evidence", act, {"is_upload": True})


def _answered(
    request: HttpRequest, row: ObjectionRow, verb: str,
    act: Callable[[Entry], Callable[[], Any]], facts: dict[str, Any],
) -> HttpResponse:  # fmt: skip
    """The form of one act on an objection, as typed where it is refused, else on to its page."""
    given = Entry(request)
    said = {
        "decide": _("The objection is decided."), "assign": _("The objection has an owner."),
        "withdraw": _("The objection is withdrawn."), "add_evidence": _("The file is kept."),
    }  # fmt: skip
    if request.method == "POST":
        doing = act(given)
        answer = entry.done(request, given, doing, said=lambda done: said[verb], to=_home(row))
        if answer:
            return answer
    title = verbs.label(f"objection.{verb}")
    nouns = {"decide": "decisions", "assign": "assignments", "withdraw": "withdrawals",
             "add_evidence": "evidence"}  # fmt: skip
    facts |= {
        "what": verb, "row": row, "title": title, "button": title, "currency": row.currency,
        "account": {"name": row.name, "number": row.account}, "next": _home(row),
        "action": f"/objections/{row.objection_id}/{nouns[verb]}",
    }  # fmt: skip
    return entry.form(request, "reconciliation/answer.html", given, facts)


def _found(request: HttpRequest, objection_id: int) -> ObjectionRow:
    return read.objection(asked.standing(request), objection_id, as_of=asked.as_of(request))


def _named(row: ObjectionRow) -> dict[str, int]:
    return {"account_id": row.account_id, "objection_id": row.objection_id}


def _context(request: HttpRequest, verb: str) -> Any:
    return entry.context(request, f"objection.{verb}")


def _home(row: ObjectionRow) -> str:
    return f"/accounts/{row.account_id}/reconcile?objection={row.objection_id}"


def _told(each: read.Correction, row: ObjectionRow) -> str:
    """An act as its sentence, with the hour."""
    facts = {"currency": row.currency, "verb": each.verb, **each.facts, "actor": each.actor}
    said = sentences.in_language(template_of(each.verb, facts), facts)
    return f"{sentences.moment_text(each.recorded_at)} · {said}"


def _filters(request: HttpRequest) -> ObjectionFilters:
    mine = read.waiting(asked.standing(request), as_of=asked.as_of(request))[0]
    return ObjectionFilters(
        view=asked.choice(request, "view", VIEWS, "mine" if mine else "open"),
        kind=asked.text(request, "kind"),
        owner=asked.whole(request, "owner"),
    )


def _tabs(request: HttpRequest, found: Objections) -> list[dict[str, Any]]:
    return [
        {"url": asked.url(request, view=code), "label": label(),
         "active": code == found.filters.view, "count": found.counts[code]}
        for code, label in VIEWS.items()
    ]  # fmt: skip


def _chips(request: HttpRequest, found: Objections) -> list[dict[str, Any]]:
    """The kinds there are open ones of."""
    if not found.kinds:
        return []
    every = {"url": asked.url(request, kind=None), "label": _("All"),
             "active": not found.filters.kind, "count": None}  # fmt: skip
    return [every, *(
        {"url": asked.url(request, kind=code), "label": sentences.label_text(labels, code),
         "active": code == found.filters.kind, "count": count}
        for code, labels, count in found.kinds
    )]  # fmt: skip


def _choices(request: HttpRequest, found: Any) -> dict[str, Any]:
    """What the form can name: lines, receipts, papers, colleagues."""
    blank = ("", "–")
    currency = found.header.currency
    money = sentences.money_text
    lines = [row for row in account_parts.all_lines(found) if row.due_on]
    return {
        "kinds": account_parts.coded("objections", rules.read(asked.as_of(request))),
        "channels": [(each, _word(each)) for each in CHANNELS],
        "methods": [blank, *((each, _word(each)) for each in METHODS)],
        "colleagues": [blank, *own_names.options(people.choices(as_of=asked.as_of(request)))],
        "receipts": [blank, *(
            (each.id, f"{each.number} · {sentences.day_text(each.value_on)} · "
             f"{money(each.amount_minor, currency)}")
            for each in found.receipts[:60]
        )],
        "lines": [blank, *((row.obligation_id, account_parts.line_name(row, found))
                           for row in reversed(lines))],
        "papers": [blank, *((each.id, f"{each.number} · {money(each.amount_minor, currency)}")
                            for each in found.instruments)],
    }  # fmt: skip


def _word(code: str) -> str:
    return account_parts.words(code).capitalize()
