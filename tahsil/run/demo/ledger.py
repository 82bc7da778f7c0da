"""What the rules make of a draft: which receipt paid what, what is open, when work began.

Allocation is the core's, in bulk where one cut does it and by replaying an account where not, so
that the demo's book is the book the program itself would have kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from tahsil.core.book import bulk
from tahsil.core.book.allocation import Allocation
from tahsil.core.book.categories import bank_rule_index, category_index
from tahsil.core.book.obligations import Obligations
from tahsil.core.book.receipts import KINDS, Receipts
from tahsil.core.book.replay import AccountBook, replay
from tahsil.core.book.waterfall import OLDEST_FIRST, Waterfall, bank_rules, ranks
from tahsil.core.grammar.columns import sum_by
from tahsil.core.resolve import promises
from tahsil.run.demo.draft import Draft, Table
from tahsil.run.demo.habits import Bills
from tahsil.run.demo.rows import NONE

GRACE = 2  # days after a promised date that still count


@dataclass(frozen=True)
class Pieces:
    """Allocations by position of receipt and line; `mirrors` is the row undone, -1 for none."""

    receipt: np.ndarray
    line: np.ndarray
    amount: np.ndarray
    on: np.ndarray
    mirrors: np.ndarray


def as_dates(days: np.ndarray) -> np.ndarray:
    """Day numbers as dates, NaT where missing."""
    made = days.astype("datetime64[D]")
    made[days == NONE] = np.datetime64("NaT")
    return made


def line_due(draft: Draft) -> np.ndarray:
    """The due date of every line: its own, or the one its event gave it."""
    lines = draft["lines"]
    return np.where(lines["due"] == NONE, lines["dated"], lines["due"])


def line_account(draft: Draft) -> np.ndarray:
    """The account each line is owed by."""
    return draft["contracts"]["account"][draft["lines"]["contract"]]


def receipt_account(draft: Draft) -> np.ndarray:
    """The account each receipt was received on."""
    return draft["contracts"]["account"][draft["receipts"]["contract"]]


def allocate(draft: Draft, waterfall_at: Callable[[date], Waterfall], *, as_of: date) -> Pieces:
    """Every receipt set against what it pays, in the order of the waterfall on its day."""
    owed, came = _obligations(draft), _receipts(draft)
    debtor, payer = line_account(draft), receipt_account(draft)
    waterfall = waterfall_at(as_of)
    alone = bulk.needs_replay(owed, came, debtor=debtor, payer=payer)
    if not waterfall.is_static():
        alone = np.union1d(alone, _mixed(owed, debtor, waterfall))
        waterfall = OLDEST_FIRST
    some_debts, some_credits = ~np.isin(debtor, alone), ~np.isin(payer, alone)
    cut = bulk.pay_accounts(
        owed.take(some_debts),
        came.take(some_credits),
        debtor=debtor[some_debts],
        payer=payer[some_credits],
        waterfall=waterfall,
    )
    receipt, line, amount, on = (np.asarray(column) for column in cut)
    pieces = Pieces(receipt, line, amount, on.astype(np.int64), np.full(receipt.size, -1))
    lives: list[Allocation] = []
    lows, highs = _spans(debtor, alone), _spans(payer, alone)
    for mine, theirs in zip(lows, highs, strict=True):
        book = AccountBook(owed.take(mine), came.take(theirs))
        lives += replay(book, waterfall_at=waterfall_at, as_of=as_of)
    return _ordered(_with(pieces, lives), payer)


def _mixed(owed: Obligations, debtor: np.ndarray, waterfall: Waterfall) -> np.ndarray:
    """The accounts for which the waterfall's order is not simply the oldest due date first.

    With lines of one group only, a waterfall that pays the next line in advance is that order.
    """
    if waterfall.future != "next" or waterfall.order_in_advance:
        return np.unique(debtor)
    group = np.asarray(ranks(waterfall.order), dtype=np.int64)[owed.category]
    pool = debtor * 8 + bank_rules(owed)
    pairs = np.unique(pool * 64 + group) // 64
    pools, groups = np.unique(pairs, return_counts=True)
    return np.unique(pools[groups > 1] // 8)


def _spans(owner: np.ndarray, accounts: np.ndarray) -> list[np.ndarray]:
    """Where each account's rows stand in a column sorted by account."""
    low = np.searchsorted(owner, accounts, "left").tolist()
    high = np.searchsorted(owner, accounts, "right").tolist()
    return [np.arange(a, b) for a, b in zip(low, high, strict=True)]


def _ordered(pieces: Pieces, payer: np.ndarray) -> Pieces:
    """The pieces in the order of accounts."""
    order = np.argsort(payer[pieces.receipt], kind="stable")
    back = np.empty(order.size + 1, dtype=np.int64)
    back[order], back[-1] = np.arange(order.size), -1
    return Pieces(
        pieces.receipt[order], pieces.line[order], pieces.amount[order], pieces.on[order],
        back[pieces.mirrors[order]],
    )  # fmt: skip


