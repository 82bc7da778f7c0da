"""Custody: where a paper may go from its state, and what a count of a place comes to.

A paper lies in one place. A hand-over carries it to another: inside the house only the place and
the keeper change, to the outside the hand-over is the evidence of a move of instruments.py. A
count compares what was found, without knowing, with what lay there at the instant it began.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from tahsil.core.grammar import money
from tahsil.core.grammar.names import fold
from tahsil.core.grammar.refusal import Refused

KINDS = ("ours", "courier", "bank", "legal", "court", "customer")

# In which states a paper may lie at a place of the kind without any move of the table.
RESTS: dict[str, tuple[str, ...]] = {
    "ours": (
        "provisional", "in_safe", "held", "bounced", "partially_paid", "stale", "replaced",
        "settled_otherwise",
    ),
    "courier": ("in_transit",),
    "bank": (
        "bank_custody", "under_collection", "discounted", "pledged", "held",
        "withdrawal_requested",
    ),
    "legal": ("with_legal", "in_court"),
    "court": ("in_court",),
    "customer": (),
}  # fmt: skip
# The move a hand-over is the evidence of: by kind of place, from which state.
LEADS: dict[str, dict[str, str]] = {
    "ours": {"withdrawal_requested": "receive_back"},
    "courier": {"in_safe": "dispatch"},
    "bank": {"in_safe": "lodge", "in_transit": "lodge"},
    "legal": {"bounced": "refer", "partially_paid": "refer"},
    "court": {"with_legal": "file"},
    "customer": {"replaced": "hand_back", "settled_otherwise": "hand_back", "in_safe": "hand_back"},
}
# Papers that are with nobody we could ask: paid, given back, endorsed, gone.
GONE = ("draft", "cleared", "returned_to_customer", "endorsed", "cancelled", "lost")
WHERE = {
    "provisional": "reception", "in_transit": "courier", "bank_custody": "bank",
    "under_collection": "bank", "withdrawal_requested": "bank", "discounted": "bank",
    "pledged": "bank", "with_legal": "legal", "in_court": "court",
}  # fmt: skip


def place_of(state: str, place: str) -> str:
    """The one place a paper lies at: the recorded one, else that of its state; none once gone."""
    if state in GONE:
        return ""
    return place.strip() or WHERE.get(state, "safe")


def blank_states(place: str) -> list[str]:
    """The states in which a paper without a recorded place lies at this one."""
    if place == "safe":
        return [state for state in RESTS["ours"] if state not in WHERE]
    return [state for state, default in WHERE.items() if default == place]


def step(number: str, state: str, kind: str) -> str:
    """The move that handing this paper over to such a place is; empty where only the place changes.

    Refused where the paper's state does not let it go there.
    """
    if state in LEADS[kind]:
        return LEADS[kind][state]
    if state in RESTS[kind]:
        return ""
    raise Refused(
        "custody.not_there",
        "{number} is {state}, so it cannot be handed over to {kind}. It can go there while it is "
        "{possible}.",
        number=number,
        state=state,
        kind=kind,
        possible=[*LEADS[kind], *RESTS[kind]],
    )


# --- counting -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper the register knows. `is_here`: it lies at the counted place now.

    `has_moved`: somebody moved it since the count began.
    """

    key: int
    number: str
    amount_minor: int
    currency: str
    is_here: bool = True
    has_moved: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What the counter found: a number, and the amount on the paper if it was entered."""

    number: str
    amount: str = ""
    key: int | None = None  # a line ticked on the list, after the totals were given


@dataclass(frozen=True, slots=True)
class Result:
    """One line of a count's outcome; no key where the register knows no such paper.

    matched; missing: expected, not found; wrong_amount; elsewhere: recorded at another place;
    unknown: not in the register; twice: found more often than the register has it; came, left:
    moved in or out while the count went on.
    """

    number: str
    outcome: str
    key: int | None = None
    book_minor: int = 0
    found_minor: int | None = None
    currency: str = ""


VARIANCES = ("missing", "wrong_amount", "elsewhere", "unknown", "twice")
FOUND = ("matched", "wrong_amount", "elsewhere", "unknown", "twice", "came")
BOOKED = ("matched", "missing", "wrong_amount", "came")  # what should lie there when it is closed


def plain(number: str) -> str:
    """A cheque's number as two people would both write it: plain digits, no leading noughts."""
    text = "".join(fold(number).split())
    return text.lstrip("0") or text


