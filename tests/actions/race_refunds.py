"""Two accountants pay the same refund, and two refunds of one receipt are agreed to, at once.

On a database of its own, run as a program; on PostgreSQL the test database serves. Says nothing
when all is well.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

from tests.actions.race import NOW, TODAY, build

PAID = 700
OWED = 500


def race() -> None:
    """A refund is paid once, and no two refunds give back the same money."""
    from tahsil.store.models import Allocation, Obligation, Refund, RefundPayment

    account_id, people = _book()
    first = _agreed(account_id, people)
    faults = _at_once([lambda: _pay(account_id, people[0], first) for _ in range(3)])
    assert sorted(faults) == ["refund.state"] * 2, faults
    assert (
        RefundPayment.objects.count() == Obligation.objects.filter(category="refund").count() == 1
    )
    asked = [_ask(account_id, people, 60) for _ in range(3)]
    faults = _at_once([lambda each=each: _approve(people, each) for each in asked])
    assert faults == ["refund.beyond_rest"] * 2, faults
    assert Refund.objects.count() == 2
    settled = Allocation.objects.filter(obligation__category="refund")
    assert sum(each.amount_minor for each in settled) == 100


def _at_once(acts: list[Callable[[], None]]) -> list[str]:
    """The codes of the refusals, whichever came first."""
    from django.db import connection

    from tahsil.core.grammar.refusal import Refused

    codes: list[str] = []
    start = threading.Barrier(len(acts))

    def work(act: Callable[[], None]) -> None:
        try:
            start.wait()
            act()
        except Refused as refused:
            codes.append(refused.code)
        except BaseException as fault:
            codes.append(repr(fault))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


def _book() -> tuple[int, list[int]]:
    """An account that paid 200 too much; an accountant and a director."""
    from tahsil.actions import receipts
    from tahsil.store.models import Person, RoleGrant

    account_id, cashier_id = build()
    boss = Person.objects.create(username="dina", name="Dina")
    RoleGrant.objects.create(person=boss, role="cfo", scope="all", since_on=date(2020, 1, 1))
    receipts.record(
        _ctx(cashier_id), account_id=account_id, amount_minor=PAID, value_on=TODAY,
        instrument="cash",
    )  # fmt: skip
    return account_id, [cashier_id, boss.id]


def _ctx(person_id: int):
    from tahsil.actions._verb import Context
    from tahsil.queries.people import standing_of

    return Context(standing_of(person_id, as_of=TODAY), TODAY, NOW)


def _ask(account_id: int, people: list[int], amount: int) -> int:
    from tahsil.actions import refunds
    from tahsil.store.models import Receipt

    waiting = refunds.request(
        _ctx(people[0]), account_id=account_id, parts=[[Receipt.objects.get().id, amount]],
        reason="too much",
    )  # fmt: skip
    return waiting.request_id


def _approve(people: list[int], request_id: int) -> None:
    from tahsil.actions import requests

    requests.approve(_ctx(people[1]), request_id=request_id)


def _agreed(account_id: int, people: list[int]) -> int:
    from tahsil.store.models import Refund

    _approve(people, _ask(account_id, people, 100))
    return Refund.objects.get().id


def _pay(account_id: int, person_id: int, refund_id: int) -> None:
    from tahsil.actions import refunds

    refunds.pay(_ctx(person_id), account_id=account_id, refund_id=refund_id, method="cash")


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    race()
