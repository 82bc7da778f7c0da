"""Which obligations of one account a line pays, how sure that is, and what stays unapplied.

References that sum come first; then the oldest of exactly this amount, the oldest run, a bounded
search for other sums, the same less a bank's fee or a withheld tax; at last the rule of the
contract, the oldest first, which is only ever proposed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from tahsil.core.grammar.money import PPM
from tahsil.core.resolve.matching.policy import Policy
from tahsil.core.resolve.matching.rows import Allocations, Evidence, Owed
from tahsil.core.resolve.matching.sentences import saying


class Choice(NamedTuple):
    """The parts, the rest, and how the amount fits: exact, oldest, run, fee, partial, rule, …"""

    allocations: Allocations
    unapplied_minor: int
    fit: str
    evidence: tuple[Evidence, ...]


def choose(
    amount: int,
    *,
    named: Sequence[int],
    owed: Sequence[Owed],
    policy: Policy,
) -> Choice:
    """What an amount pays of what is owed, oldest first, where `named` stand in the references."""
    owed = [item for item in owed if item.open_minor > 0]
    if not owed:
        return Choice((), amount, "nothing_open", (saying("nothing_open"),))
    live = [item for item in owed if item.id in named]
    if live:
        return _of_named(amount, live, owed, policy)
    found = _that_sum(amount, owed, policy) or _less_fee(amount, owed, policy)
    return found or _by_rule(amount, owed)


def _of_named(amount: int, named: list[Owed], owed: list[Owed], policy: Policy) -> Choice:
    total = sum(item.open_minor for item in named)
    if amount == total:
        return _whole(named, "exact", saying("exact"))
    rest = _beside(named, owed)
    if amount > total:
        more = _that_sum(amount - total, rest, policy)
        if more and more.fit != "one_of_several":
            added = [item for item in rest if item.id in dict(more.allocations)]
            fit = "completed" if _is_only(added, rest, named, owed) else "completed_by_rule"
            return _whole([*named, *added], fit, saying("completed"))
        over = saying("over", over_minor=amount - total, currency=owed[0].currency)
        return _in_order(amount, named, "over", over)
    missing = total - amount
    if code := _deducted(missing, total, policy):
        said = saying(code, short_minor=missing, currency=owed[0].currency)
        return _in_order(amount, named, "short", said)
    if any(item.open_minor == amount for item in rest) or len(named) > 1:
        return _in_order(amount, named, "one_of_several", saying("one_of_several"))
    return _in_order(amount, named, "partial", saying("partial"))


def _beside(named: list[Owed], owed: list[Owed]) -> list[Owed]:
    """What else is open, in the order people forget to write it: between, before, after."""
    places = [owed.index(item) for item in named]
    first, last = min(places), max(places)
    between = [owed[n] for n in range(first, last) if n not in places]
    return [*between, *reversed(owed[:first]), *owed[last + 1 :]]


def _is_only(added: list[Owed], rest: list[Owed], named: list[Owed], owed: list[Owed]) -> bool:
    """Whether nothing else of the same amounts could have been meant, or a gap is filled."""
    places = [owed.index(item) for item in named]
    if all(min(places) < owed.index(item) < max(places) for item in added):
        return True
    amounts = {item.open_minor for item in added}
    return sum(item.open_minor in amounts for item in rest) == len(added)


def _that_sum(amount: int, owed: list[Owed], policy: Policy) -> Choice | None:
    """The oldest of the amount, the oldest run, or the only other sum; nothing where none is."""
    one = next((item for item in owed if item.open_minor == amount), None)
    run = _oldest_run(amount, owed)
    if one and (run is None or run == [one]):
        return _whole([one], "oldest", saying("oldest"))
    if run and not one:
        return _whole(run, "run", saying("run", count=len(run)))
    if one and run:
        return _whole([one], "one_of_several", saying("one_of_several"))
    sums = _sums(amount, owed[: policy.items], policy.picks)
    if not sums:
        return None
    if len(sums) > 1:
        return _whole(sums[0], "one_of_several", saying("one_of_several"))
    return _whole(sums[0], "combination", saying("combination", count=len(sums[0])))


def _oldest_run(amount: int, owed: list[Owed]) -> list[Owed] | None:
    total = 0
    for count, item in enumerate(owed, start=1):
        total += item.open_minor
        if total >= amount:
            return owed[:count] if total == amount else None
    return None


def _sums(amount: int, owed: list[Owed], picks: int) -> list[list[Owed]]:
    """Sets of two to `picks` that make the amount; of sets of equal amounts only the oldest."""
    found: dict[tuple[int, ...], list[Owed]] = {}
    open_minor = [item.open_minor for item in owed]
    if amount > sum(sorted(open_minor)[-picks:]) or amount < sum(sorted(open_minor)[:2]):
        return []
    for count in range(2, min(picks, len(owed)) + 1):
        for places in combinations(range(len(owed)), count):
            parts = [open_minor[place] for place in places]
            if sum(parts) == amount:
                found.setdefault(tuple(sorted(parts)), [owed[place] for place in places])
    return list(found.values())


def _less_fee(amount: int, owed: list[Owed], policy: Policy) -> Choice | None:
    for item in owed:
        missing = item.open_minor - amount
        code = missing > 0 and _deducted(missing, item.open_minor, policy)
        if code:
            said = saying(str(code), short_minor=missing, currency=owed[0].currency)
            return _in_order(amount, [item], "short_alone", said)
    return None


def _by_rule(amount: int, owed: list[Owed]) -> Choice:
    """The oldest that are paid whole, the rest unapplied; a part of the oldest if none is."""
    left, whole = amount, []
    for item in owed:
        if item.open_minor > left:
            break
        left -= item.open_minor
        whole.append(item)
    return _in_order(amount, whole or owed[:1], "rule", saying("rule"))


def _deducted(missing: int, total: int, policy: Policy) -> str:
    """Whether so much may have been deducted on the way: a fee, a withheld tax, or neither."""
    if missing in policy.fees_minor and missing * 20 <= total:
        return "fee"
    if any(abs(total * ppm - missing * PPM) < PPM for ppm in policy.withheld_ppm):
        return "withheld"
    return ""


def _whole(items: list[Owed], fit: str, said: Evidence) -> Choice:
    return Choice(tuple((item.id, item.open_minor) for item in items), 0, fit, (said,))


def _in_order(amount: int, items: list[Owed], fit: str, said: Evidence) -> Choice:
    parts, left = [], amount
    for item in items:
        part = min(left, item.open_minor)
        if part > 0:
            parts.append((item.id, part))
            left -= part
    return Choice(tuple(parts), left, fit, (said,))
