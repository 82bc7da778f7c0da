"""What is asked of cash wherever it is judged: the terms in force, and the creditor's clocks."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tahsil.core.book.cash import Terms
from tahsil.store import policies
from tahsil.store.models import Creditor


def terms_at(as_of: date) -> Terms:
    """The terms of custody in force on the date."""
    body, _ = policies.at("cash", "custody", as_of)
    return Terms(**{**body, "approvers": tuple(body["approvers"])})


def local(moment: datetime, creditor: Creditor) -> datetime:
    """The instant as the creditor's clocks show it."""
    return moment.astimezone(ZoneInfo(creditor.zone))
