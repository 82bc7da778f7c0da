"""Steps of law after a returned cheque: recorded with a document, each meets its clock once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tahsil.actions import presenting, replacing, requests, returning, steps
from tahsil.actions._verb import Context
from tahsil.queries import instrument_page
from tahsil.queries import instruments as register
from tahsil.queries.people import standing_of
from tahsil.store.models import Creditor, Event, InstrumentStep
from tests.actions.test_instruments import code_of, desk, state
from tests.actions.test_replacing import paid, returned
from tests.conftest import NOW, TODAY

__all__ = ["desk"]
WHOLE = 5_000_000


@pytest.fixture
def back(desk):
    """An Indian creditor's cheque that came back today."""
    Creditor.objects.filter(id=desk.book.people.creditor).update(country="IN")
    return returned(desk, desk.sent(lines=[[desk.book.lines["Q01"], WHOLE]]))


def later(desk, days: int, name: str = "mervat") -> Context:
    on = TODAY + timedelta(days=days)
    return Context(standing_of(desk.ids[name], as_of=on), on, NOW, "")


def step(desk, paper, code: str, days: int = 0, **more):
    return steps.record_step(
        later(desk, days), account_id=desk.book.account, instrument_id=paper.id, step=code,
        document=f"letter {code}", **more,
    )  # fmt: skip


def page(desk, paper, days: int = 0):
    ctx = later(desk, days)
    return instrument_page.instrument(ctx.standing, paper.id, as_of=ctx.as_of)


def stands(desk, paper, days: int = 0) -> dict[str, tuple[str, date]]:
    return {each.clock.code: (each.state, each.due_on) for each in page(desk, paper, days).clocks}


def test_a_step_meets_its_clock_and_starts_the_next(desk, back):
    notice_by = TODAY + timedelta(days=30)
    assert stands(desk, back)["notice"] == ("running", notice_by)
    done = step(desk, back, "notice", 2)
    assert done.facts["next_on"] == "2027-02-22"  # the last day to present it again
    step(desk, back, "served", 5)
    found = stands(desk, back, 5)
    assert found["notice"] == ("met", notice_by)
    assert found["payment"] == ("running", TODAY + timedelta(days=20))
    assert "complaint" not in found
    assert stands(desk, back, 21)["complaint"] == ("running", date(2027, 1, 13))
    assert [each.document for each in page(desk, back, 5).steps] == [
        "letter notice", "letter served",
    ]  # fmt: skip


def test_what_was_recorded_wrongly_is_taken_back_and_stays_to_be_seen(desk, back):
    step(desk, back, "notice", 2)
    step(desk, back, "served", 5)
    undo = {"account_id": desk.book.account, "instrument_id": back.id, "reason": "another cheque"}
    again = later(desk, 6)
    assert code_of(lambda: steps.take_back_step(again, step="notice", **undo)) == "step.followed"
    steps.take_back_step(again, step="served", **undo)
    steps.take_back_step(again, step="notice", **undo)
    assert code_of(lambda: steps.take_back_step(again, step="notice", **undo)) == "step.none"
    assert stands(desk, back, 6)["notice"][0] == "running"
    assert InstrumentStep.objects.count() == 4
    step(desk, back, "notice", 7)
    assert stands(desk, back, 7)["notice"][0] == "met"


def test_no_clock_runs_where_the_reason_starts_none(desk):
    Creditor.objects.filter(id=desk.book.people.creditor).update(country="IN")
    paper = desk.sent()
    desk.do(returning.bounce, paper, by="huda", reason="TECHNICAL", memo="image")
    assert page(desk, paper).clocks == ()
    assert code_of(lambda: step(desk, paper, "notice")) == "step.not_back"


def test_no_clock_runs_once_it_is_settled_or_on_a_cheque_that_never_came_back(desk, back):
    assert code_of(lambda: step(desk, desk.kept("000200"), "notice")) == "step.not_back"
    desk.do(replacing.settle, back, by="sara", receipts=[paid(desk, WHOLE).id])
    assert state(back) == "settled_otherwise"
    assert page(desk, back).clocks == ()


def test_another_return_starts_its_clocks_anew(desk, back):
    step(desk, back, "notice")
    params = {"bank_account_id": desk.bank, "instruments": [back.id], "number": "S-2"}
    asked = presenting.send(later(desk, 1), **params)
    requests.approve(
        replace(desk.ctx("sara"), as_of=later(desk, 1).as_of), request_id=asked.request_id
    )
    assert stands(desk, back, 1)["notice"][0] == "met"  # the first return still stands
    of = {"account_id": desk.book.account, "instrument_id": back.id}
    returning.bounce(later(desk, 2), **of, reason="NSF", memo="memo 2")
    assert stands(desk, back, 2)["notice"] == ("running", TODAY + timedelta(days=32))


def test_the_register_lists_clocks_the_nearest_first(desk, back):
    other = returned(desk, desk.sent("000124", 1_000_000))
    step(desk, back, "notice", 2)
    step(desk, back, "served", 5)
    ctx = later(desk, 5)
    filters = register.InstrumentFilters(view="clocks")
    found = register.register(ctx.standing, as_of=ctx.as_of, filters=filters)
    assert [row.instrument_id for row in found.page.rows] == [back.id, other.id]
    assert [row.clock.clock.code for row in found.page.rows] == ["payment", "notice"]
    assert found.counts["clocks"] == 2
    on = TODAY + timedelta(days=40)
    found = register.register(standing_of(desk.ids["mervat"], as_of=on), as_of=on, filters=filters)
    assert {row.clock.clock.code for row in found.page.rows} == {"complaint", "present"}


def test_a_step_is_recorded_once_by_those_who_may_and_never_changed(desk, back):
    step(desk, back, "notice")
    assert code_of(lambda: step(desk, back, "notice")) == "step.known"
    assert Event.objects.filter(verb="instrument.record_step").count() == 1
    of = {"account_id": desk.book.account, "instrument_id": back.id}
    assert code_of(
        lambda: steps.record_step(desk.ctx("auditor"), **of, step="served", document="x")
    ).startswith("grant.")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE store_instrumentstep SET document = 'other'")
