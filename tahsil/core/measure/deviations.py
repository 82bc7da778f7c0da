"""Deviations: where what came differs from what was agreed, by day, amount, method or purpose.

A part is what one receipt pays of one line. Everything is asked of columns, so one account and a
million are judged by the same rule in time that grows with the parts. What came as agreed has no
row. Amounts a bank's fee explains are told from part payments by their size.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from tahsil.core.book.categories import ANY, BANK_RULE_OF, BANK_RULES, CATEGORIES, HELD
from tahsil.core.book.categories import KINDS as CATEGORY_KINDS
from tahsil.core.grammar.columns import Columns, positions_of, sum_by

KINDS = (
    "early", "late", "partial", "small_difference", "over", "split", "wrong_bank_account",
    "wrong_category", "other_method", "other_customer",
)  # fmt: skip
(EARLY, LATE, PARTIAL, SMALL, OVER, SPLIT, BANK, CATEGORY, METHOD, CUSTOMER) = range(len(KINDS))
NONE = -1
FREE = (BANK_RULES.index(ANY), BANK_RULES.index(HELD))
PAPER = BANK_RULES.index("certificate")
_RULE_OF = np.asarray(BANK_RULE_OF, dtype=np.int64)
_KIND_OF = np.asarray([CATEGORY_KINDS.index(each.kind) for each in CATEGORIES], dtype=np.int64)

SENTENCES = {
    "early": "Due on {due_on}, received on {value_on}. Days early: {days}.",
    "late": "Due on {due_on}, received on {value_on}. Days late: {days}.",
    "partial": "It pays {amount_minor} of the line; {left_minor} of it stayed open.",
    "small_short": "{left_minor} is missing of the line: a bank's fee or rounding, by its size.",
    "small_over": "{left_minor} more came than the line asks: a fee or rounding, by its size.",
    "over": "{left_minor} more came than was due; it stays on account.",
    "split": "It is spread over {count} lines.",
    "wrong_bank_account": "The money came to the {held} account; the line belongs on the "
    "{wanted} account.",
    "idle_bank_account": "{left_minor} came to the {held} account and pays nothing there, while "
    "lines of another account are due.",
    "wrong_category": "The payer's reference says {said}; it pays {category}.",
    "instruction": "The payer wanted {left_minor} more on this line; it went elsewhere.",
    "other_method": "The plan has a cheque for this line; it was paid by {method}.",
    "other_customer": "It was taken back here and recorded on account {account}.",
}


class Terms(NamedTuple):
    """From how many days before its due date money is early, and what size explains itself."""

    early_days: int = 3
    small_ppm: int = 2_000


@dataclass(frozen=True)
class Parts(Columns):
    """The recorded allocations, mirrors included, by the date looked at."""

    id: np.ndarray
    receipt_id: np.ndarray
    obligation_id: np.ndarray
    amount_minor: np.ndarray
    effective_on: np.ndarray


@dataclass(frozen=True)
class Receipts(Columns):
    """The receipts asked about, by id; `said` is a category the reference names, or NONE."""

    id: np.ndarray
    account_id: np.ndarray
    amount_minor: np.ndarray
    value_on: np.ndarray
    is_reversed: np.ndarray
    is_cheque: np.ndarray
    rule: np.ndarray  # position in BANK_RULES of the account that received it
    said: np.ndarray


@dataclass(frozen=True)
class Lines(Columns):
    """The lines they pay and those due beside them, by id; amounts after adjustments."""

    id: np.ndarray
    account_id: np.ndarray
    category: np.ndarray
    due_on: np.ndarray
    amount_minor: np.ndarray
    grace_days: np.ndarray
    has_cheque: np.ndarray


@dataclass(frozen=True)
class Wishes(Columns):
    """What the payer asked for with the receipt."""

    receipt_id: np.ndarray
    obligation_id: np.ndarray
    amount_minor: np.ndarray


@dataclass(frozen=True)
class Moves(Columns):
    """Receipts taken back that stand on another account now."""

    receipt_id: np.ndarray
    account_id: np.ndarray


@dataclass(frozen=True)
class Deviations(Columns):
    """One row per receipt, line and kind; a receipt as a whole names no line.

    `amount_minor` is what differs (missing is negative where it is small), `paid_minor` the part,
    `other` what it differs with: a category said, a count of lines, another account, or NONE.
    """

    kind: np.ndarray
    receipt_id: np.ndarray
    obligation_id: np.ndarray
    days: np.ndarray
    amount_minor: np.ndarray
    paid_minor: np.ndarray
    other: np.ndarray


@dataclass(frozen=True)
class Book:
    """Everything that decides whether receipts deviate."""

    parts: Parts
    receipts: Receipts
    lines: Lines
    wishes: Wishes
    moves: Moves


def find(book: Book, *, as_of: date, terms: Terms) -> Deviations:
    """Every deviation of the receipts as of the date, by receipt, line and kind."""
    asked = _Asked(book, as_of=as_of, terms=terms)
    rows = [
        *asked.by_day(), *asked.by_amount(), *asked.whole_receipts(), *asked.by_account(),
        *asked.by_purpose(), asked.by_method(), asked.moved(),
    ]  # fmt: skip
    joined = Deviations(*(np.concatenate(column) for column in zip(*rows, strict=True)))
    return joined.take(np.lexsort((joined.kind, joined.obligation_id, joined.receipt_id)))


def net(parts: Parts) -> Parts:
    """One row per receipt and line with what stands of it, from the first day; nothing is left
    out but what was undone whole."""
    if not len(parts):
        return parts
    order = np.lexsort((parts.id, parts.effective_on, parts.obligation_id, parts.receipt_id))
    found = parts.take(order)
    first = np.ones(len(found), dtype=bool)
    first[1:] = (np.diff(found.receipt_id) != 0) | (np.diff(found.obligation_id) != 0)
    sums = np.add.reduceat(found.amount_minor, np.flatnonzero(first))
    kept = found.take(first)
    stands = sums > 0
    return Parts(
        kept.id[stands], kept.receipt_id[stands], kept.obligation_id[stands], sums[stands],
        kept.effective_on[stands],
    )  # fmt: skip


Rows = tuple[np.ndarray, ...]


class _Asked:
    """The parts beside their receipts and lines, and the questions asked of them."""

    def __init__(self, book: Book, *, as_of: date, terms: Terms) -> None:
        self.book, self.terms, self.today = book, terms, np.datetime64(as_of)
        parts = net(book.parts)
        line = positions_of(parts.obligation_id, book.lines.id)
        left = _left(parts, line, book.lines.amount_minor)
        asked = np.isin(parts.receipt_id, book.receipts.id)
        self.all_parts, self.all_lines = parts, line
        self.parts, self.line, self.left = parts.take(asked), line[asked], left[asked]
        self.receipt = positions_of(self.parts.receipt_id, book.receipts.id)
        paid = sum_by(self.receipt, self.parts.amount_minor, len(book.receipts))
        stands = ~book.receipts.is_reversed & (book.receipts.value_on <= self.today)
        self.idle = np.where(stands, book.receipts.amount_minor - paid, 0)
        self.crumb = self._crumbs()

    def _crumbs(self) -> np.ndarray:
        """Parts so small beside their receipt that they only spilled over from the line it paid."""
        whole = self.book.receipts.amount_minor[self.receipt]
        small = self.parts.amount_minor <= _share(whole, self.terms.small_ppm)
        done = np.zeros(len(self.book.receipts), dtype=bool)
        done[self.receipt[~small & (self.left == 0)]] = True
        return small & done[self.receipt]

    def by_day(self) -> list[Rows]:
        """Money before or after the day its line was due."""
        lines = self.book.lines
        value, due = self.book.receipts.value_on[self.receipt], lines.due_on[self.line]
        dated = ~np.isnat(due)
        days = np.where(dated, (value - np.where(dated, due, value)).astype(np.int64), 0)
        early = (-days > self.terms.early_days) & ~self.crumb
        late = days > lines.grace_days[self.line]
        return [self._parts(EARLY, early, days=-days), self._parts(LATE, late, days=days)]

    def by_amount(self) -> list[Rows]:
        """Parts that left something of their line open, and small differences either way."""
        whole = self.book.lines.amount_minor[self.line]
        short = (self.left > 0) & ~self.crumb
        small = short & (self.left <= _share(whole, self.terms.small_ppm))
        return [
            self._parts(PARTIAL, short & ~small, amount=self.left),
            self._parts(SMALL, small, amount=-self.left),
            self._parts(SMALL, self.crumb, amount=self.parts.amount_minor),
        ]

    def whole_receipts(self) -> list[Rows]:
        """Receipts that brought more than was due, or that pay several lines."""
        most = _share(self.book.receipts.amount_minor, self.terms.small_ppm)
        small = (self.idle > 0) & (self.idle <= most)
        over = (self.idle > most) & ~self._misplaced()
        count = np.bincount(self.receipt[~self.crumb], minlength=len(self.book.receipts))
        return [
            self._receipts(SMALL, small, amount=self.idle),
            self._receipts(OVER, over, amount=self.idle),
            self._receipts(SPLIT, count > 1, other=count),
        ]

    def by_account(self) -> list[Rows]:
        """Money that reached another of our bank accounts than its line's, or waits in one."""
        held = self.book.receipts.rule[self.receipt]
        wanted = _RULE_OF[self.book.lines.category[self.line]]
        wrong = ~np.isin(held, FREE) & (held != wanted)
        return [
            self._parts(BANK, wrong, amount=self.parts.amount_minor),
            self._receipts(BANK, self._misplaced(), amount=self.idle),
        ]

    def _misplaced(self) -> np.ndarray:
        """Receipts with idle money while lines are due that only another account may pay."""
        receipts, lines = self.book.receipts, self.book.lines
        rule = _RULE_OF[lines.category]
        paid = sum_by(self.all_lines, self.all_parts.amount_minor, len(lines))
        due = ~np.isnat(lines.due_on) & (lines.due_on <= self.today) & (rule != PAPER)
        waits = due & (lines.amount_minor > paid)
        keys = np.unique(lines.account_id[waits] * len(BANK_RULES) + rule[waits])
        known = keys // len(BANK_RULES)
        here = receipts.account_id * len(BANK_RULES) + receipts.rule
        is_own = np.isin(here, keys)
        is_any = np.isin(receipts.account_id, known)
        small = _share(receipts.amount_minor, self.terms.small_ppm)
        return (self.idle > small) & ~np.isin(receipts.rule, FREE) & is_any & ~is_own

    def by_purpose(self) -> list[Rows]:
        """Parts that pay another kind of thing than the reference names, or the payer wished."""
        said = self.book.receipts.said[self.receipt]
        named = said != NONE
        other = _KIND_OF[np.where(named, said, 0)] != _KIND_OF[self.book.lines.category[self.line]]
        return [
            self._parts(CATEGORY, named & other, amount=self.parts.amount_minor, other=said),
            self._wished(),
        ]

    def _wished(self) -> Rows:
        wishes, receipts = self.book.wishes, self.book.receipts
        at = positions_of(wishes.receipt_id, receipts.id)
        key = _pair(self.parts.receipt_id, self.parts.obligation_id)
        order = np.argsort(key)
        wanted = _pair(wishes.receipt_id, wishes.obligation_id)
        place = np.minimum(np.searchsorted(key[order], wanted), max(len(key) - 1, 0))
        got = np.zeros(len(wishes), dtype=np.int64)
        if len(key):
            found = order[place]
            got = np.where(key[found] == wanted, self.parts.amount_minor[found], 0)
        room = self.book.lines.amount_minor[positions_of(wishes.obligation_id, self.book.lines.id)]
        less = np.minimum(wishes.amount_minor, room) - got
        off = (less > 0) & ~receipts.is_reversed[at]
        return _rows(
            CATEGORY, wishes.receipt_id[off], wishes.obligation_id[off],
            amount=less[off], paid=got[off],
        )  # fmt: skip

    def by_method(self) -> Rows:
        """Lines a cheque stood behind that were paid by other means."""
        other = self.book.lines.has_cheque[self.line] & ~self.book.receipts.is_cheque[self.receipt]
        return self._parts(METHOD, other & ~self.crumb, amount=self.parts.amount_minor)

    def moved(self) -> Rows:
        """Receipts that had been recorded on the wrong customer."""
        moves = self.book.moves
        at = positions_of(moves.receipt_id, self.book.receipts.id)
        amount = self.book.receipts.amount_minor[at]
        blank = np.full(len(moves), NONE, dtype=np.int64)
        return _rows(CUSTOMER, moves.receipt_id, blank, amount=amount, other=moves.account_id)

    def _parts(self, kind: int, where: np.ndarray, **columns: np.ndarray) -> Rows:
        chosen = self.parts.take(where)
        named = {name: column[where] for name, column in columns.items()}
        return _rows(
            kind, chosen.receipt_id, chosen.obligation_id, paid=chosen.amount_minor, **named
        )

    def _receipts(self, kind: int, where: np.ndarray, **columns: np.ndarray) -> Rows:
        ids = self.book.receipts.id[where]
        named = {name: column[where] for name, column in columns.items()}
        return _rows(kind, ids, np.full(ids.size, NONE, dtype=np.int64), **named)


