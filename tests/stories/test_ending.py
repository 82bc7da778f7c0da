"""The end of a contract in the worked figures: 1,848,000 paid, 600,000 kept, 1,248,000 back."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.actions import ending, receipts, refunds, requests
from tahsil.actions._verb import Waiting
from tahsil.queries import account, endings, worklist
from tahsil.queries.journal import journal
from tahsil.run import check
from tahsil.store.models import (
    BankAccount,
    Contract,
    Obligation,
    OnAccount,
    Person,
    Receipt,
    Refund,
    RoleGrant,
)
from tests.actions.money import total
from tests.stories.life import check_figures, check_ties, open_minor
from tests.stories.signing import BIG, DEVELOPER, sign

pytestmark = pytest.mark.django_db

PAID, KEPT, BACK = 1_848_000_00, 600_000_00, 1_248_000_00


@pytest.fixture
def signed(life, people):
    """Mona signs, pays 1,848,000 in two transfers over two years, and misses the next bump."""
    gamal = Person.objects.create(username="gamal", name="Gamal", branch_id=people.branch)
    RoleGrant.objects.create(person=gamal, role="gm", scope="all", since_on=date(2020, 1, 1))
    found = sign(life, people, price_minor=BIG, terms=DEVELOPER, waterfall="developer")
    for on, minor in (("2026-01-20", 1_000_000_00), ("2027-12-20", PAID - 1_000_000_00)):
        life.as_of = date.fromisoformat(on)
        receipts.record(
            life.ctx("huda"), account_id=found[0], amount_minor=minor, value_on=on,
            instrument="transfer", reference=on,
        )  # fmt: skip
    life.as_of = date(2028, 2, 20)
    life.day()
    return found


def ended(life, signed, *, by="sara", agrees="gamal", **more):
    """The contract ended on the asker's word and somebody else's yes."""
    account_id, contract_id = signed
    params = {"reason": "payment_default", "document": "Deed 17", **more}
    waiting = ending.terminate(
        life.ctx(by), account_id=account_id, contract_id=contract_id, **params
    )
    assert isinstance(waiting, Waiting)
    return requests.approve(life.ctx(agrees), request_id=waiting.request_id)


def netted(life, since: date) -> dict[str, int]:
    """What each ledger account was debited (above nothing) or credited since that day."""
    found = journal(life.who("adel"), since=since, until=life.as_of, as_of=life.as_of, policy="A")
    sums: dict[str, int] = {}
    for batch in found.batches:
        for each in batch.entries:
            for line in each.lines:
                change = line.debit_minor - line.credit_minor
                sums[line.account] = sums.get(line.account, 0) + change
    return {name: amount for name, amount in sums.items() if amount}


def test_the_worked_end_of_a_contract(life, people, signed):
    account_id, contract_id = signed
    assert total(Receipt.objects.filter(account_id=account_id)) == PAID
    mona = account.page(life.who("sara"), account_id, as_of=life.as_of)
    assert mona.figures.overdue_minor > 0
    before = endings.read(
        life.who("sara"), account_id, contract_id, endings.Asked(life.as_of)
    ).settled
    assert (before.paid_minor, before.raised_minor, before.refund_minor) == (PAID, KEPT, BACK)

    ended(life, signed)
    assert Contract.objects.get().status == "terminated"
    charge = Obligation.objects.get(category="termination_deduction")
    assert (charge.amount_minor, charge.due_on) == (KEPT, life.as_of)
    assert open_minor(account_id) == 0
    waiting = OnAccount.objects.get(account_id=account_id)
    assert (waiting.reason, waiting.owner_id) == ("contract_ended", life.id_of("sara"))
    check_figures(
        life.who("sara"),
        account_id,
        """
        as_of       overdue  due_today  not_due  undated  unapplied
        2028-02-20  0.00     0.00       0.00     0.00     1248000.00
    """,
    )
    # E19: customers 1,848,000 to money on account 1,248,000 and cancellation income 600,000
    assert netted(life, life.as_of) == {
        "customers": PAID, "unapplied": -BACK, "cancellation_income": -KEPT,
    }  # fmt: skip

    life.until("2028-02-25", each=lambda: check_ties(life.who("sara"), account_id, life.as_of))
    page = account.page(life.who("sara"), account_id, as_of=life.as_of)
    assert (page.to_pay.total_minor, page.figures.penalties_minor, page.figures.dpd) == (0, 0, 0)
    listed = worklist.worklist(life.who("sara"), as_of=life.as_of).page.rows
    assert account_id not in [row.account_id for row in listed]

    bank = BankAccount.objects.create(
        creditor_id=people.creditor, code="CIB", bank="CIB", currency="EGP"
    )
    parts = [[each.id, rest] for each, rest in rests(account_id)]
    assert sum(rest for _, rest in parts) == BACK
    asked = refunds.request(
        life.ctx("huda"), account_id=account_id, parts=parts, reason="contract ended"
    )
    requests.approve(life.ctx("gamal"), request_id=asked.request_id)
    paid_on = life.as_of
    refunds.pay(
        life.ctx("huda"), account_id=account_id, refund_id=Refund.objects.get().id,
        method="transfer", bank_account_id=bank.id,
    )  # fmt: skip
    assert netted(life, paid_on) == {"unapplied": BACK, "bank": -BACK}
    check_ties(life.who("sara"), account_id, life.as_of)
    assert check.check(as_of=life.as_of).findings == []


def rests(account_id: int):
    """Each receipt with what of it pays nothing."""
    for each in Receipt.objects.filter(account_id=account_id):
        used = total(each.allocations)
        if each.amount_minor > used:
            yield each, each.amount_minor - used
