"""Papers sold to the bank or to a pool, and refunds: what the ledger is told of them.

Under each, the postings come to what the accounts say.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tahsil.actions import discounting, presenting, returning
from tahsil.actions._verb import Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import tie_out
from tahsil.queries.journal import journal
from tests.stories.signing import owed, sign
from tests.stories.test_one_cheque import agreed, bank, life, on, paper, sent, taken_in  # noqa: F401
from tests.tables import table

pytestmark = pytest.mark.django_db

MINOR = 10_000_00


@pytest.fixture
def account_id(life, people, bank) -> int:  # noqa: F811
    """Mona's cheque of 10,000 lies in the safe."""
    account_id, _ = sign(life, people, lines=[owed("instalment", "Q01", MINOR, "2026-03-01")])
    taken_in(life, account_id, "000900", MINOR, "2026-03-01")
    on(life, "2026-02-10")
    return account_id


def do(life, verb: Any, **params: Any) -> None:  # noqa: F811
    outcome = verb(life.ctx("tarek"), **params)
    if isinstance(outcome, Waiting):
        agreed(life, outcome, "adel")


def of(account_id: int) -> dict[str, int]:
    return {"account_id": account_id, "instrument_id": paper("000900").id}


def discounted(life, account_id: int) -> None:  # noqa: F811
    do(life, discounting.discount, **of(account_id), facility="CIB-FAC-1", document="Advice 7",
       proceeds_minor=8_800_00, cost_minor=200_00)  # fmt: skip


def told(life, since: str) -> list[dict[str, str]]:  # noqa: F811
    found = journal(
        life.who("adel"), since=date.fromisoformat(since), until=life.as_of, as_of=life.as_of
    )
    assert all(batch.debit_minor == batch.credit_minor for batch in found.batches)
    (tie,) = tie_out.tie_out(life.who("adel"), as_of=life.as_of)
    assert tie.is_sound
    return [
        {"on": str(batch.on)[5:], "entry": entry.entry, "account": line.account,
         "amount": str((line.debit_minor - line.credit_minor) // 100)}
        for batch in found.batches for entry in batch.entries for line in entry.lines
    ]  # fmt: skip


def test_the_bank_buys_a_paper_and_is_paid_by_it(life, account_id):  # noqa: F811
    discounted(life, account_id)
    on(life, "2026-03-03")
    do(life, presenting.clear, **of(account_id), value_on="2026-03-03", reference="B-1")
    assert told(life, "2026-02-01") == table("""
        on     entry  account           amount
        02-10  E11    bank              8800
        02-10  E11    notes_discounted  10000
        02-10  E11    finance_cost      200
        02-10  E11    notes_safe        -10000
        02-10  E11    facility          -9000
        03-03  E5     facility          9000
        03-03  E5     bank              1000
        03-03  E5     notes_discounted  -10000
    """)


def test_a_bought_paper_comes_back_and_the_bank_takes_what_it_gave(life, account_id):  # noqa: F811
    discounted(life, account_id)
    on(life, "2026-03-03")
    do(life, returning.bounce_discounted, **of(account_id), reason="NSF", memo="M-1")
    rows = [row for row in told(life, "2026-03-01") if row["entry"] == "E11b"]
    assert rows == table("""
        on     entry  account           amount
        03-03  E11b   returned          10000
        03-03  E11b   facility          9000
        03-03  E11b   bank              -9000
        03-03  E11b   notes_discounted  -10000
    """)


def test_no_bank_gives_more_than_the_paper_is_for(life, account_id):  # noqa: F811
    with pytest.raises(Refused) as refused:
        asked = discounting.discount(
            life.ctx("tarek"), **of(account_id), facility="F", document="D",
            proceeds_minor=MINOR, cost_minor=1,
        )  # fmt: skip
        agreed(life, asked, "adel")
    assert refused.value.code == "discount.amount"


def pooled(life, people) -> None:  # noqa: F811
    do(life, discounting.sell, creditor_id=people.creditor, pool="SPV-1",
       instruments=[paper("000900").id], document="Deed 1", price_minor=9_500_00,
       custodian="Custody bank")  # fmt: skip


def test_what_a_pool_owns_is_collected_for_it(life, people, account_id, bank):  # noqa: F811
    pooled(life, people)
    assert (paper("000900").owner, paper("000900").place) == ("securitised", "Custody bank")
    on(life, "2026-03-01")
    sent(life, "000900", bank, "S-9")
    on(life, "2026-03-03")
    do(life, presenting.clear, **of(account_id), value_on="2026-03-03", reference="B-1")
    remit = {"creditor_id": people.creditor, "pool": "SPV-1", "currency": "EGP",
             "document": "Transfer 3"}  # fmt: skip
    with pytest.raises(Refused) as refused:
        do(life, discounting.remit, **remit, amount_minor=MINOR + 1)
    assert refused.value.code == "pool.due"
    do(life, discounting.remit, **remit, amount_minor=MINOR)
    rows = [row for row in told(life, "2026-02-01") if row["entry"] in ("E11", "E22")]
    assert sorted(map(str, rows)) == sorted(
        map(
            str,
            table("""
        on     entry  account           amount
        02-10  E11    bank              9500
        02-10  E11    finance_cost      500
        02-10  E11    sold              -10000
        03-03  E22    bank              10000
        03-03  E22    sold              10000
        03-03  E22    under_collection  -10000
        03-03  E22    due_to_pool       -10000
        03-03  E22    due_to_pool       10000
        03-03  E22    bank              -10000
    """),
        )
    )


def test_a_pool_buys_only_what_is_ours(life, people, account_id):  # noqa: F811
    pooled(life, people)
    with pytest.raises(Refused) as refused:
        pooled(life, people)
    assert refused.value.code == "pool.paper"
