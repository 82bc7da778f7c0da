"""Two on one account: who is on it, who works it, who sees it at all."""

from __future__ import annotations

from datetime import date, time

import pytest

from tahsil.actions import accounts, contact
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import account, ageing, register, search, worklist
from tests.stories.life import DAY
from tests.stories.signing import owed, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(life, people) -> tuple[int, int]:
    """Mona is Lina's, Samir is Karim's; both are three days late."""
    life.as_of = date(2026, 1, 16)
    lines = [owed("instalment", "Q01", 60_000_00, "2026-01-13")]
    mona, _ = sign(life, people, lines=lines)
    samir, _ = sign(
        life, people, lines=lines, number="YAS-C-3", party={"name": "Samir Fathi", "code": "C2"},
        collector_id=life.id_of("karim"), asset={"code": "C-3"},
    )  # fmt: skip
    life.day()
    life.told()
    return mona, samir


def log(life, who: str, account_id: int, **more):
    return contact.log_attempt(
        life.ctx(who), account_id=account_id, channel="call", disposition="NC_NOANS",
        next_step="call", next_step_on=life.as_of + DAY, **more,
    )  # fmt: skip


def code_of(act, *args, **params) -> str:
    with pytest.raises(Refused) as refused:
        act(*args, **params)
    assert str(refused.value)
    return refused.value.code


def seen_by(life, name: str) -> dict[str, set[int]]:
    """The accounts each list shows this person."""
    who, day = life.who(name), life.as_of
    return {
        "worklist": {row.account_id for row in worklist.worklist(who, as_of=day).page.rows},
        "ageing": {row.account_id for row in ageing.ageing(who, as_of=day).page.rows},
        "search": {
            hit.account_id
            for q in ("Mona Adel", "YAS-C-3")
            for hit in search.search(who, q, as_of=day).hits
        },
        "register": {row.account_id for row in register.accounts(who, as_of=day)},
    }


def test_one_person_at_a_time(life, both):
    mona, _ = both
    life.hour = time(9, 0)
    accounts.lock(life.ctx("lina"), account_id=mona)
    life.hour = time(9, 4)
    assert code_of(accounts.lock, life.ctx("omar"), account_id=mona) == "account.locked"
    assert code_of(log, life, "omar", mona) == "account.locked"
    shown = worklist.worklist(life.who("omar"), as_of=life.as_of, now=life.now).page.rows
    assert [row.locked_by for row in shown if row.account_id == mona] == ["Lina"]
    assert worklist.next_account(life.who("omar"), as_of=life.as_of, now=life.now) != mona
    log(life, "omar", mona, is_inbound=True)  # the debtor called us: who is called is heard
    log(life, "lina", mona)
    life.hour = time(9, 10)  # ten minutes are over; nobody left, nobody is kept out
    accounts.lock(life.ctx("omar"), account_id=mona)
    assert code_of(log, life, "lina", mona) == "account.locked"
    assert code_of(accounts.unlock, life.ctx("lina"), account_id=mona) == "account.not_locked"
    accounts.unlock(life.ctx("omar"), account_id=mona)
    log(life, "lina", mona)
    life.happened("""
    on          by    verb            of       facts
    2026-01-16  Lina  account.lock    account  until_at=2026-01-16T09:10:00Z
    2026-01-16  Omar  contact.log     attempt  is_inbound=True level=none
    2026-01-16  Lina  contact.log     attempt  is_inbound=False next_step_on=2026-01-17
    2026-01-16  Omar  account.lock    account  until_at=2026-01-16T09:20:00Z
    2026-01-16  Omar  account.unlock  account  -
    2026-01-16  Lina  contact.log     attempt  is_inbound=False
    """)


def test_everybody_sees_their_own_in_every_list(life, both):
    mona, samir = both
    wanted = {
        "lina": {mona}, "karim": {samir}, "omar": {mona, samir}, "sara": {mona, samir},
        "auditor": {mona, samir}, "stranger": set(),
    }  # fmt: skip
    for name, ids in wanted.items():
        assert seen_by(life, name) == dict.fromkeys(
            ("worklist", "ageing", "search", "register"), ids
        ), name
    for name, other in (("lina", samir), ("karim", mona), ("stranger", mona)):
        args = {"as_of": life.as_of}
        assert code_of(account.page, life.who(name), other, **args) == "account.unknown"
        assert code_of(log, life, name, other) in ("grant.scope", "grant.none")
    assert life.told() == []


def test_an_account_given_to_somebody_else(life, both):
    mona, samir = both
    karim = life.id_of("karim")
    assert code_of(
        accounts.assign, life.ctx("lina"), account_id=mona, collector_id=karim
    ) == "grant.none"  # fmt: skip
    accounts.assign(life.ctx("omar"), account_id=mona, collector_id=karim, reason="leave")
    assert code_of(
        accounts.assign, life.ctx("omar"), account_id=mona, collector_id=karim
    ) == "account.same_collector"  # fmt: skip
    assert seen_by(life, "lina")["worklist"] == set()
    assert seen_by(life, "karim")["worklist"] == {mona, samir}
    assert code_of(log, life, "lina", mona) == "grant.scope"
    log(life, "karim", mona)
    life.until("2026-01-17")
    life.happened("""
    on          by     verb            of       facts
    2026-01-16  Omar   account.assign  account  before=Lina collector=Karim reason=leave
    2026-01-16  Karim  contact.log     attempt  disposition=NC_NOANS
    """)
