"""Setting receipts against obligations: an account's life replayed, the difference appended.

Every verb that changes what an account owes or has received ends here. Nothing is edited: rows
that no longer hold are mirrored, new ones follow (core/book/replay.py, core/book/allocation.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

import numpy as np
from django.db.models import F, QuerySet

from tahsil.core.book import obligations as owed
from tahsil.core.book import receipts as received
from tahsil.core.book.allocation import Allocation as Row
from tahsil.core.book.allocation import Allocations, difference
from tahsil.core.book.categories import REFUND, bank_rule_index, category_index
from tahsil.core.book.replay import AccountBook, Held, Instructions, replay
from tahsil.core.book.waterfall import PRINCIPAL_FIRST, Waterfall
from tahsil.core.grammar.columns import column
from tahsil.core.grammar.dates import NEVER, as_days
from tahsil.core.grammar.money import AMOUNT_MAX
from tahsil.store import policies
from tahsil.store import rows as rows_of
from tahsil.store.models import (
    Adjustment,
    Allocation,
    Contract,
    Event,
    Obligation,
    Receipt,
    RefundPart,
)
from tahsil.store.prepared import Prepared

TOGETHER = 2_000
REFUNDED = category_index(REFUND)
MOVED = "receipt.reallocate"  # its events are the record of where our people sent money
ENDED = ("contract.terminate", "contract.reinstate")  # and these of what waits to be paid back

Order = Callable[[str], Callable[[date], Waterfall]]
Move = tuple[int, date, list[list[int]]]  # receipt, from when, (obligation, amount) parts
Ending = tuple[date, list[list[int]], list[list[int]]]  # from when, held and placed of receipts


def settle(
    account_ids: Iterable[int],
    *,
    now: datetime,
    batch_id: int | None = None,
    since: date | None = None,
    move: Move | None = None,
    ending: Ending | None = None,
) -> int:
    """Appends what it takes for these accounts' allocations to be right; how many rows.

    What receipts before `since` paid on their own day stays as it is, whatever the rules say now:
    the past changes only where something was back-dated.
    """
    ids = sorted(set(account_ids))
    made, order = 0, cache(waterfall_at)
    for start in range(0, len(ids), TOGETHER):
        rows: list[Allocation] = []
        for life in lives(ids[start : start + TOGETHER]):
            life.since = since
            life.moves += [move] if move else []
            life.endings += [ending] if ending else []
            rows += [_row(life.account_id, each, now, batch_id) for each in life.missing(order)]
        made += len(rows_of.insert(rows))
    return made


@dataclass
class Life:
    """Everything that happened on one account, as the rows of the store have it."""

    account_id: int
    waterfall: str = "standard"
    obligations: list[tuple] = field(default_factory=list)
    receipts: list[tuple] = field(default_factory=list)
    adjustments: list[tuple] = field(default_factory=list)
    instructions: list[tuple] = field(default_factory=list)
    allocations: list[tuple] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    refunds: list[tuple] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    since: date | None = None

    def missing(self, order: Order | None = None) -> list[Row]:
        """The allocation rows that are not there yet and should be; `order` is waterfall_at."""
        if not self.receipts:
            return []
        at = (order or waterfall_at)(self.waterfall)
        wanted = replay(self.book(), waterfall_at=at, as_of=NEVER)
        return difference(self.standing(), wanted)

    def book(self) -> AccountBook:
        """The account as the core takes it."""
        return AccountBook(
            owed.obligations_of(self.obligations),
            received.receipts_of(self.receipts),
            owed.Adjustments(*_columns(self.adjustments, ("_id", "_minor", "_on"))),
            Instructions(*_columns(self._said(), ("_id", "_id", "_minor", "_on"))),
            Held(*_columns(self._held(), ("_id", "_id", "_minor", "_on"))),
        )

    def _held(self) -> list[tuple]:
        """What waits on account since contracts ended, and what that money paid at once."""
        came = {row[0]: row[2] for row in self.receipts}
        known = {line[0] for line in self.obligations}
        rows: list[tuple] = []
        for on, held, placed in self.endings:
            rows += [(key, 0, part, max(on, came[key])) for key, part in held if key in came]
            rows += [(key, line, part, on) for key, line, part in placed
                     if key in came and came[key] < on and line in known]  # fmt: skip
        return rows

    def _said(self) -> list[tuple]:
        """Where money was told to go: by the payer, as it went before `since`, and by us later."""
        came = {row[0]: row[2] for row in self.receipts}
        kept = {key: on for key, on in came.items() if self.since and on < self.since}
        said = [row for row in self.instructions if row[0] not in kept]
        said += self._as_paid(kept)
        known = {line[0] for line in self.obligations}
        movable = [line[0] for line in self.obligations if line[1] != REFUNDED]
        for key, on, parts in self.moves:
            if key not in came:
                continue  # the import that brought the receipt was undone
            if on > came[key]:
                said += [(key, line, -AMOUNT_MAX, on) for line in movable]
            elif key in kept:
                continue  # a move on the receipt's own day shows in what it paid
            else:
                said = [row for row in said if row[0] != key]
            said += [(key, line, part, on) for line, part in parts if line in known]
        for on, _, placed in self.endings:
            said += [(key, line, part, came[key]) for key, line, part in placed
                     if key in came and came[key] >= on and line in known]  # fmt: skip
        return said + [row for row in self.refunds if row[0] in came]

    def _as_paid(self, kept: dict[int, date]) -> list[tuple]:
        """What each kept receipt paid on its own day, corrections taken off."""
        paid: dict[tuple[int, int], int] = {}
        for _, key, line, amount, on, _ in self.allocations:
            if kept.get(key) == on:
                paid[key, line] = paid.get((key, line), 0) + amount
        return [(key, line, part, kept[key]) for (key, line), part in paid.items() if part > 0]

    def standing(self) -> Allocations:
        """The allocation rows that stand, as columns."""
        names = ("_id", "_id", "_id", "_minor", "_on", "_id")
        return Allocations(*_columns(self.allocations, names))


def lives(account_ids: list[int]) -> Iterator[Life]:
    """The lives of these accounts, read in seven queries, in the accounts' order."""
    found = {account_id: Life(account_id) for account_id in account_ids}
    for account_id, code in _contracts.rows(account_ids=account_ids):
        found[account_id].waterfall = code  # the newest contract's order serves the account
    _read_owed(found, account_ids)
    _read_received(found, account_ids)
    for row in _allocations.rows(account_ids=account_ids):
        found[row[0]].allocations.append((*row[1:6], row[6] or 0))
    for key, verb, on, facts in _moved.rows(account_ids=account_ids):
        if verb == MOVED:
            found[key].moves.append((facts["receipt_id"], on, facts["parts"]))
        else:
            found[key].endings.append((on, facts["held"], facts["placed"]))
    for key, *row in _refunded.rows(account_ids=account_ids):
        found[key].refunds.append(tuple(row))
    yield from found.values()


