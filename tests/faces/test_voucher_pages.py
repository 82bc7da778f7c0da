"""Papers that go with money and cheques: who may have them, what stands on them."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from tahsil.store.models import (
    Account,
    BankAccount,
    DepositSlip,
    Instrument,
    InstrumentMove,
    Presentment,
    Receipt,
)
from tests.conftest import NOW


@pytest.fixture
def paper(desk) -> Instrument:
    """A cheque of NIL-1 that went to the bank, came back and was replaced."""
    account = Account.objects.get(number="NIL-1")
    found = Instrument.objects.create(
        account=account, number="000777", bank="NBE", drawer="Mona", amount_minor=144_000_00,
        matures_on=date(2026, 10, 13), state="replaced", received_on=date(2026, 1, 13),
        temporary_receipt="T-77",
    )  # fmt: skip
    Instrument.objects.create(
        account=account, number="000778", bank="NBE", amount_minor=1_000_00,
        matures_on=date(2026, 11, 13), state="in_safe", received_on=date(2026, 1, 13),
        temporary_receipt="T-77",
    )  # fmt: skip
    bank = BankAccount.objects.create(
        creditor=account.creditor, code="OUR-1", bank="CIB", iban="EG38", currency="EGP"
    )
    slip = DepositSlip.objects.create(
        bank_account=bank, number="S-1", sent_on=date(2026, 10, 13), count=1,
        total_minor=144_000_00,
    )  # fmt: skip
    Presentment.objects.create(
        instrument=found, seq=1, slip=slip, bank_account=bank, sent_on=slip.sent_on,
        expected_on=slip.sent_on, result="bounced", answered_on=slip.sent_on, reason="NSF",
    )  # fmt: skip
    return found


def text_of(answer) -> str:
    assert answer.status_code == 200, answer.content.decode()[:500]
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(answer.content)).pages
    return " ".join("".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("language", ["en", "ar", "hi"])
def test_a_receipt_is_printed_with_its_amount_in_words(desk, language):
    receipt = Receipt.objects.filter(account__number="NIL-1").earliest("id")
    path = f"/receipts/{receipt.id}/voucher.pdf"
    answer = desk.get("lina", f"{path}?lang={language}")
    assert f"receipt-{receipt.number}.pdf" in answer["Content-Disposition"]
    text = text_of(answer)
    assert receipt.number in text and "Egyptian pounds only" in text
    assert "Cheques are credited on clearance." in text
    assert f'href="{path}"' in desk.read("lina", f"/receipts/{receipt.id}")
    assert desk.get("stranger", path).status_code == 404


def test_the_cheques_of_one_temporary_receipt_stand_on_one_paper(desk, paper):
    text = text_of(desk.get("omar", f"/instruments/{paper.id}/receipt.pdf"))
    for said in ("T-77", "000777", "000778", "145,000.00", "One hundred and forty-five thousand",
                 "this is no receipt for money"):  # fmt: skip
        assert said in text, said
    page = desk.read("omar", f"/instruments/{paper.id}")
    assert f"/instruments/{paper.id}/receipt.pdf" in page
    assert f"/instruments/{paper.id}/hand-back.pdf" in page


def test_a_cheque_is_handed_back_against_a_signature(desk, paper):
    text = text_of(desk.get("omar", f"/instruments/{paper.id}/hand-back.pdf"))
    assert "000777" in text and "replaced" in text and "Signature" in text
    InstrumentMove.objects.create(
        instrument=paper, verb="hand_back", before="replaced", after="returned_to_customer",
        document="signed 11-08", effective_on=date(2026, 11, 8), recorded_at=NOW,
    )  # fmt: skip
    Instrument.objects.filter(id=paper.id).update(state="returned_to_customer")
    text = text_of(desk.get("omar", f"/instruments/{paper.id}/hand-back.pdf"))
    assert "signed 11-08" in text and "8 Nov 2026" in text


def test_one_that_is_at_the_bank_is_not_handed_back(desk, paper):
    Instrument.objects.filter(id=paper.id).update(state="under_collection")
    answer = desk.get("omar", f"/instruments/{paper.id}/hand-back.pdf")
    assert answer.status_code == 422 and "not handed back" in answer.content.decode()


def test_a_slip_lists_its_papers(desk, paper):
    slip = DepositSlip.objects.get()
    text = text_of(desk.get("omar", f"/slips/{slip.id}.pdf"))
    for said in ("S-1", "OUR-1", "EG38", "000777", "144,000.00"):
        assert said in text, said
    assert f"/slips/{slip.id}.pdf" in desk.read("omar", f"/instruments/{paper.id}")
    assert desk.get("stranger", f"/slips/{slip.id}.pdf").status_code == 422


def test_programs_read_the_same(desk, paper):
    answer = desk.get("omar", f"/api/v1/instruments/{paper.id}/receipt").json()
    assert answer["amount_minor"] == 145_000_00
    assert answer["words"]["ar"] == "مائة وخمسة وأربعون ألف جنيه مصري"
    slip = desk.get("omar", f"/api/v1/slips/{DepositSlip.objects.get().id}").json()
    assert [each["number"] for each in slip["cheques"]] == ["000777"]
