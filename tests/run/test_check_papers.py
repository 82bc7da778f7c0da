"""What `tahsil check` says of the papers: each statement of check_papers.py, broken once."""

from __future__ import annotations

import pytest
from django.db import connection

from tahsil.actions import presenting
from tahsil.run import check_papers
from tahsil.store.models import (
    DepositSlip,
    Instrument,
    InstrumentLine,
    InstrumentMove,
    Presentment,
)
from tests.actions.conftest import book
from tests.actions.test_instruments import desk
from tests.conftest import NOW, TODAY

__all__ = ["book", "desk"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def papers(desk):
    """One cheque that cleared and one in the safe."""
    lines = desk.book.lines
    cleared = desk.sent("000123", 5_000_000, lines=[[lines["Q01"], 5_000_000]])
    desk.do(presenting.clear, cleared, by="huda", value_on=TODAY, reference="ST-1")
    return cleared, desk.kept("000124", 5_000_000, lines=[[lines["Q02"], 5_000_000]])


def codes() -> list[str]:
    return [finding.code for finding in check_papers.findings()]


def test_sound_papers_have_no_findings(papers):
    assert codes() == []


def test_a_state_no_move_led_to(papers):
    Instrument.objects.filter(id=papers[1].id).update(state="held")
    assert codes() == ["instrument.state_apart"]


def test_a_move_no_table_allows(papers):
    InstrumentMove.objects.create(
        instrument=papers[1], verb="fly", before="in_safe", after="in_safe", effective_on=TODAY,
        recorded_at=NOW,
    )  # fmt: skip
    assert codes() == ["instrument.move_unknown"]


def test_a_cheque_that_covers_less_than_it_is_for(papers):
    InstrumentLine.objects.filter(instrument=papers[1]).update(amount_minor=1)
    assert codes() == ["instrument.lines_apart"]


def test_a_cleared_try_without_its_receipt_and_an_open_one_of_a_cheque_in_the_safe(papers):
    Presentment.objects.filter(instrument=papers[0]).update(receipt=None)
    Presentment.objects.create(instrument=papers[1], seq=1, sent_on=TODAY, expected_on=TODAY)
    assert codes() == ["instrument.try_apart"] * 2


def test_moves_cannot_be_changed(papers):
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE store_instrumentmove SET document = 'other'")


def test_a_part_that_its_receipt_does_not_bear_out_and_a_cheque_paid_twice(desk):
    paper = desk.sent(lines=[[desk.book.lines["Q01"], 5_000_000]])
    desk.do(presenting.pay_in_part, paper, by="huda", amount_minor=1_800_000, certificate="C-1",
            value_on=TODAY)  # fmt: skip
    assert codes() == []
    Presentment.objects.update(paid_minor=5_000_001)
    assert codes() == ["instrument.try_apart", "instrument.paid_apart"]


def test_a_cleared_cheque_of_which_the_bank_paid_less(papers):
    Presentment.objects.filter(instrument=papers[0]).update(paid_minor=1)
    assert codes() == ["instrument.try_apart", "instrument.paid_apart"]


@pytest.mark.parametrize("wrong", [{"count": 2}, {"total_minor": 1}])
def test_a_slip_that_is_not_what_lies_on_it(papers, wrong):
    DepositSlip.objects.update(**wrong)
    assert codes() == ["slip.apart"]
