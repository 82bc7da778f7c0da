"""Four cashiers at once on one account, on a database of its own: run as a program.

In-memory SQLite has one connection, so the race is run in a process with a file; on PostgreSQL
the test database serves. Says nothing when all is well.
"""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
EACH = 5


def race() -> None:
    """Cashiers record receipts at once; numbers have no gap and one key leaves one receipt."""
    from tahsil.store.models import Event, Receipt

    account_id, cashier_id = build()
    faults: list[BaseException] = []
    threads = [
        threading.Thread(target=work, args=(account_id, cashier_id, n, faults)) for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults
    serials = sorted(Receipt.objects.values_list("serial", flat=True))
    assert serials == list(range(1, 4 * EACH + 2)), serials
    assert Event.objects.filter(key="the same").count() == 1
    assert Receipt.objects.filter(reference="the same").count() == 1
    check_paid(account_id)


def check_paid(account_id: int) -> None:
    """However they met, together they paid what they brought and no line twice."""
    from tahsil.store.models import Allocation, Receipt

    received = sum(Receipt.objects.values_list("amount_minor", flat=True))
    assert sum(Allocation.objects.values_list("amount_minor", flat=True)) == min(received, 500)


def work(account_id: int, cashier_id: int, n: int, faults: list[BaseException]) -> None:
    """One cashier's receipts: five of their own, and one all of them send under one key."""
    from django.db import connection

    from tahsil.actions import receipts
    from tahsil.actions._verb import Context
    from tahsil.queries.people import standing_of

    try:
        who = standing_of(cashier_id, as_of=TODAY)
        for i in range(EACH + 1):
            mine = i < EACH
            receipts.record(
                Context(who, TODAY, NOW, f"{n}-{i}" if mine else "the same"),
                account_id=account_id,
                amount_minor=10 + i,
                value_on=TODAY,
                instrument="cash",
                reference=f"{n}-{i}" if mine else "the same",
                confirm=True,
            )
    except BaseException as fault:
        faults.append(fault)
    finally:
        connection.close()


def build() -> tuple[int, int]:
    """A cashier, and an account that owes 500 in ten lines."""
    from tahsil.store import policies
    from tahsil.store.models import (
        Account,
        Branch,
        Creditor,
        Obligation,
        Party,
        Person,
        RoleGrant,
    )

    policies.publish_shipped(now=NOW)
    creditor = Creditor.objects.create(code="NIL", name="Nile", country="EG", currency="EGP")
    branch = Branch.objects.create(creditor=creditor, code="CAI", name="Cairo")
    cashier = Person.objects.create(username="huda", name="Huda", branch=branch)
    RoleGrant.objects.create(person=cashier, role="accountant", scope="all", since_on=TODAY)
    party = Party.objects.create(name="Mona", name_key="mona")
    account = Account.objects.create(number="1", party=party, creditor=creditor, currency="EGP")
    for n in range(10):
        Obligation.objects.create(
            account=account,
            category="instalment",
            label=f"Q{n}",
            amount_minor=50,
            due_on=date(2026, 1 + n, 1),
            raised_on=date(2026, 1, 1),
            recorded_at=NOW,
        )
    return account.id, cashier.id


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    race()
