"""Lines of an account: one looked at, raised, adjusted, waived, cancelled, dated by an event.

Penalties are assessed here too, after every step of what accrued was shown.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tahsil.actions import charges, contracts
from tahsil.actions import obligations as acts
from tahsil.core.book.categories import CATEGORIES, category_index, category_of
from tahsil.core.grammar.refusal import Refused
from tahsil.queries.cards import AccountPage
from tahsil.queries.lines import ContractCard, LineRow
from tahsil.web import account_parts, asked, entry, sentences, verbs
from tahsil.web.accounts import form_facts, opened, page_of, posted
from tahsil.web.entry import Entry
from tahsil.web.pages import view

CORRECTION = "accounts/correction.html"


@view
def line(request: HttpRequest, account_id: int, obligation_id: int) -> HttpResponse:
    """One line with what this person may do about it."""
    found = page_of(request, account_id)
    row = _line(found, obligation_id)
    is_today = found.as_of == request.today  # type: ignore[attr-defined]
    facts = {
        "layout": asked.layout(request),
        "is_sheet": bool(request.headers.get("HX-Request")),
        "account": found.header,
        "currency": found.header.currency,
        "row": row,
        "title": capfirst(account_parts.called(row)),
        "next": f"/accounts/{account_id}",
        "acts": _acts(found, row) if is_today else [],
    }
    return render(request, "accounts/line.html", facts)


@view
def waivers(request: HttpRequest, account_id: int, obligation_id: int) -> HttpResponse:
    """The form that gives up a charge, all or part of what is open of it, and its giving up."""
    verb = "obligation.waive"
    found, given = opened(request, account_id, verb)
    if request.method == "POST":
        act = partial(
            acts.waive,
            obligation_id=obligation_id,
            amount_minor=given.amount("amount", found.header.currency),
            reason=given.text("reason", needed=True),
        )
        said = _("The charge is waived.")
        answer = posted(request, given, account_id=account_id, verb=verb, act=act, said=said)
        if answer:
            return answer
    facts = _correcting(found, obligation_id, "waivers", verb)
    opened_minor = max(facts["row"].open_minor, 0)
    facts["first"] = sentences.money_text(opened_minor, found.header.currency, code=False)
    facts["asks_amount"] = True
    return entry.form(request, CORRECTION, given, facts)


@view
def adjustments(request: HttpRequest, account_id: int, obligation_id: int) -> HttpResponse:
    """The form that corrects what a line amounts to, up or down, and its correcting."""
    verb = "obligation.adjust"
    found, given = opened(request, account_id, verb)
    if request.method == "POST":
        sign = 1 if given.text("way", needed=True) == "raise" else -1
        act = partial(
            acts.adjust,
            obligation_id=obligation_id,
            amount_minor=sign * given.amount("amount", found.header.currency),
            reason=given.text("reason", needed=True),
            effective_on=given.day("effective_on"),
        )
        said = _("The line is adjusted.")
        answer = posted(request, given, account_id=account_id, verb=verb, act=act, said=said)
        if answer:
            return answer
    facts = _correcting(found, obligation_id, "adjustments", verb)
    facts |= {
        "asks_amount": True,
        "ways": [("lower", _("Lower it")), ("raise", _("Raise it"))],
        "effective_on": given.text("effective_on") or found.as_of.isoformat(),
    }
    return entry.form(request, CORRECTION, given, facts)


@view
def cancellations(request: HttpRequest, account_id: int, obligation_id: int) -> HttpResponse:
    """The form that takes back a line raised by mistake, and its taking back."""
    verb = "obligation.cancel"
    found, given = opened(request, account_id, verb)
    if request.method == "POST":
        reason = given.text("reason", needed=True)
        act = partial(acts.cancel, obligation_id=obligation_id, reason=reason)
        said = _("The line is cancelled.")
        answer = posted(request, given, account_id=account_id, verb=verb, act=act, said=said)
        if answer:
            return answer
    facts = _correcting(found, obligation_id, "cancellations", verb)
    facts["is_grave"] = True
    return entry.form(request, CORRECTION, given, facts)


@view
def obligations(request: HttpRequest, account_id: int) -> HttpResponse:
    """The form for something more that is owed, and its raising."""
    verb = "obligation.raise"
    found, given = opened(request, account_id, verb)
    if request.method == "POST":
        act = partial(
            acts.raise_,
            category=given.text("category", needed=True),
            amount_minor=given.amount("amount", found.header.currency),
            due_on=given.day("due_on"),
            contract_id=given.whole("contract_id"),
            label=given.text("label"),
            reference=given.text("reference"),
        )
        said = _("The obligation is raised.")
        answer = posted(request, given, account_id=account_id, verb=verb, act=act, said=said)
        if answer:
            return answer
    title = verbs.label(verb)
    facts = form_facts(found, "obligations", title, title)
    named = [(each.code, account_parts.words(each.code).capitalize()) for each in CATEGORIES]
    contracts = [*_numbers(found.contracts), ("", _("No contract"))]
    facts |= {
        "categories": sorted(named, key=lambda pair: pair[1]),
        "contracts": contracts,
        "contract_id": given.values.get("contract_id", contracts[0][0]),
        "due_on": given.text("due_on") or found.as_of.isoformat(),
    }
    return entry.form(request, "accounts/obligation.html", given, facts)


@view
def penalties(request: HttpRequest, account_id: int) -> HttpResponse:
    """The form with what accrued on a contract until a day, step by step, and its assessing."""
    verb = "charge.assess"
    found, given = opened(request, account_id, verb)
    charged = [card for card in found.contracts if card.penalty]
    wanted = _until(given, charged, found.as_of)
    if request.method == "POST":
        act = partial(charges.assess, **wanted)
        said = _("The penalty is assessed.")
        answer = posted(request, given, account_id=account_id, verb=verb, act=act, said=said)
        if answer:
            return answer
    title = verbs.label(verb)
    facts = form_facts(found, "penalties", title, title)
    facts |= {
        "contracts": _numbers(charged),
        "contract_id": wanted["contract_id"],
        "until_on": given.text("until_on") or found.as_of.isoformat(),
        "accrual": _accrual(found, given, wanted),
    }
    return entry.form(request, "accounts/penalty.html", given, facts)


@view
def accruals(request: HttpRequest, account_id: int) -> HttpResponse:
    """What would be assessed as the form stands, as a part of it."""
    found, given = opened(request, account_id, "charge.assess")
    charged = [card for card in found.contracts if card.penalty]
    accrual = _accrual(found, given, _until(given, charged, found.as_of))
    facts = {
        "accrual": accrual,
        "currency": found.header.currency,
        "refused": given.refused,
        "faults": list(given.faults.values()),
    }
    return render(request, "accounts/accrual.html", facts)


@view
def events(request: HttpRequest, account_id: int, contract_id: int) -> HttpResponse:
    """The form for what a contract waited for, with the lines that wait, and its recording."""
    verb = "contract.record_event"
    found, given = opened(request, account_id, verb)
    if request.method == "POST":
        act = partial(
            contracts.event,
            contract_id=contract_id,
            code=given.text("code", needed=True),
            happened_on=given.day("happened_on"),
            document=given.text("document"),
        )
        said = _("The event is recorded.")
        answer = posted(request, given, account_id=account_id, verb=verb, act=act, said=said)
        if answer:
            return answer
    card = next((each for each in found.contracts if each.id == contract_id), None)
    waiting = [row for row in card.lines if _waits(row)] if card else []
    if not given.refused and not waiting:
        raise Refused("contract.nothing_waits", "No line of this contract waits for an event.")
    title = verbs.label(verb)
    facts = form_facts(found, f"contracts/{contract_id}/events", title, title)
    codes = dict.fromkeys(row.due_event for row in waiting)
    facts |= {
        "waiting": waiting,
        "codes": [(code, sentences.stage_text(code).capitalize()) for code in codes],
        "happened_on": given.text("happened_on") or found.as_of.isoformat(),
    }
    return entry.form(request, "accounts/event.html", given, facts)


def _waits(row: LineRow) -> bool:
    return row.due_on is None and bool(row.due_event) and row.money != "cancelled"


def _line(found: AccountPage, obligation_id: int) -> LineRow:
    rows = account_parts.all_lines(found)
    row = next((each for each in rows if each.obligation_id == obligation_id), None)
    if row is None:
        raise Refused(
            "obligation.unknown",
            "There is no obligation {obligation_id} on this account.",
            obligation_id=obligation_id,
        )
    return row


def _acts(found: AccountPage, row: LineRow) -> list[tuple[str, str]]:
    """What this person may do about the line: where, and what it is called."""
    is_charge = category_of(category_index(row.category)).kind in acts.WAIVABLE
    offered = {
        "obligation.waive": ("waivers", is_charge and row.open_minor > 0),
        "obligation.adjust": ("adjustments", True),
        "obligation.cancel": ("cancellations", row.amount_minor > 0),
    }
    home = f"/accounts/{found.header.id}/lines/{row.obligation_id}"
    return [
        (f"{home}/{noun}", verbs.label(verb))
        for verb, (noun, makes_sense) in offered.items()
        if makes_sense and found.verbs[verb].is_allowed
    ]


def _correcting(found: AccountPage, obligation_id: int, noun: str, verb: str) -> dict[str, Any]:
    row = _line(found, obligation_id)
    title = verbs.label(verb)
    facts = form_facts(found, f"lines/{obligation_id}/{noun}", title, title)
    return facts | {"row": row, "line": account_parts.line_name(row, found), "first": ""}


def _numbers(cards: Any) -> list[tuple[Any, str]]:
    """Contracts in a list to choose from, by number and unit."""
    return [(card.id, " · ".join(filter(None, (card.number, card.unit)))) for card in cards]


def _until(given: Entry, charged: list[ContractCard], today: date) -> dict[str, Any]:
    """Which contract is assessed until which day: as asked, else the first one until today."""
    first = charged[0].id if charged else 0
    contract_id = given.whole("contract_id") or first
    return {"contract_id": contract_id, "until_on": given.day("until_on", needed=False) or today}


def _accrual(found: AccountPage, given: Entry, wanted: dict[str, Any]) -> dict[str, Any] | None:
    """What assessing would raise with every step; none where it is refused, and why."""
    if given.faults:
        return None
    try:
        due = charges.assessment(found.header.id, as_of=found.as_of, **wanted)
    except Refused as refused:
        given.refused = given.refused or refused
        return None
    names = {row.obligation_id: row for row in account_parts.all_lines(found)}
    parts = [
        {"name": _name(names.get(line_id)), "accrual": accrual}
        for line_id, accrual in due.accruals.items()
    ]
    return {"due": due, "parts": parts}


def _name(row: LineRow | None) -> str:
    """What accrued on: the line, or all that is overdue together."""
    if row is None:
        return _("All that is overdue")
    return capfirst(account_parts.called(row))
