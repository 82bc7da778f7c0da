"""The side navigation, by what the person may do, and what every page shows of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tahsil.core.grammar.authority import Answer, Standing, can
from tahsil.queries import people
from tahsil.web import sentences

Place = tuple[str, Callable[[], str], str, str, str, bool]
# url, label, icon, verb that opens it, key after `g`, on the phone's bar
PLACES: list[Place] = [
    ("/", lambda: _("Home"), "home", "report.read", "g h", True),
    ("/worklist", lambda: _("Worklist"), "worklist", "contact.log", "g w", True),
    ("/accounts", lambda: _("Accounts"), "accounts", "account.read", "g a", True),
    ("/promises", lambda: _("Promises"), "promises", "report.read", "g p", False),
    ("/receipts", lambda: _("Daily collection"), "receipts", "report.read", "g r", False),
    ("/cash", lambda: _("Cash"), "cash", "cash.read", "g m", True),
    ("/instruments", lambda: _("Cheques"), "cheque", "instrument.read", "g c", False),
    ("/safe", lambda: _("Safe"), "safe", "custody.read", "g s", False),
    ("/bank", lambda: _("Bank"), "bank", "bank.read", "g b", False),
    ("/objections", lambda: _("Reconcile"), "reconcile", "account.read", "g x", False),
    ("/ageing", lambda: _("Ageing"), "ageing", "report.read", "g e", False),
    ("/journal", lambda: _("Journal"), "statement", "journal.read", "g j", False),
    ("/tie-out", lambda: _("Tie-out"), "cleared", "journal.read", "g t", False),
    ("/imports", lambda: _("Imports"), "imports", "import.read", "g i", False),
    ("/approvals", lambda: _("Approvals"), "approvals", "account.read", "g o", False),
    ("/people", lambda: _("People"), "people", "people.read", "", False),
    ("/policies", lambda: _("Policies"), "policies", "policy.read", "", False),
    ("/events", lambda: _("Event log"), "events", "event.read", "", False),
]


def context(request: HttpRequest) -> dict[str, Any]:
    """Navigation, who is signed in, the dates, a fresh key for the page's forms."""
    standing = getattr(request, "standing", None)
    if standing is None:
        return {"nav": []}
    open_to = _open_to(standing)
    return {
        "nav": [
            {
                "url": url,
                "label": label(),
                "icon": icon,
                "key": key,
                "phone": phone,
                "active": _is_here(request.path, url),
            }
            for url, label, icon, _verb, key, phone in open_to
        ],
        "nav_key": tuple((each[0], _is_here(request.path, each[0])) for each in open_to),
        "who": {
            "name": standing.name,
            "role": ", ".join(
                sentences.fact_text("role", role, {}) for role in people.roles_of(standing)
            ),
            "initials": "".join(word[:1] for word in standing.name.split()[:2]),
        },
        "as_of": request.as_of,  # type: ignore[attr-defined]
        "today": request.today,  # type: ignore[attr-defined]
    }


@lru_cache(maxsize=256)
def _open_to(standing: Standing) -> tuple[Place, ...]:
    """The places this person may open."""
    return tuple(place for place in PLACES if can(standing, place[3], None).answer == Answer.ALLOW)


def _is_here(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
