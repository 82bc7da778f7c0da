"""Cover: which instrument stands behind which line. Covered is never paid.

A live paper covers the lines it names. One that names none covers open, dated lines of its
contract, one of no contract those of its account: first the line due nearest its maturity (of two
equally near the older), with what is left the next nearest. Of two papers at one line the one
that matures first covers it first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tahsil.core.grammar.columns import Columns

COVERS = ("none", "safe", "bank", "float", "bounced", "held")
NONE, SAFE, BANK, FLOAT, BOUNCED, HELD = range(len(COVERS))
LIVE = (SAFE, BANK, FLOAT)
COMFORT = "security_cheque"  # held as comfort, never presented: it covers nothing
OF_STATE = {
    "provisional": SAFE, "in_safe": SAFE, "in_transit": BANK, "bank_custody": BANK,
    "discounted": BANK, "pledged": BANK, "under_collection": FLOAT, "held": HELD,
    "bounced": BOUNCED, "partially_paid": BOUNCED, "with_legal": BOUNCED, "in_court": BOUNCED,
}  # fmt: skip
_SPAN = 4_000_000  # more days than any calendar here holds
_EARLIEST = -719_163  # the day before the calendar's first


@dataclass(frozen=True)
class Lines(Columns):
    """What may be covered: open amounts by due date; contract_id is negative for none."""

    account_id: np.ndarray
    contract_id: np.ndarray
    due_on: np.ndarray
    open_minor: np.ndarray
    line_id: np.ndarray


@dataclass(frozen=True)
class Papers(Columns):
    """Instruments, or the part of one that names a line; `cover` is of COVERS.

    A negative line_id covers lines of the contract, a negative contract_id those of the account.
    """

    account_id: np.ndarray
    contract_id: np.ndarray
    matures_on: np.ndarray
    amount_minor: np.ndarray
    line_id: np.ndarray
    cover: np.ndarray


@dataclass(frozen=True)
class Behind(Columns):
    """Which paper (its place) stands behind which line (its place), and with how much of it."""

    paper: np.ndarray
    line: np.ndarray
    amount_minor: np.ndarray


def cover_of(state: str, kind: str, *, will_bounce: bool = False) -> int:
    """Where a paper in that state stands as cover; one that bounces only later is at the bank."""
    if kind == COMFORT:
        return NONE
    return FLOAT if will_bounce else OF_STATE.get(state, NONE)


def less_paid(
    paper_id: np.ndarray, line_id: np.ndarray, amount_minor: np.ndarray, paid_minor: np.ndarray
) -> np.ndarray:
    """What each part of a paper is still for, once so much of its paper has been paid.

    A payment uses the parts up in the order of their lines, as clearing pays them.
    """
    order = np.lexsort((line_id, paper_id))
    paper, asked = paper_id[order], amount_minor[order]
    running = asked.cumsum() - asked
    starts = np.flatnonzero(np.diff(paper, prepend=-1))
    ahead = running - np.repeat(running[starts], np.diff(starts, append=len(paper)))
    left = np.empty_like(amount_minor)
    left[order] = asked - np.clip(paid_minor[order] - ahead, 0, asked)
    return left


def is_live(cover: np.ndarray) -> np.ndarray:
    """Whether a paper that stands so covers amounts."""
    return np.isin(cover, LIVE)


def covered_minor(lines: Lines, papers: Papers) -> np.ndarray:
    """Per line how much of what is open a live paper stands behind."""
    covered = np.zeros(len(lines), dtype=np.int64)
    behind = put_behind(lines, papers.take(is_live(papers.cover)))
    np.add.at(covered, behind.line, behind.amount_minor)
    return covered


def of_lines(lines: Lines, papers: Papers) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per line its cover, the place of the paper it is due to (or -1), and how much is covered.

    Where no live paper stands, a bounced or held one that stood there says what became of it.
    """
    stands, why = np.full(len(lines), NONE), np.full(len(lines), -1)
    live = np.flatnonzero(is_live(papers.cover))
    lost = np.flatnonzero((papers.cover == BOUNCED) | (papers.cover == HELD))
    # A lost paper takes no room from the others: each is asked alone where it stood.
    for places in (live, *lost[np.argsort(papers.matures_on[lost], kind="stable"), None]):
        behind = put_behind(lines, papers.take(places))
        line, first = np.unique(behind.line, return_index=True)
        paper = places[behind.paper[first]]
        is_new = why[line] < 0
        why[line[is_new]] = paper[is_new]
        stands[line[is_new]] = papers.cover[paper[is_new]]
    return stands, why, covered_minor(lines, papers)


