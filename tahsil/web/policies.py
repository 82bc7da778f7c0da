"""Policies with their history and source, new versions of them, calendars as a year to look at."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tahsil.actions import policies as acts
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import policies as query
from tahsil.queries import policy_texts
from tahsil.queries.policies import CalendarYear, PolicyPage, VersionRow
from tahsil.web import asked, bodies, entry, own_names, sentences, weeks
from tahsil.web.entry import Entry
from tahsil.web.pages import view

MOST_BYTES = 200_000


@view
def policies(request: HttpRequest) -> HttpResponse:
    """Every policy by kind, with what is in force on the date."""
    asked.need(request, "policy.read")
    rows = query.policies(asked.standing(request), as_of=asked.as_of(request))
    kinds = [
        {"name": kind_name(kind), "about": kind_about(kind), "rows": list(found)}
        for kind, found in groupby(rows, key=lambda row: row.kind)
    ]
    facts = {"kinds": kinds, "may_take_codes": asked.may(request, "policy.take_return_codes")}
    return render(request, "policies/policies.html", facts)


@view
def policy(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """One policy: the version asked for, else the one in force, and every other beside it."""
    asked.need(request, "policy.read")
    found = query.policy(asked.standing(request), kind, code, as_of=asked.as_of(request))
    wanted = asked.whole(request, "version")
    chosen = next((row for row in found.versions if row.version == wanted), None)
    chosen = chosen or next((row for row in found.versions if row.is_current), found.versions[0])
    facts = {
        "policy": found,
        "kind_name": kind_name(kind),
        "name": sentences.code_title(code),
        "chosen": chosen,
        "blocks": bodies.blocks(chosen.body),
        "may_publish": asked.may(request, "policy.publish"),
    }
    return render(request, "policies/policy.html", facts)


@view
def versions(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The form for a new version: what it changes is shown first, then it is published."""
    asked.need(request, "policy.publish")
    found = query.policy(asked.standing(request), kind, code, as_of=asked.as_of(request))
    given, last = Entry(request), found.versions[0]
    text = _text(request, given) or policy_texts.written(last.body)
    seen = sha256(text.encode()).hexdigest()
    shown = _changed(request, given, found, text) if request.method == "POST" else ()
    is_wanted = given.text("seen") == seen and given.text("act") == "publish"
    if is_wanted and (answer := _published(request, given, found, text)):
        return answer
    facts = {
        "policy": found,
        "kind_name": kind_name(kind),
        "name": sentences.code_title(code),
        "last": last,
        "text": text,
        "seen": seen if shown and not (given.faults or given.refused) else "",
        "changes": shown,
        "first_day": _first_day(request, last),
    }
    return entry.form(request, "policies/version.html", given, facts)


def _first_day(request: HttpRequest, last: VersionRow) -> str:
    """The first day a new version can hold from: not today, which may be under way."""
    tomorrow = request.today + timedelta(days=1)  # type: ignore[attr-defined]
    return max(tomorrow, last.since_on + timedelta(days=1)).isoformat()


def _text(request: HttpRequest, given: Entry) -> str:
    """The body as sent: the file's where one came with the form, else as typed."""
    typed = given.given.get("body", "").replace("\r\n", "\n")
    sent = request.FILES.get("file")
    if sent is None:
        return typed
    if (sent.size or 0) > MOST_BYTES:
        given.faults["file"] = _("This file is too large for a policy.")
        return typed
    try:
        return sent.read().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        given.faults["file"] = _("This is not a text file.")
        return typed


def _changed(
    request: HttpRequest, given: Entry, found: PolicyPage, text: str
) -> tuple[tuple[str, str], ...]:
    """What the body changes; none where it changes nothing or could not be published."""
    since = given.day("since_on")
    given.text("source", needed=True)
    try:
        body = policy_texts.read(text)
    except Refused as refused:
        given.faults["body"] = sentences.in_language(refused.template, refused.facts)
        return ()
    changes = policy_texts.changes(found.versions[0].body, body)
    if not changes:
        given.faults["body"] = _("This says the same as the version before.")
    elif since is not None:
        context = entry.context(request, "policy.publish")
        try:
            acts.check(context, kind=found.kind, code=found.code, since_on=since, body=body)
        except Refused as refused:
            given.refused = refused
    return changes


def _published(
    request: HttpRequest, given: Entry, found: PolicyPage, text: str
) -> HttpResponse | None:
    """Publishes what was looked at, or asks for it where somebody else must agree."""
    if given.refused:
        return None
    return entry.done(
        request,
        given,
        lambda: acts.publish(
            entry.context(request, "policy.publish"),
            kind=found.kind,
            code=found.code,
            since_on=given.text("since_on"),
            body=policy_texts.read(text),
            source=given.text("source"),
        ),
        said=lambda done: _("Version {version} is published.").format(**done.facts),
        to=f"/policies/{found.kind}/{found.code}",
    )


@view
def calendars(request: HttpRequest) -> HttpResponse:
    """One creditor's year, day by day."""
    asked.need(request, "policy.read")
    found = query.calendar_year(
        asked.standing(request),
        as_of=asked.as_of(request),
        creditor_id=asked.whole(request, "creditor"),
        year=asked.whole(request, "year"),
    )
    return render(request, "policies/calendar.html", _year(request, found))


def _year(request: HttpRequest, found: CalendarYear) -> dict[str, Any]:
    starts = weeks.first_weekday(found.country)
    creditors = [
        {"url": asked.url(request, creditor=id_), "label": name, "active": id_ == found.creditor_id}
        for id_, name in own_names.options(found.creditors)
    ]
    return {
        "found": found,
        "weekdays": weeks.weekdays(starts),
        "months": [
            {"month": each, "weeks": weeks.in_weeks(each.month_on, each.days, starts)}
            for each in found.months
        ],
        "holidays": [
            cell for each in found.months for cell in each.days
            if cell.is_own or (not cell.is_working and cell.why not in ("", "weekend"))
        ],
        "creditors": creditors if len(creditors) > 1 else [],
        "before_url": asked.url(request, year=found.year - 1),
        "next_url": asked.url(request, year=found.year + 1),
    }  # fmt: skip


def kind_name(kind: str) -> str:
    """A kind of policy in words."""
    words = {
        "authority": _("Approval limits"),
        "buckets": _("Ageing definitions"),
        "codes": _("Code lists"),
        "ladder": _("Ladders"),
        "penalty": _("Late charges"),
        "returns": _("Return codes of banks"),
        "clocks": _("Clocks after a returned cheque"),
        "roles": _("Roles"),
        "waterfall": _("Orders of payment"),
        "worklist": _("Order of the worklist"),
    }
    return words.get(kind, kind.replace("_", " ").capitalize())


def kind_about(kind: str) -> str:
    """What policies of that kind decide."""
    words = {
        "authority": _("Up to where a role decides alone, and who is asked above that."),
        "buckets": _("How days past due are counted and cut into buckets."),
        "codes": _("What can be chosen in forms."),
        "ladder": _("What is done about a late account, rung by rung."),
        "penalty": _("What a late line is charged."),
        "returns": _("What a bank writes on a cheque it returns, read into our reasons."),
        "clocks": _("By when the law wants which step after a cheque came back."),
        "roles": _("What each role may do."),
        "waterfall": _("Which lines money pays first."),
        "worklist": _("Which accounts come first in a collector's day."),
    }
    return words.get(kind, "")
