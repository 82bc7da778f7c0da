"""The account page, the list of accounts, and what is done to an account as a whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tahsil.actions import accounts as acts
from tahsil.actions import parties as party_acts
from tahsil.adapters.documents import Amount, Document, Table
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import account as accounts_read
from tahsil.queries import deviations, people, rules
from tahsil.queries import worklist as lists
from tahsil.queries.cards import AccountPage
from tahsil.queries.paging import COUNTED
from tahsil.queries.worklist import Worklist, WorklistLine
from tahsil.web import (
    account_parts,
    asked,
    entry,
    exports,
    own_names,
    pages,
    sentences,
    verbs,
    worklist,
)
from tahsil.web.entry import Entry
from tahsil.web.pages import view


@view
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account this person may read, narrowed and sorted; as a workbook if asked."""
    asked.need(request, "account.read")
    is_export = exports.is_asked(request)
    found = lists.worklist(
        asked.standing(request),
        as_of=asked.as_of(request),
        now=request.now,  # type: ignore[attr-defined]
        filters=worklist.filters_of(request, is_whole=True),
        page=1 if is_export else asked.page(request),
        size=COUNTED if is_export else lists.SIZE,
    )
    if is_export:
        return exports.answer(request, _document(request, found), "accounts")
    facts = {
        "list": found,
        "filters": worklist.filter_fields(request, found),
        "pager": asked.pager(request, found.page),
        "is_narrowed": bool(set(request.GET) - {"page", "as_of", "sort"}),
        "may_export": asked.may(request, "list.export"),
        "may_import": asked.may(request, "import.stage"),
        "export_url": asked.url(request, format="xlsx"),
    }
    return render(request, "accounts/list.html", facts)


@view
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Everything about one account as of the date looked at."""
    return _shown(request, page_of(request, account_id))


def _shown(request: HttpRequest, found: AccountPage) -> HttpResponse:
    kinds = deviations.kinds_of_lines(found.header.id, as_of=found.as_of)
    today = request.today  # type: ignore[attr-defined]
    facts = account_parts.shown(found, today=today, deviations=kinds)
    header = found.header
    facts |= {
        "next_url": worklist.next_link(request, header.id),
        "takes_lock": header.collector_id == asked.standing(request).actor_id
        and not header.locked_by
        and facts["may"].get("account_lock", False)
        and facts["is_today"],
    }
    return render(request, "accounts/page.html", facts)


def page_of(request: HttpRequest, account_id: int) -> AccountPage:
    """The account as of the date looked at; refused where this person may not read it."""
    return accounts_read.page(
        asked.standing(request),
        account_id,
        as_of=asked.as_of(request),
        now=request.now,  # type: ignore[attr-defined]
    )


def opened(request: HttpRequest, account_id: int, verb: str) -> tuple[AccountPage, Entry]:
    """The account as it stands today and its form as sent; whoever may not act sees no form."""
    found = accounts_read.page(
        asked.standing(request),
        account_id,
        as_of=request.today,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
    )
    answer = found.verbs[verb]
    if request.method != "POST" and not answer.is_allowed:
        reason = answer.reasons[0]
        raise Refused(reason.code, reason.template, **reason.facts)
    return found, Entry(request)


def posted(
    request: HttpRequest, given: Entry, *, account_id: int, verb: str, act: Callable[..., Any],
    said: str,
) -> HttpResponse | None:  # fmt: skip
    """What came of an act on the account; none where its form is to be shown again."""
    return entry.done(
        request,
        given,
        lambda: act(entry.context(request, verb), account_id=account_id),
        said=lambda done: said,
        to=f"/accounts/{account_id}",
    )


def form_facts(found: AccountPage, noun: str, title: str, button: str) -> dict[str, Any]:
    """What every form about an account carries: its title, where it posts, whose account it is."""
    home = f"/accounts/{found.header.id}"
    return {
        "page": found,
        "account": found.header,
        "currency": found.header.currency,
        "title": title,
        "button": button,
        "action": f"{home}/{noun}",
        "next": home,
    }


def one_of(cards: Any, id: int) -> Any:
    """The card of that id; refused where the account has none."""
    found = next((each for each in cards if each.id == id), None)
    if found is None:
        raise Refused("account.nothing_there", "There is no such thing on this account.")
    return found


@require_POST
@view
def locks(request: HttpRequest, account_id: int) -> HttpResponse:
    """Takes the account to work on, so that nobody else calls the same debtor."""
    context = pages.context(request, "account.lock")
    try:
        acts.stay(context, account_id=account_id)
    except Refused as refused:
        return pages.refusal(request, refused)
    return entry.go(request, f"/accounts/{account_id}") if not _is_quiet(request) else _nothing()


def _is_quiet(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _nothing() -> HttpResponse:
    return HttpResponse(status=204)


@view
def notes(request: HttpRequest, account_id: int) -> HttpResponse:
    """The form for a note on the account, and its keeping."""
    verb = "account.note"
    found, given = opened(request, account_id, verb)
    if request.method == "POST":
        act = partial(acts.note, note=given.text("note", needed=True))
        said = _("The note is kept.")
        answer = posted(request, given, account_id=account_id, verb=verb, act=act, said=said)
        if answer:
            return answer
    title = verbs.label(verb)
    return entry.form(
        request, "accounts/note.html", given, form_facts(found, "notes", title, title)
    )


@view
def next_steps(request: HttpRequest, account_id: int) -> HttpResponse:
    """The form for what happens next without an attempt, and its setting."""
    verb = "account.set_next_step"
    found, given = opened(request, account_id, verb)
    if request.method == "POST":
        act = partial(
            acts.set_next_step,
            next_step=given.text("next_step", needed=True),
            next_step_on=given.day("next_step_on", needed=False),
            next_step_at=given.hour("next_step_at"),
        )
        said = _("The next step is set.")
        answer = posted(request, given, account_id=account_id, verb=verb, act=act, said=said)
        if answer:
            return answer
    title, in_force = verbs.label(verb), rules.read(asked.as_of(request))
    facts = form_facts(found, "next-steps", title, title)
    facts["steps"] = account_parts.coded("next_steps", in_force)
    dated = [each["code"] for each in in_force.values("next_steps") if each["has_date"]]
    facts["dated"] = "|".join(dated)
    set_before = found.header.next_step.code if found.header.next_step else ""
    facts["step"] = given.text("next_step") or set_before
    return entry.form(request, "accounts/next_step.html", given, facts)


@require_POST
@view
def reveals(request: HttpRequest, account_id: int) -> HttpResponse:
    """Shows a party's whole identity number in this one answer; that it was shown is recorded."""
    party_id = Entry(request).whole("party_id") or 0
    found = accounts_read.page(
        asked.standing(request),
        account_id,
        as_of=request.today,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
        revealed_id=party_id,
    )
    context = entry.context(request, "identity.reveal")
    done = party_acts.reveal(context, account_id=account_id, party_id=party_id)
    if done.repeated:  # the same form again would show it without asking or recording anew
        return entry.go(request, f"/accounts/{account_id}")
    if request.headers.get("HX-Request"):
        party = next(each for each in found.parties if each.id == party_id)
        answer = render(request, "accounts/identity.html", {"party": party})
    else:
        answer = _shown(request, found)
    answer["Cache-Control"] = "no-store"
    return answer


