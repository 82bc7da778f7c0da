"""Receipts: numbered without gaps, allocated by replay, reversed once, reallocated by mirrors."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tahsil.actions import receipts, requests
from tahsil.actions._verb import Done, Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import Allocation, Event, Receipt
from tahsil.web.sentences import in_language
from tests.actions.money import check_money, check_standing, open_of
from tests.conftest import TODAY
from tests.tables import table


def record(book, amount, *, by="huda", value_on=TODAY, key="", **more):
    params = {"instrument": "cash", "value_on": value_on, **more}
    return receipts.record(
        book.ctx(by, key=key), account_id=book.account, amount_minor=amount, **params
    )


@pytest.mark.parametrize("case", table("""
    amount     more                 open_after                              why
    5000000    -                    Q01=0 Q02=5000000 MNT=2000000           the oldest line first
    6000000    -                    Q01=0 Q02=4000000 MNT=2000000           then the next
    2000000    rule=maintenance     Q01=5000000 MNT=0                       the deposit only
    3000000    rule=maintenance     Q01=5000000 MNT=0                       not even the rest
    17000000   -                    Q01=0 Q02=0 MNT=0 Q03=0                 all of it
    """), ids=lambda case: case["why"])  # fmt: skip
def test_money_pays_in_the_policys_order(book, case):
    more = dict(pair.split("=") for pair in case["more"].split() if "=" in pair)
    done = record(book, int(case["amount"]), **more)
    wanted = {k: int(v) for k, v in (pair.split("=") for pair in case["open_after"].split())}
    assert {k: v for k, v in open_of(book.account).items() if k in wanted} == wanted
    used = sum(amount for _, amount in done.facts["paid"])
    assert used + done.facts["unapplied_minor"] == int(case["amount"])
    check_money(book.account)
    check_standing(book.account)


def test_numbers_run_per_cashier_and_year(book):
    numbers = [record(book, 100 + n).facts["number"] for n in range(3)]
    assert numbers == [f"CAI-HUDA-2026-{n:06d}" for n in (1, 2, 3)]
    assert record(book, 500, by="lina").facts["number"] == "CAI-LINA-2026-000001"


def test_a_refused_receipt_takes_no_number(book):
    with pytest.raises(Refused):
        record(book, 100, instruction=[[book.lines["Q01"], 200]])
    assert record(book, 100).facts["number"] == "CAI-HUDA-2026-000001"


@pytest.mark.parametrize("case", table("""
    code                         more                          why
    receipt.future               value_on=2026-11-23           tomorrow's money has not come
    given.amount                 amount=0                      nothing is no receipt
    given.amount                 amount=-5                     less than nothing neither
    given.unreadable             value_on=soon                 a date is a date
    receipt.instrument           instrument=shells             shells are not known
    receipt.kind                 kind=gift                     gifts neither
    category.bank_rule           rule=moon                     a bank account rule is known
    contract.unknown             contract_id=99999             another account's contract
    """), ids=lambda case: case["why"])  # fmt: skip
def test_what_cannot_be_recorded_is_refused(book, case):
    name, _, value = case["more"].partition("=")
    params = {name: int(value) if value.lstrip("-").isdigit() else value}
    with pytest.raises(Refused) as refused:
        record(book, params.pop("amount", 100), **params)
    assert refused.value.code == case["code"]
    assert str(refused.value)  # every fact the sentence names is there
    assert not Receipt.objects.exists()


def test_the_same_receipt_twice_is_asked_about(book):
    record(book, 100, reference="T-1")
    with pytest.raises(Refused) as refused:
        record(book, 100, reference="T-1")
    assert refused.value.code == "receipt.duplicate"
    assert isinstance(record(book, 100, reference="T-1", confirm=True), Done)
    assert isinstance(record(book, 100, reference="T-2"), Done)


@pytest.mark.parametrize("case", table("""
    first     then      instrument  asked
    PAY1      -         transfer    yes
    -         PAY1      transfer    yes
    PAY1      PAY2      transfer    no
    R1        -         cash        no
    """), ids=lambda case: f"{case['first']} {case['then']} {case['instrument']}")  # fmt: skip
def test_a_transfer_noted_again_without_its_reference_is_asked_about(book, case):
    first, then = (case[name].replace("-", "") for name in ("first", "then"))
    record(book, 100, reference=first, instrument=case["instrument"])
    again = {"reference": then, "instrument": case["instrument"]}
    if case["asked"] == "no":
        assert isinstance(record(book, 100, **again), Done)
        return
    with pytest.raises(Refused) as refused:
        record(book, 100, **again)
    assert refused.value.code == "receipt.maybe_same"
    assert isinstance(record(book, 100, confirm=True, **again), Done)


def test_the_same_key_answers_with_the_first_event(book):
    first, again = (record(book, 100, key="k1") for _ in range(2))
    assert again.repeated and again.event_id == first.event_id
    assert Receipt.objects.count() == 1
    with pytest.raises(Refused) as refused:
        record(book, 101, key="k1")
    assert refused.value.code == "key.reused"


def test_a_receipt_dated_far_back_waits_for_a_yes(book):
    waiting = record(book, 100, by="lina", value_on=TODAY - timedelta(days=5))
    assert isinstance(waiting, Waiting) and "collection_manager" in waiting.verdict.approvers
    assert not Receipt.objects.exists()
    done = requests.approve(book.ctx("sara"), request_id=waiting.request_id)
    receipt = Receipt.objects.get()
    assert receipt.number == "CAI-LINA-2026-000001"  # it is Lina's receipt, agreed to by Sara
    event = Event.objects.get(verb="receipt.record")
    assert event.actor_name == "Lina" and event.approvers == ["Sara"]
    assert done.facts["done"] == f"receipt:{receipt.id}"


def test_a_receipt_dated_before_others_pays_what_it_would_have_paid(book):
    record(book, 5_000_000)
    record(book, 5_000_000, value_on=TODAY - timedelta(days=3), reference="late paper")
    late = Receipt.objects.get(reference="late paper")
    paid = Allocation.objects.filter(receipt=late).values_list("obligation__label", "amount_minor")
    assert list(paid) == [("Q01", 5_000_000)]
    assert open_of(book.account)["Q02"] == 0
    check_money(book.account)


def test_a_named_contract_is_paid_first(book):
    other = book.people
    from tahsil.store.models import Contract, Obligation

    second = Contract.objects.create(account_id=book.account, number="YAS-C-1")
    line = Obligation.objects.create(
        account_id=book.account, contract=second, category="instalment", label="X1",
        amount_minor=300, due_on=TODAY, raised_on=TODAY, recorded_at=other.ctx("lina").now,
    )  # fmt: skip
    done = record(book, 200, contract_id=second.id)
    assert done.facts["paid"] == [[line.id, 200]]


def test_the_payers_word_comes_before_the_policy(book):
    done = record(book, 300, instruction=[[book.lines["Q03"], 200]])
    assert done.facts["paid"] == [[book.lines["Q01"], 100], [book.lines["Q03"], 200]]


def test_money_of_one_bank_account_pays_no_line_of_another(book):
    with pytest.raises(Refused) as refused:
        record(book, 300, rule="price", instruction=[[book.lines["MNT"], 200]])
    assert refused.value.code == "allocation.bank_account"
    assert {"price", "maintenance"} <= set(refused.value.facts.values())


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            {"Q01": 6_000_000},
            "Q01 of contract YAS-B-12, due 13 Jul 2026, has 50,000.00 EGP open; 60,000.00 EGP "
            "cannot be allocated to it. Up to 50,000.00 EGP may be.",
        ),
        (
            {"MNT": 200},
            "This money reached the price account; MNT of contract YAS-B-12, due 13 Oct 2026, is "
            "paid into the maintenance account. It can be paid after a transfer between the two "
            "accounts.",
        ),
        (
            {"Q01": 5_000_000, "Q02": 5_000_000},
            "The receipt is of 70,000.00 EGP; 100,000.00 EGP cannot be allocated from it. Up to "
            "70,000.00 EGP may be.",
        ),
    ],
    ids=["beyond the line", "another bank account", "beyond the receipt"],
)
def test_what_cannot_be_followed_is_said_as_people_say_it(book, asked, sentence):
    told = [[book.lines[label], amount] for label, amount in asked.items()]
    with pytest.raises(Refused) as refused:
        record(book, 7_000_000, rule="price", instruction=told)
    assert in_language(refused.value.template, refused.value.facts) == sentence


def test_a_reversed_receipt_leaves_its_lines_open_at_their_old_dates(book):
    done = record(book, 6_000_000)
    before = Allocation.objects.count()
    receipts.reverse(
        book.ctx("sara"), account_id=book.account, receipt_id=done.id, reason="counted twice"
    )
    assert open_of(book.account)["Q01"] == 5_000_000
    assert Allocation.objects.count() == 2 * before  # mirrored, nothing taken away
    from tahsil.store.models import Standing

    assert Standing.objects.get(account_id=book.account).oldest_due_on == date(2026, 7, 13)
    check_money(book.account)
    check_standing(book.account)


def test_a_receipt_is_reversed_once(book):
    done = record(book, 100)
    params = {"account_id": book.account, "receipt_id": done.id, "reason": "error of ours"}
    receipts.reverse(book.ctx("sara"), **params)
    with pytest.raises(Refused) as refused:
        receipts.reverse(book.ctx("sara"), **params)
    assert refused.value.code == "receipt.reversed"


@pytest.mark.parametrize("case", table("""
    code                     more                       why
    receipt.unknown          receipt_id=99999           nobody's receipt
    given.missing            reason=                    a reason is needed
    receipt.reversal_date    effective_on=2026-11-21    not before it came
    receipt.reversal_date    effective_on=2026-11-23    not later than today
    """), ids=lambda case: case["why"])  # fmt: skip
def test_what_cannot_be_reversed_is_refused(book, case):
    params = {"account_id": book.account, "receipt_id": record(book, 100).id, "reason": "why not"}
    name, _, value = case["more"].partition("=")
    params[name] = int(value) if value.isdigit() else value
    with pytest.raises(Refused) as refused:
        receipts.reverse(book.ctx("sara"), **params)
    assert refused.value.code == case["code"]


def test_a_receipt_of_another_account_is_not_reached_through_ones_own(book):
    done = record(book, 100)
    with pytest.raises(Refused) as refused:
        receipts.reverse(
            book.ctx("sara"), account_id=book.other, receipt_id=done.id, reason="wrong door"
        )
    assert refused.value.code == "receipt.unknown"


def test_money_is_moved_by_mirror_rows(book):
    done = record(book, 6_000_000, value_on=TODAY - timedelta(days=2))
    before = set(Allocation.objects.values_list("id", flat=True))
    receipts.reallocate(
        book.ctx("sara"), account_id=book.account, receipt_id=done.id,
        instruction=[[book.lines["Q03"], 5_000_000]], reason="as the payer wrote",
    )  # fmt: skip
    opened = open_of(book.account)
    assert (opened["Q03"], opened["Q01"]) == (0, 4_000_000)
    assert before <= set(Allocation.objects.values_list("id", flat=True))
    check_money(book.account)


def test_money_moved_on_its_own_day_follows_the_new_word(book):
    done = record(book, 6_000_000)
    receipts.reallocate(
        book.ctx("sara"), account_id=book.account, receipt_id=done.id,
        instruction=[[book.lines["Q03"], 5_000_000]], reason="as the payer wrote",
    )  # fmt: skip
    assert open_of(book.account)["Q03"] == 0
    record(book, 100)  # replaying the account keeps the move
    assert open_of(book.account)["Q03"] == 0
    check_money(book.account)


def test_a_move_outlives_a_receipt_dated_before_it(book):
    done = record(book, 100, value_on=TODAY - timedelta(days=1))
    receipts.reallocate(
        book.ctx("sara"), account_id=book.account, receipt_id=done.id,
        instruction=[[book.lines["Q03"], 100]], reason="as the payer wrote",
    )  # fmt: skip
    record(book, 5_000_000, value_on=TODAY - timedelta(days=3))
    assert open_of(book.account)["Q03"] == 5_000_000 - 100
    check_money(book.account)


def test_money_is_not_moved_across_bank_accounts(book):
    done = record(book, 100, rule="price")
    with pytest.raises(Refused) as refused:
        receipts.reallocate(
            book.ctx("sara"), account_id=book.account, receipt_id=done.id,
            instruction=[[book.lines["MNT"], 100]], reason="for the deposit",
        )  # fmt: skip
    assert refused.value.code == "allocation.bank_account"


def test_somebody_elses_lock_keeps_no_receipt_away(book):
    from tahsil.actions import accounts

    accounts.lock(book.ctx("lina"), account_id=book.account)
    assert isinstance(record(book, 100), Done)
