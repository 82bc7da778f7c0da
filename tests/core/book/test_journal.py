"""Postings: every one balances, whatever happened in whatever order; later facts alter none."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tahsil.core.book.instruments import MOVES
from tahsil.core.book.journal import (
    ACCOUNTS,
    Moved,
    Owed,
    Received,
    chart_of,
    postings,
)
from tahsil.core.book.ledger_facts import posted_on
from tahsil.core.grammar.refusal import Refused
from tahsil.store.policies import folder
from tests.tables import table

DAY = timedelta(days=1)
START = date(2026, 1, 1)
BODY = yaml.safe_load((folder() / "journal.yaml").read_text(encoding="utf-8"))
PLACES = {code: next(iter(BODY[code]["values"].values()))["places"] for code in "ABC"}
PAPER_ACCOUNTS = ("notes_safe", "notes_bank", "notes_discounted", "under_collection", "returned")
AMOUNT = 1_000_00
TAKING = ("bounce_late", "take_back_clearing")


def at(day: int) -> datetime:
    return datetime.combine(START + day * DAY, datetime.min.time(), UTC)


@st.composite
def lives(draw) -> list:
    """A paper for line 1 walks the table of moves while money comes in and is taken back."""
    state, facts, open_receipts, number = "provisional", [], [], 0
    left, cleared = AMOUNT, 0
    for day in range(draw(st.integers(1, 14))):
        on, number = START + day * DAY, number + 1
        what = draw(st.sampled_from(("move", "move", "pay", "undo", "owe")))
        moves = [move for move in MOVES if state in move.before]
        if what == "move" and moves:
            move = draw(st.sampled_from(moves))
            if move.verb == "pay_in_part":
                paid = draw(st.integers(1, left - 1)) if left > 1 else 0
                left -= paid
            elif move.verb == "clear":
                paid = cleared = left
            else:  # what was taken back before, by itself, is not taken again
                paid = draw(st.sampled_from((0, cleared))) if move.verb in TAKING else 0
            facts.append(Moved(number, on, at(day), 7, "000123", move.verb, state, AMOUNT,
                               move.after, ((1, AMOUNT),), "bank",
                               draw(st.sampled_from((0, 150))), paid))  # fmt: skip
            state = move.after
        elif what == "pay":
            minor = draw(st.integers(1, AMOUNT))
            paid = draw(st.integers(0, minor))
            category = draw(st.sampled_from(("instalment", "penalty", "maintenance_deposit")))
            kind = draw(st.sampled_from(("money", "money", "withholding")))
            parts = ((1, category, paid),) if paid else ()
            open_receipts.append((number, minor, parts, kind))
            facts.append(Received(number, on, at(day), f"receipt:{number}", number, "R", minor,
                                  "cash", parts, kind))  # fmt: skip
        elif what == "undo" and open_receipts:
            receipt, minor, parts, kind = open_receipts.pop()
            back = tuple((line, category, -paid) for line, category, paid in parts)
            facts.append(Received(receipt, on, at(day), f"reversal:{number}", receipt, "R", -minor,
                                  "cash", back, kind))  # fmt: skip
        else:
            category = draw(st.sampled_from(("bounce_fee", "penalty", "legal_cost", "instalment")))
            kind = draw(st.sampled_from(("raised", "waiver", "write_off", "cancel", "correction")))
            sign = 1 if kind == "raised" else -1
            facts.append(Owed(number, on, at(day), f"owed:{number}", category,
                              sign * draw(st.integers(1, 500)), "", kind))  # fmt: skip
    return facts


@pytest.mark.parametrize("policy", "ABC")
@given(facts=lives())
def test_every_posting_balances_and_has_its_own_key(policy, facts):
    made = list(postings(facts, PLACES[policy], closing_days=5))
    assert all(sum(leg.amount_minor for leg in each.legs) == 0 for each in made)
    assert len({each.key for each in made}) == len(made)
    assert {leg.account for each in made for leg in each.legs} <= set(ACCOUNTS)


@pytest.mark.parametrize("policy", "ABC")
@given(facts=lives(), cut=st.integers(0, 14))
def test_what_is_recorded_later_alters_nothing_earlier(policy, facts, cut):
    whole = list(postings(facts, PLACES[policy], closing_days=5))
    early = list(postings(facts[:cut], PLACES[policy], closing_days=5))
    assert whole[: len(early)] == early


@given(facts=lives())
def test_a_paper_never_stands_below_nothing_nor_above_its_amount(facts):
    held = dict.fromkeys(PAPER_ACCOUNTS, 0)
    for each in postings(facts, PLACES["A"], closing_days=5):
        for leg in each.legs:
            if leg.account in held:
                held[leg.account] += leg.amount_minor
        assert min(held.values()) >= 0
        assert sum(held.values()) <= AMOUNT


@given(facts=lives())
def test_money_taken_back_leaves_cash_as_it_was(facts):
    cash = sum(each.money_minor for each in facts
               if isinstance(each, Received) and each.kind == "money")  # fmt: skip
    made = postings(facts, PLACES["A"], closing_days=5)
    assert cash == sum(leg.amount_minor for each in made for leg in each.legs
                       if leg.account == "cash")  # fmt: skip


CLOSED = table("""
    on          recorded    posted      why
    2026-10-31  2026-10-31  2026-10-31  on its own day
    2026-10-01  2026-11-05  2026-10-01  October still takes it on the fifth day
    2026-10-01  2026-11-06  2026-11-06  October is closed, so the day of recording
    2025-12-31  2026-01-06  2026-01-06  over the end of the year
