"""Matters: a paper that is missing, or was found where it should not be, until it is explained.

A hand-over (custody.py) or a count (counts.py) opens one; the paper's coming up, an explanation
somebody else finds enough, or the declaration that it is lost ends it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from tahsil.actions import _given
from tahsil.actions._verb import Act, Context, verb
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import CustodyMatter, Instrument


@verb("matter.close")
def close(ctx: Context, *, matter_id: int, outcome: str, explanation: str) -> Act:
    """What was missing is explained, or was declared lost; not by the one who owns the matter."""
    closer = check_person(ctx)
    explanation = _given.need_text(explanation, "explanation", most=300)
    found = CustodyMatter.objects.select_related("instrument").filter(id=matter_id).first()
    if found is None or outcome not in ("explained", "lost"):
        raise Refused(
            "custody.matter_unknown",
            "There is no matter {matter}, or {outcome} is not how one ends: explained, lost.",
            matter=matter_id,
            outcome=outcome or "-",
        )
    if found.owner_id == closer:
        raise Refused(
            "custody.own_matter",
            "This matter is yours, so somebody else has to find your explanation enough.",
        )
    if outcome == "lost" and (found.instrument is None or found.instrument.state != "lost"):
        raise Refused(
            "custody.not_lost",
            "{number} is not declared lost. Declare it on its page first, with the police report.",
            number=found.number,
        )
    changed = CustodyMatter.objects.filter(id=matter_id, state="open").update(
        state=outcome, explanation=explanation, closed_on=ctx.as_of, closed_by_id=closer
    )
    if not changed:
        raise Refused("custody.closed", "This matter is closed already.")
    account_id = found.instrument.account_id if found.instrument else None
    facts = {"number": found.number, "place": found.place, "outcome": outcome,
             "explanation": explanation}  # fmt: skip
    return Act(f"matter:{matter_id}", account_id, facts)


def check_person(ctx: Context) -> int:
    """The person who acts; refused where it is the program, which cannot hold a paper."""
    if not ctx.standing.actor_id:
        raise Refused("custody.nobody", "Papers are given, taken and counted by people.")
    return ctx.standing.actor_id


def open_matter(
    ctx: Context, kind: str, paper: Instrument | None, owner_id: int, **more: Any
) -> CustodyMatter:
    """A matter somebody has to explain; one that is open for the paper already is enough."""
    known = CustodyMatter.objects.filter(instrument=paper, state="open", kind=kind)
    if paper is not None and (same := known.first()):
        return same
    if paper is not None:
        more |= {"number": paper.number, "amount_minor": paper.amount_minor,
                 "currency": paper.account.currency}  # fmt: skip
    return CustodyMatter.objects.create(
        kind=kind, instrument=paper, owner_id=owner_id, opened_on=ctx.as_of, **more
    )


def close_found(ctx: Context, instrument_ids: Collection[int]) -> int:
    """Papers that were missing and have been seen since are found; how many matters that ends."""
    return CustodyMatter.objects.filter(
        instrument_id__in=instrument_ids, state="open", kind__in=("not_received", "missing")
    ).update(state="found", closed_on=ctx.as_of, closed_by_id=ctx.standing.actor_id or None)
