"""The money invariants of the book, straight from the tables; no rule of the core is asked."""

from __future__ import annotations

from django.db.models import Sum

from tahsil.store.models import Adjustment, Allocation, Dispute, Obligation, Receipt, Standing


def total(rows, column: str = "amount_minor") -> int:
    return rows.aggregate(sum=Sum(column))["sum"] or 0


def open_of(account_id: int) -> dict[str, int]:
    """What each line has open, by label."""
    return {
        row.label: row.amount_minor
        + total(Adjustment.objects.filter(obligation=row))
        - total(Allocation.objects.filter(obligation=row))
        for row in Obligation.objects.filter(account_id=account_id)
    }


def check_money(account_id: int) -> None:
    """Allocated + unapplied = received; open is never below nothing; every mirror cancels."""
    for row in Obligation.objects.filter(account_id=account_id):
        worth = row.amount_minor + total(Adjustment.objects.filter(obligation=row))
        paid = total(Allocation.objects.filter(obligation=row))
        assert 0 <= paid <= worth, f"{row.label}: {paid} paid of {worth}"
    for row in Receipt.objects.filter(account_id=account_id).select_related("reversal"):
        rows = Allocation.objects.filter(receipt=row)
        used = total(rows)
        if hasattr(row, "reversal"):
            assert used == 0, f"{row.number} is reversed and still pays {used}"
        assert 0 <= used <= row.amount_minor
        for day in rows.values_list("effective_on", flat=True).distinct():
            so_far = total(rows.filter(effective_on__lte=day))
            assert 0 <= so_far <= row.amount_minor, f"{row.number} on {day}: {so_far}"
        assert not rows.filter(effective_on__lt=row.value_on).exists()
    for row in Allocation.objects.filter(account_id=account_id, mirrors__isnull=False):
        assert row.amount_minor == -row.mirrors.amount_minor
        assert (row.receipt_id, row.obligation_id) == (
            row.mirrors.receipt_id, row.mirrors.obligation_id,
        )  # fmt: skip


def check_standing(account_id: int) -> None:
    """The cached standing is what the tables say: open, unapplied, and the parts of the whole."""
    cached = Standing.objects.get(account_id=account_id)
    receipts = Receipt.objects.filter(account_id=account_id, reversal=None)
    unapplied = total(receipts) - total(Allocation.objects.filter(account_id=account_id))
    assert cached.unapplied_minor == unapplied
    disputed = total(Dispute.objects.filter(account_id=account_id, state="open"))
    opened = (
        total(Obligation.objects.filter(account_id=account_id))
        + total(Adjustment.objects.filter(account_id=account_id))
        - total(Allocation.objects.filter(account_id=account_id))
    )
    assert cached.disputed_minor <= disputed
    parts = (
        cached.due_today_minor + cached.overdue_minor + cached.not_due_minor
        + cached.undated_minor + cached.disputed_minor
    )  # fmt: skip
    assert parts == opened
