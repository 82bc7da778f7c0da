"""What really happened: money that was sent, cheques and what the bank did with them.

Plain values and no product code: a payment is one, however often the desk hears of it. What the
book says is compared with this after every step.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

# From which states a paper may be moved, and where it is then: written from the trade's table
# (T1 to T26), not from the product's.
PAPER_MOVES: dict[str, tuple[tuple[str, ...], str]] = {
    "verify": (("provisional",), "in_safe"),
    "deposit": (("in_safe", "bank_custody"), "under_collection"),
    "represent": (("bounced", "partially_paid"), "under_collection"),
    "lodge": (("in_safe",), "bank_custody"),
    "clear": (("under_collection",), "cleared"),
    "pay_in_part": (("under_collection",), "partially_paid"),
    "bounce": (("under_collection",), "bounced"),
    "bounce_late": (("cleared",), "bounced"),
    "take_back_clearing": (("cleared",), "under_collection"),
    "hold": (("in_safe", "bank_custody"), "held"),
    "resume": (("held",), "in_safe"),
    "replace": (("in_safe", "held", "stale", "bounced", "partially_paid"), "replaced"),
    "settle": (("bounced", "partially_paid"), "settled_otherwise"),
    "hand_back": (("replaced", "settled_otherwise", "in_safe"), "returned_to_customer"),
}


@dataclass(eq=False)
class Payment:
    """Money one customer really sent, and what the desk knows of it."""

    key: int
    shares: dict[int, int]  # by account what it is for
    on: date
    how: str  # transfer, cash, cheque
    said: str  # what the bank writes of it
    paper: Paper | None = None
    by_hand: int | None = None  # the receipt somebody recorded
    line: int | None = None  # the bank line that shows it
    is_matched: bool = False  # that line is explained as this money
    batch: int | None = None  # the import that brought its receipt
    is_taken_back: bool = False

    @property
    def minor(self) -> int:
        """Its amount."""
        return sum(self.shares.values())

    @property
    def reference(self) -> str:
        """What the bank knows it by."""
        return f"PAY{self.key:05d}"

    @property
    def is_known(self) -> bool:
        """Whether the book should hold it, once."""
        return self.by_hand is not None or self.is_matched


@dataclass(eq=False)
class Paper:
    """A cheque as it lies there."""

    id: int
    number: str
    account: int
    minor: int
    state: str
    payments: list[Payment] = field(default_factory=list)
    answer: str = ""  # what the bank did with it, while the desk has not heard
    answer_minor: int = 0
    line: int | None = None  # the bank line that tells the answer
    clearing: Payment | None = None  # the money of its last try

    @property
    def paid(self) -> int:
        """What the desk knows the bank to have paid of it."""
        return sum(each.minor for each in self.payments if each.is_known)

    @property
    def left(self) -> int:
        """What the bank has not paid of it."""
        return self.minor - self.paid

    def may(self, verb: str) -> bool:
        """Whether the trade allows the move from where the paper is."""
        return self.state in PAPER_MOVES[verb][0]

    def moved(self, verb: str) -> None:
        """The move was made."""
        assert self.may(verb), f"{verb} of a cheque that is {self.state} was not refused"
        self.state = PAPER_MOVES[verb][1]


@dataclass
class Truth:
    """Everything that happened so far."""

    payments: list[Payment] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    lines: dict[int, Payment | Paper | str] = field(default_factory=dict)  # what a line is of
    explained: set[int] = field(default_factory=set)  # lines that somebody or something explained
    numbers: int = 0

    def next(self) -> int:
        """The next number of anything."""
        self.numbers += 1
        return self.numbers

    def received(self) -> dict[int, int]:
        """By account the money the book should hold: each payment it knows of, once."""
        found: dict[int, int] = defaultdict(int)
        for each in self.payments:
            if each.is_known:
                for account, minor in each.shares.items():
                    found[account] += minor
        return dict(found)

    def unseen(self) -> list[Payment]:
        """Payments the bank has not shown on a statement yet."""
        return [each for each in self.payments if each.line is None and each.how != "cash"]
