"""The end of a contract: agreed to by another, refused where it may not be, money conserved."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tahsil.actions import (
    allocating,
    contracts,
    ending,
    obligations,
    receipts,
    refunds,
    requests,
)
from tahsil.actions._verb import Done, Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import endings
from tahsil.store import policies
from tahsil.store.models import (
    Adjustment,
    Allocation,
    Contract,
    Creditor,
    Instrument,
    Obligation,
    Person,
    Receipt,
    Refund,
    RoleGrant,
)
from tests.actions.money import check_money, check_standing, open_of, total
from tests.conftest import TODAY
from tests.tables import table

DAY = timedelta(days=1)
PAID = 90_000_00  # Q01 whole, 40,000 of Q02
KEPT = 15_000_00  # ten per cent of the price of 150,000


@pytest.fixture
def board(book):
    """A finance director and a general manager, who agree to endings."""
    for name, role in (("dina", "cfo"), ("gamal", "gm")):
        person = Person.objects.create(username=name, name=name.title(), password=name)
        RoleGrant.objects.create(person=person, role=role, scope="all", since_on=date(2020, 1, 1))
        setattr(book.people, name, person.id)
    return book


def pays(book, amount=PAID, *, on=TODAY - 60 * DAY, **more) -> Receipt:
    """A transfer of Mona's, received that day."""
    done = receipts.record(
        book.ctx("sara", as_of=on), account_id=book.account, amount_minor=amount, value_on=on,
        instrument="transfer", confirm=True, **more,
    )  # fmt: skip
    return Receipt.objects.get(id=done.id)


def asks(book, *, by="sara", **more):
    """The end of Mona's contract asked for."""
    params = {"reason": "customer_wish", "document": "Request 9", "contract_id": book.contract}
    params |= more
    ctx = book.ctx(by, as_of=params.pop("as_of", TODAY))
    return ending.terminate(ctx, account_id=book.account, **params)


def ends(book, **more):
    """It ended: asked for by Sara, agreed to by the general manager."""
    waiting = asks(book, **more)
    assert isinstance(waiting, Waiting)
    return requests.approve(book.ctx("gamal"), request_id=waiting.request_id)


def free_of(book) -> int:
    """What of Mona's money pays nothing."""
    came = Receipt.objects.filter(account_id=book.account, reversal=None)
    return total(came) - total(Allocation.objects.filter(account_id=book.account))


@pytest.mark.parametrize("case", table("""
    settlement  kept     overdue    left     free      why
    -           -        0          0        7500000   the policy keeps a tenth of the price
    unwind      0        0          0        9000000   nothing is kept: all goes back
    unwind      2000000  0          0        7000000   what was asked for is kept
    unwind      9500000  0          0        0         no more than was paid
    open        -        0          0        0         what is paid stays paid
    future      0        3000000    3000000  0         what is due stays owed
    """), ids=lambda case: case["why"])  # fmt: skip
def test_what_falls_away_is_kept_and_goes_back(board, case):
    pays(board)
    more = {} if case["settlement"] == "-" else {"settlement": case["settlement"]}
    more |= {} if case["kept"] == "-" else {"charge_minor": int(case["kept"])}
    ends(board, **more)
    left = open_of(board.account)
    assert sum(left.values()) == int(case["left"])
    assert free_of(board) == int(case["free"])
    check_money(board.account)
    check_standing(board.account)
    assert allocating.settle([board.account], now=board.ctx("sara").now, since=TODAY) == 0


@pytest.mark.parametrize("case", table("""
    paid       approvers  why
    3000000    cfo,gm     little is paid
    11500000   gm         above three quarters only the general manager
    """), ids=lambda case: case["why"])  # fmt: skip
def test_somebody_else_agrees_within_limits(board, case):
    pays(board, int(case["paid"]))
    waiting = asks(board, by="sara")
    assert isinstance(waiting, Waiting)
    assert ",".join(waiting.verdict.approvers) == case["approvers"]
    assert Contract.objects.get(id=board.contract).status == "active"
    with pytest.raises(Refused):
        requests.approve(board.ctx("sara"), request_id=waiting.request_id)
    requests.approve(board.ctx("gamal"), request_id=waiting.request_id)
    assert Contract.objects.get(id=board.contract).status == "terminated"


