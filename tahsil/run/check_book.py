"""The invariants of the book, by columns: allocations, receipts, obligations, ageing.

Raw rows are read whole and compared here, so that ten million take seconds. What each statement
means is in its finding's sentence; what is done about it is a person's decision.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tahsil.core.book.categories import ANY, CATEGORIES, REFUND
from tahsil.core.measure import ageing
from tahsil.core.measure.ageing import Positions
from tahsil.store.book import Book
from tahsil.store.fetch import Source, Table

SHOWN = 20  # ids named in one finding that is about many
MOST = 1_000  # findings of one kind that are named each


@dataclass(frozen=True)
class Finding:
    """What does not hold: code, sentence template, facts, the thing it is about."""

    code: str
    template: str
    facts: dict[str, Any] = field(default_factory=dict)
    subject: str = ""
    level: str = "fault"


@dataclass(frozen=True)
class Rows:
    """The book's raw tables, each sorted by id."""

    account_ids: np.ndarray
    obligations: Table
    adjustments: Table
    receipts: Table
    reversed_ids: np.ndarray
    allocations: Table


def findings(source: Source) -> list[Finding]:
    """Every statement about receipts, allocations and obligations that does not hold."""
    rows = _read(source)
    return [*_orphans(rows), *_receipts(rows), *_obligations(rows), *_allocations(rows)]


def ageing_findings(book: Book, positions: Positions) -> list[Finding]:
    """Accounts whose ageing columns do not add up to open less unapplied."""
    accounts = ageing.Accounts(
        book.accounts.id, book.unapplied_minor, np.zeros(len(book.accounts), np.int64)
    )
    aged = ageing.aged(book.obligations.lines(), accounts, as_of=book.as_of)
    apart = aged.balance_minor != positions.balance_minor
    parts = (
        positions.due_today_minor
        + positions.overdue_minor
        + positions.not_due_minor
        + positions.undated_minor
        + positions.disputed_minor
    )
    apart |= parts != positions.open_minor
    found = _each(
        "ageing.sum", "The ageing columns of account {account} do not add up to its balance.",
        account=positions.account_id[apart],
    )  # fmt: skip
    negative = book.unapplied_minor < 0
    return found + _each(
        "account.over_applied",
        "Account {account} has {amount} more allocated than it received.",
        account=book.accounts.id[negative],
        amount=-book.unapplied_minor[negative],
    )


def _read(source: Source) -> Rows:
    def ask(sql: str, **wants: str) -> Table:
        return source.table(sql, wants)

    return Rows(
        ask("SELECT id FROM store_account ORDER BY id", id="int")["id"],
        ask(
            "SELECT id, account_id, category, amount_minor FROM store_obligation ORDER BY id",
            id="int", account_id="int", category="word", amount_minor="int",
        ),
        ask(
            "SELECT obligation_id, amount_minor FROM store_adjustment ORDER BY id",
            obligation_id="int", amount_minor="int",
        ),
        ask(
            "SELECT id, account_id, amount_minor, rule FROM store_receipt ORDER BY id",
            id="int", account_id="int", amount_minor="int", rule="word",
        ),
        ask("SELECT receipt_id FROM store_reversal", receipt_id="int")["receipt_id"],
        ask(
            "SELECT id, receipt_id, obligation_id, account_id, amount_minor, "
            "COALESCE(mirrors_id, -1) FROM store_allocation ORDER BY id",
            id="int", receipt_id="int", obligation_id="int", account_id="int",
            amount_minor="int", mirrors_id="int",
        ),
    )  # fmt: skip


def _orphans(rows: Rows) -> list[Finding]:
    """Rows that name a row that is not there."""
    found = []
    for word, table, column, wanted in (
        ("obligation", rows.obligations, "account_id", rows.account_ids),
        ("receipt", rows.receipts, "account_id", rows.account_ids),
        ("allocation", rows.allocations, "receipt_id", rows.receipts["id"]),
        ("allocation", rows.allocations, "obligation_id", rows.obligations["id"]),
    ):
        _, there = _find(wanted, table[column])
        ids = table["id"][~there]
        found += _each(
            f"{word}.orphan", "{what} {id} names {column} {missing}, which is not there.",
            what=[word.title()] * len(ids), id=ids, column=[column] * len(ids),
            missing=table[column][~there],
        )  # fmt: skip
    return found


