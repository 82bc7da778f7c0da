"""The account page: figures that add up, lines with money and cover, masks, any date."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.core.grammar.authority import Answer
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import account
from tahsil.store import standing as standings
from tahsil.store.models import Instrument, InstrumentMove, Standing
from tests.conftest import NOW, TODAY
from tests.tables import table

LINES = """
label     amount     paid      open      money     cover    dpd
Q1        10000000   10000000  0         paid      none     0
Q2        10000000   4000000   6000000   part_paid  none    82
Q3        10000000   0         10000000  overdue   bounced  21
Q4        10000000   0         10000000  due_today  none    0
Q5        10000000   0         10000000  not_due   safe     0
Delivery  10000000   0         10000000  undated   none     0
"""


def page_of(book, who="lina", number="NIL-1", as_of=TODAY):
    return account.page(book.who(who, as_of=TODAY), book[number], as_of=as_of, now=NOW)


def test_each_line_says_what_is_paid_and_what_stands_behind_it(book):
    (contract,) = page_of(book).contracts
    found = [
        {
            "label": line.label,
            "amount": str(line.amount_minor),
            "paid": str(line.paid_minor),
            "open": str(line.open_minor),
            "money": line.money,
            "cover": line.cover,
            "dpd": str(line.dpd),
        }
        for line in contract.lines
    ]
    assert found == table(LINES)


def test_the_figures_add_up(book):
    figures = page_of(book).figures
    assert figures.open_minor == (
        figures.overdue_minor + figures.due_today_minor + figures.not_due_minor
        + figures.undated_minor + figures.disputed_minor
    )  # fmt: skip
    assert (figures.overdue_minor, figures.due_today_minor) == (160_000_00, 100_000_00)
    assert (figures.undated_minor, figures.not_due_minor) == (100_000_00, 100_000_00)
    assert figures.unapplied_minor == 5_000_00
    assert figures.uncovered_minor + figures.covered_minor == figures.overdue_minor
    assert (figures.dpd, figures.next_due_on) == (82, date(2026, 12, 1))
    assert (figures.paid_minor, figures.price_minor) == (140_000_00, 600_000_00)


@pytest.mark.parametrize(
    ("matures_on", "amount", "covered"),
    [
        (date(2026, 11, 5), 70_000_00, 70_000_00),  # mature, nearest to Q3
        (date(2026, 11, 23), 150_000_00, 50_000_00),  # not mature yet; what Q4 leaves of it
    ],
)
def test_page_list_and_ladder_cover_arrears_by_one_rule(book, matures_on, amount, covered):
    Instrument.objects.create(
        account_id=book["NIL-1"], contract_id=book["deed"], number="000902", state="in_transit",
        amount_minor=amount, matures_on=matures_on,
    )  # fmt: skip
    standings.refresh([book["NIL-1"]], as_of=TODAY)
    page = page_of(book)
    late = [line for line in page.contracts[0].lines if line.dpd > 0]
    assert sum(line.covered_minor for line in late) == covered
    assert page.figures.covered_minor == covered
    assert page.figures.uncovered_minor == page.figures.overdue_minor - covered
    assert Standing.objects.get(account_id=book["NIL-1"]).covered_minor == covered


def test_what_to_pay_today_is_the_sum_of_its_lines(book):
    page = page_of(book)
    assert page.to_pay.total_minor == sum(line.amount_minor for line in page.to_pay.lines)
    assert page.to_pay.without_penalties_minor == 255_000_00
    assert page.to_pay.total_minor == 255_000_00 + page.figures.penalties_minor
    assert page.figures.penalties_minor == sum(card.amount_minor for card in page.penalties) > 0
    assert {line.why.code for line in page.to_pay.lines} == {
        "to_pay.overdue", "to_pay.due_today", "to_pay.penalties", "to_pay.unapplied",
    }  # fmt: skip


def test_a_penalty_is_explained_in_steps_that_add_up(book):
    for card in page_of(book).penalties:
        assert sum(step.amount_minor for step in card.steps) == card.amount_minor
        assert card.rule == "developer_monthly"


def test_the_past_is_shown_as_it_was(book):
    page = page_of(book, as_of=date(2026, 10, 2))
    figures = page.figures
    # Receipt CAI-3 stood then: line Q2 was paid in full, and its reversal was still to come.
    assert figures.overdue_minor == 0
    assert [receipt.is_reversed for receipt in page.receipts] == [False, False, False]
    assert page.promises.open is not None and page.promises.open.amount_minor == 50_000_00
    assert page.attempts == ()
    assert [entry.verb for entry in page.timeline] == ["contract.sign"]


def test_a_reversed_receipt_pays_nothing(book):
    gone = next(receipt for receipt in page_of(book).receipts if receipt.number == "CAI-3")
    assert (gone.is_reversed, gone.parts, gone.unapplied_minor) == (True, (), 0)
    assert gone.reversal_reason == "Bounced"


def test_receipts_say_what_they_paid(book):
    paid = {receipt.number: receipt for receipt in page_of(book).receipts}
    assert [(part.label, part.amount_minor) for part in paid["CAI-2"].parts] == [("Q2", 40_000_00)]
    assert paid["CAI-2"].unapplied_minor == 5_000_00


def test_the_rung_is_chosen_by_its_tests(book):
    steering = page_of(book).steering
    chosen = [each for each in steering.tries if each.is_chosen]
    assert [each.code for each in chosen] == [steering.rung]
    assert all(test.holds for test in chosen[0].tests)
    assert steering.policy.startswith("ladder/developer")
    assert "worklist.promise_due" in [reason.code for reason in steering.reasons]


def test_promises_keep_their_history(book):
    promises = page_of(book).promises
    assert promises.open is not None and promises.open.promised_on == TODAY
    assert [(each.state, each.amount_minor) for each in promises.earlier] == [("broken", 50_000_00)]
    assert (promises.broken, promises.kept_ppm) == (1, 0)


def test_what_is_forbidden_says_why(book):
    page = page_of(book)
    assert page.verbs["receipt.record"].answer == Answer.ALLOW
    assert page.verbs["promise.cancel"].is_allowed
    forbidden = {each.verb: each.reasons[0].code for each in page.forbidden}
    assert forbidden["obligation.raise"] == "grant.none"
    assert "promise.make" not in forbidden
    settled = page_of(book, number="NIL-2")
    assert settled.verbs["promise.make"].reasons[0].code == "account.nothing_open"


@pytest.mark.parametrize(
    ("who", "phone", "national_id"),
    [
        ("lina", "+201001234567", "••••••••••4567"),
        ("sara", "+201001234567", "••••••••••4567"),
        ("auditor", "+20•••••••567", "••••••••••4567"),
        ("clerk", "+20•••••••567", "••••••••••4567"),
    ],
)
def test_who_works_the_account_reads_its_telephones(book, who, phone, national_id):
    debtor = page_of(book, who).parties[0]
    assert debtor.points[0].value == phone
    assert debtor.points[0].is_open == (phone == "+201001234567")
    assert debtor.national_id == national_id


def test_a_number_of_three_parties_is_marked(book):
    from tahsil.store.models import ContactPoint, Party

    for name in ("Cousin", "Broker"):
        other = Party.objects.create(name=name, name_key=name)
        ContactPoint.objects.create(party=other, channel="phone", value="+201001234567")
    first, second, _ = page_of(book).parties[0].points
    assert (first.is_shared, first.shared_by, second.is_shared) == (True, 3, False)


def test_the_parties_have_roles_and_shares(book):
    debtor, wife = page_of(book).parties
    assert (debtor.is_debtor, debtor.other_names) == (True, ("Mohamed Ahmed Ali",))
    assert (wife.roles, wife.share_ppm) == (("co_buyer",), 400_000)


def test_an_account_out_of_scope_is_not_known(book):
    with pytest.raises(Refused) as refused:
        page_of(book, "ravi")
    assert refused.value.code == "account.unknown"


def test_the_page_takes_a_fixed_number_of_queries(book, django_assert_max_num_queries):
    from tahsil.store.models import Account
    from tests.queries.books import SIGNED, contract, owe

    standing = book.who("lina")
    with django_assert_max_num_queries(45) as few:
        account.page(standing, book["NIL-1"], as_of=TODAY, now=NOW)
    mine = Account.objects.get(id=book["NIL-1"])
    for number in range(5):
        deed = contract(mine, f"MORE-{number}", f"D{number}")
        for _ in range(10):
            owe(deed, SIGNED, 100)
    with django_assert_max_num_queries(len(few)):
        page = account.page(standing, book["NIL-1"], as_of=TODAY, now=NOW)
    assert len(page.contracts) == 6


def test_a_paper_stands_where_it_stood_on_the_date(book):

    paper = Instrument.objects.filter(account_id=book["NIL-1"], state="in_safe").first()
    Instrument.objects.filter(id=paper.id).update(state="cleared")
    for before, after, on in (("in_safe", "under_collection", 10), ("under_collection", "cleared",
                                                                   12)):  # fmt: skip
        InstrumentMove.objects.create(
            instrument=paper, verb="move", before=before, after=after,
            effective_on=date(2026, 11, on), recorded_at=NOW,
        )  # fmt: skip
    for on, state in ((9, "in_safe"), (10, "under_collection"), (11, "under_collection"),
                      (12, "cleared"), (22, "cleared")):  # fmt: skip
        found = account.page(book.who("sara"), book["NIL-1"], as_of=date(2026, 11, on))
        assert next(each.state for each in found.instruments if each.id == paper.id) == state
