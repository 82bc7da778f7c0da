"""Every shared bank file taken in: what is read is kept whole, and once."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from tahsil.core.grammar.refusal import Refused
from tahsil.run import check_bank, statements
from tahsil.store.models import BankAccount, BankLine, BankStatement
from tests.actions.statements import bank_account, take
from tests.adapters.bank.test_shared import READ, REFUSED, content

pytestmark = pytest.mark.django_db


def own(creditor_id: int, found) -> None:
    """The bank accounts that the statements are of are ours."""
    for each in {(one.account, one.currency) for one in found}:
        account, currency = each
        BankAccount.objects.create(
            creditor_id=creditor_id, code=f"B{BankAccount.objects.count()}", bank="Bank",
            iban=account, currency=currency,
        )  # fmt: skip


@pytest.mark.parametrize("case", READ, ids=lambda case: case["file"])
def test_a_file_that_is_read_is_kept_whole_and_once(case, people):
    data = content(case["file"])
    found = statements.read(data, name=case["file"])
    own(people.creditor, found)
    assert statements.is_statement(data)
    code = "" if len({one.account for one in found}) > 1 else "B0"
    for _ in range(2):
        statements.take(people.ctx("huda"), data, name=case["file"], bank_account=code)
        lines = BankLine.objects.all()
        assert lines.count() == int(case["lines"])
        assert (lines.aggregate(sum=Sum("amount_minor"))["sum"] or 0) == int(case["sum"])
        # A file may hold one statement twice, word for word.
        assert 0 < BankStatement.objects.count() <= len(found)
    assert check_bank.findings() == []


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["file"])
def test_a_file_that_is_refused_leaves_nothing(case, people):
    BankAccount.objects.create(
        creditor_id=people.creditor, code="B0", bank="Bank", currency="EUR", iban="X"
    )
    with pytest.raises(Refused):
        statements.take(
            people.ctx("huda"), content(case["file"]), name=case["file"], bank_account="B0"
        )
    assert not BankStatement.objects.exists()


def test_a_day_in_several_statements_keeps_every_line_that_says_the_same(people):
    """The balances tell that the third one's deposit is another than the first one's."""
    bank_account(people.creditor)
    cash = (500_00, "CASH DEPOSIT", "NMSC", "NONREF")
    parts = ((0, cash), (500_00, (700_00, "OTHER")), (1_200_00, cash), (1_700_00, cash))
    for _again in range(2):
        for number, (opening, line) in enumerate(parts, start=1):
            take(people.ctx("huda"), line, opening=opening, number=f"{number}/1")
        assert BankLine.objects.aggregate(sum=Sum("amount_minor"))["sum"] == 2_200_00
    assert BankLine.objects.count() == 4
    assert check_bank.findings() == []