@view
def assignments(request: HttpRequest, account_id: int) -> HttpResponse:
    """The form that gives the account to somebody, and the giving."""
    found, given = page_of(request, account_id), Entry(request)
    if request.method == "POST":
        params = {
            "collector_id": given.whole("collector_id"),
            "reason": given.text("reason", needed=True),
        }
        answer = entry.done(
            request,
            given,
            lambda: acts.assign(
                entry.context(request, "account.assign"), account_id=account_id, **params
            ),
            said=lambda done: _("The account has a new collector."),
            to=f"/accounts/{account_id}",
        )
        if answer:
            return answer
    facts = form_facts(found, "assignments", _("Assign"), _("Assign the account"))
    facts["people"] = own_names.options(people.choices(as_of=asked.as_of(request)))
    return entry.form(request, "accounts/assign.html", given, facts)


def _document(request: HttpRequest, found: Worklist) -> Document:
    heads = exports.columns(
        (_("Account"), "code", 16), (_("Name"), "text", 32), (_("Project"), "text", 20),
        (_("Currency"), "code", 8), (_("Open"), "money", 16), (_("Overdue"), "money", 16),
        (_("Not covered"), "money", 16), (_("Disputed"), "money", 16),
        (_("Unapplied"), "money", 16), (_("Days past due"), "number", 10),
        (_("Bucket"), "text", 12), (_("Rung"), "text", 24), (_("Next due"), "date", 14),
        (_("Collector"), "text", 20),
    )  # fmt: skip
    rows = [_cells(line) for line in found.page.rows]
    return exports.document(request, _("Accounts"), [Table(heads, rows)], filters=[])


def _cells(line: WorklistLine) -> list[Any]:
    return [
        line.number,
        line.name,
        own_names.called(line.project),
        line.currency,
        *(
            Amount(minor, line.currency)
            for minor in (
                line.open_minor,
                line.overdue_minor,
                line.uncovered_minor,
                line.disputed_minor,
                line.unapplied_minor,
            )
        ),
        line.dpd,
        line.bucket_label,
        sentences.label_text(line.rung_labels, line.rung),
        line.next_due_on,
        own_names.called(line.collector),
    ]
