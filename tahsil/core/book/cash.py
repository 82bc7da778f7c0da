"""Cash in people's hands: how much one may take and hold, when it must be at the bank, the count.

What a person holds is made of items: a receipt's money is one, its reversal another, a shortage or
an overage a third. A hand-over or a deposit moves items whole, so that every amount at the bank is
the sum of what it covers. Patterns that ask for a look are in cash_flags.py. Numbers are policy
(policies/cash.yaml).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any

from tahsil.core.grammar.authority import Verdict, allow, ask, deny
from tahsil.core.grammar.dates import Calendar
from tahsil.core.grammar.refusal import Refused

MEASURES = ("receipt", "day", "hand")
FREE = allow("cash.free", "Nothing speaks against taking this cash.")
SENTENCES = {
    "cash.above_receipt":
        "One receipt of cash may be up to {most_minor} here; this one is over {amount_minor}. "
        "{who} may agree to it, or it can come by transfer.",
    "cash.above_day":
        "With this receipt the cash of the day would come to {amount_minor}; {most_minor} is the "
        "ceiling. {who} may agree to it, or it can come by transfer.",
    "cash.above_hand":
        "With this receipt you would hold {amount_minor} in cash; {most_minor} is the ceiling. "
        "Deposit or hand over what you hold first, or {who} may agree.",
    "cash.law_receipt":
        "A receipt of {amount_minor} in cash reaches the limit of {most_minor} ({cite}). It can "
        "come by transfer, cheque or card.",
    "cash.law_day":
        "Cash from this payer would come to {amount_minor} in one day; below {most_minor} is "
        "allowed ({cite}). The rest can come by transfer, cheque or card.",
    "cash.law_account":
        "Cash from this payer on this account would come to {amount_minor} in all; from "
        "{most_minor} on the law asks for more ({cite}).",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """When cash is to be at the bank, and how days are closed, as published."""

    bank_closes: str
    next_day_until: str
    bank_line_working_days: int
    match_days: int
    open_day: str
    sign: str
    call_back_ppm: int
    approvers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One amount somebody holds: a receipt's money, or what was added to or taken from it."""

    id: int
    kind: str  # receipt, reversal, shortage, overage, repayment
    amount_minor: int
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One person's day in one currency; what went out is below nothing."""

    opening_minor: int = 0
    taken_minor: int = 0
    reversed_minor: int = 0
    received_minor: int = 0
    given_minor: int = 0
    deposited_minor: int = 0
    adjusted_minor: int = 0  # shortages, overages, repayments of cases

    @property
    def expected_minor(self) -> int:
        """What must be in the hand at the end of the day."""
        return (
            self.opening_minor + self.taken_minor + self.reversed_minor + self.received_minor
            + self.given_minor + self.deposited_minor + self.adjusted_minor
        )  # fmt: skip


FIGURE_OF = {
    "take": "taken_minor", "reverse": "reversed_minor", "receive": "received_minor",
    "give": "given_minor", "deposit": "deposited_minor", "shortage": "adjusted_minor",
    "overage": "adjusted_minor", "repay": "adjusted_minor",
}  # fmt: skip


def figures(opening_minor: int, moved: Mapping[str, int]) -> DayFigures:
    """The day's figures from what it opened with and the sum of each kind of entry."""
    sums = dict.fromkeys(FIGURE_OF.values(), 0)
    for kind, amount in moved.items():
        sums[FIGURE_OF[kind]] += amount
    return DayFigures(opening_minor, **sums)


def ceiling_of(
    body: Mapping[str, Any], roles: Iterable[str], currency: str
) -> dict[str, int | None]:
    """The ceilings of somebody with these roles: of several the widest; no role named, no end."""
    named = [body["roles"][role] for role in roles if role in body["roles"]]
    if not named:
        return dict.fromkeys(MEASURES)
    found: dict[str, int | None] = {}
    for measure in MEASURES:
        bounds = [each.get(currency, {}).get(measure) for each in named]
        found[measure] = None if None in bounds else max(bounds)
    return found


def judge_ceilings(
    body: Mapping[str, Any],
    roles: Iterable[str],
    currency: str,
    wanted: Mapping[str, int],
) -> list[Verdict]:
    """One verdict for each ceiling that would be passed: ask or deny, as the policy says."""
    ceilings, approvers = ceiling_of(body, roles, currency), tuple(body["approvers"])
    found = []
    for measure in MEASURES:
        most = ceilings[measure]
        if most is None or wanted[measure] <= most:
            continue
        code = f"cash.above_{measure}"
        facts = {
            "amount_minor": wanted[measure], "most_minor": most, "currency": currency,
            "who": list(approvers),
        }  # fmt: skip
        found.append(
            deny(code, SENTENCES[code], **facts) if body["above"][measure] == "deny"
            else ask(code, SENTENCES[code], approvers=approvers, **facts)
        )  # fmt: skip
    return found


