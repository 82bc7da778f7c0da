"""Money on account and refunds on screen: an owner, set off, asked, agreed to, paid, printed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tahsil.store.models import OnAccount, Person, Receipt, Refund, Request, RoleGrant
from tests.actions import statements
from tests.conftest import TODAY

BACK = TODAY - timedelta(days=9)
HELD = {"rule": "held"}


@pytest.fixture
def held(desk) -> Receipt:
    """5,000.00 on Mona's account that nobody has placed yet; Dina is finance director."""
    from tahsil.actions import receipts

    dina = Person.objects.create(username="dina", name="Dina", password="dina")
    RoleGrant.objects.create(person=dina, role="cfo", scope="all", since_on=date(2020, 1, 1))
    desk.book.persons["dina"] = dina.id
    done = receipts.record(
        desk.book.people.ctx("huda", as_of=BACK), account_id=desk.book["NIL-1"],
        amount_minor=5_000_00, value_on=BACK, instrument="transfer", payer="Adel Trading", **HELD,
    )  # fmt: skip
    return Receipt.objects.get(id=done.id)


def asked(desk, held, who="huda", **more):
    fields = {f"receipt-{held.id}": "5,000.00", "reason": "paid twice", **more}
    return desk.post(who, "/accounts/{NIL-1}/refunds", is_despite_overdue="1", **fields)


def agreed(desk, held) -> Refund:
    assert asked(desk, held).status_code == 302
    waiting = Request.objects.get(verb="refund.ask")
    desk.post("dina", f"/approvals/{waiting.id}", answer="approve")
    return Refund.objects.get()


def test_asked_agreed_paid_printed_and_found_at_the_bank(desk, held):
    ours = statements.bank_account(desk.book.people.creditor)
    page = desk.read("huda", "/accounts/{NIL-1}/refunds")
    assert "Adel Trading" in page and 'value="5,000.00"' in page and "overdue" in page
    refund = agreed(desk, held)
    assert "Adel Trading" in desk.read("huda", "/refunds")
    form = desk.read("huda", f"/refunds/{refund.id}/payments")
    assert "CIB-1" in form
    answer = desk.post(
        "huda", f"/refunds/{refund.id}/payments", method="transfer", reference="T-77",
        bank_account_id=str(ours.id), value_on=TODAY.isoformat(),
    )  # fmt: skip
    assert answer.url == f"/refunds/{refund.id}"
    (line,) = statements.take(desk.book.people.ctx("huda"), (-5_000_00, "REFUND ADEL"), day=TODAY)
    page = desk.read("huda", f"/refunds/{refund.id}")
    assert "REFUND ADEL" in page and "T-77" in page
    desk.post("huda", f"/refunds/{refund.id}/lines", line_id=str(line.id))
    assert "The bank's line is matched" in desk.read("huda", f"/refunds/{refund.id}")
    paper = desk.get("huda", f"/refunds/{refund.id}/voucher.pdf?lang=ar")
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
    assert "RF-NIL-2026-000001" in desk.read("lina", "/accounts/{NIL-1}/statement")


def test_what_is_refused_keeps_what_was_typed(desk, held):
    answer = desk.post(
        "huda", "/accounts/{NIL-1}/refunds", **{f"receipt-{held.id}": "6,000.00"}, reason="twice",
        payee="Samir", is_despite_overdue="1",
    )  # fmt: skip
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="6,000.00"' in text and 'value="twice"' in text and 'value="Samir"' in text
    assert not Request.objects.exists()


def test_a_refund_cancelled_or_come_back(desk, held):
    refund = agreed(desk, held)
    desk.post("huda", f"/refunds/{refund.id}/cancellations", reason="he keeps it")
    assert "he keeps it" in desk.read("huda", f"/refunds/{refund.id}")
    Request.objects.all().delete()
    asked(desk, held)
    desk.post("dina", f"/approvals/{Request.objects.get().id}", answer="approve")
    second = Refund.objects.latest("id")
    assert second.number == "RF-NIL-2026-000002"
    desk.post("huda", f"/refunds/{second.id}/payments", method="cash")
    desk.post("huda", f"/refunds/{second.id}/returns", reason="account closed")
    assert "account closed" in desk.read("huda", f"/refunds/{second.id}")
    assert "came back" in desk.read("huda", "/refunds?view=over")


def test_money_on_account_has_an_owner_and_an_age(desk, held):
    text = desk.read("huda", "/unapplied")
    assert "5,000.00" in text and "nobody" in text
    desk.post(
        "huda", "/accounts/{NIL-1}/unapplied-owners", owner_id=str(desk.book.people.huda),
        reason="unclear", note="waits for his letter", step_on=TODAY.isoformat(),
    )  # fmt: skip
    assert OnAccount.objects.get().owner_id == desk.book.people.huda
    assert "waits for his letter" in desk.read("huda", "/unapplied?view=mine")
    assert "waits for his letter" not in desk.read("huda", "/unapplied?view=unowned")


def test_money_on_account_is_set_off_in_one_click(desk):
    from tahsil.actions import receipts

    done = receipts.record(
        desk.book.people.ctx("sara", as_of=BACK), account_id=desk.book["NIL-1"], value_on=BACK,
        amount_minor=100, instrument="transfer", rule="maintenance",
    )  # fmt: skip
    answer = desk.post("sara", f"/receipts/{done.id}/set-offs", next="/unapplied")
    assert answer.url == "/unapplied"


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("lina", "/refunds", 200),
        ("lina", "/unapplied", 200),
        ("stranger", "/refunds", 403),
        ("stranger", "/unapplied", 403),
        ("auditor", "/refunds", 200),
        ("auditor", "/accounts/{NIL-1}/refunds", 403),
        ("lina", "/accounts/{NIL-2}/unapplied-owners", 403),
        ("huda", "/refunds/99", 422),
    ],
)
def test_who_may_look(desk, who, path, status):
    assert desk.get(who, path).status_code == status
