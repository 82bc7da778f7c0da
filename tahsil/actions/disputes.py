"""Disputes: an obligation contested in whole or in part, and what was decided.

What is disputed stays owed and is shown beside the rest; who must answer and by when stands in
policies/codes_disputes.yaml. What a decision costs is an adjustment (obligations.py).
"""

from __future__ import annotations

from django.db.models import Sum

from tahsil.actions import _codes, _given, allocating
from tahsil.actions._verb import Act, Context, account_of, verb
from tahsil.core.grammar.lifecycle import DISPUTE
from tahsil.core.grammar.refusal import Refused
from tahsil.store import calendars, standing
from tahsil.store.models import Account, Creditor, Dispute

DECISIONS = {"upheld": "uphold", "rejected": "reject"}


@verb("dispute.open")
def open(
    ctx: Context,
    *,
    account_id: int,
    obligation_id: int,
    code: str,
    amount_minor: int | None = None,
    note: str = "",
) -> Act:
    """The debtor contests a line, in whole or in part; the rest stays collectable."""
    account = account_of(account_id)
    wanted = _codes.item("disputes", code, ctx.as_of)
    dispute = contest(ctx, account, obligation_id, code=code, amount_minor=amount_minor, note=note)
    standing.refresh([account_id], as_of=ctx.as_of)
    calendar = calendars.of_creditor(account.creditor_id, _country(account.creditor_id))
    facts = {
        "amount_minor": dispute.amount_minor,
        "currency": account.currency,
        "code": code,
        "obligation_id": obligation_id,
        "note": dispute.note,
        "owner": wanted["owner"],
        "answer_by_on": calendar.add(ctx.as_of, wanted["sla_days"]),
    }
    return Act(f"dispute:{dispute.id}", account_id, facts)


@verb("dispute.decide")
def decide(ctx: Context, *, account_id: int, dispute_id: int, state: str, note: str = "") -> Act:
    """A dispute was upheld or rejected; from now on the line counts again as it stands."""
    dispute = Dispute.objects.filter(id=dispute_id, account_id=account_id).first()
    if dispute is None:
        raise Refused(
            "dispute.unknown",
            "There is no dispute {dispute_id} on this account.",
            dispute_id=dispute_id,
        )
    if state not in DECISIONS:
        raise Refused(
            "dispute.decision",
            "A dispute is decided as {known}, not as {state}.",
            known=list(DECISIONS),
            state=state or "-",
        )
    after = close(ctx, dispute, DECISIONS[state])
    standing.refresh([account_id], as_of=ctx.as_of)
    facts = {
        "state": after,
        "note": note.strip(),
        "code": dispute.code,
        "amount_minor": dispute.amount_minor,
        "obligation_id": dispute.obligation_id,
    }
    return Act(f"dispute:{dispute_id}", account_id, facts)


def contest(
    ctx: Context, account: Account, obligation_id: int, *, code: str,
    amount_minor: int | None = None, note: str = "",
) -> Dispute:  # fmt: skip
    """The dispute of what is open and not yet contested; part of whichever act opened it."""
    left = allocating.open_minor(account.id, as_of=ctx.as_of)
    if obligation_id not in left:
        raise Refused(
            "obligation.unknown",
            "There is no obligation {obligation_id} on this account.",
            obligation_id=obligation_id,
        )
    contested = Dispute.objects.filter(obligation_id=obligation_id, state="open")
    free = left[obligation_id] - (contested.aggregate(sum=Sum("amount_minor"))["sum"] or 0)
    amount = free if amount_minor is None else _given.need_amount(amount_minor)
    if not 0 < amount <= free:
        raise Refused(
            "dispute.too_much",
            "{free_minor} of this line is open and not yet disputed, so {asked_minor} cannot be.",
            free_minor=max(free, 0),
            asked_minor=amount,
            currency=account.currency,
        )
    return Dispute.objects.create(
        account=account,
        obligation_id=obligation_id,
        amount_minor=amount,
        code=code,
        note=note.strip()[:500],
        opened_on=ctx.as_of,
    )


def close(ctx: Context, dispute: Dispute, decision: str) -> str:
    """The state the dispute is in once decided; part of whichever act decided it."""
    after = DISPUTE.step(dispute.state, decision)
    moved = Dispute.objects.filter(id=dispute.id, state=dispute.state).update(
        state=after, closed_on=ctx.as_of
    )
    if not moved:
        raise Refused("dispute.moved", "Somebody else decided this a moment ago. Look again.")
    return after


def _country(creditor_id: int) -> str:
    return Creditor.objects.values_list("country", flat=True).get(id=creditor_id)
