"""Returns: what follows from a paper the bank did not pay, or took back, in one act.

The try is closed, the fee raised, the promise broken, the drawer's other leaves marked, the
collector's next step set. Lines were never paid by a paper, so none reopens; a credit the bank
takes back later is a reversal of its receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q

from tahsil.actions import _given, _paper, contact, receipts
from tahsil.actions._paper import agreeing, instrument_of
from tahsil.actions._verb import Act, Context, verb
from tahsil.actions.obligations import settled
from tahsil.actions.presenting import family
from tahsil.actions.receipts import locked
from tahsil.core.book.instruments import PHYSICAL
from tahsil.core.book.presenting import Family
from tahsil.core.grammar.authority import Verdict
from tahsil.core.grammar.lifecycle import PROMISE
from tahsil.core.grammar.refusal import Refused
from tahsil.store import policies
from tahsil.store.models import (
    Account,
    BankMatch,
    Instrument,
    Obligation,
    Presentment,
    Promise,
)


@dataclass(frozen=True)
class Memo:
    """What the bank said with a paper it returned."""

    reason: str
    text: str
    on: Any
    charge_minor: int
    is_original_here: bool = True


@verb("instrument.bounce")
def bounce(
    ctx: Context,
    *,
    account_id: int,
    instrument_id: int,
    reason: str,
    memo: str,
    effective_on: date | str | None = None,
    charge_minor: int = 0,
    is_original_here: bool = True,
) -> Act:
    """The bank returned the paper unpaid, with all that follows from it."""
    said = Memo(reason, memo, effective_on, charge_minor, is_original_here)
    return _returned(ctx, "bounce", instrument_of(account_id, instrument_id), said)


@verb("instrument.bounce_discounted")
def bounce_discounted(
    ctx: Context,
    *,
    account_id: int,
    instrument_id: int,
    reason: str,
    memo: str,
    effective_on: date | str | None = None,
    charge_minor: int = 0,
) -> Act:
    """A paper the bank had bought was returned unpaid and charged back to us."""
    said = Memo(reason, memo, effective_on, charge_minor)
    return _returned(ctx, "bounce_discounted", instrument_of(account_id, instrument_id), said)


def _late(
    ctx: Context, *, account_id: int, instrument_id: int, charge_minor: Any = 0, **params: Any
) -> Verdict:
    verdict = agreeing("bounce_late")(ctx, account_id=account_id, instrument_id=instrument_id)
    found = instrument_of(account_id, instrument_id)
    _paper.charge_of(found, charge_minor, ctx.as_of)
    _check_unmatched(found)
    return verdict


@verb("instrument.bounce_late", limits=_late)
def bounce_late(
    ctx: Context,
    *,
    account_id: int,
    instrument_id: int,
    reason: str,
    memo: str,
    effective_on: date | str | None = None,
    charge_minor: int = 0,
) -> Act:
    """The bank took a credit back: the receipt is reversed, the paper came back unpaid."""
    said = Memo(reason, memo, effective_on, charge_minor)
    return _returned(ctx, "bounce_late", instrument_of(account_id, instrument_id), said)


def _taking_back(ctx: Context, *, account_id: int, instrument_id: int, **params: Any) -> Verdict:
    of = {"account_id": account_id, "instrument_id": instrument_id}
    verdict = agreeing("take_back_clearing")(ctx, **of)
    _check_unmatched(instrument_of(**of))
    return verdict


@verb("instrument.take_back_clearing", limits=_taking_back)
def take_back_clearing(ctx: Context, *, account_id: int, instrument_id: int, document: str) -> Act:
    """A clearing was recorded wrongly: the receipt is reversed, the answer is awaited again."""
    locked(account_id)
    found = instrument_of(account_id, instrument_id)
    _check_unmatched(found)
    document = _given.need_text(document, "document", most=160)
    on, number = take_back(ctx, found, document)
    return _paper.act(ctx, found, on, receipt=number, document=document)


def take_back(ctx: Context, found: Instrument, document: str) -> tuple[date, str]:
    """The clearing is taken back, part of whichever act does it; its day, and which receipt."""
    on = _paper.move(ctx, found, "take_back_clearing", evidence=["document"], document=document)
    tried = _paper.last_try(found)
    number = _undone(ctx, tried, document, on)
    Presentment.objects.filter(id=tried.id).update(
        result="", answered_on=None, paid_minor=0, receipt=None
    )
    return on, number


def _check_unmatched(found: Instrument) -> None:
    """Refuses to take back by hand what a line of the bank stands for."""
    matches = BankMatch.objects.filter(
        presentment__instrument=found, presentment__result="cleared", undone_at=None,
        presentment__receipt=F("receipt"),
    )  # fmt: skip
    match = matches.select_related("line__bank_account").first()
    if match is not None:
        raise Refused(
            "instrument.matched",
            "The line of {booked_on} over {line_minor} on {bank_account} is what cleared "
            "{number}. Take its match back at the bank first.",
            booked_on=match.line.booked_on,
            line_minor=match.line.amount_minor,
            currency=match.line.bank_account.currency,
            bank_account=match.line.bank_account.code,
            number=found.number,
            line_id=match.line_id,
        )


def _returned(ctx: Context, name: str, found: Instrument, said: Memo) -> Act:
    account = locked(found.account_id)
    if name == "bounce_late":
        _check_unmatched(found)
    why = family(said.reason, ctx.as_of, _paper.banks_of(found))
    charge = _paper.charge_of(found, said.charge_minor, ctx.as_of)
    memo = _given.need_text(said.text, "return memo", most=160)
    on = _paper.move(
        ctx, found, name, evidence=["reason", "memo"], document=memo,
        place="safe" if said.is_original_here else "bank", on=said.on,
        bounced_on=_given.as_date(said.on) or ctx.as_of, owner="own",
    )  # fmt: skip
    tried = _paper.last_try(found)
    undone = _undone(ctx, tried, memo, on) if name == "bounce_late" else ""
    _paper.answer(found, on, "bounced", reason=why.code, memo=memo, paid_minor=0,
                  charge_minor=charge, receipt_id=None)  # fmt: skip
    fee = _fee(ctx, found, why, charge_minor=charge, on=on)
    broken = _break_promise(account, found, on)
    step = "call" if why.next in ("call", "replace", "fix") else "review"
    contact.move_step(account, contact.step_of(ctx, step, ctx.as_of, None))
    return _paper.act(
        ctx, found, on, reason=why.code, said=said.reason.strip()[:160], memo=memo, fee_minor=fee,
        charge_minor=charge, promise_id=broken, warned=_warn(found, why),
        has_clock=why.has_clock, receipt=undone,
    )  # fmt: skip


def _undone(ctx: Context, tried: Presentment, reason: str, on: date) -> str:
    """The number of the receipt of that try, reversed now; nothing where there was none."""
    if tried.receipt is None:
        return ""
    receipts.undo(ctx, tried.receipt, reason=reason[:200], on=on)
    return tried.receipt.number


def _fee(ctx: Context, found: Instrument, why: Family, *, charge_minor: int, on: date) -> int:
    """The bank's charge and our own as one line of bounce fee, where the drawer bears it."""
    if not why.has_fee:
        return 0
    account = found.account
    body, _ = policies.at("bounce", "fee", ctx.as_of)
    amount = charge_minor + body.get(account.currency, 0)
    if amount:
        Obligation.objects.create(
            account=account, contract_id=found.contract_id, category="bounce_fee",
            label=found.number, amount_minor=amount, due_on=on, raised_on=on,
            recorded_at=ctx.now, reference=f"BNC-{found.id}-{on.isoformat()}",
        )  # fmt: skip
        settled(ctx, account.id, since=on)
    return amount


def _break_promise(account: Account, found: Instrument, on: date) -> int | None:
    """The open promise this paper was the keeping of is broken; which one."""
    promise = Promise.objects.filter(account=account, state="open", instrument="cheque").first()
    if promise is None or promise.promised_on != found.matures_on:
        return None
    after = PROMISE.step(promise.state, "break")
    Promise.objects.filter(id=promise.id).update(state=after, judged_on=on)
    return promise.id


def _warn(found: Instrument, why: Family) -> list[str]:
    """An account that is closed pays none of its other leaves: they are marked."""
    if not why.kills_leaves:
        return []
    same = Q(account_id=found.account_id, bank=found.bank)
    if found.drawn_on:
        same = Q(bank=found.bank, drawn_on=found.drawn_on)
    others = Instrument.objects.filter(same, state__in=PHYSICAL).exclude(id=found.id)
    numbers = list(others.order_by("number").values_list("number", flat=True))
    others.update(warning=why.code)
    return numbers
