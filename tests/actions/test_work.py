"""Disputes, holds, locks, assignments, parties, cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tahsil.actions import accounts, cases, disputes, holds, parties
from tahsil.actions._verb import Context, Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.queries.people import SYSTEM
from tahsil.store.models import (
    Account,
    Case,
    ContactPoint,
    Event,
    Hold,
    Party,
    PartyName,
    SearchTerm,
    Standing,
)
from tests.actions.money import check_standing
from tests.conftest import NOW, TODAY
from tests.tables import table


def dispute(book, amount=None, line="Q01", code="D_PENALTY", **more):
    return disputes.open(
        book.ctx("lina"), account_id=book.account, obligation_id=book.lines[line], code=code,
        amount_minor=amount, **more,
    )  # fmt: skip


def test_part_of_a_line_is_disputed_and_the_rest_collected(book):
    done = dispute(book, 1_000_000)
    standing = Standing.objects.get(account_id=book.account)
    assert (standing.disputed_minor, standing.overdue_minor) == (1_000_000, 11_000_000)
    assert done.facts["answer_by_on"] == "2026-11-24"  # two working days
    check_standing(book.account)


@pytest.mark.parametrize(
    "case",
    table("""
    code                  amount    line   reason      why
    dispute.too_much      5000001   Q01    D_PENALTY   no more than the line
    given.amount          0         Q01    D_PENALTY   not nothing
    code.unknown          100       Q01    D_MOOD      for a reason on the list
    obligation.unknown    100       Q99    D_PENALTY   a line of this account
    """),
    ids=lambda case: case["why"],
)
def test_what_cannot_be_disputed_is_refused(book, case):
    book.lines["Q99"] = 99_999
    with pytest.raises(Refused) as refused:
        dispute(book, int(case["amount"]), line=case["line"], code=case["reason"])
    assert refused.value.code == case["code"] and str(refused.value)


def test_a_line_is_not_disputed_beyond_itself_in_two_goes(book):
    dispute(book, 3_000_000)
    with pytest.raises(Refused) as refused:
        dispute(book, 2_000_001)
    assert refused.value.facts["free_minor"] == 2_000_000


def test_a_dispute_is_decided_once(book):
    made = dispute(book)
    params = {"account_id": book.account, "dispute_id": made.id, "state": "rejected"}
    disputes.decide(book.ctx("sara"), **params)
    assert Standing.objects.get(account_id=book.account).disputed_minor == 0
    for state, code in (("upheld", "dispute.state"), ("forgotten", "dispute.decision")):
        with pytest.raises(Refused) as refused:
            disputes.decide(book.ctx("sara"), **{**params, "state": state})
        assert refused.value.code == code


def test_a_hold_has_an_end_and_a_limit(book):
    params = {"account_id": book.account, "reason": "in hospital"}
    week = holds.place(book.ctx("lina"), until_on=TODAY + timedelta(days=7), **params)
    assert Hold.objects.get().by_id == book.people.lina and week.facts["until_on"] == "2026-11-29"
    month = holds.place(
        book.ctx("lina"), kind="pause", until_on=TODAY + timedelta(days=8), **params
    )
    assert isinstance(month, Waiting)
    for more, code in (
        ({"until_on": TODAY}, "hold.end"),
        ({"until_on": "2026-11-25"}, "hold.already"),
        ({"until_on": "2026-11-25", "kind": "nap"}, "hold.kind"),
    ):
        with pytest.raises(Refused) as refused:
            holds.place(book.ctx("lina"), **{**params, **more})
        assert refused.value.code == code


def test_a_lifted_hold_holds_no_more(book):
    made = holds.place(
        book.ctx("omar"), account_id=book.account, reason="abroad", since_on=date(2026, 11, 20),
        until_on=date(2026, 11, 30),
    )  # fmt: skip
    params = {"account_id": book.account, "hold_id": made.id, "reason": "back"}
    holds.lift(book.ctx("omar"), **params)
    assert Hold.objects.get().until_on == TODAY
    with pytest.raises(Refused) as refused:
        holds.lift(book.ctx("omar"), **params)
    assert refused.value.code == "hold.over"


def test_an_account_is_worked_by_one_person_at_a_time(book):
    accounts.lock(book.ctx("lina"), account_id=book.account)
    accounts.lock(book.ctx("lina"), account_id=book.account)  # the same person goes on
    with pytest.raises(Refused) as refused:
        accounts.lock(book.ctx("omar"), account_id=book.account)
    assert refused.value.code == "account.locked"
    later = replace(book.ctx("omar"), now=NOW + timedelta(minutes=11))
    accounts.lock(later, account_id=book.account)
    assert Account.objects.get(id=book.account).locked_by_id == book.people.omar
    with pytest.raises(Refused) as refused:
        accounts.unlock(book.ctx("lina"), account_id=book.account)
    assert refused.value.code == "account.not_locked"
    accounts.unlock(book.ctx("omar"), account_id=book.account)
    assert Account.objects.get(id=book.account).locked_by_id is None


def test_who_stays_on_an_account_leaves_one_event(book):
    def events() -> int:
        return Event.objects.filter(verb="account.lock").count()

    def until():
        return Account.objects.get(id=book.account).locked_until_at

    lina = book.ctx("lina")
    accounts.stay(lina, account_id=book.account)
    later = replace(lina, now=NOW + timedelta(minutes=9))
    accounts.stay(later, account_id=book.account)
    assert (events(), until()) == (1, NOW + timedelta(minutes=19))
    with pytest.raises(Refused) as refused:
        accounts.stay(book.ctx("omar"), account_id=book.account)
    assert refused.value.code == "account.locked"
    accounts.stay(replace(lina, now=NOW + timedelta(minutes=30)), account_id=book.account)
    assert events() == 2  # she left and came back
    accounts.stay(replace(book.ctx("omar"), now=NOW + timedelta(hours=1)), account_id=book.account)
    assert events() == 3
    with pytest.raises(Refused) as refused:
        accounts.stay(book.ctx("stranger"), account_id=book.account)
    assert refused.value.code == "grant.none"


def test_an_account_gets_another_collector(book):
    params = {"account_id": book.account, "collector_id": book.people.omar}
    accounts.assign(book.ctx("sara"), **params, reason="Lina is away")
    assert Standing.objects.get(account_id=book.account).collector_id == book.people.omar
    with pytest.raises(Refused) as refused:
        accounts.assign(book.ctx("sara"), **params)
    assert refused.value.code == "account.same_collector"
    with pytest.raises(Refused) as refused:
        accounts.assign(book.ctx("sara"), account_id=book.account, collector_id=999)
    assert refused.value.code == "person.unknown"


def test_a_party_gets_a_number_in_one_form(book):
    params = {"account_id": book.account, "party_id": book.party, "channel": "phone"}
    done = parties.add_contact(book.ctx("lina"), value="010 0123 4567", **params)
    assert ContactPoint.objects.get().value == "+201001234567"
    for value, code in (("+20 100 123 4567", "contact.known"), ("call me", "contact.phone")):
        with pytest.raises(Refused) as refused:
            parties.add_contact(book.ctx("lina"), value=value, **params)
        assert refused.value.code == code
    parties.mark_wrong(book.ctx("lina"), account_id=book.account, contact_point_id=done.id)
    assert ContactPoint.objects.get().is_wrong
    again = parties.add_contact(book.ctx("lina"), value="01001234567", **params)
    assert again.id == done.id and not ContactPoint.objects.get().is_wrong


def test_a_party_of_another_account_is_out_of_reach(book):
    other = Account.objects.get(id=book.other).party_id
    with pytest.raises(Refused) as refused:
        parties.add_contact(
            book.ctx("lina"), account_id=book.account, party_id=other, channel="email",
            value="a@b.eg",
        )  # fmt: skip
    assert refused.value.code == "party.unknown"


def test_a_corrected_name_keeps_the_old_one(book):
    params = {"account_id": book.account, "party_id": book.party, "name": "Mona Adel Hassan"}
    parties.correct_name(book.ctx("omar"), **params)
    assert Party.objects.get(id=book.party).name_key == "adel hassan mona"
    assert PartyName.objects.get().name == "Mona Adel"
    assert SearchTerm.objects.filter(account_id=book.account, term__contains="hassan").exists()
    with pytest.raises(Refused) as refused:
        parties.correct_name(book.ctx("omar"), **params)
    assert refused.value.code == "party.same_name"


def test_the_days_cases_open_move_and_close_once(book):
    ctx = Context(SYSTEM, TODAY, NOW)
    first = {"account_id": book.account, "rung": "day_3", "policies": {"ladder": "v1"}}
    assert cases.open_many(ctx, [("open", first)]) == 1
    assert cases.open_many(ctx, [("open", first), ("twice", first)]) == 0
    case = Case.objects.get()
    move = {"case_id": case.id, "account_id": book.account, "rung": "day_7"}
    assert cases.move_many(ctx, [("move", move)]) == 1
    assert cases.move_many(ctx, [("again", move)]) == 0
    assert Event.objects.get(verb="case.move").facts["before"] == "day_3"
    close = {"case_id": case.id, "account_id": book.account}
    assert cases.close_many(ctx, [("close", close), ("close2", close)]) == 1
    case.refresh_from_db()
    assert (case.state, case.closed_on, case.rung) == ("closed", TODAY, "day_7")


def test_the_days_owners_are_assigned_once(book):
    ctx = Context(SYSTEM, TODAY, NOW)
    item = {"account_id": book.other, "collector_id": book.people.lina}
    assert accounts.assign_many(ctx, [("a", item), ("b", item)]) == 1
    assert Account.objects.get(id=book.other).collector_id == book.people.lina
