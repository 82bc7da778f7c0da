"""One act of the bank or the cheque desk, killed at the write that is asked for.

python -m tests.run.dying_bank ACT POINT: ACT is import, match or slip; POINT the number of the
write before which the process is killed, or `never`. Prints how many writes there were.
"""

from __future__ import annotations

import os
import sys

import django

from tests.run.dying import Death

TRANSFERS = [(1_000_00 + at, f"TRF MONA ADEL YAS-B-12/{at % 3 + 1:02d}") for at in range(6)]


def main(act: str, point: str) -> None:
    """Does it, or part of it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tahsil.project.settings")
    django.setup()
    from django.db import connection

    from tahsil.actions import _verb, presenting
    from tahsil.actions._verb import Context
    from tahsil.queries.people import standing_of
    from tahsil.run import matching, statements
    from tahsil.store.models import BankAccount, DepositSlip, Instrument, Person
    from tests.actions.statements import mt940
    from tests.conftest import NOW, TODAY

    _verb.CHUNK = 2  # many transactions even in a small book

    def ctx(name: str) -> Context:
        return Context(standing_of(Person.objects.get(username=name).id, as_of=TODAY), TODAY, NOW)

    def slip() -> None:
        if DepositSlip.objects.exists():
            return
        papers = list(Instrument.objects.order_by("id").values_list("id", flat=True))
        presenting.send(
            ctx("mervat"), bank_account_id=BankAccount.objects.get().id, instruments=papers,
            number="S-1",
        )  # fmt: skip

    acts = {
        "import": lambda: statements.take(ctx("huda"), mt940(*TRANSFERS), name="day.sta"),
        "match": lambda: matching.match(ctx("huda")),
        "slip": slip,
    }
    death = Death(point)
    with connection.execute_wrapper(death):
        acts[act]()
    print(death.count)


if __name__ == "__main__":
    main(*sys.argv[1:])
