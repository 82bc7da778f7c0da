"""The forms that move a paper: one template, and for each verb the fields it asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tahsil.actions import discounting, presenting, replacing, returning
from tahsil.actions import instruments as acts
from tahsil.actions._verb import Done
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import instrument_page, rules
from tahsil.queries.instrument_page import InstrumentPage
from tahsil.web import account_parts, asked, describing, entry, sentences, verbs
from tahsil.web.accounts import form_facts, page_of
from tahsil.web.entry import Entry
from tahsil.web.pages import view

ON_SLIP = ("capture", "deposit", "represent")  # done elsewhere: on an account, on a slip
PLAIN = ("document", "effective_on")
BOUNCED = ("reason", "said", "memo", "effective_on", "charge_minor")
FIELDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(acts.MOVES, PLAIN),
    "verify": ("checklist", "place"),
    "reject": ("defect", "document"),
    "hold": ("until_on", "why"),
    "resume": (),
    "lapse": (),
    "replace": ("instruments", "receipts"),
    "substitute": ("instruments", "receipts"),
    "settle": ("receipts",),
    "hand_back": PLAIN,
    "clear": ("value_on", "reference", "charge_minor"),
    "pay_in_part": ("amount_minor", "certificate", "value_on"),
    "bounce": (*BOUNCED, "is_original_here"),
    "bounce_late": BOUNCED,
    "bounce_discounted": BOUNCED,
    "take_back_clearing": ("document",),
    "discount": ("facility", "document", "proceeds_minor", "cost_minor", "effective_on"),
}
VERBS: dict[str, Callable[..., Any]] = {
    **acts.MOVES,
    **{name: getattr(acts, name) for name in ("verify", "reject")},
    **{name: getattr(replacing, name) for name in (
        "hold", "resume", "lapse", "replace", "substitute", "settle",
        "hand_back",
    )},
    "discount": discounting.discount,
    **{name: getattr(presenting, name) for name in ("clear", "pay_in_part")},
    **{name: getattr(returning, name) for name in (
        "bounce", "bounce_late", "bounce_discounted", "take_back_clearing",
    )},
}  # fmt: skip
GRAVE = ("bounce", "bounce_late", "bounce_discounted", "lose", "lapse", "reject", "endorse")


@view
def moves(request: HttpRequest, instrument_id: int, move: str) -> HttpResponse:
    """The form of one move of a paper, and the move."""
    if move not in FIELDS:
        raise Refused("verb.unknown", "There is no move {verb} of papers.", verb=move)
    name = f"instrument.{move}"
    asked.need(request, name)
    today = request.today  # type: ignore[attr-defined]
    found = instrument_page.instrument(asked.standing(request), instrument_id, as_of=today)
    given = Entry(request)
    if request.method == "POST":
        params = _read(given, FIELDS[move], found)
        answer = entry.done(
            request,
            given,
            lambda: VERBS[move](
                entry.context(request, name),
                account_id=found.row.account_id,
                instrument_id=instrument_id,
                **params,
            ),
            said=lambda done: _said(done, request),
            to=f"/instruments/{instrument_id}",
        )
        if answer:
            return answer
    facts = {
        "title": verbs.label(name),
        "row": found.row,
        "fields": [_field(each, given, found, request) for each in FIELDS[move]],
        "action": f"/instruments/{instrument_id}/{move}",
        "next": f"/instruments/{instrument_id}",
        "button": verbs.label(name),
        "is_grave": move in GRAVE,
    }
    return entry.form(request, "instruments/move.html", given, facts)


@view
def captures(request: HttpRequest, account_id: int) -> HttpResponse:
    """The form that takes papers in from a debtor: one, or a series along the schedule."""
    found, given = page_of(request, account_id), Entry(request)
    currency = found.header.currency
    if request.method == "POST":
        count = given.whole("count") or 1
        params: dict[str, Any] = {
            "contract_id": given.whole("contract_id"),
            "number": given.text("number", needed=True),
            "bank": given.text("bank", needed=True),
            **{name: given.text(name) for name in ("branch", "drawn_on", "drawer",
                                                   "drawer_relation", "temporary_receipt")},
        }  # fmt: skip
        face = describing.read(given)
        if count > 1:
            act, params = acts.capture_series, {**params, "count": count}
        else:
            act = acts.capture
            params |= {
                "amount_minor": given.amount("amount", currency),
                "matures_on": given.day("matures_on"),
                "received_on": given.day("received_on", needed=False),
                "instead_of": given.whole("instead_of"),
                "kind": given.text("kind") or "cheque",
                "rule": given.text("rule") or "any",
                "payee": given.text("payee"),
                "note": given.text("note"),
            }
        answer = entry.done(
            request,
            given,
            lambda: describing.after(
                request,
                account_id,
                face,
                act(entry.context(request, "instrument.capture"), account_id=account_id, **params),
            ),
            said=lambda done: _("Taken in. It covers its lines once it is verified."),
            to=f"/accounts/{account_id}",
        )
        if answer:
            return answer
    facts = form_facts(found, "instruments", _("Cheque"), _("Take in"))
    facts["contracts_known"] = [
        ("", _("Any")), *((card.id, card.number) for card in found.contracts)
    ]  # fmt: skip
    facts["instead_of"] = asked.whole(request, "instead_of") or ""
    facts["replaceable"] = [("", _("None")), *instrument_page.replaceable(found.header.id)]
    facts |= describing.choices()
    return entry.form(request, "instruments/capture.html", given, facts)


def _read(given: Entry, fields: tuple[str, ...], found: InstrumentPage) -> dict[str, Any]:
    currency = found.row.currency
    params: dict[str, Any] = {}
    for name in fields:
        if name == "reason":
            params[name] = given.text(name) or given.text("said")
            if not params[name]:
                given.faults[name] = _("This is needed.")
        elif name == "said":
            continue
        elif name == "checklist":
            params[name] = dict.fromkeys(given.given.getlist("checklist"), True)
        elif name in ("instruments", "receipts"):
            params[name] = [int(each) for each in given.given.getlist(name) if each.isdigit()]
        elif name == "is_original_here":
            params[name] = given.is_ticked(name)
        elif name in ("charge_minor", "cost_minor"):
            params[name] = given.amount(name, currency, needed=False, may_be_zero=True)
        elif name in ("amount_minor", "proceeds_minor"):
            params[name] = given.amount(name, currency)
        elif name.endswith("_on"):
            params[name] = given.day(name)
        else:
            params["reason" if name == "why" else name] = given.text(name, needed=name != "place")
    return params


def _said(done: Done, request: HttpRequest) -> str:
    """What a paper is now, and of a returned one how the bank's reason was read."""
    told = {"number": done.facts["number"], "state": account_parts.words(done.facts["state"])}
    labels = rules.read(request.today).labels("returns")  # type: ignore[attr-defined]
    if why := labels.get(done.facts.get("reason", "")):
        return _("{number} is {state} now: {why}.").format(why=sentences.label_text(why), **told)
    return _("{number} is {state} now.").format(**told)


