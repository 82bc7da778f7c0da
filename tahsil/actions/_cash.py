"""Cash and its holders: what every act that moves cash shares.

A receipt in cash puts an item into the hand of who took it; what is in a hand leaves it whole, by
a hand-over or a deposit. The entries of a person come to what they hold; each belongs to a day of
theirs, and once a day is closed, what moves belongs to the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from tahsil.actions import _given
from tahsil.actions._verb import Context, account_of
from tahsil.core.book import cash as rules
from tahsil.core.book.cash import FREE
from tahsil.core.grammar.authority import Reach, Verdict, ask, can, strictest
from tahsil.core.grammar.dates import DAY
from tahsil.core.grammar.refusal import Refused
from tahsil.queries.people import roles_of
from tahsil.store import policies
from tahsil.store.cash import terms_at
from tahsil.store.models import (
    Account,
    CashCase,
    CashDay,
    CashEntry,
    CashHandOver,
    CashItem,
    Creditor,
    Person,
    Receipt,
)
from tahsil.store.prepared import Prepared


def judge(
    ctx: Context,
    *,
    account_id: int,
    amount_minor: int,
    value_on: Any,
    instrument: str,
    kind: str = "money",
    **params: Any,
) -> Verdict:
    """Whether this person may take this cash: closed days, ceilings and the law ask or refuse."""
    me = ctx.standing.actor_id
    if instrument != "cash" or kind != "money" or not me:
        return FREE
    account = account_of(account_id)
    on = _given.need_date(value_on, "value date")
    closed = _last.first(person_id=me, currency=account.currency)
    _check_open(me, account.currency, {on, ctx.as_of}, closed)
    found = [FREE, *_unclosed(ctx, account.currency, closed)]
    body, _ = policies.at("cash", "ceilings", ctx.as_of)
    today = _sum(_taken_on.rows(person_id=me, currency=account.currency, day_on=ctx.as_of))
    held = _sum(_held.rows(person_id=me, currency=account.currency))
    wanted = {
        "receipt": amount_minor, "day": today + amount_minor, "hand": held + amount_minor
    }  # fmt: skip
    found += rules.judge_ceilings(body, roles_of(ctx.standing), account.currency, wanted)
    return strictest(*found, *_by_law(ctx, account, amount_minor, on))


def taken(ctx: Context, account: Account, receipt: Receipt) -> None:
    """The cash of a receipt is in the hand of who took it; part of the act that recorded it."""
    if receipt.instrument != "cash" or receipt.kind != "money" or not receipt.cashier_id:
        return
    item = CashItem.objects.create(
        kind="receipt", receipt=receipt, currency=account.currency,
        amount_minor=receipt.amount_minor, taken_at=ctx.now, holder_id=receipt.cashier_id,
    )  # fmt: skip
    enter(ctx, [item], receipt.cashier_id, "take")


def undone(ctx: Context, receipt: Receipt) -> None:
    """A receipt in cash was taken back: whoever holds its cash holds so much less.

    If it is at the bank already, who brought it there stands below nothing until the right receipt
    is recorded or the money is paid back: a case says so.
    """
    item = CashItem.objects.select_for_update().filter(receipt=receipt, kind="receipt").first()
    if item is None:
        return
    holder_id, case = item.holder_id, None
    if holder_id is None:
        holder_id = CashEntry.objects.get(item=item, deposit__isnull=False).person_id
        case = open_case(
            ctx, holder_id, "reversed", item.currency, item.amount_minor,
            reason=receipt.number, receipt_id=receipt.id,
        )  # fmt: skip
    back = CashItem.objects.create(
        kind="reversal", receipt=receipt, case=case, currency=item.currency,
        amount_minor=-item.amount_minor, taken_at=ctx.now, holder_id=holder_id,
    )  # fmt: skip
    enter(ctx, [back], holder_id, "reverse")
    cancel_out([item, back])


def enter(
    ctx: Context, items: Iterable[CashItem], person_id: int, kind: str, **of: Any
) -> list[CashEntry]:
    """An entry of each item in that person's name: what they give leaves, all else comes in.

    `day_on` says which day of theirs it belongs to, if not the one that is open now.
    """
    rows = list(items)
    sign = -1 if kind in ("give", "deposit") else 1
    on = of.pop("day_on", None) or book_day(ctx, person_id, rows[0].currency)
    return CashEntry.objects.bulk_create(
        CashEntry(
            person_id=person_id, item=row, kind=kind, currency=row.currency,
            amount_minor=sign * row.amount_minor, day_on=on, recorded_at=ctx.now,
            **of,
        )
        for row in rows
    )  # fmt: skip


def cancel_out(items: list[CashItem]) -> None:
    """What comes to nothing in one hand is done with: it need not go to the bank."""
    holders = {each.holder_id for each in items}
    sum_minor = sum(each.amount_minor for each in items)
    if len(items) > 1 and holders != {None} and len(holders) == 1 and not sum_minor:
        CashItem.objects.filter(id__in=[each.id for each in items]).update(holder=None)


def open_case(
    ctx: Context, person_id: int, kind: str, currency: str, amount_minor: int, **of: Any
) -> CashCase:
    """A difference in that person's name, followed up by who leads their team."""
    person = Person.objects.select_related("team").get(id=person_id)
    leader = person.team.leader_id if person.team else None
    return CashCase.objects.create(
        person_id=person_id, kind=kind, currency=currency, amount_minor=amount_minor,
        owner_id=leader if leader != person_id else None, opened_on=ctx.as_of, opened_at=ctx.now,
        **of,
    )  # fmt: skip