@pytest.mark.parametrize("case", table("""
    code                   more                                    why
    code.unknown           reason=bored                            a reason of nobody's list
    given.missing          document=                               without a paper
    ending.keeps_nothing   reason=our_fault charge_minor=1         our own fault
    given.amount           charge_minor=-1                         less than nothing
    ending.day             ended_on=2026-11-23                     a day that has not come
    ending.day             ended_on=2026-01-12                     before it was signed
    ending.terms           settlement=half                         no such settlement
    contract.unknown       contract_id=0                           no such contract
    """), ids=lambda case: case["why"])  # fmt: skip
def test_what_cannot_end_like_this(board, case):
    pays(board)
    more = dict(pair.split("=") for pair in case["more"].split(" "))
    for name in ("charge_minor", "contract_id"):
        more |= {name: int(more[name])} if name in more else {}
    with pytest.raises(Refused) as refused:
        asks(board, **more)
    assert refused.value.code == case["code"]
    assert str(refused.value)
    assert not Adjustment.objects.exists()


def test_it_ends_once_and_a_collector_may_not_ask(board):
    with pytest.raises(Refused) as refused:
        asks(board, by="lina")
    assert refused.value.code.startswith("grant.")
    pays(board)
    ends(board)
    with pytest.raises(Refused) as refused:
        asks(board)
    assert refused.value.code == "ending.status"


@pytest.mark.parametrize("case", table("""
    done      asked     code                  kept     why
    500000    -         -                     3750000  a quarter of the price while it is young
    700000    -         -                     3750000  the policy's share, though more might be
    700000    6000000   -                     6000000  up to forty per cent when most is done
    500000    3750001   ending.ceiling        -        a piastre above the ceiling
    0         1         ending.ceiling        -        nothing where nothing was begun
    -         -         ending.share_missing  -        how far the work is must be said
    """), ids=lambda case: case["why"])  # fmt: skip
def test_the_ceiling_of_dubai_moves_with_the_work_and_warns(board, case):
    Creditor.objects.filter(id=board.people.creditor).update(country="AE")
    pays(board)
    more = {"done_ppm": int(case["done"])} if case["done"] != "-" else {}
    more |= {"charge_minor": int(case["asked"])} if case["asked"] != "-" else {}
    if case["code"] != "-":
        with pytest.raises(Refused) as refused:
            asks(board, **more)
        assert refused.value.code == case["code"]
        return
    waiting = asks(board, **more)
    assert waiting.verdict.reasons[0].code == "ending.unverified"
    assert waiting.verdict.reasons[0].facts["charge_minor"] == int(case["kept"])


def test_the_money_waits_and_does_not_pay_another_contract(board):
    pays(board)
    row = {"category": "instalment", "label": "R", "amount_minor": 60_000_00}
    contracts.sign(
        board.ctx("sara"), number="YAS-C-1", account_id=board.account, signed_on=TODAY,
        lines=[{**row, "due_on": TODAY + 5 * DAY}],
    )  # fmt: skip
    ends(board)
    assert free_of(board) == PAID - KEPT
    again = {"now": board.ctx("sara").now, "since": TODAY}
    assert allocating.settle([board.account], **again) == 0
    assert open_of(board.account)["R"] == 60_000_00
    later = pays(board, 60_000_00, on=TODAY)  # what comes later pays it
    assert total(Allocation.objects.filter(receipt=later)) == 60_000_00
    assert free_of(board) == PAID - KEPT
    check_money(board.account)


def test_charges_of_the_contract_are_paid_from_the_money_after_what_is_kept(board):
    pays(board)
    fee = {"category": "fee", "label": "FEE", "amount_minor": 500_00, "due_on": TODAY - DAY}
    obligations.raise_(
        board.ctx("sara"), account_id=board.account, contract_id=board.contract, **fee
    )
    ends(board)
    assert open_of(board.account)["FEE"] == 0
    assert free_of(board) == PAID - KEPT - 500_00


