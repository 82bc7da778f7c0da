"""Receipts that may be of the same money: asked about before another one is recorded."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import BankMatch, Receipt
from tahsil.store.prepared import Prepared


def check(
    account_id: int, amount_minor: int, value_on: date, instrument: str, reference: str
) -> None:
    """Refuses what may be the money of another receipt until somebody says that it is not.

    The same reference tells it, or a bank line that brought it, or that one of two transfers
    was noted without a reference; two payments of cash on one day are told apart by nothing.
    """
    known = _alike.rows(account_id=account_id, amount_minor=amount_minor, value_on=value_on)
    wanted = reference.strip()
    same = next(
        (
            each for each in known
            if each[2] == wanted or each[4]
            or (each[3] == instrument != "cash" and "" in (each[2], wanted))
        ), None,
    )  # fmt: skip
    if same is None:
        return
    receipt_id, number, said, _instrument, is_brought = same
    if is_brought and said != wanted:
        raise Refused(
            "receipt.from_bank",
            "Receipt {number}, which a bank line brought, has the same amount and value date. "
            "Confirm that this is other money.",
            number=number,
            receipt_id=receipt_id,
        )
    if said != wanted:
        raise Refused(
            "receipt.maybe_same",
            "Receipt {number} has the same amount and value date, and one of the two names no "
            "reference. Confirm that this is other money, or give its reference.",
            number=number,
            receipt_id=receipt_id,
        )
    raise Refused(
        "receipt.duplicate",
        "Receipt {number} has the same amount, value date and reference. "
        "Confirm that this is another one, or give its reference.",
        number=number,
        receipt_id=receipt_id,
    )


@Prepared
def _alike(account_id: int, amount_minor: int, value_on: date) -> QuerySet:
    """The receipts of that amount and day: reference, instrument, whether the bank brought them."""
    receipts = Receipt.objects.filter(account_id=account_id, value_on=value_on, reversal=None)
    lines = BankMatch.objects.filter(receipt=OuterRef("pk"), undone_at=None)
    found = receipts.filter(amount_minor=amount_minor).annotate(is_brought=Exists(lines))
    columns = ("id", "number", "reference", "instrument", "is_brought")
    return found.order_by("id").values_list(*columns)
