"""Presenting: when a paper goes to the bank, when the answer is due, when it is too late.

A cheque dated on a day the bank is closed goes on the next working day; it is taken to the bank
so many working days before as its place needs. Lead, clearing days and terms are policy data
(policies/presenting.yaml).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from tahsil.core.grammar.dates import DAY, Calendar, add_months
from tahsil.core.grammar.refusal import Refused

PRESENTABLE = ("in_safe", "in_transit", "bank_custody")


@dataclass(frozen=True, slots=True)
class Terms:
    """How papers are presented in one country: days are working days, months calendar months."""

    lead: dict[str, int]  # state the paper is in to working days before its maturity
    clearing_days: int
    stale_months: int
    late_return_days: int  # after which a credit is no longer taken back
    hold_days: dict[str, int]  # state to working days a hold must be asked before maturity


@dataclass(frozen=True, slots=True)
class Family:
    """What one family of return reasons means."""

    code: str
    presentments: int
    has_fee: bool
    counts: bool
    has_clock: bool
    severity: int
    next: str
    kills_leaves: bool = False
    labels: dict[str, str] = field(default_factory=dict)


def bank_day(matures_on: date, calendar: Calendar) -> date:
    """The day the bank first pays a cheque of that date: it, or the next working day."""
    return calendar.roll(matures_on)


def present_on(matures_on: date, state: str, terms: Terms, calendar: Calendar) -> date:
    """The day the paper leaves for the bank from where it is, so that it is there in time."""
    return calendar.add(bank_day(matures_on, calendar), -terms.lead.get(state, 0))


def expected_on(
    sent_on: date, matures_on: date, terms: Terms, calendar: Calendar, *, same_bank: bool = False
) -> date:
    """The day the bank's answer is due: the clearing days after deposit and maturity both are."""
    start = max(sent_on, bank_day(matures_on, calendar))
    return calendar.roll(start) if same_bank else calendar.add(start, terms.clearing_days)


def stale_on(matures_on: date, terms: Terms) -> date:
    """The first day on which the bank need not pay it any more."""
    return add_months(matures_on, terms.stale_months)


def check_deposit(number: str, matures_on: date, on: date, earliest: date, terms: Terms) -> None:
    """Refuses a deposit before the paper's day or after it went stale."""
    if on < earliest:
        raise Refused(
            "instrument.early",
            "{number} is dated {matures_on} and goes to the bank from {earliest}, not on {on}.",
            number=number,
            matures_on=matures_on,
            earliest=earliest,
            on=on,
        )
    if on >= stale_on(matures_on, terms):
        raise Refused(
            "instrument.stale",
            "{number} of {matures_on} went stale on {stale_on}; the bank need not pay it. "
            "Ask for a replacement.",
            number=number,
            matures_on=matures_on,
            stale_on=stale_on(matures_on, terms),
        )


def check_represent(number: str, families: Iterable[Family], presented: int) -> None:
    """Refuses to present again where a reason given so far, or their number, stands against it."""
    for family in families:
        if presented >= family.presentments:
            raise Refused(
                "instrument.represent",
                "{number} came back as “{label}”, which may be presented {most} times in all; "
                "it was presented {count} times. It can be replaced, settled or go to legal.",
                number=number,
                reason=family.code,
                label=family.labels or family.code,
                most=family.presentments,
                count=presented,
            )


def check_hold(
    number: str, state: str, *, asked_on: date, matures_on: date, until_on: date,
    terms: Terms, calendar: Calendar,
) -> None:  # fmt: skip
    """Refuses a hold asked for too late, or one that ends before it began or outlives the paper."""
    latest = calendar.add(bank_day(matures_on, calendar), -terms.hold_days.get(state, 0))
    if asked_on > latest:
        raise Refused(
            "instrument.hold_late",
            "A hold of {number} had to be asked for by {latest}. Recall it from the bank, "
            "or let it be presented.",
            number=number,
            latest=latest,
        )
    if not matures_on < until_on < stale_on(matures_on, terms):
        raise Refused(
            "instrument.hold_until",
            "{number} of {matures_on} can be held until a day after that and before it goes "
            "stale on {stale_on}, not until {until_on}.",
            number=number,
            matures_on=matures_on,
            stale_on=stale_on(matures_on, terms),
            until_on=until_on,
        )


def horizon(as_of: date, state: str, terms: Terms, calendar: Calendar) -> date:
    """The latest maturity whose paper, being where it is, has to leave for the bank by the date."""
    found = as_of
    while present_on(found + DAY, state, terms, calendar) <= as_of:
        found += DAY
    return found
