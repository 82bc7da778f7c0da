"""What the ledger is told of one cheque's life, day by day, to the piastre, under each policy."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.queries.journal import Journal, journal
from tests.stories import test_one_cheque as told
from tests.stories.life import amount

# The life itself is told in test_one_cheque.py; here it is only read.
from tests.stories.test_one_cheque import account_id, bank, life  # noqa: F401
from tests.tables import table

pytestmark = pytest.mark.django_db

UNDER_A = table("""
    on          entry  debit              credit             amount
    2026-01-13  E2     notes_safe         customers          144000.00
    2026-01-13  E3     notes_bank         notes_safe         144000.00
    2026-10-13  E4     under_collection   notes_bank         144000.00
    2026-10-15  E6     returned           under_collection   144000.00
    2026-10-15  E6     bank_charges       bank               150.00
    2026-10-15  E6b    customers_fees     charge_recovery    500.00
    2026-10-20  E9     bank               returned           100000.00
    2026-11-02  E2     notes_safe         customers          44000.00
    2026-11-02  E8     customers          returned           44000.00
    2026-11-05  E4     under_collection   notes_safe         44000.00
    2026-11-08  E15    customers_penalty  penalty_income     909.37
    2026-11-08  E5     bank               under_collection   44000.00
    2026-11-10  E16    waived             customers_penalty  454.69
""")
UNDER_B = table("""
    on          entry  debit              credit             amount
    2026-10-13  E4     under_collection   customers          144000.00
    2026-10-15  E6     customers          under_collection   144000.00
    2026-10-15  E6     bank_charges       bank               150.00
    2026-10-15  E6b    customers_fees     charge_recovery    500.00
    2026-10-20  E17    bank               customers          100000.00
    2026-11-05  E4     under_collection   customers          44000.00
    2026-11-08  E15    customers_penalty  penalty_income     909.37
    2026-11-08  E5     bank               under_collection   44000.00
    2026-11-10  E16    waived             customers_penalty  454.69
""")
UNDER_C = table("""
    on          entry  debit              credit             amount
    2026-10-15  E6     bank_charges       bank               150.00
    2026-10-15  E6b    customers_fees     charge_recovery    500.00
    2026-10-20  E17    bank               customers          100000.00
    2026-11-08  E15    customers_penalty  penalty_income     909.37
    2026-11-08  E5     bank               customers          44000.00
    2026-11-10  E16    waived             customers_penalty  454.69
""")


def legs(found: Journal) -> list[dict[str, str]]:
    """Every debit beside the credit that matches it, as the table writes them."""
    return [
        {"on": entry.on.isoformat(), "entry": entry.entry, "debit": debit.account,
         "credit": credit.account, "amount": amount(debit.debit_minor)}
        for batch in found.batches
        for entry in batch.entries
        for debit in entry.lines if debit.debit_minor
        for credit in entry.lines if credit.credit_minor == debit.debit_minor
    ]  # fmt: skip


def read(life, policy: str, since: str = "2026-01-01", until: str = "2026-11-10") -> Journal:  # noqa: F811
    return journal(
        life.who("adel"), since=date.fromisoformat(since), until=date.fromisoformat(until),
        as_of=life.as_of, policy=policy,
    )  # fmt: skip


@pytest.fixture
def lived(life, people, account_id, bank):  # noqa: F811
    told.test_the_worked_life_of_one_cheque(life, people, account_id, bank)
    return life


@pytest.mark.parametrize(("policy", "wanted"), [("A", UNDER_A), ("B", UNDER_B), ("C", UNDER_C)])
def test_the_ledger_is_told_the_life_of_one_cheque(lived, policy, wanted):
    found = read(lived, policy)
    by_day = sorted(legs(found), key=lambda row: (row["on"], row["entry"], -float(row["amount"])))
    assert by_day == wanted
    assert all(batch.debit_minor == batch.credit_minor for batch in found.batches)
    keys = [entry.key for batch in found.batches for entry in batch.entries]
    assert len(keys) == len(set(keys))
    assert read(lived, policy) == found  # told again it is the same


def test_what_is_known_later_changes_no_batch_that_was_told(lived):
    whole = read(lived, "A")
    early = journal(
        lived.who("adel"), since=date(2026, 1, 1), until=date(2026, 10, 31),
        as_of=date(2026, 10, 31), policy="A",
    )  # fmt: skip
    october = [batch.entries for batch in whole.batches if batch.on <= date(2026, 10, 31)]
    assert [batch.entries for batch in early.batches] == october
    assert [batch.is_closed for batch in whole.batches if batch.on.month == 10] == [True] * 3
    assert not any(batch.is_closed for batch in whole.batches if batch.on.month == 11)
