"""One account's obligations as plain lists, and paying them: the small form of allocation.

A screen asks about sixty lines, not a million; lists of ints answer faster than arrays there.
The orders are the waterfall's (waterfall.keys says the same over columns, and a test compares).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from tahsil.core.book.categories import ANY, BANK_RULE_OF, BANK_RULES, REFUND, category_index
from tahsil.core.book.obligations import Obligations
from tahsil.core.book.waterfall import UNDATED, Waterfall, due_days, ranks

EPOCH = date(1970, 1, 1).toordinal()
START, END = -UNDATED, UNDATED + 1  # before and after every due date
ANY_RULE = BANK_RULES.index(ANY)
REFUNDED = category_index(REFUND)


def day_number(day: date) -> int:
    """Days since 1970, as datetime64[D] counts them."""
    return day.toordinal() - EPOCH


def day_of(number: int) -> date:
    """The date of a day number."""
    return date.fromordinal(number + EPOCH)


class Lines:
    """The obligations of one account in lists, with what each has open now."""

    def __init__(self, obligations: Obligations) -> None:
        self.id: list[int] = obligations.id.tolist()
        self.category: list[int] = obligations.category.tolist()
        self.rule = [BANK_RULE_OF[category] for category in self.category]
        self.due: list[int] = due_days(obligations).tolist()
        self.raised: list[int] = obligations.raised_on.astype("int64").tolist()  # missing: always
        self.open: list[int] = obligations.amount_minor.tolist()
        self.at = {obligation_id: position for position, obligation_id in enumerate(self.id)}
        self._orders: dict[Waterfall, tuple[list[int], list[int]]] = {}

    def orders(self, waterfall: Waterfall) -> tuple[list[int], list[int]]:
        """Positions in the order due ones are paid, and in the order future ones are."""
        if waterfall not in self._orders:
            ahead = waterfall.order_in_advance or waterfall.order
            sign = -1 if waterfall.future == "last" else 1
            self._orders[waterfall] = (
                self._sorted(waterfall.by, ranks(waterfall.order), 1),
                self._sorted(waterfall.by, ranks(ahead), sign),
            )
        return self._orders[waterfall]

    def _sorted(self, by: str, rank: tuple[int, ...], sign: int) -> list[int]:
        def key(position: int) -> tuple[int, int, int]:
            due = self.due[position]
            when = due if due == UNDATED else sign * due
            group = rank[self.category[position]]
            first = (when, group) if by == "due" else (group, when)
            return (*first, self.id[position])

        return sorted(range(len(self.id)), key=key)

    def payable(
        self, order: list[int], *, rule: int, day: int, due: tuple[int, int]
    ) -> Iterator[int]:
        """Of these, those open, raised, of that bank account and due in [since, until)."""
        since, until = due
        opened, dues = self.open, self.due
        for position in order:
            if (
                opened[position] > 0
                and since <= dues[position] < until
                and self.raised[position] <= day
                and (rule == ANY_RULE or rule == self.rule[position])
            ):
                yield position


def pay(
    lines: Lines, amount: int, *, rule: int, day: int, waterfall: Waterfall
) -> Iterator[tuple[int, int]]:
    """(position, amount) in the order paid; what is open goes down as they are taken."""
    due_order, ahead_order = lines.orders(waterfall)
    is_one_queue = not waterfall.is_due_first and waterfall.future != "none"
    until = END if is_one_queue else day + 1
    due = lines.payable(due_order, rule=rule, day=day, due=(START, until))
    for position, part in _in_order(lines, amount, due):
        amount -= part
        yield position, part
    if not amount or until == END or waterfall.future == "none":
        return
    future = lines.payable(ahead_order, rule=rule, day=day, due=(until, END))
    if waterfall.future == "spread":
        yield from _spread(lines, amount, list(future), waterfall)
    else:
        yield from _in_order(lines, amount, future)


def _in_order(lines: Lines, amount: int, positions: Iterable[int]) -> Iterator[tuple[int, int]]:
    if amount <= 0:
        return
    for position in positions:
        part = min(amount, lines.open[position])
        lines.open[position] -= part
        amount -= part
        yield position, part
        if not amount:
            return


def _spread(
    lines: Lines, amount: int, positions: list[int], waterfall: Waterfall
) -> Iterator[tuple[int, int]]:
    """Equal parts over the future lines: group by group if the waterfall goes by group.

    Lines without a date are spread over last: what waits for an event should not be paid first.
    """
    rank = ranks(waterfall.order_in_advance or waterfall.order)
    batches: dict[tuple[int, bool], list[int]] = {}
    for position in positions:
        group = rank[lines.category[position]] if waterfall.by == "group" else 0
        batches.setdefault((group, lines.due[position] == UNDATED), []).append(position)
    for batch in batches.values():
        parts = equal_parts(amount, [lines.open[position] for position in batch])
        for position, part in zip(batch, parts, strict=True):
            if part:
                lines.open[position] -= part
                amount -= part
                yield position, part


def equal_parts(amount: int, limits: list[int]) -> list[int]:
    """The amount in equal parts none above its limit; earlier parts carry the odd units."""
    parts = [0] * len(limits)
    room = [i for i, limit in enumerate(limits) if limit > 0]
    while amount and room:
        each, odd = divmod(amount, len(room))
        for i in room[: None if each else odd]:
            part = min(each + (room.index(i) < odd), limits[i] - parts[i])
            parts[i] += part
            amount -= part
        room = [i for i in room if parts[i] < limits[i]]
    return parts