def _left(parts: Parts, line: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """What of its line each part left open when it came."""
    order = np.lexsort((parts.id, parts.effective_on, line))
    running = parts.amount_minor[order].cumsum()
    first = np.ones(len(parts), dtype=bool)
    first[1:] = np.diff(line[order]) != 0
    before = (running - parts.amount_minor[order])[first]
    running -= before[first.cumsum() - 1] if len(parts) else 0
    left = np.empty(len(parts), dtype=np.int64)
    left[order] = np.maximum(whole[line[order]] - running, 0)
    return left


def _share(amount: np.ndarray, ppm: int) -> np.ndarray:
    """So many parts per million of each amount, rounded down; whole millions first, so that the
    largest amounts stay within an integer."""
    return amount // 1_000_000 * ppm + amount % 1_000_000 * ppm // 1_000_000


def _pair(receipt_id: np.ndarray, obligation_id: np.ndarray) -> np.ndarray:
    """One key for a receipt and a line: both are far below four thousand million."""
    return (receipt_id << 32) | obligation_id


def _rows(kind: int, receipt_id: np.ndarray, obligation_id: np.ndarray, **more: np.ndarray) -> Rows:
    size = receipt_id.size
    zero = np.zeros(size, dtype=np.int64)
    return (
        np.full(size, kind, dtype=np.int64), receipt_id, obligation_id,
        more.get("days", zero), more.get("amount", zero), more.get("paid", zero),
        more.get("other", np.full(size, NONE, dtype=np.int64)),
    )  # fmt: skip
