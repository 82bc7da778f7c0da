"""Hand-over: a line without a date waits, falls due and is charged; two worked examples beside."""

from __future__ import annotations

import pytest

from tahsil.actions import charges, contracts, obligations, promises, receipts, requests
from tahsil.actions._verb import Done, Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import account, statement
from tahsil.run import check
from tahsil.store.models import Obligation
from tests.actions.money import open_of
from tests.stories.life import amount, check_figures, check_ties, open_minor
from tests.stories.signing import line, owed, sign
from tests.tables import table

pytestmark = pytest.mark.django_db


def pay(life, account_id: int, minor: int, **more):
    params = {"value_on": life.as_of, "instrument": "transfer", **more}
    return receipts.record(life.ctx("huda"), account_id=account_id, amount_minor=minor, **params)


def accrued(life, account_id: int) -> str:
    """What has accrued today and nobody assessed."""
    page = account.page(life.who("sara"), account_id, as_of=life.as_of)
    return amount(page.figures.penalties_minor)


def waive(life, account_id: int, label_or_id, minor: int, *, by: str):
    return obligations.waive(
        life.ctx(by), account_id=account_id, obligation_id=label_or_id, amount_minor=minor,
        reason="first time late",
    )  # fmt: skip


def test_a_line_that_waits_for_the_keys(life, people):
    lines = [
        owed("down_payment", "DP", 100_000_00, "2026-01-13"),
        owed("delivery", "DLV", 144_000_00, "HANDOVER", due_days=30),
    ]
    account_id, contract_id = sign(life, people, lines=lines, price_minor=244_000_00)
    pay(life, account_id, 100_000_00)
    life.told()
    life.as_of = life.as_of.replace(month=3, day=4)
    life.day()
    life.until("2026-03-05")
    assert life.told() == []  # what has no date is neither reminded of nor late
    the_keys_are_handed_over(life, account_id, contract_id)
    it_falls_due_and_goes_unpaid(life, account_id)
    it_is_charged_and_half_is_given_up(life, account_id, contract_id)
    the_rest_is_charged_and_all_is_paid(life, account_id, contract_id)
    assert check.check(as_of=life.as_of).is_sound


def the_keys_are_handed_over(life, account_id: int, contract_id: int) -> None:
    """The event is recorded four days late; the line has its date from the event on."""
    check_figures(
        life.who("sara"),
        account_id,
        """
    as_of        undated    not_due  overdue
    2026-03-05   144000.00  0.00     0.00
    """,
    )
    contracts.event(
        life.ctx("sara"), account_id=account_id, contract_id=contract_id, code="HANDOVER",
        happened_on="2026-03-01", document="minutes 17",
    )  # fmt: skip
    check_figures(
        life.who("sara"),
        account_id,
        """
    as_of        undated    not_due    overdue    dpd
    2026-02-28   144000.00  0.00       0.00       0
    2026-03-01   0.00       144000.00  0.00       0
    2026-03-05   0.00       144000.00  0.00       0
    """,
    )
    life.happened("""
    on          by    verb                   of        facts
    2026-03-01  Sara  contract.record_event  contract  code=HANDOVER lines=1
    """)


