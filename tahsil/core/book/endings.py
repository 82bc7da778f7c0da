"""The end of a contract: what of its lines falls away, what the creditor keeps, what goes back.

The base of the share matters more than its rate, so each policy names it. What is kept is taken
from what was paid; where that does not reach, the rest is shown and owed only if the policy says
so. Nothing is kept beyond the ceiling. Which clause may be used is for people: nothing ends here
by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tahsil.core.book.categories import category_index, category_of
from tahsil.core.grammar.money import PPM, share
from tahsil.core.grammar.refusal import Refused

BASES = ("price", "paid", "paid_ex_maintenance", "none")
UNWIND, OPEN, FUTURE = "unwind", "open", "future"
SETTLEMENTS = (UNWIND, OPEN, FUTURE)
SCHEDULED = ("principal", "rent", "interest", "deposit")
FIELDS = ("settlement", "base", "share_ppm", "owes_shortfall", "ceilings", "is_verified",
          "reinstate_days")  # fmt: skip


@dataclass(frozen=True)
class Ceiling:
    """The most that may be kept once the work is that far: a share of a base."""

    from_ppm: int
    base: str
    share_ppm: int


@dataclass(frozen=True)
class Terms:
    """How contracts of one product end in one country or with one creditor."""

    settlement: str = UNWIND
    base: str = "price"
    share_ppm: int = 0
    owes_shortfall: bool = False
    ceilings: tuple[Ceiling, ...] = ()
    is_verified: bool = True
    reinstate_days: int = 0


@dataclass(frozen=True)
class Line:
    """One line of the contract as it stands: what it is worth and what was paid of it."""

    id: int
    category: str
    is_scheduled: bool
    due_on: date | None
    worth_minor: int
    paid_minor: int

    @property
    def open_minor(self) -> int:
        """What is not paid of it."""
        return self.worth_minor - self.paid_minor

    def is_due(self, on: date) -> bool:
        """Whether it is due by the day; one that waits for an event is not."""
        return self.due_on is not None and self.due_on <= on


@dataclass(frozen=True)
class Settled:
    """What an end comes to. `shortfall_minor` is what of the charge nothing paid reaches."""

    cancelled: tuple[tuple[int, int], ...]  # line, by how much it is lowered
    owed: tuple[tuple[int, int], ...]  # line that stays, what is open of it: paid from the money
    paid_minor: int
    freed_minor: int
    charge_minor: int
    ceiling_minor: int | None
    raised_minor: int
    shortfall_minor: int
    refund_minor: int

    @property
    def owed_minor(self) -> int:
        """What stays owed of the contract besides."""
        return sum(amount for _, amount in self.owed)


def terms_of(body: Mapping[str, Any], product: str = "") -> Terms:
    """The terms for a product; refused where a word or a share is not understood."""
    own = {**body, **(body.get("products") or {}).get(product, {})}
    wrong = [key for key in own if key not in (*FIELDS, "products")]
    known = {key: own[key] for key in FIELDS if key in own}
    ceilings = tuple(Ceiling(**each) for each in known.pop("ceilings", ()))
    terms = Terms(**known, ceilings=ceilings)
    wrong += [word for word in (terms.base, *(each.base for each in ceilings)) if word not in BASES]
    wrong += [terms.settlement] if terms.settlement not in SETTLEMENTS else []
    shares = (terms.share_ppm, *(each.share_ppm for each in ceilings))
    wrong += [str(each) for each in shares if not 0 <= each <= PPM]
    if wrong:
        raise Refused(
            "ending.terms",
            "These terms of an ending are not understood: {wrong}. Bases: {bases}. "
            "Settlements: {settlements}.",
            wrong=wrong, bases=list(BASES), settlements=list(SETTLEMENTS),
        )  # fmt: skip
    return terms


def settle(
    lines: Iterable[Line],
    terms: Terms,
    *,
    price_minor: int,
    on: date,
    asked_minor: int | None = None,
    done_ppm: int | None = None,
    currency: str = "",
) -> Settled:
    """What ending on the day cancels, frees, keeps and gives back; refused above the ceiling."""
    found = [line for line in lines if line.worth_minor > 0]
    scheduled = [line for line in found if _is_scheduled(line)]
    cancelled, freed = _cancelled(scheduled, terms.settlement, on)
    paid = sum(line.paid_minor for line in scheduled)
    deposits = sum(line.paid_minor for line in scheduled if _kind(line.category) == "deposit")
    price = price_minor or sum(line.worth_minor for line in scheduled)
    bases = {"none": 0, "price": price, "paid": paid, "paid_ex_maintenance": paid - deposits}
    ceiling = _ceiling(terms, bases, done_ppm or 0)
    charge = _charge(terms, bases, ceiling, (asked_minor, currency))
    raised = charge if terms.owes_shortfall else min(charge, freed)
    lowered = {key for key, _ in cancelled}
    owed = [
        (line.id, line.open_minor)
        for line in found
        if line.id not in lowered and line.open_minor > 0 and line.is_due(on)
    ]
    left = max(freed - raised, 0) - sum(amount for _, amount in owed)
    return Settled(
        cancelled=tuple(cancelled),
        owed=tuple(owed),
        paid_minor=paid,
        freed_minor=freed,
        charge_minor=charge,
        ceiling_minor=ceiling,
        raised_minor=raised,
        shortfall_minor=max(charge - freed, 0),
        refund_minor=max(left, 0),
    )


def place(
    freed: Iterable[tuple[int, int]], wanted: Iterable[tuple[int, int]]
) -> list[tuple[int, int, int]]:
    """(receipt, line, amount): the freed money of the receipts, oldest first, pays what is owed."""
    rests, placed = [list(each) for each in freed], []
    for line, amount in wanted:
        for rest in rests:
            if part := min(amount, rest[1]):
                placed.append((rest[0], line, part))
                rest[1] -= part
                amount -= part
    return placed


def _charge(
    terms: Terms, bases: dict[str, int], ceiling: int | None, asked: tuple[int | None, str]
) -> int:
    """What is asked to be kept, else the policy's share up to the ceiling."""
    asked_minor, currency = asked
    if asked_minor is None:
        charge = share(bases[terms.base], ppm=terms.share_ppm, rounding="half_up")
        return charge if ceiling is None else min(charge, ceiling)
    if ceiling is not None and asked_minor > ceiling:
        raise Refused(
            "ending.ceiling",
            "{charge_minor} is above the most that may be kept of this contract, {ceiling_minor}.",
            charge_minor=asked_minor, ceiling_minor=ceiling, currency=currency,
        )  # fmt: skip
    return asked_minor


def _ceiling(terms: Terms, bases: dict[str, int], done_ppm: int) -> int | None:
    reached = [each for each in terms.ceilings if each.from_ppm <= done_ppm]
    if not reached:
        return 0 if terms.ceilings else None
    last = max(reached, key=lambda each: each.from_ppm)
    return int(share(bases[last.base], ppm=last.share_ppm))


def _cancelled(lines: list[Line], settlement: str, on: date) -> tuple[list[tuple[int, int]], int]:
    """By how much each line is lowered, and what of the money paid is free by it."""
    if settlement == OPEN:
        return [(line.id, line.open_minor) for line in lines if line.open_minor > 0], 0
    gone = [line for line in lines if settlement == UNWIND or not line.is_due(on)]
    return [(line.id, line.worth_minor) for line in gone], sum(line.paid_minor for line in gone)


def _is_scheduled(line: Line) -> bool:
    return line.is_scheduled or _kind(line.category) in SCHEDULED


def _kind(category: str) -> str:
    return category_of(category_index(category)).kind
