"""How people pay: on time, late, in parts, in advance, until one day no more.

What is due together on one contract into one bank account is paid together. Which line each
receipt pays is not decided here: allocation.py of the core does that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tahsil.core.book.categories import BANK_RULE_OF, BANK_RULES, category_index
from tahsil.core.grammar.columns import sum_by
from tahsil.run.demo.draft import Draft, Table
from tahsil.run.demo.rows import NONE

AHEAD = 75  # how many days before the due date the earliest pay
CERTIFICATE = BANK_RULES.index("certificate")
BANKS = {
    "EG": ("Delta Commercial Bank", "Bank of the Two Niles", "Horus Bank", "Misr Valley Bank"),
    "AE": ("Gulf Horizon Bank", "Pearl Coast Bank", "Emirates Dunes Bank"),
    "IN": ("Deccan Trust Bank", "Sahyadri Bank", "Konkan Mercantile Bank"),
}
LATE = {  # days after the due date: from, up to
    "prompt": (-2, 1), "days_late": (1, 10), "chronic": (12, 58), "partial": (0, 6),
    "breaker": (18, 85), "disputing": (0, 9), "silent": (0, 12), "prepayer": (-70, -12),
}  # fmt: skip
STOPS = {
    "disputing": (35, 170),
    "silent": (30, 280),
}  # days ago the last line that was paid fell due


@dataclass(frozen=True)
class Bills:
    """What falls due together: one row per contract, bank account rule and due date."""

    contract: np.ndarray
    account: np.ndarray
    rule: np.ndarray
    due: np.ndarray
    amount: np.ndarray
    paid: np.ndarray  # the day the last of it was paid, NONE while it is not


def bills(draft: Draft) -> Bills:
    """The dated lines of the draft added up; nothing is paid yet."""
    lines = draft["lines"]
    due = np.where(lines["due"] == NONE, lines["dated"], lines["due"])
    at = np.flatnonzero(due != NONE)
    rule = rules_of(lines["category"])[at]
    key = (lines["contract"][at] * 8 + rule) * 65_536 + due[at]
    found, where = np.unique(key, return_inverse=True)
    amount = sum_by(where, lines["amount"][at], found.size)
    contract = found // (8 * 65_536)
    account = draft["contracts"]["account"][contract]
    unpaid = np.full(found.size, NONE, dtype=np.int64)
    return Bills(contract, account, found // 65_536 % 8, found % 65_536, amount, unpaid)


def rules_of(categories: np.ndarray) -> np.ndarray:
    """The bank account rule of each category, as its position in BANK_RULES."""
    words, where = np.unique(categories.astype(str), return_inverse=True)
    of_word = [BANK_RULE_OF[category_index(word)] for word in words.tolist()]
    return np.asarray(of_word, dtype=np.int64)[where]


def pay(draft: Draft, due: Bills, *, rng: np.random.Generator, today: int) -> tuple[Table, Bills]:
    """The receipts up to today, and the bills with the day each was paid."""
    habit = draft["accounts"]["habit"][due.account]
    paid = _day_paid(draft, due, habit, rng)
    stop = _stops(draft, rng, today)[due.account]
    pays = (due.due <= stop) & (due.due <= today + AHEAD)
    in_parts = pays & (habit == "partial") & (due.rule != CERTIFICATE) & (due.amount > 20_000)
    first = np.where(in_parts, due.amount * 6 // 10 // 10_000 * 10_000, due.amount)
    in_parts &= first > 0
    first = np.where(in_parts, first, due.amount)
    later = paid + rng.integers(20, 60, due.due.size)
    at = np.concatenate((np.flatnonzero(pays & (paid <= today)),
                         np.flatnonzero(in_parts & (later <= today))))  # fmt: skip
    split = int((pays & (paid <= today)).sum())
    amount = np.concatenate((first[at[:split]], (due.amount - first)[at[split:]]))
    on = np.concatenate((paid[at[:split]], later[at[split:]]))
    last = np.where(in_parts, later, paid)
    done = np.where(pays & (last <= today), last, NONE)
    bills_paid = Bills(due.contract, due.account, due.rule, due.due, due.amount, done)
    return _receipts(draft, due, at, amount, on, rng), bills_paid


def _day_paid(draft: Draft, due: Bills, habit: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The day each bill is paid: what is due at signing then, the rest as the habit is."""
    signed = draft["contracts"]["signed"][due.contract]
    low, high = np.zeros((2, habit.size), dtype=np.int64)
    for name, (since, until) in LATE.items():
        mine = habit == name
        low[mine], high[mine] = since, until
    paper = due.rule == CERTIFICATE  # the tax office takes its time
    low, high = np.where(paper, 15, low), np.where(paper, 80, high)
    late = low + (rng.random(habit.size) * (high - low + 1)).astype(np.int64)
    late[due.due <= signed + 15] = 0
    return np.maximum(due.due + late, draft["contracts"]["raised"][due.contract])


