"""Paying obligations from receipts: one receipt proposed, many accounts at once, corrections.

A waterfall (waterfall.py) is a sort order; paying is one function over columns. Nothing recorded
is edited: `difference` says which rows to append so that the book says what it should. The whole
life of an account in order is replay.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from tahsil.core.book import standing
from tahsil.core.book.categories import ANY, BANK_RULES, HELD
from tahsil.core.book.obligations import NO_DAYS, NO_IDS, Obligations
from tahsil.core.book.waterfall import Waterfall
from tahsil.core.grammar.columns import Columns
from tahsil.core.grammar.refusal import Refused, RefusedAll

TOTAL_MAX = 9_000_000_000_000_000_000


@dataclass(frozen=True)
class Allocations(Columns):
    """The recorded rows: a mirror is negative and names the row it cancels, other rows name 0."""

    id: np.ndarray
    receipt_id: np.ndarray
    obligation_id: np.ndarray
    amount_minor: np.ndarray
    effective_on: np.ndarray
    reverses_id: np.ndarray

    @classmethod
    def none(cls) -> Allocations:
        """The table without a row."""
        return cls(NO_IDS, NO_IDS, NO_IDS, NO_IDS, NO_DAYS, NO_IDS)


class Allocation(NamedTuple):
    """A part of one receipt set against one obligation from a date; negative where it is undone."""

    receipt_id: int
    obligation_id: int
    amount_minor: int
    effective_on: date
    reverses_id: int = 0


class LineName(NamedTuple):
    """What people know a line by."""

    contract: str
    line: str  # its label, else its category
    due_on: date | None

    @property
    def facts(self) -> dict[str, Any]:
        """The facts a sentence about the line has."""
        return {"contract": self.contract or "-", "line": self.line, "due_on": self.due_on}


class Incoming(NamedTuple):
    """A receipt not yet recorded; `instructions` are the payer's (obligation id, amount) pairs.

    Refusals speak of lines by their `names` and of money in the `currency`.
    """

    amount_minor: int
    effective_on: date
    bank_rule: str = "price"
    instructions: tuple[tuple[int, int], ...] = ()
    currency: str = ""
    names: Mapping[int, LineName] = MappingProxyType({})

    def said_of(self, obligation_id: int) -> dict[str, Any]:
        """The facts a sentence about the line has; unnamed it is its number."""
        known = self.names.get(obligation_id, LineName("", str(obligation_id), None))
        return {**known.facts, "currency": self.currency}


class Proposal(NamedTuple):
    """What a receipt would pay, in order, and what would stay unapplied."""

    parts: tuple[tuple[int, int], ...]  # (obligation id, amount)
    unapplied_minor: int


def allocate(credit_minor: np.ndarray, open_minor: np.ndarray) -> tuple[np.ndarray, ...]:
    """Pieces (credit position, debt position, amount) that pay the debts from the credits in order.

    Lay both end to end on one line and cut it at every edge: each piece belongs to exactly one
    credit and one debt.
    """
    if not credit_minor.size or not open_minor.size:
        return NO_IDS, NO_IDS, NO_IDS
    assert np.maximum(credit_minor.sum(dtype=float), open_minor.sum(dtype=float)) < TOTAL_MAX
    paid, owed = credit_minor.cumsum(), open_minor.cumsum()
    cuts = np.unique(np.concatenate((np.zeros(1, dtype=np.int64), paid, owed)))
    cuts = cuts[cuts <= min(paid[-1], owed[-1])]
    start, amount = cuts[:-1], np.diff(cuts)
    return np.searchsorted(paid, start, "right"), np.searchsorted(owed, start, "right"), amount


def allocate_many(
    credit_pool: np.ndarray, credit_minor: np.ndarray, debt_pool: np.ndarray, open_minor: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Pieces as of `allocate`, every credit paying debts of its own pool only.

    Both sides come sorted by pool and, inside one, in the order of payment. Each pool gets a
    blank on the shorter side so that all pools lie end to end on one line; blanks pay nothing.
    """
    pools = np.union1d(credit_pool, debt_pool)
    credited, owed = (
        _per_pool(pools, credit_pool, credit_minor),
        _per_pool(pools, debt_pool, open_minor),
    )
    credits, credit_at = _padded(pools, credit_pool, credit_minor, np.maximum(owed - credited, 0))
    debts, debt_at = _padded(pools, debt_pool, open_minor, np.maximum(credited - owed, 0))
    credit, debt, amount = allocate(credits, debts)
    credit, debt = credit_at[credit], debt_at[debt]
    real = (credit >= 0) & (debt >= 0)
    return credit[real], debt[real], amount[real]


def _per_pool(pools: np.ndarray, keys: np.ndarray, amounts: np.ndarray) -> np.ndarray:
    assert amounts.sum(dtype=float) < TOTAL_MAX
    running = np.concatenate((np.zeros(1, dtype=np.int64), amounts.cumsum()))
    edges = np.searchsorted(keys, pools, "left"), np.searchsorted(keys, pools, "right")
    return running[edges[1]] - running[edges[0]]


def _padded(pools, keys, amounts, blanks) -> tuple[np.ndarray, np.ndarray]:
    """The amounts with one blank at each pool's end, and where each came from (-1 is a blank)."""
    ends = np.searchsorted(keys, pools, "right")
    positions = np.arange(amounts.size, dtype=np.int64)
    return np.insert(amounts, ends, blanks), np.insert(positions, ends, -1)


