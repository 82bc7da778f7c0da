"""Refunds: money on account, agreed to by another person, paid once, owed again if not theirs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tahsil.actions import allocating, bank, obligations, receipts, refunds, requests
from tahsil.actions._verb import Done, Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.store import policies
from tahsil.store.models import (
    Allocation,
    BankLine,
    Obligation,
    Person,
    Receipt,
    Refund,
    RoleGrant,
)
from tests.actions import statements
from tests.actions.money import check_money, check_standing, open_of
from tests.conftest import TODAY
from tests.tables import table

ALL = 170_000_00  # what Mona owes in all
OVER = 5_000_00
DAY = timedelta(days=1)


@pytest.fixture
def cfo(book):
    """A finance director and a general manager, who agree to refunds."""
    for name, role in (("dina", "cfo"), ("gamal", "gm")):
        person = Person.objects.create(username=name, name=name.title(), password=name)
        RoleGrant.objects.create(person=person, role=role, scope="all", since_on=date(2020, 1, 1))
        setattr(book.people, name, person.id)
    return book


def paid(book, amount=ALL + OVER, *, on=TODAY - 9 * DAY, **more) -> Receipt:
    """A receipt that leaves OVER on account."""
    params = {"instrument": "transfer", "confirm": True, **more}
    done = receipts.record(
        book.ctx("sara", as_of=on), account_id=book.account, amount_minor=amount, value_on=on,
        **params,
    )  # fmt: skip
    return Receipt.objects.get(id=done.id)


def asked(book, *parts, by="huda", **more):
    """A refund asked for; `parts` are (receipt, amount)."""
    params = {"reason": "paid too much", "as_of": TODAY, **more}
    return refunds.request(
        book.ctx(by, as_of=params.pop("as_of")), account_id=book.account,
        parts=[[money.id, amount] for money, amount in parts], **params,
    )  # fmt: skip


def agreed(book, *parts, by="sara", **more) -> Refund:
    """A refund that was asked for and agreed to."""
    waiting = asked(book, *parts, **more)
    assert isinstance(waiting, Waiting)
    requests.approve(book.ctx(by), request_id=waiting.request_id)
    return Refund.objects.latest("id")


def pay(book, refund, *, by="huda", **more):
    """The refund paid in cash unless told otherwise."""
    params = {"method": "cash", **more}
    return refunds.pay(
        book.ctx(by), account_id=book.account, refund_id=refund.id, **params
    )  # fmt: skip


def test_asked_agreed_paid(cfo):
    money = paid(cfo)
    refund = agreed(cfo, (money, OVER))
    assert refund.number == "RF-NIL-2026-000001"
    assert refund.payee == "Mona Adel"
    assert (refund.asked_by_id, refund.approved_by_id) == (cfo.people.huda, cfo.people.sara)
    done = pay(cfo, refund)
    assert isinstance(done, Done)
    line = Obligation.objects.get(category="refund")
    assert line.due_on == line.raised_on == TODAY
    settled = Allocation.objects.get(obligation=line)
    assert (settled.receipt_id, settled.amount_minor) == (money.id, OVER)
    assert all(left == 0 for left in open_of(cfo.account).values())
    check_money(cfo.account)
    check_standing(cfo.account)
    assert allocating.settle([cfo.account], now=cfo.ctx("sara").now, since=TODAY) == 0
    with pytest.raises(Refused) as refused:
        pay(cfo, refund)
    assert refused.value.code == "refund.state"


@pytest.mark.parametrize("case", table("""
    asker   amount      approvers                  why
    huda    500000      collection_manager,cfo,gm  within the manager's limit
    sara    500000      collection_manager,cfo,gm  a manager needs another one
    huda    5000001     cfo,gm                     above the manager's, the director
    sara    30000000    gm                         above his, the general manager
    """), ids=lambda case: case["why"])  # fmt: skip
def test_another_person_agrees_within_limits(cfo, case):
    amount = int(case["amount"])
    money = paid(cfo, ALL + amount)
    waiting = asked(cfo, (money, amount), by=case["asker"])
    assert isinstance(waiting, Waiting)
    assert ",".join(waiting.verdict.approvers) == case["approvers"]
    with pytest.raises(Refused):
        requests.approve(cfo.ctx(case["asker"]), request_id=waiting.request_id)
    assert not Refund.objects.exists()
    requests.approve(cfo.ctx("gamal"), request_id=waiting.request_id)
    assert Refund.objects.get().amount_minor == amount


@pytest.mark.parametrize("case", table("""
    code                   instrument  back  amount  more                  why
    refund.beyond_rest     transfer    9     500001  -                     more than is there
    refund.too_soon        card        9     500000  -                     a card may be disputed
    refund.too_soon        transfer    0     500000  -                     a transfer of today
    refund.not_cleared     cheque      90    500000  -                     nobody saw it clear
    given.amount           transfer    9     0       -                     nothing is no refund
    given.missing          transfer    9     500000  reason=               without a reason
    refund.third_person    transfer    9     500000  payee=Samir Fathi     to somebody else
    """), ids=lambda case: case["why"])  # fmt: skip
def test_what_cannot_be_paid_back(cfo, case):
    money = paid(cfo, on=TODAY - int(case["back"]) * DAY, instrument=case["instrument"])
    more = dict(pair.split("=") for pair in [case["more"]] if "=" in pair)
    with pytest.raises(Refused) as refused:
        asked(cfo, (money, int(case["amount"])), **more)
    assert refused.value.code == case["code"]
    assert str(refused.value)
    assert not Refund.objects.exists()


def test_what_is_overdue_is_set_off_first_unless_who_agrees_says_so(cfo):
    money = paid(cfo, OVER, rule="held")
    with pytest.raises(Refused) as refused:
        asked(cfo, (money, OVER))
    assert refused.value.code == "refund.set_off_first"
    waiting = asked(cfo, (money, OVER), is_despite_overdue=True)
    assert waiting.verdict.reasons[0].code == "refund.despite_overdue"
    assert waiting.verdict.reasons[0].facts["overdue_minor"] == 120_000_00
    requests.approve(cfo.ctx("sara"), request_id=waiting.request_id)
    pay(cfo, Refund.objects.get())
    assert open_of(cfo.account)["Q01"] == 50_000_00
    check_money(cfo.account)


def test_what_fell_due_meanwhile_is_set_off_first_too(cfo):
    money = paid(cfo)
    refund = agreed(cfo, (money, OVER))
    late = {"category": "fee", "amount_minor": 100_00, "due_on": TODAY - DAY}
    obligations.raise_(cfo.ctx("sara"), account_id=cfo.account, **late)
    with pytest.raises(Refused) as refused:
        pay(cfo, refund)
    assert refused.value.code == "refund.set_off_first"


def test_a_third_person_is_named_with_the_reason(cfo):
    known = {"payer_relation": "relative", "payer_identity": "2980", "has_consent": True}
    money = paid(cfo, payer="Samir Fathi", **known)
    assert agreed(cfo, (money, 100)).payee == "Samir Fathi"  # he paid, so he gets it
    other = agreed(cfo, (money, 100), payee="Nile Law", payee_reason="power of attorney")
    assert (other.payee, other.payee_reason) == ("Nile Law", "power of attorney")


def test_money_promised_to_one_refund_is_not_there_for_another(cfo):
    money = paid(cfo)
    first = agreed(cfo, (money, 3_000_00))
    with pytest.raises(Refused) as refused:
        asked(cfo, (money, 2_000_01))
    assert refused.value.code == "refund.beyond_rest"
    second = agreed(cfo, (money, 2_000_00))
    refunds.cancel(
        cfo.ctx("huda"), account_id=cfo.account, refund_id=first.id, reason="he keeps it"
    )
    third = agreed(cfo, (money, 3_000_00))
    for each in (second, third):
        pay(cfo, each)
    check_money(cfo.account)


def test_two_waiting_requests_for_one_receipt_cannot_both_be_agreed_to(cfo):
    money = paid(cfo)
    one, two = (asked(cfo, (money, OVER)) for _ in range(2))
    requests.approve(cfo.ctx("sara"), request_id=one.request_id)
    with pytest.raises(Refused) as refused:
        requests.approve(cfo.ctx("sara"), request_id=two.request_id)
    assert refused.value.code == "refund.beyond_rest"
    assert Refund.objects.count() == 1


def test_a_receipt_reversed_after_its_refund_is_owed_again_and_paid_by_other_money(cfo):
    money = paid(cfo, on=TODAY - 20 * DAY)
    pay(cfo, agreed(cfo, (money, OVER)))
    receipts.reverse(
        cfo.ctx("sara"), account_id=cfo.account, receipt_id=money.id, reason="recalled by the bank"
    )
    line = Obligation.objects.get(category="refund")
    owed = Allocation.objects.filter(obligation=line)
    assert sum(each.amount_minor for each in owed) == 0
    check_money(cfo.account)
    paid(cfo, ALL + OVER, on=TODAY)
    assert sum(each.amount_minor for each in owed.all()) == OVER
    assert all(left == 0 for left in open_of(cfo.account).values())
    check_money(cfo.account)


def test_other_money_of_the_day_does_not_settle_a_refund(cfo):
    money = paid(cfo, on=TODAY)
    later = paid(cfo, 700_00, on=TODAY, instrument="cash")
    cash = paid(cfo, 900_00, on=TODAY, instrument="cash", reference="b")
    pay(cfo, agreed(cfo, (cash, 900_00)))
    line = Obligation.objects.get(category="refund")
    assert set(Allocation.objects.filter(obligation=line).values_list("receipt_id", flat=True)) == {
        cash.id
    }
    assert not Allocation.objects.filter(receipt=later).exists()
    assert money.id != later.id


def test_a_refund_dated_back_takes_nothing_that_was_spent_since(cfo):
    money = paid(cfo, on=TODAY - 20 * DAY)
    refund = agreed(cfo, (money, OVER))
    with pytest.raises(Refused) as refused:
        pay(cfo, refund, value_on=TODAY - DAY)
    assert refused.value.code == "refund.day"


def test_money_paid_back_is_not_moved(cfo):
    money = paid(cfo, on=TODAY - 20 * DAY)
    pay(cfo, agreed(cfo, (money, OVER)))
    receipts.reallocate(
        cfo.ctx("sara"), account_id=cfo.account, receipt_id=money.id, reason="as he asked",
        instruction=[[cfo.lines["Q03"], 50_000_00]],
    )  # fmt: skip
    line = Obligation.objects.get(category="refund")
    assert sum(each.amount_minor for each in Allocation.objects.filter(obligation=line)) == OVER
    check_money(cfo.account)
    with pytest.raises(Refused) as refused:
        receipts.reallocate(
            cfo.ctx("sara"), account_id=cfo.account, receipt_id=money.id, reason="more",
            instruction=[[cfo.lines["Q01"], 50_000_00], [cfo.lines["Q02"], 50_000_00],
                         [cfo.lines["Q03"], 50_000_00], [cfo.lines["MNT"], 20_000_00 + 1]],
        )  # fmt: skip
    assert refused.value.code == "allocation.beyond_open" or refused.value.parts


def test_money_that_came_back_is_on_account_again(cfo):
    money = paid(cfo, on=TODAY - 20 * DAY)
    refund = agreed(cfo, (money, OVER))
    pay(cfo, refund)
    refunds.take_back(
        cfo.ctx("huda"), account_id=cfo.account, refund_id=refund.id, reason="account closed"
    )
    check_money(cfo.account)
    check_standing(cfo.account)
    assert agreed(cfo, (money, OVER)).amount_minor == OVER


@pytest.mark.parametrize("act", ["raise", "adjust", "cancel"])
def test_lines_of_refunds_are_the_refunds_own(cfo, act):
    money = paid(cfo, on=TODAY - 20 * DAY)
    pay(cfo, agreed(cfo, (money, OVER)))
    line = Obligation.objects.get(category="refund")
    ctx, of = cfo.ctx("sara"), {"account_id": cfo.account}
    with pytest.raises(Refused) as refused:
        if act == "raise":
            obligations.raise_(ctx, **of, category="refund", amount_minor=1, due_on=TODAY)
        elif act == "adjust":
            obligations.adjust(ctx, **of, obligation_id=line.id, amount_minor=-1, reason="less")
        else:
            obligations.cancel(ctx, **of, obligation_id=line.id, reason="none")
    assert refused.value.code == "obligation.refund"


def test_the_banks_line_is_matched_to_the_refund_and_to_nothing_else(cfo):
    ours = statements.bank_account(cfo.people.creditor)
    money = paid(cfo, on=TODAY - 20 * DAY)
    refund = agreed(cfo, (money, OVER))
    out, other = statements.take(cfo.ctx("huda"), (-OVER, "REFUND MONA"), (-OVER - 1, "FEE"))
    of = {"refund_id": refund.id}
    with pytest.raises(Refused):
        refunds.match(cfo.ctx("huda"), line_id=out.id, **of)  # not paid yet
    pay(cfo, refund, method="transfer", bank_account_id=ours.id, reference="T-9")
    with pytest.raises(Refused) as refused:
        refunds.match(cfo.ctx("huda"), line_id=other.id, **of)
    assert refused.value.code == "refund.line"
    refunds.match(cfo.ctx("huda"), line_id=out.id, **of)
    assert BankLine.objects.get(id=out.id).state == "explained"
    bank.unmatch(cfo.ctx("huda"), line_id=out.id, reason="looked again")
    refunds.match(cfo.ctx("huda"), line_id=out.id, **of)


@pytest.mark.parametrize("case", table("""
    code                 method    account   why
    refund.method        shells    0         shells are no money
    refund.bank_account  transfer  0         a transfer leaves an account of ours
    """), ids=lambda case: case["why"])  # fmt: skip
def test_how_a_refund_is_paid(cfo, case):
    money = paid(cfo, on=TODAY - 20 * DAY)
    refund = agreed(cfo, (money, OVER))
    with pytest.raises(Refused) as refused:
        pay(cfo, refund, method=case["method"])
    assert refused.value.code == case["code"]
    assert not Obligation.objects.filter(category="refund").exists()


def test_collectors_ask_and_do_not_pay(cfo):
    money = paid(cfo, on=TODAY - 20 * DAY)
    refund = agreed(cfo, (money, OVER), by="sara")
    with pytest.raises(Refused) as refused:
        pay(cfo, refund, by="lina")
    assert refused.value.code == "grant.none"
    assert policies.at("refund", "default", TODAY)[0]["is_set_off_first"]
