"""Receipts: what one would pay, its recording, its page, its reversal."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tahsil.actions import receipts as acts
from tahsil.core.book.categories import REFUND
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import deviations, numbers
from tahsil.queries import receipts as receipts_read
from tahsil.queries.cards import AccountPage
from tahsil.queries.lines import LineRow
from tahsil.queries.receipts import Proposal, ReceiptPage
from tahsil.web import account_parts, asked, entry, sentences, verbs
from tahsil.web.accounts import form_facts, opened, page_of
from tahsil.web.entry import Entry
from tahsil.web.pages import view
from tahsil.web.reconciliation import flags

RELATIONS = ("spouse", "relative", "company", "employer", "broker", "other")
INSTRUMENTS = ("cash", "transfer", "cheque", "card", "direct_debit")


@view
def account_receipts(request: HttpRequest, account_id: int) -> HttpResponse:
    """The form for a receipt with what it would pay, and its recording."""
    found, given = page_of(request, account_id), Entry(request)
    params = _read(request, given, found)
    if request.method == "POST":
        answer = entry.done(
            request,
            given,
            lambda: acts.record(
                entry.context(request, "receipt.record"), account_id=account_id, **params
            ),
            said=lambda done: _("Receipt {number} is recorded.").format(**done.facts),
            to=f"/accounts/{account_id}",
        )
        if answer:
            return answer
    facts = form_facts(found, "receipts", _("Receipt"), _("Record the receipt"))
    facts |= _choices(request, found, given)
    if params["amount_minor"] and params["value_on"] and not given.faults:
        facts |= _proposed(request, account_id, params, given)
    facts["has_instruction"] = bool(params["instruction"])
    facts["is_other_payer"] = bool(given.refused and given.refused.code == "payer.unknown")
    facts["is_same"] = bool(given.refused and given.refused.code in acts.SAME)
    return entry.form(request, "receipts/form.html", given, facts)


@view
def proposals(request: HttpRequest, account_id: int) -> HttpResponse:
    """What a receipt as typed so far would pay, as a part of its form."""
    found, given = page_of(request, account_id), Entry(request)
    params = _read(request, given, found)
    facts: dict[str, Any] = {"currency": found.header.currency}
    if given.faults:
        facts["faults"] = list(given.faults.values())
    elif params["amount_minor"]:
        facts |= _proposed(request, account_id, params, given)
        facts["refused"] = given.refused
    return render(request, "receipts/proposal.html", facts)


@view
def receipt(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """One receipt as it is printed, with what it paid."""
    found = receipts_read.receipt(asked.standing(request), receipt_id, as_of=asked.as_of(request))
    rows = deviations.of_account(found.account_id, as_of=asked.as_of(request))
    facts = {
        "receipt": found,
        "flags": flags(tuple(row for row in rows if row.receipt_id == receipt_id)),
        "may_reverse": asked.may(request, "receipt.reverse") and not found.is_reversed,
        "may_move": asked.may(request, "receipt.reallocate") and not found.is_reversed,
        "may_refund": asked.may(request, "refund.ask") and not found.is_reversed,
    }
    return render(request, "receipts/page.html", facts)


@view
def reversals(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """The form that asks why a receipt is taken back, and the taking back."""
    standing, as_of = asked.standing(request), asked.as_of(request)
    found, given = receipts_read.receipt(standing, receipt_id, as_of=as_of), Entry(request)
    if request.method == "POST":
        reason = given.text("reason", needed=True)
        answer = entry.done(
            request,
            given,
            lambda: acts.reverse(
                entry.context(request, "receipt.reverse"),
                account_id=found.account_id,
                receipt_id=receipt_id,
                reason=reason,
            ),
            said=lambda done: _("Receipt {number} is reversed.").format(**done.facts),
            to=f"/receipts/{receipt_id}",
        )
        if answer:
            return answer
    facts = {
        "receipt": found,
        "title": _("Reverse receipt {number}").format(number=found.number),
        "button": _("Reverse"),
        "action": f"/receipts/{receipt_id}/reversals",
        "next": f"/receipts/{receipt_id}",
    }
    return entry.form(request, "receipts/reversal.html", given, facts)


@view
def reallocations(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """The form with what the receipt pays of each line, and the moving of its money."""
    today = request.today  # type: ignore[attr-defined]
    receipt = receipts_read.receipt(asked.standing(request), receipt_id, as_of=today)
    home = f"/receipts/{receipt_id}"
    if receipt.is_reversed and request.method != "POST":
        return redirect(home)
    found, given = opened(request, receipt.account_id, "receipt.reallocate")
    rows = _movable(found, receipt)
    if request.method == "POST":
        act = partial(
            acts.reallocate,
            account_id=receipt.account_id,
            receipt_id=receipt_id,
            instruction=_moved(given, rows, receipt.currency),
            reason=given.text("reason", needed=True),
        )
        answer = entry.done(
            request,
            given,
            lambda: act(entry.context(request, "receipt.reallocate")),
            said=lambda done: _("The money is moved."),
            to=home,
        )
        if answer:
            return answer
    title = verbs.label("receipt.reallocate")
    facts = form_facts(found, "", title, _("Move money"))
    facts |= {"action": f"{home}/reallocations", "next": home, "receipt": receipt}
    facts |= _line_fields(request, given, rows, receipt)
    return entry.form(request, "receipts/reallocation.html", given, facts)


def _movable(found: AccountPage, receipt: ReceiptPage) -> list[LineRow]:
    """The lines the receipt pays now and those that are open, by due date."""
    pays = {part.obligation_id for part in receipt.parts if part.category != REFUND}
    rows = account_parts.all_lines(found)
    return [row for row in rows if row.open_minor > 0 or row.obligation_id in pays]


def _moved(given: Entry, rows: list[LineRow], currency: str) -> list[list[int]]:
    """What each line is to get, as typed; an empty field or a zero says nothing."""
    typed = [
        [row.obligation_id, given.amount(f"line-{row.obligation_id}", currency,
                                         needed=False, may_be_zero=True)]
        for row in rows
    ]  # fmt: skip
    return [pair for pair in typed if pair[1]]


def _line_fields(
    request: HttpRequest, given: Entry, rows: list[LineRow], receipt: ReceiptPage
) -> dict[str, Any]:
    """The lines as fields: as typed, or with what each gets now; those far ahead are folded."""
    pays = {part.obligation_id: part.amount_minor for part in receipt.parts}
    is_posted = request.method == "POST"
    near: list[dict[str, Any]] = []
    later: list[dict[str, Any]] = []
    for row in rows:
        name, now = f"line-{row.obligation_id}", pays.get(row.obligation_id, 0)
        text = sentences.money_text(now, receipt.currency, code=False) if now else ""
        field = {
            "name": name,
            "row": row,
            "room_minor": max(row.open_minor, 0) + now,
            "value": given.text(name) if is_posted else text,
            "fault": given.faults.get(name, ""),
        }
        is_far = row.money in ("not_due", "undated") and not field["value"]
        (later if is_far else near).append(field)
    return {"near": near, "later": later}


def _read(request: HttpRequest, given: Entry, found: AccountPage) -> dict[str, Any]:
    """The receipt as typed; an empty value date is today."""
    currency = found.header.currency
    is_posted = request.method == "POST"
    today = request.today  # type: ignore[attr-defined]
    return {
        "amount_minor": given.amount("amount", currency, needed=is_posted),
        "value_on": given.day("value_on", needed=False) or today,
        "instrument": given.text("instrument") or "cash",
        "reference": given.text("reference"),
        "bank": given.text("bank"),
        "rule": given.text("rule") or "any",
        "payer": given.text("payer"),
        "payer_relation": given.text("payer_relation"),
        "payer_identity": given.text("payer_identity"),
        "has_consent": given.is_ticked("has_consent"),
        "paper_number": given.whole("paper_number"),
        "note": given.text("note"),
        "instruction": [
            [row.obligation_id, amount]
            for row in account_parts.open_lines(found)
            if (amount := given.amount(f"line-{row.obligation_id}", currency, needed=False))
        ],
        "confirm": given.is_ticked("confirm"),
    }


def _proposed(
    request: HttpRequest, account_id: int, params: dict[str, Any], given: Entry
) -> dict[str, Proposal | None]:
    try:
        made = receipts_read.proposal(
            asked.standing(request),
            account_id,
            as_of=request.today,  # type: ignore[attr-defined]
            amount_minor=params["amount_minor"],
            value_on=params["value_on"],
            rule=params["rule"],
            instruction=tuple((line, amount) for line, amount in params["instruction"]),
            reference=params["reference"],
        )
    except Refused as refused:
        given.refused = given.refused or refused
        return {"proposal": None}
    return {"proposal": made}


def _choices(request: HttpRequest, found: AccountPage, given: Entry) -> dict[str, Any]:
    currency = found.header.currency
    lines = account_parts.open_lines(found)
    due = [row for row in lines if row.money != "not_due"]
    today = request.today  # type: ignore[attr-defined]
    return {
        "instruments": _words(INSTRUMENTS),
        "relations": [("", _("The debtor")), *_words(RELATIONS)],
        "has_book": numbers.holds_book(asked.standing(request)),
        "rules": [
            ("any", _("Any")),
            ("price", _("Price only")),
            ("maintenance", _("Maintenance only")),
        ],
        "lines": [
            {"name": (name := f"line-{row.obligation_id}"), "value": given.text(name),
             "text": account_parts.line_name(row, found)}
            for row in (due or lines[: account_parts.AHEAD])
        ],
        "value_on": given.text("value_on") or today.isoformat(),
        "to_pay": sentences.money_text(found.to_pay.total_minor, currency, code=False)
        if found.to_pay.total_minor
        else "",
    }  # fmt: skip


def _words(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, account_parts.words(code).capitalize()) for code in codes]
