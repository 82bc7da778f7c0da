"""Cash in hands: one's own, a deposit, a closed day, and what the team holds.

Hands are of now: what one holds is where its items are. Rows are cash_rows.py, hands cash_hands.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q, QuerySet

from tahsil.core.grammar.authority import Answer, Standing, can
from tahsil.core.grammar.refusal import Refused
from tahsil.queries.cash_hands import Hand, creditor_of, hands
from tahsil.queries.cash_rows import (
    CaseRow,
    DayRow,
    DepositRow,
    EntryRow,
    OfferRow,
    case_rows,
    day_row,
    deposit_rows,
    entry_rows,
    offer_rows,
)
from tahsil.queries.people import standing_of
from tahsil.store import policies
from tahsil.store.models import (
    BankAccount,
    BankLine,
    CashCase,
    CashDay,
    CashDeposit,
    CashEntry,
    CashHandOver,
    CashItem,
    Person,
)

READ, TEAM = "cash.read", "cash.team"
SHOWN = 10


@dataclass(frozen=True)
class CashPage:
    """Somebody's own cash: hands by currency, offers, deposits, closed days and open cases."""

    person_id: int
    hands: tuple[Hand, ...]
    offers: tuple[OfferRow, ...]
    deposits: tuple[DepositRow, ...]
    days: tuple[DayRow, ...]
    cases: tuple[CaseRow, ...]


@dataclass(frozen=True)
class DepositPage:
    """One deposit with what it covers."""

    row: DepositRow
    note: str
    iban: str
    creditor: str
    creditor_ar: str
    entries: tuple[EntryRow, ...]
    lines: tuple[tuple[int, date, str], ...]  # open bank lines that may be it: id, day, text


@dataclass(frozen=True)
class DayPage:
    """One closed day with its entries and the notes counted: (note, pieces, sum)."""

    row: DayRow
    creditor: str
    creditor_ar: str
    reason: str
    entries: tuple[EntryRow, ...]
    notes: tuple[tuple[int, int, int], ...]


def own(standing: Standing, *, as_of: date, now: datetime) -> CashPage:
    """What the person holds, and what is asked of them; empty of who never took cash."""
    me = standing.actor_id
    offers = CashHandOver.objects.filter(state="offered").filter(Q(giver=me) | Q(receiver=me))
    days = _days().filter(person_id=me, day_on__lte=as_of).order_by("-day_on", "-id")
    return CashPage(
        me,
        hands(Q(id=me), as_of=as_of, now=now, with_items=True),
        offer_rows(offers),
        deposit_rows(CashDeposit.objects.filter(person_id=me), as_of=as_of)[:SHOWN],
        tuple(map(day_row, days[:7])),
        case_rows(CashCase.objects.filter(person_id=me, state="open")),
    )


def team(standing: Standing, *, as_of: date, now: datetime) -> tuple[Hand, ...]:
    """The hands of everybody in reach, those past their time or ceiling first."""
    need(standing, TEAM)
    found = hands(within(standing, TEAM), as_of=as_of, now=now)
    return tuple(sorted(found, key=lambda hand: (not hand.late_minor, -hand.held_minor, hand.name)))


def deposit(standing: Standing, deposit_id: int, *, as_of: date) -> DepositPage:
    """One deposit of somebody in reach."""
    known = CashDeposit.objects.filter(id=deposit_id).filter(_mine_or_reach(standing))
    rows = deposit_rows(known, as_of=as_of)
    if not rows:
        raise Refused("cash.no_deposit", "There is no deposit {id}.", id=deposit_id)
    found = known.select_related("bank_account__creditor").get()
    creditor = found.bank_account.creditor
    entries = CashEntry.objects.filter(deposit=found)
    return DepositPage(
        rows[0], found.note, found.bank_account.iban, creditor.name, creditor.name_ar,
        entry_rows(entries, creditor),
        () if rows[0].line_id else _lines(found),
    )  # fmt: skip