""")


@pytest.mark.parametrize("case", CLOSED, ids=lambda row: row["why"])
def test_a_closed_month_takes_nothing_more(case):
    on, recorded = date.fromisoformat(case["on"]), date.fromisoformat(case["recorded"])
    found = posted_on(on, datetime.combine(recorded, time.min, UTC), closing_days=5)
    assert found == date.fromisoformat(case["posted"])


def test_the_shipped_chart_names_every_account():
    body = list(BODY["chart"]["values"].values())[-1]
    assert set(chart_of(body)) == set(ACCOUNTS)
    assert len({each["code"] for each in body.values()}) == len(body)
    with pytest.raises(Refused) as refused:
        chart_of({"cash": body["cash"]})
    assert refused.value.code == "journal.chart"


@pytest.mark.parametrize(("verb", "before", "after", "legs"), [
    ("discount", "in_safe", "discounted",
     {"notes_discounted": 1, "notes_safe": -1, "bank": 1, "facility": -1}),
    ("bounce_discounted", "discounted", "bounced",
     {"returned": 1, "notes_discounted": -1, "bank": -1, "facility": 1}),
    ("endorse", "in_safe", "endorsed", {"suppliers": 1, "notes_safe": -1}),
    ("hand_back", "in_safe", "returned_to_customer", {"customers": 1, "notes_safe": -1}),
    ("clear", "discounted", "cleared", {"facility": 1, "notes_discounted": -1}),
])  # fmt: skip
def test_a_move_says_what_the_trade_says(verb, before, after, legs):
    paid = AMOUNT if verb == "clear" else 0
    move = Moved(1, START, at(0), 7, "000123", verb, before, AMOUNT, after, paid_minor=paid,
                 lent_minor=AMOUNT)  # fmt: skip
    (made,) = postings([move], PLACES["A"], closing_days=5)
    assert dict(made.legs) == {account: sign * AMOUNT for account, sign in legs.items()}


def test_a_part_paid_by_the_bank_leaves_the_rest_returned():
    move = Moved(1, START, at(0), 7, "000123", "pay_in_part", "under_collection", 30_000_00,
                 "partially_paid", paid_minor=18_000_00)  # fmt: skip
    told = {code: dict(made.legs) for code in "AC"
            for made in postings([move], PLACES[code], closing_days=5)}  # fmt: skip
    assert told["A"] == {"bank": 18_000_00, "returned": 12_000_00, "under_collection": -30_000_00}
    assert told["C"] == {"bank": 18_000_00, "customers": -18_000_00}


def test_money_for_a_deposit_is_a_liability_and_the_rest_waits_unapplied():
    money = Received(1, START, at(0), "receipt:1", 1, "R-1", 500, "bank_maintenance",
                     ((1, "maintenance_deposit", 400),))  # fmt: skip
    (made,) = postings([money], PLACES["A"], closing_days=5)
    assert (made.entry, dict(made.legs)) == (
        "E18", {"bank_maintenance": 500, "deposits": -400, "unapplied": -100},
    )  # fmt: skip
