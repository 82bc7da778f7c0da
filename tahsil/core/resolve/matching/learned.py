"""What the firm's own corrections have taught: payers, fees, and how right each pattern was.

A payer set to an account once is a suggestion, twice is known. A pattern that must prove itself
posts once enough lines were confirmed and the Wilson lower bound of its own record reaches the
policy's precision; a pattern whose record is clearly worse stops posting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import sqrt

from tahsil.core.grammar.money import PPM
from tahsil.core.resolve.matching.likeness import words
from tahsil.core.resolve.matching.policy import Policy
from tahsil.core.resolve.matching.reading import account_of, digits_of
from tahsil.core.resolve.matching.rows import Allocations, Decision, Line

KNOWN_AFTER = 2
DISPROVED_AFTER = 30
SURE, VERY_SURE = 1.645, 2.326  # one-sided 95 % and 99 %


@dataclass(frozen=True)
class Learned:
    """Plain data a store can keep: counts by payer and account, by fee, by pattern."""

    aliases: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    fees: Mapping[int, int] = field(default_factory=dict)
    record: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # pattern: (right, wrong)

    @property
    def confirmed(self) -> int:
        """How many lines people have confirmed or corrected."""
        return sum(right + wrong for right, wrong in self.record.values())


def learn(
    learned: Learned, line: Line, decision: Decision, *, account_id: int, paid: Allocations,
    short_minor: int = 0,
) -> Learned:  # fmt: skip
    """With one more line confirmed: whose it was, what it paid, and the fee that was missing."""
    aliases = {payer: dict(counts) for payer, counts in learned.aliases.items()}
    for payer in payer_keys(line):
        counts = aliases.setdefault(payer, {})
        counts[account_id] = counts.get(account_id, 0) + 1
    fees = dict(learned.fees)
    if short_minor:
        fees[short_minor] = fees.get(short_minor, 0) + 1
    record = dict(learned.record)
    if decision.is_clear:
        right, wrong = record.get(decision.pattern, (0, 0))
        is_right = decision.account_id == account_id and _same(decision.allocations, paid)
        record[decision.pattern] = (right + is_right, wrong + (not is_right))
    return replace(learned, aliases=aliases, fees=fees, record=record)


def learn_all(
    learned: Learned, confirmed: list[tuple[Line, Decision, int, Allocations, int]]
) -> Learned:
    """With a day's lines: (line, decision, account, what it paid, missing fee) each."""
    for line, decision, account_id, paid, short_minor in confirmed:
        learned = learn(
            learned, line, decision, account_id=account_id, paid=paid, short_minor=short_minor
        )
    return learned


def payer_keys(line: Line) -> tuple[str, ...]:
    """What one recognises a payer by: bank account, telephone, name as the bank writes it."""
    found = []
    if line.payer_account:
        found.append(f"account {account_of(line.payer_account)}")
    if line.payer_phone:
        found.append(f"phone {digits_of(line.payer_phone)}")
    name = words(line.payer)
    if len(name) > 1:
        found.append("name " + " ".join(word.plain for word in name))
    return tuple(found)


def may_post(pattern: str, *, policy: Policy, learned: Learned) -> bool:
    """Whether lines of this pattern are posted without a person."""
    right, wrong = learned.record.get(pattern, (0, 0))
    count = right + wrong
    target = policy.precision_ppm / PPM
    if pattern in policy.automatic:
        return count < DISPROVED_AFTER or wilson(right, count, VERY_SURE)[1] >= target
    if pattern not in policy.proven or learned.confirmed < policy.confirmed:
        return False
    return count > 0 and wilson(right, count)[0] >= target


def wilson(right: int, count: int, sure: float = SURE) -> tuple[float, float]:
    """The lower and upper bound of a share, by Wilson; `sure` in standard deviations."""
    share = right / count
    spread = sure * sqrt(share * (1 - share) / count + sure**2 / (4 * count**2))
    centre = share + sure**2 / (2 * count)
    scale = 1 + sure**2 / count
    return (centre - spread) / scale, (centre + spread) / scale


def _same(one: Allocations, other: Allocations) -> bool:
    return sorted(item for item, _ in one) == sorted(item for item, _ in other)
