"""The cashier's day: counted before told, closed at no difference or with a case; audit calls back.

Cash is never netted with expenses: nothing leaves a hand but by a hand-over or a deposit. A closed
day stays closed; what comes later is of the next. Moving cash is cash.py.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Max, Sum

from tahsil.actions import _cash, _given, _limits
from tahsil.actions._verb import Act, Context, verb
from tahsil.actions.cash import differ
from tahsil.core.book import cash as rules
from tahsil.core.book.cash import DayFigures
from tahsil.core.grammar.authority import Verdict
from tahsil.core.grammar.refusal import Refused
from tahsil.store import policies
from tahsil.store.cash import terms_at
from tahsil.store.models import (
    CashCall,
    CashCase,
    CashCount,
    CashDay,
    CashEntry,
    CashHandOver,
    CashItem,
    Receipt,
)

RESULTS = ("confirmed", "not_confirmed", "not_reached")
OUTCOMES = {
    "shortage": ("paid_back", "deducted", "written_off"),
    "overage": ("recorded", "given_back", "kept"),
    "reversed": ("recorded", "refunded"),
}
# What an outcome puts into the person's hand (1) or takes out of it (-1).
BRINGS = {
    ("shortage", "paid_back"): 1, ("reversed", "refunded"): 1,
    ("overage", "recorded"): -1, ("overage", "given_back"): -1,
}  # fmt: skip


@verb("cash.count")
def count(ctx: Context, *, currency: str, pieces: dict[str, int]) -> Act:
    """One's own cash was counted, note by note, before being told what it should be.

    `pieces` are notes in minor units and how many of each.
    """
    me = ctx.standing.actor_id
    notes, _ = policies.at("cash", "notes", ctx.as_of)
    known = notes.get(currency, ())
    made = CashCount.objects.create(
        person_id=me, currency=currency, day_on=ctx.as_of, pieces=pieces,
        counted_minor=rules.counted(known, pieces, currency),
        last_entry_id=_newest(me, currency), counted_at=ctx.now,
    )  # fmt: skip
    facts = {"amount_minor": made.counted_minor, "currency": currency}
    return Act(f"cash_count:{made.id}", None, facts)


@verb("cash.close_day")
def close_day(
    ctx: Context, *, currency: str, day_on: date | str | None = None, reason: str = ""
) -> Act:
    """One's own cash day was closed on the count; a difference has a reason and becomes a case."""
    me = ctx.standing.actor_id
    on = _closable(ctx, currency, _given.as_date(day_on, "day"))
    counted = CashCount.objects.filter(person_id=me, currency=currency).order_by("-id").first()
    if counted is None or counted.last_entry_id != _newest(me, currency):
        raise Refused(
            "cash.count_first",
            "Count your cash in {currency} first: something has moved since it was last counted.",
            currency=currency,
        )
    if CashHandOver.objects.filter(giver_id=me, currency=currency, state="offered").exists():
        raise Refused(
            "cash.offer_open",
            "Cash you offered is not counted yet, so it is still in your name. Close the day once "
            "it is accepted, or take the offer back.",
        )
    last = CashDay.objects.filter(person_id=me, currency=currency).order_by("-day_on").first()
    found = day_figures(me, currency, since=last.day_on if last else None, until=on)
    difference = counted.counted_minor - found.expected_minor
    case, terms = None, terms_at(ctx.as_of)
    if difference:
        if not reason.strip():
            raise Refused(
                "cash.difference",
                "You counted {counted_minor}; {expected_minor} should be there. Count again, or "
                "close the day with the reason: the difference becomes a case in your name.",
                counted_minor=counted.counted_minor, expected_minor=found.expected_minor,
                currency=currency,
            )  # fmt: skip
        case, _item = differ(ctx, me, currency, difference, reason, day_on=on)
    made = CashDay.objects.create(
        person_id=me, currency=currency, day_on=on, opening_minor=found.opening_minor,
        taken_minor=found.taken_minor, reversed_minor=found.reversed_minor,
        received_minor=found.received_minor, given_minor=found.given_minor,
        deposited_minor=found.deposited_minor, adjusted_minor=found.adjusted_minor,
        expected_minor=found.expected_minor, difference_minor=difference, count=counted, case=case,
        closed_at=ctx.now,
        needs_signature=terms.sign == "always" or (terms.sign == "difference" and case is not None),
    )  # fmt: skip
    facts = {
        "day": on, "currency": currency, "amount_minor": counted.counted_minor,
        "difference_minor": difference, "reason": reason.strip(),
    }  # fmt: skip
    return Act(f"cash_day:{made.id}", None, facts, on)


@verb("cash.sign_day")
def sign_day(ctx: Context, *, day_id: int) -> Act:
    """A second person looked at a closed day and signed it."""
    found = CashDay.objects.select_related("person").filter(id=day_id).first()
    if found is None:
        raise Refused("cash.no_day", "There is no such closed day.")
    if found.person_id == ctx.standing.actor_id:
        raise Refused("cash.own_day", "Nobody signs their own day. A colleague may.")
    _cash.check_person(ctx, "cash.sign_day", found.person_id)
    signed = CashDay.objects.filter(id=day_id, signed_by=None)
    if not signed.update(signed_by_id=ctx.standing.actor_id, signed_at=ctx.now):
        raise Refused("cash.signed", "This day is signed already.")
    facts = {
        "day": found.day_on, "person": found.person.name, "currency": found.currency,
        "difference_minor": found.difference_minor,
    }  # fmt: skip
    return Act(f"cash_day:{found.id}", None, facts)


