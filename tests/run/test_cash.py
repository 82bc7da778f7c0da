"""Deposits and the bank's lines; what `tahsil check` says of cash, each statement broken once."""

from __future__ import annotations

import pytest
from django.db import connection

from tahsil.actions import bank, cash
from tahsil.run import check_cash, matching
from tahsil.store import policies
from tahsil.store.models import (
    BankLine,
    BankStatement,
    CashDay,
    CashDeposit,
    CashEntry,
    CashItem,
    Receipt,
)
from tests.actions.conftest import book
from tests.actions.test_cash import Till, refused, till
from tests.conftest import NOW, TODAY
from tests.tables import table

__all__ = ["book", "till"]
pytestmark = pytest.mark.django_db


def line(till: Till, amount: int, text: str, *, on=TODAY) -> BankLine:
    statement, _ = BankStatement.objects.get_or_create(
        bank_account_id=till.bank, digest="d", defaults={
            "file_name": "s", "format": "csv", "line_count": 1, "credit_minor": amount,
            "debit_minor": 0, "imported_at": NOW,
        },
    )  # fmt: skip
    return BankLine.objects.create(
        statement=statement, bank_account_id=till.bank, at=1, booked_on=on, value_on=on,
        amount_minor=amount, text=text, code="cash", fingerprint=f"{text}-{amount}",
    )  # fmt: skip


@pytest.mark.parametrize(
    "case",
    table("""
    amount   text                      state      why
    1000000  CASH DEP SLIP 0026071     explained  slip and amount agree
    1000000  CASH DEPOSIT MAADI        open       the amount alone is left to a person
    999900   CASH DEP SLIP 0026071     open       another amount is not this deposit
"""),
    ids=lambda case: case["why"],
)
def test_a_line_that_names_the_slip_is_the_deposit(till, case):
    till.take(10_000_00)
    till.deposit(10_000_00, "26071")
    found = line(till, int(case["amount"]), case["text"])
    before = Receipt.objects.count()
    matching.match(till.ctx("huda"))
    found.refresh_from_db()
    assert found.state == case["state"]
    assert Receipt.objects.count() == before, "the same money twice"
    assert (CashDeposit.objects.get().match is not None) == (case["state"] == "explained")


def test_a_person_matches_what_only_the_amount_says_and_takes_it_back(till):
    till.take(10_000_00)
    made = till.deposit(10_000_00, "26071").id
    found = line(till, 10_000_00, "CASH")
    other = line(till, 9_000_00, "CASH")
    assert refused(cash.match, till.ctx("huda"), deposit_id=made, line_id=other.id) == (
        "cash.match_amount"
    )
    cash.match(till.ctx("huda"), deposit_id=made, line_id=found.id)
    again = line(till, 10_000_00, "CASH AGAIN")
    assert refused(cash.match, till.ctx("huda"), deposit_id=made, line_id=again.id) == (
        "cash.matched"
    )
    bank.unmatch(till.ctx("sara"), line_id=found.id, reason="another slip")
    matching.match(till.ctx("huda"))
    found.refresh_from_db()
    assert found.state == "open"
    cash.match(till.ctx("huda"), deposit_id=made, line_id=again.id)


@pytest.fixture
def sound(till):
    """A deposit, a closed day with a shortage, cash in hand, one receipt taken back."""
    till.take(10_000_00)
    till.deposit(10_000_00)
    till.reverse(till.take(5_000_00))
    till.take(2_000_00)
    till.close(1_900_00, reason="a note is missing")
    return till


def codes() -> list[str]:
    return [finding.code for finding in check_cash.findings()]


def test_sound_cash_has_no_findings(sound):
    assert codes() == []


def test_an_item_in_another_hand(sound):
    CashItem.objects.filter(kind="shortage").update(holder_id=sound.book.people.huda)
    assert "cash.hand_apart" in codes()


def test_less_than_nothing_is_a_fault_unless_a_case_says_why(sound):
    gone = Receipt.objects.order_by("id").first()
    sound.reverse(gone.id)
    (found,) = check_cash.findings()
    assert (found.code, found.level) == ("cash.below_nothing", "warning")
    CashItem.objects.filter(kind="receipt").update(holder=None)
    assert {each.level for each in check_cash.findings() if each.code == found.code} == {"fault"}


def test_a_day_that_does_not_add_up(sound):
    CashDay.objects.update(taken_minor=1)
    assert codes() == ["cash.day_apart"]


def test_a_deposit_that_is_not_its_receipts(sound):
    with connection.cursor() as cursor:
        drop = "DROP TRIGGER store_cashdeposit_no_update"
        cursor.execute(
            drop + (" ON store_cashdeposit" if connection.vendor == "postgresql" else "")
        )
    CashDeposit.objects.update(amount_minor=1)
    assert codes() == ["cash.deposit_apart"]


@pytest.mark.parametrize("model", [CashEntry, CashDeposit, CashItem])
def test_what_was_entered_cannot_be_changed(sound, model):
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(amount_minor=5)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.first().delete()


def test_the_policy_is_one_the_program_reads():
    assert set(policies.codes("cash")) == {"ceilings", "law", "custody", "flags", "notes"}
