"""The worked life of one cheque: presented, returned, paid in part, replaced, cleared, handed back.

Line Q02 of 144,000 due Tuesday 13 October 2026, covered by cheque 000123; 18 % a year with a
franchise of seven days; Egypt, Friday and Saturday free.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tahsil.actions import (
    charges,
    instruments,
    obligations,
    presenting,
    promises,
    receipts,
    replacing,
    requests,
    returning,
)
from tahsil.actions._verb import Done, Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import account
from tahsil.queries.instrument_page import instrument as page_of
from tahsil.store.models import (
    BankAccount,
    Contract,
    DepositSlip,
    Instrument,
    Obligation,
    Person,
    RoleGrant,
)
from tests.stories.life import check_ties, figures
from tests.stories.signing import line, owed, sign

pytestmark = pytest.mark.django_db

CHECKS = ("date", "words", "payee", "signature", "alteration", "drawer", "bank", "paper", "expiry",
          "currency", "photo")  # fmt: skip
CHECKED = dict.fromkeys(CHECKS, True)


@pytest.fixture
def life(life, people):
    """Mervat keeps the cheques, Tarek the treasury."""
    for username, role in (("mervat", "cheque_officer"), ("tarek", "treasury_head")):
        person = Person.objects.create(
            username=username, name=username.title(), branch_id=people.branch
        )
        RoleGrant.objects.create(person=person, role=role, scope="all", since_on=date(2026, 1, 1))
    return life


@pytest.fixture
def bank(people) -> int:
    return BankAccount.objects.create(
        creditor_id=people.creditor, code="CIB-1", bank="CIB", currency="EGP", rule="price"
    ).id


@pytest.fixture
def account_id(life, people) -> int:
    """Mona owes one line; her cheque for it lies in the bank's custody by October."""
    account_id, _ = sign(
        life, people, lines=[owed("instalment", "Q02", 144_000_00, "2026-10-13")],
        penalty="developer_yearly",
    )  # fmt: skip
    taken_in(life, account_id, "000123", 144_000_00, "2026-10-13")
    return account_id


def on(life, day: str) -> None:
    life.as_of = date.fromisoformat(day)


def agreed(life, outcome: Any, by: str) -> None:
    """What was asked for waits, and somebody else says yes."""
    assert isinstance(outcome, Waiting), outcome
    done = requests.approve(life.ctx(by), request_id=outcome.request_id)
    assert isinstance(done, Done)


def paper(number: str) -> Instrument:
    return Instrument.objects.get(number=number)


def taken_in(life, account_id: int, number: str, minor: int, dated: str, **more: Any) -> None:
    """The collector takes a cheque in, one officer verifies it, another agrees."""
    instruments.capture(
        life.ctx("lina"), account_id=account_id, number=number, bank="NBE", amount_minor=minor,
        matures_on=dated, drawer="Mona Adel", **more,
    )  # fmt: skip
    asked = instruments.verify(
        life.ctx("mervat"), account_id=account_id, instrument_id=paper(number).id,
        checklist=CHECKED,
    )  # fmt: skip
    agreed(life, asked, "tarek")


def sent(life, number: str, bank: int, slip: str) -> None:
    presenting.send(
        life.ctx("mervat"), bank_account_id=bank, instruments=[paper(number).id], number=slip
    )


def cover(life, account_id: int) -> str:
    """How the line is covered, as the account page says it."""
    found = account.page(life.who("sara"), account_id, as_of=life.as_of)
    rows = [each for card in found.contracts for each in card.lines if each.label == "Q02"]
    return rows[0].cover


