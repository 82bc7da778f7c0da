"""Small books for tests: obligations, receipts and adjustments by day, and their strategies."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import strategies as st

from tahsil.core.book import replay, waterfall
from tahsil.core.book.allocation import Allocation, Allocations
from tahsil.core.book.categories import BANK_RULES, category_index
from tahsil.core.book.obligations import Adjustments, obligations_of
from tahsil.core.book.receipts import receipts_of
from tahsil.core.book.replay import AccountBook, Instructions
from tahsil.core.book.waterfall import Waterfall
from tahsil.core.grammar.dates import as_days

DAY0 = date(2026, 1, 1)
LAST = DAY0 + timedelta(days=400)


def on(day: int) -> date:
    return DAY0 + timedelta(days=day)


def owed(*lines: tuple[str, int | None, int], raised: int | None = None):
    """Obligations 1, 2, 3… of (category, due day or None, amount)."""
    return obligations_of(
        [
            (number, category_index(code), None if due is None else on(due),
             None if raised is None else on(raised), amount)
            for number, (code, due, amount) in enumerate(lines, 1)
        ]
    )  # fmt: skip


def came(*receipts: tuple[int, int] | tuple[int, int, int], rule: str = "price"):
    """Receipts 1, 2, 3… of (day, amount, day reversed)."""
    return receipts_of(
        [
            (number, row[1], on(row[0]), on(row[2]) if len(row) > 2 else None,
             BANK_RULES.index(rule), 0)
            for number, row in enumerate(receipts, 1)
        ]
    )  # fmt: skip


def adjusting(*rows: tuple[int, int, int]) -> Adjustments:
    """Adjustments of (obligation, amount, day)."""
    ids, amounts, days = zip(*rows, strict=True)
    return Adjustments(np.array(ids), np.array(amounts), as_days([on(day) for day in days]))


def instructing(*rows: tuple[int, int, int, int]) -> Instructions:
    """Instructions of (receipt, obligation, amount, day)."""
    receipts, ids, amounts, days = zip(*rows, strict=True)
    return Instructions(
        np.array(receipts), np.array(ids), np.array(amounts), as_days([on(d) for d in days])
    )


def told(book: AccountBook, plan: Waterfall = waterfall.OLDEST_FIRST, as_of: date = LAST):
    """The replayed rows as (receipt, obligation, amount, day)."""
    rows = replay.replay(book, waterfall_at=lambda _: plan, as_of=as_of)
    return [
        (r.receipt_id, r.obligation_id, r.amount_minor, (r.effective_on - DAY0).days) for r in rows
    ]


def recorded(rows: list[Allocation], start: int = 1) -> Allocations:
    """The rows as a table, numbered from start."""
    return Allocations(
        np.arange(start, start + len(rows)),
        np.array([row.receipt_id for row in rows], dtype=np.int64),
        np.array([row.obligation_id for row in rows], dtype=np.int64),
        np.array([row.amount_minor for row in rows], dtype=np.int64),
        as_days([row.effective_on for row in rows]),
        np.array([row.reverses_id for row in rows], dtype=np.int64),
    )


def told_rows(book: AccountBook, plan: Waterfall = waterfall.OLDEST_FIRST, as_of: date = LAST):
    return replay.replay(book, waterfall_at=lambda _: plan, as_of=as_of)


LINES = st.lists(
    st.tuples(
        st.sampled_from(["instalment", "fee", "penalty", "legal_cost", "interest"]),
        st.one_of(st.none(), st.integers(0, 200)),
        st.integers(1, 500),
    ),
    min_size=1,
    max_size=8,
)


def plans(*futures: str, order_in_advance=((),), is_carried=(False,)):
    """Waterfalls of every shape that pays what is due first, and of those that go in one queue."""
    orders = st.sampled_from([(), ("fee", "penalty", "principal"), ("principal", "fee")])
    due_first = st.builds(
        Waterfall,
        order=orders,
        by=st.sampled_from(["due", "group"]),
        future=st.sampled_from(futures),
        order_in_advance=st.sampled_from(order_in_advance),
        is_carried=st.sampled_from(is_carried),
    )
    one_queue = st.builds(
        Waterfall,
        order=orders,
        by=st.just("group"),
        future=st.sampled_from(["next", "none"]),
        is_due_first=st.just(False),
        is_carried=st.sampled_from(is_carried),
    )
    return st.one_of(due_first, one_queue)


PLANS = plans("next", "last", "none", order_in_advance=((), ("penalty",)))
EVERY_PLAN = plans("next", "last", "none", "spread", is_carried=(False, True))


RECEIPTS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 400), st.one_of(st.none(), st.integers(1, 60))),
    max_size=8,
)
ADJUSTED = st.lists(
    st.tuples(st.integers(0, 7), st.integers(-300, 100), st.integers(0, 200)), max_size=3
)


def book_of(lines, receipts, corrections=()) -> AccountBook:
    rows = [
        (number, amount, on(day), None if gone is None else on(day + gone), 1, 0)
        for number, (day, amount, gone) in enumerate(receipts, 1)
    ]
    obligations = owed(*lines, raised=0)
    amounts = obligations.amount_minor.tolist()
    kept = []
    for position, amount, day in sorted(corrections, key=lambda c: c[2]):
        if position < len(amounts) and amounts[position] + amount >= 0:
            amounts[position] += amount
            kept.append((position + 1, amount, day))
    adjustments = adjusting(*kept) if kept else Adjustments.none()
    return AccountBook(obligations, receipts_of(rows), adjustments)