def compare(
    expected: Iterable[Paper], entries: Iterable[Entry], others: Iterable[Paper]
) -> list[Result]:
    """Each expected paper and each entry in exactly one line; `others` are known elsewhere.

    Papers of one number go first to the entries whose amount fits, then to those without one.
    """
    waiting = _by_number(expected)
    known = _by_number(others)
    found: list[Result] = []
    for number, given in _grouped(entries).items():
        here = waiting.get(number, [])
        was_known = bool(here)
        left = _fitting(given, here, found)
        for entry in left:
            found.append(_beyond(entry, known.get(number, []), was_known=was_known))
    for papers in waiting.values():
        found += [_not_found(each) for each in papers]
    return found


def _fitting(given: list[Entry], here: list[Paper], found: list[Result]) -> list[Entry]:
    """Sets entries against expected papers, the surest first; the entries that are left over."""
    left = given
    for fits in (_is_ticked, _is_exact, _is_silent, _is_other):
        still = []
        for entry in left:
            paper = next((each for each in here if fits(entry, each)), None)
            if paper is None:
                still.append(entry)
            else:
                here.remove(paper)
                found.append(_against(entry, paper, "matched"))
        left = still
    return left


def _is_ticked(entry: Entry, paper: Paper) -> bool:
    return entry.key == paper.key


def _is_exact(entry: Entry, paper: Paper) -> bool:
    return entry.key is None and amount_of(entry.amount, paper.currency) == paper.amount_minor


def _is_silent(entry: Entry, paper: Paper) -> bool:
    return entry.key is None and not entry.amount


def _is_other(entry: Entry, paper: Paper) -> bool:
    return entry.key is None


def _against(entry: Entry, paper: Paper, outcome: str) -> Result:
    minor = amount_of(entry.amount, paper.currency) if entry.amount else paper.amount_minor
    if minor != paper.amount_minor:
        outcome = "wrong_amount"
    return Result(paper.number, outcome, paper.key, paper.amount_minor, minor, paper.currency)


def _beyond(entry: Entry, known: list[Paper], *, was_known: bool) -> Result:
    """An entry that no expected paper is left for."""
    if known:
        exact = (each for each in known if _is_exact(entry, each))
        paper = next(exact, known[0])
        known.remove(paper)
        made = _against(entry, paper, "came" if paper.is_here else "elsewhere")
        # Away from its place a wrong amount is the lesser news.
        return made if paper.is_here else replace(made, outcome="elsewhere")
    return Result(entry.number.strip(), "twice" if was_known else "unknown")


def _not_found(paper: Paper) -> Result:
    outcome = "left" if paper.has_moved or not paper.is_here else "missing"
    return Result(
        paper.number, outcome, paper.key, paper.amount_minor, None, paper.currency
    )  # fmt: skip


def amount_of(text: str, currency: str) -> int | None:
    """The amount as typed, in minor units; none where it cannot be one of this currency."""
    try:
        return money.parse(fold(text).replace(" ", ""), currency) if text else None
    except Refused:
        return None


def _by_number(papers: Iterable[Paper]) -> dict[str, list[Paper]]:
    made: dict[str, list[Paper]] = defaultdict(list)
    for each in papers:
        made[plain(each.number)].append(each)
    return made


def _grouped(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    made: dict[str, list[Entry]] = defaultdict(list)
    for each in entries:
        made[plain(each.number)].append(each)
    return made


@dataclass(frozen=True, slots=True)
class CountSum:
    """One currency of a count: what should have lain there, and what did."""

    currency: str
    book_count: int
    book_minor: int
    found_count: int
    found_minor: int

    @property
    def difference_count(self) -> int:
        """Papers too many (above nothing) or too few."""
        return self.found_count - self.book_count

    @property
    def difference_minor(self) -> int:
        """Amount too much (above nothing) or too little."""
        return self.found_minor - self.book_minor


def sums(results: Iterable[Result]) -> list[CountSum]:
    """Book and found per currency; a paper the register does not know has none, so no sum."""
    made: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for each in results:
        if not each.currency:
            continue
        row = made[each.currency]
        if each.outcome in BOOKED:
            row[0] += 1
            row[1] += each.book_minor
        if each.outcome in FOUND:
            row[2] += 1
            row[3] += each.book_minor if each.found_minor is None else each.found_minor
    return [CountSum(currency, *made[currency]) for currency in sorted(made)]


def check_signers(signers: Collection[int], custodians: Collection[int], wanted: int) -> bool:
    """Whether the count is signed by as many as wanted; refused where all of them are custodians.

    Those who hold the papers do not vouch for them among themselves.
    """
    if len(signers) < wanted:
        return False
    if not set(signers) - set(custodians):
        raise Refused(
            "count.custodians",
            "Everybody who signed holds these papers. Somebody else must sign, too.",
        )
    return True
