"""The matching screen: the lines on one side, the answers for one of them on the other.

Made for the keyboard: j and k move, 1 to 3 choose an answer, Enter confirms it, s sets the line
aside, u takes a match back, / looks for another account. Money is split by adding accounts.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tahsil.actions import bank as bank_acts
from tahsil.actions import matching as acts
from tahsil.core.grammar.money import decimal_text
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import account as accounts
from tahsil.queries import bank as read
from tahsil.queries import bank_line, rules, search
from tahsil.queries.bank import LineFilters, LineRow, Lines
from tahsil.queries.bank_line import LinePage
from tahsil.web import account_parts, asked, entry
from tahsil.web.bank import tabs
from tahsil.web.entry import Entry
from tahsil.web.pages import view

VIEWS = {
    "open": lambda: _("Open"),
    "suspended": lambda: _("In suspense"),
    "matched": lambda: _("Matched"),
    "explained": lambda: _("Explained"),
    "pending": lambda: _("Announced"),
    "all": lambda: _("All"),
}
KEYS = 3  # answers that have a key of their own
FOUND = 6


@view
def lines(request: HttpRequest) -> HttpResponse:
    """The lines of a view, and beside them the answers for the one chosen."""
    asked.need(request, read.READ)
    filters = _filters(request)
    found = read.lines(
        asked.standing(request), as_of=asked.as_of(request), filters=filters,
        page=asked.page(request),
    )  # fmt: skip
    chosen = _chosen(found, asked.whole(request, "line"))
    facts: dict[str, Any] = {
        "list": found, "rows": _with_next(found), "chosen": chosen,
        "tabs": _views(request, found), "places": tabs(_here(filters)),
        "filters": _fields(request, filters), "pager": asked.pager(request, found.page),
        "view": filters.view,
    }  # fmt: skip
    if chosen:
        facts |= _panel(request, chosen, _next_of(found, chosen))
    return render(request, "bank/lines.html", facts)


@view
def line(request: HttpRequest, line_id: int) -> HttpResponse:
    """The answers for one line: the panel, or a page of its own."""
    facts = _panel(request, line_id, asked.text(request, "after"))
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, "bank/_panel.html" if is_part else "bank/line.html", facts)


@require_POST
@view
def matches(request: HttpRequest, line_id: int) -> HttpResponse:
    """Confirms what the line is: an answer, the parts given by hand, a cheque, or a purpose."""
    page = _page(request, line_id)
    given = Entry(request)
    try:
        params = _params(request, page, given)
    except Refused as refused:
        given.refused, params = refused, {}
    answer = None
    if not given.refused:
        answer = entry.done(
            request,
            given,
            lambda: acts.match(entry.context(request, "bank.match"), line_id=line_id, **params),
            said=_said,
            to=_next(request),
        )
    if answer:
        return answer
    facts = _panel(request, line_id, given.text("after"))
    facts |= {"refused": given.refused, "faults": given.faults}
    is_part = bool(request.headers.get("HX-Request"))
    template = "bank/_panel.html" if is_part else "bank/line.html"
    return render(request, template, facts, status=200 if is_part else 422)


@view
def suspensions(request: HttpRequest, line_id: int) -> HttpResponse:
    """The form that sets a line aside for somebody."""
    page, given = _page(request, line_id), Entry(request)
    if request.method == "POST":
        params = {
            "owner_id": given.whole("owner_id") or 0,
            "reason": given.text("reason", needed=True),
        }
        answer = entry.done(
            request,
            given,
            lambda: bank_acts.suspend(
                entry.context(request, "bank.suspend"), line_id=line_id, **params
            ),
            said=lambda done: _("It is in suspense, owned by {owner}.").format(**done.facts),
            to=_next(request),
        )
        if answer:
            return answer
    facts = {
        "title": _("Set aside in suspense"), "button": _("Set aside"), "row": page.row,
        "action": f"/bank/lines/{line_id}/suspensions", "owners": bank_line.owners(),
        "owner": given.whole("owner_id") or asked.standing(request).actor_id,
        "next": given.text("next"),
    }  # fmt: skip
    return entry.form(request, "bank/suspend.html", given, facts)


@view
def undos(request: HttpRequest, line_id: int) -> HttpResponse:
    """The form that asks why a match is taken back, and the taking back."""
    page, given = _page(request, line_id), Entry(request)
    if request.method == "POST":
        reason = given.text("reason", needed=True)
        answer = entry.done(
            request,
            given,
            lambda: bank_acts.unmatch(
                entry.context(request, "bank.unmatch"), line_id=line_id, reason=reason
            ),
            said=lambda done: _("Taken back. The line is open again."),
            to=f"/bank/lines?line={line_id}",
        )
        if answer:
            return answer
    facts = {
        "title": _("Take the match back"), "button": _("Take it back"), "row": page.row,
        "page": page, "action": f"/bank/lines/{line_id}/undos", "next": given.text("next"),
    }  # fmt: skip
    return entry.form(request, "bank/undo.html", given, facts)


@view
def found_accounts(request: HttpRequest, line_id: int) -> HttpResponse:
    """The accounts a search finds, to add one to the line."""
    page = _page(request, line_id)
    q = asked.text(request, "q")
    hits = search.search(asked.standing(request), q, as_of=asked.as_of(request), limit=FOUND).hits
    mine = [hit for hit in hits if hit.currency == page.row.currency] if q else []
    return render(request, "bank/_found.html", {"hits": mine, "q": q, "line_id": line_id})


@view
def parts(request: HttpRequest, line_id: int, account_id: int) -> HttpResponse:
    """One account with its open obligations, as a part of the form of a line."""
    page = _page(request, line_id)
    found = accounts.page(
        asked.standing(request), account_id, as_of=asked.as_of(request),
        now=request.now,  # type: ignore[attr-defined]
    )  # fmt: skip
    facts = {
        "account": found.header,
        "account_id": account_id,
        "items": bank_line.open_items(account_id, as_of=asked.as_of(request)),
        "rest": _rest(request, page),
        "row": page.row,
    }
    return render(request, "bank/_part.html", facts)


def _params(request: HttpRequest, page: LinePage, given: Entry) -> dict[str, Any]:
    """What the form says of the line, as `bank.match` takes it."""
    what = given.text("what") or "answer"
    if what == "cheque":
        return {"instrument_id": page.cheque_id, "return_reason": given.text("return_reason")}
    if what == "purpose":
        return {"purpose": given.text("purpose"), "reason": given.text("reason", needed=True)}
    if what == "receipts":
        chosen = [int(key) for key in request.POST.getlist("receipt") if key.isdigit()]
        return {"parts": [{"receipt_id": key} for key in chosen]}
    is_other = {"confirm": given.is_ticked("confirm")}  # the receipts recorded before were shown
    if what == "parts":
        return {"parts": _parts(request.POST, given, page.row.currency), **is_other}
    at = given.whole("answer")
    if at is None or at >= len(page.answers):
        raise Refused("bank.no_answer", "No answer was chosen. Choose one, or look for an account.")
    return {"parts": bank_line.parts_of(page, page.answers[at]), **is_other}


def _parts(posted: QueryDict, given: Entry, currency: str) -> list[dict[str, Any]]:
    """Each account added, with its amount and what it is said to pay."""
    found = []
    for account_id in posted.getlist("account"):
        said = [name for name in posted if name.startswith(f"o-{account_id}-")]
        pays = [
            [int(name.rpartition("-")[2]), minor]
            for name in said
            if (minor := given.amount(name, currency, needed=False))
        ]
        amount = given.amount(f"a-{account_id}", currency, needed=not pays)
        amount = amount or sum(minor for _key, minor in pays)
        if account_id.isdigit() and amount:
            found.append(
                {"account_id": int(account_id), "amount_minor": amount, "allocations": pays}
            )
    return found


def _rest(request: HttpRequest, page: LinePage) -> str:
    """What the parts added before leave of the line, as one types it; nothing if nothing."""
    given, currency = Entry(request), page.row.currency
    before = sum(
        given.amount(name, currency, needed=False) for name in request.GET if name.startswith("a-")
    )
    left = page.row.amount_minor - before
    return decimal_text(left, currency, grouped=False) if left > 0 else ""


def _panel(request: HttpRequest, line_id: int, after: Any) -> dict[str, Any]:
    page = _page(request, line_id)
    is_today = asked.as_of(request) == request.today  # type: ignore[attr-defined]
    state = page.row.state
    return {
        "page": page,
        "row": page.row,
        "after": after or "",
        "answers": list(enumerate(page.answers)),
        "keys": KEYS,
        "may_match": is_today and state in read.WAITING and asked.may(request, "bank.match"),
        "may_suspend": is_today and state in read.WAITING and asked.may(request, "bank.suspend"),
        "may_undo": is_today
        and state in ("matched", "explained", "suspended")
        and asked.may(request, "bank.unmatch"),
        "purposes": [(code, account_parts.words(code)) for code in acts.PURPOSES],
        "reasons": _reasons(request) if page.cheque_id else [],
    }


def _page(request: HttpRequest, line_id: int) -> LinePage:
    asked.need(request, read.READ)
    return bank_line.line(asked.standing(request), line_id, as_of=asked.as_of(request))


def _reasons(request: HttpRequest) -> list[tuple[str, str]]:
    in_force = rules.read(request.today)  # type: ignore[attr-defined]
    return account_parts.coded("returns", in_force)


def _said(done: Any) -> str:
    if done.facts.get("linked"):
        return _("The line is matched with what was recorded before.")
    if numbers := done.facts.get("receipts"):
        return _("Receipt {numbers} is recorded.").format(numbers=", ".join(numbers))
    return _("The line is explained.")


def _next(request: HttpRequest) -> str:
    after = request.POST.get("after", "")
    return f"/bank/lines?line={after}" if after.isdigit() else "/bank/lines"


def _here(filters: LineFilters) -> str:
    return "/bank/lines?view=suspended" if filters.view == "suspended" else "/bank/lines"


def _chosen(found: Lines, wanted: int | None) -> int | None:
    """The line asked for where it is on the page, else the first of it."""
    ids = [row.line_id for row in found.page.rows]
    if wanted in ids:
        return wanted
    return ids[0] if ids else None


def _with_next(found: Lines) -> list[tuple[LineRow, int | str]]:
    """Each line with the one to go to once it is done: the next, or the one before the last."""
    shown = found.page.rows
    ids: list[int | str] = [row.line_id for row in shown]
    after = [*ids[1:], ids[-2] if len(ids) > 1 else ""]
    return list(zip(shown, after, strict=bool(ids)))


def _next_of(found: Lines, chosen: int) -> int | str:
    return next(after for row, after in _with_next(found) if row.line_id == chosen)


def _filters(request: HttpRequest) -> LineFilters:
    return LineFilters(
        view=asked.choice(request, "view", VIEWS, "open"),
        bank_account=asked.whole(request, "bank_account"),
        statement=asked.whole(request, "statement"),
        q=asked.text(request, "q"),
    )


def _views(request: HttpRequest, found: Lines) -> list[dict[str, Any]]:
    return [
        {"url": asked.url(request, view=code, line=None), "label": label(),
         "active": code == found.filters.view, "count": found.counts.get(code)}
        for code, label in VIEWS.items()
    ]  # fmt: skip


def _fields(request: HttpRequest, wanted: LineFilters) -> list[dict[str, Any]]:
    ours = read.bank_accounts(asked.standing(request))
    options = [("", _("All")), *((key, label) for key, _code, label in ours)]
    return [
        {"name": "bank_account", "label": _("Bank account"), "kind": "select",
         "options": options, "value": wanted.bank_account or ""},
        {"name": "q", "label": _("Payer, text or reference"), "kind": "search", "value": wanted.q},
    ]  # fmt: skip