def it_falls_due_and_goes_unpaid(life, account_id: int) -> None:
    """Due thirty days after the keys; reminded, called, and charged from the day it was due."""
    found = {}

    def each() -> None:
        check_ties(life.who("sara"), account_id, life.as_of)
        found[life.as_of.isoformat()] = accrued(life, account_id)

    life.until("2026-04-04")
    life.until("2026-04-08", each=each)
    assert found == {  # nothing within seven days, then from the first of them
        "2026-04-05": "0.00", "2026-04-06": "0.00", "2026-04-07": "0.00", "2026-04-08": "568.11",
    }  # fmt: skip
    life.until("2026-05-17")
    assert accrued(life, account_id) == "3337.64"  # 47 days
    life.happened("""
    on          by      verb              of       facts
    2026-03-16  Tahsil  treatment.chosen  account  rung=before_15 treatment=remind next_due_days=15
    2026-03-24  Tahsil  treatment.chosen  account  rung=before_7 treatment=remind next_due_days=7
    2026-03-28  Tahsil  treatment.chosen  account  rung=before_3 treatment=remind next_due_days=3
    2026-03-30  Tahsil  treatment.chosen  account  rung=before_1 treatment=remind next_due_days=1
    2026-03-31  Tahsil  treatment.chosen  account  rung=due_today treatment=message dpd=0
    2026-04-01  Tahsil  treatment.chosen  account  rung=day_1 treatment=message dpd=1
    2026-04-03  Tahsil  case.open         case     rung=day_3
    2026-04-03  Tahsil  treatment.chosen  account  rung=day_3 treatment=call dpd=3
    2026-04-05  Tahsil  treatment.chosen  account  rung=day_3 treatment=call dpd=5
    2026-04-07  Tahsil  case.move         case     before=day_3 after=day_7
    2026-04-07  Tahsil  treatment.chosen  account  rung=day_7 treatment=call dpd=7
    2026-04-11  Tahsil  treatment.chosen  account  rung=day_7 treatment=call dpd=11
    2026-04-15  Tahsil  case.move         case     before=day_7 after=day_15
    2026-04-15  Tahsil  treatment.chosen  account  rung=day_15 treatment=letter dpd=15
    2026-04-22  Tahsil  treatment.chosen  account  rung=day_15 treatment=letter dpd=22
    2026-04-29  Tahsil  treatment.chosen  account  rung=day_15 treatment=letter dpd=29
    2026-04-30  Tahsil  case.move         case     before=day_15 after=day_30
    2026-04-30  Tahsil  treatment.chosen  account  rung=day_30 treatment=leader_call dpd=30
    2026-05-07  Tahsil  treatment.chosen  account  rung=day_30 treatment=leader_call dpd=37
    2026-05-14  Tahsil  treatment.chosen  account  rung=day_30 treatment=leader_call dpd=44
    2026-05-15  Tahsil  case.move         case     before=day_30 after=day_45
    2026-05-15  Tahsil  treatment.chosen  account  rung=day_45 treatment=settlement_offer dpd=45
    """)


def it_is_charged_and_half_is_given_up(life, account_id: int, contract_id: int) -> None:
    """Huda assesses; half is more than Omar may give up, Sara agrees; Lina may not even ask."""
    done = charges.assess(life.ctx("huda"), account_id=account_id, contract_id=contract_id)
    with pytest.raises(Refused) as refused:
        waive(life, account_id, done.id, 1_668_82, by="lina")
    assert refused.value.code == "grant.none"
    asked = waive(life, account_id, done.id, 1_668_82, by="omar")
    assert isinstance(asked, Waiting)
    assert asked.verdict.approvers == ("collection_manager", "cfo", "gm")
    requests.approve(life.ctx("sara"), request_id=asked.request_id)
    life.happened("""
    on          by    verb              of          facts
    2026-05-17  Huda  charge.assess     obligation  amount=3337.64 assessed_before=0.00
    2026-05-17  Omar  obligation.waive  obligation  amount=1668.82 category=penalty approvers=Sara
    2026-05-17  Sara  request.approve   request     verb=obligation.waive
    """)
    assert accrued(life, account_id) == "0.00"
    check_figures(
        life.who("sara"),
        account_id,
        """
    as_of        overdue    due_today  dpd
    2026-05-16   144000.00  0.00       46
    2026-05-17   144000.00  1668.82    47
    """,
    )
    check_ties(life.who("sara"), account_id, life.as_of)


def the_rest_is_charged_and_all_is_paid(life, account_id: int, contract_id: int) -> None:
    """What was given up stays so: only the days since are charged, and the money pays it all."""
    life.as_of = life.as_of.replace(month=7, day=4)  # 95 days
    assert accrued(life, account_id) == "3408.66"
    charges.assess(life.ctx("huda"), account_id=account_id, contract_id=contract_id)
    with pytest.raises(Refused) as refused:
        charges.assess(life.ctx("huda"), account_id=account_id, contract_id=contract_id)
    assert refused.value.code == "charge.period"
    penalties = Obligation.objects.filter(category="penalty")
    assert sum(penalties.values_list("amount_minor", flat=True)) == 6_746_30
    left = 144_000_00 + 6_746_30 - 1_668_82
    assert open_minor(account_id) == left
    pay(life, account_id, left)
    life.happened("""
    on          by    verb            of          facts
    2026-07-04  Huda  charge.assess   obligation  amount=3408.66 assessed_before=3337.64
    2026-07-04  Huda  receipt.record  receipt     amount=149077.48 unapplied=0.00
    """)
    check_ties(life.who("sara"), account_id, life.as_of)
    check_figures(
        life.who("sara"),
        account_id,
        """
    as_of        overdue  due_today  undated  unapplied  dpd
    2026-07-04   0.00     0.00       0.00     0.00       0
    """,
    )


