"""Papers held, replaced, settled otherwise, given back; none goes before its new cover is in.

How long and for how much somebody may hold or replace alone are limits `cheque_…`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from tahsil.actions import _given, _instead, _limits, _paper, allocating
from tahsil.actions._paper import agreeing, instrument_of, lines_of, open_minor, terms_of
from tahsil.actions._verb import Act, Context, Item, in_bulk, verb
from tahsil.actions.receipts import locked
from tahsil.core.book.instruments import BY_VERB, check_cover
from tahsil.core.book.presenting import check_hold
from tahsil.core.grammar.authority import Verdict
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import Instrument, InstrumentMove, InstrumentReplacement

WEEK, MONTH = 7, 30


def _holding(ctx: Context, *, account_id: int, instrument_id: int, until_on: Any,
             **params: Any) -> Verdict:  # fmt: skip
    found = instrument_of(account_id, instrument_id)
    until = _given.need_date(until_on, "end")
    days = (until - (found.matures_on or ctx.as_of)).days
    name = "week" if days <= WEEK else "month" if days <= MONTH else "longer"
    earlier = InstrumentMove.objects.filter(
        instrument__account_id=account_id, verb="hold",
        effective_on__gt=ctx.as_of.replace(year=ctx.as_of.year - 1, day=min(ctx.as_of.day, 28)),
    )  # fmt: skip
    return _limits.judge(
        ctx,
        f"cheque_hold_{name}",
        currency=found.account.currency,
        amount_minor=found.amount_minor,
        count=earlier.count() + 1,
    )


@verb("instrument.hold", limits=_holding)
def hold(
    ctx: Context,
    *,
    account_id: int,
    instrument_id: int,
    until_on: date | str,
    reason: str,
    has_consent: bool = False,
) -> Act:
    """A paper will be presented later than its date; it stays where it lies until then."""
    account = locked(account_id)
    found = instrument_of(account_id, instrument_id)
    reason = _given.need_text(reason, "reason")
    until = _given.need_date(until_on, "end")
    if found.matures_on is not None and found.state in BY_VERB["hold"].before:
        terms, calendar = terms_of(account, ctx.as_of)
        check_hold(
            found.number, found.state, asked_on=ctx.as_of, matures_on=found.matures_on,
            until_on=until, terms=terms, calendar=calendar,
        )  # fmt: skip
    on = _paper.move(
        ctx, found, "hold", evidence=["reason", "until_on"], document=reason,
        has_consent=has_consent, held_until_on=until,
    )  # fmt: skip
    return _paper.act(ctx, found, on, reason=reason, until_on=until)


@verb("instrument.resume")
def resume(ctx: Context, *, account_id: int, instrument_id: int) -> Act:
    """The hold is over: the paper may be presented again."""
    locked(account_id)
    found = instrument_of(account_id, instrument_id)
    on = _paper.move(ctx, found, "resume", held_until_on=None)
    return _paper.act(ctx, found, on)


def _replacing(
    ctx: Context, *, account_id: int, instrument_id: int, instruments: Any = (), **params: Any
) -> Verdict:
    found = instrument_of(account_id, instrument_id)
    new = list(Instrument.objects.filter(account_id=account_id, id__in=list(instruments or ())))
    latest = max((each.matures_on for each in new if each.matures_on), default=None)
    days = (latest - found.matures_on).days if latest and found.matures_on else 0
    return _limits.judge(
        ctx,
        "cheque_replace",
        currency=found.account.currency,
        amount_minor=open_minor(found, ctx.as_of),
        days=max(days, 0),
        count=max(len(new), 1),
    )


def _replaced(
    ctx: Context, name: str, old: Instrument, *, instruments: Any, receipts: Any,
    has_consent: bool = False,
) -> Act:  # fmt: skip
    locked(old.account_id)
    instead = _instead.of(old)
    money = _instead.take_money(instead, receipts)
    instead.cap(allocating.open_minor(old.account_id, as_of=ctx.as_of))
    owed = instead.left_minor
    new = _instead.take_papers(instead, instruments)
    check_cover(owed, new, number=old.number, currency=old.account.currency)
    on = _paper.move(ctx, old, name, evidence=["cover"], has_consent=has_consent)
    InstrumentReplacement.objects.bulk_create(instead.rows)
    return _paper.act(
        ctx, old, on, open_minor=owed, instruments=[number for number, *_ in new],
        receipts=[each.number for each in money],
    )  # fmt: skip


@verb("instrument.replace", limits=_replacing)
def replace(
    ctx: Context, *, account_id: int, instrument_id: int, instruments: Any = (),
    receipts: Any = (), has_consent: bool = False,
) -> Act:  # fmt: skip
    """Other papers, already in the safe, took the place of this one for what is still open."""
    old = instrument_of(account_id, instrument_id)
    return _replaced(
        ctx, "replace", old, instruments=instruments, receipts=receipts, has_consent=has_consent
    )


@verb("instrument.substitute", limits=_replacing)
def substitute(
    ctx: Context, *, account_id: int, instrument_id: int, instruments: Any = (),
    receipts: Any = (),
) -> Act:  # fmt: skip
    """Other papers, already in the safe, took the place of a lost one."""
    old = instrument_of(account_id, instrument_id)
    return _replaced(ctx, "substitute", old, instruments=instruments, receipts=receipts)


@verb("instrument.settle")
def settle(ctx: Context, *, account_id: int, instrument_id: int, receipts: Any = ()) -> Act:
    """What a returned paper was given for has been paid otherwise, by the receipts named."""
    locked(account_id)
    found = instrument_of(account_id, instrument_id)
    if owed := open_minor(found, ctx.as_of) if lines_of(found) else 0:
        raise Refused(
            "instrument.still_open",
            "{open_minor} of what {number} was given for is still open.",
            number=found.number,
            open_minor=owed,
            currency=found.account.currency,
        )
    instead = _instead.of(found)
    instead.cap(_instead.worth(found))
    owed = instead.left_minor
    money = _instead.take_money(instead, receipts)
    if instead.left_minor:
        raise Refused(
            "instrument.unpaid",
            "{left_minor} is left of {number}; the receipts named brought {paid_minor} of it. "
            "Name every receipt that came in its place.",
            number=found.number,
            left_minor=owed,
            paid_minor=owed - instead.left_minor,
            currency=found.account.currency,
        )
    on = _paper.move(ctx, found, "settle", evidence=["receipts"])
    InstrumentReplacement.objects.bulk_create(instead.rows)
    return _paper.act(ctx, found, on, receipts=[each.number for each in money])


@verb("instrument.hand_back", limits=agreeing("hand_back"))
def hand_back(
    ctx: Context, *, account_id: int, instrument_id: int, document: str,
    effective_on: date | str | None = None,
) -> Act:  # fmt: skip
    """The drawer took the paper back against a signature."""
    locked(account_id)
    found = instrument_of(account_id, instrument_id)
    document = _given.need_text(document, "signed receipt", most=160)
    active = found.contract is None or found.contract.status == "active"
    if found.state == "in_safe" and active and (owed := open_minor(found, ctx.as_of)):
        raise Refused(
            "instrument.released",
            "{number} still covers {open_minor}. Replace it first, or see the lines paid.",
            number=found.number,
            open_minor=owed,
            currency=found.account.currency,
        )
    on = _paper.move(
        ctx, found, "hand_back", evidence=["document"], document=document, place="", on=effective_on
    )
    return _paper.act(ctx, found, on, document=document)


@verb("instrument.lapse")
def lapse(ctx: Context, *, account_id: int, instrument_id: int) -> Act:
    """The paper went stale: the bank need not pay it any more."""
    locked(account_id)
    found = instrument_of(account_id, instrument_id)
    return _paper.act(ctx, found, _paper.move(ctx, found, "lapse"))


def resume_many(ctx: Context, items: Iterable[Item]) -> int:
    """Holds that are over end; how many did. An item is a key and instrument_id."""
    return in_bulk(ctx, "instrument.resume", items, partial(_moved, "resume"))


def lapse_many(ctx: Context, items: Iterable[Item]) -> int:
    """Papers past their term go stale; how many did. An item is a key and instrument_id."""
    return in_bulk(ctx, "instrument.lapse", items, partial(_moved, "lapse"))


def _moved(name: str, ctx: Context, items: list[dict[str, Any]]) -> list[Act | None]:
    known = Instrument.objects.select_for_update().select_related("account")
    rows = known.in_bulk([item["instrument_id"] for item in items])
    acts: list[Act | None] = []
    for item in items:
        found = rows.get(item["instrument_id"])
        if found is None or found.state not in BY_VERB[name].before:
            acts.append(None)
            continue
        on = _paper.move(ctx, found, name, held_until_on=None)
        said = {**_paper.head(found), "state": found.state}
        acts.append(Act(f"instrument:{found.id}", found.account_id, said, on))
    return acts
