"""Hands: what people hold in cash now, against their ceilings and the time it is due."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from tahsil.core.book import cash as rules
from tahsil.core.book.cash import Terms
from tahsil.core.grammar.dates import Calendar
from tahsil.queries.people import roles_of, standing_of
from tahsil.store import calendars, policies
from tahsil.store.cash import local, terms_at
from tahsil.store.models import (
    CashCase,
    CashDay,
    CashDeposit,
    CashEntry,
    CashItem,
    Creditor,
    Person,
)

MONTH = timedelta(days=30)


@dataclass(frozen=True)
class ItemRow:
    """One amount in a hand; `due_at` is until when it must be at the bank."""

    item_id: int
    kind: str
    receipt_id: int | None
    number: str
    account_id: int | None
    name: str
    amount_minor: int
    taken_at: datetime
    due_at: datetime
    is_late: bool


@dataclass(frozen=True)
class Hand:
    """What one person holds in one currency, against what they may."""

    person_id: int
    name: str
    team: str
    currency: str
    held_minor: int
    count: int
    ceiling_minor: int | None
    oldest_at: datetime | None
    late_minor: int
    late_count: int
    closed_on: date | None
    open_since_on: date | None  # the first day of theirs that is not closed, before today
    cases_minor: int = 0
    late_deposits: int = 0  # of the last thirty days
    items: tuple[ItemRow, ...] = ()


def hands(which: Q, *, as_of: date, now: datetime, with_items: bool = False) -> tuple[Hand, ...]:
    """The hands of these people that hold something, or moved something in the last month."""
    known = Person.objects.filter(which).values("id")
    moved = CashEntry.objects.filter(person__in=known, day_on__gt=as_of - MONTH)
    pairs = set(moved.values_list("person_id", "currency").distinct().order_by())
    held = CashItem.objects.filter(holder__in=known).order_by("taken_at", "id")
    held = held.select_related("receipt__account__party")
    items: dict[tuple[int, str], list[CashItem]] = defaultdict(list)
    for each in held:
        items[each.holder_id or 0, each.currency].append(each)
    people = {
        row.id: row for row in Person.objects.filter(
            id__in={person for person, _ in pairs | set(items)}
        ).select_related("team", "branch__creditor")
    }  # fmt: skip
    frame = _Frame(as_of, now)
    return tuple(
        frame.hand(people[person_id], currency, items[person_id, currency], with_items=with_items)
        for person_id, currency in sorted(pairs | set(items))
    )


def creditor_of(person: Person) -> Creditor | None:
    """The company whose branch the person sits at."""
    return person.branch.creditor if person.branch else None


class _Frame:
    """What is asked once for all hands: terms, ceilings, calendars, cases, days, late deposits."""

    def __init__(self, as_of: date, now: datetime) -> None:
        self.as_of, self.now = as_of, now
        self.terms: Terms = terms_at(as_of)
        self.ceilings, _ = policies.at("cash", "ceilings", as_of)
        self.calendars: dict[int, Calendar] = {}
        self.closed = _by_hand(CashDay.objects.filter(day_on__lte=as_of), Max("day_on"))
        cases = CashCase.objects.filter(state="open", kind="shortage")
        self.cases = _by_hand(cases, Sum("amount_minor"))
        late = CashDeposit.objects.filter(deposited_at__gt=F("due_at"))
        late = late.filter(deposited_at__gt=now - MONTH).annotate(
            currency=F("bank_account__currency")
        )
        self.late = _by_hand(late, Count("id"))

    def hand(
        self, person: Person, currency: str, items: list[CashItem], *, with_items: bool
    ) -> Hand:
        """One person's hand in one currency."""
        key = (person.id, currency)
        rows = tuple(self.item(each, creditor_of(person)) for each in items)
        receipts = [row for row in rows if row.kind == "receipt"]
        late = [row for row in receipts if row.is_late]
        closed_on = self.closed.get(key)
        left = CashEntry.objects.filter(person=person, currency=currency, day_on__lt=self.as_of)
        left = left.filter(day_on__gt=closed_on) if closed_on else left
        roles = roles_of(standing_of(person.id, as_of=self.as_of))
        return Hand(
            person.id, person.name, person.team.name if person.team else "", currency,
            sum(row.amount_minor for row in rows), len(receipts),
            rules.ceiling_of(self.ceilings, roles, currency)["hand"],
            min((row.taken_at for row in receipts), default=None),
            sum(row.amount_minor for row in late), len(late), closed_on,
            left.order_by("day_on").values_list("day_on", flat=True).first(),
            self.cases.get(key, 0), self.late.get(key, 0), rows if with_items else (),
        )  # fmt: skip

    def item(self, each: CashItem, creditor: Creditor | None) -> ItemRow:
        """One amount with its time."""
        account = each.receipt.account if each.receipt else None
        taken_at = due_at = each.taken_at
        if creditor:
            calendar = self.calendars.setdefault(
                creditor.id, calendars.of_creditor(creditor.id, creditor.country)
            )
            taken_at = local(each.taken_at, creditor)
            due_at = rules.due_at(taken_at, self.terms, calendar)
        return ItemRow(
            each.id, each.kind, each.receipt_id, each.receipt.number if each.receipt else "",
            account.id if account else None, account.party.name if account else "",
            each.amount_minor, taken_at, due_at,
            each.kind == "receipt" and self.now > due_at,
        )  # fmt: skip


def _by_hand(found: QuerySet[Any], what: Any) -> dict[tuple[int, str], Any]:
    rows = found.order_by().values_list("person_id", "currency").annotate(value=what)
    return {(person, currency): value for person, currency, value in rows}