def open_minor(account_id: int, *, as_of: date) -> dict[int, int]:
    """What each obligation of the account raised by the date has open on it."""
    left = dict(_raised.rows(account_id=account_id, on=as_of))
    for table, sign in ((_adjusted, 1), (_paid, -1)):
        for key, amount in table.rows(account_id=account_id, on=as_of):
            if key in left:
                left[key] += sign * amount
    return left


@Prepared
def _raised(account_id: int, on: date) -> QuerySet:
    found = Obligation.objects.filter(account_id=account_id, raised_on__lte=on).order_by("id")
    return found.values_list("id", "amount_minor")


@Prepared
def _adjusted(account_id: int, on: date) -> QuerySet:
    found = Adjustment.objects.filter(account_id=account_id, effective_on__lte=on)
    return found.values_list("obligation_id", "amount_minor")


@Prepared
def _paid(account_id: int, on: date) -> QuerySet:
    found = Allocation.objects.filter(account_id=account_id, effective_on__lte=on)
    return found.values_list("obligation_id", "amount_minor")


def waterfall_at(code: str) -> Callable[[date], Waterfall]:
    """The order of payment of that code on a date; principal first where none is published."""
    published = policies.published().get(("waterfall", code))
    if published is None:
        return lambda day: PRINCIPAL_FIRST
    steps = [(since, _waterfall(_frozen(body))) for since, (body, *_) in published.values]
    return lambda day: next((each for since, each in reversed(steps) if since <= day), steps[0][1])


