"""Policies with their history and source, code lists, calendars as a year one can look at."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tahsil.queries import policies as query
from tahsil.queries.policies import CalendarYear, MonthView
from tahsil.web import asked, bodies
from tahsil.web.pages import view


@view
def policies(request: HttpRequest) -> HttpResponse:
    """Every policy by kind, with what is in force on the date."""
    asked.need(request, "policy.read")
    rows = query.policies(asked.standing(request), as_of=asked.as_of(request))
    kinds = [
        {"name": kind_name(kind), "about": kind_about(kind), "rows": list(found)}
        for kind, found in groupby(rows, key=lambda row: row.kind)
    ]
    return render(request, "policies/policies.html", {"kinds": kinds})


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
        "name": code.replace("_", " ").capitalize(),
        "chosen": chosen,
        "blocks": bodies.blocks(chosen.body),
    }
    return render(request, "policies/policy.html", facts)


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
    starts = _first_weekday(found.country)
    creditors = [
        {"url": asked.url(request, creditor=id_), "label": name, "active": id_ == found.creditor_id}
        for id_, name in found.creditors
    ]
    return {
        "found": found,
        "weekdays": [_weekday((starts + at) % 7) for at in range(7)],
        "months": [_month(each, starts) for each in found.months],
        "holidays": [
            cell for each in found.months for cell in each.days
            if cell.is_own or (not cell.is_working and cell.why not in ("", "weekend"))
        ],
        "creditors": creditors if len(creditors) > 1 else [],
        "before_url": asked.url(request, year=found.year - 1),
        "next_url": asked.url(request, year=found.year + 1),
    }  # fmt: skip


def _month(month: MonthView, starts: int) -> dict[str, Any]:
    """The month's days in weeks, empty cells before the first."""
    pad = (month.month_on.weekday() - starts) % 7
    cells = [None] * pad + list(month.days)
    cells += [None] * (-len(cells) % 7)
    return {"month": month, "weeks": [cells[at : at + 7] for at in range(0, len(cells), 7)]}


def _first_weekday(country: str) -> int:
    """The weekday a week begins with there, Monday being 0."""
    return {"EG": 5, "SA": 6, "US": 6, "IN": 6}.get(country, 0)


def _weekday(number: int) -> str:
    return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")][number]


def kind_name(kind: str) -> str:
    """A kind of policy in words."""
    words = {
        "authority": _("Approval limits"),
        "buckets": _("Ageing definitions"),
        "codes": _("Code lists"),
        "ladder": _("Ladders"),
        "penalty": _("Late charges"),
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
        "roles": _("What each role may do."),
        "waterfall": _("Which lines money pays first."),
        "worklist": _("Which accounts come first in a collector's day."),
    }
    return words.get(kind, "")