def _settling(ctx: Context, *, case_id: int, outcome: str, **params: Any) -> Verdict:
    """Writing money off has limits; all else is the leader's to say."""
    found = _open_case(case_id)
    if outcome != "written_off":
        return _limits.FREE
    return _limits.judge(ctx, "write_off", currency=found.currency, amount_minor=found.amount_minor)


@verb("cash.settle_case", limits=_settling)
def settle_case(ctx: Context, *, case_id: int, outcome: str, note: str) -> Act:
    """A difference in somebody's name is settled: paid back, deducted, written off or recorded."""
    found = _open_case(case_id)
    if found.person_id == ctx.standing.actor_id:
        raise Refused(
            "cash.own_case", "Nobody settles a difference in their own name. Your leader may."
        )
    _cash.check_person(ctx, "cash.settle_case", found.person_id)
    if outcome not in OUTCOMES[found.kind]:
        raise Refused(
            "cash.outcome", "{outcome} does not settle a case of {kind}. Possible: {possible}.",
            outcome=outcome or "-", kind=found.kind, possible=list(OUTCOMES[found.kind]),
        )  # fmt: skip
    note = _given.need_text(note, "note")
    changed = CashCase.objects.filter(id=case_id, state="open").update(
        state=outcome, settled_on=ctx.as_of, settled_by_id=ctx.standing.actor_id,
        settled_note=note,
    )  # fmt: skip
    if not changed:
        raise Refused("cash.settled", "This case was settled a moment ago. Look again.")
    if sign := BRINGS.get((found.kind, outcome)):
        _repay(ctx, found, sign * found.amount_minor)
    facts = {
        "person": found.person.name, "kind": found.kind, "amount_minor": found.amount_minor,
        "currency": found.currency, "outcome": outcome, "note": note,
    }  # fmt: skip
    return Act(f"cash_case:{found.id}", None, facts)


@verb("cash.call_back")
def call_back(ctx: Context, *, receipt_id: int, result: str, note: str = "") -> Act:
    """Audit asked the customer about a receipt in cash, and this is what they said."""
    found = Receipt.objects.select_related("account").filter(id=receipt_id).first()
    if found is None or found.instrument != "cash":
        raise Refused("cash.no_receipt", "There is no receipt in cash of that number.")
    if found.cashier_id == ctx.standing.actor_id:
        raise Refused("cash.own_call", "Nobody calls back their own receipts.")
    if result not in RESULTS:
        raise Refused(
            "cash.result", "{result} is no result of a call back. Known: {known}.",
            result=result or "-", known=list(RESULTS),
        )  # fmt: skip
    if result == "not_confirmed":
        _given.need_text(note, "note")
    CashCall.objects.update_or_create(
        receipt=found,
        defaults={
            "result": result, "note": note.strip()[:200], "called_on": ctx.as_of,
            "recorded_at": ctx.now, "by_id": ctx.standing.actor_id,
        },
    )  # fmt: skip
    facts = {
        "number": found.number, "amount_minor": found.amount_minor,
        "currency": found.account.currency, "result": result, "note": note.strip(),
    }  # fmt: skip
    return Act(f"receipt:{found.id}", found.account_id, facts)


def day_figures(person_id: int, currency: str, *, since: date | None, until: date) -> DayFigures:
    """The figures of the days after `since` up to `until`, as the entries say."""
    rows = CashEntry.objects.filter(person_id=person_id, currency=currency)
    before = (
        rows.filter(day_on__lte=since).aggregate(sum=Sum("amount_minor"))["sum"] if since else 0
    )
    now = rows.filter(day_on__lte=until)
    now = now.filter(day_on__gt=since) if since else now
    moved = now.order_by().values_list("kind").annotate(sum=Sum("amount_minor"))
    return rules.figures(before or 0, dict(moved))


def _closable(ctx: Context, currency: str, wanted: date | None) -> date:
    """The day to close: the one named, else the last that has entries, else today."""
    me = ctx.standing.actor_id
    last = CashDay.objects.filter(person_id=me, currency=currency).aggregate(d=Max("day_on"))["d"]
    rows = CashEntry.objects.filter(person_id=me, currency=currency)
    newest = (rows.filter(day_on__gt=last) if last else rows).aggregate(d=Max("day_on"))["d"]
    on = wanted or newest or ctx.as_of
    if last and on <= last:
        raise Refused(
            "cash.closed", "Your cash in {currency} is closed up to {day}.",
            currency=currency, day=last,
        )  # fmt: skip
    if on > ctx.as_of or (newest and newest > on):
        raise Refused(
            "cash.day_order",
            "Your cash moved on {newest}, so that day is to be closed; it covers the days before.",
            newest=newest or ctx.as_of,
        )
    return on


def _newest(person_id: int, currency: str) -> int:
    rows = CashEntry.objects.filter(person_id=person_id, currency=currency)
    return rows.aggregate(id=Max("id"))["id"] or 0


def _open_case(case_id: int) -> CashCase:
    found = CashCase.objects.select_related("person").filter(id=case_id).first()
    if found is None:
        raise Refused("cash.no_case", "There is no such case.")
    if found.state != "open":
        raise Refused("cash.case_settled", "This case is {state}.", state=found.state)
    return found


def _repay(ctx: Context, case: CashCase, amount_minor: int) -> None:
    """Money of a case comes into the person's hand, or leaves it; both ends cancel out there."""
    item = CashItem.objects.create(
        kind="repayment", case=case, currency=case.currency, amount_minor=amount_minor,
        taken_at=ctx.now, holder_id=case.person_id,
    )  # fmt: skip
    _cash.enter(ctx, [item], case.person_id, "repay")
    other = CashItem.objects.filter(case=case, holder=case.person).exclude(id=item.id).first()
    if other is not None:
        _cash.cancel_out([other, item])
