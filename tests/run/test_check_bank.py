"""What `tahsil check` says of the bank: each statement of check_bank.py, broken once."""

from __future__ import annotations

import pytest

from tahsil.actions import matching, receipts
from tahsil.run import check_bank
from tahsil.store.models import BankLine, BankMatch, BankStatement
from tests.actions.conftest import book
from tests.actions.statements import bank_account, take
from tests.conftest import NOW, TODAY

__all__ = ["book"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def matched(book):
    """A line matched with a receipt, and one that is open."""
    bank_account(book.people.creditor)
    ctx = book.ctx("huda")
    line, _ = take(ctx, (50_000_00, "ONE"), (1_00, "TWO"))
    parts = [{"account_id": book.account, "amount_minor": 50_000_00}]
    matching.match(ctx, line_id=line.id, parts=parts)
    return line


def codes() -> list[str]:
    return [finding.code for finding in check_bank.findings()]


def test_a_sound_bank_has_no_findings(matched):
    assert codes() == []


def test_a_statement_that_does_not_add_up(matched):
    of = BankStatement.objects.get()
    BankStatement.objects.create(
        bank_account_id=of.bank_account_id, file_name="x", digest="x", format="x", line_count=0,
        credit_minor=0, debit_minor=0, opening_minor=1, closing_minor=2, imported_at=NOW,
    )  # fmt: skip
    assert codes() == ["bank.balance_apart"]


def test_a_state_that_no_match_bears_out(matched):
    BankLine.objects.filter(id=matched.id).update(state="open")
    BankLine.objects.exclude(id=matched.id).update(state="explained")
    assert codes() == ["bank.state_apart", "bank.state_apart"]


def test_matches_that_do_not_come_to_the_line(matched):
    BankMatch.objects.update(amount_minor=49_000_00)
    assert codes() == ["bank.match_sum", "bank.receipt_amount"]


def test_a_receipt_reversed_behind_the_banks_back_is_a_warning(matched, book):
    receipt = BankMatch.objects.get().receipt
    receipts.undo(book.ctx("sara"), receipt, reason="wrong", on=TODAY)
    (finding,) = check_bank.findings()
    assert (finding.code, finding.level) == ("bank.receipt_reversed", "warning")
