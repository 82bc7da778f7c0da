"""Approvals: what waits for whom, yes and no with a remark, nobody their own."""

import pytest

from tahsil.actions import receipts
from tahsil.store.models import Receipt, Request
from tests.conftest import TODAY


@pytest.fixture
def asked(desk) -> Request:
    """Omar wants to reverse a receipt above his limit."""
    ctx = desk.book.people.ctx("omar", as_of=TODAY, key="ask")
    waiting = receipts.reverse(
        ctx, account_id=desk.book["NIL-1"], receipt_id=desk.book["CAI-1"], reason="entered twice"
    )
    return Request.objects.get(id=waiting.request_id)


def test_it_waits_for_who_may_agree(desk, asked):
    text = desk.read("sara", "/approvals")
    assert "Reverse a receipt" in text and "entered twice" in text and "Omar" in text
    assert f'href="/accounts/{desk.book["NIL-1"]}"' in text
    assert "Nothing waits for you" in desk.read("omar", "/approvals")
    mine = desk.read("omar", "/approvals?view=mine")
    assert "Withdraw" in mine and 'value="approve"' not in mine


def test_yes_does_what_was_asked(desk, asked):
    answer = desk.post("sara", f"/approvals/{asked.id}", answer="approve", form_key="y")
    assert answer.status_code == 302
    assert Request.objects.get(id=asked.id).state == "approved"
    assert Receipt.objects.get(id=desk.book["CAI-1"]).reversal.reason == "entered twice"
    assert "approved" in desk.read("sara", "/approvals?view=decided")


def test_no_needs_a_remark_and_keeps_it(desk, asked):
    path = f"/approvals/{asked.id}"
    desk.post("sara", path, answer="decline", remark=" ", form_key="n")
    assert Request.objects.get(id=asked.id).state == "waiting"
    desk.post("sara", path, answer="decline", remark="The bank has it once", form_key="n2")
    assert Request.objects.get(id=asked.id).state == "declined"
    assert "The bank has it once" in desk.read("omar", "/approvals?view=decided")
    assert not hasattr(Receipt.objects.get(id=desk.book["CAI-1"]), "reversal")


def test_nobody_agrees_to_their_own(desk, asked):
    desk.post("omar", f"/approvals/{asked.id}", answer="approve", form_key="own")
    assert Request.objects.get(id=asked.id).state == "waiting"
    assert "You asked for this yourself" in desk.read("omar", "/approvals")


def test_who_asked_may_withdraw(desk, asked):
    desk.post("sara", f"/approvals/{asked.id}", answer="withdraw", form_key="w1")
    assert Request.objects.get(id=asked.id).state == "waiting"
    desk.post("omar", f"/approvals/{asked.id}", answer="withdraw", form_key="w2")
    assert Request.objects.get(id=asked.id).state == "withdrawn"


def test_an_answer_that_is_none_is_refused(desk, asked):
    answer = desk.post("sara", f"/approvals/{asked.id}", answer="perhaps")
    assert answer.status_code == 422
    assert Request.objects.get(id=asked.id).state == "waiting"


def test_a_request_of_others_is_not_for_everybody(desk, asked):
    assert desk.get("ravi", f"/approvals/{asked.id}").status_code in (403, 404, 422)
    assert desk.get("sara", "/approvals/999999").status_code in (404, 422)


def test_who_agrees_reads_names_and_no_ids(desk, asked):
    number = Receipt.objects.get(id=desk.book["CAI-1"]).number
    assert f"<dd>{number}</dd>" in desk.read("sara", f"/approvals/{asked.id}")
