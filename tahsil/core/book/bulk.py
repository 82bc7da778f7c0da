"""Whole portfolios at once: what replay.py says of one account, said of many by columns.

Where the order of payment does not depend on the day and nothing was reversed, adjusted or
instructed, paying all receipts of all accounts is one cut of one line. An import of a book with
receipts is of that kind; accounts that are not are named, and replayed one by one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tahsil.core.book.allocation import allocate_many
from tahsil.core.book.categories import BANK_RULES
from tahsil.core.book.obligations import Obligations
from tahsil.core.book.receipts import Receipts
from tahsil.core.book.waterfall import Waterfall, bank_rules, due_days, ranks
from tahsil.core.grammar.refusal import Refused


class Pieces(NamedTuple):
    """Allocations as columns; effective on the receipt's date."""

    receipt_id: np.ndarray
    obligation_id: np.ndarray
    amount_minor: np.ndarray
    effective_on: np.ndarray


def pay_accounts(
    obligations: Obligations,
    receipts: Receipts,
    *,
    debtor: np.ndarray,
    payer: np.ndarray,
    waterfall: Waterfall,
) -> Pieces:
    """Every account's receipts set against its obligations, as replaying each would.

    `debtor` and `payer` are the account ids of the obligations and of the receipts. Accounts
    that `needs_replay` names must not be among them.
    """
    if not waterfall.is_static():
        raise Refused(
            "waterfall.moves",
            "This waterfall's order depends on the day, so accounts are replayed one by one.",
        )
    assert not needs_replay(obligations, receipts, debtor=debtor, payer=payer).size
    width = len(BANK_RULES)
    open_to_all = np.unique(payer[receipts.bank_rule == 0])
    rule = np.where(np.isin(debtor, open_to_all), 0, bank_rules(obligations))
    debt_pool, credit_pool = debtor * width + rule, payer * width + receipts.bank_rule
    group = np.asarray(ranks(waterfall.order), dtype=np.int64)[obligations.category]
    due = due_days(obligations)
    inner = (group, due) if waterfall.by == "due" else (due, group)
    debts = np.lexsort((obligations.id, *inner, debt_pool))
    credits = np.lexsort((receipts.id, receipts.effective_on, credit_pool))
    credit, debt, amount = allocate_many(
        credit_pool[credits], receipts.amount_minor[credits],
        debt_pool[debts], obligations.amount_minor[debts],
    )  # fmt: skip
    paid_by = credits[credit]
    return Pieces(
        receipts.id[paid_by], obligations.id[debts[debt]], amount, receipts.effective_on[paid_by]
    )


def needs_replay(
    obligations: Obligations, receipts: Receipts, *, debtor: np.ndarray, payer: np.ndarray
) -> np.ndarray:
    """The accounts one cut cannot pay: a receipt was reversed, came before something was raised,
    or money for one bank account and money for any met on one account."""
    reversed_once = ~np.isnat(receipts.reversed_on)
    accounts, first = _first_receipts(receipts, payer)
    at = np.clip(np.searchsorted(accounts, debtor), 0, max(accounts.size - 1, 0))
    late = np.zeros(debtor.size, dtype=bool)
    if accounts.size:
        late = (accounts[at] == debtor) & (obligations.raised_on > first[at])
    mixed = np.intersect1d(payer[receipts.bank_rule == 0], payer[receipts.bank_rule != 0])
    return np.unique(np.concatenate((payer[reversed_once], debtor[late], mixed)))


def _first_receipts(receipts: Receipts, payer: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.lexsort((receipts.effective_on, payer))
    accounts, start = np.unique(payer[order], return_index=True)
    return accounts, receipts.effective_on[order][start]
