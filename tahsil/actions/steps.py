"""Steps of law after a paper came back: a notice served, a complaint filed, with its document.

A step meets the clock that waits for it and starts the next (core/book/clocks.py). A wrong one is
taken back by another row; both stay.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tahsil.actions import _given, _paper
from tahsil.actions._paper import instrument_of
from tahsil.actions._verb import Act, Context, verb
from tahsil.actions.receipts import locked
from tahsil.core.book.clocks import check_step, nearest
from tahsil.core.grammar.refusal import Refused
from tahsil.store import clocks
from tahsil.store.clocks import Returned
from tahsil.store.models import Instrument, InstrumentStep


@verb("instrument.record_step")
def record_step(
    ctx: Context, *, account_id: int, instrument_id: int, step: str, document: str,
    effective_on: date | str | None = None,
) -> Act:  # fmt: skip
    """A step after a returned paper was taken that day; the clock that waited for it is met."""
    locked(account_id)
    found = instrument_of(account_id, instrument_id)
    back = _back(found, ctx.as_of)
    on = _given.as_date(effective_on, "effective date") or ctx.as_of
    document = _given.need_text(document, "document", most=160)
    check_step(back.terms, step, on, back.days, ctx.as_of)
    InstrumentStep.objects.create(
        instrument=found, presentment_id=back.presentment_id, step=step, document=document,
        effective_on=on, recorded_at=ctx.now, by_id=ctx.standing.actor_id or None,
    )  # fmt: skip
    return _act(ctx, found, step, document=document, on=on)


@verb("instrument.take_back_step")
def take_back_step(
    ctx: Context, *, account_id: int, instrument_id: int, step: str, reason: str
) -> Act:
    """A step was recorded wrongly: its clock runs again as if it had not been."""
    locked(account_id)
    found = instrument_of(account_id, instrument_id)
    back = _back(found, ctx.as_of)
    reason = _given.need_text(reason, "reason", most=160)
    wrong = clocks.steps_of(found, back).filter(step=step).first()
    if wrong is None:
        raise Refused(
            "step.none",
            "“{label}” is not recorded for {number}.",
            label=back.terms.step(step).labels or step,
            number=found.number,
        )
    later = {each.code for each in back.terms.steps if each.after == step} & set(back.days)
    if later:
        raise Refused(
            "step.followed",
            "“{label}” is followed by {later}. Take that back first.",
            label=back.terms.step(step).labels or step,
            later=[back.terms.step(each).labels or each for each in sorted(later)],
        )
    InstrumentStep.objects.create(
        instrument=found, presentment_id=back.presentment_id, step=step, document=reason,
        effective_on=wrong.effective_on, recorded_at=ctx.now, undoes=wrong,
        by_id=ctx.standing.actor_id or None,
    )  # fmt: skip
    return _act(ctx, found, step, reason=reason, on=wrong.effective_on)


def _back(found: Instrument, as_of: date) -> Returned:
    """The return the step follows; refused where the paper has none that stands."""
    back = clocks.of_one(found, as_of)
    if back is None or not back.has_clock:
        raise Refused(
            "step.not_back",
            "No clock runs on {number}: it is {state}, or came back for a reason that starts none.",
            number=found.number,
            state=found.state,
        )
    return back


def _act(ctx: Context, found: Instrument, step: str, *, on: date, **facts: Any) -> Act:
    back = _back(found, ctx.as_of)
    left = nearest(back.standings(ctx.as_of))
    facts = {**_paper.head(found), "step": step, "on": on,
             "next_on": left.due_on if left else None, **facts}  # fmt: skip
    return Act(f"instrument:{found.id}", found.account_id, facts, on)
