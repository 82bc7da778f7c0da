"""The invariants of money paid back and of paper receipt books."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import F, Q, Sum

from tahsil.core.book.categories import REFUND
from tahsil.run.check_book import Finding
from tahsil.store.models import (
    Adjustment,
    Allocation,
    CancelledNumber,
    Obligation,
    ReceiptBook,
    ReceiptPaper,
    Refund,
    RefundPart,
    Reversal,
)


def findings() -> list[Finding]:
    """Every statement about refunds and receipt books that does not hold."""
    refunds = list(Refund.objects.select_related("payment__obligation", "ending").order_by("id"))
    return [*_agreed(refunds), *_lines(refunds), *_settled(refunds), *_leaves()]


def _agreed(refunds: list[Refund]) -> list[Finding]:
    """Its parts come to the refund, and nobody agreed to what they asked for."""
    sums = dict(
        RefundPart.objects.order_by().values_list("refund_id").annotate(sum=Sum("amount_minor"))
    )
    found = [
        Finding("refund.parts_sum",
                "Refund {number} is over {amount}, but its receipts come to {sum}.",
                {"number": each.number, "amount": each.amount_minor, "sum": sums.get(each.id, 0)},
                f"refund:{each.id}")
        for each in refunds
        if sums.get(each.id, 0) != each.amount_minor
    ]  # fmt: skip
    return found + [
        Finding("refund.own", "Refund {number} was agreed to by who asked for it.",
                {"number": each.number}, f"refund:{each.id}")
        for each in refunds
        if each.asked_by_id and each.asked_by_id == each.approved_by_id
    ]  # fmt: skip


def _lines(refunds: list[Refund]) -> list[Finding]:
    """A paid refund has its own line over the same money; no such line stands without a refund."""
    found: list[Finding] = []
    known: set[int] = set()
    worth = dict(
        Adjustment.objects.filter(obligation__category=REFUND).order_by()
        .values_list("obligation_id").annotate(sum=Sum("amount_minor"))
    )  # fmt: skip
    for each in refunds:
        if (paid := getattr(each, "payment", None)) is None:
            continue
        line = paid.obligation
        known.add(line.id)
        is_back = getattr(each, "ending", None) is not None
        wanted = (each.account_id, REFUND, each.amount_minor, paid.value_on)
        stands = (line.account_id, line.category, line.amount_minor, line.raised_on)
        left = line.amount_minor + worth.get(line.id, 0)
        if wanted != stands or left != (0 if is_back else each.amount_minor):
            found.append(
                Finding("refund.line_apart",
                        "The line of refund {number} is not what was paid back.",
                        {"number": each.number}, f"refund:{each.id}")
            )  # fmt: skip
    lines = Obligation.objects.filter(category=REFUND).values_list("id", flat=True)
    return found + [
        Finding("refund.line_alone", "Line {obligation} says refund, but no refund paid it.",
                {"obligation": key}, f"obligation:{key}")
        for key in sorted(set(lines) - known)
    ]  # fmt: skip


def _settled(refunds: list[Refund]) -> list[Finding]:
    """No receipt gives more than it was named with; a warning where one gives less."""
    parts: dict[int, dict[int, int]] = defaultdict(dict)
    for key, receipt, amount in RefundPart.objects.values_list(
        "refund_id", "receipt_id", "amount_minor"
    ):
        parts[key][receipt] = amount
    rows = (
        Allocation.objects.filter(obligation__category=REFUND).order_by()
        .values_list("obligation_id", "receipt_id").annotate(sum=Sum("amount_minor"))
    )  # fmt: skip
    given: dict[int, dict[int, int]] = defaultdict(dict)
    for line, receipt, amount in rows:
        given[line][receipt] = amount
    undone = set(Reversal.objects.values_list("receipt_id", flat=True))
    found = []
    for each in refunds:
        paid = getattr(each, "payment", None)
        if paid is None or getattr(each, "ending", None) is not None:
            continue
        of = given[paid.obligation_id]
        if any(of.get(key, 0) > part for key, part in parts[each.id].items()):
            found.append(
                Finding("refund.beyond", "A receipt gives refund {number} more than its part.",
                        {"number": each.number}, f"refund:{each.id}")
            )  # fmt: skip
        left = each.amount_minor - sum(of.values())
        if left and not undone & parts[each.id].keys():
            found.append(
                Finding("refund.open",
                        "{left} of refund {number} is owed again, though no receipt of it was "
                        "reversed.",
                        {"number": each.number, "left": left}, f"refund:{each.id}",
                        level="warning")
            )  # fmt: skip
    return found


def _leaves() -> list[Finding]:
    """A leaf is in its book, and is not used and cancelled at once."""
    outside = ReceiptPaper.objects.filter(
        Q(serial__lt=F("book__first")) | Q(serial__gt=F("book__last"))
    )
    found = [
        Finding("book.outside", "Receipt {receipt} has leaf {serial}, which book {book} has not.",
                {"receipt": row.receipt_id, "serial": row.serial, "book": row.book.code},
                f"receipt:{row.receipt_id}")
        for row in outside.select_related("book")
    ]  # fmt: skip
    codes = dict(ReceiptBook.objects.values_list("id", "code"))
    used = set(ReceiptPaper.objects.values_list("book_id", "serial"))
    gone = CancelledNumber.objects.filter(book__isnull=False).values_list("book_id", "serial")
    return found + [
        Finding("book.used_and_cancelled",
                "Leaf {serial} of book {book} has a receipt and was cancelled.",
                {"serial": serial, "book": codes[book]}, f"book:{book}")
        for book, serial in sorted(used & set(gone))
    ]  # fmt: skip