def move(items: list[CashItem], before: int, after: int | None) -> None:
    """The items change hands; refused where one is no longer where it was."""
    ids = [each.id for each in items]
    if CashItem.objects.filter(id__in=ids, holder_id=before).update(holder_id=after) != len(ids):
        raise Refused(
            "cash.moved", "Some of this cash has moved meanwhile. Look again and choose anew."
        )


def mine(person_id: int, currency: str) -> list[CashItem]:
    """What the person holds and has offered to nobody, oldest first; locked."""
    offers = CashHandOver.objects.filter(giver_id=person_id, currency=currency, state="offered")
    offered = {key for ids in offers.values_list("item_ids", flat=True) for key in ids}
    found = CashItem.objects.select_for_update().filter(holder_id=person_id, currency=currency)
    return [each for each in found.order_by("taken_at", "id") if each.id not in offered]


def balance(person_id: int, currency: str) -> int:
    """What the person holds now."""
    return _sum(_held.rows(person_id=person_id, currency=currency))


def book_day(ctx: Context, person_id: int, currency: str) -> date:
    """The day of theirs that a move now belongs to: today, or the next where today is closed."""
    closed = _last.first(person_id=person_id, currency=currency)
    return closed[0] + DAY if closed and closed[0] >= ctx.as_of else ctx.as_of


def check_person(ctx: Context, verb: str, person_id: int) -> None:
    """Refuses a person out of the actor's reach."""
    verdict = can(ctx.standing, verb, reach_of(person_id))
    if verdict.answer:
        reason = verdict.reasons[0]
        raise Refused(reason.code, reason.template, **reason.facts)


def reach_of(person_id: int) -> Reach:
    """Where a person stands for permission: themselves, their team, their branch's company."""
    person = Person.objects.select_related("branch").get(id=person_id)
    creditor = person.branch.creditor_id if person.branch else None
    return Reach(person_id, person.team_id, frozenset(), creditor)


def _check_open(me: int, currency: str, days: set[date], last: tuple[date] | None) -> None:
    if last is None:
        return
    closed = CashDay.objects.filter(person_id=me, currency=currency, day_on__in=days)
    day = closed.order_by("-day_on").values_list("day_on", flat=True).first()
    if day is not None:
        raise Refused(
            "cash.day_closed",
            "Your cash of {day} in {currency} is closed. What comes in now is of the next day.",
            day=day,
            currency=currency,
        )


def _unclosed(ctx: Context, currency: str, last: tuple[date] | None) -> list[Verdict]:
    """A verdict where an earlier day was left open and the policy minds."""
    terms = terms_at(ctx.as_of)
    if terms.open_day == "warn":
        return []
    left = CashEntry.objects.filter(
        person_id=ctx.standing.actor_id, currency=currency, day_on__lt=ctx.as_of
    )
    left = left.filter(day_on__gt=last[0]) if last else left
    day = left.order_by("day_on").values_list("day_on", flat=True).first()
    if day is None:
        return []
    if terms.open_day == "deny":
        raise Refused(
            "cash.day_open",
            "Your cash of {day} in {currency} is not closed. Count and close it, then take more.",
            day=day, currency=currency,
        )  # fmt: skip
    return [
        ask(
            "cash.day_left_open",
            "Cash of {day} in {currency} was not closed. {who} may agree to more all the same.",
            approvers=terms.approvers,
            day=day,
            currency=currency,
            who=list(terms.approvers),
        )
    ]


def _by_law(ctx: Context, account: Account, amount_minor: int, on: date) -> list[Verdict]:
    body, _ = policies.at("cash", "law", ctx.as_of)
    country = Creditor.objects.values_list("country", flat=True).get(id=account.creditor_id)
    if not (known := body.get(country)):
        return []
    cash = Receipt.objects.filter(
        account__party_id=account.party_id, account__creditor_id=account.creditor_id,
        account__currency=account.currency, instrument="cash", kind="money", reversal=None,
    )  # fmt: skip
    wanted = {
        "receipt": amount_minor,
        "day": amount_minor + _total(cash.filter(value_on=on)),
        "account": amount_minor + _total(cash.filter(account=account)),
    }
    return rules.judge_law(known, account.currency, wanted, terms_at(ctx.as_of).approvers)


def _total(rows: QuerySet) -> int:
    return rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0


def _sum(rows: list[tuple[str, int]]) -> int:
    return rows[0][1] if rows else 0


@Prepared
def _held(person_id: int, currency: str) -> QuerySet:
    found = CashItem.objects.filter(holder_id=person_id, currency=currency).order_by()
    return found.values_list("currency").annotate(sum=Sum("amount_minor"))


@Prepared
def _taken_on(person_id: int, currency: str, day_on: date) -> QuerySet:
    found = CashEntry.objects.filter(person_id=person_id, currency=currency, day_on=day_on)
    kept = found.filter(kind__in=("take", "reverse")).order_by()
    return kept.values_list("currency").annotate(sum=Sum("amount_minor"))


@Prepared
def _last(person_id: int, currency: str) -> QuerySet:
    closed = CashDay.objects.filter(person_id=person_id, currency=currency)
    return closed.order_by("-day_on").values_list("day_on")[:1]
