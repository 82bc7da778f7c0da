"""Receipts that were in the book before the bank line of their money came.

Recorded by hand, imported, or the money of a cheque cleared by hand: the line is then that money
and no second one. A line names such a receipt by its reference, or comes from the same account
with the same amount within some days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from tahsil.core.grammar.names import fold
from tahsil.core.resolve.matching.reading import number_of, read
from tahsil.core.resolve.matching.rows import Evidence, Line, Recorded
from tahsil.core.resolve.matching.sentences import saying

Group = tuple[Recorded, ...]
LEAST = 4  # signs of a reference that is not there by chance
LONG = 6  # from so many on, a reference counts however the bank has broken it


class Receipts:
    """The receipts no bank line explains, by what a line may know them by."""

    def __init__(self, receipts: Iterable[Recorded], *, days: int) -> None:
        self.window = timedelta(days=days)
        self.of_amount: dict[tuple[str, int], list[Recorded]] = defaultdict(list)
        self.of_reference: dict[str, list[Recorded]] = defaultdict(list)
        self.of_account: dict[int, list[Recorded]] = defaultdict(list)
        for each in sorted(receipts, key=lambda each: each.id):
            self.of_amount[each.currency, each.amount_minor].append(each)
            self.of_reference[squeezed(each.reference)].append(each)
            self.of_account[each.account_id].append(each)

    def named(self, line: Line) -> Group:
        """The receipt of this amount that the line names, or those of one reference together."""
        if line.amount_minor <= 0 or not self.of_amount:
            return ()
        words, whole = _said(line)
        for each in self.of_amount.get((line.currency, line.amount_minor), ()):
            if _may_be(line, each) and _names(line, each, words, whole):
                return (each,)
        for word in sorted(words & self.of_reference.keys()):
            found = tuple(each for each in self.of_reference[word] if _may_be(line, each))
            if len(found) > 1 and _sum(found) == line.amount_minor:
                return found
        return ()

    def like(self, line: Line, account_id: int) -> Group:
        """The account's receipt of this amount nearest the line's day, or those of a day together.

        Cash in the drawer is not in the bank, so it is nothing a transfer brought.
        """
        near: dict[date, list[Recorded]] = defaultdict(list)
        for each in self.of_account.get(account_id, ()):
            is_near = abs(each.on - line.on) <= self.window
            if is_near and _may_be(line, each) and (line.is_cash or not each.is_cash):
                near[each.on].append(each)
        days = sorted(near, key=lambda on: (abs(on - line.on), on))
        same = [each for on in days for each in near[on] if each.amount_minor == line.amount_minor]
        if same:
            return (same[0],)
        together = (tuple(near[on]) for on in days)
        return next((group for group in together if _sum(group) == line.amount_minor), ())


def evidence(line: Line, group: Group) -> tuple[Evidence, ...]:
    """Which receipts they are and who recorded them, said."""
    words, whole = _said(line)
    said = [_of(each) for each in group]
    first = group[0]
    if not first.cheque and _names(line, first, words, whole):
        said.append(saying("recorded_names", reference=first.reference))
    if len(group) > 1:
        said.append(saying("recorded_together", count=len(group)))
    return tuple(said)


def squeezed(text: str) -> str:
    """The letters and digits of a reference, without the zeros before it."""
    return "".join(sign for sign in fold(text) if sign.isalnum()).lstrip("0")


def _of(each: Recorded) -> Evidence:
    if each.cheque:
        return saying("cleared", number=each.cheque, receipt=each.number, on=each.on)
    on = each.recorded_on or each.on
    if each.who:
        return saying("recorded", receipt=each.number, who=each.who, on=on)
    return saying("imported", receipt=each.number, on=on)


def _said(line: Line) -> tuple[frozenset[str], str]:
    texts = (line.text, line.bank_reference, line.cheque_number)
    words = {squeezed(word) for text in texts for word in (*text.split(), text)}
    return frozenset(word for word in words if len(word) >= LEAST), squeezed(" ".join(texts))


def _names(line: Line, each: Recorded, words: frozenset[str], whole: str) -> bool:
    """Whether the line says the receipt's reference, or the number of its cheque."""
    if each.cheque and number_of(each.cheque) == read(line).cheque:
        return True
    said = squeezed(each.reference)
    return said in words or (len(said) >= LONG and said in whole)


def _may_be(line: Line, each: Recorded) -> bool:
    """Whether it lies in this bank account's currency, and in no other bank account."""
    return each.currency == line.currency and each.bank_account_id in (None, line.bank_account_id)


def _sum(group: Group) -> int:
    return sum(each.amount_minor for each in group)
