"""The end of a contract: its lines fall away, a share is kept, the rest waits to be paid back.

One act, agreed to by somebody else: lines are lowered, the share is raised as an obligation of its
own and paid first, what stays owed of the contract after it; the rest of the money waits on
account until refund.ask. What the end comes to is queries/endings.py; nothing ends by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Sum

from tahsil.actions import _codes, _given, _limits, allocating
from tahsil.actions._verb import Act, Context, verb
from tahsil.actions.obligations import change
from tahsil.actions.receipts import locked
from tahsil.core.book import endings as rules
from tahsil.core.grammar.authority import Verdict, ask
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import endings
from tahsil.queries.endings import ENDED, Asked, Ending
from tahsil.store import standing
from tahsil.store.models import (
    Adjustment,
    Allocation,
    Contract,
    Event,
    Instrument,
    InstrumentMove,
    Obligation,
    OnAccount,
    RefundPart,
)

CHARGE = "termination_deduction"
WAITS = "contract_ended"  # why its money lies on account
TAKEN_BACK = "reinstate"  # the kind of adjustment that raises again what an end lowered


def _ending(
    ctx: Context, *, account_id: int, contract_id: int, reason: str, document: str, **params: Any
) -> Verdict:
    """Always somebody else's yes, of a role whose limit reaches so far."""
    found = _checked(ctx, account_id, contract_id, reason=reason, document=document, **params)
    settled, currency = found.settled, found.currency
    approvers = _limits.others(
        ctx, "termination", currency=currency, amount_minor=settled.refund_minor,
        paid_ppm=found.paid_ppm,
    )  # fmt: skip
    facts = {
        "number": found.number,
        "paid_minor": settled.paid_minor,
        "charge_minor": settled.raised_minor,
        "refund_minor": settled.refund_minor,
        "currency": currency,
        "who": list(approvers),
    }
    if not found.terms.is_verified:
        return ask(
            "ending.unverified",
            "Ending {number} keeps {charge_minor} of {paid_minor} and gives {refund_minor} back. "
            "The law behind these terms was not verified: counsel first. {who} may agree.",
            approvers=approvers, **facts,
        )  # fmt: skip
    return ask(
        "ending.second_person",
        "Ending {number} keeps {charge_minor} of {paid_minor} and gives {refund_minor} back. "
        "{who} may agree, but not who asks.",
        approvers=approvers, **facts,
    )  # fmt: skip


@verb("contract.terminate", limits=_ending)
def terminate(
    ctx: Context,
    *,
    account_id: int,
    contract_id: int,
    reason: str,
    document: str,
    ended_on: date | str | None = None,
    settlement: str = "",
    charge_minor: int | None = None,
    done_ppm: int | None = None,
) -> Act:
    """A contract ended on a day: its lines fell away, a share is kept, the rest can be paid back.

    `settlement` is unwind, open or future, `charge_minor` what is kept, where they are not the
    policy's; `done_ppm` is how far the work is, where a ceiling depends on it.
    """
    locked(account_id)
    found = _checked(
        ctx, account_id, contract_id, reason=reason, document=document, ended_on=ended_on,
        settlement=settlement, charge_minor=charge_minor, done_ppm=done_ppm,
    )  # fmt: skip
    on, settled = _day(ctx, ended_on), found.settled
    contract = endings.contract_of(account_id, contract_id)
    lines = Obligation.objects.in_bulk([key for key, _ in settled.cancelled])
    paid = _freed(found)
    freed = list(_by_receipt(paid).items())
    for key, amount in settled.cancelled:
        start = max(on, lines[key].raised_on)
        change(ctx, lines[key], -amount, kind="cancel", reason=contract.number, on=start)
    charge = _charge(ctx, contract, settled.raised_minor, on)
    wanted = [(charge.id, settled.raised_minor)] if charge else []
    placed = rules.place(freed, [*wanted, *settled.owed])
    held = [list(pair) for pair in freed]
    Contract.objects.filter(id=contract.id).update(status=ENDED)
    ending = (on, held, [list(row) for row in placed])
    allocating.settle([account_id], now=ctx.now, since=on, ending=ending)
    standing.refresh([account_id], as_of=ctx.as_of)
    if settled.refund_minor:
        _waits(ctx, contract)
    facts = {
        **_figures(found),
        "reason": reason,
        "document": document.strip(),
        "charge_id": charge.id if charge else None,
        "paid": [list(row) for row in paid],
        "held": held,
        "placed": ending[2],
        "before": contract.status,
    }
    policies = {found.policy: found.version}
    return Act(f"contract:{contract_id}", account_id, facts, on, policies)


