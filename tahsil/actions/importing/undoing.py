"""Taking a committed batch out again, whole, where no later work stands on it."""

from __future__ import annotations

from django.db.models import Q

from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import (
    Account,
    Adjustment,
    Allocation,
    Asset,
    Attempt,
    Case,
    ContactPoint,
    Contract,
    ContractParty,
    Dispute,
    Hold,
    ImportBatch,
    Instrument,
    Obligation,
    Party,
    PartyName,
    Promise,
    Receipt,
    ScheduleVersion,
    SearchTerm,
    Standing,
)

IN_ORDER = (
    Allocation, Adjustment, Receipt, Instrument, Obligation, ScheduleVersion, ContractParty,
    Contract, Asset,
)  # fmt: skip


def refuse_if_built_on(batch: ImportBatch) -> None:
    """Refuses where somebody worked on what the batch brought, and says what that work is."""
    accounts = Account.objects.filter(batch=batch)
    mine = Q(account__in=accounts)
    owed = Obligation.objects.filter(batch=batch)
    other = ~Q(batch=batch) | Q(batch=None)
    found = {
        "receipts": Receipt.objects.filter(mine & other).count(),
        "allocations": Allocation.objects.filter(Q(obligation__in=owed) & other).count(),
        "adjustments": Adjustment.objects.filter(Q(obligation__in=owed) & other).count(),
        "obligations": Obligation.objects.filter(mine & other).count(),
        "contracts": Contract.objects.filter(mine & other).count(),
        "attempts": Attempt.objects.filter(mine).count(),
        "promises": Promise.objects.filter(mine).count(),
        "holds": Hold.objects.filter(mine).count(),
        "reversals": Receipt.objects.filter(batch=batch, reversal__isnull=False).count(),
        "accounts of its customers": Account.objects.filter(Q(party__batch=batch) & other).count(),
    }
    work = [f"{count} {name}" for name, count in found.items() if count]
    if work:
        raise Refused(
            "import.built_on",
            "{file} cannot be undone: later work stands on it ({work}). Undo that first.",
            file=batch.file_name,
            work=work,
        )


def take_out(batch: ImportBatch) -> set[int]:
    """Deletes every row the batch brought; the accounts that stay and must be measured again."""
    stay = set(
        Account.objects.filter(
            Q(obligations__batch=batch) | Q(receipts__batch=batch) | Q(instruments__batch=batch)
        )
        .exclude(batch=batch)
        .values_list("id", flat=True)
    )
    accounts = Account.objects.filter(batch=batch)
    ImportBatch.objects.filter(id=batch.id).update(undoing=True)
    Dispute.objects.filter(obligation__batch=batch).delete()
    for table in (Case, Standing, SearchTerm):
        table.objects.filter(account__in=accounts).delete()
    for model in IN_ORDER:
        rows = model.objects.filter(batch=batch)
        rows._raw_delete(rows.db)  # nothing hangs on them any more; triggers look at each
    accounts.delete()
    for model in (PartyName, ContactPoint, Party):
        model.objects.filter(batch=batch).delete()
    ImportBatch.objects.filter(id=batch.id).update(undoing=False)
    return stay
