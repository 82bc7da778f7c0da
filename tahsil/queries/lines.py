"""Contract lines as people read them: what is paid, what stands behind the rest, how late it is.

The money state follows from cleared allocations only, the cover state from instruments: covered
is never paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tahsil.core.book import statements
from tahsil.core.book.categories import CATEGORIES
from tahsil.queries.ledger import Ledger
from tahsil.store import load

MONEY_STATES = (
    "paid", "part_paid", "overdue", "due_today", "not_due", "undated", "cancelled",
)  # fmt: skip
COVER_STATES = ("none", "safe", "bank", "float", "bounced", "held")
LIVE_COVERS = ("safe", "bank", "float")


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


STATE_COVERS = {
    "provisional": "safe", "in_safe": "safe", "in_transit": "bank", "bank_custody": "bank",
    "discounted": "bank", "pledged": "bank", "under_collection": "float", "held": "held",
    "bounced": "bounced", "with_legal": "bounced", "in_court": "bounced",
}  # fmt: skip


def cover_of(state: str, bounced_on: date | None, as_of: date) -> str:
    """Where an instrument in that state stands as cover; before it bounced it was with the bank."""
    if bounced_on is not None and bounced_on > as_of:
        return "float"
    return STATE_COVERS.get(state, "none")


@dataclass
class _Cover:
    """What stands behind one line."""

    minor: int = 0
    state: str = "none"
    instrument: str = ""


def rows(ledger: Ledger) -> list[LineRow]:
    """Every line of the account by due date, with its money state and what covers it."""
    covers = covered(ledger)
    numbers = {row["id"]: row["number"] for row in ledger.receipts}
    return [
        _row(ledger, line, covers.get(line.obligation_id, _Cover()), numbers)
        for line in ledger.lines
    ]


def _row(
    ledger: Ledger, line: statements.LineRow, cover: _Cover, numbers: dict[int, str]
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
        cover=cover.state,
        covered_minor=cover.minor,
        instrument=cover.instrument,
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
    """Per open line what stands behind it: each paper, by maturity, covers the nearest due dates.

    A paper of a contract covers that contract's lines only. Live ones cover amounts; where no
    live one does, a held or bounced one still says what became of the cover.
    """
    covers = {line.obligation_id: _Cover() for line in ledger.lines if line.open_minor > 0}
    lines = [line for line in ledger.lines if line.obligation_id in covers]
    papers = [(cover_of(each["state"], each["bounced_on"], ledger.as_of), each)
              for each in ledger.instruments if each["kind"] != load.COMFORT]  # fmt: skip
    for wanted in (LIVE_COVERS, ("held", "bounced")):
        for state, paper in papers:
            if state in wanted:
                _put_behind(ledger, paper, state, _nearest(ledger, lines, paper), covers)
    return covers


def _nearest(
    ledger: Ledger, lines: list[statements.LineRow], paper: dict[str, Any]
) -> list[statements.LineRow]:
    """The lines the paper may cover, nearest due date first, the older of two equally near."""
    contract_id, on = paper["contract_id"], paper["matures_on"]
    mine = [
        line
        for line in lines
        if contract_id is None or ledger.by_id[line.obligation_id]["contract_id"] == contract_id
    ]
    if on is None:
        return [line for line in mine if line.due_on]
    dated = [line for line in mine if line.due_on]

    def distance(line: statements.LineRow) -> tuple[int, date]:
        due_on = line.due_on or on
        return abs((due_on - on).days), due_on

    return sorted(dated, key=distance)


def _put_behind(
    ledger: Ledger,
    paper: dict[str, Any],
    state: str,
    lines: list[statements.LineRow],
    covers: dict[int, _Cover],
) -> None:
    left, name = paper["amount_minor"], " ".join(filter(None, (paper["bank"], paper["number"])))
    for line in lines:
        cover = covers[line.obligation_id]
        if left <= 0:
            return
        if state not in LIVE_COVERS:
            if cover.state == "none":
                cover.state, cover.instrument = state, name
            left -= line.open_minor
            continue
        part = min(left, line.open_minor - cover.minor)
        if part > 0:
            cover.minor += part
            cover.state, cover.instrument = state, cover.instrument or name
            left -= part


_COUNTED = {category.code for category in CATEGORIES if category.counts_toward_paid}
_PENALISED = {category.code for category in CATEGORIES if category.penalty_applies}


def counts_toward_paid(category: str) -> bool:
    """Whether the category is part of the price, so that paying it counts as paid share."""
    return category in _COUNTED


def is_penalised(category: str) -> bool:
    """Whether penalties accrue on lines of the category."""
    return category in _PENALISED
