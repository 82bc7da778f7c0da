"""The work done so far: attempts, promises, holds, disputes, cheques taken.

Work follows from being late: a call on the days a desk would call, until the money came. Promises
are made on calls. None of it is dated on the day looked at: that day's work lies ahead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tahsil.core.book.categories import BANK_RULES
from tahsil.run.demo.draft import Draft, Table
from tahsil.run.demo.habits import BANKS, Bills
from tahsil.run.demo.rows import NONE

STEPS = (3, 7, 15, 30, 45, 60, 75, 90)  # days past due on which the desk tries
HISTORY = 545
RUNNING = 12  # a promise may run so long; the desk asks for no second one meanwhile
PRICE = BANK_RULES.index("price")


@dataclass(frozen=True)
class Outcome:
    """A disposition: how near it came, what follows and when, how often it is met."""

    code: str
    level: str
    step: str
    days: int
    weight: int


OUTCOMES = (
    Outcome("NC_NOANS", "none", "call", 1, 24),
    Outcome("NC_OFF", "none", "call", 1, 9),
    Outcome("NC_BUSY", "none", "call", 1, 8),
    Outcome("TP_FAMILY", "third_party", "call", 2, 5),
    Outcome("RP_PTP_FULL", "right_party", "await_payment", 6, 24),
    Outcome("RQ_CALLBACK", "right_party", "callback", 2, 9),
    Outcome("RP_BRANCH", "right_party", "await_payment", 3, 6),
    Outcome("RF_NONCOMMIT", "right_party", "call", 3, 7),
    Outcome("RF_NOMONEY", "right_party", "review", 5, 4),
    Outcome("RP_PAID_CLAIM", "right_party", "review", 1, 4),
)
SILENT = (50, 30, 10, 6, 0, 2, 0, 2, 0, 0)
BREAKER = (12, 6, 4, 2, 58, 6, 4, 6, 2, 0)
REASONS = (
    "FORGOT", "SALARY_DELAY", "INCOME_DROP", "CASH_LOCKED", "AWAIT_SALE", "FX_TRANSFER", "TRAVEL",
    "SCHOOL_SEASON", "OVERCOMMIT", "BANK_DISBURSEMENT",
)  # fmt: skip


def attempts(draft: Draft, due: Bills, *, rng: np.random.Generator, today: int) -> Table:
    """One row per try; one a day and account at most, none on a Friday."""
    open_until = np.where(due.paid == NONE, today, due.paid)
    account, on, bill = [], [], []
    for step in STEPS:
        tried = (due.rule == PRICE) & (due.due + step < open_until)
        tried &= (due.due + step > today - HISTORY) & (rng.random(due.due.size) < 0.78)
        at = np.flatnonzero(tried)
        account.append(due.account[at])
        on.append(due.due[at] + step)
        bill.append(at)
    account_at, day, bill_at = map(np.concatenate, (account, on, bill))
    day = np.minimum(day + 2 * (_weekday(day) == 4), today - 1)
    _, once = np.unique(account_at * 65_536 + day, return_index=True)
    account_at, day, bill_at = account_at[once], day[once], bill_at[once]
    return _attempt_rows(draft, (account_at, day, due.amount[bill_at]), rng)


def _attempt_rows(
    draft: Draft, tried: tuple[np.ndarray, np.ndarray, np.ndarray], rng: np.random.Generator
) -> Table:
    account, day, _ = tried
    outcome = _outcomes(draft["accounts"]["habit"][account], rng)
    reached = _of(outcome, lambda each: each.level) == "right_party"
    reason = _texts(REASONS)[rng.integers(0, len(REASONS), account.size)]
    channel = _texts(("call", "call", "call", "call", "whatsapp"))
    days = np.asarray([each.days for each in OUTCOMES])[outcome]
    return {
        "account": account,
        "on": day,
        "minute": 60 * 7 + rng.integers(0, 480, account.size),
        "channel": channel[rng.integers(0, len(channel), account.size)],
        "disposition": _of(outcome, lambda each: each.code),
        "level": _of(outcome, lambda each: each.level),
        "reason": np.where(reached, reason, ""),
        "step": _of(outcome, lambda each: each.step),
        "step_on": day + days,
        "note": np.full(account.size, "", dtype=object),
    }


def _outcomes(habit: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    draw = rng.random(habit.size)
    usual = tuple(each.weight for each in OUTCOMES)
    chosen = _drawn(draw, usual)
    chosen = np.where(habit == "silent", _drawn(draw, SILENT), chosen)
    return np.where(habit == "breaker", _drawn(draw, BREAKER), chosen)


def _drawn(draw: np.ndarray, weights: tuple[int, ...]) -> np.ndarray:
    edges = np.cumsum(weights) / sum(weights)
    return np.minimum(np.digitize(draw, edges), len(weights) - 1)


def promises(
    draft: Draft, tried: Table, due: Bills, *, rng: np.random.Generator, today: int
) -> Table:
    """A promise on each call that brought one, for what was late then; never two at a time."""
    at = np.flatnonzero(tried["disposition"] == "RP_PTP_FULL")
    amount = _late_then(due, tried["account"][at], tried["on"][at])
    at, amount = at[amount > 0], amount[amount > 0]
    keep = _apart(tried["account"][at], tried["on"][at], RUNNING)
    at, amount = at[keep], amount[keep]
    kinds = _texts(("transfer", "cheque", "cash"))
    return {
        "account": tried["account"][at],
        "amount": amount,
        "made": tried["on"][at],
        "on": tried["on"][at] + rng.integers(2, 8, at.size),
        "instrument": kinds[rng.integers(0, 3, at.size)],
    }


def _late_then(due: Bills, account: np.ndarray, day: np.ndarray) -> np.ndarray:
    """What of each account was past due on the day: bills due before it, not yet paid by it."""
    size = int(max(due.account.max(initial=0), account.max(initial=0))) + 1
    span = 131_072
    late = due.rule == PRICE

    def up_to(days: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        key = due.account[chosen] * span + days[chosen]
        order = np.argsort(key, kind="stable")
        totals = np.concatenate((np.zeros(1, np.int64), due.amount[chosen][order].cumsum()))
        start = np.searchsorted(key[order], np.arange(size) * span)
        end = np.searchsorted(key[order], account * span + day)
        return totals[end] - totals[start[account]]

    fell_due = up_to(due.due, late)
    was_paid = up_to(np.maximum(due.paid, due.due), late & (due.paid != NONE))
    return fell_due - was_paid


def _apart(account: np.ndarray, day: np.ndarray, days: int) -> np.ndarray:
    """The rows that come more than so many days after the one kept before, account by account."""
    kept: list[int] = []
    last: dict[int, int] = {}
    for at in np.lexsort((day, account)).tolist():
        whose, when = int(account[at]), int(day[at])
        if when - last.get(whose, -days - 1) > days:
            kept.append(at)
            last[whose] = when
    return np.asarray(kept, dtype=np.int64)


def holds(draft: Draft, *, rng: np.random.Generator, today: int) -> Table:
    """A few accounts rest: asked for, or hardship."""
    at = np.flatnonzero(rng.random(draft.count("accounts")) < 0.012)
    is_hardship = rng.random(at.size) < 0.3
    since = today - rng.integers(3, 25, at.size)
    reasons = _texts(("A hold until the cheque is replaced", "Treatment in hospital"))
    return {
        "account": at,
        "kind": _texts(("hold", "hardship"))[is_hardship.astype(int)],
        "reason": reasons[is_hardship.astype(int)],
        "since": since,
        "until": since + rng.integers(30, 70, at.size),
    }


def disputes(draft: Draft, due: Bills, *, today: int) -> Table:
    """Who disputes contests the oldest price line it left unpaid."""
    lines = draft["lines"]
    stopped = (due.rule == PRICE) & (due.paid == NONE) & (due.due < today - 5)
    stopped &= draft["accounts"]["habit"][due.account] == "disputing"
    at = np.flatnonzero(stopped)
    at = at[np.unique(due.account[at], return_index=True)[1]]
    when = np.where(lines["due"] == NONE, lines["dated"], lines["due"])
    found = []
    for contract, day in zip(due.contract[at].tolist(), due.due[at].tolist(), strict=True):
        low, high = np.searchsorted(lines["contract"], (contract, contract + 1))
        mine = np.flatnonzero((when[low:high] == day) & (lines["category"][low:high] != "tax"))
        found.append(low + int(mine[0]))
    line = np.asarray(found, dtype=np.int64)
    return {
        "line": line,
        "amount": lines["amount"][line],
        "code": _texts("D_DELIVERY" for _ in found),
        "note": _texts(
            "Hand-over is late; the debtor pays when the date is confirmed." for _ in found
        ),
        "opened": np.minimum(due.due[at] + 6, today - 1),
    }


def cheques(draft: Draft, due: Bills, *, rng: np.random.Generator, today: int) -> Table:
    """Post-dated cheques behind what falls due in the next year, for those who gave some."""
    products = draft["accounts"]["product"][due.account]
    gave = np.isin(products.astype(str), ("developer", "rent", "car"))
    gave &= (rng.random(draft.count("accounts")) < 0.62)[due.account]
    at = np.flatnonzero(gave & (due.due > today) & (due.due <= today + 366) & (due.paid == NONE))
    country = draft["parties"]["country"][draft["accounts"]["party"][due.account[at]]]
    start = rng.integers(1, 900_000, draft.count("contracts"))[due.contract[at]]
    number = start + _running(due.contract[at])
    bank = [
        BANKS[each][c % len(BANKS[each])] for each, c in zip(country, due.contract[at], strict=True)
    ]
    return {
        "contract": due.contract[at],
        "number": _texts(f"{each:06d}" for each in number.tolist()),
        "bank": _texts(bank),
        "amount": due.amount[at],
        "matures": due.due[at],
        "state": np.full(at.size, "in_safe", dtype=object),
        "place": np.full(at.size, "safe", dtype=object),
        "bounced": np.full(at.size, NONE, dtype=np.int64),
    }


def _running(keys: np.ndarray) -> np.ndarray:
    """0, 1, 2… inside each run of equal keys."""
    _, first, where = np.unique(keys, return_index=True, return_inverse=True)
    return np.arange(keys.size) - first[where]


def _of(outcome: np.ndarray, of) -> np.ndarray:
    return _texts(of(each) for each in OUTCOMES)[outcome]


def _weekday(day: np.ndarray) -> np.ndarray:
    return (day + 3) % 7  # 1 January 1970 was a Thursday


def _texts(values) -> np.ndarray:
    listed = list(values)
    made = np.empty(len(listed), dtype=object)
    made[:] = listed
    return made
