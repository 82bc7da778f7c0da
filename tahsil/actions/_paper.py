"""One instrument and its next move: what every verb of papers shares.

A move changes the state where it still is what was read, and adds a row that says so.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Sum

from tahsil.actions import _given, _limits, allocating
from tahsil.actions._verb import Act, Context, Judge
from tahsil.core.book import instruments as papers
from tahsil.core.book.presenting import Terms
from tahsil.core.grammar.authority import Verdict, ask
from tahsil.core.grammar.dates import Calendar
from tahsil.core.grammar.refusal import Refused
from tahsil.store import calendars, places, policies, standing, tries
from tahsil.store.models import (
    Account,
    Creditor,
    Instrument,
    InstrumentLine,
    InstrumentMove,
    Presentment,
)

IN_BANK = ("bank_custody", "under_collection", "discounted", "pledged")


def instrument_of(account_id: int, instrument_id: int) -> Instrument:
    """The instrument of this account, or a refusal that it is not known."""
    found = Instrument.objects.filter(id=instrument_id, account_id=account_id).first()
    if found is None:
        raise Refused(
            "instrument.unknown",
            "There is no instrument {instrument_id} on this account.",
            instrument_id=instrument_id,
        )
    return found


def lines_of(instrument: Instrument) -> list[list[int]]:
    """[obligation, amount] of what it covers, in the obligations' order."""
    rows = InstrumentLine.objects.filter(instrument=instrument).order_by("obligation_id")
    return [list(row) for row in rows.values_list("obligation_id", "amount_minor")]


def left_minor(instrument: Instrument) -> int:
    """What the bank has not paid of it yet: its amount without the parts that stand."""
    return instrument.amount_minor - tries.paid_of([instrument.id]).get(instrument.id, 0)


def left_lines(instrument: Instrument) -> list[tuple[int, int]]:
    """(obligation, amount) of what the rest of it is for, in the obligations' order."""
    found, paid = [], instrument.amount_minor - left_minor(instrument)
    for key, amount in lines_of(instrument):
        used = min(paid, amount)
        paid -= used
        found.append((key, amount - used))
    return found


def open_minor(instrument: Instrument, as_of: date) -> int:
    """What is still owed of what it was given for; what is left of it where it names no line."""
    if not lines_of(instrument):
        return left_minor(instrument)
    return sum(amount for _, amount in open_lines(instrument, as_of))


def open_lines(instrument: Instrument, as_of: date) -> list[tuple[int, int]]:
    """(obligation, amount) of what it was given for and is still owed, in the lines' order."""
    left = allocating.open_minor(instrument.account_id, as_of=as_of)
    return [(key, min(amount, max(left.get(key, 0), 0))) for key, amount in left_lines(instrument)]


def check_whole(instrument: Instrument) -> None:
    """Refuses a paper that names lines for less than its amount."""
    papers.check_whole(_paper(instrument))


def move(
    ctx: Context,
    instrument: Instrument,
    verb: str,
    *,
    evidence: Collection[str] = (),
    document: str = "",
    place: str | None = None,
    on: Any = None,
    has_consent: bool = False,
    **changes: Any,
) -> date:
    """Takes the instrument along one move of the table; the day it took effect.

    `changes` are further columns of the instrument that follow from the move.
    """
    on = _day(ctx, instrument, on)
    after = papers.moved(_paper(instrument), verb, evidence, has_consent=has_consent)
    changes |= {"state": after} | ({} if place is None else {"place": place.strip()[:80]})
    changed = Instrument.objects.filter(id=instrument.id, state=instrument.state).update(**changes)
    if not changed:
        raise Refused("instrument.moved", "Somebody else moved this a moment ago. Look again.")
    InstrumentMove.objects.create(
        instrument=instrument,
        verb=verb,
        before=instrument.state,
        after=after,
        place=changes.get("place", instrument.place),
        document=document.strip()[:160],
        effective_on=on,
        recorded_at=ctx.now,
        by_id=ctx.standing.actor_id or None,
        custodian_id=_custodian(ctx, instrument, changes.get("place", instrument.place)),
    )
    for name, value in changes.items():
        setattr(instrument, name, value)
    return on


def carry(
    ctx: Context, instrument: Instrument, *, place: str, custodian_id: int | None, document: str
) -> InstrumentMove:
    """The paper changed hands inside the house: its place and keeper are new, its state is not."""
    on = _day(ctx, instrument, None)
    known = Instrument.objects.filter(
        id=instrument.id, state=instrument.state, place=instrument.place
    )
    if not known.update(place=place):
        raise Refused("instrument.moved", "Somebody else moved this a moment ago. Look again.")
    instrument.place = place
    return InstrumentMove.objects.create(
        instrument=instrument, verb="hand_over", before=instrument.state, after=instrument.state,
        place=place, document=document, effective_on=on, recorded_at=ctx.now,
        by_id=ctx.standing.actor_id or None, custodian_id=custodian_id,
    )  # fmt: skip


