"""Statements and their lines, alike for every format.

Amounts are minor units, signed: money that came in is positive. Texts are as the bank wrote them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tahsil.core.grammar.refusal import say


class Remark:
    """Something worth knowing that stops nothing: a code, a sentence with named facts."""

    __slots__ = ("code", "facts", "template")

    def __init__(self, code: str, template: str, **facts: Any) -> None:
        self.code, self.template, self.facts = code, template, facts

    def __str__(self) -> str:
        return say(self.template, self.facts)

    def __repr__(self) -> str:
        return f"<{self.code}: {self}>"


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a person has said once about the files of a bank; everything may be left to the file.

    `columns` maps a field of headings.py to the heading it stands under. `order` is dmy or mdy,
    `point` the decimal sign.
    """

    account: str = ""
    currency: str = ""
    encoding: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    order: str = ""
    point: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance that the bank states; `kind` is opening, closing, available, forward, interim."""

    kind: str
    on: date | None
    minor: int
    currency: str
    at: int


@dataclass(frozen=True, slots=True)
class Part:
    """One payment inside a line that the bank booked as a batch; its amount may not be stated."""

    amount_minor: int | None
    currency: str
    reference: str = ""
    bank_reference: str = ""
    description: str = ""
    payer: str = ""
    payer_account: str = ""
    cheque_number: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement; `at` is its line (or row) in the file.

    `payer` is the other side: who paid or, for money that went out, who was paid. `code` is one of
    `codes.KINDS`, `bank_code` what the bank wrote. A pending line is information: it is not in the
    balances and may come again, booked. `parts` are the payments of a batch.
    """

    at: int
    booked_on: date
    value_on: date
    amount_minor: int
    currency: str
    reference: str = ""
    bank_reference: str = ""
    code: str = "other"
    bank_code: str = ""
    description: str = ""
    payer: str = ""
    payer_account: str = ""
    cheque_number: str = ""
    is_reversal: bool = False
    is_pending: bool = False
    parts: tuple[Part, ...] = ()
    balance_minor: int | None = None
    raw: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of one account; `opening_minor` and `closing_minor` are booked balances.

    `balances` holds the others (available, forward, interim). `is_page` says that the next
    statement of the file goes on where this one ends.
    """

    format: str
    at: int
    account: str
    currency: str
    id: str = ""
    number: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    opening_minor: int | None = None
    closing_minor: int | None = None
    lines: tuple[Line, ...] = ()
    balances: tuple[Balance, ...] = ()
    remarks: tuple[Remark, ...] = ()
    note: str = ""
    is_page: bool = False

    @property
    def booked_minor(self) -> int:
        """The sum of the lines that are in the balances."""
        return sum(line.amount_minor for line in self.lines if not line.is_pending)