def _receipts(rows: Rows) -> list[Finding]:
    """Allocated + unapplied = received, and nothing stays allocated from a reversed receipt."""
    receipts, pieces = rows.receipts, rows.allocations
    allocated = _sum(receipts["id"], pieces["receipt_id"], pieces["amount_minor"])
    wrong = (allocated < 0) | (allocated > receipts["amount_minor"])
    found = _each(
        "receipt.over_allocated", "Receipt {receipt} holds {amount}, but {allocated} is allocated.",
        receipt=receipts["id"][wrong], amount=receipts["amount_minor"][wrong],
        allocated=allocated[wrong],
    )  # fmt: skip
    gone = np.isin(receipts["id"], rows.reversed_ids) & (allocated != 0)
    return found + _each(
        "receipt.reversed_allocated",
        "Receipt {receipt} was reversed, but {allocated} of it still pays something.",
        receipt=receipts["id"][gone],
        allocated=allocated[gone],
    )


def _obligations(rows: Rows) -> list[Finding]:
    """Open = raised ± adjusted − allocated, and never below nothing."""
    lines, pieces, corrections = rows.obligations, rows.allocations, rows.adjustments
    paid = _sum(lines["id"], pieces["obligation_id"], pieces["amount_minor"])
    worth = lines["amount_minor"] + _sum(
        lines["id"], corrections["obligation_id"], corrections["amount_minor"]
    )
    wrong = (worth - paid < 0) | (paid < 0) | (worth < 0)
    return _each(
        "obligation.below_nothing",
        "Obligation {obligation} is worth {worth}, but {paid} is allocated to it.",
        obligation=lines["id"][wrong],
        worth=worth[wrong],
        paid=paid[wrong],
    )


def _allocations(rows: Rows) -> list[Finding]:
    """Each in its obligation's account and under its bank account rule; mirrors cancel."""
    pieces, lines, receipts = rows.allocations, rows.obligations, rows.receipts
    line, has_line = _find(lines["id"], pieces["obligation_id"])
    receipt, has_receipt = _find(receipts["id"], pieces["receipt_id"])
    whole = has_line & has_receipt
    strange = has_line & (lines["account_id"][line] != pieces["account_id"])
    found = _each(
        "allocation.account",
        "Allocation {allocation} stands under account {account}, its obligation under {owner}.",
        allocation=pieces["id"][strange],
        account=pieces["account_id"][strange],
        owner=lines["account_id"][line][strange],
    )
    rule_of = {category.code: category.bank_account_rule for category in CATEGORIES}
    may = np.asarray(
        [
            [
                category == REFUND or rule in (ANY, rule_of.get(category, rule))
                for category in lines.words["category"]
            ]
            for rule in receipts.words["rule"]
        ]
    )
    if may.size:
        crossed = whole & ~may[receipts["rule"][receipt], lines["category"][line]]
        found += _each(
            "allocation.bank_rule",
            "Allocation {allocation} sets money of receipt {receipt} against a line "
            "that belongs in another bank account.",
            allocation=pieces["id"][crossed],
            receipt=pieces["receipt_id"][crossed],
        )
    return found + _mirrors(pieces)


def _mirrors(pieces: Table) -> list[Finding]:
    undoing = np.flatnonzero(pieces["mirrors_id"] >= 0)
    at, there = _find(pieces["id"], pieces["mirrors_id"][undoing])
    same = there.copy()
    for name in ("receipt_id", "obligation_id"):
        same &= pieces[name][at] == pieces[name][undoing]
    same &= pieces["amount_minor"][at] == -pieces["amount_minor"][undoing]
    wrong = undoing[~same]
    return _each(
        "allocation.mirror", "Allocation {allocation} does not cancel allocation {mirrored}.",
        allocation=pieces["id"][wrong], mirrored=pieces["mirrors_id"][wrong],
    )  # fmt: skip


def _each(code: str, template: str, **facts: Any) -> list[Finding]:
    """One finding per row of the facts' columns; the first fact is what it is about."""
    lists = {
        name: column.tolist() if isinstance(column, np.ndarray) else column
        for name, column in facts.items()
    }
    about = "id" if "id" in lists else next(iter(lists))
    made = []
    for values in list(zip(*lists.values(), strict=True))[:MOST]:
        row = dict(zip(lists, values, strict=True))
        noun = code.partition(".")[0] if about == "id" else about
        made.append(Finding(code, template, row, f"{noun}:{row[about]}"))
    return made


def _sum(ids: np.ndarray, keys: np.ndarray, amounts: np.ndarray) -> np.ndarray:
    totals = np.zeros(len(ids), dtype=np.int64)
    at, there = _find(ids, keys)
    np.add.at(totals, at[there], amounts[there])
    return totals


def _find(ids: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each wanted id stands among the sorted ids, and whether it does."""
    if not len(ids):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return at, ids[at] == wanted
