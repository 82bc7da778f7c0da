"""Objections: taken, owned by a working day, answered by somebody else than who took the money."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from tahsil.actions import objections, receipts
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import timeline
from tahsil.store.models import Dispute, Document, Event, Objection, Receipt, Standing
from tests.actions.money import check_standing
from tests.conftest import TODAY
from tests.tables import table


def record(book, by="huda", amount=50_000_00, **more):
    done = receipts.record(
        book.ctx(by), account_id=book.account, amount_minor=amount, value_on=TODAY,
        instrument="cash", **more,
    )  # fmt: skip
    return Receipt.objects.get(id=done.id)


def claim(book, by="lina", **more):
    given = {"kind": "not_recorded", "channel": "call", "claimed_minor": 50_000_00, **more}
    return objections.open(book.ctx(by), account_id=book.account, **given)


def decide(
    book, done, by="sara", state="rejected", answer="The bank has no such transfer.", **more
):
    return objections.decide(
        book.ctx(by), account_id=book.account, objection_id=done.id, state=state, answer=answer,
        **more,
    )  # fmt: skip


def moved(book, receipt, by="sara") -> Event:
    """The act that puts the money on another line."""
    done = receipts.reallocate(
        book.ctx(by), account_id=book.account, receipt_id=receipt.id,
        instruction=[[book.lines["Q02"], receipt.amount_minor]], reason="objection",
    )  # fmt: skip
    return Event.objects.get(id=done.event_id)


def test_an_objection_has_a_number_an_owner_and_a_working_day(book):
    done = claim(book, note="I paid 50,000 in cash to Karim", claimed_on="2026-11-15")
    made = Objection.objects.get(id=done.id)
    assert (made.number, made.state) == (f"OBJ-{made.id:05d}", "open")
    assert made.owner_id == book.people.huda  # the accountant answers
    assert str(made.answer_by_on) == "2026-11-23"  # one working day, from a Sunday in Cairo
    assert done.facts["number"] == made.number and done.facts["owner"] == "Huda"


def test_who_took_the_money_does_not_own_the_objection(book):
    made = record(book, by="huda")
    done = claim(book, kind="amount", receipt_id=made.id)
    assert Objection.objects.get(id=done.id).owner_id not in (book.people.huda, None)


@pytest.mark.parametrize("case", table("""
    code             kind    channel  minor  on     method  about    why
    code.unknown     mood    call     100    11-01  cash    -        of a kind on the list
    channel.unknown  amount  dream    100    11-01  cash    -        through a channel there is
    given.amount     amount  call     0      11-01  cash    -        of more than nothing
    o.future         amount  call     100    12-01  cash    -        of what was paid already
    o.method         amount  call     100    11-01  gold    -        by a way to pay there is
    o.about          amount  call     100    11-01  cash    receipt  about a receipt of this account
    o.nothing        amount  call     -      -      -       -        about something
"""), ids=lambda case: case["why"])  # fmt: skip
def test_what_cannot_be_objected_to_is_refused(book, case):
    given = {
        "kind": case["kind"], "channel": case["channel"],
        "claimed_minor": None if case["minor"] == "-" else int(case["minor"]),
        "claimed_on": None if case["on"] == "-" else f"2026-{case['on']}",
        "claimed_method": "" if case["method"] == "-" else case["method"],
        "receipt_id": 99_999 if case["about"] == "receipt" else None,
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        claim(book, **given)
    assert refused.value.code == case["code"].replace("o.", "objection.") and str(refused.value)
    assert not Objection.objects.exists()


def test_the_same_objection_is_taken_once(book):
    claim(book)
    with pytest.raises(Refused) as refused:
        claim(book)
    assert refused.value.code == "objection.already"
    claim(book, claimed_minor=60_000_00)


def test_a_line_is_set_aside_until_the_answer(book):
    line = book.lines["Q01"]
    done = claim(book, kind="wrong_unit", obligation_id=line, holds_line=True)
    assert Standing.objects.get(account_id=book.account).disputed_minor == 50_000_00
    check_standing(book.account)
    decide(book, done)
    assert Dispute.objects.get().state == "rejected"
    assert Standing.objects.get(account_id=book.account).disputed_minor == 0
    check_standing(book.account)


def test_to_set_aside_a_line_one_names_it(book):
    with pytest.raises(Refused) as refused:
        claim(book, holds_line=True)
    assert refused.value.code == "objection.no_line" and not Objection.objects.exists()


def test_an_objection_is_accepted_by_the_act_that_put_it_right(book):
    money = record(book)
    done = claim(book, kind="wrong_unit", receipt_id=money.id)
    act = moved(book, money)
    decide(book, done, state="accepted", answer="It pays your second quarter now.", act_id=act.id)
    made = Objection.objects.get(id=done.id)
    assert (made.state, made.act_id, made.closed_by_id) == ("accepted", act.id, book.people.sara)


def test_it_is_not_accepted_before_anything_was_put_right(book):
    money = record(book)
    before = Event.objects.latest("id")
    done = claim(book, kind="wrong_unit", receipt_id=money.id)
    opening = Event.objects.latest("id")
    for act_id in (None, opening.id, before.id + 10_000):
        with pytest.raises(Refused) as refused:
            decide(book, done, state="accepted", act_id=act_id)
        assert refused.value.code == "objection.no_act"


def test_who_recorded_the_receipt_cannot_decide(book):
    money = record(book, by="huda")
    done = claim(book, kind="amount", receipt_id=money.id)
    with pytest.raises(Refused) as refused:
        decide(book, done, by="huda")
    assert refused.value.code == "objection.own_hands"
    with pytest.raises(Refused) as refused:
        objections.assign(
            book.ctx("sara"), account_id=book.account, objection_id=done.id,
            owner_id=book.people.huda,
        )  # fmt: skip
    assert refused.value.code == "objection.own_hands"
    decide(book, done, by="omar")


def test_nor_can_the_one_the_customer_names(book):
    done = claim(book, paid_to_id=book.people.omar)
    with pytest.raises(Refused) as refused:
        decide(book, done, by="omar")
    assert refused.value.code == "objection.own_hands"


@pytest.mark.parametrize("case", table("""
    who       verb      code           why
    lina      decide    grant.none     a collector takes objections and decides none
    auditor   decide    grant.none     an auditor reads
    stranger  withdraw  grant.none     a stranger may nothing
    omar      decide    -              a leader decides for the team
