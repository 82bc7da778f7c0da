"""The door: who may, once, recorded, approved by somebody else; and that no verb goes round it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tahsil.actions import (
    accounts,
    contact,
    holds,
    promises,
    receipts,
    requests,
)
from tahsil.actions import (
    people as people_acts,
)
from tahsil.actions import (
    policies as policy_acts,
)
from tahsil.actions._verb import FOR_ALL, PURPOSES, VERBS, Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.store import policies
from tahsil.store.models import Event, Person, PolicyVersion, Promise, Request, RoleGrant
from tests.conftest import TODAY

SOON = TODAY + timedelta(days=3)
HERS = {  # what a collector may do, each with details that would be fine on an own account
    contact.log_attempt: {"channel": "call", "disposition": "NC_NOANS", "next_step": "call",
                          "next_step_on": SOON},
    promises.make: {"amount_minor": 1, "promised_on": SOON},
    receipts.record: {"amount_minor": 1, "value_on": TODAY, "instrument": "cash"},
    holds.place: {"reason": "ill", "until_on": SOON},
    accounts.lock: {},
}  # fmt: skip


@pytest.mark.parametrize("act", HERS, ids=lambda act: act.__name__)
def test_an_account_of_somebody_else_is_out_of_reach(book, act):
    for who, account_id, code in (
        ("lina", book.other, "grant.scope"),
        ("stranger", book.account, "grant.none"),
        ("auditor", book.account, "grant.none"),
        ("lina", 99_999, "account.unknown"),
    ):
        with pytest.raises(Refused) as refused:
            act(book.ctx(who), account_id=account_id, **HERS[act])
        assert refused.value.code == code
    assert not Event.objects.exists()
    assert act(book.ctx("lina"), account_id=book.account, **HERS[act]).event_id


def test_every_verb_says_in_a_sentence_what_it_did():
    assert len(VERBS) >= 30
    for name, purpose in PURPOSES.items():
        assert purpose.endswith(".") and name.count(".") == 1, name
    assert {
        "account.unlock", "document.export", "people.set_language", "request.approve",
        "request.decline", "request.withdraw",
    } == FOR_ALL  # fmt: skip


def test_every_verb_but_those_for_all_is_granted_to_somebody(people):
    from fnmatch import fnmatchcase

    roles = policies.at("roles", "default", TODAY)[0]["roles"].values()
    patterns = {pattern for role in roles for pattern in role["may"]}
    orphans = {
        name for name in VERBS.keys() - FOR_ALL
        if not any(fnmatchcase(name, pattern) for pattern in patterns)
    }  # fmt: skip
    assert orphans == set()


def test_a_key_reused_on_the_way_leaves_one_act(book):
    make = {"account_id": book.account, "amount_minor": 5, "promised_on": SOON}
    promises.make(book.ctx("lina", key="k"), **make)
    with pytest.raises(Refused) as refused:
        promises.make(book.ctx("lina", key="k"), **{**make, "amount_minor": 6})
    assert refused.value.code == "key.reused"
    assert Promise.objects.get().amount_minor == 5


def waiting(book, days=12) -> Waiting:
    return promises.make(
        book.ctx("lina"), account_id=book.account, amount_minor=5,
        promised_on=TODAY + timedelta(days=days),
    )  # fmt: skip


def test_nobody_approves_their_own_request(book):
    asked = waiting(book)
    RoleGrant.objects.create(
        person_id=book.people.lina, role="team_leader", scope="all", since_on=TODAY
    )
    with pytest.raises(Refused) as refused:
        requests.approve(book.ctx("lina"), request_id=asked.request_id)
    assert refused.value.code == "request.own"
    assert not Promise.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "auditor", "huda"])
def test_who_holds_no_wanted_role_decides_nothing(book, who):
    asked = waiting(book)
    for act in (requests.approve, requests.decline):
        with pytest.raises(Refused) as refused:
            act(book.ctx(who), request_id=asked.request_id, remark="so")
        assert refused.value.code == "request.not_yours"


def test_a_leader_of_another_team_decides_nothing_here(book):
    asked = waiting(book)
    Person.objects.filter(id=book.people.lina).update(team=None)
    with pytest.raises(Refused) as refused:
        requests.approve(book.ctx("omar"), request_id=asked.request_id)
    assert refused.value.code == "request.not_yours"


def test_a_request_is_decided_once(book):
    asked = waiting(book)
    requests.decline(book.ctx("omar"), request_id=asked.request_id, remark="too far away")
    row = Request.objects.get()
    assert (row.state, row.decided_by_id, row.remark) == (
        "declined", book.people.omar, "too far away",
    )  # fmt: skip
    for act, who in ((requests.approve, "omar"), (requests.withdraw, "lina")):
        with pytest.raises(Refused) as refused:
            act(book.ctx(who), request_id=asked.request_id)
        assert refused.value.code == "request.state"
    assert not Promise.objects.exists()


def test_who_asked_may_take_it_back(book):
    asked = waiting(book)
    with pytest.raises(Refused) as refused:
        requests.withdraw(book.ctx("omar"), request_id=asked.request_id)
    assert refused.value.code == "request.not_asked"
    requests.withdraw(book.ctx("lina"), request_id=asked.request_id)
    assert Request.objects.get().state == "withdrawn"


def test_a_request_that_is_over_is_not_approved(book):
    asked = waiting(book, days=20)
    late = book.ctx("sara", as_of=TODAY + timedelta(days=16))
    with pytest.raises(Refused) as refused:
        requests.approve(late, request_id=asked.request_id)
    assert refused.value.code == "request.expired"
    assert Request.objects.get().state == "waiting"


def test_what_became_impossible_is_refused_and_goes_on_waiting(book):
    asked = waiting(book)
    late = book.ctx("omar", as_of=TODAY + timedelta(days=13))
    with pytest.raises(Refused) as refused:
        requests.approve(late, request_id=asked.request_id)
    assert refused.value.code == "promise.past"
    assert Request.objects.get().state == "waiting"


def test_approving_is_linked_to_what_was_done(book):
    asked = waiting(book)
    requests.approve(book.ctx("omar"), request_id=asked.request_id)
    row = Request.objects.get()
    assert Event.objects.get(id=row.event_id).subject == f"promise:{Promise.objects.get().id}"
    assert {event.verb for event in Event.objects.all()} == {"promise.make", "request.approve"}


@pytest.fixture
def administrator(people):
    """The auditor, made administrator for the day."""
    RoleGrant.objects.create(
        person_id=people.auditor, role="administrator", scope="all", since_on=TODAY
    )
    return people.ctx("auditor")


def test_people_are_added_and_given_roles(people, administrator):
    added = people_acts.add(administrator, username="Karim", name="Karim Nabil")
    params = {"person_id": added.id, "role": "collector", "scope": "own"}
    granted = people_acts.grant(administrator, **params)
    for more, code in (
        ({}, "people.held"),
        ({"role": "king"}, "people.role"),
        ({"scope": "project"}, "people.scope_place"),
        ({"person_id": people.auditor}, "people.own_role"),
        ({"until_on": TODAY}, "people.grant_end"),
    ):
        with pytest.raises(Refused) as refused:
            people_acts.grant(administrator, **{**params, **more})
        assert refused.value.code == code and str(refused.value)
    people_acts.revoke(administrator, person_id=added.id, grant_id=granted.id)
    with pytest.raises(Refused) as refused:
        people_acts.revoke(administrator, person_id=added.id, grant_id=granted.id)
    assert refused.value.code == "people.not_held"
    with pytest.raises(Refused) as refused:
        people_acts.add(administrator, username="KARIM", name="Another")
    assert refused.value.code == "people.taken"


def test_the_last_administrator_stays(people, administrator):
    held = RoleGrant.objects.get(role="administrator")
    with pytest.raises(Refused) as refused:
        people_acts.revoke(administrator, person_id=people.auditor, grant_id=held.id)
    assert refused.value.code == "people.last_administrator"
    with pytest.raises(Refused) as refused:
        people_acts.set_active(administrator, person_id=people.auditor, is_active=False)
    assert refused.value.code == "people.own_access"


def test_a_password_is_hashed_before_it_reaches_the_door(people, administrator):
    with pytest.raises(Refused) as refused:
        people_acts.hashed("12345678", person_id=people.lina)
    assert refused.value.code == "people.password"
    secret = "a long sentence of mine"
    people_acts.set_password(
        administrator, person_id=people.lina, password_hash=people_acts.hashed(secret)
    )
    assert Person.objects.get(id=people.lina).check_password(secret)
    assert secret not in str(list(Event.objects.values()))


def test_anybody_sets_their_own_language(people):
    people_acts.set_language(people.ctx("stranger"), language="ar")
    assert Person.objects.get(id=people.stranger).language == "ar"
    with pytest.raises(Refused) as refused:
        people_acts.set_language(people.ctx("stranger"), language="tlh")
    assert refused.value.code == "people.language"


def test_a_policy_gets_a_later_version_and_never_an_earlier(people, administrator):
    body = {"rate_ppm": 12_500, "unit": "month", "grace_days": 7}
    params = {"kind": "penalty", "code": "developer_monthly", "since_on": "2027-01-01",
              "body": body, "source": "Board 2026-9"}  # fmt: skip
    policy_acts.publish(administrator, **params)
    assert policies.at("penalty", "developer_monthly", TODAY)[0]["rate_ppm"] == 15_000
    found, version = policies.at("penalty", "developer_monthly", date(2027, 1, 1))
    assert (found["rate_ppm"], version) == (12_500, "penalty/developer_monthly v2")
    for more, code in (
        ({}, "policy.past"),
        ({"since_on": "2026-11-01", "code": "car_flat"}, "policy.past"),
        ({"code": "usury"}, "policy.unknown"),
        ({"since_on": "2028-01-01", "body": {"rate": 1}}, "policy.fields"),
        ({"since_on": "2028-01-01", "source": ""}, "given.missing"),
        ({"since_on": "2028-01-01", "kind": "codes", "code": "reasons", "body": {"items": []}},
         "policy.codes"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            policy_acts.publish(administrator, **{**params, **more})
        assert refused.value.code == code and str(refused.value)
    assert PolicyVersion.objects.filter(code="developer_monthly").count() == 2


def test_no_refusal_loses_a_fact():
    """A fact named code or template would take the place of the refusal's own."""
    import ast
    from pathlib import Path

    import tahsil

    for path in Path(tahsil.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused":
                named = {word.arg for word in node.keywords}
                assert not (len(node.args) and named & {"code", "template"}), (path, node.lineno)
