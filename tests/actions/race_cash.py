"""Two deposits of the same receipts at once, on a database of its own: run as a program.

Says nothing when all is well: one deposit covers them, the other is refused.
"""

from __future__ import annotations

import threading

from tests.actions.race import NOW, TODAY, build

RECEIPTS, EACH = 3, 100


def race() -> None:
    """Four deposits of the same three receipts leave one deposit, and nothing in the hand."""
    from tahsil.actions import receipts
    from tahsil.run import check_cash
    from tahsil.store.models import BankAccount, CashDeposit, CashEntry, CashItem, Creditor

    account_id, cashier_id = build()
    ours = BankAccount.objects.create(
        creditor=Creditor.objects.get(), code="CIB-1", bank="CIB", currency="EGP"
    )
    for n in range(RECEIPTS):
        receipts.record(
            context(cashier_id, f"r{n}"), account_id=account_id, amount_minor=EACH,
            value_on=TODAY, instrument="cash", confirm=True,
        )  # fmt: skip
    said: list[str] = []
    gate = threading.Barrier(4)
    threads = [
        threading.Thread(target=work, args=(cashier_id, ours.id, n, said, gate)) for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said)[-1] == "done", said
    assert said.count("done") == 1, said
    assert CashDeposit.objects.get().amount_minor == RECEIPTS * EACH
    assert CashEntry.objects.filter(deposit__isnull=False).count() == RECEIPTS
    assert not CashItem.objects.filter(holder__isnull=False).exists()
    assert check_cash.findings() == []


def context(cashier_id: int, key: str):
    """The cashier acting under that key."""
    from tahsil.actions._verb import Context
    from tahsil.queries.people import standing_of

    return Context(standing_of(cashier_id, as_of=TODAY), TODAY, NOW, key)


def work(cashier_id: int, bank: int, n: int, said: list[str], gate: threading.Barrier) -> None:
    """One deposit of everything, under a slip of its own."""
    from django.db import connection

    from tahsil.actions import cash
    from tahsil.core.grammar.refusal import Refused

    try:
        ctx = context(cashier_id, f"d{n}")
        gate.wait()
        cash.deposit(ctx, bank_account_id=bank, number=f"S{n}", amount_minor=RECEIPTS * EACH)
        said.append("done")
    except Refused as refused:
        said.append(refused.code)
    except BaseException as fault:
        said.append(f"zz fault {fault!r}")
    finally:
        connection.close()


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    race()
