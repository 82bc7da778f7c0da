"""Obligations: raised, adjusted, waived, cancelled. The line itself is never changed.

Each correction is an adjustment from its own day; money that a lowered line no longer needs
is unapplied from then on, unless the account's waterfall carries it. Late charges are
charges.py, whole schedules contracts.py.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Sum

from tahsil.actions import _given, _limits, allocating
from tahsil.actions._verb import Act, Context, account_of, verb
from tahsil.actions.receipts import check_contract, locked
from tahsil.core.book.categories import REFUND, category_index, category_of
from tahsil.core.grammar.authority import Verdict
from tahsil.core.grammar.money import PPM
from tahsil.core.grammar.refusal import Refused
from tahsil.store import standing
from tahsil.store.models import Adjustment, Obligation

WAIVED_DAYS = 365  # concessions are counted together over a year
LIMITS = {"penalty": "penalty_waiver", "bounce_fee": "bounce_fee_waiver"}
WAIVABLE = ("penalty", "fee", "cost", "interest")


@verb("obligation.raise")
def raise_(
    ctx: Context,
    *,
    account_id: int,
    category: str,
    amount_minor: int,
    due_on: date | str,
    contract_id: int | None = None,
    label: str = "",
    reference: str = "",
) -> Act:
    """Something more is owed, for one reason, by a day."""
    account = locked(account_id)
    category_index(category)
    _check_own(category)
    check_contract(account_id, contract_id)
    obligation = Obligation.objects.create(
        account=account,
        contract_id=contract_id,
        category=category,
        label=label.strip()[:160],
        amount_minor=_given.need_amount(amount_minor),
        due_on=_given.need_date(due_on, "due date"),
        raised_on=ctx.as_of,
        recorded_at=ctx.now,
        reference=reference.strip()[:60],
    )
    settled(ctx, account_id, since=ctx.as_of)
    facts = {
        "category": category,
        "label": obligation.label,
        "amount_minor": amount_minor,
        "currency": account.currency,
        "due_on": obligation.due_on,
        "reference": obligation.reference,
    }
    return Act(f"obligation:{obligation.id}", account_id, facts)


def _correcting(
    ctx: Context, *, account_id: int, obligation_id: int, amount_minor: int, **params: Any
) -> Verdict:
    obligation = obligation_of(account_id, obligation_id)
    _check_own(obligation.category)
    _check_worth(obligation, amount_minor)
    if amount_minor < 0:
        currency = obligation.account.currency
        return _limits.judge(ctx, "write_off", amount_minor=-amount_minor, currency=currency)
    return _limits.FREE


@verb("obligation.adjust", limits=_correcting)
def adjust(
    ctx: Context,
    *,
    account_id: int,
    obligation_id: int,
    amount_minor: int,
    reason: str,
    effective_on: date | str | None = None,
) -> Act:
    """What a line amounts to was corrected, up or down, from a day on."""
    account = locked(account_id)
    obligation = obligation_of(account_id, obligation_id)
    reason = _given.need_text(reason, "reason")
    on = _given.as_date(effective_on, "effective date") or ctx.as_of
    if not obligation.raised_on <= on <= ctx.as_of:
        raise Refused(
            "obligation.adjusted_date",
            "This line can be adjusted from {earliest} to {latest}, not on {effective_on}.",
            earliest=obligation.raised_on,
            latest=ctx.as_of,
            effective_on=on,
        )
    _check_worth(obligation, amount_minor)
    change(ctx, obligation, amount_minor, kind="correction", reason=reason, on=on)
    settled(ctx, account_id, since=on)
    facts = _facts(obligation, account.currency, amount_minor, reason)
    return Act(f"obligation:{obligation_id}", account_id, facts, on)


def _waiving(
    ctx: Context, *, account_id: int, obligation_id: int, amount_minor: int | None = None,
    **params: Any,
) -> Verdict:  # fmt: skip
    obligation = obligation_of(account_id, obligation_id)
    category = category_of(category_index(obligation.category))
    if category.kind not in WAIVABLE:
        raise Refused(
            "obligation.not_waivable",
            "{category} cannot be given up here: only penalties, fees, costs and interest can. "
            "Others are adjusted or settled.",
            category=obligation.category,
        )
    amount = _waived(ctx, obligation, amount_minor)
    limit = LIMITS.get(obligation.category, "penalty_waiver")
    account = account_of(account_id)
    earlier = Adjustment.objects.filter(
        account__party_id=account.party_id,
        kind="waiver",
        effective_on__gt=ctx.as_of - timedelta(days=WAIVED_DAYS),
    )
    if limit == "bounce_fee_waiver":
        return _limits.judge(
            ctx, limit, count=earlier.filter(obligation__category="bounce_fee").count() + 1
        )
    alike = earlier.filter(account__currency=account.currency)
    before = -(alike.aggregate(sum=Sum("amount_minor"))["sum"] or 0)
    # Half of 909.37 is 454.69 as money goes: what rounding adds is no larger share.
    share = (2 * amount - 1) * PPM // (2 * obligation.amount_minor)
    return _limits.judge(
        ctx, limit, currency=account.currency, amount_minor=before + amount, share_ppm=share
    )


@verb("obligation.waive", limits=_waiving)
def waive(
    ctx: Context,
    *,
    account_id: int,
    obligation_id: int,
    reason: str,
    amount_minor: int | None = None,
) -> Act:
    """A charge was given up, in part or all that is open of it."""
    account = locked(account_id)
    obligation = obligation_of(account_id, obligation_id)
    reason = _given.need_text(reason, "reason")
    amount = _waived(ctx, obligation, amount_minor)
    change(ctx, obligation, -amount, kind="waiver", reason=reason, on=ctx.as_of)
    settled(ctx, account_id, since=ctx.as_of)
    facts = _facts(obligation, account.currency, amount, reason)
    return Act(f"obligation:{obligation_id}", account_id, facts)


def _cancelling(ctx: Context, *, account_id: int, obligation_id: int, **params: Any) -> Verdict:
    obligation = obligation_of(account_id, obligation_id)
    _check_own(obligation.category)
    currency = obligation.account.currency
    return _limits.judge(ctx, "write_off", currency=currency, amount_minor=worth_of(obligation))


@verb("obligation.cancel", limits=_cancelling)
def cancel(ctx: Context, *, account_id: int, obligation_id: int, reason: str) -> Act:
    """A line that should not have been raised is worth nothing from today."""
    account = locked(account_id)
    obligation = obligation_of(account_id, obligation_id)
    reason = _given.need_text(reason, "reason")
    worth = worth_of(obligation)
    if worth <= 0:
        raise Refused("obligation.nothing_left", "This line is worth nothing already.")
    change(ctx, obligation, -worth, kind="cancel", reason=reason, on=ctx.as_of)
    settled(ctx, account_id, since=ctx.as_of)
    facts = _facts(obligation, account.currency, worth, reason)
    return Act(f"obligation:{obligation_id}", account_id, facts)


def obligation_of(account_id: int, obligation_id: int) -> Obligation:
    """The obligation, refused where it is not on this account."""
    found = Obligation.objects.filter(id=obligation_id, account_id=account_id).first()
    if found is None:
        raise Refused(
            "obligation.unknown",
            "There is no obligation {obligation_id} on this account.",
            obligation_id=obligation_id,
        )
    return found


def worth_of(obligation: Obligation) -> int:
    """What the obligation amounts to with all its adjustments."""
    sums = Adjustment.objects.filter(obligation=obligation).aggregate(sum=Sum("amount_minor"))
    return int(obligation.amount_minor + (sums["sum"] or 0))


def _check_own(category: str) -> None:
    """Refuses a line that only a refund raises and takes back."""
    if category == REFUND:
        raise Refused(
            "obligation.refund",
            "A refund's line comes and goes with the refund: ask for one, or record that its money "
            "came back.",
        )


def _check_worth(obligation: Obligation, amount_minor: int) -> None:
    worth = worth_of(obligation)
    _given.check_amount(worth + amount_minor)
    if amount_minor == 0 or worth + amount_minor < 0:
        raise Refused(
            "obligation.below_nothing",
            "The line amounts to {worth_minor}; it can be lowered by up to that, or raised.",
            worth_minor=worth,
            asked_minor=amount_minor,
            currency=account_of(obligation.account_id).currency,
        )


def change(
    ctx: Context, obligation: Obligation, amount_minor: int, *, kind: str, reason: str, on: date
) -> Adjustment:
    """One adjustment more; what was paid too much is set free by `settled`."""
    return Adjustment.objects.create(
        obligation=obligation,
        account_id=obligation.account_id,
        kind=kind,
        amount_minor=amount_minor,
        effective_on=on,
        recorded_at=ctx.now,
        reason=reason,
    )


def settled(ctx: Context, account_id: int, *, since: date) -> None:
    """Allocations and cached standing of the account are what its rows now say."""
    allocating.settle([account_id], now=ctx.now, since=since)
    standing.refresh([account_id], as_of=ctx.as_of)


def _waived(ctx: Context, obligation: Obligation, amount_minor: int | None) -> int:
    left = allocating.open_minor(obligation.account_id, as_of=ctx.as_of).get(obligation.id, 0)
    amount = left if amount_minor is None else _given.need_amount(amount_minor)
    if not 0 < amount <= left:
        raise Refused(
            "obligation.open",
            "{open_minor} of this line is open, so {asked_minor} cannot be given up.",
            open_minor=left,
            asked_minor=amount,
            currency=account_of(obligation.account_id).currency,
        )
    return amount


def _facts(obligation: Obligation, currency: str, amount_minor: int, reason: str) -> dict[str, Any]:
    return {
        "category": obligation.category,
        "label": obligation.label,
        "amount_minor": amount_minor,
        "currency": currency,
        "reason": reason,
    }
