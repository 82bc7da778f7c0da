"""Contract lines as people read them: what is paid, what stands behind the rest, how late it is.

The money state follows from cleared allocations only, the cover state from instruments: covered
is never paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from tahsil.core.book import cover, statements
from tahsil.core.book.categories import CATEGORIES
from tahsil.core.grammar.columns import column
from tahsil.core.grammar.dates import as_days
from tahsil.queries.ledger import Ledger, Row
from tahsil.store.fetch import NONE_ID

MONEY_STATES = (
    "paid", "part_paid", "overdue", "due_today", "not_due", "undated", "cancelled",
)  # fmt: skip
COVER_STATES = cover.COVERS


@dataclass(frozen=True)
class LineRow:
    """One obligation as of the date.

    `amount_minor` is after adjustments. `money` is one of MONEY_STATES: `part_paid` is late or
    due and paid in part. `cover` is one of COVER_STATES, for what is open; `covered_minor` is how
    much of the open amount a live instrument stands behind, `instrument` its bank and number.
    """

    obligation_id: int
    contract_id: int | None
    seq: int
    category: str
    label: str
    reference: str
    due_on: date | None
    due_event: str  # what it waits for, if it has no due date
    raised_on: date
    amount_minor: int
    original_minor: int
    paid_minor: int
    open_minor: int
    disputed_minor: int
    paid_on: date | None
    dpd: int
    money: str
    cover: str
    covered_minor: int
    instrument: str
    receipt_numbers: tuple[str, ...]


@dataclass(frozen=True)
class ContractPartyRow:
    """A party's part in a contract."""

    party_id: int
    name: str
    role: str
    share_ppm: int


@dataclass(frozen=True)
class ContractCard:
    """A contract with its lines by due date; paid share counts cleared money on the price."""

    id: int
    number: str
    project: str
    unit: str
    unit_label: str
    product: str
    status: str
    signed_on: date | None
    ends_on: date | None
    price_minor: int
    paid_minor: int
    open_minor: int
    overdue_minor: int
    covered_minor: int
    paid_ppm: int
    waterfall: str
    penalty: str
    parties: tuple[ContractPartyRow, ...]
    lines: tuple[LineRow, ...]
    schedule_version: int


def cover_of(paper: Row, as_of: date) -> str:
    """Where the instrument stands as cover on the date, one of COVER_STATES."""
    will_bounce = paper["bounced_on"] is not None and paper["bounced_on"] > as_of
    stands = cover.cover_of(paper["state"], paper["kind"], will_bounce=will_bounce)
    return COVER_STATES[stands]


class _Cover(NamedTuple):
    """What stands behind one line."""

    minor: int
    state: str
    instrument: str


def rows(ledger: Ledger) -> list[LineRow]:
    """Every line of the account by due date, with its money state and what covers it."""
    covers = covered(ledger)
    numbers = {row["id"]: row["number"] for row in ledger.receipts}
    return [_row(ledger, line, covers[line.obligation_id], numbers) for line in ledger.lines]


def _row(
    ledger: Ledger, line: statements.LineRow, behind: _Cover, numbers: dict[int, str]
) -> LineRow:
    row = ledger.by_id[line.obligation_id]
    late = (ledger.as_of - line.due_on).days if line.due_on and line.open_minor > 0 else 0
    return LineRow(
        obligation_id=line.obligation_id,
        contract_id=row["contract_id"],
        seq=row["seq"] or line.seq,
        category=line.category,
        label=row["label"],
        reference=row["reference"],
        due_on=line.due_on,
        due_event=row["due_event"],
        raised_on=row["raised_on"],
        amount_minor=line.amount_minor,
        original_minor=row["amount_minor"],
        paid_minor=line.paid_minor,
        open_minor=line.open_minor,
        disputed_minor=min(ledger.disputed.get(line.obligation_id, 0), max(line.open_minor, 0)),
        paid_on=line.paid_on,
        dpd=max(late, 0),
        money=money_state(line, as_of=ledger.as_of),
        cover=behind.state,
        covered_minor=behind.minor,
        instrument=behind.instrument,
        receipt_numbers=tuple(numbers[each] for each in line.receipt_ids if each in numbers),
    )


def money_state(line: statements.LineRow, *, as_of: date) -> str:
    """What cleared money makes of the line; a part paid one that is not due yet is not due."""
    if line.amount_minor <= 0:
        return "cancelled"
    if line.open_minor <= 0:
        return "paid"
    if line.due_on is None:
        return "undated"
    if line.due_on > as_of:
        return "not_due"
    if line.paid_minor > 0:
        return "part_paid"
    return "due_today" if line.due_on == as_of else "overdue"


def covered(ledger: Ledger) -> dict[int, _Cover]:
    """Per open line what stands behind it, by the rule the arrears are covered by."""
    size, papers = len(ledger.lines), ledger.papers
    contracts = [ledger.by_id[line.obligation_id]["contract_id"] for line in ledger.lines]
    found = cover.of_lines(
        cover.Lines(
            np.zeros(size, dtype=np.int64),
            column("contract_id", [contract or NONE_ID for contract in contracts]),
            as_days([line.due_on for line in ledger.lines]),
            column("open_minor", [line.open_minor for line in ledger.lines]),
            column("id", [line.obligation_id for line in ledger.lines]),
        ),
        cover.Papers(
            np.zeros(len(papers), dtype=np.int64),
            column("contract_id", [each["contract_id"] or NONE_ID for each in papers]),
            as_days([each["matures_on"] for each in papers]),
            cover.less_paid(
                column("id", [each["id"] for each in papers]),
                column("id", [each["line_id"] or NONE_ID for each in papers]),
                column("id", [each["part_minor"] or each["amount_minor"] for each in papers]),
                column("id", [each["paid_minor"] for each in papers]),
            ),
            column("id", [each["line_id"] or NONE_ID for each in papers]),
            column("id", [COVER_STATES.index(cover_of(each, ledger.as_of)) for each in papers]),
        ),
    )
    names = [" ".join(filter(None, (each["bank"], each["number"]))) for each in papers]
    return {
        line.obligation_id: _Cover(minor, COVER_STATES[state], names[paper] if paper >= 0 else "")
        for line, state, paper, minor in zip(
            ledger.lines, *(each.tolist() for each in found), strict=True
        )
    }


_COUNTED = {category.code for category in CATEGORIES if category.counts_toward_paid}
_PENALISED = {category.code for category in CATEGORIES if category.penalty_applies}


def counts_toward_paid(category: str) -> bool:
    """Whether the category is part of the price, so that paying it counts as paid share."""
    return category in _COUNTED


def is_penalised(category: str) -> bool:
    """Whether penalties accrue on lines of the category."""
    return category in _PENALISED
