"""Money on account: who looks after it, why it waits, and what is to happen with it when."""

from __future__ import annotations

from datetime import date

from tahsil.actions import _given
from tahsil.actions._verb import Act, Context, verb
from tahsil.actions.receipts import locked
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import OnAccount, Person

REASONS = (
    "advance", "overpaid", "unclear", "disputed", "to_refund", "to_move", "contract_ended", "other",
)  # fmt: skip


@verb("unapplied.assign")
def assign(
    ctx: Context,
    *,
    account_id: int,
    owner_id: int,
    reason: str,
    note: str = "",
    step_on: date | str | None = None,
) -> Act:
    """Money on account was given to somebody, with why it waits and when they look again."""
    account = locked(account_id)
    owner = Person.objects.filter(id=owner_id, is_active=True).first()
    if owner is None:
        raise Refused("unapplied.owner", "There is no person {id} to own this.", id=owner_id)
    if reason not in REASONS:
        raise Refused(
            "unapplied.reason", "{reason} is no reason for money on account. Known: {known}.",
            reason=reason or "-", known=list(REASONS),
        )  # fmt: skip
    on = _given.as_date(step_on, "next step")
    kept = {"owner": owner, "reason": reason, "note": note.strip()[:200], "step_on": on}
    OnAccount.objects.update_or_create(account=account, defaults={**kept, "changed_at": ctx.now})
    facts = {**kept, "owner": owner.name}
    return Act(f"account:{account_id}", account_id, facts)
