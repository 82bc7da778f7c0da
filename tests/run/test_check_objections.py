"""What `tahsil check` says of objections: each statement of check_objections.py, broken once."""

from __future__ import annotations

import pytest

from tahsil.run import check_objections
from tahsil.store.models import Dispute, Event, Objection
from tests.actions.conftest import book
from tests.actions.test_objections import claim, decide, moved, record
from tests.conftest import TODAY
from tests.tables import table

__all__ = ["book"]
pytestmark = pytest.mark.django_db


def codes(**more) -> list[str]:
    return [finding.code for finding in check_objections.findings(**more)]


@pytest.fixture
def three(book):
    """One open with its line set aside, one rejected, one accepted."""
    waits = claim(book, kind="wrong_unit", obligation_id=book.lines["Q01"], holds_line=True)
    money = record(book)
    rejected = claim(book)
    decide(book, rejected)
    accepted = claim(book, kind="wrong_unit", receipt_id=money.id)
    decide(book, accepted, state="accepted", act_id=moved(book, money).id)
    return {"waits": waits.id, "rejected": rejected.id, "accepted": accepted.id}


def test_sound_objections_have_no_findings(three):
    assert codes(as_of=TODAY) == []


@pytest.mark.parametrize("case", table("""
    which     field         value       code
    waits     owner_id      -           objection.unowned
    waits     answer_by_on  -           objection.unowned
    waits     answer_by_on  2026-11-01  objection.overdue
    waits     closed_on     2026-11-01  objection.state_apart
    rejected  answer        .           objection.state_apart
    accepted  act_id        -           objection.no_correction
"""), ids=lambda case: f"{case['which']} {case['field']}")  # fmt: skip
def test_what_is_broken_is_said(three, case):
    value = {"-": None, ".": ""}.get(case["value"], case["value"])
    Objection.objects.filter(id=three[case["which"]]).update(**{case["field"]: value})
    assert codes(as_of=TODAY) == [case["code"]]


def test_an_act_that_corrects_nothing(three):
    opening = Event.objects.filter(verb="objection.open").first()
    Objection.objects.filter(id=three["accepted"]).update(act=opening)
    assert codes() == ["objection.no_correction"]


def test_a_line_held_for_an_objection_that_is_closed(three):
    Objection.objects.filter(id=three["rejected"]).update(dispute=Dispute.objects.get())
    assert codes() == ["objection.still_held"]
