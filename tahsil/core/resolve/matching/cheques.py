"""Cheques cleared or returned, by number without lost zeros, amount and date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from tahsil.core.resolve.matching.policy import Policy
from tahsil.core.resolve.matching.reading import Reading, number_of
from tahsil.core.resolve.matching.rows import AUTO, LEAVE, PROPOSE, Cheque, Decision
from tahsil.core.resolve.matching.sentences import saying
from tahsil.core.resolve.matching.words import RETURNED

ByNumber = dict[str, list[Cheque]]


def by_number(cheques: Iterable[Cheque]) -> ByNumber:
    """The cheques by number, zeros off, in the order of their ids."""
    found: ByNumber = defaultdict(list)
    for cheque in sorted(cheques, key=lambda cheque: cheque.id):
        found[number_of(cheque.number)].append(cheque)
    return found


def decide(reading: Reading, known: ByNumber, policy: Policy) -> Decision | None:
    """The cheque this line clears or returns; nothing where no cheque is spoken of."""
    line = reading.line
    if not reading.cheque:
        return None
    words = f" {' '.join(token.text for token in reading.tokens)} "
    is_return = any(f" {word} " in words for word in RETURNED)
    if line.amount_minor < 0 and not is_return:
        return None
    purpose = "cheque_returned" if is_return else "cheque_cleared"
    window = timedelta(days=policy.cheque_days)
    same = [
        cheque
        for cheque in known.get(reading.cheque, ())
        if cheque.amount_minor == abs(line.amount_minor) and cheque.currency == line.currency
    ]
    near = [cheque for cheque in same if cheque.matures_on - window <= line.on] or same
    if not near:
        if line.cheque_number or is_return:
            said = saying("cheque_unknown", number=reading.cheque)
            return Decision(line.id, LEAVE, purpose, evidence=(said,))
        return None
    one = near[0]
    said = saying("cheque", number=one.number)
    if len(near) > 1:
        said = saying("cheque_shared", count=len(near))
    kind = AUTO if len(near) == 1 and line.on >= one.matures_on - window else PROPOSE
    return Decision(line.id, kind, purpose, one.account_id, cheque_id=one.id, evidence=(said,))
