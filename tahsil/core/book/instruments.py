"""Instruments: cheques and other papers, and every move people and banks can make with them.

The moves are the table T1 to T26 of the trade (states, evidence, who does it, what the ledger
is told). Who must agree to a move, and up to which amount, is policy, not this table. What a
paper covers is cover.py; when it goes to the bank is presenting.py.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tahsil.core.grammar.lifecycle import Lifecycle
from tahsil.core.grammar.refusal import Refused

KINDS = (
    "cheque", "promissory_note", "bill", "trust_receipt", "mandate", "guarantee", "security_cheque",
)  # fmt: skip
OWNERS = ("own", "discounted", "pledged", "securitised")

# Where the paper may lie in our hands or our bank's: it can be lost from there.
PHYSICAL = (
    "provisional", "in_safe", "in_transit", "bank_custody", "under_collection", "held",
    "withdrawal_requested", "bounced", "partially_paid", "with_legal",
)  # fmt: skip
UNPAID = ("bounced", "partially_paid")  # came back from the bank, in whole or in part


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: what is done, from which states to which, on what evidence.

    `entry` is the event of the ledger export (E2 to E14) that follows, if any.
    """

    code: str
    verb: str
    before: tuple[str, ...]
    after: str
    evidence: tuple[str, ...] = ()
    entry: str = ""


MOVES: tuple[Move, ...] = (
    Move("T1", "capture", ("draft",), "provisional", ("temporary_receipt",)),
    Move("T2", "verify", ("provisional",), "in_safe", ("checklist",), "E2"),
    Move("T3", "reject", ("provisional",), "cancelled", ("defect", "document")),
    Move("T4", "dispatch", ("in_safe",), "in_transit", ("hand_over",)),
    Move("T5", "lodge", ("in_safe", "in_transit"), "bank_custody", ("document",), "E3"),
    Move(
        "T6", "deposit", ("in_safe", "in_transit", "bank_custody"), "under_collection",
        ("slip",), "E4",
    ),
    Move("T7", "clear", ("under_collection", "discounted"), "cleared", ("bank_line",), "E5"),
    Move("T8", "bounce", ("under_collection",), "bounced", ("reason", "memo"), "E6"),
    Move(
        "T9", "pay_in_part", ("under_collection",), "partially_paid",
        ("certificate", "amount_minor"), "E10",
    ),
    Move("T10", "bounce_late", ("cleared",), "bounced", ("reason", "memo"), "E5-"),
    Move("T10", "take_back_clearing", ("cleared",), "under_collection", ("document",), "E5-"),
    Move("T11", "represent", UNPAID, "under_collection", ("slip",), "E7"),
    Move("T12", "hold", ("in_safe", "bank_custody"), "held", ("reason", "until_on")),
    Move("T13", "resume", ("held",), "in_safe"),
    Move(
        "T14", "recall", ("bank_custody", "under_collection"), "withdrawal_requested",
        ("document",),
    ),
    Move("T14", "receive_back", ("withdrawal_requested",), "in_safe", ("document",), "E3-"),
    Move("T15", "replace", ("in_safe", "held", "stale", *UNPAID), "replaced", ("cover",), "E8"),
    Move(
        "T16", "hand_back", ("replaced", "settled_otherwise", "in_safe"), "returned_to_customer",
        ("document",), "E12",
    ),
    Move("T17", "settle", UNPAID, "settled_otherwise", ("receipts",), "E9"),
    Move("T18", "refer", UNPAID, "with_legal", ("memo", "document")),
    Move("T19", "file", ("with_legal",), "in_court", ("case_number",), "E13"),
    Move("T20", "settle_case", ("with_legal", "in_court"), "settled_otherwise", ("document",)),
    Move("T20", "withdraw_case", ("with_legal", "in_court"), "in_safe", ("document",)),
    Move("T21", "discount", ("in_safe",), "discounted", ("facility", "document"), "E11"),
    Move("T21", "pledge", ("in_safe",), "pledged", ("facility", "document"), "E11"),
    Move("T21", "release", ("pledged",), "in_safe", ("document",)),
    Move("T22", "bounce_discounted", ("discounted",), "bounced", ("reason", "memo"), "E11b"),
    Move("T23", "endorse", ("in_safe",), "endorsed", ("document",), "E14"),
    Move("T24", "lapse", ("in_safe", "bounced"), "stale"),
    Move("T25", "lose", PHYSICAL, "lost", ("police_report",)),
    Move("T26", "find", ("lost",), "in_safe", ("document",)),
    Move("T26", "substitute", ("lost",), "replaced", ("cover",), "E8"),
)  # fmt: skip
BY_VERB = {move.verb: move for move in MOVES}

