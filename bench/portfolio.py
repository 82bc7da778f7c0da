"""Portfolios made quickly: contracts, obligations, receipts and allocations as Arrow tables.

Lines fall due month by month, most debtors pay about on time, some stop. Receipts are set against
the oldest lines first by the core's own cut. Same size and seed, same portfolio.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from tahsil.core.book.allocation import allocate_many

AS_OF = date(2026, 11, 20)
PART = 100_000  # accounts made at a time
RECORDED = "2026-11-01 08:00:00"
NAMES = ("Ahmed Hassan", "Mona Adel", "Rajesh Kumar", "Fatma Said", "Omar Khalil", "Sunita Rao")


@dataclass(frozen=True)
class Size:
    """How many accounts, and lines and receipts of each."""

    name: str
    accounts: int
    lines: int
    receipts: int


SIZES = {
    "2k": Size("2k", 2_000, 8, 5),
    "20k": Size("20k", 20_000, 8, 3),
    "200k": Size("200k", 200_000, 8, 5),
    "1m": Size("1m", 1_000_000, 12, 8),
}


@dataclass
class Numbers:
    """The ids used so far, so that parts follow one another."""

    account: int = 0
    obligation: int = 0
    receipt: int = 0
    allocation: int = 0
    attempt: int = 0
    paper: int = 0


def tables(size: Size, *, seed: int = 7) -> Iterator[tuple[str, pa.Table]]:
    """(table, rows) in an order that satisfies every key; parties, creditors and people exist."""
    random = np.random.default_rng(seed)
    used = Numbers()
    for start in range(0, size.accounts, PART):
        count = min(PART, size.accounts - start)
        yield from _part(random, size, count, used)
        used.account += count


def _part(
    random: np.random.Generator, size: Size, count: int, used: Numbers
) -> Iterator[tuple[str, pa.Table]]:
    ids = np.arange(used.account + 1, used.account + count + 1)
    yield "store_party", _parties(ids)
    yield "store_account", _accounts(random, ids, size)
    yield "store_contract", _contracts(ids)
    amount = random.integers(50, 5_000, count) * 10_000
    late = random.choice(np.arange(5), count, p=[0.62, 0.18, 0.08, 0.07, 0.05])
    due_on = _due_on(random, size, count, late)
    lines = np.repeat(amount, size.lines)
    obligation_id = np.arange(used.obligation + 1, used.obligation + len(lines) + 1)
    used.obligation += len(lines)
    yield "store_obligation", _obligations(ids, size, obligation_id, due_on, lines)
    yield from _money(random, size, ids, amount, due_on, used)
    yield from _work(random, ids, late, amount, used)


def _due_on(random: np.random.Generator, size: Size, count: int, late: np.ndarray) -> np.ndarray:
    """Per account and line its due date: as many are due by now as are paid or late."""
    due = size.receipts + late
    first = np.datetime64(AS_OF, "D") - (due * 30 - random.integers(1, 30, count)).astype(np.int64)
    return first[:, None] + np.arange(size.lines) * 30


def _money(
    random: np.random.Generator,
    size: Size,
    ids: np.ndarray,
    amount: np.ndarray,
    due_on: np.ndarray,
    used: Numbers,
) -> Iterator[tuple[str, pa.Table]]:
    each = size.receipts
    delay = random.integers(-3, 9, (len(ids), each))
    value_on = np.minimum(due_on[:, :each] + delay, np.datetime64(AS_OF, "D")).ravel()
    share = random.choice([50, 100, 150], (len(ids), each), p=[0.06, 0.9, 0.04])
    paid = (amount[:, None] * share // 100).ravel()
    payer, debtor = np.repeat(ids, each), np.repeat(ids, size.lines)
    receipt_id = np.arange(used.receipt + 1, used.receipt + len(paid) + 1)
    first_line = used.obligation - len(debtor) + 1
    used.receipt += len(paid)
    credit, debt, piece = allocate_many(payer, paid, debtor, np.repeat(amount, size.lines))
    yield (
        "store_receipt",
        pa.table(
            {
                "id": receipt_id,
                "account_id": payer,
                "kind": _same("money", len(paid)),
                "number": pa.array(np.char.add("R-", receipt_id.astype(str))),
                "amount_minor": paid,
                "instrument": _same("transfer", len(paid)),
                "rule": _same("any", len(paid)),
                "value_on": value_on,
                "recorded_at": _same(RECORDED, len(paid)),
            }
        ),
    )
    allocation_id = np.arange(used.allocation + 1, used.allocation + len(piece) + 1)
    used.allocation += len(piece)
    yield (
        "store_allocation",
        pa.table(
            {
                "id": allocation_id,
                "receipt_id": receipt_id[credit],
                "obligation_id": first_line + debt,
                "account_id": payer[credit],
                "amount_minor": piece,
                "effective_on": value_on[credit],
                "recorded_at": _same(RECORDED, len(piece)),
            }
        ),
    )


def _work(
    random: np.random.Generator,
    ids: np.ndarray,
    late: np.ndarray,
    amount: np.ndarray,
    used: Numbers,
) -> Iterator[tuple[str, pa.Table]]:
    """Attempts on accounts that are late, cheques behind some that are not."""
    called = np.repeat(ids[late > 0], 2)
    on = np.datetime64(AS_OF, "D") - random.integers(1, 60, len(called))
    columns = {
        "id": np.arange(used.attempt + 1, used.attempt + len(called) + 1),
        "account_id": called,
        "channel": _same("call", len(called)),
        "disposition": _same("no_answer", len(called)),
        "level": pa.array(random.choice(["none", "right_party"], len(called))),
        "next_step": _same("call", len(called)),
        "happened_at": _same(RECORDED, len(called)),
        "effective_on": on,
    }
    used.attempt += len(called)
    yield "store_attempt", pa.table(columns)
    covered = (late == 0) & (random.random(len(ids)) < 0.2)
    papers = ids[covered]
    number = np.arange(used.paper + 1, used.paper + len(papers) + 1)
    used.paper += len(papers)
    yield (
        "store_instrument",
        pa.table(
            {
                "id": number,
                "account_id": papers,
                "kind": _same("cheque", len(papers)),
                "number": pa.array(number.astype(str)),
                "amount_minor": amount[covered],
                "matures_on": _same(np.datetime64(AS_OF, "D") + 20, len(papers)),
                "state": _same("in_safe", len(papers)),
            }
        ),
    )


def _parties(ids: np.ndarray) -> pa.Table:
    names = np.char.add(np.asarray(NAMES)[ids % len(NAMES)], np.char.add(" ", ids.astype(str)))
    return pa.table(
        {"id": ids, "name": pa.array(names), "name_key": pa.array(np.char.lower(names))}
    )


def _accounts(random: np.random.Generator, ids: np.ndarray, size: Size) -> pa.Table:
    staff = people_of(size)
    collector = random.integers(1, staff + 1, len(ids))
    unowned = random.random(len(ids)) < 0.03
    return pa.table(
        {
            "id": ids,
            "number": pa.array(np.char.add("A-", ids.astype(str))),
            "party_id": ids,
            "creditor_id": _same(1, len(ids)),
            "currency": _same("EGP", len(ids)),
            "product": _same("developer", len(ids)),
            "project_id": 1 + ids % 3,
            "collector_id": pa.array(collector, mask=unowned),
        }
    )


def people_of(size: Size) -> int:
    """How many collectors the portfolio has."""
    return max(5, size.accounts // 1_000)


def _contracts(ids: np.ndarray) -> pa.Table:
    return pa.table(
        {
            "id": ids,
            "account_id": ids,
            "number": pa.array(np.char.add("C-", ids.astype(str))),
            "project_id": 1 + ids % 3,
            "product": _same("developer", len(ids)),
        }
    )


def _obligations(
    ids: np.ndarray, size: Size, obligation_id: np.ndarray, due_on: np.ndarray, lines: np.ndarray
) -> pa.Table:
    return pa.table(
        {
            "id": obligation_id,
            "account_id": np.repeat(ids, size.lines),
            "contract_id": np.repeat(ids, size.lines),
            "seq": np.tile(np.arange(1, size.lines + 1), len(ids)),
            "category": _same("instalment", len(lines)),
            "amount_minor": lines,
            "due_on": due_on.ravel(),
            "raised_on": np.repeat(due_on[:, 0], size.lines),
            "recorded_at": _same(RECORDED, len(lines)),
        }
    )


def _same(value: object, count: int) -> pa.Array:
    return pa.array(np.full(count, value))
