"""Obligations, late charges and contracts: raised, corrected, given up, dated, rescheduled."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tahsil.actions import charges, contracts, disputes, holds, obligations, receipts, requests
from tahsil.actions._verb import Done, Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import (
    Account,
    Adjustment,
    Contract,
    Obligation,
    ObligationDue,
    Party,
    ScheduleVersion,
    Standing,
)
from tests.actions.money import check_money, check_standing, open_of
from tests.conftest import TODAY
from tests.tables import table


def raised(book, amount=100_000, category="penalty", **more):
    params = {"category": category, "amount_minor": amount, "due_on": TODAY, "label": "P1", **more}
    return obligations.raise_(book.ctx("huda"), account_id=book.account, **params)


def test_something_more_is_owed(book):
    done = raised(book)
    assert open_of(book.account)["P1"] == 100_000
    assert (done.facts["category"], done.facts["due_on"]) == ("penalty", "2026-11-22")
    check_standing(book.account)


@pytest.mark.parametrize(
    "case",
    table("""
    code                more                 why
    category.unknown    category=gift        for a reason that is known
    given.amount        amount=0             nothing is not owed
    given.missing       due_on=              it is due some day
    contract.unknown    contract_id=9999     on a contract of the account
    """),
    ids=lambda case: case["why"],
)
def test_what_cannot_be_raised_is_refused(book, case):
    name, _, value = case["more"].partition("=")
    params = {name: int(value) if value.isdigit() else value}
    with pytest.raises(Refused) as refused:
        raised(book, **params)
    assert refused.value.code == case["code"]


def test_a_line_lowered_below_what_was_paid_sets_money_free(book):
    receipts.record(
        book.ctx("huda"), account_id=book.account, amount_minor=5_000_000,
        value_on=TODAY - timedelta(days=1),
        instrument="cash",
    )  # fmt: skip
    params = {"account_id": book.account, "obligation_id": book.lines["Q01"]}
    outcome = obligations.adjust(
        book.ctx("sara"), **params, amount_minor=-50_000, reason="area measured again"
    )
    assert isinstance(outcome, Done)
    assert open_of(book.account)["Q01"] == 0
    assert Standing.objects.get(account_id=book.account).unapplied_minor == 50_000
    check_money(book.account)
    with pytest.raises(Refused) as refused:
        obligations.adjust(book.ctx("sara"), **params, amount_minor=-4_950_001, reason="too much")
    assert refused.value.code == "obligation.below_nothing"


def test_a_large_correction_waits_for_a_yes(book):
    params = {"account_id": book.account, "obligation_id": book.lines["Q01"], "reason": "typed"}
    up = obligations.adjust(book.ctx("sara"), amount_minor=900_000, **params)
    down = obligations.adjust(book.ctx("sara"), amount_minor=-900_000, **params)
    assert isinstance(up, Done) and isinstance(down, Waiting)
    assert open_of(book.account)["Q01"] == 5_900_000


@pytest.mark.parametrize(
    "case",
    table("""
    by    amount   answer   why
    omar  25000    done     a quarter of it is the leader's
    omar  25001    waiting  more is not
    sara  50000    done     half of it is the manager's
    sara  50001    waiting  more is finance's
    """),
    ids=lambda case: case["why"],
)
def test_who_may_give_up_how_much(book, case):
    line = raised(book).id
    outcome = obligations.waive(
        book.ctx(case["by"]), account_id=book.account, obligation_id=line,
        amount_minor=int(case["amount"]), reason="first time late",
    )  # fmt: skip
    assert isinstance(outcome, Done if case["answer"] == "done" else Waiting)
    left = open_of(book.account)["P1"]
    assert left == 100_000 - (int(case["amount"]) if case["answer"] == "done" else 0)


def test_concessions_of_a_year_are_counted_together(book):
    for n, kind in ((1, Done), (2, Waiting)):
        line = raised(book, 600_000, label=f"P{n}").id
        outcome = obligations.waive(
            book.ctx("omar"), account_id=book.account, obligation_id=line, amount_minor=150_000,
            reason="again",
        )  # fmt: skip
        assert isinstance(outcome, kind)


def test_an_instalment_is_not_given_up_and_a_charge_not_beyond_itself(book):
    for line, amount, code in (
        (book.lines["Q01"], 1, "obligation.not_waivable"),
        (raised(book).id, 100_001, "obligation.open"),
    ):
        with pytest.raises(Refused) as refused:
            obligations.waive(
                book.ctx("sara"), account_id=book.account, obligation_id=line,
                amount_minor=amount, reason="asked for",
            )  # fmt: skip
        assert refused.value.code == code


def test_a_cancelled_line_is_worth_nothing(book):
    line = raised(book).id
    params = {"account_id": book.account, "obligation_id": line, "reason": "raised twice"}
    obligations.cancel(book.ctx("sara"), **params)
    assert open_of(book.account)["P1"] == 0
    with pytest.raises(Refused) as refused:
        obligations.cancel(book.ctx("sara"), **params)
    assert refused.value.code == "obligation.nothing_left"


def assess(book, until_on=None, by="huda"):
    return charges.assess(
        book.ctx(by), account_id=book.account, contract_id=book.contract, until_on=until_on
    )


def test_a_penalty_is_what_its_steps_say_and_raised_once(book):
    # 50,000.00 at 1.5 % a month (18 % a year by days): Q01 132 days, Q02 40 days.
    expected = round(5_000_000 * 0.18 * 132 / 365) + round(5_000_000 * 0.18 * 40 / 365)
    done = assess(book)
    assert done.facts["amount_minor"] == expected
    assert sum(step["amount_minor"] for step in done.facts["steps"]) == expected
    assert Obligation.objects.get(category="penalty").amount_minor == expected
    with pytest.raises(Refused) as refused:
        assess(book)
    assert refused.value.code == "charge.period" and str(refused.value)


def test_assessing_in_two_goes_comes_to_the_same(book):
    first = assess(book, until_on="2026-10-31").facts["amount_minor"]
    second = assess(book)
    assert second.facts["assessed_before_minor"] == first
    total = first + second.facts["amount_minor"]
    assert total == round(5_000_000 * 0.18 * 132 / 365) + round(5_000_000 * 0.18 * 40 / 365)


def test_disputed_and_paused_days_do_not_count(book):
    disputes.open(
        book.ctx("lina", as_of=date(2026, 10, 13)), account_id=book.account,
        obligation_id=book.lines["Q02"], code="D_PENALTY",
    )  # fmt: skip
    holds.place(
        book.ctx("omar"), account_id=book.account, kind="pause", reason="our system stood still",
        since_on=date(2026, 10, 31), until_on=date(2026, 11, 29),
    )  # fmt: skip
    assert assess(book).facts["amount_minor"] == round(5_000_000 * 0.18 * 110 / 365)


def test_a_contract_without_a_rule_is_not_charged(book):
    Contract.objects.filter(id=book.contract).update(penalty="")
    with pytest.raises(Refused) as refused:
        assess(book)
    assert refused.value.code == "charge.no_rule"


def signing(book, **more):
    params = {
        "number": "YAS-D-9",
        "party": {"name": "Hoda Samir", "code": "C9"},
        "creditor_id": book.people.creditor,
        "project_id": book.people.project,
        "asset": {"code": "D 9"},
        "signed_on": "2026-11-01",
        "price_minor": 1_000,
        "lines": [
            {"category": "down_payment", "label": "DP", "amount_minor": 400, "due_on": TODAY},
            {"category": "delivery", "label": "DLV", "amount_minor": 600,
             "due_event": "HANDOVER", "due_days": 10},
        ],
        **more,
    }  # fmt: skip
    return contracts.sign(book.ctx("sara"), **params)


def test_a_signed_contract_has_its_account_and_schedule(book):
    done = signing(book)
    contract = Contract.objects.get(id=done.id)
    assert contract.account.party.name == "Hoda Samir"
    assert contract.account.number == f"NIL-{contract.account_id:06d}"
    assert contract.schedules.get().lines.count() == 2
    assert Standing.objects.get(account_id=contract.account_id).undated_minor == 600


@pytest.mark.parametrize(
    "case",
    table("""
    code              more                why
    schedule.total    price_minor=999     the lines come to the price
    policy.unknown    waterfall=niagara   the order of payment is published
    given.missing     number=             a contract has a number
    creditor.unknown  creditor_id=9999    somebody is owed
    """),
    ids=lambda case: case["why"],
)
def test_what_cannot_be_signed_is_refused(book, case):
    name, _, value = case["more"].partition("=")
    before = (Party.objects.count(), Account.objects.count())
    with pytest.raises(Refused) as refused:
        signing(book, **{name: int(value) if value.isdigit() else value})
    assert refused.value.code == case["code"]
    assert (Party.objects.count(), Account.objects.count()) == before


def test_terms_make_the_schedule(book):
    terms = {
        "kind": "developer", "price_minor": 1_200_000, "signed_on": "2026-01-13",
        "down_payments": [{"category": "down_payment", "label": "DP", "when": 0, "ppm": 100_000}],
        "regular": [{"count": 12, "first_month": 3, "step_months": 3}],
        "extras": [{"category": "maintenance_deposit", "label": "MNT", "ppm": 80_000,
                    "when": {"event": "HANDOVER", "days": 0}}],
    }  # fmt: skip
    done = signing(book, lines=[], terms=terms, price_minor=1_200_000)
    assert done.facts["lines"] == 14
    assert done.facts["total_minor"] == 1_200_000 + 96_000


def test_an_event_dates_the_lines_that_waited_once(book):
    signed = signing(book)
    account_id = Contract.objects.get(id=signed.id).account_id
    params = {"account_id": account_id, "contract_id": signed.id, "code": "HANDOVER"}
    contracts.event(book.ctx("sara"), happened_on="2026-11-05", **params)
    assert ObligationDue.objects.get().due_on == date(2026, 11, 15)
    assert Standing.objects.get(account_id=account_id).overdue_minor == 600
    for more, code in (
        ({"happened_on": "2026-11-06"}, "contract.event_twice"),
        ({"happened_on": "2026-11-06", "code": "ROOF"}, "contract.event_unknown"),
        ({"happened_on": "2026-12-06"}, "contract.event_future"),
    ):
        with pytest.raises(Refused) as refused:
            contracts.event(book.ctx("sara"), **{**params, **more})
        assert refused.value.code == code and str(refused.value)


def amended(book, by="sara", days=60, **more):
    line = {"category": "instalment", "label": "N", "amount_minor": 2_500_000}
    lines = [
        {**line, "label": f"N{n}", "due_on": date(2026, 10, 13) + timedelta(days=days * n)}
        for n in (1, 2)
    ]
    params = {"lines": lines, "reason": "agreed", "superseded_ids": [book.lines["Q02"]], **more}
    return contracts.amend(
        book.ctx(by), account_id=book.account, contract_id=book.contract, **params
    )


def test_an_amended_schedule_supersedes_what_was_open(book):
    done = amended(book)
    opened = open_of(book.account)
    assert (opened["Q02"], opened["N1"], opened["N2"]) == (0, 2_500_000, 2_500_000)
    assert Adjustment.objects.get().kind == "supersede"
    assert done.facts["version"] == 2 and ScheduleVersion.objects.count() == 2
    check_standing(book.account)


def test_an_amended_schedule_loses_nothing(book):
    with pytest.raises(Refused) as refused:
        amended(book, superseded_ids=[book.lines["Q01"], book.lines["Q02"]])
    assert refused.value.code == "schedule.total"


def test_moving_a_schedule_far_waits_for_finance(book):
    waiting = amended(book, days=100)
    assert isinstance(waiting, Waiting) and waiting.verdict.approvers[0] == "cfo"
    with pytest.raises(Refused) as refused:
        requests.approve(book.ctx("omar"), request_id=waiting.request_id)
    assert refused.value.code == "request.not_yours"
    assert ScheduleVersion.objects.count() == 1