def _read_owed(found: dict[int, Life], ids: list[int]) -> None:
    for account_id, key, category, due, dated, raised, amount in _obligations.rows(account_ids=ids):
        line = (key, category_index(category), dated or due, raised, amount)
        found[account_id].obligations.append(line)
    for account_id, *row in _adjustments.rows(account_ids=ids):
        found[account_id].adjustments.append(tuple(row))


def _read_received(found: dict[int, Life], ids: list[int]) -> None:
    for account_id, key, amount, on, undone, rule, kind, said in _receipts.rows(account_ids=ids):
        life = found[account_id]
        place = (bank_rule_index(rule), received.KINDS.index(kind))
        life.receipts.append((key, amount, on, undone, *place))
        life.instructions += [(key, line, part, on) for line, part in said]


@Prepared
def _contracts(account_ids: list[int]) -> QuerySet:
    found = Contract.objects.filter(account_id__in=account_ids).order_by("id")
    return found.values_list("account_id", "waterfall")


@Prepared
def _obligations(account_ids: list[int]) -> QuerySet:
    found = Obligation.objects.filter(account_id__in=account_ids).order_by("id")
    due = ("due_on", F("dated__due_on"))
    return found.values_list("account_id", "id", "category", *due, "raised_on", "amount_minor")


@Prepared
def _adjustments(account_ids: list[int]) -> QuerySet:
    found = Adjustment.objects.filter(account_id__in=account_ids).order_by("id")
    return found.values_list("account_id", "obligation_id", "amount_minor", "effective_on")


@Prepared
def _receipts(account_ids: list[int]) -> QuerySet:
    found = Receipt.objects.filter(account_id__in=account_ids).order_by("id")
    dates = ("value_on", F("reversal__effective_on"))
    kinds = ("rule", "kind", "instruction")
    return found.values_list("account_id", "id", "amount_minor", *dates, *kinds)


@Prepared
def _allocations(account_ids: list[int]) -> QuerySet:
    found = Allocation.objects.filter(account_id__in=account_ids).order_by("id")
    pays = ("receipt_id", "obligation_id", "amount_minor", "effective_on", "mirrors_id")
    return found.values_list("account_id", "id", *pays)


@Prepared
def _moved(account_ids: list[int]) -> QuerySet:
    told = (MOVED, *ENDED)
    found = Event.objects.filter(account_id__in=account_ids, verb__in=told).order_by("id")
    return found.values_list("account_id", "verb", "effective_on", "facts")


@Prepared
def _refunded(account_ids: list[int]) -> QuerySet:
    found = RefundPart.objects.filter(
        refund__account_id__in=account_ids, refund__payment__isnull=False
    ).order_by("id")
    paid = ("refund__payment__obligation_id", "amount_minor", "refund__payment__value_on")
    return found.values_list("refund__account_id", "receipt_id", *paid)


def _row(account_id: int, row: Row, now: datetime, batch_id: int | None) -> Allocation:
    return Allocation(
        receipt_id=row.receipt_id,
        obligation_id=row.obligation_id,
        account_id=account_id,
        amount_minor=row.amount_minor,
        effective_on=row.effective_on,
        recorded_at=now,
        mirrors_id=row.reverses_id or None,
        batch_id=batch_id,
    )


def _columns(rows: list[tuple], names: tuple[str, ...]) -> list[np.ndarray]:
    if not rows:
        return [as_days([]) if name == "_on" else np.empty(0, np.int64) for name in names]
    return [
        column(name, list(cells))
        for name, cells in zip(names, zip(*rows, strict=True), strict=True)
    ]


@lru_cache(maxsize=32)
def _waterfall(body: tuple[tuple[str, Any], ...]) -> Waterfall:
    return Waterfall(**dict(body))


def _frozen(body: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    known = Waterfall.__dataclass_fields__
    return tuple(
        (key, tuple(value) if isinstance(value, list) else value)
        for key, value in sorted(body.items())
        if key in known
    )
