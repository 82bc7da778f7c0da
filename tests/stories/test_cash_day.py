"""A field day told hour by hour: taken, counted, banked, found on the statement; and a shortage."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tahsil.queries import cash as read
from tahsil.run import check_cash, matching
from tahsil.store.models import CashCase
from tests.actions.conftest import book
from tests.actions.test_cash import Till, refused, settle, till
from tests.conftest import TODAY
from tests.run.test_cash import line

__all__ = ["book", "till"]
pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def hand(till: Till, who: str):
    """What that person's own page says of the hand."""
    standing = till.ctx(who).standing
    found = read.own(standing, as_of=till.as_of, now=till.now).hands
    return found[0] if found else None


def test_a_field_day(till):
    till.take(20_000_00)  # ten in the morning, Cairo
    till.now += 6 * HOUR
    till.take(15_000_00)  # four in the afternoon: the bank is closed
    lina = hand(till, "lina")
    assert (lina.held_minor, lina.late_minor, lina.ceiling_minor) == (35_000_00, 0, 50_000_00)
    till.deposit(20_000_00, "S-100")
    till.close(15_000_00)
    assert refused(till.take, 100_00) == "cash.day_closed"
    till.later()
    till.now += 2 * HOUR  # past eleven on Monday
    assert hand(till, "lina").late_minor == 15_000_00
    late = till.deposit(15_000_00, "S-101")
    assert late.facts["is_late"]
    till.close(0)
    for number, amount in (("S-100", 20_000_00), ("S-101", 15_000_00)):
        line(till, amount, f"CASH {number}", on=till.as_of)
    matching.match(till.ctx("huda"))
    rows = read.own(till.ctx("lina").standing, as_of=till.as_of, now=till.now).deposits
    assert [(row.number, row.is_late, row.line_on) for row in rows] == [
        ("S-101", True, till.as_of), ("S-100", False, till.as_of),
    ]  # fmt: skip
    assert till.held("lina") == 0
    assert check_cash.findings() == []


def test_a_shortage_from_counting_to_its_end(till):
    till.take(10_000_00)
    offer = till.offer()
    till.accept(offer, 9_800_00, reason="a note of two hundred is missing")
    case = CashCase.objects.get()
    assert (case.state, case.person_id) == ("open", till.book.people.lina)
    till.deposit(9_800_00, "S-1", who="huda")
    till.close(9_800_00 - 9_800_00, who="huda")
    till.later(3)
    settle(till, case, "paid_back", who="omar")
    assert till.held("lina") == 200_00
    till.accept(till.offer(), 200_00)
    till.deposit(200_00, "S-2", who="huda")
    assert (till.held("lina"), till.held("huda")) == (0, 0)
    case.refresh_from_db()
    assert (case.state, case.settled_on) == ("paid_back", TODAY + timedelta(days=3))
    assert check_cash.findings() == []
