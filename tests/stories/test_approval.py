"""Nobody approves their own: asked by one, agreed by another, judged again on that moment."""

from __future__ import annotations

import pytest

from tahsil.actions import accounts, obligations, promises, receipts, requests
from tahsil.actions._verb import Done, Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import approvals
from tahsil.store.models import Promise, Request, RoleGrant
from tests.actions.money import open_of
from tests.stories.life import whole
from tests.stories.signing import owed, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def account_id(life, people) -> int:
    """150,000 that fell due on the day of signing."""
    lines = [owed("instalment", "Q01", 150_000_00, "2026-01-13")]
    account_id, _ = sign(life, people, lines=lines)
    life.day()
    life.until("2026-01-20")
    life.told()
    return account_id


def promise(life, account_id: int, minor: int, on: str) -> Done | Waiting:
    return promises.make(
        life.ctx("lina"), account_id=account_id, amount_minor=minor, promised_on=on
    )


def pay(life, account_id: int, minor: int) -> None:
    receipts.record(
        life.ctx("huda"), account_id=account_id, amount_minor=minor, value_on=life.as_of,
        instrument="cash",
    )  # fmt: skip


def refused_and_nothing_changed(act, life, who: str, request_id: int) -> str:
    """The code of the refusal, once every row of every table was found as it had been."""
    before = whole()
    with pytest.raises(Refused) as refused:
        act(life.ctx(who), request_id=request_id)
    assert str(refused.value)
    assert whole() == before
    return refused.value.code


def test_lina_asks_and_omar_agrees(life, account_id):
    asked = promise(life, account_id, 150_000_00, "2026-02-01")
    assert isinstance(asked, Waiting)
    assert not Promise.objects.exists()
    approve = requests.approve
    assert refused_and_nothing_changed(approve, life, "lina", asked.request_id) == "request.own"
    RoleGrant.objects.create(
        person_id=life.id_of("lina"), role="team_leader", scope="all", since_on=life.as_of
    )
    # As a leader she could take it herself; her old request still waits for somebody else.
    assert refused_and_nothing_changed(approve, life, "lina", asked.request_id) == "request.own"
    for who in ("karim", "huda", "auditor", "stranger"):
        code = refused_and_nothing_changed(approve, life, who, asked.request_id)
        assert code == "request.not_yours", who
    assert [
        row.id for row in approvals.approvals(life.who("omar"), as_of=life.as_of).page.rows
    ] == [asked.request_id]
    requests.approve(life.ctx("omar"), request_id=asked.request_id)
    life.happened("""
    on          by    verb             of       facts
    2026-01-20  Lina  promise.make     promise  amount=150000.00 promised_on=2026-02-01 approvers=Omar
    2026-01-20  Omar  request.approve  request  verb=promise.make approvers=
    """)  # noqa: E501
    assert refused_and_nothing_changed(approve, life, "omar", asked.request_id) == "request.state"


def test_what_was_paid_meanwhile_cannot_be_promised_any_more(life, account_id):
    asked = promise(life, account_id, 150_000_00, "2026-02-01")
    life.until("2026-01-21")
    pay(life, account_id, 60_000_00)
    life.told()
    code = refused_and_nothing_changed(requests.approve, life, "omar", asked.request_id)
    assert code == "promise.too_much"
    assert Request.objects.get().state == "waiting"
    requests.withdraw(life.ctx("lina"), request_id=asked.request_id, remark="part was paid")
    again = promise(life, account_id, 90_000_00, "2026-02-01")
    life.until("2026-01-22")
    requests.approve(life.ctx("omar"), request_id=again.request_id)
    life.happened("""
    on          by    verb              of       facts
    2026-01-21  Lina  request.withdraw  request  verb=promise.make
    2026-01-22  Lina  promise.make      promise  amount=90000.00 promised_on=2026-02-01 approvers=Omar
    2026-01-22  Omar  request.approve   request  verb=promise.make
    """)  # noqa: E501


def test_what_grew_meanwhile_needs_a_higher_yes(life, account_id):
    """Sara may give up 20,000 in a year; when she agrees to the second, the first has used it."""
    lines = [
        obligations.raise_(
            life.ctx("huda"), account_id=account_id, category="penalty", amount_minor=30_000_00,
            due_on=life.as_of, label=label,
        ).id
        for label in ("P1", "P2")
    ]  # fmt: skip
    asked = [
        obligations.waive(
            life.ctx("omar"), account_id=account_id, obligation_id=key, amount_minor=12_000_00,
            reason="first time late",
        )
        for key in lines
    ]  # fmt: skip
    assert [each.verdict.approvers[0] for each in asked] == ["collection_manager"] * 2
    requests.approve(life.ctx("sara"), request_id=asked[0].request_id)
    second = asked[1].request_id
    code = refused_and_nothing_changed(requests.approve, life, "sara", second)
    assert code == "request.not_enough"
    assert (open_of(account_id)["P1"], open_of(account_id)["P2"]) == (18_000_00, 30_000_00)
    requests.decline(life.ctx("sara"), request_id=second, remark="enough for this year")
    assert refused_and_nothing_changed(requests.approve, life, "sara", second) == "request.state"
    assert [event.verb for event in life.told()] == [
        "obligation.raise", "obligation.raise", "obligation.waive", "request.approve",
        "request.decline",
    ]  # fmt: skip


def test_who_asked_and_left_the_account_can_no_longer_act(life, account_id):
    asked = promise(life, account_id, 150_000_00, "2026-02-01")
    accounts.assign(life.ctx("omar"), account_id=account_id, collector_id=life.id_of("karim"))
    code = refused_and_nothing_changed(requests.approve, life, "omar", asked.request_id)
    assert code == "grant.scope"  # it is Lina's act, judged on what Lina may do now