def _stops(draft: Draft, rng: np.random.Generator, today: int) -> np.ndarray:
    """Per account the last due date it pays; far ahead for most."""
    habit = draft["accounts"]["habit"]
    stop = np.full(habit.size, today + 10_000, dtype=np.int64)
    for name, (since, until) in STOPS.items():
        mine = habit == name
        stop[mine] = today - rng.integers(since, until, int(mine.sum()))
    return stop


def _receipts(
    draft: Draft,
    due: Bills,
    at: np.ndarray,
    amount: np.ndarray,
    on: np.ndarray,
    rng: np.random.Generator,
) -> Table:
    contract, rule = due.contract[at], due.rule[at]
    is_paper = rule == CERTIFICATE
    kind = _texts(("money", "withholding"))[is_paper.astype(int)]
    instrument = _instruments(draft, due.account[at], is_paper, rng)
    number = rng.integers(100_000, 999_999, at.size)
    order = np.lexsort((rule, on, contract, due.account[at]))
    countries = draft["parties"]["country"][draft["accounts"]["party"][due.account[at]]]
    bank = _banks(countries, instrument, rng)
    reference = _texts(_reference(i, n) for i, n in zip(instrument, number.tolist(), strict=True))
    table = {
        "contract": contract, "kind": kind, "rule": _texts(BANK_RULES)[rule],
        "instrument": instrument, "reference": reference, "bank": bank, "amount": amount,
        "on": on, "reversed": np.full(at.size, NONE, dtype=np.int64),
    }  # fmt: skip
    return {name: values[order] for name, values in table.items()}


def _instruments(
    draft: Draft, account: np.ndarray, is_paper: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Cheque, transfer, cash or card, by product; a certificate is a paper of its own."""
    product = draft["accounts"]["product"][account]
    draw = rng.random(account.size)
    kinds = _texts(("cheque", "transfer", "cash", "card"))
    common = kinds[np.digitize(draw, (0.45, 0.80, 0.93))]
    cheque_first = kinds[np.digitize(draw, (0.75, 0.95, 0.98))]
    service = kinds[np.digitize(draw, (0.15, 2.0, 3.0))]
    made = np.where(product == "rent", cheque_first, common)
    made = np.where(product == "service", service, made)
    return np.where(is_paper, "certificate", made)


def _banks(countries: np.ndarray, instrument: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    draw = rng.integers(0, 12, countries.size).tolist()
    return _texts(
        BANKS[country][n % len(BANKS[country])] if paper == "cheque" else ""
        for country, paper, n in zip(countries, instrument, draw, strict=True)
    )


def _reference(instrument: str, number: int) -> str:
    if instrument == "cheque":
        return f"{number:06d}"
    if instrument == "cash":
        return ""
    return f"{instrument[0].upper()}{number:08d}"


def _texts(values) -> np.ndarray:
    listed = list(values)
    made = np.empty(len(listed), dtype=object)
    made[:] = listed
    return made
