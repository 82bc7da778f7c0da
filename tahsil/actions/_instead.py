"""What comes in the place of a paper: other papers and money, each as far as it goes, once.

A paper that names lines is replaced line by line: money by what it has paid of them, another
paper by what it is for of them. One that names none is replaced by amounts alone. What another
paper has taken of a receipt or a paper is gone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum

from tahsil.actions import _paper
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import (
    Adjustment,
    Allocation,
    Instrument,
    InstrumentReplacement,
    Obligation,
    Presentment,
    Receipt,
)

WHOLE = 0  # the one place of a paper that names no line


@dataclass
class Instead:
    """What is left of the old paper, by line, and what has come for it so far."""

    old: Instrument
    left: dict[int, int]
    rows: list[InstrumentReplacement] = field(default_factory=list)

    @property
    def left_minor(self) -> int:
        """What nothing has come for."""
        return sum(self.left.values())

    def taken(self, column: str, each: Any, offered: dict[int, int], free_minor: int) -> int:
        """How much of what is left this one is for; it is noted as what came."""
        used = 0
        for key, left in self.left.items():
            part = max(min(left, offered.get(key, 0), free_minor - used), 0)
            self.left[key] -= part
            used += part
        row = {"old": self.old, column: each, "amount_minor": used}
        self.rows.append(InstrumentReplacement(**row))
        return used

    def cap(self, most: dict[int, int]) -> None:
        """No line asks for more than that."""
        if WHOLE not in self.left:
            self.left = {
                key: min(part, max(most.get(key, 0), 0)) for key, part in self.left.items()
            }


def of(old: Instrument) -> Instead:
    """Nothing has come for it yet."""
    lines = _paper.left_lines(old)
    return Instead(old, dict(lines) if lines else {WHOLE: _paper.left_minor(old)})


def worth(old: Instrument) -> dict[int, int]:
    """What its lines are after corrections: what was waived, nobody has to bring."""
    keys = [key for key, _ in _paper.lines_of(old)]
    changed = Adjustment.objects.filter(obligation_id__in=keys).order_by()
    more = dict(changed.values_list("obligation_id").annotate(Sum("amount_minor")))
    rows = Obligation.objects.filter(id__in=keys).values_list("id", "amount_minor")
    return {key: amount + more.get(key, 0) for key, amount in rows}


def take_money(into: Instead, named: Any) -> list[Receipt]:
    """The receipts came in the place of the old paper, by what they paid of its lines."""
    old = into.old
    known = Receipt.objects.filter(account_id=old.account_id).select_related("reversal")
    found = _each(known, named)
    if gone := [each.number for each in found if hasattr(each, "reversal")]:
        raise Refused(
            "instrument.money_gone",
            "{numbers} were taken back, so nothing came with them. Name money that is here.",
            numbers=gone,
        )
    tried = Presentment.objects.filter(instrument=old, receipt__in=found)
    if own := tried.values_list("receipt__number", flat=True):
        raise Refused(
            "instrument.own_money",
            "{numbers} are what the bank paid of {number} itself. Name what came in its place.",
            numbers=list(own),
            number=old.number,
        )
    for each in found:
        offered = {WHOLE: each.amount_minor} if WHOLE in into.left else _paid(each)
        into.taken("receipt", each, offered, _free("receipt", each, each.amount_minor))
    return found


def take_papers(into: Instead, named: Any) -> list[tuple[str, str, int]]:
    """The papers came in its place: (number, state, how much of what is left they are for)."""
    found = _each(Instrument.objects.filter(account_id=into.old.account_id), named)
    if into.old in found:
        raise Refused(
            "instrument.itself", "{number} cannot replace itself.", number=into.old.number
        )
    cover = []
    for each in found:
        # The money of a cleared one is a receipt: it comes as that.
        amount = 0 if each.state == "cleared" else _paper.left_minor(each)
        offered = {WHOLE: amount}
        if WHOLE not in into.left:
            offered = dict(_paper.left_lines(each)) if amount else {}
        used = into.taken("new", each, offered, _free("new", each, amount))
        cover.append((each.number, each.state, used))
    return cover


def _each(known: Any, named: Any) -> list[Any]:
    """Those named, each once; refused where one is not of this account."""
    wanted = list(dict.fromkeys(named or ()))
    found = known.in_bulk(wanted)
    if strange := [each for each in wanted if each not in found]:
        raise Refused(
            "instrument.instead_unknown",
            "{ids} are no papers or receipts of this account. Choose from those it has.",
            ids=strange,
        )
    return [found[each] for each in wanted]


def _free(column: str, each: Any, amount_minor: int) -> int:
    """What other papers have left of it; refused where that is nothing."""
    used = InstrumentReplacement.objects.filter(**{column: each}).select_related("old")
    left = amount_minor - sum(
        each.amount_minor if row.amount_minor is None else row.amount_minor for row in used
    )
    if used and left <= 0:
        raise Refused(
            "instrument.instead_used",
            "{number} already took the place of {others}, and nothing is left of it.",
            number=each.number,
            others=sorted({row.old.number for row in used}),
        )
    return left


def _paid(each: Receipt) -> dict[int, int]:
    rows = Allocation.objects.filter(receipt=each).order_by().values_list("obligation_id")
    return dict(rows.annotate(Sum("amount_minor")))
