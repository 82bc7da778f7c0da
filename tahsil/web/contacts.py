"""Attempts through the tree of dispositions, and the ways to reach the parties of an account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tahsil.actions import contact, parties
from tahsil.actions import promises as promise_acts
from tahsil.actions._verb import Done, Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import rules
from tahsil.queries.cards import AccountPage
from tahsil.queries.rules import Rules
from tahsil.web import account_parts, asked, entry, pages, promises, sentences, worklist
from tahsil.web.accounts import form_facts, page_of
from tahsil.web.entry import Entry
from tahsil.web.pages import view

CHANNELS = {
    "call": lambda: _("Call"),
    "whatsapp": lambda: _("WhatsApp"),
    "sms": lambda: _("SMS"),
    "email": lambda: _("E-mail"),
    "visit": lambda: _("Visit"),
    "office": lambda: _("At the office"),
    "letter": lambda: _("Letter"),
}
POINTS = ("phone", "email", "address")
REACHED = {
    "A": lambda: _("Nobody"),
    "B": lambda: _("Somebody else"),
    "C": lambda: _("The debtor, who pays"),
    "D": lambda: _("The debtor, who asks"),
    "E": lambda: _("The debtor, who refuses"),
    "F": lambda: _("No contact meant"),
}


@view
def attempts(request: HttpRequest, account_id: int) -> HttpResponse:
    """The tree of an attempt: by what, who was reached, what came of it, what happens next."""
    found, given = page_of(request, account_id), Entry(request)
    in_force = rules.read(asked.as_of(request))
    chosen = _chosen(given, in_force)
    if request.method == "POST" and (answer := _logged(request, found, given, chosen)):
        return answer
    facts = form_facts(found, "attempts", _("Log an attempt"), _("Record"))
    facts |= _tree(given, in_force, chosen) | _usual(request, given, chosen)
    facts |= {
        "people": [(party.id, party.name) for party in found.parties],
        "points": _points(found),
        "instruments": promises.instruments(),
        "is_wide": True,
        "reasons": [("", _("Choose")), *account_parts.coded("reasons", in_force)],
        "steps": account_parts.coded("next_steps", in_force),
        "to_pay": sentences.money_text(found.to_pay.total_minor, found.header.currency, code=False),
    }
    return entry.form(request, "contacts/attempt.html", given, facts)


@view
def points(request: HttpRequest, account_id: int) -> HttpResponse:
    """The form for a new way to reach a party, and its recording."""
    found, given = page_of(request, account_id), Entry(request)
    if request.method == "POST":
        params = {
            "party_id": given.whole("party_id") or 0,
            "channel": given.text("channel", needed=True),
            "value": given.text("value", needed=True),
            "source": given.text("source"),
        }
        answer = entry.done(
            request,
            given,
            lambda: parties.add_contact(
                entry.context(request, "party.add_contact"), account_id=account_id, **params
            ),
            said=lambda done: _("It is recorded."),
            to=f"/accounts/{account_id}",
        )
        if answer:
            return answer
    facts = form_facts(found, "contact-points", _("Add a contact"), _("Add"))
    facts["people"] = [(party.id, party.name) for party in found.parties]
    facts["channels"] = [(code, account_parts.words(code).capitalize()) for code in POINTS]
    return entry.form(request, "contacts/point.html", given, facts)


@require_POST
@view
def wrong_points(request: HttpRequest, account_id: int) -> HttpResponse:
    """Marks a contact point as wrong, or as right after all."""
    given = Entry(request)
    return pages.acting(
        request,
        "party.mark_wrong",
        lambda context: parties.mark_wrong(
            context,
            account_id=account_id,
            contact_point_id=given.whole("contact_point_id") or 0,
            is_wrong=not given.is_ticked("is_right"),
        ),
        said=_("It is recorded."),
        to=f"/accounts/{account_id}",
    )


def _logged(
    request: HttpRequest, found: AccountPage, given: Entry, chosen: dict[str, Any]
) -> HttpResponse | None:
    """Logs the attempt, with the promise its result needs, all or nothing; none if refused."""
    params, needs = _read(given, chosen), chosen.get("requires", [])
    usual = _usual(request, given, chosen)
    params["next_step"] = given.text("next_step") or usual["usual_step"]
    params["next_step_on"] = given.day("next_step_on", needed=False) or usual["usual_on"]
    takes_promise = "promise" in needs and (found.promises.open is None or given.text("amount"))
    promise = promises.read(given, found.header.currency) if takes_promise else None

    def acts() -> Any:
        if promise:
            made = promise_acts.make(
                entry.context(request, "promise.make"), account_id=found.header.id, **promise
            )
            _refuse_waiting(made)
        return contact.log_attempt(
            entry.context(request, "contact.log"), account_id=found.header.id, **params
        )

    home = f"/accounts/{found.header.id}"
    to = worklist.next_link(request, found.header.id) if given.text("then") == "next" else home
    return entry.done(request, given, acts, said=lambda done: _said(found, done), to=to)


def _refuse_waiting(made: Any) -> None:
    """A promise that needs somebody's yes cannot be part of an attempt: it is no promise yet."""
    if isinstance(made, Waiting):
        raise Refused(
            "attempt.promise_waits",
            "This promise needs somebody's yes. Ask for it with Promise, and log the attempt "
            "with another result.",
        )


