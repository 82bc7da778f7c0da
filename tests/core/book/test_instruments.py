"""The moves of an instrument, T1 to T26, and what stands against each."""

from __future__ import annotations

import pytest

from tahsil.core.book.instruments import (
    BY_VERB,
    INSTRUMENT,
    MOVES,
    PHYSICAL,
    Paper,
    check_cover,
    moved,
    possible,
)
from tahsil.core.grammar.refusal import Refused

TRADE = """
T1  draft                                capture            provisional
T2  provisional                          verify             in_safe
T3  provisional                          reject             cancelled
T4  in_safe                              dispatch           in_transit
T5  in_transit in_safe                   lodge              bank_custody
T6  in_safe in_transit bank_custody      deposit            under_collection
T7  under_collection                     clear              cleared
T8  under_collection                     bounce             bounced
T9  under_collection                     pay_in_part        partially_paid
T10 cleared                              bounce_late        bounced
T10 cleared                              take_back_clearing under_collection
T11 bounced                              represent          under_collection
T12 in_safe bank_custody                 hold               held
T13 held                                 resume             in_safe
T14 bank_custody under_collection        recall             withdrawal_requested
T14 withdrawal_requested                 receive_back       in_safe
T15 in_safe bounced                      replace            replaced
T16 replaced settled_otherwise in_safe   hand_back          returned_to_customer
T17 bounced partially_paid               settle             settled_otherwise
T18 bounced                              refer              with_legal
T19 with_legal                           file               in_court
T20 with_legal in_court                  settle_case        settled_otherwise
T20 with_legal in_court                  withdraw_case      in_safe
T21 in_safe                              discount           discounted
T21 in_safe                              pledge             pledged
T22 discounted                           bounce_discounted  bounced
T23 in_safe                              endorse            endorsed
T24 in_safe bounced                      lapse              stale
T26 lost                                 find               in_safe
T26 lost                                 substitute         replaced
"""


@pytest.mark.parametrize("row", TRADE.strip().splitlines())
def test_every_move_of_the_trade_is_in_the_table(row):
    code, *before, verb, after = row.split()

    assert BY_VERB[verb].code == code
    assert {INSTRUMENT.step(state, verb) for state in before} == {after}


def test_the_trade_knows_22_states_and_every_one_is_reached():
    assert len(INSTRUMENT.states()) == 22
    assert not INSTRUMENT.unreachable()


def test_any_paper_that_lies_somewhere_can_be_lost():
    assert set(BY_VERB["lose"].before) == set(PHYSICAL)
    assert "cleared" not in PHYSICAL


def test_cleared_is_final_but_for_what_the_bank_takes_back():
    assert {move["verb"] for move in possible("cleared")} == {"bounce_late", "take_back_clearing"}


@pytest.mark.parametrize("state", INSTRUMENT.states())
@pytest.mark.parametrize("verb", list(BY_VERB))
def test_a_move_the_table_does_not_hold_is_refused_with_those_it_does(state, verb):
    move = BY_VERB[verb]
    if state in move.before:
        return
    with pytest.raises(Refused) as refused:
        moved(Paper("000123", state), verb, move.evidence)

    assert refused.value.code == "instrument.state"
    assert refused.value.facts["can"] == ([row["verb"] for row in possible(state)] or ["nothing"])


@pytest.mark.parametrize("move", [move for move in MOVES if move.evidence], ids=lambda m: m.verb)
def test_a_move_without_its_evidence_is_refused(move):
    paper = Paper("000123", move.before[0], amount_minor=100, allocated_minor=100)
    with pytest.raises(Refused) as refused:
        moved(paper, move.verb, move.evidence[1:])

    assert refused.value.facts["missing"] == [move.evidence[0]]
    assert moved(paper, move.verb, move.evidence) == move.after


@pytest.mark.parametrize("verb", ["hold", "recall", "replace"])
@pytest.mark.parametrize("owner", ["discounted", "pledged", "securitised"])
def test_a_paper_that_is_not_ours_alone_moves_with_its_owners_consent(verb, owner):
    move = BY_VERB[verb]
    paper = Paper("000123", move.before[0], owner=owner)
    with pytest.raises(Refused) as refused:
        moved(paper, verb, move.evidence)

    assert refused.value.code == "instrument.owner"
    assert moved(paper, verb, move.evidence, has_consent=True) == move.after


def test_a_paper_is_verified_only_for_its_whole_amount():
    paper = Paper("000123", "provisional", amount_minor=144, allocated_minor=100)
    with pytest.raises(Refused) as refused:
        moved(paper, "verify", ["checklist"])

    assert refused.value.code == "instrument.lines"


@pytest.mark.parametrize(
    ("in_bank", "after"), [(False, "in_safe"), (True, "bank_custody")], ids=["safe", "bank"]
)
def test_a_held_paper_resumes_where_it_lay(in_bank, after):
    assert moved(Paper("000123", "held", held_in_bank=in_bank), "resume", []) == after


@pytest.mark.parametrize(
    ("open_minor", "cover", "code"),
    [
        (44_000, [("000541", "in_safe", 44_000)], None),
        (44_000, [("000541", "in_safe", 40_000), ("R-7", "cleared", 4_000)], None),
        (44_000, [("000541", "provisional", 44_000)], "instrument.not_in"),
        (44_000, [("000541", "in_safe", 43_999)], "instrument.uncovered"),
        (44_000, [], "instrument.uncovered"),
    ],
)
def test_nothing_is_let_go_before_its_new_cover_is_in(open_minor, cover, code):
    if code is None:
        check_cover(open_minor, cover, number="000123", currency="EGP")
        return
    with pytest.raises(Refused) as refused:
        check_cover(open_minor, cover, number="000123", currency="EGP")

    assert refused.value.code == code
