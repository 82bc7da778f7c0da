"""Receipts recorded before their bank line came: found, and linked with it instead of doubled.

A receipt is linked whole, once, with a line of its own company, currency and bank account. Taking
the link back leaves the receipt: the match did not make it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from tahsil.core.grammar.refusal import Refused
from tahsil.core.resolve.matching.recorded import Group, Receipts
from tahsil.store import unlinked
from tahsil.store.models import (
    BankLine,
    BankMatch,
    CashEntry,
    Instrument,
    Presentment,
    Receipt,
    Reversal,
)


def receipts_of(
    lines: Sequence[BankLine], as_of: date, account_ids: Iterable[int] | None = None
) -> Receipts:
    """The receipts these lines may be the money of, near in days only for these accounts."""
    near = unlinked.days(as_of)
    return Receipts(unlinked.of_lines(lines, near=near, account_ids=account_ids), days=near)


def known(receipts: Receipts, line: BankLine, account_id: int, amount_minor: int) -> Group:
    """The receipts that so much of the line is the money of, if set to this account."""
    said = unlinked.plain(line)._replace(amount_minor=amount_minor)
    return receipts.named(said) or receipts.like(said, account_id)


def check_new(line: BankLine, parts: Iterable[dict[str, Any]], as_of: date) -> None:
    """Refuses parts whose money stands as a receipt that no bank line explains."""
    fresh = [each for each in parts if "receipt_id" not in each]
    receipts = receipts_of([line], as_of, {each["account_id"] for each in fresh})
    for each in fresh:
        found = known(receipts, line, each["account_id"], each["amount_minor"])
        if found:
            raise Refused(
                "bank.recorded",
                "Receipt {number} of {on} is over this money already, and no bank line explains "
                "it. Match the line with it, or confirm that this is other money.",
                number=", ".join(one.number for one in found),
                on=found[0].on,
                receipts=[one.id for one in found],
            )


def receipt(line: BankLine, receipt_id: int) -> Receipt:
    """The receipt to be linked with the line, refused where it is no money of it."""
    found = Receipt.objects.select_related("account").filter(id=receipt_id).first()
    if found is None:
        raise Refused("bank.no_receipt", "There is no receipt {id}.", id=receipt_id)
    if found.kind != "money":
        raise Refused(
            "bank.no_money",
            "Receipt {number} is a {kind}, so no bank line brought it.",
            number=found.number,
            kind=found.kind,
        )
    if found.bank_account_id not in (None, line.bank_account_id):
        raise Refused(
            "bank.receipt_elsewhere",
            "Receipt {number} was taken into another bank account than {bank_account}.",
            number=found.number,
            bank_account=line.bank_account.code,
        )
    return found


def check_free(found: Receipt) -> None:
    """Refuses a receipt that was taken back, or that explains a line already."""
    undone = Reversal.objects.filter(receipt=found).first()
    if undone is not None:
        raise Refused(
            "bank.receipt_gone",
            "Receipt {number} was reversed on {reversed_on}: {reason}. The line needs another.",
            number=found.number,
            reversed_on=undone.effective_on,
            reason=undone.reason,
        )
    other = BankMatch.objects.filter(receipt=found, undone_at=None).select_related("line").first()
    if other is not None:
        raise Refused(
            "bank.receipt_taken",
            "Receipt {number} explains the line of {booked_on} already. Take that match back "
            "first, or choose another receipt.",
            number=found.number,
            booked_on=other.line.booked_on,
            line=other.line_id,
        )
    taken = CashEntry.objects.filter(item__receipt=found, deposit__isnull=False)
    slip = taken.values_list("deposit__number", flat=True).first()
    if slip is not None:
        raise Refused(
            "bank.receipt_deposited",
            "The cash of receipt {number} went to the bank with slip {slip}. Match that deposit "
            "with its line; this line is other money.",
            number=found.number,
            slip=slip,
        )


def check_unnamed(found: Receipt) -> None:
    """Refuses to take back a receipt that a cleared cheque or a matched bank line names."""
    tried = Presentment.objects.filter(receipt=found, result="cleared").first()
    if tried is not None:
        raise Refused(
            "receipt.of_cheque",
            "Receipt {number} is the money of cheque {cheque}. Take back what the bank answered "
            "on the cheque's page instead; that reverses the receipt.",
            number=found.number,
            cheque=tried.instrument.number,
            instrument_id=tried.instrument_id,
        )
    match = BankMatch.objects.filter(receipt=found, undone_at=None).select_related("line").first()
    if match is None:
        return
    said = {"number": found.number, "booked_on": match.line.booked_on, "line": match.line_id}
    if match.is_link:
        raise Refused(
            "receipt.linked",
            "Receipt {number} explains the bank line of {booked_on}. Take that match back first.",
            **said,
        )
    raise Refused(
        "receipt.matched",
        "The bank line of {booked_on} brought receipt {number}. Take that match back instead; "
        "that reverses the receipt.",
        **said,
    )


def names(found: Receipt) -> dict[str, Any]:
    """What the match names: the receipt, and the try at the bank if it is a cheque's money."""
    tried = Presentment.objects.filter(receipt=found).order_by("-id").first()
    purpose = "cheque_cleared" if tried else "receipt"
    return {"purpose": purpose, "receipt_id": found.id, "presentment_id": tried and tried.id}


def cleared(line: BankLine, paper: Instrument) -> list[dict[str, Any]]:
    """The part that links the line with the receipt of a cheque that cleared before it came."""
    tried = Presentment.objects.filter(instrument=paper, result="cleared").order_by("-seq").first()
    if tried is None or tried.receipt_id is None:
        raise Refused(
            "bank.cheque_unpaid", "Cheque {number} has cleared, but its money is no receipt here.",
            number=paper.number,
        )  # fmt: skip
    return [{"receipt_id": tried.receipt_id}]