def judge_law(
    rules: Iterable[Mapping[str, Any]],
    currency: str,
    wanted: Mapping[str, int],
    approvers: tuple[str, ...],
) -> list[Verdict]:
    """One verdict for each legal limit reached; what is not verified asks and never refuses."""
    found = []
    for rule in rules:
        if rule["currency"] != currency or wanted[rule["basis"]] < rule["at"]:
            continue
        code = f"cash.law_{rule['basis']}"
        facts = {
            "amount_minor": wanted[rule["basis"]], "most_minor": rule["at"], "currency": currency,
            "cite": rule["code"],
        }  # fmt: skip
        is_denied = rule["answer"] == "deny" and rule["verified"]
        found.append(
            deny(code, SENTENCES[code], **facts) if is_denied
            else ask(code, SENTENCES[code], approvers=approvers, **facts)
        )  # fmt: skip
    return found


def due_at(taken_at: datetime, terms: Terms, calendar: Calendar) -> datetime:
    """Until when cash taken at that local time must be at the bank.

    Before the bank closes on a working day: that day's end. Else the next working day's hour.
    """
    on = taken_at.date()
    if calendar.is_working(on) and taken_at.time() < time.fromisoformat(terms.bank_closes):
        return taken_at.replace(hour=23, minute=59, second=59, microsecond=0)
    hour = time.fromisoformat(terms.next_day_until)
    return datetime.combine(calendar.add(on, 1), hour, taken_at.tzinfo)


def oldest_first(items: Iterable[Item], amount_minor: int, currency: str) -> list[Item]:
    """The oldest items that come to the amount; refused where they pass it by."""
    chosen, sum_minor = [], 0
    # What takes away goes first: it belongs to money that is not there.
    for each in sorted(items, key=lambda item: (item.amount_minor > 0, item.taken_at, item.id)):
        if sum_minor >= amount_minor:
            break
        chosen.append(each)
        sum_minor += each.amount_minor
    if sum_minor != amount_minor or not chosen:
        below = sum_minor - chosen[-1].amount_minor if chosen and sum_minor > amount_minor else 0
        raise Refused(
            "cash.not_whole",
            "Whole receipts, oldest first, come to {below_minor} or {above_minor}, not to "
            "{amount_minor}. Name the receipts, or deposit one of these amounts.",
            below_minor=below, above_minor=sum_minor, amount_minor=amount_minor,
            currency=currency,
        )  # fmt: skip
    return chosen


def counted(notes: Iterable[int], pieces: Mapping[str, int], currency: str) -> int:
    """The sum of the notes counted; refused where a note is unknown or its number no number."""
    known = {str(note): note for note in notes}
    wrong = [
        note for note, number in pieces.items()
        if note not in known or not isinstance(number, int) or isinstance(number, bool)
        or not 0 <= number <= 1_000_000
    ]  # fmt: skip
    if wrong:
        raise Refused(
            "cash.notes",
            "{wrong} cannot be counted in {currency}. Known notes in minor units: {known}.",
            wrong=[str(note) for note in wrong], currency=currency, known=list(known),
        )  # fmt: skip
    return sum(known[note] * number for note, number in pieces.items())


def sample(day: date, keys: Iterable[str], *, share_ppm: int) -> list[str]:
    """The keys to call back for that day: the share, at least one, the same whenever asked.

    The order is a hash of day and key, so nobody can tell beforehand and everybody afterwards.
    """
    ordered = sorted(keys, key=lambda key: sha256(f"{day}:{key}".encode()).hexdigest())
    wanted = -(-len(ordered) * share_ppm // 1_000_000)
    return ordered[: max(wanted, 1)] if ordered else []


def share_of(part: int, whole: int) -> int:
    """The part of the whole in parts per million, rounded down; nothing of nothing."""
    return part * 1_000_000 // whole if whole else 0


def names_slip(number: str, *texts: str) -> bool:
    """Whether one of the texts names the slip: its number stands there whole, zeros in front aside.

    A short number counts only where it is all the text says.
    """
    wanted = number.strip().casefold().lstrip("0")
    if not wanted:
        return False
    for text in texts:
        words = [word.lstrip("0") for word in re.split(r"[^\w-]+", text.casefold()) if word]
        if words == [wanted] or (len(wanted) >= 4 and wanted in words):
            return True
    return False
