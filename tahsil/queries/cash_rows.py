"""Rows of cash: offers, deposits, cases, closed days and their entries, as lists show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from tahsil.store import calendars
from tahsil.store.cash import local, terms_at
from tahsil.store.models import CashCase, CashDay, CashDeposit, CashEntry, CashHandOver, Creditor


@dataclass(frozen=True)
class OfferRow:
    """Cash offered by one person to another, and not counted yet."""

    id: int
    giver_id: int
    giver: str
    receiver_id: int
    receiver: str
    currency: str
    amount_minor: int
    count: int
    offered_at: datetime
    state: str


@dataclass(frozen=True)
class DepositRow:
    """One deposit; `line_on` is the day of the bank line that answers it."""

    id: int
    number: str
    bank_account: str
    bank: str
    person_id: int
    person: str
    currency: str
    amount_minor: int
    deposited_at: datetime
    due_at: datetime
    is_late: bool
    line_id: int | None
    line_on: date | None
    is_missing: bool  # no bank line after so many working days


@dataclass(frozen=True)
class CaseRow:
    """A difference in somebody's name."""

    id: int
    person_id: int
    person: str
    kind: str
    currency: str
    amount_minor: int
    reason: str
    owner: str
    opened_on: date
    state: str
    settled_on: date | None
    settled_by: str
    settled_note: str


@dataclass(frozen=True)
class DayRow:
    """One closed day, as it was closed."""

    id: int
    person_id: int
    person: str
    currency: str
    day_on: date
    opening_minor: int
    taken_minor: int
    reversed_minor: int
    received_minor: int
    given_minor: int
    deposited_minor: int
    adjusted_minor: int
    expected_minor: int
    counted_minor: int
    difference_minor: int
    needs_signature: bool
    signed_by: str
    closed_at: datetime


@dataclass(frozen=True)
class EntryRow:
    """One entry of a day or a deposit."""

    kind: str
    number: str
    receipt_id: int | None
    name: str
    amount_minor: int
    recorded_at: datetime


def deposit_rows(found: QuerySet[CashDeposit], *, as_of: date) -> tuple[DepositRow, ...]:
    """The deposits up to the date, newest first."""
    rows = found.select_related("bank_account__creditor", "person", "match__line")
    terms = terms_at(as_of)
    made = []
    for each in rows.order_by("-deposited_at", "-id"):
        ours = each.bank_account
        on = local(each.deposited_at, ours.creditor).date()
        if on > as_of:
            continue
        match = each.match if each.match and each.match.undone_at is None else None
        calendar = calendars.of_creditor(ours.creditor_id, ours.creditor.country)
        wait = calendar.add(on, terms.bank_line_working_days)
        made.append(
            DepositRow(
                each.id,
                each.number,
                ours.code,
                ours.bank,
                each.person_id,
                each.person.name,
                ours.currency,
                each.amount_minor,
                local(each.deposited_at, ours.creditor),
                local(each.due_at, ours.creditor),
                each.deposited_at > each.due_at,
                match.line_id if match else None,
                match.line.value_on if match else None,
                match is None and as_of > wait,
            )
        )
    return tuple(made)


def unanswered() -> QuerySet[CashDeposit]:
    """The deposits that no bank line answers, or none any more, oldest first."""
    found = CashDeposit.objects.filter(Q(match=None) | Q(match__undone_at__isnull=False))
    return found.select_related("bank_account__creditor").order_by("deposited_at", "id")


def offer_rows(found: QuerySet[CashHandOver]) -> tuple[OfferRow, ...]:
    """The hand-overs, oldest first."""
    rows = found.select_related("giver__branch__creditor", "receiver")
    return tuple(
        OfferRow(
            row.id, row.giver_id, row.giver.name, row.receiver_id, row.receiver.name, row.currency,
            row.amount_minor, len(row.item_ids),
            local(row.offered_at, row.giver.branch.creditor) if row.giver.branch
            else row.offered_at, row.state,
        )
        for row in rows.order_by("offered_at", "id")
    )  # fmt: skip


def case_rows(found: QuerySet[CashCase]) -> tuple[CaseRow, ...]:
    """The cases, open ones and newest first."""
    rows = found.select_related("person", "owner", "settled_by").order_by("-opened_on", "-id")
    return tuple(
        CaseRow(
            row.id, row.person_id, row.person.name, row.kind, row.currency, row.amount_minor,
            row.reason, row.owner.name if row.owner else "", row.opened_on, row.state,
            row.settled_on, row.settled_by.name if row.settled_by else "", row.settled_note,
        )
        for row in sorted(rows, key=lambda row: row.state != "open")
    )  # fmt: skip


def day_row(found: CashDay) -> DayRow:
    """A closed day as a row."""
    return DayRow(
        found.id, found.person_id, found.person.name, found.currency, found.day_on,
        found.opening_minor, found.taken_minor, found.reversed_minor, found.received_minor,
        found.given_minor, found.deposited_minor, found.adjusted_minor, found.expected_minor,
        found.count.counted_minor, found.difference_minor, found.needs_signature,
        found.signed_by.name if found.signed_by else "", found.closed_at,
    )  # fmt: skip


def entry_rows(found: QuerySet[CashEntry], creditor: Creditor | None) -> tuple[EntryRow, ...]:
    """The entries in the order they were made, by the company's clocks."""
    rows = found.select_related(
        "item__receipt__account__party", "hand_over__giver", "hand_over__receiver", "deposit",
        "item__case",
    )  # fmt: skip
    return tuple(_entry(row, creditor) for row in rows.order_by("id"))


def _entry(row: CashEntry, creditor: Creditor | None) -> EntryRow:
    receipt = row.item.receipt
    name = receipt.account.party.name if receipt else ""
    if row.hand_over:
        name = row.hand_over.receiver.name if row.kind == "give" else row.hand_over.giver.name
    number = receipt.number if receipt else (row.deposit.number if row.deposit else "")
    return EntryRow(
        row.kind,
        number,
        receipt.id if receipt else None,
        name,
        row.amount_minor,
        local(row.recorded_at, creditor) if creditor else row.recorded_at,
    )
