"""What a request asks for, read from its address: numbers, days, choices, pages, permission.

An address somebody mistyped is read as if that filter were not there; nothing here refuses but
`need`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest

from tahsil.core.grammar.authority import Answer, Standing, can
from tahsil.core.grammar.refusal import Refused
from tahsil.queries.paging import Page


def standing(request: HttpRequest) -> Standing:
    """Who asks."""
    return request.standing  # type: ignore[attr-defined]


def as_of(request: HttpRequest) -> date:
    """The date looked at."""
    return request.as_of  # type: ignore[attr-defined]


def may(request: HttpRequest, verb: str) -> bool:
    """Whether this person holds the verb over anything at all."""
    return can(standing(request), verb, None).answer == Answer.ALLOW


def need(request: HttpRequest, verb: str) -> None:
    """Refuses where this person may not; row scope is the query's matter."""
    verdict = can(standing(request), verb, None)
    if verdict.answer != Answer.ALLOW:
        reason = verdict.reasons[0]
        raise Refused(reason.code, reason.template, **reason.facts)


def layout(request: HttpRequest) -> str:
    """The layout of the answer: the sheet where htmx asked, else a page of its own."""
    return "parts/sheet.html" if request.headers.get("HX-Request") else "base.html"


def text(request: HttpRequest, name: str) -> str:
    """The text asked for, without blanks around it."""
    return request.GET.get(name, "").strip()


def whole(request: HttpRequest, name: str) -> int | None:
    """The whole number asked for; none where there is none."""
    said = text(request, name)
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else None


def day(request: HttpRequest, name: str, default: date | None = None) -> date | None:
    """The day asked for, else the default."""
    try:
        return date.fromisoformat(text(request, name))
    except ValueError:
        return default


def choice(request: HttpRequest, name: str, allowed: Iterable[str], default: str = "") -> str:
    """The choice asked for if it is one of those allowed, else the default."""
    said = text(request, name)
    return said if said in set(allowed) else default


def page(request: HttpRequest) -> int:
    """The number of the page asked for, from 1."""
    return whole(request, "page") or 1


def url(request: HttpRequest, **changes: Any) -> str:
    """The page's own query string with these values changed; None takes one away."""
    values = request.GET.copy()
    for name, value in {"page": None, **changes}.items():
        values.pop(name, None)
        if value is not None:
            values[name] = value
    return f"?{values.urlencode()}"


def pager(request: HttpRequest, shown: Page[Any]) -> dict[str, Any]:
    """What the pager part draws: the lines shown, and where before and next lead."""
    return {
        "first": shown.first,
        "last": shown.last,
        "total": shown.total,
        "before_url": url(request, page=shown.page - 1) if shown.has_before else "",
        "next_url": url(request, page=shown.page + 1) if shown.has_next else "",
    }