def test_it_is_taken_up_again_until_its_money_was_promised(board):
    pays(board)
    before = open_of(board.account)
    ends(board)
    taking = {"account_id": board.account, "contract_id": board.contract, "reason": "they pay",
              "document": "Annex 2"}  # fmt: skip
    late = board.ctx("sara", as_of=TODAY + 31 * DAY)
    with pytest.raises(Refused) as refused:
        ending.reinstate(late, **taking)
    assert refused.value.code == "ending.over"
    assert isinstance(ending.reinstate(board.ctx("sara"), **taking), Done)
    after = open_of(board.account)
    assert {name: after[name] for name in before} == before
    assert free_of(board) == 0
    check_money(board.account)
    check_standing(board.account)
    ends(board)
    money = Receipt.objects.get()
    asked = refunds.request(
        board.ctx("huda"), account_id=board.account, parts=[[money.id, 100]], reason="ended"
    )
    requests.approve(board.ctx("gamal"), request_id=asked.request_id)
    assert Refund.objects.count() == 1
    with pytest.raises(Refused) as refused:
        ending.reinstate(board.ctx("sara"), **taking)
    assert refused.value.code == "ending.refunded"


def test_papers_in_the_safe_are_handed_back_and_those_at_the_bank_recalled(board):
    pays(board)
    for number, state in (("101", "in_safe"), ("102", "under_collection"), ("103", "cleared")):
        Instrument.objects.create(
            account_id=board.account, contract_id=board.contract, number=number, bank="CIB",
            amount_minor=10_000_00, matures_on=TODAY + 30 * DAY, state=state,
        )  # fmt: skip
    contract = endings.contract_of(board.account, board.contract)
    listed = endings.preview(contract, endings.Asked(TODAY)).papers
    assert [(each.number, each.act) for each in listed] == [("101", "hand_back"), ("102", "recall")]
    ends(board)
    taking = {"reason": "mistake", "document": "x", "contract_id": board.contract}
    paper = Instrument.objects.get(number="101")
    waiting = instruments_handed(board, paper)
    if isinstance(waiting, Waiting):
        requests.approve(board.ctx("dina"), request_id=waiting.request_id)
    paper.refresh_from_db()
    assert paper.state == "returned_to_customer"
    with pytest.raises(Refused) as refused:
        ending.reinstate(board.ctx("sara"), account_id=board.account, **taking)
    assert refused.value.code == "ending.handed_back"


def instruments_handed(board, paper):
    """The paper handed back against a signature."""
    from tahsil.actions import replacing

    return replacing.hand_back(
        board.ctx("sara"), account_id=board.account, instrument_id=paper.id, document="signed"
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    paid=st.lists(st.integers(1, 80_000_00), min_size=1, max_size=3),
    kept=st.integers(0, 200_000_00),
    settlement=st.sampled_from(("unwind", "open", "future")),
    back=st.integers(0, 70),
)
def test_money_is_conserved_whatever_is_kept(board, paid, kept, settlement, back):
    from django.db import transaction

    with transaction.atomic():
        for position, amount in enumerate(paid):
            pays(board, amount, on=TODAY - (50 - position) * DAY)
        waiting = asks(board, settlement=settlement, charge_minor=kept, ended_on=TODAY - back * DAY)
        found = waiting.verdict.reasons[0].facts
        requests.approve(board.ctx("gamal"), request_id=waiting.request_id)
        check_money(board.account)
        check_standing(board.account)
        charges = Obligation.objects.filter(category="termination_deduction")
        assert total(charges) == found["charge_minor"] <= kept
        raised = total(Obligation.objects.filter(account_id=board.account))
        worth = raised + total(Adjustment.objects.filter(account_id=board.account))
        assert worth - sum(open_of(board.account).values()) + free_of(board) == sum(paid)
        if settlement == "unwind":
            assert free_of(board) == sum(paid) - found["charge_minor"] >= found["refund_minor"]
        transaction.set_rollback(True)


def test_a_policy_nobody_could_read_is_refused(board):
    from tahsil.actions import policies as publishing

    body = {**policies.at("ending", "default", TODAY)[0], "base": "whatever"}
    with pytest.raises(Refused) as refused:
        publishing._read("ending", "default", TODAY, body)
    assert refused.value.code == "ending.terms"