def act(ctx: Context, instrument: Instrument, on: date, **facts: Any) -> Act:
    """The act of a move, its account's standing fresh; `facts` are what this move adds."""
    standing.refresh([instrument.account_id], as_of=ctx.as_of)
    said = {**head(instrument), "state": instrument.state, **facts}
    return Act(f"instrument:{instrument.id}", instrument.account_id, said, on)


def head(instrument: Instrument) -> dict[str, Any]:
    """What every event of an instrument names it by."""
    return {
        "number": instrument.number,
        "bank": instrument.bank,
        "kind": instrument.kind,
        "amount_minor": instrument.amount_minor,
        "currency": instrument.account.currency,
        "matures_on": instrument.matures_on,
    }


def terms_of(account: Account, as_of: date) -> tuple[Terms, Calendar]:
    """How the creditor's country presents papers, and the days it works."""
    country = Creditor.objects.values_list("country", flat=True).get(id=account.creditor_id)
    body, _ = policies.at("presenting", country, as_of)
    return Terms(**body), calendars.of_creditor(account.creditor_id, country)


def last_try(found: Instrument) -> Presentment:
    """The newest try at the bank; one is made where it went there before it came into this book."""
    tried = Presentment.objects.filter(instrument=found).order_by("-seq").first()
    if tried is None:
        return Presentment.objects.create(
            instrument=found, seq=1, sent_on=found.matures_on or date.min,
            expected_on=found.matures_on or date.min,
        )  # fmt: skip
    return tried


def charge_of(found: Instrument, given: Any, as_of: date) -> int:
    """What the bank charged us for its answer; refused where no bank would charge that."""
    body, _ = policies.at("bounce", "charge", as_of)
    most = body.get(found.account.currency, found.amount_minor)
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= most:
        raise Refused(
            "instrument.charge",
            "What the bank charged for {number} is an amount from nothing to {most_minor}. "
            "A charge above that is a line of its own.",
            number=found.number,
            most_minor=most,
            currency=found.account.currency,
        )
    return given


def banks_of(found: Instrument) -> tuple[str, ...]:
    """The banks whose codes its answer may be in: where it was presented, where it is drawn."""
    tried = found.presentments.select_related("bank_account").order_by("-seq").first()
    ours = tried.bank_account.bank if tried and tried.bank_account else ""
    return tuple(each for each in (ours, found.bank) if each)


def answer(found: Instrument, on: date, result: str, **columns: Any) -> None:
    """The newest try got its answer that day."""
    tried = last_try(found)
    Presentment.objects.filter(id=tried.id).update(result=result, answered_on=on, **columns)


def agreeing(name: str) -> Judge:
    """Who must agree to a move before it is done: policies/moves.yaml."""

    def judge(ctx: Context, *, account_id: int, instrument_id: int, **params: Any) -> Verdict:
        # What cannot be done at all is refused before anybody is asked about it.
        papers.INSTRUMENT.step(instrument_of(account_id, instrument_id).state, name)
        body, _ = policies.at("moves", "instrument", ctx.as_of)
        approvers = body["approvers"].get(name)
        if not approvers or ctx.standing.actor_id == 0:
            return _limits.FREE
        return ask(
            "move.second",
            "{verb} needs the yes of a second person. {who} may agree.",
            approvers=tuple(approvers),
            verb=f"instrument.{name}",
            who=list(approvers),
        )

    return judge


def _paper(instrument: Instrument) -> papers.Paper:
    covered = InstrumentLine.objects.filter(instrument=instrument).aggregate(
        sum=Sum("amount_minor")
    )["sum"]
    return papers.Paper(
        number=instrument.number,
        state=instrument.state,
        kind=instrument.kind,
        owner=instrument.owner,
        amount_minor=instrument.amount_minor,
        allocated_minor=covered or 0,
        held_in_bank=instrument.state == "held" and _was_in_bank(instrument),
    )


def _was_in_bank(instrument: Instrument) -> bool:
    last = InstrumentMove.objects.filter(instrument=instrument, verb="hold").order_by("-id").first()
    return last is not None and last.before in IN_BANK


def _custodian(ctx: Context, instrument: Instrument, place: str) -> int | None:
    """Who of ours holds the paper now: who brought it to a place of ours, else who held it."""
    if place == instrument.place:
        last = InstrumentMove.objects.filter(instrument=instrument).order_by("-id")
        return last.values_list("custodian_id", flat=True).first()
    is_ours = bool(place) and places.at(ctx.as_of).place(place).kind == "ours"
    return ctx.standing.actor_id or None if is_ours else None


def _day(ctx: Context, instrument: Instrument, given: Any) -> date:
    on = _given.as_date(given, "effective date") or ctx.as_of
    last = InstrumentMove.objects.filter(instrument=instrument).order_by("-id").first()
    earliest = last.effective_on if last else date.min
    if not earliest <= on <= ctx.as_of:
        raise Refused(
            "instrument.day",
            "{number} can move from {earliest} to {latest}, not on {effective_on}.",
            number=instrument.number,
            earliest=max(earliest, date(1900, 1, 1)),
            latest=ctx.as_of,
            effective_on=on,
        )
    return on
