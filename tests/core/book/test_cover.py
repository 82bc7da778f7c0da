"""Cover: papers stand behind the lines due nearest their maturity; one rule for page and night."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tahsil.core.book import cover
from tahsil.core.grammar.dates import as_days
from tests.core.book.books import DAY0
from tests.tables import table

# Lines and papers as contract/day/amount (and state, and the line it names from 0); "-" is no day,
# contract 0 is of no contract.
CASES = """
lines                  papers                                  covered    cover           why
1/10/100               1/10/100/in_safe                        100        safe            a cheque for its own line
1/10/100 1/40/100      1/40/100/in_safe                        0,100      none,safe       the late line has no cheque of its own
1/10/100 1/40/100      1/40/250/in_safe                        100,100    safe,safe       what is left goes to the next nearest
1/10/100 1/40/100      1/38/100/in_safe 1/41/60/bank_custody   60,100     bank,safe       the paper that matures first covers first
1/10/100 2/10/100      2/10/300/in_safe                        0,100      none,safe       a paper of one contract covers no other
1/10/100 2/10/100      0/10/150/in_safe                        100,50     safe,safe       one of no contract covers any
1/10/100 1/30/100      1/20/100/in_safe                        100,0      safe,none       of two equally near the older
1/10/100 1/30/100      1/-/150/in_safe                         100,50     safe,safe       without a maturity the oldest first
1/10/100               1/-/100/in_safe 1/90/60/bank_custody    100        bank            a dated one goes before it
1/10/100 1/-/100       1/10/200/in_safe                        100,0      safe,none       what waits for an event is not covered
1/10/100               1/25/100/in_safe                        100        safe            a replacement dated later stands behind the late line
1/10/100               1/10/100/bounced                        0          bounced         what became of it
1/10/100 1/40/100      1/10/100/bounced 1/10/100/in_safe       100,0      safe,none       replaced; the next line is not touched
1/10/100 1/40/100      1/10/100/bounced 1/12/100/in_court      0,0        bounced,none    two lost papers of one line
1/10/100               1/10/100/held                           0          held            held by agreement
1/10/100               1/10/100/cleared                        0          none            paid, so no cover
1/10/100 1/40/100      1/10/100/in_safe/1                      0,100      none,safe       one that names a line covers it, near or far
1/10/100 1/40/100      1/40/100/in_safe/1 1/40/60/in_safe      60,100     safe,safe       and takes it from one that names none
1/10/60 1/40/100       1/10/100/in_safe/0                      60,0       safe,none       what it has over covers no other line
1/10/0 1/40/100        1/10/100/in_safe                        0,100      none,safe       a paid line leaves its paper to the next
"""  # noqa: E501


def lines_of(text: str) -> cover.Lines:
    rows = [each.split("/") for each in text.split()]
    return cover.Lines(*_columns(rows), line_id=np.arange(len(rows)))


def papers_of(text: str, kind: str = "cheque") -> cover.Papers:
    rows = [each.split("/") for each in text.split()]
    states = [cover.cover_of(row[3], kind) for row in rows]
    named = [int(row[4]) if len(row) > 4 else -1 for row in rows]
    return cover.Papers(
        *_columns(rows),
        line_id=np.asarray(named, dtype=np.int64),
        cover=np.asarray(states, dtype=np.int64),
    )


def _columns(rows):
    return (
        np.ones(len(rows), dtype=np.int64),
        np.asarray([int(row[0]) or -1 for row in rows], dtype=np.int64),
        as_days([None if row[1] == "-" else DAY0 + timedelta(int(row[1])) for row in rows]),
        np.asarray([int(row[2]) for row in rows], dtype=np.int64),
    )


@pytest.mark.parametrize("case", table(CASES), ids=lambda case: case["why"])
def test_what_stands_behind_each_line(case):
    stands, _, covered = cover.of_lines(lines_of(case["lines"]), papers_of(case["papers"]))
    assert ",".join(map(str, covered)) == case["covered"]
    assert ",".join(cover.COVERS[each] for each in stands) == case["cover"]


def test_a_security_cheque_covers_nothing_and_one_that_will_bounce_is_at_the_bank():
    assert cover.cover_of("in_safe", cover.COMFORT) == cover.NONE
    assert cover.cover_of("bounced", "cheque", will_bounce=True) == cover.FLOAT


def by_hand(lines: list[tuple], papers: list[tuple]) -> list[int]:
    """The rule said in loops: (account, contract, day, amount), papers sorted by maturity."""
    room, left = [line[3] for line in lines], [paper[3] for paper in papers]
    for is_bound in (True, False):
        mine = [at for at, paper in enumerate(papers) if (paper[1] >= 0) == is_bound]
        key = 1 if is_bound else 0
        while True:
            wanted: dict[int, list[int]] = {}
            for at in mine:
                near = [
                    (abs(line[2] - papers[at][2]), line[2], place)
                    for place, line in enumerate(lines)
                    if room[place] > 0 and line[key] == papers[at][key]
                ]
                if left[at] > 0 and near:
                    wanted.setdefault(min(near)[2], []).append(at)
            if not wanted:
                break
            for place, asking in wanted.items():
                for at in asking:
                    part = min(left[at], room[place])
                    left[at], room[place] = left[at] - part, room[place] - part
    return [line[3] - rest for line, rest in zip(lines, room, strict=True)]


ROW = st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(0, 60), st.integers(1, 200))
PAPER_OF_ACCOUNT = ROW.map(lambda row: (row[0], -1, *row[2:]))


@given(
    st.lists(ROW, max_size=8),
    st.lists(ROW | PAPER_OF_ACCOUNT, max_size=6),
)
def test_columns_say_what_the_loops_say(lines, papers):
    # A contract belongs to one account.
    lines = sorted((account, account * 10 + number, *rest) for account, number, *rest in lines)
    papers = sorted(
        (
            (account, account * 10 + number if number > 0 else -1, *rest)
            for account, number, *rest in papers
        ),
        key=lambda paper: paper[2],
    )
    found = cover.covered_minor(
        cover.Lines(*_given(lines), line_id=np.arange(len(lines))),
        cover.Papers(
            *_given(papers),
            line_id=np.full(len(papers), -1),
            cover=np.full(len(papers), cover.SAFE),
        ),
    )
    assert found.tolist() == by_hand(lines, papers)


def _given(rows):
    account, contract, day, amount = zip(*rows, strict=True) if rows else ((), (), (), ())
    days = np.datetime64(DAY0, "D") + np.asarray(day, dtype=np.int64)
    ids = (np.asarray(each, dtype=np.int64) for each in (account, contract))
    return (*ids, days.astype("datetime64[D]"), np.asarray(amount, dtype=np.int64))
