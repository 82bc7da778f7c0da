"""Where papers may go, and what a count of a place comes to."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tahsil.core.book import custody
from tahsil.core.book.custody import Entry, Paper
from tahsil.core.book.instruments import BY_VERB, INSTRUMENT
from tahsil.core.grammar.refusal import Refused
from tests.tables import table


@pytest.mark.parametrize("case", table("""
    state                 kind      move          why
    in_safe               courier   dispatch      a courier takes it from the safe
    in_safe               ours      -             from the safe to a drawer nothing else changes
    held                  ours      -             a held paper may be moved about the house
    in_transit            bank      lodge         the courier brings it to the bank
    withdrawal_requested  ours      receive_back  the bank gives it back
    bounced               legal     refer         a returned paper goes to the lawyer
    with_legal            legal     -             from our lawyer to the one outside
    with_legal            court     file          to the court as evidence
    replaced              customer  hand_back     a replaced one goes back to its drawer
    bounced               courier   refused       a returned paper is not dispatched
    in_safe               court     refused       nor is a good one sued on
    cleared               ours      refused       a paid paper is the bank's
    lost                  ours      refused       what is lost cannot be given
    in_court              ours      refused       a case is withdrawn first
    """), ids=lambda case: case["why"])  # fmt: skip
def test_where_a_paper_may_go(case):
    try:
        found = custody.step("1", case["state"], case["kind"]) or "-"
    except Refused as refused:
        assert refused.code == "custody.not_there"
        found = "refused"
    assert found == case["move"]


def test_every_move_a_hand_over_leads_to_is_one_of_the_table():
    for kind, leads in custody.LEADS.items():
        assert kind in custody.KINDS
        for state, verb in leads.items():
            assert state in BY_VERB[verb].before


def test_every_state_has_one_place():
    for state in INSTRUMENT.states():
        assert bool(custody.place_of(state, "")) == (state not in custody.GONE), state
        homes = [place for place in ("safe", "reception", "courier", "bank", "legal", "court")
                 if state in custody.blank_states(place)]  # fmt: skip
        assert len(homes) == (state not in custody.GONE), state


def papers(text: str) -> list[Paper]:
    """7/500 is paper number 7 of 5.00; > it moved since; @ it lies elsewhere."""
    made = []
    for key, word in enumerate(text.replace("-", "").split(), 1):
        number, _, minor = word.rstrip(">@").partition("/")
        made.append(Paper(key, number, int(minor), "EGP", is_here="@" not in word,
                          has_moved=">" in word))  # fmt: skip
    return made


def entries(text: str) -> list[Entry]:
    """7 was scanned, 7/5.00 with its amount."""
    words = text.replace("-", "").split()
    return [Entry(word.partition("/")[0], word.partition("/")[2]) for word in words]


@pytest.mark.parametrize("case", table("""
    book           found            elsewhere   outcome                why
    7/500 8/900    7 8              -           matched matched        everything is there
    7/500 8/900    7                -           matched missing        one is not
    7/500          7 9              -           matched unknown        one more than the book knows
    7/500          7 9              9/100@      matched elsewhere      one said to be at the bank
    7/500          9                7/500@      missing unknown        its number alone says nothing
    7/500          7/6.00           -           wrong_amount           the amount on it is another
    7/500          7/6              -           wrong_amount           also when written short
    7/123400       7/1,234.00       -           matched                written with its comma
    000123/500     123              -           matched                leading noughts get lost
    123/500        000123           -           matched                or are added
    7/500          ٧                -           matched                digits of any script
    7/500 7/900    7 7              -           matched matched        two drawers share a number
    7/500 7/900    7                -           matched missing        one of the two is not there
    7/500 7/900    7/9.00           -           matched missing        the amount says which
    7/500          7 7              -           matched twice          scanned twice, or a copy
    7/500>         -                -           left                   it went away during the count
    7/500@         -                -           left                   the same, by its place
    7/500          7 9              9/100       matched came           one was brought in meanwhile
    -              -                -           -                      an empty drawer
    """), ids=lambda case: case["why"])  # fmt: skip
def test_what_a_count_comes_to(case):
    others = [Paper(each.key + 100, each.number, each.amount_minor, "EGP", is_here=each.is_here)
              for each in papers(case["elsewhere"])]  # fmt: skip
    found = custody.compare(papers(case["book"]), entries(case["found"]), others)
    wanted = case["outcome"].replace("-", "").split()
    assert sorted(each.outcome for each in found) == sorted(wanted)


def test_the_amount_says_which_of_two_papers_is_there():
    found = custody.compare(papers("7/500 7/900"), entries("7/9.00"), [])
    assert {each.key: each.outcome for each in found} == {1: "missing", 2: "matched"}


NUMBERS = st.lists(st.sampled_from(["1", "01", "2", "3", "44"]), max_size=8)


@given(book=NUMBERS, seen=NUMBERS, known=NUMBERS)
def test_every_paper_and_every_entry_stands_in_one_line(book, seen, known):
    expected = [Paper(key, number, 100 + key, "EGP") for key, number in enumerate(book)]
    others = [Paper(50 + key, number, 70, "EGP", is_here=False) for key, number in enumerate(known)]
    found = custody.compare(expected, [Entry(number) for number in seen], others)
    keys = Counter(each.key for each in found if each.key is not None)
    assert all(count == 1 for count in keys.values())
    assert {paper.key for paper in expected} <= set(keys)
    assert sum(each.outcome in custody.FOUND for each in found) == len(seen)
    (total,) = custody.sums(found) or [custody.CountSum("EGP", 0, 0, 0, 0)]
    missing = sum(each.outcome == "missing" for each in found)
    beyond = sum(each.outcome == "elsewhere" for each in found)
    assert total.difference_count == beyond - missing
    assert total.book_count == len(book)


@pytest.mark.parametrize("case", table("""
    signers  custodians  wanted  closed  why
    1 2      1           3       no      two of three have signed
    1 2 3    1           3       yes     three, one of whom does not hold them
    1 2 3    1 2 3       3       refused  all of them hold the papers
    1        -           1       yes     one is enough where policy says so
    """), ids=lambda case: case["why"])  # fmt: skip
def test_who_signs(case):
    ids = [{int(each) for each in case[name].replace("-", "").split()}
           for name in ("signers", "custodians")]  # fmt: skip
    try:
        found = "yes" if custody.check_signers(*ids, int(case["wanted"])) else "no"
    except Refused:
        found = "refused"
    assert found == case["closed"]
