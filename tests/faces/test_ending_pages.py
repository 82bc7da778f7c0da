"""The end of a contract on screen: what it comes to, asked, agreed to, how it ended, taken back."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.store.models import Contract, Person, Request, RoleGrant


@pytest.fixture
def place(desk) -> str:
    """The address of the end of Mona's contract; Gamal is general manager."""
    gamal = Person.objects.create(username="gamal", name="Gamal", password="gamal")
    RoleGrant.objects.create(person=gamal, role="gm", scope="all", since_on=date(2020, 1, 1))
    desk.book.persons["gamal"] = gamal.id
    contract = Contract.objects.filter(account_id=desk.book["NIL-1"]).order_by("id")[0]
    return f"/accounts/{{NIL-1}}/contracts/{contract.id}"


def test_asked_agreed_shown_and_taken_back(desk, place):
    assert "End contract" in desk.read("sara", "/accounts/{NIL-1}")
    form = desk.read("sara", f"{place}/endings")
    assert "Goes back to the customer" in form and " away" in form
    preview = desk.read("sara", f"{place}/endings/preview?charge=1,234.00&settlement=open")
    assert "Goes back to the customer" in preview
    fields = {"reason": "customer_wish", "document": "Deed 17", "charge": "0"}
    answer = desk.post("sara", f"{place}/endings", **fields)
    assert answer.status_code == 302
    waiting = Request.objects.get(verb="contract.terminate")
    assert "End a contract" in desk.read("gamal", "/approvals")
    desk.post("gamal", f"/approvals/{waiting.id}", answer="approve")
    assert "How it ended" in desk.read("sara", "/accounts/{NIL-1}")
    shown = desk.read("sara", f"{place}/endings")
    assert "Deed 17" in shown and "Gamal" in shown and "The customer wishes it" in shown
    assert "ended contract" in desk.read("sara", "/accounts/{NIL-1}")
    answer = desk.post("sara", f"{place}/reinstatements", reason="they pay", document="A2")
    assert answer.status_code == 302
    assert "End contract" in desk.read("sara", "/accounts/{NIL-1}")


def test_a_refused_form_keeps_what_was_typed(desk, place):
    fields = {"reason": "our_fault", "document": "Deed 17", "charge": "5,000.00"}
    answer = desk.post("sara", f"{place}/endings", **fields)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Deed 17"' in text and 'value="5,000.00"' in text and "Our own fault" in text
    assert not Request.objects.exists()


def test_a_collector_sees_no_way_to_end_it(desk, place):
    assert "End contract" not in desk.read("lina", "/accounts/{NIL-1}")
    assert desk.get("lina", f"{place}/endings").status_code == 403
