"""What people wrote down of differences, and how differences went from day to day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tahsil.core.grammar.authority import Standing
from tahsil.queries import tie_out, tie_sums
from tahsil.store.models import LedgerLoad, Person, TieNote

SHOWN = 50


@dataclass(frozen=True)
class TieNoteRow:
    """One note: what was found of which part's difference, and who clears it."""

    creditor_id: int
    currency: str
    part: str
    tied_on: date
    difference_minor: int
    text: str
    owner: str
    by: str
    recorded_at: datetime


@dataclass(frozen=True)
class LoadRow:
    """One reading of the general ledger."""

    creditor_id: int
    balance_on: date
    layout: str
    file_name: str
    lines: int
    by: str
    recorded_at: datetime


def notes(standing: Standing, *, as_of: date) -> list[TieNoteRow]:
    """The newest notes of the creditors one may read whole."""
    ours = [each.id for each in tie_out.creditors(standing)]
    found = TieNote.objects.filter(creditor_id__in=ours, tied_on__lte=as_of)
    return [
        TieNoteRow(
            each.creditor_id, each.currency, each.part, each.tied_on, each.difference_minor,
            each.text, each.owner.name, each.by.name if each.by else "", each.recorded_at,
        )
        for each in found.select_related("owner", "by").order_by("-id")[:SHOWN]
    ]  # fmt: skip


def loads(standing: Standing, *, as_of: date) -> list[LoadRow]:
    """The newest readings of the general ledger."""
    ours = [each.id for each in tie_out.creditors(standing)]
    found = LedgerLoad.objects.filter(creditor_id__in=ours, balance_on__lte=as_of)
    return [
        LoadRow(
            each.creditor_id, each.balance_on, each.layout, each.file_name,
            each.balances.count() + each.entries.count(), each.by.name if each.by else "",
            each.recorded_at,
        )
        for each in found.select_related("by").order_by("-balance_on", "-id")[:SHOWN]
    ]  # fmt: skip


def history(standing: Standing, *, as_of: date) -> dict[tuple[int, str], list[tuple[date, int]]]:
    """Per creditor and currency the difference on each day a balance was read in for."""
    return {
        (each.id, currency): days
        for each in tie_out.creditors(standing)
        for currency, days in tie_sums.history(each.id, as_of).items()
    }


def owners() -> list[tuple[int, str]]:
    """Who may own a difference: everybody whose access is open."""
    return list(Person.objects.filter(is_active=True).order_by("name").values_list("id", "name"))
