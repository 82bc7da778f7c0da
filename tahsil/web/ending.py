"""The end of a contract: what it comes to, asked for with a document; how it ended, taken back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tahsil.actions import ending as acts
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import endings as read
from tahsil.queries import rules
from tahsil.queries.cards import AccountPage
from tahsil.web import account_parts, asked, entry, fields
from tahsil.web.accounts import form_facts, opened, page_of, posted
from tahsil.web.entry import Entry
from tahsil.web.pages import view

SETTLEMENTS = {
    "": lambda: _("As the policy says"),
    "unwind": lambda: _("Everything falls away, what was paid is settled"),
    "open": lambda: _("What is unpaid falls away, what is paid stays paid"),
    "future": lambda: _("Only what is not due yet falls away"),
}
PPM_OF_PERCENT = 10_000


@view
def endings(request: HttpRequest, account_id: int, contract_id: int) -> HttpResponse:
    """How a contract ended; of one that has not, the form that ends it, and the ending."""
    contract = read.contract_of(account_id, contract_id)
    if request.method != "POST" and (how := read.ended(contract)):
        return _ended(request, page_of(request, account_id), contract, how)
    if request.method != "POST":
        read.check_status(contract)
    verb = read.TERMINATE
    found, given = opened(request, account_id, verb)
    wanted = _wanted(request, found, given)
    if request.method == "POST":
        act = partial(
            acts.terminate,
            contract_id=contract_id,
            reason=given.text("reason", needed=True),
            document=given.text("document", needed=True),
            ended_on=wanted.on,
            settlement=wanted.settlement,
            charge_minor=wanted.charge_minor,
            done_ppm=wanted.done_ppm,
        )
        said = _("The contract has ended.")
        answer = posted(request, given, account_id=account_id, verb=verb, act=act, said=said)
        if answer:
            return answer
    noun = f"contracts/{contract_id}/endings"
    facts = form_facts(found, noun, _("End contract {number}").format(number=contract.number),
                       _("Ask for the ending"))  # fmt: skip
    facts |= _proposal(request, account_id, contract_id, wanted)
    facts |= {"inputs": _inputs(given, found, facts["ending"], wanted), "is_wide": True,
              "is_grave": True, "contract_id": contract_id}  # fmt: skip
    return entry.form(request, "endings/form.html", given, facts)


@view
def previews(request: HttpRequest, account_id: int, contract_id: int) -> HttpResponse:
    """What the end of the contract comes to as the form stands."""
    found, given = opened(request, account_id, read.TERMINATE)
    wanted = _wanted(request, found, given)
    facts = _proposal(request, account_id, contract_id, wanted)
    return render(request, "endings/_proposal.html", {**facts, "currency": found.header.currency})


@view
def reinstatements(request: HttpRequest, account_id: int, contract_id: int) -> HttpResponse:
    """The form that takes an ended contract up again, and the taking up."""
    verb = read.REINSTATE
    found, given = opened(request, account_id, verb)
    if request.method == "POST":
        act = partial(
            acts.reinstate,
            contract_id=contract_id,
            reason=given.text("reason", needed=True),
            document=given.text("document", needed=True),
        )
        said = _("The contract is in force again.")
        answer = posted(request, given, account_id=account_id, verb=verb, act=act, said=said)
        if answer:
            return answer
    title = _("Take the contract up again")
    facts = form_facts(found, f"contracts/{contract_id}/reinstatements", title, title)
    facts["inputs"] = [
        fields.field("reason", _("Reason"), given, whole=True),
        fields.field("document", _("Signed paper"), given, whole=True),
    ]
    return entry.form(request, "endings/reinstate.html", given, facts)


def _ended(
    request: HttpRequest, found: AccountPage, contract: Any, how: read.Ended
) -> HttpResponse:
    """How it ended: money, papers that are still out, what can be done now."""
    labels = dict(account_parts.coded("endings", rules.read(asked.as_of(request))))
    ids = [row.id for row in contract.obligations.all()]
    today = request.today  # type: ignore[attr-defined]
    facts = {
        "layout": asked.layout(request),
        "is_sheet": bool(request.headers.get("HX-Request")),
        "account": found.header,
        "currency": found.header.currency,
        "how": how,
        "reason": labels.get(how.reason, how.reason),
        "papers": read.papers(contract, ids),
        "number": contract.number,
        "home": f"/accounts/{found.header.id}",
        "contract_id": contract.id,
        "may_refund": found.verbs["refund.ask"].is_allowed,
        "may_reinstate": found.verbs[read.REINSTATE].is_allowed and today <= how.until_on,
    }
    return render(request, "endings/ended.html", facts)


def _wanted(request: HttpRequest, found: AccountPage, given: Entry) -> read.Asked:
    """What the form asks for; an empty amount or share leaves it to the policy."""
    today = request.today  # type: ignore[attr-defined]
    currency = found.header.currency
    charge = given.amount("charge", currency, needed=False, may_be_zero=True)
    done = given.whole("done")
    return read.Asked(
        given.day("ended_on", needed=False) or today,
        given.text("settlement"),
        charge if given.text("charge") else None,
        None if done is None else done * PPM_OF_PERCENT,
    )


def _proposal(
    request: HttpRequest, account_id: int, contract_id: int, wanted: read.Asked
) -> dict[str, Any]:
    try:
        made = read.read(asked.standing(request), account_id, contract_id, wanted)
    except Refused as refused:
        return {"ending": None, "wrong": refused}
    return {"ending": made, "wrong": None}


def _inputs(
    given: Entry, found: AccountPage, ending: read.Ending | None, wanted: read.Asked
) -> list[dict[str, Any]]:
    reasons = [("", _("Choose")), *account_parts.coded("endings", rules.read(found.as_of))]
    ways = [(code, label()) for code, label in SETTLEMENTS.items()]
    made = [
        fields.field("reason", _("Why it ends"), given, kind="select", options=reasons),
        fields.field("ended_on", _("Ends on"), given, kind="date", value=wanted.on.isoformat()),
        fields.field("document", _("Signed paper"), given,
                     hint=_("Number of the deed, notice or request.")),
        fields.field("settlement", _("What falls away"), given, kind="select", options=ways,
                     optional=True),
        fields.field("charge", _("What we keep"), given, kind="money", optional=True,
                     unit=found.header.currency, hint=_("Empty: the policy's share.")),
    ]  # fmt: skip
    if ending is None or ending.terms.ceilings:
        made.append(
            fields.field("done", _("How far the work is, in per cent"), given, kind="number",
                         optional=True, hint=_("The most that may be kept depends on it."))
        )  # fmt: skip
    return made