def _field(name: str, given: Entry, found: InstrumentPage, request: HttpRequest) -> dict[str, Any]:
    """One field as the template draws it."""
    today = request.today  # type: ignore[attr-defined]
    made: dict[str, Any] = {
        "name": name, "label": LABELS[name](), "kind": "text", "value": given.text(name),
        "fault": given.faults.get(name),
        "optional": name in ("place", "charge_minor", "cost_minor"),
    }  # fmt: skip
    if name.endswith("_on"):
        first = "" if name == "until_on" else today.isoformat()
        made |= {"kind": "date", "value": made["value"] or first}
    elif name.endswith("_minor"):
        made |= {"kind": "money", "unit": found.row.currency}
    elif name == "checklist":
        made |= {"kind": "ticks", "options": _codes("checks", request), "all": True,
                 "values": given.given.getlist(name)}  # fmt: skip
    elif name == "defect":
        made |= {"kind": "select", "options": _codes("checks", request)}
    elif name == "reason":
        made |= {"kind": "select", "optional": True,
                 "options": [("", _("As the bank says")), *_codes("returns", request)]}  # fmt: skip
    elif name == "said":
        made |= {"kind": "read", "url": f"/instruments/{found.row.instrument_id}/reading"}
    elif name == "instruments":
        made |= {"kind": "ticks", "options": instrument_page.others(found), "optional": True,
                 "values": given.given.getlist(name)}  # fmt: skip
    elif name == "receipts":
        made |= {"kind": "ticks", "options": instrument_page.money_since(found), "optional": True,
                 "values": given.given.getlist(name)}  # fmt: skip
    elif name == "is_original_here":
        made |= {"kind": "ticks", "options": [("yes", _("The original is back here"))],
                 "values": ["yes"]}  # fmt: skip
    elif name == "place":
        made["value"] = made["value"] or found.row.place or "safe"
    return made


def _codes(name: str, request: HttpRequest) -> list[tuple[str, str]]:
    in_force = rules.read(request.today)  # type: ignore[attr-defined]
    return account_parts.coded(name, in_force)


LABELS: dict[str, Callable[[], str]] = {
    "document": lambda: _("Document"),
    "facility": lambda: _("Facility"),
    "proceeds_minor": lambda: _("What the bank paid"),
    "cost_minor": lambda: _("What it kept as cost"),
    "effective_on": lambda: _("On"),
    "checklist": lambda: _("Looked at and found right"),
    "place": lambda: _("Where it lies"),
    "defect": lambda: _("What is wrong"),
    "until_on": lambda: _("Present it on"),
    "why": lambda: _("Reason"),
    "instruments": lambda: _("Papers that take its place"),
    "receipts": lambda: _("Money that came instead"),
    "value_on": lambda: _("Value date"),
    "reference": lambda: _("Reference of the bank"),
    "charge_minor": lambda: _("Charge of the bank"),
    "amount_minor": lambda: _("Paid by the bank"),
    "certificate": lambda: _("Certificate"),
    "reason": lambda: _("Reason of the bank"),
    "said": lambda: _("Code or wording of the bank"),
    "memo": lambda: _("Return memo"),
    "is_original_here": lambda: _("Original"),
}