def propose(
    obligations: Obligations, open_minor: np.ndarray, *, receipt: Incoming, waterfall: Waterfall
) -> Proposal:
    """What the receipt would pay: the payer's instructions first, the rest by the waterfall.

    `open_minor` is what each obligation has open on the receipt's date. Instructions that cannot
    be followed are refused, all together.
    """
    lines = standing.Lines(obligations)
    lines.open = open_minor.tolist()
    check_instructions(lines, receipt)
    rule = BANK_RULES.index(receipt.bank_rule)
    day = standing.day_number(receipt.effective_on)
    parts, left = [], receipt.amount_minor
    for obligation_id, amount in receipt.instructions:
        position = lines.at[obligation_id]
        lines.open[position] -= amount
        left -= amount
        parts.append((obligation_id, amount))
    for position, amount in standing.pay(lines, left, rule=rule, day=day, waterfall=waterfall):
        left -= amount
        parts.append((lines.id[position], amount))
    return Proposal(tuple(parts), left)


def check_instructions(lines: standing.Lines, receipt: Incoming) -> None:
    """Refuses instructions beyond what is open, beyond the receipt, or across bank accounts."""
    faults = [fault for part in receipt.instructions if (fault := _fault(lines, receipt, part))]
    asked = sum(amount for _, amount in receipt.instructions)
    if asked > receipt.amount_minor:
        faults.append(
            Refused(
                "allocation.beyond_receipt",
                "The receipt is of {amount_minor}; {asked_minor} cannot be allocated from it. "
                "Up to {amount_minor} may be.",
                amount_minor=receipt.amount_minor,
                asked_minor=asked,
                currency=receipt.currency,
            )
        )
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise RefusedAll(
            "allocation.instructions",
            "{count} instructions cannot be followed.",
            faults,
            count=len(faults),
        )


def _fault(lines: standing.Lines, receipt: Incoming, part: tuple[int, int]) -> Refused | None:
    obligation_id, amount = part
    position = lines.at.get(obligation_id)
    if position is None:
        return Refused(
            "allocation.not_owed",
            "Obligation {obligation_id} is not on this account. Choose one of: {known}.",
            obligation_id=obligation_id,
            known=[_called(receipt, each) for each in lines.at],
        )
    rule = BANK_RULES[lines.rule[position]]
    if receipt.bank_rule not in (ANY, HELD, rule):
        return Refused(
            "allocation.bank_account",
            "This money reached the {held} account; {line} of contract {contract}, due {due_on}, "
            "is paid into the {wanted} account. It can be paid after a transfer between the two "
            "accounts.",
            held=receipt.bank_rule,
            wanted=rule,
            **receipt.said_of(obligation_id),
        )
    asked = sum(each for wanted_id, each in receipt.instructions if wanted_id == obligation_id)
    if amount <= 0 or asked > lines.open[position]:
        return Refused(
            "allocation.beyond_open",
            "{line} of contract {contract}, due {due_on}, has {open_minor} open; {asked_minor} "
            "cannot be allocated to it. Up to {open_minor} may be.",
            open_minor=lines.open[position],
            asked_minor=asked if amount > 0 else amount,
            **receipt.said_of(obligation_id),
        )
    return None


def _called(receipt: Incoming, obligation_id: int) -> str:
    said = receipt.said_of(obligation_id)
    return f"{said['line']} ({said['contract']})"


def difference(current: Allocations, wanted: Iterable[Allocation]) -> list[Allocation]:
    """The rows to append so that the recorded allocations, summed, are the wanted ones.

    A recorded row that is no longer wanted is mirrored, on its own date and by name; what is
    wanted instead follows as a new row. Rows already right are left alone. A negative row that
    names 0 undoes a row appended before it for the same receipt and obligation.
    """
    aim: dict[tuple[int, int, date], int] = defaultdict(int)
    for row in wanted:
        aim[row[0], row[1], row[3]] += row.amount_minor
    live, net = _live(current)
    appended = []
    for key in sorted(aim.keys() | net.keys(), key=lambda k: (k[2], k[0], k[1])):
        if aim.get(key, 0) == net.get(key, 0):
            continue
        receipt_id, obligation_id, on = key
        for row_id, amount in live.get(key, {}).items():
            appended.append(Allocation(receipt_id, obligation_id, -amount, on, row_id))
        if aim.get(key, 0):
            names = _undone_by(aim[key], current, key) if aim[key] < 0 else 0
            appended.append(Allocation(receipt_id, obligation_id, aim[key], on, names))
    return appended


def _undone_by(amount: int, current: Allocations, key: tuple[int, int, date]) -> int:
    """The recorded row a reversal's new row mirrors; 0 where that one is itself only appended."""
    same = (current.receipt_id == key[0]) & (current.obligation_id == key[1])
    same &= (current.amount_minor == -amount) & ~np.isin(current.id, current.reverses_id)
    found = current.id[same & (current.reverses_id == 0)]
    return int(found[-1]) if found.size else 0


def _live(current: Allocations):
    """Per (receipt, obligation, date): the rows no correction has cancelled, and their sum."""
    live: dict[tuple[int, int, date], dict[int, int]] = defaultdict(dict)
    net: dict[tuple[int, int, date], int] = defaultdict(int)
    corrections = []
    for row in current.rows():
        key = (row["receipt_id"], row["obligation_id"], row["effective_on"])
        live[key][row["id"]] = row["amount_minor"]
        net[key] += row["amount_minor"]
        corrections.append((key, row["id"], row["reverses_id"]))
    for key, row_id, reversed_id in corrections:
        # A mirror on a later date is a reversal that stands; on the same date it is a correction.
        if reversed_id in live[key]:
            del live[key][reversed_id], live[key][row_id]
    return live, net