@verb("contract.reinstate")
def reinstate(
    ctx: Context, *, account_id: int, contract_id: int, reason: str, document: str
) -> Act:
    """An ended contract lives again: its lines are owed as before and its money pays them."""
    locked(account_id)
    contract = endings.contract_of(account_id, contract_id)
    reason = _given.need_text(reason, "reason")
    document = _given.need_text(document, "document", most=160)
    ended = endings.ended(contract)
    if ended is None:
        raise Refused(
            "ending.not_ended", "Contract {number} did not end here, so it cannot live again.",
            number=contract.number,
        )  # fmt: skip
    facts = Event.objects.get(id=ended.event_id).facts
    _check_reversible(ctx, contract, ended, facts)
    on = ctx.as_of
    lines = Obligation.objects.in_bulk([key for key, _ in facts["cancelled"]])
    for key, amount in facts["cancelled"]:
        change(ctx, lines[key], amount, kind=TAKEN_BACK, reason=reason, on=on)
    if facts["charge_id"]:
        charge = Obligation.objects.get(id=facts["charge_id"])
        if worth := _worth(charge):
            change(ctx, charge, -worth, kind=TAKEN_BACK, reason=reason, on=on)
    used = _by_receipt(facts["placed"])
    let_go = [[key, used.get(key, 0) - amount] for key, amount in facts["held"]]
    held = [pair for pair in let_go if pair[1]]
    Contract.objects.filter(id=contract.id).update(status=facts["before"])
    allocating.settle([account_id], now=ctx.now, since=on, ending=(on, held, facts["paid"]))
    standing.refresh([account_id], as_of=ctx.as_of)
    told = {"number": contract.number, "reason": reason, "document": document}
    return Act(
        f"contract:{contract_id}", account_id,
        {**told, "ended_on": ended.on, "held": held, "placed": facts["paid"]},
    )  # fmt: skip


def _checked(
    ctx: Context, account_id: int, contract_id: int, *, reason: str, document: str,
    ended_on: date | str | None = None, settlement: str = "", charge_minor: int | None = None,
    done_ppm: int | None = None,
) -> Ending:  # fmt: skip
    """What the end comes to; refused where it cannot end like this."""
    contract = endings.contract_of(account_id, contract_id)
    endings.check_status(contract)
    on = _day(ctx, ended_on)
    why = _codes.item("endings", reason, on)
    keeps = why.get("keeps", True)
    _given.need_text(document, "document", most=160)
    if charge_minor:
        _given.need_amount(charge_minor, "charge")
        if not keeps:
            raise Refused(
                "ending.keeps_nothing",
                "Where a contract ends for {reason}, nothing is kept.",
                reason=why["labels"],
            )
    if done_ppm is not None and not 0 <= done_ppm <= rules.PPM:
        raise Refused("ending.share", "How far the work is goes from 0 to 100 per cent.")
    asked = Asked(on, settlement, charge_minor if keeps else 0, done_ppm)
    found = endings.preview(contract, asked)
    if found.terms.ceilings and keeps and done_ppm is None:
        raise Refused(
            "ending.share_missing",
            "How far the work is decides how much may be kept of {number}. Say it.",
            number=contract.number,
        )
    earliest = found.earliest_on or on
    if not earliest <= on <= ctx.as_of:
        raise Refused(
            "ending.day",
            "Contract {number} can end from {earliest} to {latest}, not on {asked_on}: its lines "
            "were changed or signed after it, or the day has not come.",
            number=contract.number, earliest=earliest, latest=ctx.as_of, asked_on=on,
        )  # fmt: skip
    return found


