"""Cash's invariants: hands follow entries, deposits their receipts, closed days their sums."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count, F, Q, Sum

from tahsil.run.check_book import Finding
from tahsil.store.models import CashCase, CashDay, CashDeposit, CashEntry, CashItem, Person


def findings() -> list[Finding]:
    """Every statement about cash that does not hold."""
    return [*_hands(), *_below(), *_deposits(), *_twice(), *_days(), *_receipts()]


def _hands() -> list[Finding]:
    """An item is in the hand where its entries left it, and in no other."""
    sums = CashEntry.objects.order_by().values("item_id", "person_id")
    left = {
        (row["item_id"], row["person_id"])
        for row in sums.annotate(sum=Sum("amount_minor"))
        if row["sum"]
    }
    held = set(CashItem.objects.filter(holder__isnull=False).values_list("id", "holder_id"))
    wrong = _uncancelled(left ^ held)
    return [
        Finding(
            "cash.hand_apart",
            "Cash item {item} is said to be in another hand than its entries left it in.",
            {"item": item}, f"cash_item:{item}",
        )
        for item in sorted({item for item, _ in wrong})
    ]  # fmt: skip


def _uncancelled(pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """The pairs without those of one hand that cancel out: a receipt and its reversal, a case."""
    items = {row.id: row for row in CashItem.objects.filter(id__in={item for item, _ in pairs})}
    sums: dict[tuple[int, str, int], int] = defaultdict(int)
    for item, person in pairs:
        sums[_of(items[item], person)] += items[item].amount_minor
    return {
        (item, person) for item, person in pairs
        if items[item].holder_id is not None or sums[_of(items[item], person)]
    }  # fmt: skip


def _of(item: CashItem, person: int) -> tuple[int, str, int]:
    is_receipt = item.case_id is None and item.receipt_id is not None
    return (person, "receipt", item.receipt_id or 0) if is_receipt else (
        person, "case", item.case_id or 0
    )  # fmt: skip


def _below() -> list[Finding]:
    """Nobody holds less than nothing, unless a case says why."""
    sums = CashItem.objects.filter(holder__isnull=False).order_by().values("holder_id", "currency")
    names = dict(Person.objects.values_list("id", "name"))
    found = []
    for row in sums.annotate(sum=Sum("amount_minor")).filter(sum__lt=0):
        why = CashCase.objects.filter(
            person_id=row["holder_id"], currency=row["currency"], kind__in=("reversed", "overage")
        ).aggregate(sum=Sum("amount_minor"))["sum"]
        level = "warning" if (why or 0) >= -row["sum"] else "fault"
        found.append(
            Finding(
                "cash.below_nothing",
                "{person} holds {amount} {currency} in cash, which is less than nothing.",
                {"person": names[row["holder_id"]], "amount": row["sum"],
                 "currency": row["currency"]},
                f"person:{row['holder_id']}", level=level,
            )
        )  # fmt: skip
    return found


def _deposits() -> list[Finding]:
    """A deposit is the sum of what it covers."""
    rows = CashDeposit.objects.annotate(covered=Sum("entries__amount_minor")).order_by("id")
    return [
        Finding(
            "cash.deposit_apart",
            "Deposit {number} is over {amount}; what it covers comes to {sum}.",
            {"number": each.number, "amount": each.amount_minor, "sum": -(each.covered or 0)},
            f"cash_deposit:{each.id}",
        )
        for each in rows
        if each.amount_minor + (each.covered or 0)
    ]


def _twice() -> list[Finding]:
    """No receipt is in two deposits."""
    rows = CashEntry.objects.filter(deposit__isnull=False).order_by().values("item__receipt_id")
    twice = rows.filter(item__kind="receipt").annotate(n=Count("id")).filter(n__gt=1)
    return [
        Finding(
            "cash.deposited_twice", "Receipt {receipt} is in {count} deposits.",
            {"receipt": row["item__receipt_id"], "count": row["n"]},
            f"receipt:{row['item__receipt_id']}",
        )
        for row in twice
    ]  # fmt: skip


def _days() -> list[Finding]:
    """A closed day adds up, to what was counted, and the entries up to it come to the same."""
    found = []
    for each in CashDay.objects.select_related("count").order_by("id"):
        sum_minor = (
            each.opening_minor + each.taken_minor + each.reversed_minor + each.received_minor
            + each.given_minor + each.deposited_minor + each.adjusted_minor
        )  # fmt: skip
        entered = CashEntry.objects.filter(
            person_id=each.person_id, currency=each.currency, day_on__lte=each.day_on
        ).aggregate(sum=Sum("amount_minor"))["sum"] or 0  # fmt: skip
        counted = each.count.counted_minor
        is_right = (
            sum_minor == each.expected_minor
            and counted == each.expected_minor + each.difference_minor == entered
            and bool(each.difference_minor) == bool(each.case_id)
        )
        if not is_right:
            found.append(
                Finding(
                    "cash.day_apart",
                    "The cash day {day} of person {person} says {expected} and {counted} counted; "
                    "its figures or entries say otherwise.",
                    {"day": str(each.day_on), "person": each.person_id,
                     "expected": each.expected_minor, "counted": counted},
                    f"cash_day:{each.id}",
                )
            )  # fmt: skip
    return found


def _receipts() -> list[Finding]:
    """The cash of a receipt is what the receipt says, and is taken back when the receipt is."""
    items = CashItem.objects.filter(kind="receipt").order_by("id")
    wrong = items.filter(
        ~Q(amount_minor=F("receipt__amount_minor")) | ~Q(receipt__instrument="cash")
    )
    undone = items.filter(receipt__reversal__isnull=False).exclude(
        receipt_id__in=CashItem.objects.filter(kind="reversal").values("receipt_id")
    )
    return [
        Finding(
            "cash.receipt_apart",
            "The cash of receipt {receipt} is not what the receipt says.",
            {"receipt": item.receipt_id}, f"receipt:{item.receipt_id}",
        )
        for item in {*wrong, *undone}
    ]  # fmt: skip
