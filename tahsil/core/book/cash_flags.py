"""Patterns of cash that ask for a look: each a flag with the facts it rests on.

A flag accuses nobody. Lapping is today's money on yesterday's receipt: what was taken first comes
to the bank last, a deposit is made of older receipts while younger money is kept, or the days
between receipt and bank stay long. Thresholds are policy (policies/cash.yaml, flags).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from statistics import median
from typing import Any

from tahsil.core.book.cash import share_of
from tahsil.core.grammar.money import scale

SENTENCES = {
    "cash.overtaken":
        "Receipt {number} of {amount_minor}, taken {taken_on}, came to the bank on "
        "{deposited_on}; {younger}, taken later, was there before it.",
    "cash.kept_back":
        "The deposit of {amount_minor} on {deposited_on} held older receipts only, while "
        "{kept_minor} taken that day stayed in the hand past its time.",
    "cash.lag":
        "Cash usually reaches the bank {days} days after its receipt ({count} receipts); {most}"
        " is the threshold.",
    "cash.late":
        "{late} of {count} receipts ({late_ppm}) were not at the bank in time.",
    "cash.back_dated":
        "Receipt {number} of {amount_minor} says {value_on}; it was recorded {days} days later.",
    "cash.reversed_often":
        "{reversed} of {count} cash receipts ({reversed_ppm}) were reversed.",
    "cash.round":
        "{round} of {count} cash receipts ({round_ppm}) are over round amounts.",
    "cash.after_complaint":
        "{account} said on {on} that it had paid; {number} of {amount_minor} was recorded on "
        "{taken_on}.",
}  # fmt: skip
ORDER = tuple(SENTENCES)  # gravest first


@dataclass(frozen=True, slots=True)
class Taken:
    """One cash receipt: who took it, when, for which day, and when it was at the bank."""

    receipt_id: int
    number: str
    person_id: int
    account_id: int
    currency: str
    amount_minor: int
    value_on: date
    taken_at: datetime  # local, as the receipt was recorded
    due_at: datetime
    deposit_id: int | None = None
    deposited_at: datetime | None = None
    is_reversed: bool = False


@dataclass(frozen=True, slots=True)
class Complaint:
    """A customer said that they had paid, or was shown a balance they deny."""

    account_id: int
    account_number: str
    person_id: int
    on: date


@dataclass(frozen=True, slots=True)
class Flag:
    """One pattern of one person, with the sentence, its facts, and the receipts meant."""

    code: str
    person_id: int
    facts: dict[str, Any] = field(default_factory=dict)
    receipt_ids: tuple[int, ...] = ()

    @property
    def template(self) -> str:
        """The sentence that its facts fill."""
        return SENTENCES[self.code]


def flags(
    taken: Iterable[Taken],
    complaints: Iterable[Complaint],
    *,
    now: datetime,
    limits: Mapping[str, Any],
) -> list[Flag]:
    """Every flag of these receipts, person by person, gravest kind first."""
    rows = sorted(taken, key=lambda row: (row.person_id, row.currency, row.taken_at, row.number))
    told = list(complaints)
    found: list[Flag] = []
    for (person_id, _), group in groupby(rows, key=lambda row: (row.person_id, row.currency)):
        mine = list(group)
        found += [
            *overtaken(mine),
            *kept_back(mine, now=now),
            *lagging(mine, limits),
            *late(mine, limits, now=now),
            *back_dated(mine),
            *often_reversed(mine, limits),
            *round_amounts(mine, limits),
        ]
        found += after_complaints(
            mine, [each for each in told if each.person_id == person_id], limits
        )
    return sorted(found, key=lambda flag: (ORDER.index(flag.code), flag.person_id))


def overtaken(rows: list[Taken]) -> Iterator[Flag]:
    """Receipts that came to the bank after younger ones of the same person."""
    there = [row for row in _standing(rows) if row.deposited_at]
    first: Taken | None = None  # at the bank, of those taken later
    found = []
    for row in reversed(there):
        assert row.deposited_at is not None
        if first and first.deposited_at and first.deposited_at < row.deposited_at:
            facts = {"deposited_on": row.deposited_at.date(), "younger": first.number}
            ids = (row.receipt_id, first.receipt_id)
            found.append(Flag("cash.overtaken", row.person_id, {**_said(row), **facts}, ids))
        if first is None or first.deposited_at is None or row.deposited_at < first.deposited_at:
            first = row
    return reversed(found)


def kept_back(rows: list[Taken], *, now: datetime) -> Iterator[Flag]:
    """Deposits made of older receipts only, while younger money of that day stayed in the hand."""
    standing = _standing(rows)
    by_deposit: dict[int, list[Taken]] = defaultdict(list)
    for row in standing:
        if row.deposit_id is not None:
            by_deposit[row.deposit_id].append(row)
    for covered in by_deposit.values():
        at = covered[0].deposited_at
        assert at is not None  # what is in a deposit is deposited
        kept = [
            row for row in standing
            if row.taken_at.date() == at.date() and row.taken_at < at
            and (row.deposited_at or now) > at and row.due_at < (row.deposited_at or now)
        ]  # fmt: skip
        if kept and all(row.taken_at.date() < at.date() for row in covered):
            amount = sum(row.amount_minor for row in covered)
            yield Flag(
                "cash.kept_back", covered[0].person_id,
                {"amount_minor": amount, "currency": covered[0].currency,
                 "deposited_on": at.date(), "kept_minor": sum(row.amount_minor for row in kept)},
                tuple(row.receipt_id for row in (*covered, *kept)),
            )  # fmt: skip


def lagging(rows: list[Taken], limits: Mapping[str, Any]) -> Iterator[Flag]:
    """A usual number of days from receipt to bank that stays long."""
    lags = [
        (row.deposited_at.date() - row.taken_at.date()).days
        for row in _standing(rows) if row.deposited_at
    ]  # fmt: skip
    if len(lags) >= limits["least"] and (usual := int(median(lags))) >= limits["lag_days"]:
        yield Flag(
            "cash.lag", rows[0].person_id,
            {"days": usual, "count": len(lags), "most": limits["lag_days"]},
        )  # fmt: skip


def late(rows: list[Taken], limits: Mapping[str, Any], *, now: datetime) -> Iterator[Flag]:
    """A share of receipts that were not at the bank in time."""
    standing = _standing(rows)
    over = [row for row in standing if (row.deposited_at or now) > row.due_at]
    if len(standing) < limits["least"]:
        return
    if (part := share_of(len(over), len(standing))) >= limits["late_ppm"]:
        yield Flag(
            "cash.late", rows[0].person_id,
            {"late": len(over), "count": len(standing), "late_ppm": part},
            tuple(row.receipt_id for row in over),
        )  # fmt: skip


def back_dated(rows: list[Taken]) -> Iterator[Flag]:
    """Receipts recorded on a later day than the one they say the money came."""
    for row in _standing(rows):
        if days := (row.taken_at.date() - row.value_on).days:
            yield Flag(
                "cash.back_dated", row.person_id,
                {**_said(row), "value_on": row.value_on, "days": days}, (row.receipt_id,),
            )  # fmt: skip


def often_reversed(rows: list[Taken], limits: Mapping[str, Any]) -> Iterator[Flag]:
    """A share of cash receipts that were taken back again."""
    gone = [row for row in rows if row.is_reversed]
    if len(rows) < limits["least"]:
        return
    if (part := share_of(len(gone), len(rows))) >= limits["reversed_ppm"]:
        yield Flag(
            "cash.reversed_often", rows[0].person_id,
            {"reversed": len(gone), "count": len(rows), "reversed_ppm": part},
            tuple(row.receipt_id for row in gone),
        )  # fmt: skip


def round_amounts(rows: list[Taken], limits: Mapping[str, Any]) -> Iterator[Flag]:
    """A share of receipts over round amounts: parts of what was paid may be missing."""
    standing, unit = _standing(rows), limits["round_units"] * 10 ** scale(rows[0].currency)
    smooth = [row for row in standing if row.amount_minor % unit == 0]
    if len(standing) < limits["least"]:
        return
    if (part := share_of(len(smooth), len(standing))) >= limits["round_ppm"]:
        yield Flag(
            "cash.round", rows[0].person_id,
            {"round": len(smooth), "count": len(standing), "round_ppm": part},
            tuple(row.receipt_id for row in smooth),
        )  # fmt: skip


def after_complaints(
    rows: list[Taken], complaints: Iterable[Complaint], limits: Mapping[str, Any]
) -> Iterator[Flag]:
    """Receipts a person recorded in the days after a customer said that they had paid."""
    for told in complaints:
        near = [
            row for row in _standing(rows)
            if 0 <= (row.taken_at.date() - told.on).days <= limits["complaint_days"]
        ]  # fmt: skip
        if near:
            yield Flag(
                "cash.after_complaint", told.person_id,
                {"account": told.account_number, "on": told.on, **_said(near[0])},
                tuple(row.receipt_id for row in near),
            )  # fmt: skip


def _standing(rows: list[Taken]) -> list[Taken]:
    return [row for row in rows if not row.is_reversed]


def _said(row: Taken) -> dict[str, Any]:
    return {
        "number": row.number, "amount_minor": row.amount_minor, "currency": row.currency,
        "taken_on": row.taken_at.date(),
    }  # fmt: skip