def test_a_late_line_paid_in_two_goes(life, people):
    """The worked life of a returned payment, as far as it needs no desk of cheques."""
    life.as_of = life.as_of.replace(month=10, day=12)
    lines = [owed("instalment", "Q02", 144_000_00, "2026-10-13")]
    account_id, contract_id = sign(life, people, lines=lines)
    life.day()
    life.until("2026-10-15")
    assert account.page(life.who("lina"), account_id, as_of=life.as_of).figures.dpd == 2
    obligations.raise_(
        life.ctx("huda"), account_id=account_id, category="bounce_fee", amount_minor=500_00,
        due_on=life.as_of, contract_id=contract_id, label="FEE",
    )  # fmt: skip
    promises.make(
        life.ctx("lina"), account_id=account_id, amount_minor=100_000_00, promised_on="2026-10-20"
    )
    life.until("2026-10-20")
    pay(life, account_id, 100_000_00)
    life.told()
    life.until("2026-10-21")
    life.happened("""
    on          by      verb              of       facts
    2026-10-21  Tahsil  promise.judge     promise  state=kept amount=100000.00 received=100000.00
    2026-10-21  Tahsil  case.move         case     before=promise_today after=day_7
    2026-10-21  Tahsil  treatment.chosen  account  rung=day_7 treatment=call dpd=8 overdue=44500.00
    """)
    assert accrued(life, account_id) == "518.79"  # 497.10 for seven days, 21.70 for the eighth
    life.until("2026-10-31")
    found = statement.statement(life.who("lina"), account_id, as_of=life.as_of)
    assert [(row.label, row.paid_minor, row.open_minor) for row in found.lines] == [
        ("Q02", 100_000_00, 44_000_00), ("FEE", 0, 500_00),
    ]  # fmt: skip
    life.as_of = life.as_of.replace(month=11, day=8)
    pay(life, account_id, 44_000_00)
    assert open_of(account_id) == {"Q02": 0, "FEE": 500_00}
    life.as_of = life.as_of.replace(day=10)
    assert accrued(life, account_id) == "909.37"  # 412.27 more for nineteen days, then no more
    done = charges.assess(life.ctx("huda"), account_id=account_id, contract_id=contract_id)
    asked = waive(life, account_id, done.id, 454_69, by="omar")
    # Half of 909.37 is 454.69 as money goes: still half, and so Sara's to give.
    assert isinstance(asked, Waiting) and asked.verdict.approvers[0] == "collection_manager"
    assert isinstance(requests.approve(life.ctx("sara"), request_id=asked.request_id), Done)
    assert open_minor(account_id) == 454_68 + 500_00
    check_ties(life.who("sara"), account_id, life.as_of)


@pytest.mark.parametrize(
    "case",
    table("""
    waterfall      left                                                    why
    charges_first  COST=0 FEE=0 PEN=0 Q05=0 Q06=9383764 MNT=48000000       costs, fees, penalty, then principal
    developer      COST=200000 FEE=50000 PEN=333764 Q05=0 Q06=8800000 MNT=48000000   principal first, charges last
    """),  # noqa: E501
    ids=lambda case: case["why"],
)
def test_the_order_of_payment_matters(life, people, case):
    lines = [
        owed("instalment", "Q05", 144_000_00, "2026-02-13"),
        owed("instalment", "Q06", 144_000_00, "2026-05-13"),
        owed("maintenance_deposit", "MNT", 480_000_00, "2026-03-13"),
    ]
    account_id, contract_id = sign(life, people, lines=lines, waterfall=case["waterfall"])
    life.as_of = life.as_of.replace(month=6, day=1)
    for category, label, minor in (
        ("legal_cost", "COST", 2_000_00),
        ("bounce_fee", "FEE", 500_00),
        ("penalty", "PEN", 3_337_64),
    ):
        obligations.raise_(
            life.ctx("huda"), account_id=account_id, category=category, amount_minor=minor,
            due_on="2026-05-20", contract_id=contract_id, label=label,
        )  # fmt: skip
    with pytest.raises(Refused) as refused:  # money in one bank account pays no line of another
        pay(life, account_id, 200_000_00, rule="price", instruction=[[line("MNT"), 200_000_00]])
    assert refused.value.code == "allocation.bank_account"
    pay(life, account_id, 200_000_00, rule="price")
    assert open_of(account_id) == {
        name: int(minor) for name, minor in (pair.split("=") for pair in case["left"].split())
    }
