"""The book as columns: everything the day needs to know, as of a date.

load.py fills it from the tables; standing.py says what follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from tahsil.core.book import cover as covering
from tahsil.core.grammar.columns import Columns, positions_of
from tahsil.core.measure.ageing import Lines


@dataclass(frozen=True)
class Accounts(Columns):
    """One row per account, sorted by id; product, currency and step are places in Book.words."""

    id: np.ndarray
    creditor_id: np.ndarray
    project_id: np.ndarray
    collector_id: np.ndarray
    party_id: np.ndarray
    currency: np.ndarray
    product: np.ndarray
    step: np.ndarray
    step_on: np.ndarray
    step_at: np.ndarray


@dataclass(frozen=True)
class Obligations(Columns):
    """One row per obligation raised by the date, sorted by account; amounts net of adjustments."""

    id: np.ndarray
    account_id: np.ndarray
    contract_id: np.ndarray
    category: np.ndarray
    due_on: np.ndarray
    raised_on: np.ndarray
    amount_minor: np.ndarray
    paid_minor: np.ndarray
    disputed_minor: np.ndarray

    def lines(self) -> Lines:
        """The columns ageing takes."""
        return Lines(**{name: getattr(self, name) for name in Lines.names()})

    def coverable(self) -> covering.Lines:
        """The columns cover takes."""
        opened = self.amount_minor - self.paid_minor
        return covering.Lines(self.account_id, self.contract_id, self.due_on, opened, self.id)


@dataclass(frozen=True)
class Holds(Columns):
    """Holds, pauses and hardship begun by the date; kind is a place in Book.words."""

    account_id: np.ndarray
    kind: np.ndarray
    since_on: np.ndarray
    until_on: np.ndarray


@dataclass(frozen=True)
class Promises(Columns):
    """Promises made by the date; state as it was on the date, a place in Book.words."""

    id: np.ndarray
    account_id: np.ndarray
    amount_minor: np.ndarray
    made_on: np.ndarray
    promised_on: np.ndarray
    judged_on: np.ndarray
    state: np.ndarray


@dataclass(frozen=True)
class Attempts(Columns):
    """Attempts of the last months; is_contact where a person was reached."""

    account_id: np.ndarray
    effective_on: np.ndarray
    is_contact: np.ndarray


@dataclass(frozen=True)
class Papers(Columns):
    """Cheques and other papers that cover something on the date, and those that bounced."""

    account_id: np.ndarray
    contract_id: np.ndarray
    amount_minor: np.ndarray
    matures_on: np.ndarray
    bounced_on: np.ndarray
    line_id: np.ndarray
    cover: np.ndarray

    def behind(self) -> covering.Papers:
        """The columns cover takes."""
        return covering.Papers(**{name: getattr(self, name) for name in covering.Papers.names()})


@dataclass(frozen=True)
class Cases(Columns):
    """Cases open on the date; rung is a place in Book.words."""

    id: np.ndarray
    account_id: np.ndarray
    rung: np.ndarray
    rung_since_on: np.ndarray


@dataclass(frozen=True)
class Book:
    """Everything the day needs, as columns, as of a date (and as known at an instant)."""

    as_of: date
    accounts: Accounts
    obligations: Obligations
    received_minor: np.ndarray  # per account
    holds: Holds
    promises: Promises
    attempts: Attempts
    papers: Papers
    cases: Cases
    words: dict[str, tuple[str, ...]]
    newest_event: int

    @property
    def unapplied_minor(self) -> np.ndarray:
        """Per account what came in and is set against nothing."""
        return self.received_minor - self.per_account(self.owners, self.obligations.paid_minor)

    @cached_property
    def owners(self) -> np.ndarray:
        """Per obligation where its account stands; looked up once, for it takes its time."""
        return self.places(self.obligations.account_id)

    def per_account(self, places: np.ndarray, amounts: np.ndarray) -> np.ndarray:
        """The amounts added up per account, in the accounts' order."""
        totals = np.zeros(len(self.accounts), dtype=np.int64)
        np.add.at(totals, places, amounts)
        return totals

    def places(self, account_id: np.ndarray) -> np.ndarray:
        """Where each account stands in the accounts' columns."""
        return positions_of(account_id, self.accounts.id)

    def is_word(self, name: str, column: np.ndarray, *wanted: str) -> np.ndarray:
        """Where a column of words holds one of these."""
        known = self.words.get(name, ())
        found = [known.index(word) for word in wanted if word in known]
        return np.isin(column, found) if found else np.zeros(len(column), dtype=bool)
