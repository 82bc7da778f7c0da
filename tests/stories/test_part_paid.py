"""A cheque the bank paid in part, presented again: the ledger is told what came, no more.

A cheque of 30,000 for one line; 18,000 came on the first try. Whatever happens next, every
batch balances and the accounts that hold what customers owe come to what the book says.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tahsil.actions import presenting, receipts, returning
from tahsil.queries.journal import Journal, journal
from tahsil.store.models import Receipt
from tests.stories.life import amount, open_minor
from tests.stories.signing import owed, sign
from tests.stories.test_one_cheque import agreed, bank, life, on, paper, sent, taken_in  # noqa: F401
from tests.tables import table

pytestmark = pytest.mark.django_db

OWED = ("notes_safe", "notes_bank", "under_collection", "returned", "customers")
MINOR = 30_000_00


@pytest.fixture
def account_id(life, people, bank) -> int:  # noqa: F811
    """Mona's cheque of 30,000 went to the bank, which paid 18,000 of it."""
    lines = [owed("instalment", "Q01", MINOR, "2026-03-01")]
    account_id, _ = sign(life, people, lines=lines)
    taken_in(life, account_id, "000777", MINOR, "2026-03-01")
    on(life, "2026-03-01")
    sent(life, "000777", bank, "S-1")
    on(life, "2026-03-04")
    do(life, presenting.pay_in_part, account_id, amount_minor=18_000_00, certificate="C-1",
       value_on="2026-03-04")  # fmt: skip
    return account_id


def do(life, verb, account_id: int, **params: Any) -> None:  # noqa: F811
    """Tarek does it; where a second person must agree, Adel does."""
    made = verb(
        life.ctx("tarek"), account_id=account_id, instrument_id=paper("000777").id, **params
    )
    if not hasattr(made, "event_id"):
        agreed(life, made, "adel")


def again(life, account_id: int, bank: int) -> None:  # noqa: F811
    """Presented again on the tenth, cleared on the twelfth."""
    on(life, "2026-03-10")
    asked = presenting.send(
        life.ctx("mervat"), bank_account_id=bank, instruments=[paper("000777").id], number="S-2"
    )
    agreed(life, asked, "omar")
    on(life, "2026-03-12")
    do(life, presenting.clear, account_id, value_on="2026-03-12", reference="B-2")


def taken_back(life, account_id: int) -> None:  # noqa: F811
    """The part the bank paid is taken back on the eighth by itself."""
    on(life, "2026-03-08")
    receipt = Receipt.objects.get(account_id=account_id)
    receipts.reverse(
        life.ctx("sara"), account_id=account_id, receipt_id=receipt.id, reason="Paid by mistake"
    )


def read(life, policy: str) -> Journal:  # noqa: F811
    return journal(
        life.who("adel"), since=date(2026, 1, 1), until=life.as_of, as_of=life.as_of, policy=policy
    )


def sums(found: Journal) -> dict[str, str]:
    """What each ledger account comes to, those at nothing left out."""
    totals: dict[str, int] = {}
    for batch in found.batches:
        assert batch.debit_minor == batch.credit_minor
        for line in (line for entry in batch.entries for line in entry.lines):
            totals[line.account] = (
                totals.get(line.account, 0) + line.debit_minor - line.credit_minor
            )
    return {name: str(minor / 100) for name, minor in totals.items() if minor}


def check_control(life, account_id: int) -> None:  # noqa: F811
    """Under each policy: what stands with customers and their papers is what they owe."""
    for policy in "ABC":
        found = {name: float(text) for name, text in sums(read(life, policy)).items()}
        control = MINOR / 100 + sum(found.get(name, 0) for name in OWED)
        fees = found.get("customers_fees", 0)
        assert control + fees == open_minor(account_id) / 100, (policy, found)
        money = sum(
            each.amount_minor
            for each in Receipt.objects.filter(account_id=account_id, reversal=None)
        )
        assert found.get("bank", 0) + found.get("bank_charges", 0) == money / 100, (policy, found)


def test_what_is_left_clears(life, account_id, bank):  # noqa: F811
    again(life, account_id, bank)
    told = [
        {"on": str(batch.on), "entry": entry.entry, "account": line.account,
         "debit": amount(line.debit_minor), "credit": amount(line.credit_minor)}
        for batch in read(life, "A").batches if batch.on >= date(2026, 3, 4)
        for entry in batch.entries for line in entry.lines
    ]  # fmt: skip
    assert told == table("""
        on          entry  account           debit     credit
        2026-03-04  E10    bank              18000.00  0.00
        2026-03-04  E10    returned          12000.00  0.00
        2026-03-04  E10    under_collection  0.00      30000.00
        2026-03-10  E7     under_collection  12000.00  0.00
        2026-03-10  E7     returned          0.00      12000.00
        2026-03-12  E5     bank              12000.00  0.00
        2026-03-12  E5     under_collection  0.00      12000.00
    """)
    check_control(life, account_id)


def test_what_cleared_last_comes_back(life, account_id, bank):  # noqa: F811
    again(life, account_id, bank)
    on(life, "2026-03-15")
    do(life, returning.bounce_late, account_id, reason="NSF", memo="M-1", charge_minor=150_00)
    assert sums(read(life, "A"))["returned"] == "12000.0"
    check_control(life, account_id)


def test_the_clearing_was_recorded_wrongly(life, account_id, bank):  # noqa: F811
    again(life, account_id, bank)
    on(life, "2026-03-13")
    do(life, returning.take_back_clearing, account_id, document="Wrong cheque")
    assert sums(read(life, "A"))["under_collection"] == "12000.0"
    check_control(life, account_id)
    do(life, presenting.clear, account_id, value_on="2026-03-13", reference="B-3")
    check_control(life, account_id)


def test_the_part_was_taken_back_before_it_went_again(life, account_id, bank):  # noqa: F811
    taken_back(life, account_id)
    check_control(life, account_id)
    again(life, account_id, bank)
    assert sums(read(life, "A"))["bank"] == "30000.0"
    check_control(life, account_id)


def test_the_money_of_a_cleared_cheque_is_taken_back_by_itself(life, account_id, bank):  # noqa: F811
    again(life, account_id, bank)
    on(life, "2026-03-16")
    for receipt in Receipt.objects.filter(account_id=account_id):
        try:
            receipts.reverse(
                life.ctx("sara"), account_id=account_id, receipt_id=receipt.id, reason="Not ours"
            )
        except Exception as refused:  # the papers' desk may send it back to its own moves
            assert getattr(refused, "code", ""), refused
    check_control(life, account_id)
