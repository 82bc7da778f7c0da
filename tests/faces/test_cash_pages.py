"""The pages of cash: one's own, its forms, the team, exceptions, call-backs, days, the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from tahsil.actions import cash as acts
from tahsil.actions import cash_days, receipts
from tahsil.store.models import BankAccount, CashCase, CashDay, CashDeposit, CashHandOver, Document
from tests.conftest import TODAY

pytestmark = pytest.mark.django_db
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 64
KEYS = iter(range(10_000))


def ctx(desk, who, days=0):
    made = desk.book.people.ctx(who, as_of=TODAY - timedelta(days=days))
    return replace(made, now=made.now - timedelta(days=days), key=f"p{next(KEYS)}")


def take(desk, minor, who="lina", days=0):
    given = {"instrument": "cash", "value_on": TODAY - timedelta(days=days), "confirm": True}
    return receipts.record(
        ctx(desk, who, days), account_id=desk.book["NIL-1"], amount_minor=minor, **given
    ).id


@pytest.fixture
def bank(desk, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return BankAccount.objects.create(
        creditor_id=desk.book.people.creditor, code="CIB-1", bank="CIB", currency="EGP"
    ).id


def count(minor):
    return {"currency": "EGP", "note-25": str(minor // 25)}


def test_who_holds_nothing_is_told_so(desk):
    assert "You hold no cash" in desk.read("lina", "/cash")
    assert desk.get("stranger", "/cash").status_code == 403


def test_ones_own_cash_shows_the_ceiling_and_what_is_late(desk):
    take(desk, 20_000_00, days=1)
    take(desk, 5_000_00)
    text = desk.read("lina", "/cash")
    assert "25,000.00" in text and "50,000.00" in text and "20,000.00" in text
    assert "is not closed" in text
    assert 'max="5000000"' in text


def test_a_deposit_with_its_slip(desk, bank):
    first, second = take(desk, 20_000_00), take(desk, 5_000_00)
    assert "25,000.00" in desk.read("lina", "/cash/deposits/new?currency=EGP")
    given = {
        "currency": "EGP",
        "bank_account_id": bank,
        "number": "S-77",
        "deposited_on": TODAY.isoformat(),
        "amount": "21,000",
    }
    slip = BytesIO(PICTURE)
    slip.name = "slip.png"
    answer = desk.post("lina", "/cash/deposits/new", photo=slip, **given)
    text = answer.content.decode()
    assert answer.status_code == 422 and "20,000.00" in text and 'value="S-77"' in text
    assert "slip.png" in text  # the photo is kept too
    sha256 = text.split('name="sha256" value="')[1][:64]
    more = {"receipt": [first, second], "sha256": sha256, "photo_name": "slip.png"}
    done = desk.post("lina", "/cash/deposits/new", **{**given, **more, "amount": "25,000"})
    assert done.url == "/cash"
    made = CashDeposit.objects.get()
    assert Document.objects.get().subject == f"cash_deposit:{made.id}"
    text = desk.read("lina", f"/cash/deposits/{made.id}")
    assert "S-77" in text and "20,000.00" in text and "awaited" in text
    assert desk.get("ravi", f"/cash/deposits/{made.id}").status_code in (404, 422)
    assert desk.read("sara", f"/cash/deposits/{made.id}")


def test_cash_is_offered_and_counted_blind(desk):
    take(desk, 20_000_00)
    people = desk.book.people
    assert "Huda" in desk.read("lina", "/cash/hand-overs/new?currency=EGP")
    desk.post("lina", "/cash/hand-overs/new", currency="EGP", receiver_id=people.huda)
    offer = CashHandOver.objects.get()
    assert "not counted yet" in desk.read("lina", "/cash")
    assert "Count and take over" in desk.read("huda", "/cash")
    form = desk.read("huda", f"/cash/hand-overs/{offer.id}")
    assert "20,000.00" not in form
    answer = desk.post("huda", f"/cash/hand-overs/{offer.id}", **count(19_900_00))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "19,900.00" in text and 'name="reason"' in text and 'value="79600"' in text
    done = desk.post(
        "huda", f"/cash/hand-overs/{offer.id}", reason="one note short", **count(19_900_00)
    )
    assert done.url == "/cash"
    assert "one note short" in desk.read("omar", "/cash/exceptions")


def test_a_day_is_counted_closed_signed_and_printed(desk):
    take(desk, 20_000_00)
    form = desk.read("lina", "/cash/closings?currency=EGP")
    assert "20,000.00" not in form
    answer = desk.post("lina", "/cash/closings", **count(19_500_00))
    assert answer.status_code == 422 and "20,000.00" in answer.content.decode()
    desk.post("lina", "/cash/closings", reason="stolen on the way", **count(19_500_00))
    day = CashDay.objects.get()
    assert cash_days.CashCount.objects.count() == 2
    text = desk.read("omar", f"/cash/days/{day.id}")
    assert "19,500.00" in text and "stolen on the way" in text and "Sign the day" in text
    assert "Sign the day" not in desk.read("lina", f"/cash/days/{day.id}")
    desk.post("omar", f"/cash/days/{day.id}/signatures")
    assert "Signed by Omar" in desk.read("omar", f"/cash/days/{day.id}")
    for language in ("en", "ar"):
        paper = desk.get("lina", f"/cash/days/{day.id}.pdf?lang={language}")
        assert paper.content.startswith(b"%PDF")
    case = CashCase.objects.get()
    assert "stolen on the way" in desk.read("lina", "/cash")
    done = desk.post(
        "omar", f"/cash/cases/{case.id}/settlements", outcome="deducted", note="from the salary"
    )
    assert done.url == "/cash/exceptions"
    assert "Nothing stands out" in desk.read("omar", "/cash/exceptions")


def test_the_team_and_its_reach(desk):
    take(desk, 20_000_00, days=2)
    take(desk, 1_000_00, who="huda")
    text = desk.read("sara", "/cash/team")
    assert "Lina" in text and "Huda" in text and "open since" in text
    own_team = desk.read("omar", "/cash/team")
    assert "Lina" in own_team and "1,000.00" not in own_team
    assert desk.get("lina", "/cash/team").status_code == 403
    assert desk.get("sara", "/cash/team?format=xlsx").status_code == 200


def test_a_deposit_the_bank_does_not_show(desk, bank):
    take(desk, 20_000_00, days=20)
    acts.deposit(ctx(desk, "lina", 20), bank_account_id=bank, number="S-1", amount_minor=20_000_00)
    text = desk.read("auditor", "/cash/exceptions")
    assert "Deposits the bank does not show" in text and "S-1" in text


def test_audit_calls_back_a_sample(desk):
    made = take(desk, 20_000_00, days=1)
    assert "not called yet" in desk.read("omar", "/cash/calls")
    answer = desk.post("auditor", f"/cash/calls/{made}", result="not_confirmed")
    assert answer.status_code == 422
    desk.post("auditor", f"/cash/calls/{made}", result="not_confirmed", note="paid 25,000")
    assert "paid 25,000" in desk.read("auditor", "/cash/calls")


def test_the_api_says_the_same(desk):
    take(desk, 20_000_00)
    own = desk.get("lina", "/api/v1/cash").json()
    assert own["hands"][0]["held_minor"] == 20_000_00
    team = desk.get("sara", "/api/v1/cash/team").json()
    assert "Lina" in str(team)
    assert desk.get("lina", "/api/v1/cash/exceptions").status_code == 403