def _said(found: AccountPage, done: Done) -> str:
    text = _("Attempt on {name} logged.")
    return text.format(name=found.header.name)


def _read(given: Entry, chosen: dict[str, Any]) -> dict[str, Any]:
    """The details of the attempt; a result must be chosen, a reason and an hour where needed."""
    needs = chosen.get("requires", [])
    return {
        "channel": given.text("channel", needed=True),
        "disposition": given.text("disposition", needed=True),
        "contact_point_id": given.whole("contact_point_id"),
        "party_id": given.whole("party_id"),
        "is_inbound": given.is_ticked("is_inbound"),
        "reason": given.text("reason", needed="reason" in needs),
        "note": given.text("note"),
        "next_step_at": given.hour("next_step_at"),
    }


def _chosen(given: Entry, in_force: Rules) -> dict[str, Any]:
    """The result chosen so far with what the code list says of it; empty before."""
    code = given.text("disposition")
    known = [*in_force.values("dispositions"), *in_force.values("visits")]
    return next((each for each in known if each["code"] == code), {}) if code else {}


def _tree(given: Entry, in_force: Rules, chosen: dict[str, Any]) -> dict[str, Any]:
    """Branches with their results; the branch of the chosen result is open."""
    items = in_force.values("dispositions")
    branches = [
        {
            "code": branch["code"],
            "label": _branch_name(branch),
            "items": [_result(each) for each in items if each["branch"] == branch["code"]],
        }
        for branch in in_force.values("dispositions", "branches")
    ]
    return {
        "channels": [(code, label()) for code, label in CHANNELS.items()],
        "channel": given.text("channel") or "call",
        "branches": branches,
        "visits": [_result(each) for each in in_force.values("visits")],
        "branch": given.text("branch") or chosen.get("branch", ""),
        "chosen": chosen,
        "needs": chosen.get("requires", []),
    }


def _branch_name(branch: dict[str, Any]) -> str:
    known = REACHED.get(branch["code"])
    return known() if known else sentences.label_text(branch["label"], branch["code"])


def _result(item: dict[str, Any]) -> dict[str, Any]:
    label = sentences.label_text(item["label"], item["code"])
    return {"code": item["code"], "label": label, "channels": "|".join(item.get("channels", ()))}


def _usual(request: HttpRequest, given: Entry, chosen: dict[str, Any]) -> dict[str, Any]:
    """What usually happens next after the result, and when; a promise is waited for."""
    usual = chosen.get("next", {})
    today = request.today  # type: ignore[attr-defined]
    on = today + timedelta(days=usual.get("days", 1))
    step = usual.get("step", "")
    promised = given.text("promised_on")
    return {
        "usual_step": step,
        "usual_on": None if step == "none" else on,
        "next_on": given.text("next_step_on") or on.isoformat(),
        "promised_on": promised or on.isoformat(),
    }


def _points(found: AccountPage) -> list[tuple[Any, str]]:
    """The contact points to choose from, wrong ones left out."""
    return [
        (point.id, _point_name(point.value, party.name if len(found.parties) > 1 else ""))
        for party in found.parties
        for point in party.points
        if not point.is_wrong
    ]


def _point_name(value: str, whose: str) -> str:
    """A number in a list to choose from, held left to right, and whose it is."""
    isolated = f"\u2066{value}\u2069" if value[:1] in "+0123456789" else value
    return f"{isolated} · {whose}" if whose else isolated
