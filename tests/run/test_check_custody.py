"""What `tahsil check` says of custody: each statement of check_custody.py, broken once."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from tahsil.actions import counts
from tahsil.run import check_custody
from tahsil.store.models import (
    HandOver,
    HandOverLine,
    Instrument,
    SafeCount,
    SafeCountLine,
    SafeCountSignature,
)
from tests.actions.conftest import book
from tests.actions.test_custody import counting, desk, finished, listed, safe, take
from tests.conftest import NOW, TODAY

__all__ = ["book", "desk", "safe"]
pytestmark = pytest.mark.django_db


def codes() -> list[str]:
    return [finding.code for finding in check_custody.findings()]


@pytest.fixture
def kept(desk, safe):
    """Two papers went to the drawer, the third waits on a list; the drawer was counted."""
    take(desk, listed(desk, safe[:2]), missing=safe[1:2])
    count = finished(desk, counting(desk, place="cheque_drawer"), "121")
    for name in ("mervat", "tarek", "huda"):
        counts.sign(desk.ctx(name), count_id=count.id)
    listed(desk, safe[2:])
    return safe


def test_a_sound_safe_has_no_findings(kept):
    assert codes() == []


def test_a_paper_that_lies_where_no_move_left_it(kept):
    Instrument.objects.filter(id=kept[0].id).update(place="branch")
    assert codes() == ["custody.place_apart"]


def test_a_list_whose_lines_are_not_what_it_counts(kept):
    HandOver.objects.filter(state="open").update(count=7)
    assert codes() == ["custody.list_apart"]


def test_a_paper_taken_without_a_move(desk, kept):
    line = HandOverLine.objects.filter(result="").get()
    HandOverLine.objects.filter(id=line.id).update(result="received")
    assert codes() == ["custody.list_apart", "custody.line_apart"]


def test_a_count_whose_lines_say_otherwise(kept):
    SafeCountLine.objects.filter(outcome="matched").update(outcome="missing")
    assert codes() == ["count.apart"]


def test_a_closed_count_with_too_few_signatures(desk, kept):
    SafeCount.objects.create(
        place="safe", counted_on=TODAY, opened_at=NOW, counter_id=desk.ids["mervat"],
        state="signed", signers=3, book_count=0, found_count=0, variance_count=0,
    )  # fmt: skip
    assert codes() == ["count.unsigned"]


def test_nobody_accepts_what_they_gave_not_even_in_the_table(desk, kept):
    with pytest.raises(DatabaseError), transaction.atomic():
        HandOver.objects.filter(state="open").update(
            state="accepted", accepted_by_id=desk.ids["mervat"]
        )


@pytest.mark.parametrize("rows", [
    lambda: HandOver.objects.filter(state="accepted").update(found_count=9),
    lambda: HandOverLine.objects.exclude(result="").update(result=""),
    lambda: HandOver.objects.filter(state="open").delete(),
    lambda: SafeCountSignature.objects.update(signed_at=NOW),
], ids=["a settled list", "a settled line", "an open list goes", "a signature"])  # fmt: skip
def test_what_was_settled_cannot_be_changed(kept, rows):
    with pytest.raises(Exception) as refused, transaction.atomic():
        rows()
    assert any(word in str(refused.value) for word in ("append-only", "PROTECT", "protected"))
