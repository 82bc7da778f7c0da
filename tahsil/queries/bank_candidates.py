"""Bank lines nobody has explained that may be money of one account, each with its evidence.

They are looked for by what is wanted: what a customer claims, what is due and open, receipts no
statement has shown yet. A weight is not a verdict: a person matches.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from tahsil.core.grammar.authority import Answer, Reason, Standing, can
from tahsil.core.grammar.names import fold, name_key
from tahsil.queries import bank
from tahsil.store.models import BankLine

NEAR_DAYS = 7
FAR_DAYS = 45
MOST = 6
READ_AT_MOST = 400
LEAST = 3  # the weight below which a line is not worth showing


@dataclass(frozen=True)
class Wanted:
    """Money that is looked for: how much, around which day, and what it is called."""

    amount_minor: int
    on: date | None
    called: str


@dataclass(frozen=True)
class Known:
    """What a line may name: the currency, the names of the parties, numbers of the account."""

    currency: str
    creditor_id: int
    names: tuple[str, ...]
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """An unexplained line with what speaks for it, the strongest first."""

    line: BankLine
    evidence: tuple[Reason, ...]
    weight: int


def candidates(
    standing: Standing, wanted: Iterable[Wanted], known: Known, *, as_of: date
) -> tuple[Candidate, ...]:
    """The lines that may be this money, the likeliest first; none for who reads no bank lines."""
    if can(standing, bank.READ, None).answer != Answer.ALLOW:
        return ()
    asked = list(wanted)
    names = [set(name_key(name).split()) for name in known.names]
    found = [_weighed(line, asked, known, names) for line in _lines(standing, asked, known, as_of)]
    worth = [each for each in found if each.weight >= LEAST]
    return tuple(sorted(worth, key=lambda each: (-each.weight, each.line.id))[:MOST])


def _lines(
    standing: Standing, wanted: list[Wanted], known: Known, as_of: date
) -> Iterable[BankLine]:
    """The open lines in the currency of about the amounts wanted, or that name the account."""
    amounts = Q(amount_minor__in={each.amount_minor for each in wanted})
    for word in (*known.numbers, *known.names):
        if len(word) > 2:
            amounts |= Q(text__icontains=word) | Q(payer__icontains=word)
            amounts |= Q(reference__icontains=word)
    return (
        bank.visible(standing)
        .select_related("bank_account")
        .filter(
            amounts, state__in=bank.WAITING, amount_minor__gt=0, booked_on__lte=as_of,
            bank_account__currency=known.currency, bank_account__creditor_id=known.creditor_id,
        )
        .order_by("-value_on", "-id")[:READ_AT_MOST]
    )  # fmt: skip


def _weighed(
    line: BankLine, wanted: list[Wanted], known: Known, names: list[set[str]]
) -> Candidate:
    found = [*_by_amount(line, wanted), *_by_name(line, names), *_by_number(line, known)]
    return Candidate(line, tuple(reason for _, reason in found), sum(weight for weight, _ in found))


def _by_amount(line: BankLine, wanted: list[Wanted]) -> list[tuple[int, Reason]]:
    """Of what is wanted of this amount, the nearest day."""
    same = [each for each in wanted if each.amount_minor == line.amount_minor]
    if not same:
        return []
    first = min(same, key=lambda each: abs((each.on - line.value_on).days) if each.on else FAR_DAYS)
    facts = {"amount_minor": line.amount_minor, "what": first.called}
    made = [(3, Reason("candidate.amount", "The amount is that of {what}.", facts))]
    if first.on is None:
        return made
    days = abs((first.on - line.value_on).days)
    if days <= NEAR_DAYS:
        reason = Reason("candidate.day", "Days from {on}: {days}.", {"on": first.on, "days": days})
        made.append((2 if days else 3, reason))
    elif days > FAR_DAYS:
        return []
    return made


def _by_name(line: BankLine, names: list[set[str]]) -> list[tuple[int, Reason]]:
    said = set(name_key(f"{line.payer} {line.text}").split())
    most = max((len(said & name) for name in names if name), default=0)
    if most < 2:
        return []
    facts = {"payer": line.payer or line.text[:60]}
    return [(2 + most, Reason("candidate.payer", "The payer reads {payer}.", facts))]


def _by_number(line: BankLine, known: Known) -> list[tuple[int, Reason]]:
    said = fold(f"{line.reference} {line.text} {line.cheque_number}").replace(" ", "")
    for number in known.numbers:
        if len(number) > 3 and fold(number).replace(" ", "") in said:
            facts = {"number": number}
            return [(4, Reason("candidate.number", "It names {number}.", facts))]
    return []


def near(on: date | None, other: date) -> bool:
    """Whether two days are near enough to be the same payment."""
    return on is None or abs(on - other) <= timedelta(days=NEAR_DAYS)
