"""Rules of cash in hands: ceilings, the law, when it is due at the bank, counting, call-backs."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tahsil.core.book import cash
from tahsil.core.book.cash import Item, Terms
from tahsil.core.grammar.authority import Answer
from tahsil.core.grammar.dates import Calendar
from tahsil.core.grammar.refusal import Refused
from tests.core.policy_files import policy_file
from tests.tables import table

POLICY = policy_file("cash.yaml")
CAIRO = ZoneInfo("Africa/Cairo")
WORKING = Calendar("EG", ((date(1900, 1, 1), frozenset({4, 5})),), {date(2026, 11, 23): "Feast"})
TERMS = Terms(**POLICY["custody"]["values"][date(2020, 1, 1)])


def body(code: str):
    return POLICY[code]["values"][date(2020, 1, 1)]


@pytest.mark.parametrize("case", table("""
    roles                receipt  day       hand      said                  why
    collector            5000000  5000000   5000000   -                     just at the ceiling
    collector            5000001  5000001   5000001   receipt,day,hand      one piastre above all
    collector            100      100       5000100   hand                  small, over the hand
    collector            100      5000100   100       day                   much already today
    collector,cashier    5000001  5000001   5000001   -                     the wider of two roles
    accountant           9000000  9000000   9000000   -                     a role without a ceiling
    accountant,collector  5000001  100       100       receipt              named ones count only
"""), ids=lambda case: case["why"])  # fmt: skip
def test_ceilings(case):
    wanted = {name: int(case[name]) for name in cash.MEASURES}
    found = cash.judge_ceilings(body("ceilings"), case["roles"].split(","), "EGP", wanted)
    said = ",".join(each.reasons[0].code.removeprefix("cash.above_") for each in found) or "-"
    assert said == case["said"]
    assert all(each.answer == Answer.ASK for each in found)
    assert all("team_leader" in each.approvers for each in found)


def test_a_ceiling_may_refuse():
    strict = {**body("ceilings"), "above": {"receipt": "deny", "day": "ask", "hand": "ask"}}
    wanted = {"receipt": 5000001, "day": 0, "hand": 0}
    (found,) = cash.judge_ceilings(strict, ["collector"], "EGP", wanted)
    assert (found.answer, found.approvers) == (Answer.DENY, ())


@pytest.mark.parametrize("case", table("""
    country  currency  receipt   day       account   said               why
    IN       INR       1999999   19999999  19999999  -                  one paisa below everything
    IN       INR       1000000   20000000  1000000   deny day           two lakh in one day
    IN       INR       1000000   1000000   20000000  ask account        two lakh in all is asked
    IN       INR       2000000   2000000   2000000   ask receipt        not verified, so asked
    IN       EGP       90000000  90000000  90000000  -                  rupees are meant
    AE       AED       100       100       5500000   ask account        to be reported
"""), ids=lambda case: case["why"])  # fmt: skip
def test_the_law(case):
    wanted = {name: int(case[name]) for name in ("receipt", "day", "account")}
    found = cash.judge_law(body("law")[case["country"]], case["currency"], wanted, ("gm",))
    said = [f"{each.answer.name.lower()} {each.reasons[0].code[9:]}" for each in found]
    assert ", ".join(said) == case["said"].replace("-", "")


@pytest.mark.parametrize(
    "case",
    table("""
    taken             due               why
    2026-11-22 10:00  2026-11-22 23:59  before the bank closes: the same day
    2026-11-22 14:00  2026-11-24 11:00  at its closing: the next working day, past the feast
    2026-11-20 10:00  2026-11-22 11:00  on a Friday: Sunday morning
    2026-11-26 18:30  2026-11-29 11:00  Thursday evening: Sunday morning
"""),
    ids=lambda case: case["why"],
)
def test_when_cash_is_due_at_the_bank(case):
    taken = datetime.fromisoformat(case["taken"]).replace(tzinfo=CAIRO)
    assert f"{cash.due_at(taken, TERMS, WORKING):%Y-%m-%d %H:%M}" == case["due"]


ITEMS = [
    Item(1, "receipt", 1000, datetime(2026, 11, 20, 9)),
    Item(2, "receipt", 500, datetime(2026, 11, 21, 9)),
    Item(3, "receipt", 700, datetime(2026, 11, 22, 9)),
]
SHORT = Item(4, "shortage", -200, datetime(2026, 11, 22, 17))


@pytest.mark.parametrize(
    "case",
    table("""
    items  amount  covers    why
    three  1000    1         the oldest
    three  1500    1,2       the two oldest
    three  2200    1,2,3     all of it
    short  800     4,1       what is missing goes with the oldest
    short  2000    4,1,2,3   all of it, less what is missing
    three  1200    refused   no receipt is cut in two
    three  9999    refused   more than there is
"""),
    ids=lambda case: case["why"],
)
def test_the_oldest_go_first(case):
    items = ITEMS if case["items"] == "three" else [*ITEMS, SHORT]
    try:
        found = cash.oldest_first(items, int(case["amount"]), "EGP")
        said = ",".join(str(each.id) for each in found)
    except Refused as refused:
        said = "refused" if refused.code == "cash.not_whole" else refused.code
    assert said == case["covers"]


def test_a_refused_amount_names_the_nearest_ones():
    with pytest.raises(Refused) as refused:
        cash.oldest_first(ITEMS, 1200, "EGP")
    assert (refused.value.facts["below_minor"], refused.value.facts["above_minor"]) == (1000, 1500)


def test_counting_by_notes():
    notes = body("notes")["EGP"]
    assert cash.counted(notes, {"20000": 5, "25": 2}, "EGP") == 100_050
    for wrong in ({"30000": 1}, {"20000": -1}, {"20000": True}):
        with pytest.raises(Refused) as refused:
            cash.counted(notes, wrong, "EGP")
        assert refused.value.code == "cash.notes"


def test_a_day_adds_up():
    found = cash.figures(100, {"take": 50, "reverse": -10, "give": -20, "deposit": -30,
                               "receive": 5, "shortage": -2, "repay": 1})  # fmt: skip
    assert (found.adjusted_minor, found.expected_minor) == (-1, 94)


def test_the_sample_is_the_same_whenever_asked_and_another_each_day():
    keys = [f"R-{n}" for n in range(40)]
    first = cash.sample(date(2026, 11, 22), keys, share_ppm=50_000)
    assert first == cash.sample(date(2026, 11, 22), reversed(keys), share_ppm=50_000)
    assert len(first) == 2
    assert first != cash.sample(date(2026, 11, 23), keys, share_ppm=50_000)
    assert len(cash.sample(date(2026, 11, 22), keys[:1], share_ppm=50_000)) == 1
    assert cash.sample(date(2026, 11, 22), [], share_ppm=50_000) == []


@pytest.mark.parametrize(
    "case",
    table("""
    number  text                 named  why
    260714  CASH DEP 260714 CAI  yes    the number stands there whole
    260714  CASH DEP 0260714     yes    with a zero in front
    260714  CASH DEP 2607145     no     as a part of another number
    S1      CASH S1 BRANCH 4     no     a short one among other words
    S1      S1                   yes    a short one alone
    000     CASH 000             no     nothing but zeros
"""),
    ids=lambda case: case["why"],
)
def test_a_text_that_names_the_slip(case):
    assert cash.names_slip(case["number"], case["text"]) == (case["named"] == "yes")