def test_the_worked_life_of_one_cheque(life, people, account_id, bank):
    old = paper("000123")
    instruments.MOVES["lodge"](
        life.ctx("mervat"), account_id=account_id, instrument_id=old.id, document="list 7"
    )
    on(life, "2026-10-06")
    assert (paper("000123").state, cover(life, account_id)) == ("bank_custody", "bank")

    on(life, "2026-10-13")
    sent(life, "000123", bank, "S-1")
    assert paper("000123").state == "under_collection"
    assert cover(life, account_id) == "float"

    on(life, "2026-10-15")
    returned = returning.bounce(
        life.ctx("huda"), account_id=account_id, instrument_id=old.id, reason="الرصيد لا يكفي",
        memo="memo 55", charge_minor=150_00,
    )  # fmt: skip
    assert returned.facts["reason"] == "NSF"
    assert returned.facts["fee_minor"] == 500_00
    assert Obligation.objects.get(category="bounce_fee").amount_minor == 500_00
    seen = figures(life.who("sara"), account_id, life.as_of)
    assert (seen["overdue"], seen["dpd"]) == ("144000.00", "2")
    assert cover(life, account_id) == "bounced"
    check_ties(life.who("sara"), account_id, life.as_of)

    promises.make(
        life.ctx("lina"), account_id=account_id, amount_minor=100_000_00,
        promised_on="2026-10-20", instrument="transfer",
    )  # fmt: skip
    on(life, "2026-10-20")
    receipts.record(
        life.ctx("huda"), account_id=account_id, amount_minor=100_000_00, value_on="2026-10-20",
        instrument="transfer", reference="TR1", instruction=[[line("Q02"), 100_000_00]],
    )  # fmt: skip
    life.day()
    assert paper("000123").state == "bounced"
    with pytest.raises(Refused) as refused:  # nothing goes before its new cover is in
        replacing.hand_back(
            life.ctx("mervat"), account_id=account_id, instrument_id=old.id, document="signed"
        )
    assert refused.value.code == "instrument.state"

    on(life, "2026-11-02")
    instruments.capture(
        life.ctx("lina"), account_id=account_id, number="000541", bank="NBE",
        amount_minor=44_000_00, matures_on="2026-11-05", lines=[[line("Q02"), 44_000_00]],
    )  # fmt: skip
    new = paper("000541")
    with pytest.raises(Refused) as refused:
        replacing.replace(
            life.ctx("sara"), account_id=account_id, instrument_id=old.id, instruments=[new.id]
        )
    assert refused.value.code == "instrument.not_in"
    agreed(life, instruments.verify(
        life.ctx("mervat"), account_id=account_id, instrument_id=new.id, checklist=CHECKED
    ), "tarek")  # fmt: skip
    asked = replacing.replace(
        life.ctx("mervat"), account_id=account_id, instrument_id=old.id, instruments=[new.id]
    )
    agreed(life, asked, "sara")
    assert paper("000123").state == "replaced"
    assert cover(life, account_id) == "safe"

    on(life, "2026-11-05")
    sent(life, "000541", bank, "S-2")
    assert cover(life, account_id) == "float"
    on(life, "2026-11-08")
    cleared = presenting.clear(
        life.ctx("huda"), account_id=account_id, instrument_id=new.id, value_on="2026-11-08",
        reference="ST-9",
    )  # fmt: skip
    assert cleared.facts["receipt"]
    left = figures(life.who("sara"), account_id, life.as_of)
    assert left["overdue"] == "500.00"  # the fee of the bounce
    agreed(life, replacing.hand_back(
        life.ctx("mervat"), account_id=account_id, instrument_id=old.id, document="signed 11-08"
    ), "adel")  # fmt: skip

    contract = Contract.objects.get()
    charges.assess(
        life.ctx("huda"), account_id=account_id, contract_id=contract.id, until_on="2026-11-08"
    )
    penalty = Obligation.objects.get(category="penalty")
    assert penalty.amount_minor == 909_37
    on(life, "2026-11-10")
    asked = obligations.waive(
        life.ctx("omar"), account_id=account_id, obligation_id=penalty.id, amount_minor=454_69,
        reason="first time",
    )  # fmt: skip
    agreed(life, asked, "sara")
    check_ties(life.who("sara"), account_id, life.as_of)

    walked = page_of(life.who("mervat"), old.id, as_of=life.as_of)
    assert [move.verb for move in walked.moves] == [
        "capture", "verify", "lodge", "deposit", "bounce", "replace", "hand_back",
    ]  # fmt: skip
    assert [(one.seq, one.result, one.reason) for one in walked.tries] == [(1, "bounced", "NSF")]
    past = page_of(life.who("mervat"), old.id, as_of=date(2026, 10, 13))
    assert past.row.state == "under_collection"


def test_a_slip_takes_only_papers_whose_day_has_come(life, account_id, bank):
    on(life, "2026-10-11")
    with pytest.raises(Refused) as refused:
        sent(life, "000123", bank, "S-1")
    assert refused.value.code == "instrument.early"
    assert not DepositSlip.objects.exists()  # nothing half-done stays behind


def test_nobody_verifies_alone(life, account_id):
    instruments.capture(
        life.ctx("lina"), account_id=account_id, number="000777", bank="NBE",
        amount_minor=1_000_00, matures_on="2026-12-01", lines=[[line("Q02"), 1_000_00]],
    )  # fmt: skip
    asked = instruments.verify(
        life.ctx("mervat"), account_id=account_id, instrument_id=paper("000777").id,
        checklist=CHECKED,
    )  # fmt: skip
    with pytest.raises(Refused):
        requests.approve(life.ctx("mervat"), request_id=asked.request_id)
    assert paper("000777").state == "provisional"


def test_a_paper_that_fails_the_checklist_is_not_taken(life, account_id):
    instruments.capture(
        life.ctx("lina"), account_id=account_id, number="000778", bank="NBE",
        amount_minor=1_000_00, matures_on="2026-12-01", lines=[[line("Q02"), 1_000_00]],
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        instruments.verify(
            life.ctx("mervat"), account_id=account_id, instrument_id=paper("000778").id,
            checklist={**CHECKED, "signature": False},
        )  # fmt: skip
    assert refused.value.code == "instrument.checklist"
    assert refused.value.facts["failed"] == ["signature"]


def test_a_hold_ends_and_a_paper_goes_stale_by_themselves(life, account_id):
    held = paper("000123")
    on(life, "2026-10-01")
    asked = replacing.hold(
        life.ctx("lina"), account_id=account_id, instrument_id=held.id, until_on="2026-10-20",
        reason="salary late",
    )  # fmt: skip
    agreed(life, asked, "sara")
    life.day()
    assert paper("000123").state == "held"
    assert cover(life, account_id) == "held"
    life.until("2026-10-20")
    assert paper("000123").state == "in_safe"
    life.day()  # once more changes nothing
    assert page_of(life.who("mervat"), held.id, as_of=life.as_of).moves[-1].verb == "resume"
    on(life, "2027-04-13")
    life.day()
    assert paper("000123").state == "stale"
