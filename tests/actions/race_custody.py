"""Two people take the same hand-over at once, on a database of its own: run as a program.

As race.py: SQLite in a process with a file, PostgreSQL in the test database. Says nothing when all
is well: one of them took the papers, the other was told so, and each paper moved once.
"""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
PAPERS = 5


def race() -> None:
    """Two who may accept do so at the same instant."""
    from tahsil.core.grammar.refusal import Refused
    from tahsil.run import check_custody
    from tahsil.store.models import HandOver, Instrument, InstrumentMove

    listed, people = build()
    gate = threading.Barrier(len(people))
    faults: list[BaseException] = []
    threads = [
        threading.Thread(target=take, args=(listed, person, gate, faults)) for person in people
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = [each.code for each in faults if isinstance(each, Refused)]
    assert len(faults) == len(codes) == 1, faults
    assert codes[0] in ("custody.moved", "custody.settled"), codes
    found = HandOver.objects.get()
    assert (found.state, found.found_count) == ("accepted", PAPERS)
    assert InstrumentMove.objects.count() == PAPERS
    assert set(Instrument.objects.values_list("state", "place")) == {("in_transit", "courier")}
    assert not check_custody.findings()


def take(listed: int, person: int, gate: threading.Barrier, faults: list[BaseException]) -> None:
    """One of the two accepts every paper."""
    from django.db import connection

    from tahsil.actions import custody
    from tahsil.actions._verb import Context
    from tahsil.queries.people import standing_of

    try:
        ctx = Context(standing_of(person, as_of=TODAY), TODAY, NOW)
        gate.wait(30)
        custody.accept(ctx, hand_over_id=listed, found_count=PAPERS)
    except BaseException as fault:
        faults.append(fault)
    finally:
        connection.close()


def build() -> tuple[int, list[int]]:
    """A list of papers for the courier, and two heads of the treasury who may accept it."""
    from tahsil.actions import custody
    from tahsil.actions._verb import Context
    from tahsil.queries.people import standing_of
    from tahsil.store import policies
    from tahsil.store.models import Account, Creditor, Instrument, Party, Person, RoleGrant

    policies.publish_shipped(now=NOW)
    creditor = Creditor.objects.create(code="NIL", name="Nile", country="EG", currency="EGP")
    people = {}
    for name, role in (("mervat", "cheque_officer"), ("tarek", "treasury_head"),
                       ("adel", "treasury_head")):  # fmt: skip
        made = Person.objects.create(username=name, name=name.title())
        RoleGrant.objects.create(person=made, role=role, scope="all", since_on=TODAY)
        people[name] = made.id
    party = Party.objects.create(name="Mona", name_key="mona")
    account = Account.objects.create(number="1", party=party, creditor=creditor, currency="EGP")
    papers = [
        Instrument.objects.create(
            account=account, number=f"{n}", bank="NBE", amount_minor=100, matures_on=TODAY,
            state="in_safe", place="safe",
        ).id
        for n in range(PAPERS)
    ]  # fmt: skip
    ctx = Context(standing_of(people["mervat"], as_of=TODAY), TODAY, NOW)
    done = custody.hand_over(
        ctx, instruments=papers, to_place="courier", receiver_name="Hany",
        receiver_company="Swift",
    )  # fmt: skip
    return done.id, [people["tarek"], people["adel"]]


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    race()
