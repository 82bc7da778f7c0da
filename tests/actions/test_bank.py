"""Bank statements and matching: taken in once, posted once, taken back whole, never elsewhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tahsil.actions import bank, matching
from tahsil.actions._verb import Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.run import check_bank, statements
from tahsil.run import matching as run
from tahsil.store.models import (
    Account,
    BankLine,
    BankMatch,
    BankProposal,
    BankStatement,
    LearnedPayer,
    Receipt,
    Reversal,
)
from tests.actions.money import check_money, open_of
from tests.actions.statements import IBAN, bank_account, mt940, take
from tests.conftest import TODAY

pytestmark = pytest.mark.django_db
Q01 = 50_000_00


@pytest.fixture
def ours(book):
    return bank_account(book.people.creditor)


@pytest.fixture
def huda(book):
    return lambda **more: book.ctx("huda", **more)


def part(account_id: int, amount: int, *pays: tuple[int, int]) -> dict:
    return {"account_id": account_id, "amount_minor": amount, "allocations": [*map(list, pays)]}


def refused(code: str):
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def test_a_statement_taken_in_again_changes_nothing(ours, huda):
    lines = [(Q01, "YAS-B-12 MONA ADEL"), (7_00, "SOMETHING"), (-3_00, "BANK CHARGES")]
    first = take(huda(), *lines, opening=100_00)
    (again,) = statements.take(huda(), mt940(*lines, opening=100_00), name="same.sta")
    assert (again.new, again.statement_id) == (0, None)
    assert BankStatement.objects.count() == 1
    assert [line.amount_minor for line in first] == [Q01, 7_00, -3_00]
    assert BankLine.objects.count() == 3


def test_a_week_brings_only_what_the_day_did_not(ours, huda):
    take(huda(), (Q01, "ONE"), (9_00, "TWO"))
    more = take(huda(), (Q01, "ONE"), (9_00, "TWO"), (5_00, "THREE"), number="W1")
    assert [line.amount_minor for line in more] == [5_00]
    assert check_bank.findings() == []


def test_two_payments_alike_on_one_day_in_two_files_are_two(ours, huda):
    take(huda(), (Q01, "SAME", "NTRF", "SAME"), opening=0, number="1")
    second = take(huda(), (Q01, "SAME", "NTRF", "SAME"), opening=Q01, number="2")
    assert len(second) == 1
    (again,) = statements.take(
        huda(), mt940((Q01, "SAME", "NTRF", "SAME"), opening=Q01, number="2"), name="again"
    )
    assert again.new == 0


def test_a_missing_statement_is_remarked(ours, huda):
    take(huda(), (Q01, "ONE"), opening=0)
    take(huda(), (5_00, "TWO"), opening=77_00, number="2", day=date(2026, 11, 21))
    remarks = BankStatement.objects.order_by("-id").first().remarks
    assert [code for code, *_ in remarks] == ["bank.chain"]


def test_a_statement_of_nobodys_account_is_refused(ours, huda):
    other = mt940((Q01, "ONE")).replace(IBAN.encode(), b"EG800002000156789012345180009")
    with refused("bank.whose"):
        statements.take(huda(), other, name="other.sta")
    assert not BankStatement.objects.exists()


def test_lines_are_append_only_but_for_their_state(ours, huda):
    (line,) = take(huda(), (Q01, "ONE"))
    BankLine.objects.filter(id=line.id).update(state="open")
    for change in ({"amount_minor": 1}, {"text": "other"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            BankLine.objects.filter(id=line.id).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        BankLine.objects.filter(id=line.id).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        BankStatement.objects.update(closing_minor=1)


def test_what_is_sure_is_posted_once(book, ours, huda):
    (line,) = take(huda(), (Q01, "TRF MONA ADEL YAS-B-12/01"))
    found = run.match(huda())
    assert found.counts["posted"] == 1
    assert run.match(huda()).counts["lines"] == 0
    (receipt,) = Receipt.objects.all()
    assert (receipt.account_id, receipt.amount_minor) == (book.account, Q01)
    assert (receipt.number, receipt.value_on) == (f"CIB-1-{line.id:06d}", line.value_on)
    assert open_of(book.account)["Q01"] == 0
    match = BankMatch.objects.get()
    assert (match.kind, match.receipt_id, match.amount_minor) == ("auto", receipt.id, Q01)
    check_money(book.account)
    assert check_bank.findings() == []


def test_what_is_not_sure_is_proposed_and_nothing_is_posted(book, ours, huda):
    take(huda(), (Q01 - 1, "MONA"), (123_45, "NOBODY KNOWS"))
    found = run.match(huda())
    assert found.counts["posted"] == 0
    assert not Receipt.objects.exists()
    assert BankProposal.objects.count() == 2


def test_a_dry_run_keeps_nothing(book, ours, huda):
    take(huda(), (Q01, "TRF MONA ADEL YAS-B-12/01"))
    found = run.match(huda(), is_dry=True)
    assert found.counts["auto"] == 1
    assert not Receipt.objects.exists()
    assert not BankProposal.objects.exists()


def test_a_line_somebody_took_back_is_never_posted_by_itself_again(book, ours, huda):
    (line,) = take(huda(), (Q01, "TRF MONA ADEL YAS-B-12/01"))
    run.match(huda())
    bank.unmatch(huda(), line_id=line.id, reason="another Mona")
    assert Reversal.objects.count() == 1
    assert open_of(book.account)["Q01"] == Q01
    assert run.match(huda()).counts["posted"] == 0
    assert BankLine.objects.get().state == "open"
    check_money(book.account)
    assert check_bank.findings() == []


def test_a_line_whose_day_has_not_come_waits(book, ours, huda):
    take(huda(), (Q01, "TRF MONA ADEL YAS-B-12/01"), day=TODAY + timedelta(days=1))
    assert run.match(huda()).counts["posted"] == 0
    (line,) = BankLine.objects.all()
    with refused("bank.future"):
        matching.match(huda(), line_id=line.id, parts=[part(book.account, Q01)])


def test_what_is_no_longer_open_is_left_to_a_person(book, ours, huda):
    (line,) = take(huda(), (Q01, "TRF"))
    each = {"line_id": line.id, "account_id": book.account,
            "allocations": [[book.lines["Q01"], Q01 + 1]]}  # fmt: skip
    assert matching.post(huda(), [each]) == 0
    stranger = {**each, "account_id": book.other, "allocations": [[book.lines["Q01"], Q01]]}
    assert matching.post(huda(), [stranger]) == 0
    assert not Receipt.objects.exists()


def test_a_confirmed_line_pays_what_was_said(book, ours, huda):
    (line,) = take(huda(), (Q01, "SOMEBODY"))
    matching.match(
        huda(), line_id=line.id, parts=[part(book.account, Q01, (book.lines["Q02"], Q01))]
    )
    left = open_of(book.account)
    assert (left["Q01"], left["Q02"]) == (Q01, 0)
    assert BankMatch.objects.get().kind == "confirmed"
    with refused("bank.state"):
        matching.match(huda(), line_id=line.id, parts=[part(book.account, Q01)])


def test_a_line_split_over_accounts_is_two_receipts(book, ours, huda):
    (line,) = take(huda(), (Q01, "FAMILY"))
    parts = [part(book.account, 30_000_00), part(book.other, 20_000_00)]
    matching.match(huda(), line_id=line.id, parts=parts)
    assert sorted(Receipt.objects.values_list("account_id", "amount_minor")) == sorted(
        [(book.account, 30_000_00), (book.other, 20_000_00)]
    )
    assert len(set(Receipt.objects.values_list("number", flat=True))) == 2
    assert check_bank.findings() == []


def test_parts_that_are_not_the_line_are_refused(book, ours, huda):
    line, paid_out = take(huda(), (Q01, "FAMILY"), (-5_00, "CHARGES"))
    with refused("bank.parts"):
        matching.match(huda(), line_id=line.id, parts=[part(book.account, Q01 - 1)])
    with refused("bank.outgoing"):
        matching.match(huda(), line_id=paid_out.id, parts=[part(book.account, 5_00)])
    assert not Receipt.objects.exists()


def test_another_currency_or_company_is_refused(book, ours, huda):
    (line,) = take(huda(), (Q01, "X"))
    dollars = Account.objects.get(id=book.other)
    Account.objects.filter(id=dollars.id).update(currency="USD")
    with refused("bank.account_currency"):
        matching.match(huda(), line_id=line.id, parts=[part(book.other, Q01)])


def test_a_purpose_needs_its_reason(ours, huda):
    (line,) = take(huda(), (-25_00, "BANK CHARGES"))
    with refused("given.missing"):
        matching.match(huda(), line_id=line.id, purpose="fee")
    with refused("bank.purpose"):
        matching.match(huda(), line_id=line.id, purpose="gift", reason="x")
    matching.match(huda(), line_id=line.id, purpose="fee", reason="monthly")
    assert BankLine.objects.get().state == "explained"
    assert check_bank.findings() == []


def test_suspense_has_an_owner_and_ends_with_a_match(book, ours, huda):
    (line,) = take(huda(), (Q01, "UNKNOWN"))
    bank.suspend(huda(), line_id=line.id, owner_id=book.people.lina, reason="asked the bank")
    assert BankLine.objects.get().state == "suspended"
    assert check_bank.findings() == []
    matching.match(huda(), line_id=line.id, parts=[part(book.account, Q01)])
    assert BankMatch.objects.filter(undone_at=None).get().purpose == "receipt"
    assert check_bank.findings() == []


def test_corrections_teach_and_are_forgotten_when_taken_back(book, ours, huda):
    (line,) = take(huda(), (Q01, "/NAME/HASSAN BROTHERS"))
    BankLine.objects.get()
    matching.match(huda(), line_id=line.id, parts=[part(book.account, Q01)])
    known = list(LearnedPayer.objects.values_list("account_id", "count"))
    assert all(each == (book.account, 1) for each in known)
    bank.unmatch(huda(), line_id=line.id, reason="wrong")
    assert not LearnedPayer.objects.filter(count__gt=0).exists()


def test_a_large_match_is_taken_back_only_with_a_yes(book, ours, huda):
    (line,) = take(huda(), (600_000_00, "LARGE"))
    matching.match(huda(), line_id=line.id, parts=[part(book.account, 600_000_00)])
    outcome = bank.unmatch(huda(), line_id=line.id, reason="wrong")
    assert isinstance(outcome, Waiting)
    assert not Reversal.objects.exists()


@pytest.mark.parametrize("who", ["lina", "omar", "auditor", "stranger"])
def test_others_may_not(book, ours, huda, who):
    (line,) = take(huda(), (Q01, "X"))
    for act, params in (
        (matching.match, {"parts": [part(book.account, Q01)]}),
        (bank.suspend, {"owner_id": book.people.lina, "reason": "x"}),
        (bank.unmatch, {"reason": "x"}),
    ):
        with refused("grant.none"):
            act(book.ctx(who), line_id=line.id, **params)
    with refused("grant.none"):
        statements.take(book.ctx(who), mt940((9_00, "Y"), number="9"), name="x")


def test_the_same_key_matches_once(book, ours, huda):
    (line,) = take(huda(), (Q01, "X"))
    parts = [part(book.account, Q01)]
    for _ in range(2):
        matching.match(huda(key="k1"), line_id=line.id, parts=parts)
    assert Receipt.objects.count() == 1


def test_a_bank_account_nobody_has_is_refused_by_name(ours, huda):
    with refused("bank.code"):
        statements.take(huda(), mt940((9_00, "Y")), name="x", bank_account="NOPE")


def test_a_statement_of_another_account_of_ours_is_not_taken_for_this_one(book, ours, huda):
    bank.BankAccount.objects.create(
        creditor_id=book.people.creditor, code="CIB-2", bank="CIB", currency="EGP"
    )
    with refused("bank.other"):
        statements.take(huda(), mt940((9_00, "Y")), name="x", bank_account="CIB-2")


@pytest.mark.django_db(transaction=connection.vendor == "postgresql")
def test_outside_any_transaction_the_verbs_open_their_own(book, ours, huda):
    (line,) = take(huda(), (Q01, "TRF MONA ADEL YAS-B-12/01"))
    assert run.match(huda()).counts["posted"] == 1
    bank.unmatch(huda(), line_id=line.id, reason="another Mona")
    bank.suspend(huda(), line_id=line.id, owner_id=book.people.lina, reason="asked")
    matching.match(huda(), line_id=line.id, parts=[part(book.account, Q01)])
    assert check_bank.findings() == []