"""), ids=lambda case: case["why"])  # fmt: skip
def test_who_may_answer(book, case):
    done = claim(book)

    def act():
        if case["verb"] == "decide":
            return decide(book, done, by=case["who"])
        return objections.withdraw(
            book.ctx(case["who"]), account_id=book.account, objection_id=done.id, reason="x"
        )

    if case["code"] == "-":
        assert act().facts["state"] == "rejected"
        return
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.code == case["code"]


def test_a_collector_takes_objections_of_own_accounts_only(book):
    with pytest.raises(Refused) as refused:
        objections.open(
            book.ctx("lina"), account_id=book.other, kind="amount", channel="call", note="x"
        )
    assert refused.value.code == "grant.scope"


def test_what_is_closed_stays_closed(book):
    done = claim(book)
    objections.withdraw(
        book.ctx("lina"), account_id=book.account, objection_id=done.id, reason="found his slip"
    )
    for act in (lambda: decide(book, done), lambda: objections.assign(
        book.ctx("sara"), account_id=book.account, objection_id=done.id,
        owner_id=book.people.omar)):  # fmt: skip
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "objection.state"


def test_it_is_given_to_somebody_who_may_decide(book):
    done = claim(book)
    with pytest.raises(Refused) as refused:
        objections.assign(
            book.ctx("sara"), account_id=book.account, objection_id=done.id,
            owner_id=book.people.lina,
        )  # fmt: skip
    assert refused.value.code == "objection.owner"
    objections.assign(
        book.ctx("sara"), account_id=book.account, objection_id=done.id,
        owner_id=book.people.omar, answer_by_on="2026-11-30",
    )  # fmt: skip
    made = Objection.objects.get(id=done.id)
    assert (made.owner_id, str(made.answer_by_on)) == (book.people.omar, "2026-11-30")


def test_a_slip_is_kept_with_the_objection(book, settings, tmp_path):
    from tahsil.actions import documents

    settings.MEDIA_ROOT = tmp_path
    done = claim(book)
    sha256 = documents.take([b"%PDF-1.7 a slip"])
    objections.add_evidence(
        book.ctx("lina", key="k1"), account_id=book.account, objection_id=done.id, sha256=sha256,
        name="slip.pdf",
    )  # fmt: skip
    kept = Document.objects.get(subject=f"objection:{done.id}")
    assert (kept.sha256, kept.kind, kept.account_id) == (sha256, "evidence", book.account)


def test_the_timeline_tells_the_whole_story(book):
    money = record(book)
    done = claim(book, kind="wrong_unit", receipt_id=money.id)
    act = moved(book, money)
    decide(book, done, state="accepted", answer="Moved.", act_id=act.id)
    told = timeline.newest(book.account, currency="EGP", as_of=TODAY)
    assert [each.verb for each in told][:4] == [
        "objection.decide", "receipt.reallocate", "objection.open", "receipt.record",
    ]  # fmt: skip
    assert all("{actor}" in each.template for each in told)


def test_what_was_claimed_is_never_edited(book):
    done = claim(book)
    for sql in ("UPDATE store_objection SET claimed_minor = 1", "DELETE FROM store_objection"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert Objection.objects.get(id=done.id).claimed_minor == 50_000_00
