"""What matching is given and what it answers, as plain rows.

A line is one credit or debit of a bank statement; owed is an obligation with what of it is open.
A decision is never more than advice: posting it is a verb's work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from tahsil.core.grammar.refusal import say

AUTO, PROPOSE, ASK, LEAVE = "auto", "propose", "ask", "leave"


class Line(NamedTuple):
    """One bank line; negative where money left. What the bank did not say is empty."""

    id: int
    on: date
    amount_minor: int
    currency: str
    text: str
    payer: str = ""
    payer_account: str = ""
    payer_phone: str = ""
    virtual_account: str = ""
    cheque_number: str = ""
    bank_reference: str = ""
    bank_rule: str = ""  # what the bank account may hold; empty holds anything
    bank_account_id: int | None = None
    is_cash: bool = False


class Owed(NamedTuple):
    """An obligation still open; `contract` is the number of its contract, if it has one."""

    id: int
    account_id: int
    due_on: date | None
    open_minor: int
    currency: str
    references: tuple[str, ...] = ()
    contract: str = ""
    bank_rule: str = ""


class Account(NamedTuple):
    """Who may pay for an account, and by what they are known."""

    id: int
    names: tuple[str, ...]
    references: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    payer_accounts: tuple[str, ...] = ()
    virtual_accounts: tuple[str, ...] = ()


class Cheque(NamedTuple):
    """A cheque in the safe or at the bank."""

    id: int
    account_id: int
    number: str
    amount_minor: int
    currency: str
    matures_on: date


class Recorded(NamedTuple):
    """A receipt that was recorded without a bank line; its line may still come."""

    id: int
    account_id: int
    amount_minor: int
    currency: str
    on: date
    number: str
    reference: str = ""
    bank_account_id: int | None = None
    is_cash: bool = False
    cheque: str = ""  # the number of the cheque it is the money of
    who: str = ""  # nobody where it was imported
    recorded_on: date | None = None


class Book(NamedTuple):
    """All that is open, and the bank lines of the last weeks, which may come again."""

    accounts: tuple[Account, ...]
    owed: tuple[Owed, ...]
    cheques: tuple[Cheque, ...] = ()
    earlier: tuple[Line, ...] = ()
    recorded: tuple[Recorded, ...] = ()


class Evidence(NamedTuple):
    """One thing that speaks for an answer or against it, and how much (log-odds)."""

    code: str
    template: str
    facts: dict[str, Any]
    weight: float

    def __str__(self) -> str:
        return say(self.template, self.facts)


Allocations = tuple[tuple[int, int], ...]  # (obligation id, amount in minor units)


@dataclass(frozen=True)
class Answer:
    """One account the money may belong to, what it would pay there, and why."""

    account_id: int
    allocations: Allocations
    unapplied_minor: int
    score: float
    pattern: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Decision:
    """What is to be done with a line: post it, confirm it, choose, or leave it to the queue.

    `purpose` says what the money is: receipt, duplicate, reversal, cheque_cleared,
    cheque_returned, own_transfer, interest, … or unknown.
    """

    line_id: int
    kind: str
    purpose: str
    account_id: int | None = None
    allocations: Allocations = ()
    unapplied_minor: int = 0
    score: float = 0.0
    margin: float = 0.0
    pattern: str = ""
    is_clear: bool = False  # nothing but a lack of proof for its pattern stands against posting
    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[Answer, ...] = ()
    cheque_id: int | None = None
    other_line_id: int | None = None
    receipt_ids: tuple[int, ...] = ()  # the line is the money of these, which were there before
