"""The register, the calendar, a cheque's page and its forms: who sees what, what is refused how."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tahsil.store.models import Account, BankAccount, DepositSlip, Instrument, Presentment
from tests.conftest import TODAY
from tests.tables import table

HTMX = {"HX-Request": "true"}


@pytest.fixture
def register(desk):
    """The desk with Lina's cheque due today and one of an account that is not hers."""
    for name, account in (("mine", "NIL-1"), ("theirs", "NIL-3")):
        desk.book.ids[name] = Instrument.objects.create(
            account=Account.objects.get(number=account), number=f"00{len(name)}777", bank="NBE",
            amount_minor=1_000_00, matures_on=TODAY, state="in_safe", place="safe",
        ).id  # fmt: skip
    return desk


@pytest.mark.parametrize("case", table("""
    who      path                        status
    sara     /instruments                200
    sara     /instruments?view=all       200
    sara     /instruments/calendar       200
    sara     /instruments/{mine}         200
    lina     /instruments/{mine}         200
    lina     /instruments/{theirs}       404
    huda     /instruments/{mine}/hold    403
    auditor  /instruments/{mine}         200
    auditor  /instruments/{mine}/hold    403
    auditor  /slips/new                  403
    stranger  /instruments               403
    sara     /instruments/{mine}/fly     422
    """), ids=lambda case: f"{case['who']} {case['path']}")  # fmt: skip
def test_who_may_open_what(register, case):
    assert register.get(case["who"], case["path"]).status_code == int(case["status"])


def test_a_collector_sees_their_own_cheques(register):
    shown = register.read("lina", "/instruments?view=all")
    assert "004777" in shown
    assert "006777" not in shown
    assert "006777" in register.read("sara", "/instruments?view=all")


def test_the_register_is_a_workbook_too(register):
    answer = register.get("sara", "/instruments?view=all&format=xlsx")
    assert answer["Content-Type"].endswith("sheet")
    assert "cheques" in answer["Content-Disposition"]


def test_the_calendar_leads_to_the_day(register):
    assert f"since={TODAY.isoformat()}" in register.read("sara", "/instruments/calendar")
    other = (TODAY - timedelta(days=60)).isoformat()
    assert f"since={TODAY.isoformat()}" not in register.read(
        "sara", f"/instruments/calendar?month={other}"
    )


def test_a_slip_is_sent_with_what_was_ticked(register):
    bank = BankAccount.objects.create(
        creditor=Account.objects.get(number="NIL-1").creditor, code="B1", bank="CIB",
        currency="EGP", rule="price",
    )  # fmt: skip
    shown = register.read("sara", "/slips/new?instrument={mine}")
    assert "004777" in shown
    fields = {"bank_account_id": bank.id, "sent_on": TODAY.isoformat(),
              "instrument": register.book.ids["mine"]}  # fmt: skip
    kept = register.post("sara", "/slips/new", **fields, number="")
    assert kept.status_code == 422
    assert "004777" in kept.content.decode()  # what was ticked is still there
    sent = register.post("sara", "/slips/new", **fields, number="S-1")
    assert (sent.status_code, sent["Location"]) == (302, "/instruments?view=awaiting")
    assert (DepositSlip.objects.get().total_minor, Presentment.objects.count()) == (1_000_00, 1)
    assert "004777" in register.read("sara", "/instruments?view=awaiting")


def test_a_refused_move_keeps_what_was_typed(register):
    answer = register.post(
        "sara", "/instruments/{mine}/hold", headers=HTMX, why="salary", until_on=TODAY.isoformat()
    )
    assert answer.status_code == 422
    assert 'value="salary"' in answer.content.decode()
    assert Instrument.objects.get(id=register.book.ids["mine"]).state == "in_safe"


def test_a_cheque_is_taken_in_on_the_account(register):
    fields = {"number": "000911", "bank": "NBE", "amount": "500", "count": "1",
              "matures_on": TODAY.isoformat()}  # fmt: skip
    assert register.post("lina", "/accounts/{NIL-1}/instruments", **fields).status_code == 302
    again = register.post("lina", "/accounts/{NIL-1}/instruments", **fields)
    assert again.status_code == 422
    assert "was taken in before" in again.content.decode()
    assert Instrument.objects.get(number="000911").state == "provisional"


def test_what_stands_on_a_note_is_kept_with_it_and_its_identity_masked(desk):
    form = {
        "number": "PN-7", "bank": "NBE", "amount": "500.00", "matures_on": TODAY.isoformat(),
        "kind": "promissory_note", "drawer_identity": "29001011234567", "issued_at": "Giza",
        "no_words": "1", "received_on": (TODAY - timedelta(days=1)).isoformat(),
    }  # fmt: skip
    assert desk.post("lina", "/accounts/{NIL-1}/instruments", **form).status_code == 302
    made = Instrument.objects.get(number="PN-7")
    assert (made.kind, made.face.issued_at, made.face.has_words) == (
        "promissory_note", "Giza", False,
    )  # fmt: skip
    shown = desk.read("lina", f"/instruments/{made.id}")
    assert "4567" in shown
    assert "29001011234567" not in shown
    again = {"issued_at": "Cairo", "is_crossed": "1", "channel": "visit"}
    assert desk.post("lina", f"/instruments/{made.id}/describe", **again).status_code == 302
    made.face.refresh_from_db()
    assert (made.face.issued_at, made.face.drawer_identity) == ("Cairo", "29001011234567")
    refused = desk.post("lina", f"/instruments/{made.id}/describe", channel="pigeon", issued_at="X")
    assert refused.status_code == 422
    assert 'value="X"' in refused.content.decode()
