"""What the desk is told is told in words: a refusal names reasons and acts, not codes."""

from __future__ import annotations

import pytest

from tahsil.actions import presenting, returning
from tahsil.store.models import Account, BankAccount, Instrument
from tahsil.web import sentences
from tests.conftest import TODAY

LABELS = {"en": "Account closed", "ar": "الحساب مغلق", "hi": "खाता बंद"}


@pytest.fixture
def returned(desk):
    """Lina's cheque that came back because its account is closed."""
    account = Account.objects.get(number="NIL-1")
    bank = BankAccount.objects.create(
        creditor=account.creditor, code="B1", bank="CIB", currency="EGP", rule="price"
    )
    paper = Instrument.objects.create(
        account=account, number="004777", bank="NBE", amount_minor=1_000_00, matures_on=TODAY,
        state="in_safe", place="safe",
    )  # fmt: skip
    of = {"account_id": account.id, "instrument_id": paper.id}
    presenting.send(
        desk.book.people.ctx("sara"), bank_account_id=bank.id, instruments=[paper.id], number="S-1"
    )
    returning.bounce(desk.book.people.ctx("sara"), **of, reason="ACCOUNT_CLOSED", memo="memo 9")
    desk.book.ids |= {"paper": paper.id, "bank": bank.id}
    return desk


@pytest.mark.parametrize("language", ["en", "ar", "hi"])
def test_a_cheque_that_may_not_go_again_says_why_in_words(returned, language):
    ids = returned.book.ids
    returned.browser("sara").cookies["tahsil_language"] = language
    answer = returned.post(
        "sara", "/slips/new", bank_account_id=ids["bank"], number="S-2",
        sent_on=TODAY.isoformat(), instrument=ids["paper"],
    )  # fmt: skip
    assert answer.status_code == 422
    text = answer.content.decode()
    assert LABELS[language] in text
    assert "ACCOUNT_CLOSED" not in text
    assert LABELS[language] in returned.read("sara", "/instruments?view=bounced")


def test_an_act_that_needs_a_second_yes_is_called_by_its_name():
    said = sentences.in_language(
        "{verb} needs the yes of a second person. {who} may agree.",
        {"verb": "instrument.hand_back", "who": ["cfo"]},
    )
    assert "instrument." not in said
