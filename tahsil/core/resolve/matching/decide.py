"""Cash application: what each bank line is, whose money, for which obligations, and how sure.

Pure: a book, lines, what was learned and a policy go in; one decision per line comes out. Lines
with references choose first, then the rest by date, so that no two claim one instalment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log

from tahsil.core.resolve.matching import cheques, items, others
from tahsil.core.resolve.matching.identity import CONTRACT, REFERENCE, Case, cases
from tahsil.core.resolve.matching.index import Index
from tahsil.core.resolve.matching.items import Choice
from tahsil.core.resolve.matching.learned import Learned, may_post
from tahsil.core.resolve.matching.policy import Policy
from tahsil.core.resolve.matching.reading import Reading, fillers, read, without
from tahsil.core.resolve.matching.recorded import Group, Receipts, evidence
from tahsil.core.resolve.matching.repeats import Found, repeats, reversals
from tahsil.core.resolve.matching.rows import (
    ASK,
    AUTO,
    LEAVE,
    PROPOSE,
    Answer,
    Book,
    Decision,
    Evidence,
    Line,
    Owed,
)
from tahsil.core.resolve.matching.sentences import saying

RANKED = 5  # accounts looked at closely, and shown
TIE = 0.7
LITERAL = (REFERENCE, CONTRACT)
FITS = ("exact", "completed", "completed_by_rule", "oldest", "run", "combination")


Amounts = dict[int, int]


@dataclass
class _Ledger:
    """By obligation what lines decided earlier have taken, and what proposals wait for."""

    taken: Amounts = field(default_factory=lambda: defaultdict(int))
    named: Amounts = field(default_factory=lambda: defaultdict(int))
    awaited: Amounts = field(default_factory=lambda: defaultdict(int))

    def left(self, owed: list[Owed], *books: Amounts) -> list[Owed]:
        """The obligations with what these leave open; the same list where they touch none."""
        if not any(item.id in book for book in books for item in owed):
            return owed
        return [_less(item, sum(book.get(item.id, 0) for book in books)) for item in owed]


@dataclass(frozen=True)
class _Ranked:
    answer: Answer
    how: str
    identity: float
    is_contested: bool
    is_named: bool


def match(
    book: Book, lines: Sequence[Line], *, policy: Policy, learned: Learned | None = None
) -> list[Decision]:
    """One decision per line, in the order given; the order changes no decision."""
    matcher = _Matcher(book, lines, learned or Learned(), policy)
    return matcher.decisions()


class _Matcher:
    def __init__(self, book: Book, lines: Sequence[Line], learned: Learned, policy: Policy) -> None:
        self.index, self.learned = Index(book), learned
        fees = {fee for fee, count in learned.fees.items() if count > 1}
        self.policy = policy.with_fees(fees)
        self.cheques = cheques.by_number(book.cheques)
        self.recorded = Receipts(book.recorded, days=policy.repeat_days)
        self.readings = [read(line) for line in lines]
        earlier = [read(line) for line in book.earlier]
        common = fillers(self.index.words, (*self.readings, *earlier))
        self.readings = [without(reading, common) for reading in self.readings]
        self.repeats = repeats(self.readings, earlier, policy)
        self.reversals = reversals(self.readings, earlier, policy)
        self.ledger = _Ledger()

    def decisions(self) -> list[Decision]:
        found = {
            reading.line.id: cases(self.index, reading, self.learned, self.policy)
            for reading in self.readings
        }
        in_order = sorted(self.readings, key=lambda one: (one.line.on, one.line.id))
        first = [one for one in in_order if self._is_settled(one, found[one.line.id])]
        decided = {one.line.id: self._decide(one, found[one.line.id]) for one in first}
        later = [one for one in in_order if one.line.id not in decided]
        kept = {one.line.id: self._keep(one, found[one.line.id]) for one in later}
        for one in later:
            for item_id, part in kept[one.line.id]:
                self.ledger.named[item_id] -= part  # its own turn has come
            decided[one.line.id] = self._decide(one, found[one.line.id])
        return [decided[reading.line.id] for reading in self.readings]

    def _is_settled(self, reading: Reading, found: list[Case]) -> bool:
        """Whether the references leave nothing to choose."""
        total = sum(self.index.items[item_id].open_minor for item_id in _named(found))
        return total >= reading.line.amount_minor > 0

    def _keep(self, reading: Reading, found: list[Case]) -> list[tuple[int, int]]:
        """What the line names is kept from lines that name nothing, until its turn comes."""
        if reading.line.id in self.repeats or reading.line.id in self.reversals:
            return []
        kept, left = [], reading.line.amount_minor
        for item_id in _named(found):
            item = self.index.items[item_id]
            part = min(left, item.open_minor - self.ledger.taken[item_id])
            if part > 0:
                self.ledger.named[item_id] += part
                kept.append((item_id, part))
                left -= part
        return kept

    def _decide(self, reading: Reading, found: list[Case]) -> Decision:
        line = reading.line
        again: Found = {**self.repeats, **self.reversals}
        if line.id in again:
            purpose, other, said = again[line.id]
            kind = PROPOSE if purpose == "reversed" else LEAVE
            return Decision(line.id, kind, purpose, evidence=(said,), other_line_id=other.id)
        if named := self.recorded.named(line):
            return self._recorded(reading, found, named)
        by_cheque = cheques.decide(reading, self.cheques, self.policy)
        if by_cheque:
            return self._cheque(reading, found, by_cheque)
        if line.amount_minor <= 0:
            return Decision(line.id, LEAVE, "outgoing", evidence=(saying("outgoing"),))
        other_purpose = others.purpose(reading)
        if other_purpose and not (found and found[0].how == REFERENCE):
            return Decision(line.id, LEAVE, other_purpose[0], evidence=(other_purpose[1],))
        return self._receipt(reading, found, other_purpose)

    def _cheque(self, reading: Reading, found: list[Case], decided: Decision) -> Decision:
        """What the cheques say, unless its money was recorded as a receipt already."""
        if decided.purpose != "cheque_cleared" or decided.account_id is None:
            return decided
        known = self.recorded.like(reading.line, decided.account_id)
        return self._recorded(reading, found, known) if known else decided

    def _recorded(self, reading: Reading, found: list[Case], known: Group) -> Decision:
        """The line is the money of receipts that were there before; a person links them."""
        answers = tuple(one.answer for one in self._ranked(reading, found))
        return Decision(
            reading.line.id, PROPOSE, "receipt", known[0].account_id,
            evidence=evidence(reading.line, known), alternatives=answers,
            receipt_ids=tuple(each.id for each in known),
        )  # fmt: skip

    def _receipt(
        self, reading: Reading, found: list[Case], doubt: tuple[str, Evidence] | None
    ) -> Decision:
        line = reading.line
        batch = self._batch(reading, found)
        if batch:
            return batch
        ranked = self._ranked(reading, found)
        answers = tuple(one.answer for one in ranked)
        if not ranked or answers[0].score < self.policy.propose:
            said = doubt[1] if doubt else saying("unknown")
            return Decision(line.id, LEAVE, "unknown", evidence=(said,), alternatives=answers)
        best = ranked[0]
        if known := self.recorded.like(line, best.answer.account_id):
            return self._recorded(reading, found, known)
        margin = best.answer.score - (answers[1].score if len(answers) > 1 else 0.0)
        others_best = max((one.identity for one in ranked[1:]), default=0.0)
        extra = self._doubts(reading, found, best, (margin, best.identity - others_best))
        extra = (doubt[1], *extra) if doubt else extra
        one, is_clear = best.answer, not extra
        posts = is_clear and may_post(one.pattern, policy=self.policy, learned=self.learned)
        if is_clear and not posts:
            extra = (saying("unproven"),)
        kind = AUTO if posts else (ASK if margin < TIE else PROPOSE)
        self._claim(best, posts)
        return Decision(
            line.id, kind, "receipt", one.account_id, one.allocations, one.unapplied_minor,
            one.score, margin, one.pattern, is_clear, (*one.evidence, *extra), answers[1:],
        )  # fmt: skip

    def _doubts(
        self,
        reading: Reading,
        found: list[Case],
        best: _Ranked,
        margins: tuple[float, float],
    ) -> tuple[Evidence, ...]:
        """What stands against posting, said; empty where nothing does."""
        said = []
        others = reading.currencies - {reading.line.currency.casefold()}
        if others:
            said.append(saying("speaks_of", currencies=sorted(each.upper() for each in others)))
        if best.is_contested:
            said.append(saying("contested"))
        if best.how not in LITERAL and any(case.how in LITERAL for case in found):
            said.append(saying("conflict"))
        if margins[0] < self.policy.margin or margins[1] < self.policy.identity_margin:
            said.append(saying("tie"))
        if best.answer.score < self.policy.score:
            said.append(saying("weak"))
        return tuple(said)

    def _ranked(self, reading: Reading, found: list[Case]) -> list[_Ranked]:
        """The likeliest accounts with what the money would pay there, the best first."""
        ranked = [self._rank(reading, case) for case in found[:RANKED] if case.is_worth_a_look]
        return sorted(ranked, key=lambda one: (-one.answer.score, one.answer.account_id))

    def _rank(self, reading: Reading, case: Case) -> _Ranked:
        line = reading.line
        owed = [
            item
            for item in self.index.of_account[case.account_id]
            if line.bank_rule in ("", item.bank_rule) or not item.bank_rule
        ]
        if case.within and not case.named:
            owed = [item for item in owed if item.id in case.within]
        choice, is_contested = self._choice(line, case, owed)
        weight = self._fit(line, choice)
        evidence = (*case.evidence, *(one._replace(weight=weight) for one in choice.evidence))
        pattern = f"{case.how}+{case.agreement.kind}+{choice.fit}"
        answer = Answer(
            case.account_id, choice.allocations, choice.unapplied_minor,
            case.score + weight, pattern, evidence,
        )  # fmt: skip
        return _Ranked(answer, case.how, case.score, is_contested, bool(case.named))

    def _choice(self, line: Line, case: Case, owed: list[Owed]) -> tuple[Choice, bool]:
        in_currency = [item for item in owed if item.currency == line.currency]
        if owed and not in_currency:
            said = saying("currency", currency=line.currency)
            return Choice((), line.amount_minor, "currency", (said,)), False
        ledger = self.ledger
        is_open = ledger.left(in_currency, ledger.taken)
        named = [item for item in is_open if item.id in case.named]
        if (named and not any(item.open_minor for item in named)) or (
            case.unknown_line and not named
        ):
            return self._paid(line, named, is_open), False
        first = self._chosen(line, case, is_open)
        free = ledger.left(is_open, ledger.named, ledger.awaited)
        if free is is_open:
            return first, False
        second = self._chosen(line, case, free)
        # Of equal instalments any is as good; another choice of amounts is another answer.
        return second, second.fit != first.fit or _amounts(second) != _amounts(first)

    def _paid(self, line: Line, named: list[Owed], owed: list[Owed]) -> Choice:
        """What the line would pay if not what it names, which is paid or was never owed."""
        ledger = self.ledger
        free = ledger.left(owed, ledger.named, ledger.awaited)
        rule = items.choose(line.amount_minor, named=(), owed=free, policy=self.policy)
        said = tuple(saying("paid", reference=item.references[0]) for item in named[:1])
        return rule._replace(fit="paid", evidence=(*said, *rule.evidence))

    def _chosen(self, line: Line, case: Case, owed: list[Owed]) -> Choice:
        named = tuple(case.named)
        return items.choose(line.amount_minor, named=named, owed=owed, policy=self.policy)

    def _fit(self, line: Line, choice: Choice) -> float:
        """What the amount says: much where few accounts have it open, little where many have."""
        weights = self.policy.weights
        if choice.fit in ("rule", "nothing_open", "currency", "paid"):
            return weights["fits_not"]
        if choice.fit not in FITS:
            return 0.5 if choice.fit in ("short", "short_alone", "one_of_several") else 0.0
        sharing = self.index.with_amount.get((line.currency, line.amount_minor), 0)
        if not sharing:
            return weights["fits"]
        rare = 0.5 * log(self.index.count / sharing)
        return min(weights["fits_rare"], max(weights["fits"] / 2, rare))

    def _batch(self, reading: Reading, found: list[Case]) -> Decision | None:
        """One credit for several accounts, where the references of all of them make the amount."""
        named = [case for case in found if case.how == REFERENCE and case.named]
        if len(named) < 2:
            return None
        owed = [self.index.items[item_id] for case in named for item_id in case.named]
        ledger = self.ledger
        owed = ledger.left(owed, ledger.taken, ledger.named, ledger.awaited)
        if sum(item.open_minor for item in owed) != reading.line.amount_minor:
            return None
        for item in owed:
            ledger.named[item.id] += item.open_minor
        parts = tuple((item.id, item.open_minor) for item in owed)
        said = (
            *(each for case in named for each in case.evidence),
            saying("batch", count=len(named)),
        )
        return Decision(
            reading.line.id, PROPOSE, "receipt", named[0].account_id, parts,
            score=named[0].score, pattern="batch", evidence=said,
        )  # fmt: skip

    def _claim(self, best: _Ranked, posts: bool) -> None:
        ledger = self.ledger
        book = ledger.taken if posts else ledger.named if best.is_named else ledger.awaited
        is_short = "short" in best.answer.pattern  # what the bank kept nobody pays later
        for item_id, part in best.answer.allocations:
            book[item_id] += self.index.items[item_id].open_minor if is_short else part


def _less(item: Owed, amount: int) -> Owed:
    return item._replace(open_minor=max(0, item.open_minor - amount)) if amount else item


def _amounts(choice: Choice) -> list[int]:
    return sorted(part for _, part in choice.allocations)


def _named(found: list[Case]) -> list[int]:
    """The obligations that the literal references of the likeliest account name."""
    return list(found[0].named) if found and found[0].how == REFERENCE else []