INSTRUMENT = Lifecycle(
    "instrument",
    start="draft",
    moves={move.verb: dict.fromkeys(move.before, move.after) for move in MOVES},
)


@dataclass(frozen=True, slots=True)
class Paper:
    """What the rules ask about one instrument."""

    number: str
    state: str
    kind: str = "cheque"
    owner: str = "own"
    amount_minor: int = 0
    allocated_minor: int = 0
    held_in_bank: bool = False  # while held: the paper lies with the bank


def moved(paper: Paper, verb: str, evidence: Collection[str], *, has_consent: bool = False) -> str:
    """The state after the verb; refused if the table, the evidence or the owner stands against it.

    A discounted, pledged or securitised paper is not ours alone: hold, recall and replace need
    the owner's consent. A held paper resumes where it lay.
    """
    after = INSTRUMENT.step(paper.state, verb)
    if verb in ("hold", "recall", "replace") and paper.owner != "own" and not has_consent:
        raise Refused(
            "instrument.owner",
            "{number} is {owner}, so it cannot {verb} without the owner's consent. "
            "Record the consent with it.",
            number=paper.number,
            owner=paper.owner,
            verb=verb,
        )
    missing = [name for name in BY_VERB[verb].evidence if name not in evidence]
    if missing:
        raise Refused(
            "instrument.evidence",
            "To {verb} {number}, {missing} must be named.",
            verb=verb,
            number=paper.number,
            missing=missing,
        )
    if verb == "verify":
        check_whole(paper)
    return "bank_custody" if verb == "resume" and paper.held_in_bank else after


def check_whole(paper: Paper) -> None:
    """Refuses a paper whose covered lines do not come to its amount."""
    if paper.allocated_minor != paper.amount_minor:
        raise Refused(
            "instrument.lines",
            "{number} is for {amount_minor}, the lines it covers come to {allocated_minor}. "
            "Name lines for the whole amount.",
            number=paper.number,
            amount_minor=paper.amount_minor,
            allocated_minor=paper.allocated_minor,
        )


def check_cover(
    open_minor: int, new_cover: Collection[tuple[str, str, int]], *, number: str, currency: str
) -> None:
    """Refuses to let a paper go before what takes its place is in.

    `new_cover` holds (number, state, amount) of papers in the safe or at the bank: how much each
    is for of what the old one leaves open.
    """
    waiting = [number for number, state, _ in new_cover if state not in COVERING]
    if waiting:
        raise Refused(
            "instrument.not_in",
            "{numbers} must be in the safe or cleared before the old paper is let go.",
            numbers=waiting,
        )
    covered = sum(amount for _, _, amount in new_cover)
    if covered < open_minor:
        raise Refused(
            "instrument.uncovered",
            "{open_minor} of what {number} is for is open, and what comes instead is for "
            "{covered_minor} of it. Take in the new paper for its lines.",
            number=number,
            open_minor=open_minor,
            covered_minor=covered,
            currency=currency,
        )


COVERING = ("in_safe", "in_transit", "bank_custody", "under_collection", "cleared")


def possible(state: str) -> list[dict[str, Any]]:
    """What can be done from here: verb, state after and evidence wanted, in the table's order."""
    return [
        {"verb": move.verb, "after": move.after, "evidence": list(move.evidence)}
        for move in MOVES
        if state in move.before
    ]
