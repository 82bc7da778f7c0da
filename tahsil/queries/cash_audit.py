"""What the auditor looks at: patterns of cash with their facts, and receipts to call back.

Patterns are the core's (core/book/cash_flags.py); the sample of call-backs is the same whoever
asks and whenever: of each day's receipts in cash a share, at least one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from tahsil.core.book import cash as rules
from tahsil.core.book import cash_flags
from tahsil.core.book.cash_flags import Complaint, Taken
from tahsil.core.grammar.authority import Standing
from tahsil.queries.cash import TEAM, need, within
from tahsil.queries.cash_rows import CaseRow, DayRow, DepositRow, case_rows, day_row, deposit_rows
from tahsil.store import calendars, policies
from tahsil.store.cash import local, terms_at
from tahsil.store.models import (
    CashCall,
    CashCase,
    CashDay,
    CashDeposit,
    CashEntry,
    CashItem,
    Dispute,
    Objection,
    Person,
)

CALLED_DAYS = 7  # a sample waits so long on the list


@dataclass(frozen=True)
class FlagRow:
    """One pattern of one person, with its sentence, facts and receipts."""

    code: str
    person_id: int
    person: str
    template: str
    facts: dict[str, Any]
    receipt_ids: tuple[int, ...]


@dataclass(frozen=True)
class Exceptions:
    """What asks for a look: patterns, deposits late or missing at the bank, cases, open days."""

    flags: tuple[FlagRow, ...]
    missing: tuple[DepositRow, ...]
    late: tuple[DepositRow, ...]
    cases: tuple[CaseRow, ...]
    unsigned: tuple[DayRow, ...]


@dataclass(frozen=True)
class CallRow:
    """One receipt to call back, or called back: `result` is empty until it was."""

    receipt_id: int
    number: str
    day_on: date
    account_id: int
    account_number: str
    name: str
    person: str
    currency: str
    amount_minor: int
    result: str
    note: str
    by: str


def exceptions(standing: Standing, *, as_of: date, now: datetime) -> Exceptions:
    """Everything of the people in reach that asks for a look."""
    need(standing, TEAM)
    limits, _ = policies.at("cash", "flags", as_of)
    since = as_of - timedelta(days=limits["days"])
    known = within(standing, TEAM)
    people = Person.objects.filter(known)
    names = dict(people.values_list("id", "name"))
    found = cash_flags.flags(
        _taken(known, since=since, as_of=as_of), _complaints(limits, since=since, as_of=as_of),
        now=now, limits=limits,
    )  # fmt: skip
    deposits = deposit_rows(CashDeposit.objects.filter(person__in=people.values("id")), as_of=as_of)
    recent = [row for row in deposits if row.deposited_at.date() >= since]
    days = CashDay.objects.filter(needs_signature=True, signed_by=None, day_on__lte=as_of)
    days = days.filter(person__in=people.values("id")).order_by("day_on", "id")
    cases = CashCase.objects.filter(state="open", person__in=people.values("id"))
    return Exceptions(
        tuple(
            FlagRow(flag.code, flag.person_id, names.get(flag.person_id, ""), flag.template,
                    flag.facts, flag.receipt_ids)
            for flag in found
        ),
        tuple(row for row in deposits if row.is_missing),
        tuple(row for row in recent if row.is_late),
        case_rows(cases),
        tuple(map(day_row, days.select_related("person", "count", "signed_by"))),
    )  # fmt: skip


def calls(standing: Standing, *, as_of: date) -> tuple[CallRow, ...]:
    """The receipts of the last days to call back, in the order of days; those called say so."""
    need(standing, TEAM)
    by_day: dict[date, list[CashEntry]] = defaultdict(list)
    taken = CashEntry.objects.filter(
        kind="take", day_on__lt=as_of, day_on__gte=as_of - timedelta(days=CALLED_DAYS)
    ).select_related("item__receipt__account__party", "person", "item__receipt__cash_call__by")
    for entry in taken:
        by_day[entry.day_on].append(entry)
    share_ppm = terms_at(as_of).call_back_ppm
    seen = set(Person.objects.filter(within(standing, TEAM)).values_list("id", flat=True))
    made = []
    for day in sorted(by_day):
        of = {entry.item.receipt.number: entry for entry in by_day[day] if entry.item.receipt}
        for number in rules.sample(day, of, share_ppm=share_ppm):
            if of[number].person_id in seen:
                made.append(_call(of[number], day))
    return tuple(made)


def _call(entry: CashEntry, day: date) -> CallRow:
    receipt = entry.item.receipt
    assert receipt is not None  # only receipts are taken
    told: CashCall | None = getattr(receipt, "cash_call", None)
    account = receipt.account
    return CallRow(
        receipt.id, receipt.number, day, account.id, account.number, account.party.name,
        entry.person.name, entry.currency, receipt.amount_minor, told.result if told else "",
        told.note if told else "", told.by.name if told else "",
    )  # fmt: skip


def _taken(known: Q, *, since: date, as_of: date) -> list[Taken]:
    """The receipts in cash of these people, with when each left their hand."""
    people = Person.objects.filter(known).values("id")
    items = CashItem.objects.filter(
        kind="receipt", receipt__cashier__in=people, taken_at__date__gte=since,
        taken_at__date__lte=as_of,
    ).select_related("receipt__account__creditor", "receipt__reversal")  # fmt: skip
    left = CashEntry.objects.filter(
        kind__in=("give", "deposit"), item__in=items.values("id")
    ).select_related("deposit").order_by("-id")  # fmt: skip
    gone = {(entry.item_id, entry.person_id): entry for entry in left}
    terms = terms_at(as_of)
    made = []
    for item in items:
        receipt = item.receipt
        assert receipt is not None
        creditor = receipt.account.creditor
        calendar = calendars.of_creditor(creditor.id, creditor.country)
        at = local(item.taken_at, creditor)
        entry = gone.get((item.id, receipt.cashier_id or 0))
        when = entry and (entry.deposit.deposited_at if entry.deposit else entry.recorded_at)
        where = entry and (entry.deposit_id or -(entry.hand_over_id or 0))
        made.append(
            Taken(
                receipt.id, receipt.number, receipt.cashier_id or 0, receipt.account_id,
                item.currency, receipt.amount_minor, receipt.value_on, at,
                rules.due_at(at, terms, calendar), where or None,
                local(when, creditor) if when else None, hasattr(receipt, "reversal"),
            )
        )  # fmt: skip
    return made


def _complaints(limits: dict[str, Any], *, since: date, as_of: date) -> list[Complaint]:
    """Disputes and objections that money was paid, by whom it would have been paid to."""
    disputes = Dispute.objects.filter(
        code__in=limits["complaints"], opened_on__gte=since, opened_on__lte=as_of,
        account__collector__isnull=False,
    )  # fmt: skip
    told = disputes.values_list(
        "account_id", "account__number", "account__collector_id", "opened_on"
    )
    objections = Objection.objects.filter(
        paid_to__isnull=False, opened_on__gte=since, opened_on__lte=as_of
    ).values_list("account_id", "account__number", "paid_to_id", "opened_on")
    return [Complaint(*row) for row in {*told, *objections}]
