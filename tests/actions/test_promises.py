"""Promises: how far ahead, how much, one at a time, judged by the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tahsil.actions import promises, requests
from tahsil.actions._verb import Done, Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.queries.people import SYSTEM
from tahsil.store.models import Account, Event, Promise
from tests.conftest import NOW, TODAY
from tests.tables import table


def make(book, amount=100, days=3, *, by="lina", key="", **more):
    params = {"promised_on": TODAY + timedelta(days=days), **more}
    return promises.make(
        book.ctx(by, key=key), account_id=book.account, amount_minor=amount, **params
    )


def test_a_promise_sets_the_next_step_to_its_day(book):
    make(book)
    account = Account.objects.get(id=book.account)
    assert (account.next_step, account.next_step_on) == ("await_payment", date(2026, 11, 25))


def test_a_new_promise_takes_the_place_of_the_open_one(book):
    first = make(book)
    second = make(book, 200)
    assert Promise.objects.get(id=first.id).state == "superseded"
    assert second.facts["supersedes_id"] == first.id
    assert Promise.objects.filter(state="open").count() == 1


@pytest.mark.parametrize(
    "case",
    table("""
    by    days  answer   why
    lina  7     done     a week is the collector's
    lina  8     waiting  eight days are not
    omar  15    done     a fortnight is the leader's
    omar  16    waiting  sixteen days are not
    sara  30    done     a month is the manager's
    sara  31    waiting  more is the board's
    """),
    ids=lambda case: case["why"],
)
def test_how_far_ahead_depends_on_who_takes_it(book, case):
    outcome = make(book, days=int(case["days"]), by=case["by"])
    assert isinstance(outcome, Done if case["answer"] == "done" else Waiting)
    assert Promise.objects.exists() == (case["answer"] == "done")


def test_the_third_renewal_needs_the_leader(book):
    for amount in (1, 2):
        assert isinstance(make(book, amount), Done)
    assert isinstance(make(book, 3), Done)
    assert isinstance(make(book, 4), Waiting)


@pytest.mark.parametrize(
    "case",
    table("""
    code                  more                     why
    promise.past          promised_on=2026-11-21   yesterday cannot be promised
    given.amount          amount=0                 nothing is no promise
    promise.too_much      amount=17000001          no more than is owed
    promise.instrument    instrument=shells        shells are not known
    promise.confidence    confidence=4             confidence is one to three
    given.missing         promised_on=             a promise has its day
    """),
    ids=lambda case: case["why"],
)
def test_what_cannot_be_promised_is_refused(book, case):
    name, _, value = case["more"].partition("=")
    params = {name: int(value) if value.isdigit() else value}
    with pytest.raises(Refused) as refused:
        make(book, params.pop("amount", 100), **params)
    assert refused.value.code == case["code"] and str(refused.value)
    assert not Promise.objects.exists()


def test_the_same_key_makes_one_promise(book):
    first, again = make(book, key="p1"), make(book, key="p1")
    assert again.repeated and again.event_id == first.event_id
    assert Promise.objects.count() == 1


def test_the_same_key_waits_once(book):
    first, again = make(book, days=9, key="p1"), make(book, days=9, key="p1")
    assert first.request_id == again.request_id
    with pytest.raises(Refused) as refused:
        make(book, days=10, key="p1")
    assert refused.value.code == "key.reused"


def test_an_approved_promise_is_who_asked_its(book):
    waiting = make(book, days=12)
    requests.approve(book.ctx("omar"), request_id=waiting.request_id, remark="salary day")
    promise = Promise.objects.get()
    assert promise.made_by_id == book.people.lina
    assert Event.objects.get(verb="promise.make").approvers == ["Omar"]


def test_a_cancelled_promise_counts_for_nothing(book):
    made = make(book)
    params = {"account_id": book.account, "promise_id": made.id, "reason": "we asked too much"}
    promises.cancel(book.ctx("lina"), **params)
    assert Promise.objects.get().state == "cancelled"
    with pytest.raises(Refused) as refused:
        promises.cancel(book.ctx("lina"), **params)
    assert refused.value.code == "promise.state"


def test_the_day_judges_each_promise_once(book):
    made = make(book)
    item = {"promise_id": made.id, "account_id": book.account, "state": "part_kept",
            "received_minor": 40}  # fmt: skip
    ctx = book.ctx("lina").__class__(SYSTEM, TODAY, NOW)
    assert promises.judge_many(ctx, [("day:1", item)]) == 1
    assert promises.judge_many(ctx, [("day:1", item)]) == 0  # the same run again
    assert promises.judge_many(ctx, [("day:2", item)]) == 0  # it is no longer open
    promise = Promise.objects.get()
    assert (promise.state, promise.received_minor) == ("part_kept", 40)
    assert Event.objects.filter(verb="promise.judge").count() == 1