def _day(ctx: Context, ended_on: date | str | None) -> date:
    return _given.as_date(ended_on, "day") or ctx.as_of


def _freed(found: Ending) -> list[tuple[int, int, int]]:
    """(receipt, line, amount) of what was paid of lines that fall away whole, oldest first."""
    if not found.settled.freed_minor:
        return []
    rows = Allocation.objects.filter(obligation_id__in=[key for key, _ in found.settled.cancelled])
    sums = rows.values("receipt_id", "obligation_id").annotate(sum=Sum("amount_minor"))
    order = sums.filter(sum__gt=0).order_by("receipt__value_on", "receipt_id", "obligation_id")
    return list(order.values_list("receipt_id", "obligation_id", "sum"))


def _by_receipt(rows: Iterable[Sequence[int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for receipt, _, amount in rows:
        found[receipt] = found.get(receipt, 0) + amount
    return found


def _figures(found: Ending) -> dict[str, Any]:
    """What the event keeps of the amounts, so that it can be read and taken back."""
    settled = found.settled
    return {
        "number": found.number,
        "paid_minor": settled.paid_minor,
        "charge_minor": settled.raised_minor,
        "shortfall_minor": settled.shortfall_minor,
        "refund_minor": settled.refund_minor,
        "currency": found.currency,
        "settlement": found.terms.settlement,
        "lines": len(settled.cancelled),
        "cancelled": [list(pair) for pair in settled.cancelled],
        "papers": [each.number for each in found.papers],
        "reinstate_days": found.terms.reinstate_days,
    }


def _charge(ctx: Context, contract: Contract, amount: int, on: date) -> Obligation | None:
    if not amount:
        return None
    return Obligation.objects.create(
        account_id=contract.account_id, contract=contract, category=CHARGE, amount_minor=amount,
        due_on=on, raised_on=on, recorded_at=ctx.now, reference=contract.number[:60],
    )  # fmt: skip


def _waits(ctx: Context, contract: Contract) -> None:
    """The money on account waits because the contract ended; whoever looked after it still does."""
    said = {"reason": WAITS, "note": contract.number, "changed_at": ctx.now}
    asker = {"owner_id": ctx.standing.actor_id or None}
    OnAccount.objects.update_or_create(
        account_id=contract.account_id, defaults=said, create_defaults={**said, **asker}
    )


def _worth(line: Obligation) -> int:
    changed = Adjustment.objects.filter(obligation=line).aggregate(sum=Sum("amount_minor"))["sum"]
    return int(line.amount_minor + (changed or 0))


def _check_reversible(
    ctx: Context, contract: Contract, ended: endings.Ended, facts: dict[str, Any]
) -> None:
    """Refused once the days are over, its money was promised back, or a paper was handed back."""
    if ctx.as_of > ended.until_on:
        raise Refused(
            "ending.over", "Contract {number} could be taken up again until {until_on}.",
            number=contract.number, until_on=ended.until_on,
        )  # fmt: skip
    receipts = [key for key, _ in facts["held"]]
    promised = RefundPart.objects.filter(receipt_id__in=receipts, refund__ending=None)
    if promised.filter(refund__approved_on__gte=ended.on).exists():
        raise Refused(
            "ending.refunded",
            "Money of contract {number} is promised or paid back. Take the refund back first.",
            number=contract.number,
        )
    gone = Instrument.objects.filter(contract=contract, state="returned_to_customer")
    moved = InstrumentMove.objects.filter(
        instrument__in=gone, verb="hand_back", effective_on__gte=ended.on
    )
    if numbers := sorted(set(moved.values_list("instrument__number", flat=True))):
        raise Refused(
            "ending.handed_back",
            "Papers of contract {number} were handed back: {papers}. Sign a new contract.",
            number=contract.number, papers=numbers,
        )  # fmt: skip
