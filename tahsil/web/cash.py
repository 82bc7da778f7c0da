"""One's own cash: what is in the hand, and the forms that move it, count it and close the day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tahsil.actions import cash as acts
from tahsil.actions import cash_days, documents
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import cash as read
from tahsil.queries.cash_hands import Hand
from tahsil.web import asked, entry, sentences, verbs
from tahsil.web.documents import ACCEPTS
from tahsil.web.entry import Entry
from tahsil.web.fields import field
from tahsil.web.pages import view

HOME = "/cash"


@view
def cash(request: HttpRequest) -> HttpResponse:
    """What one holds against the ceiling, what is late, and what waits to be counted."""
    asked.need(request, read.READ)
    found = _own(request)
    facts = {
        "page": found,
        "tabs": tabs(request, HOME),
        "me": found.person_id,
        "may": {verb: asked.may(request, f"cash.{verb}")
                for verb in ("hand_over", "deposit", "close_day", "accept")},
        "ratios": {hand.currency: ratio(hand) for hand in found.hands},
    }  # fmt: skip
    return render(request, "cash/cash.html", facts)


@view
def deposits(request: HttpRequest) -> HttpResponse:
    """The form for a deposit: slip, amount, photo, and what it covers; and its recording."""
    asked.need(request, "cash.deposit")
    given = Entry(request)
    hand = _hand(request, given)
    if request.method == "POST":
        params = {
            "bank_account_id": given.whole("bank_account_id") or 0,
            "number": given.text("number", needed=True),
            "amount_minor": given.amount("amount", hand.currency),
            "deposited_on": given.day("deposited_on"),
            "deposited_at": given.hour("deposited_at"),
            "receipts": _ticked(given),
            **_photo(request, given),
        }
        answer = entry.done(
            request, given, lambda: acts.deposit(entry.context(request, "cash.deposit"), **params),
            said=lambda done: _("Deposit {number} is recorded.").format(**done.facts), to=HOME,
        )  # fmt: skip
        if answer:
            return answer
    today = request.today  # type: ignore[attr-defined]
    text = sentences.money_text(hand.held_minor, hand.currency, code=False)
    facts = _form(request, hand, verbs.label("cash.deposit"), "/cash/deposits/new") | {
        "fields": [
            field("bank_account_id", _("Our bank account"), given, kind="select",
                  options=read.bank_accounts(hand.person_id, hand.currency), whole=True),
            field("amount", _("Amount on the slip"), given, kind="money",
                  value=text if hand.held_minor > 0 else "", unit=hand.currency),
            field("number", _("Slip number"), given),
            field("deposited_on", _("Day at the bank"), given, kind="date",
                  value=today.isoformat()),
            field("deposited_at", _("Hour"), given, kind="time", optional=True),
        ],
        "items": hand.items,
        "accepts": ACCEPTS,
        "photo": given.values.get("sha256", ""),
        "photo_name": given.values.get("photo_name", ""),
    }  # fmt: skip
    return entry.form(request, "cash/deposit.html", given, facts)


@view
def hand_overs(request: HttpRequest) -> HttpResponse:
    """The form that offers cash to a colleague, and the offer."""
    asked.need(request, "cash.hand_over")
    given = Entry(request)
    hand = _hand(request, given)
    if request.method == "POST":
        params = {
            "receiver_id": given.whole("receiver_id") or 0,
            "currency": hand.currency,
            "receipts": _ticked(given),
            "note": given.text("note"),
        }
        answer = entry.done(
            request, given,
            lambda: acts.hand_over(entry.context(request, "cash.hand_over"), **params),
            said=lambda done: _("Offered. {receiver} is to count it.").format(**done.facts),
            to=HOME,
        )  # fmt: skip
        if answer:
            return answer
    people = read.receivers(asked.standing(request), as_of=asked.as_of(request))
    facts = _form(request, hand, verbs.label("cash.hand_over"), "/cash/hand-overs/new") | {
        "fields": [
            field("receiver_id", _("To whom"), given, kind="select", options=people, whole=True),
            field("note", _("Note"), given, optional=True, whole=True),
        ],
        "items": hand.items,
    }  # fmt: skip
    return entry.form(request, "cash/hand_over.html", given, facts)


@view
def hand_over(request: HttpRequest, offer_id: int) -> HttpResponse:
    """The receiver counts, before seeing what was offered, and signs for what was counted."""
    asked.need(request, "cash.accept")
    found = read.offer(asked.standing(request), offer_id)
    given = Entry(request)
    if request.method == "POST":
        pieces = _pieces(given, found.currency, asked.as_of(request))
        reason = given.text("reason")
        answer = entry.done(
            request, given,
            lambda: acts.accept(
                entry.context(request, "cash.accept"), hand_over_id=offer_id, pieces=pieces,
                reason=reason,
            ),
            said=lambda done: _("Counted and taken over."), to=HOME,
        )  # fmt: skip
        if answer:
            return answer
    facts = {
        "title": _("Count and take over"),
        "offer": found,
        "action": f"/cash/hand-overs/{offer_id}",
        "button": _("I counted this"),
        "next": HOME,
        "is_different": bool(given.refused and given.refused.code == "cash.variance"),
        "notes": _notes(given, found.currency, asked.as_of(request)),
    }
    return entry.form(request, "cash/count.html", given, facts)


@view
def declines(request: HttpRequest, offer_id: int) -> HttpResponse:
    """The form that asks why an offer comes to nothing, and its taking back."""
    asked.need(request, "cash.decline")
    found = read.offer(asked.standing(request), offer_id)
    given = Entry(request)
    if request.method == "POST":
        reason = given.text("reason", needed=True)
        answer = entry.done(
            request, given,
            lambda: acts.decline(
                entry.context(request, "cash.decline"), hand_over_id=offer_id, reason=reason
            ),
            said=lambda done: _("The offer is taken back."), to=HOME,
        )  # fmt: skip
        if answer:
            return answer
    facts = {
        "title": verbs.label("cash.decline"),
        "offer": found,
        "fields": [field("reason", _("Reason"), given, whole=True)],
        "action": f"/cash/hand-overs/{offer_id}/declines",
        "button": verbs.label("cash.decline"),
        "next": HOME,
    }
    return entry.form(request, "cash/plain.html", given, facts)


@view
def closings(request: HttpRequest) -> HttpResponse:
    """Counted first, without being told what should be there; then closed, or asked for a reason.

    Every count stays, so the one that found a difference does too.
    """
    asked.need(request, "cash.close_day")
    given = Entry(request)
    hand = _hand(request, given)
    if request.method == "POST":
        pieces = _pieces(given, hand.currency, asked.as_of(request))
        if not given.faults:
            try:
                cash_days.count(
                    entry.context(request, "cash.count"), currency=hand.currency, pieces=pieces
                )
            except Refused as refused:
                given.refused = refused
        reason = given.text("reason")
        answer = None if given.refused else entry.done(
            request, given,
            lambda: cash_days.close_day(
                entry.context(request, "cash.close_day"), currency=hand.currency, reason=reason
            ),
            said=lambda done: _("The day is closed."), to=HOME,
        )  # fmt: skip
        if answer:
            return answer
    facts = _form(request, hand, verbs.label("cash.close_day"), "/cash/closings") | {
        "button": _("I counted this"),
        "is_different": bool(given.refused and given.refused.code == "cash.difference"),
        "notes": _notes(given, hand.currency, asked.as_of(request)),
    }
    return entry.form(request, "cash/count.html", given, facts)


def tabs(request: HttpRequest, here: str) -> list[dict[str, Any]]:
    """The pages of cash that this person may open."""
    known = [(HOME, _("My cash"), read.READ), ("/cash/team", _("Team"), read.TEAM),
             ("/cash/exceptions", _("Exceptions"), read.TEAM),
             ("/cash/calls", _("Call back"), read.TEAM)]  # fmt: skip
    return [
        {"url": url, "label": label, "active": url == here}
        for url, label, verb in known
        if asked.may(request, verb)
    ]


def ratio(hand: Hand) -> int:
    """How full the hand is, in percent of its ceiling; 0 where there is none."""
    return (
        min(max(hand.held_minor, 0) * 100 // hand.ceiling_minor, 100) if hand.ceiling_minor else 0
    )


def _own(request: HttpRequest) -> read.CashPage:
    now = request.now  # type: ignore[attr-defined]
    return read.own(asked.standing(request), as_of=asked.as_of(request), now=now)


def _hand(request: HttpRequest, given: Entry) -> Hand:
    """The hand the form is about: the currency asked for, else the only one."""
    hands = _own(request).hands
    wanted = given.text("currency")
    for hand in hands:
        if hand.currency == wanted or (not wanted and len(hands) == 1):
            return hand
    raise Refused("cash.no_hand", "You hold no cash in that currency.")


def _form(request: HttpRequest, hand: Hand, title: str, action: str) -> dict[str, Any]:
    return {"hand": hand, "title": title, "action": action, "button": title, "next": HOME}


def _ticked(given: Entry) -> list[int]:
    """The receipts ticked."""
    return [int(each) for each in given.given.getlist("receipt") if each.isdigit()]


def _photo(request: HttpRequest, given: Entry) -> dict[str, str]:
    """The slip's photo: the one sent now, or the one kept when the form was refused before."""
    sent = request.FILES.get("photo")
    if sent is not None:
        given.values["sha256"] = documents.take(sent.chunks())
        given.values["photo_name"] = (sent.name or "slip.jpg")[-160:]
    return {"sha256": given.values.get("sha256", ""), "file": given.values.get("photo_name", "")}


def _pieces(given: Entry, currency: str, as_of: date) -> dict[str, int]:
    """How many of each note were typed; an empty field is none."""
    found = {}
    for note in read.notes(currency, as_of=as_of):
        typed = given.text(f"note-{note}")
        if not typed:
            continue
        number = given.whole(f"note-{note}")
        if number is None:
            given.faults[f"note-{note}"] = _("This is not a whole number.")
        else:
            found[str(note)] = number
    return found


def _notes(given: Entry, currency: str, as_of: date) -> list[dict[str, Any]]:
    return [
        {"minor": note, "name": f"note-{note}", "value": given.values.get(f"note-{note}", ""),
         "fault": given.faults.get(f"note-{note}", ""),
         "text": sentences.money_text(note, currency, code=False)}
        for note in read.notes(currency, as_of=as_of)
    ]  # fmt: skip