def put_behind(lines: Lines, papers: Papers) -> Behind:
    """Each paper set behind the lines it covers: those that name one first, a contract's next."""
    room = np.where(np.isnat(lines.due_on), 0, np.maximum(lines.open_minor, 0))
    found = [np.zeros((3, 0), dtype=np.int64)]
    # What has no maturity sorts last: it takes the lines the dated ones leave.
    order = np.argsort(papers.matures_on, kind="stable")
    is_named = papers.line_id[order] >= 0
    is_bound = ~is_named & (papers.contract_id[order] >= 0)
    for key, mine in (
        ("line_id", order[is_named]),
        ("contract_id", order[is_bound]),
        ("account_id", order[~is_named & ~is_bound]),
    ):
        for paper, line, part in _rounds(key, lines, papers.take(mine), room):
            found.append(np.stack([mine[paper], line, part]))
    return Behind(*np.concatenate(found, axis=1))


def _rounds(
    key: str, lines: Lines, papers: Papers, room: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Round by round (papers, lines, parts) until nothing is left or no line has room.

    In a round every paper with something left goes to its nearest line with room, so each round
    fills lines or spends papers. `room` is what the lines still have, and is taken from.
    """
    line_key, paper_key = getattr(lines, key), getattr(papers, key)
    left = papers.amount_minor.copy()
    order = np.flatnonzero(np.isin(line_key, paper_key)) if len(papers) else np.zeros(0, np.int64)
    order = order[np.lexsort((lines.due_on[order], line_key[order]))]
    while True:
        order = order[room[order] > 0]
        paper = np.flatnonzero((left > 0) & np.isin(paper_key, line_key[order]))
        if not len(paper):
            return
        near = _nearest(
            line_key[order], lines.due_on[order], paper_key[paper], papers.matures_on[paper]
        )
        line = order[near]
        part = _shared(line, left[paper], room)
        left[paper] -= part
        np.subtract.at(room, line, part)
        yield paper[part > 0], line[part > 0], part[part > 0]


def _nearest(
    line_key: np.ndarray, due_on: np.ndarray, paper_key: np.ndarray, matures_on: np.ndarray
) -> np.ndarray:
    """Per paper the place of the line of its key due nearest; lines sorted by key and due date."""
    keys = np.unique(line_key)
    group, wanted = np.searchsorted(keys, line_key), np.searchsorted(keys, paper_key)
    day = due_on.astype(np.int64)
    mature = np.where(np.isnat(matures_on), _EARLIEST, matures_on.astype(np.int64))
    # One number for key and day keeps both in order, so that one search serves all papers.
    known = group * _SPAN + day
    after = np.searchsorted(known, wanted * _SPAN + mature)
    before = np.searchsorted(known, known[np.maximum(after - 1, 0)])  # the first due on that day
    after = np.minimum(after, len(known) - 1)
    gap = [np.where(group[at] == wanted, np.abs(day[at] - mature), _SPAN) for at in (before, after)]
    return np.where(gap[0] <= gap[1], before, after)


def _shared(line: np.ndarray, left: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Per paper what it covers of its line, earlier papers at the same line first."""
    order = np.argsort(line, kind="stable")
    at, asked = line[order], left[order]
    running = asked.cumsum() - asked
    starts = np.flatnonzero(np.diff(at, prepend=-1))
    ahead = running - np.repeat(running[starts], np.diff(starts, append=len(at)))
    part = np.empty_like(left)
    part[order] = np.clip(room[at] - ahead, 0, asked)
    return part
