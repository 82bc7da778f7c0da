"""Attempts: what an outcome requires, and the next step nobody may leave out."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from tahsil.actions import accounts, contact, promises
from tahsil.core.grammar.refusal import Refused
from tahsil.store import policies
from tahsil.store.models import Account, Attempt, ContactPoint, Standing
from tests.conftest import NOW, TODAY
from tests.tables import table

CALL = {"channel": "call", "next_step": "call", "next_step_on": TODAY + timedelta(days=1)}


def log(book, disposition, *, by="lina", **more):
    params = {**CALL, **more}
    return contact.log_attempt(
        book.ctx(by), account_id=book.account, disposition=disposition, **params
    )


def test_an_attempt_moves_the_next_step(book):
    done = log(book, "NC_NOANS", next_step_on="2026-11-24", note="  rang out ")
    account = Account.objects.get(id=book.account)
    assert (account.next_step, account.next_step_on) == ("call", date(2026, 11, 24))
    attempt = Attempt.objects.get()
    assert (attempt.level, attempt.note, attempt.by_id) == ("none", "rang out", book.people.lina)
    assert done.facts["next_step_on"] == "2026-11-24"
    assert Standing.objects.get(account_id=book.account).account_id == book.account


@pytest.mark.parametrize("case", table("""
    code                         disposition   more                       why
    attempt.next_step_missing    NC_NOANS      next_step=                 what comes next is said
    attempt.next_step_needed     NC_NOANS      next_step=none             nothing is no step here
    attempt.next_step_date       NC_NOANS      next_step_on=              a step has its day
    attempt.next_step_date       NC_NOANS      next_step_on=2026-11-21    and not one that is over
    code.unknown                 NC_NOANS      next_step=dance            a step is on the list
    code.unknown                 NC_WHAT       -                          an outcome is on the list
    channel.unknown              NC_NOANS      channel=pigeon             a channel is known
    attempt.channel              NC_WA_SEEN    channel=call               nobody reads a call
    attempt.reason_missing       RF_REFUSE     -                          who refuses says why
    code.unknown                 RF_REFUSE     reason=BORED               for a reason on the list
    attempt.hour_missing         RQ_CALLBACK   next_step=callback         a call back has its hour
    attempt.promise_missing      RP_PTP_FULL   reason=FORGOT              a promise is made
    contact.unknown              NC_NOANS      contact_point_id=9999      a number of somebody else
    party.unknown                NC_NOANS      party_id=9999              a party of another account
    attempt.future               NC_NOANS      happened_at=2026-12-01     not before its time
    """), ids=lambda case: case["why"])  # fmt: skip
def test_what_is_missing_is_asked_for(book, case):
    name, _, value = case["more"].partition("=")
    more = {name: int(value) if value.isdigit() else value} if name != "-" else {}
    with pytest.raises(Refused) as refused:
        log(book, case["disposition"], **more)
    assert refused.value.code == case["code"]
    assert str(refused.value)
    assert not Attempt.objects.exists()


def test_a_review_of_the_file_needs_no_next_step(book):
    log(book, "AD_REVIEW", next_step="", next_step_on=None)
    assert Account.objects.get(id=book.account).next_step == ""


def test_a_call_back_keeps_its_hour(book):
    log(book, "RQ_CALLBACK", next_step="callback", next_step_at="14:30")
    assert Account.objects.get(id=book.account).next_step_at == time(14, 30)


def test_a_wrong_number_is_marked(book):
    point = ContactPoint.objects.create(party_id=book.party, channel="phone", value="+201001234567")
    done = log(book, "TP_WRONG", contact_point_id=point.id)
    point.refresh_from_db()
    assert point.is_wrong and done.facts["is_marked_wrong"]


def test_a_promise_and_its_call_are_logged_together(book):
    promises.make(book.ctx("lina"), account_id=book.account, amount_minor=100, promised_on=TODAY)
    log(book, "RP_PTP_FULL", reason="SALARY_DELAY", next_step="await_payment")
    assert Attempt.objects.get().level == "right_party"


def test_a_visit_knows_its_own_outcomes(book):
    log(book, "V_CLOSED", channel="visit", next_step="visit")
    with pytest.raises(Refused) as refused:
        log(book, "V_CLOSED")
    assert refused.value.code == "code.unknown"


def test_two_people_do_not_call_one_debtor(book):
    accounts.lock(book.ctx("omar"), account_id=book.account)
    with pytest.raises(Refused) as refused:
        log(book, "NC_NOANS")
    assert (refused.value.code, refused.value.facts["person"]) == ("account.locked", "Omar")
    log(book, "RF_HUNGUP", is_inbound=True)  # who calls us is heard


@pytest.mark.parametrize("name", ["dispositions", "visits"])
def test_the_shipped_outcomes_are_complete(people, name):
    body, _ = policies.at("codes", name, TODAY)
    steps = {row["code"] for row in policies.at("codes", "next_steps", TODAY)[0]["items"]}
    assert len(body["items"]) == {"dispositions": 50, "visits": 26}[name]
    for row in body["items"]:
        assert set(row["labels"]) == {"en", "ar", "hi"} and all(row["labels"].values())
        assert row["level"] in ("none", "third_party", "right_party")
        assert row["outcome"] in ("positive", "neutral", "negative")
        assert row["next"]["step"] in steps
        assert set(row.get("requires", ())) <= {
            "promise", "reason", "callback", "phone_fix", "dispute", "amount", "note",
        }  # fmt: skip
    assert NOW.date() == TODAY


@pytest.mark.parametrize(
    ("name", "count"), [("reasons", 30), ("disputes", 28), ("escalations", 27)]
)
def test_the_shipped_lists_are_complete(people, name, count):
    items = policies.at("codes", name, TODAY)[0]["items"]
    assert len({row["code"] for row in items}) == count
    assert all(set(row["labels"]) == {"en", "ar", "hi"} for row in items)