def day(standing: Standing, day_id: int) -> DayPage:
    """One closed day of somebody in reach, with the cash list and the notes counted."""
    found = _days().filter(id=day_id).filter(_mine_or_reach(standing)).first()
    if found is None:
        raise Refused("cash.no_day", "There is no such closed day.")
    last = CashDay.objects.filter(
        person=found.person, currency=found.currency, day_on__lt=found.day_on
    ).aggregate(on=Max("day_on"))["on"]
    entries = CashEntry.objects.filter(
        person=found.person, currency=found.currency, day_on__lte=found.day_on
    )
    entries = entries.filter(day_on__gt=last) if last else entries
    creditor = creditor_of(found.person)
    pieces = {int(note): number for note, number in found.count.pieces.items() if number}
    return DayPage(
        day_row(found),
        creditor.name if creditor else "",
        creditor.name_ar if creditor else "",
        found.case.reason if found.case else "",
        entry_rows(entries, creditor),
        tuple((note, pieces[note], note * pieces[note]) for note in sorted(pieces, reverse=True)),
    )


def offer(standing: Standing, offer_id: int) -> OfferRow:
    """One hand-over this person gives or is to count."""
    me = standing.actor_id
    found = CashHandOver.objects.filter(id=offer_id).filter(Q(giver=me) | Q(receiver=me))
    if not (rows := offer_rows(found)):
        raise Refused("cash.no_offer", "There is no such hand-over of cash.")
    return rows[0]


def case(standing: Standing, case_id: int) -> CaseRow:
    """One case of somebody in reach."""
    found = CashCase.objects.filter(id=case_id).filter(_mine_or_reach(standing))
    if not (rows := case_rows(found)):
        raise Refused("cash.no_case", "There is no such case.")
    return rows[0]


def receivers(standing: Standing, *, as_of: date) -> tuple[tuple[int, str], ...]:
    """Who may take cash over from this person, by name."""
    people = Person.objects.filter(is_active=True).exclude(id=standing.actor_id).order_by("name")
    return tuple(
        (row.id, row.name) for row in people
        if can(standing_of(row.id, as_of=as_of), "cash.accept", None).answer == Answer.ALLOW
    )  # fmt: skip


def bank_accounts(person_id: int, currency: str) -> tuple[tuple[int, str], ...]:
    """The bank accounts of the companies whose cash the person holds, the price's own first."""
    held = CashItem.objects.filter(holder_id=person_id, currency=currency, receipt__isnull=False)
    companies = held.values("receipt__account__creditor_id")
    rows = BankAccount.objects.filter(currency=currency, creditor__in=companies)
    ordered = sorted(rows, key=lambda row: (row.rule != "price", row.code))
    return tuple((row.id, f"{row.code} · {row.bank}") for row in ordered)


def notes(currency: str, *, as_of: date) -> tuple[int, ...]:
    """The notes and coins of the currency, in minor units, largest first."""
    body, _ = policies.at("cash", "notes", as_of)
    return tuple(body.get(currency, ()))


def within(standing: Standing, verb: str, prefix: str = "") -> Q:
    """The condition on people (at `prefix`) that are in the actor's reach for the verb."""
    found = Q(**{f"{prefix}id": standing.actor_id})
    for grant in standing.grants:
        if can(Standing(0, "", frozenset(), (grant,)), verb, None).answer != Answer.ALLOW:
            continue
        if grant.scope == "all":
            return Q()
        if grant.scope == "creditor":
            found |= Q(**{f"{prefix}branch__creditor_id__in": grant.places})
        elif grant.scope == "team":
            found |= Q(**{f"{prefix}team_id__in": standing.team_ids})
    return found


def need(standing: Standing, verb: str) -> None:
    """Refuses who does not hold the verb at all."""
    verdict = can(standing, verb, None)
    if verdict.answer != Answer.ALLOW:
        reason = verdict.reasons[0]
        raise Refused(reason.code, reason.template, **reason.facts)


def _lines(found: CashDeposit) -> tuple[tuple[int, date, str], ...]:
    rows = BankLine.objects.filter(
        bank_account=found.bank_account, amount_minor=found.amount_minor,
        state__in=("open", "suspended"),
    )  # fmt: skip
    shown = rows.order_by("value_on", "id").values_list("id", "value_on", "text", "reference")
    return tuple((key, on, text or reference) for key, on, text, reference in shown[:5])


def _mine_or_reach(standing: Standing) -> Q:
    if can(standing, TEAM, None).answer == Answer.ALLOW:
        return within(standing, TEAM, "person__")
    return Q(person_id=standing.actor_id)


def _days() -> QuerySet[CashDay]:
    return CashDay.objects.select_related("person__branch__creditor", "count", "signed_by", "case")