def _with(pieces: Pieces, life: list[Allocation]) -> Pieces:
    """The pieces and one account's life after them; a reversal names the row it mirrors."""
    start, mirrors = pieces.receipt.size, []
    stands: dict[tuple[int, int], int] = {}
    for at, row in enumerate(life):
        key = row.receipt_id, row.obligation_id
        mirrors.append(stands.pop(key) if row.amount_minor < 0 else -1)
        if row.amount_minor > 0:
            stands[key] = start + at
    added = np.asarray(
        [(r.receipt_id, r.obligation_id, r.amount_minor) for r in life], dtype=np.int64
    ).reshape(-1, 3)
    days = np.asarray([r.effective_on for r in life], dtype="datetime64[D]").astype(np.int64)
    return Pieces(
        np.concatenate((pieces.receipt, added[:, 0])),
        np.concatenate((pieces.line, added[:, 1])),
        np.concatenate((pieces.amount, added[:, 2])),
        np.concatenate((pieces.on, days)),
        np.concatenate((pieces.mirrors, np.asarray(mirrors, dtype=np.int64))),
    )


def _obligations(draft: Draft) -> Obligations:
    lines = draft["lines"]
    return Obligations(
        np.arange(draft.count("lines")),
        _places(lines["category"], category_index),
        as_dates(line_due(draft)),
        as_dates(lines["raised"]),
        lines["amount"],
    )


def _receipts(draft: Draft) -> Receipts:
    came = draft["receipts"]
    return Receipts(
        np.arange(draft.count("receipts")),
        came["amount"],
        as_dates(came["on"]),
        as_dates(came["reversed"]),
        _places(came["rule"], bank_rule_index),
        _places(came["kind"], KINDS.index),
    )


def _places(words: np.ndarray, place_of) -> np.ndarray:
    found, where = np.unique(words.astype(str), return_inverse=True)
    return np.asarray([place_of(word) for word in found.tolist()], dtype=np.int64)[where]


def open_minor(draft: Draft, pieces: Pieces) -> np.ndarray:
    """What of each line is not paid."""
    return draft["lines"]["amount"] - sum_by(pieces.line, pieces.amount, draft.count("lines"))


def unapplied_minor(draft: Draft, pieces: Pieces) -> np.ndarray:
    """What of each receipt that stands is set against nothing."""
    came = draft["receipts"]
    stands = np.where(came["reversed"] == NONE, came["amount"], 0)
    return stands - sum_by(pieces.receipt, pieces.amount, draft.count("receipts"))


def cases(draft: Draft, due: Bills, left: np.ndarray, *, today: int) -> Table:
    """The cases there were, and one open for every account with arrears; closed NONE while open."""
    late = np.flatnonzero((left > 0) & (line_due(draft) < today) & (line_due(draft) != NONE))
    owner, since = line_account(draft)[late], line_due(draft)[late] + 1
    first = np.full(draft.count("accounts"), NONE, dtype=np.int64)
    order = np.lexsort((since, owner))
    accounts, at = np.unique(owner[order], return_index=True)
    first[accounts] = since[order][at]
    account, opened, closed = _episodes(due)
    over = (closed <= today) & ((first[account] == NONE) | (closed < first[account]))
    account = np.concatenate((account[over], accounts))
    opened = np.concatenate((opened[over], first[accounts]))
    closed = np.concatenate((closed[over], np.full(accounts.size, NONE)))
    order = np.lexsort((opened, account))
    return {"account": account[order], "opened": opened[order], "closed": closed[order]}


def _episodes(due: Bills) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Stretches of being late that are over, overlapping ones run together."""
    late = np.flatnonzero((due.paid != NONE) & (due.paid > due.due + 2))
    order = np.lexsort((due.due[late], due.account[late]))
    account, since = due.account[late][order], due.due[late][order] + 1
    span = 131_072
    until = np.maximum.accumulate(account * span + due.paid[late][order])
    fresh = np.ones(account.size, dtype=bool)
    fresh[1:] = account[1:] * span + since[1:] > until[:-1]
    start = np.flatnonzero(fresh)
    end = np.append(start[1:], account.size) - 1
    return account[start], since[start], until[end] - account[start] * span


def judged(draft: Draft, *, as_of: date) -> Table:
    """The promises with their state on the date, as the core judges them."""
    made = draft["promises"]
    came, mine = draft["receipts"], draft["receipts"]["reversed"] == NONE
    mine &= came["kind"] == "money"
    last = made["on"] + GRACE
    facts = promises.Promises(
        made["account"],
        as_dates(made["made"]),
        as_dates(made["on"]),
        as_dates(last),
        made["amount"],
    )
    receipts = promises.Receipts(
        receipt_account(draft)[mine], as_dates(came["on"][mine]), came["amount"][mine]
    )
    received = promises.received(facts, receipts, as_of=as_of)
    state = promises.judge(made["amount"], received, facts.last_on, as_of=as_of)
    words = np.asarray(promises.STATES, dtype=object)[state]
    day = np.where(state == promises.OPEN, NONE, np.minimum(last + 1, _number(as_of)))
    return {**made, "state": words, "judged": day, "received": received}


def _number(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))
