"""The life of an account in order: every receipt, reversal and adjustment, and what each paid.

Replaying is how a back-dated receipt is taken in: the allocations that should be are computed
from the facts alone, and allocation.difference says which rows to append. Nothing is edited.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from tahsil.core.book import standing
from tahsil.core.book.allocation import Allocation
from tahsil.core.book.obligations import NO_DAYS, NO_IDS, Adjustments, Obligations
from tahsil.core.book.receipts import Receipts
from tahsil.core.book.waterfall import UNDATED, Waterfall
from tahsil.core.grammar.columns import Columns

# What comes first within one day: a line re-opened in the morning is paid by the day's money.
STANDS = np.iinfo(np.int64).min  # how a missing date reads as an integer
ADJUST, REVERSE, HOLD, CARRY, RECEIVE, INSTRUCT = range(6)


@dataclass(frozen=True)
class Instructions(Columns):
    """Who said where money goes: the payer with the receipt, or our people on a later date.

    A negative amount takes money back from an obligation; it stays unapplied until placed anew.
    """

    receipt_id: np.ndarray
    obligation_id: np.ndarray
    amount_minor: np.ndarray
    effective_on: np.ndarray

    @classmethod
    def none(cls) -> Instructions:
        """The table without a row."""
        return cls(NO_IDS, NO_IDS, NO_IDS, NO_DAYS)


@dataclass(frozen=True)
class Held(Columns):
    """Money of a receipt that waits on account from a day on: it pays only where it is placed.

    A negative amount lets so much of it go again; one with an obligation pays that before any other
    money of the day does.
    """

    receipt_id: np.ndarray
    obligation_id: np.ndarray  # 0: it waits
    amount_minor: np.ndarray
    effective_on: np.ndarray

    @classmethod
    def none(cls) -> Held:
        """The table without a row."""
        return cls(NO_IDS, NO_IDS, NO_IDS, NO_DAYS)


@dataclass(frozen=True)
class AccountBook:
    """Everything known of one account that decides which receipt pays which obligation.

    Receipts stand in the order recorded, which is that of their ids.
    """

    obligations: Obligations
    receipts: Receipts
    adjustments: Adjustments = field(default_factory=Adjustments.none)
    instructions: Instructions = field(default_factory=Instructions.none)
    held: Held = field(default_factory=Held.none)

    def __post_init__(self) -> None:
        assert (np.diff(self.receipts.id) > 0).all(), "receipts are not in the order recorded"


def replay(
    book: AccountBook, *, waterfall_at: Callable[[date], Waterfall], as_of: date
) -> list[Allocation]:
    """The allocations the facts effective by the date lead to, in the order they happen.

    Receipts pay by effective date, then in the order recorded. A reversal mirrors what its
    receipt paid, on its own date. An adjustment below what was paid frees the newest money.
    """
    life = _Life(book, waterfall_at)
    steps = (life.adjust, life.reverse, life.hold, life.carry, life.receive, life.instruct)
    for day, kind, position in _events(book, standing.day_number(as_of)):
        life.today = standing.day_of(day)
        steps[kind](position, day)
    return life.rows


def _events(book: AccountBook, last: int) -> list[tuple[int, int, int]]:
    """(day, kind, position) of everything up to the last day, in order."""
    received = book.receipts.effective_on.astype(np.int64).tolist()
    # A missing date is the smallest integer: no receipt was reversed before time began.
    undone = book.receipts.reversed_on.astype(np.int64).tolist()
    adjusted = book.adjustments.effective_on.astype(np.int64).tolist()
    instructed = book.instructions.effective_on.astype(np.int64).tolist()
    events = [(day, ADJUST, i) for i, day in enumerate(adjusted)]
    events += [(day, RECEIVE, i) for i, day in enumerate(received)]
    events += [(day, REVERSE, i) for i, day in enumerate(undone) if day > received[i]]
    events += [(day, INSTRUCT, i) for i, day in enumerate(instructed)]
    held = book.held.effective_on.astype(np.int64).tolist()
    events += [(day, HOLD, i) for i, day in enumerate(held)]
    if received:
        events += _carries(book, events, min(received))
    return sorted(event for event in events if event[0] <= last)


def _carries(book: AccountBook, events: list[tuple[int, int, int]], first: int):
    """The days on which unapplied money may find a line: one fell due, was raised or re-opened."""
    owed = book.obligations.category != standing.REFUNDED  # a refund calls for no other money
    due = book.obligations.due_on[owed].astype(np.int64).tolist()
    raised = book.obligations.raised_on[owed].astype(np.int64).tolist()
    opened = [day for day, kind, _ in events if kind in (ADJUST, REVERSE)]
    return [(day, CARRY, 0) for day in {*due, *raised, *opened} if first < day < UNDATED]


class _Life:
    """The account while it is replayed: what is open, what each receipt holds and has paid."""

    def __init__(self, book: AccountBook, waterfall_at: Callable[[date], Waterfall]) -> None:
        self.lines = standing.Lines(book.obligations)
        self.receipt_id: list[int] = book.receipts.id.tolist()
        self.amount: list[int] = book.receipts.amount_minor.tolist()
        self.rule: list[int] = book.receipts.bank_rule.tolist()
        self.undone: list[int] = book.receipts.reversed_on.astype(np.int64).tolist()
        self.received: list[int] = book.receipts.effective_on.astype(np.int64).tolist()
        self.adjustments = list(
            zip(
                book.adjustments.obligation_id.tolist(),
                book.adjustments.amount_minor.tolist(),
                strict=True,
            )
        )
        self.waterfall_at = waterfall_at
        self.today = date.min
        self.left = [0] * len(self.receipt_id)
        self.paid: list[dict[int, int]] = [{} for _ in self.receipt_id]
        self.rows: list[Allocation] = []
        self.held = [0] * len(self.receipt_id)
        self.holds = list(
            zip(
                book.held.receipt_id.tolist(),
                book.held.obligation_id.tolist(),
                book.held.amount_minor.tolist(),
                strict=True,
            )
        )
        self._take_instructions(book.instructions)

    def _take_instructions(self, instructions: Instructions) -> None:
        """The payer's own go with their receipt, the others wait for their day."""
        at = {receipt_id: position for position, receipt_id in enumerate(self.receipt_id)}
        self.instructions = []
        self.payers: dict[int, list[tuple[int, int]]] = {}
        for receipt_id, obligation_id, amount, day in zip(
            instructions.receipt_id.tolist(),
            instructions.obligation_id.tolist(),
            instructions.amount_minor.tolist(),
            instructions.effective_on.astype(np.int64).tolist(),
            strict=True,
        ):
            receipt, line = at[receipt_id], self.lines.at[obligation_id]
            is_payers = amount > 0 and day <= self.received[receipt]
            if self._is_refund(receipt, line, amount, day):
                self.lines.open[line] -= amount  # other money sees what this one leaves open
            if is_payers:
                self.payers.setdefault(receipt, []).append((line, amount))
            self.instructions.append(None if is_payers else (receipt, line, amount))

    def receive(self, receipt: int, day: int) -> None:
        if self._is_undone(receipt, day):  # reversed on the day it came: it paid nothing
            return
        self.left[receipt] = self.amount[receipt]
        for line, amount in self.payers.get(receipt, ()):
            self._place(receipt, line, amount, day)
        self._spend(receipt, day)

    def reverse(self, receipt: int, day: int) -> None:
        for line, amount in list(self.paid[receipt].items()):
            self._record(receipt, line, -amount, day)
        self.left[receipt] = 0

    def adjust(self, position: int, day: int) -> None:
        obligation_id, amount = self.adjustments[position]
        line = self.lines.at[obligation_id]
        self.lines.open[line] += amount
        if self.lines.open[line] >= 0:
            return
        newest_first = sorted(range(len(self.paid)), key=self.received.__getitem__)[::-1]
        for receipt in newest_first:
            freed = min(self.paid[receipt].get(line, 0), -self.lines.open[line])
            if freed:
                self._record(receipt, line, -freed, day)
                self.left[receipt] += freed

    def hold(self, position: int, day: int) -> None:
        receipt_id, obligation_id, amount = self.holds[position]
        receipt = self.receipt_id.index(receipt_id)
        if obligation_id:
            self._place(receipt, self.lines.at[obligation_id], amount, day)
            return
        self.held[receipt] = max(self.held[receipt] + amount, 0)

    def instruct(self, position: int, day: int) -> None:
        if (instruction := self.instructions[position]) is None:
            return
        receipt, line, amount = instruction
        if self._is_undone(receipt, day) or day < self.received[receipt]:
            return
        if amount > 0:
            self._place(receipt, line, amount, day)
            return
        freed = min(-amount, self.paid[receipt].get(line, 0))
        if freed:
            self._record(receipt, line, -freed, day)
            self.left[receipt] += freed

    def carry(self, _: int, day: int) -> None:
        if not sum(self.left) or not self.waterfall_at(self.today).is_carried:
            return
        for receipt, left in enumerate(self.left):
            if left:
                self._spend(receipt, day)

    def _is_refund(self, receipt: int, line: int, amount: int, day: int) -> bool:
        """Whether the money is to settle, on its own day, the refund it was paid back in."""
        is_own = self.lines.category[line] == standing.REFUNDED and self.lines.raised[line] == day
        return is_own and amount > 0 and not self._is_undone(receipt, day)

    def _is_undone(self, receipt: int, day: int) -> bool:
        undone = self.undone[receipt]
        return undone != STANDS and undone <= day

    def _place(self, receipt: int, line: int, amount: int, day: int) -> None:
        """Follow an instruction as far as the money and the line still reach."""
        if self._is_refund(receipt, line, amount, day):
            self.lines.open[line] += amount
        room = self.lines.open[line] if self.lines.raised[line] <= day else 0
        part = min(amount, self.left[receipt], room)
        if part > 0:
            self._record(receipt, line, part, day)
            self.left[receipt] -= part
            self.held[receipt] = min(self.held[receipt], self.left[receipt])

    def _spend(self, receipt: int, day: int) -> None:
        waterfall = self.waterfall_at(self.today)
        rule = self.rule[receipt]
        left = max(self.left[receipt] - self.held[receipt], 0)
        for line, part in standing.pay(self.lines, left, rule=rule, day=day, waterfall=waterfall):
            self.lines.open[line] += part  # _record takes it off again
            self._record(receipt, line, part, day)
            self.left[receipt] -= part

    def _record(self, receipt: int, line: int, amount: int, day: int) -> None:
        held = self.paid[receipt].get(line, 0) + amount
        if held:
            self.paid[receipt][line] = held
        else:
            del self.paid[receipt][line]
        self.lines.open[line] -= amount
        self.rows.append(
            Allocation(self.receipt_id[receipt], self.lines.id[line], amount, self.today)
        )
