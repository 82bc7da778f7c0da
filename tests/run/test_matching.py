"""Matching over a whole book: quick, once, finished after a death, and never to a wrong account."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction

from bench import cash
from tahsil.actions import _verb, allocating, bank
from tahsil.core.grammar.names import name_key
from tahsil.run import check_bank, matching
from tahsil.store import standing
from tahsil.store.models import (
    Account,
    Allocation,
    BankLine,
    BankMatch,
    BankProposal,
    Contract,
    Instrument,
    Obligation,
    Party,
    Presentment,
    Receipt,
)
from tests.actions.conftest import book
from tests.actions.money import check_money, total
from tests.actions.statements import bank_account, take
from tests.conftest import NOW, TODAY

__all__ = ["book"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def world(people):
    """An invented book of 60 debtors and what the bank says of 150 payments, with the answers."""
    made = cash.make(lines=150, items=375, debtors=60, seed=11)
    ours = bank_account(people.creditor, rule="any")
    accounts = {}
    for each in made.debtors:
        party = Party.objects.create(name=each.name, name_key=name_key(each.name))
        account = Account.objects.create(
            number=f"A-{each.id}", party=party, creditor_id=people.creditor, currency="EGP"
        )
        contract = Contract.objects.create(account=account, number=each.contract)
        accounts[each.id] = (account.id, contract.id)
    for item in made.items:
        account_id, contract_id = accounts[item.debtor]
        Obligation.objects.create(
            account_id=account_id, contract_id=contract_id, seq=item.seq, category="instalment",
            amount_minor=item.amount, due_on=item.due_on, raised_on=date(2025, 1, 1),
            recorded_at=NOW,
        )  # fmt: skip
    standing.refresh([key for key, _ in accounts.values()], as_of=TODAY)
    lines = [each for each in made.lines if each.currency == "EGP"]
    bank.take_in(
        people.ctx("huda"), bank_account_id=ours.id, file_name="invented",
        statement={"currency": "EGP", "number": "1", "lines": [said(each) for each in lines]},
    )  # fmt: skip
    return {f"F-{each.id}": accounts[each.debtor][0] if each.debtor else None for each in lines}


def said(line: cash.Written) -> dict:
    return {
        "booked_on": line.on.isoformat(), "amount_minor": line.amount, "text": line.text,
        "payer": line.payer, "payer_account": line.iban, "bank_reference": line.bank_reference,
        "fingerprint": f"F-{line.id}",
    }  # fmt: skip


def check(world: dict) -> None:
    """What was posted is the debtor's, once, and the book adds up."""
    found = BankMatch.objects.select_related("line", "receipt")
    for each in found:
        assert world[each.line.fingerprint] == each.receipt.account_id
        assert each.amount_minor == each.receipt.amount_minor == each.line.amount_minor
    assert Receipt.objects.count() == found.count()
    assert total(Receipt.objects.all()) == total(BankLine.objects.filter(state="matched"))
    for account_id in {each.receipt.account_id for each in found}:
        check_money(account_id)
    assert check_bank.findings() == []


def test_the_sure_ones_are_the_debtors_own(world, people):
    found = matching.match(people.ctx("huda"))
    assert len(found.posted) > len(world) // 2
    assert found.counts["posted"] == found.counts["auto"]
    check(world)


def test_a_second_run_posts_nothing_of_the_first_again(world, people):
    first = matching.match(people.ctx("huda"))
    second = matching.match(people.ctx("huda"))
    assert not first.posted & second.posted
    check(world)


def test_a_run_that_dies_half_way_is_finished_by_running_it_again(world, people, monkeypatch):
    real, calls = allocating.settle, []

    def dying(ids, **how):
        calls.append(ids)
        if len(calls) == 9:
            raise KeyboardInterrupt
        return real(ids, **how)

    monkeypatch.setattr(_verb, "CHUNK", 3)
    monkeypatch.setattr(allocating, "settle", dying)
    with pytest.raises(KeyboardInterrupt):
        matching.match(people.ctx("huda"))
    half = Receipt.objects.count()
    assert half > 0
    assert half % 3 == 0
    check(world)
    matching.match(people.ctx("huda"))
    assert Receipt.objects.count() > half
    check(world)


class Killed(BaseException):
    """What no code of ours catches, as a process that ends."""


def killed_at(point: float, writes: int):
    """Ends at that part of so many writes."""
    seen = []

    def execute(run, sql, params, many, context):
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE", "COPY ("):
            seen.append(sql)
            if writes and len(seen) >= point * writes:
                raise Killed
        return run(sql, params, many, context)

    return execute, seen


def outcome() -> tuple[list, ...]:
    """All that matching makes of the lines, by what they say and not by their ids."""
    pays = Allocation.objects.values_list("receipt__number", "obligation_id", "amount_minor")
    matches = BankMatch.objects.filter(undone_at=None)
    return (
        sorted(matches.values_list("line__fingerprint", "receipt__account", "amount_minor")),
        sorted(pays),
        sorted(BankLine.objects.values_list("fingerprint", "state")),
        sorted(BankProposal.objects.values_list("line__fingerprint", "purpose")),
    )


@pytest.mark.parametrize("point", [0.05, 0.3, 0.6, 0.95])
def test_killed_at_any_point_and_run_again_is_as_if_never_killed(world, people, monkeypatch, point):
    monkeypatch.setattr(_verb, "CHUNK", 20)
    count, seen = killed_at(1, 0)
    undo = transaction.savepoint()
    with connection.execute_wrapper(count):
        matching.match(people.ctx("huda"))
    matching.match(people.ctx("huda"))
    clean = outcome()
    transaction.savepoint_rollback(undo)
    kill, _ = killed_at(point, len(seen))
    with connection.execute_wrapper(kill), pytest.raises(Killed):
        matching.match(people.ctx("huda"))
    for _ in range(1 if BankProposal.objects.exists() else 2):  # killed before it had decided
        matching.match(people.ctx("huda"))
    assert outcome() == clean
    check(world)


@pytest.fixture
def cheque(book):
    """Mona's cheque for Q01, at the bank since its day."""
    paper = Instrument.objects.create(
        account_id=book.account, kind="cheque", number="000123", bank="NBE",
        amount_minor=50_000_00, matures_on=date(2026, 11, 18), state="under_collection",
    )  # fmt: skip
    Presentment.objects.create(
        instrument=paper, seq=1, sent_on=date(2026, 11, 18), expected_on=date(2026, 11, 20)
    )
    return paper


def test_a_cheque_is_cleared_by_its_line(book, people, cheque):
    bank_account(people.creditor)
    take(people.ctx("huda"), (50_000_00, "CHQ 123 CLEARING"))
    assert matching.match(people.ctx("huda")).counts["posted"] == 1
    match = BankMatch.objects.get()
    assert (match.purpose, match.receipt.amount_minor) == ("cheque_cleared", 50_000_00)
    cheque.refresh_from_db()
    assert cheque.state == "cleared"
    check_money(book.account)
    assert check_bank.findings() == []


def test_a_cheque_is_returned_by_its_line_only_where_it_says_why(book, people, cheque):
    bank_account(people.creditor)
    (line,) = take(people.ctx("huda"), (-50_000_00, "CHQ RETURNED 123"))
    matching.match(people.ctx("huda"))
    cheque.refresh_from_db()
    assert cheque.state == "under_collection"
    assert BankLine.objects.get(id=line.id).state == "open"
    assert not Receipt.objects.exists()
