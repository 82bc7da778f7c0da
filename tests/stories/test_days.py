"""The day twice, the day after, and days that were missed."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.actions import promises
from tahsil.core.grammar.refusal import Refused
from tahsil.run import daily
from tahsil.store import snapshots
from tahsil.store.models import DayRun, Promise
from tests.stories.life import DAY, whole
from tests.stories.signing import owed, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def account_id(life, people) -> int:
    """60,000 due on a Monday, promised for that very Thursday, and then never heard of again."""
    life.as_of = date(2026, 4, 26)
    account_id, _ = sign(
        life, people, lines=[owed("instalment", "Q01", 60_000_00, "2026-04-27")], collector_id=None
    )
    life.until("2026-04-27")
    promises.make(
        life.ctx("sara"), account_id=account_id, amount_minor=60_000_00, promised_on="2026-04-30"
    )
    return account_id


def test_twice_then_the_day_after_then_three_days_late(life, account_id):
    life.until("2026-04-28")
    life.happened("""
    on          by      verb              of        facts
    2026-04-26  Sara    contract.sign     contract  lines=1
    2026-04-27  Tahsil  treatment.chosen  account   rung=due_today treatment=message
    2026-04-27  Sara    promise.make      promise   amount=60000.00
    """)
    life.until("2026-04-30")
    before = whole()
    again = life.day()
    assert (again.changed, again.standings_written, again.days) == (0, 0, [])
    assert whole() == before
    life.happened("""
    on          by      verb              of       facts
    2026-04-30  Tahsil  case.open         case     rung=promise_today
    2026-04-30  Tahsil  account.assign    account  collector=Lina
    2026-04-30  Tahsil  treatment.chosen  account  rung=promise_today treatment=call dpd=3
    """)
    life.until("2026-05-01")
    assert life.told() == []  # the day after has nothing new to do
    life.as_of = date(2026, 5, 5)  # nobody ran it for three days
    late = life.day()
    assert [each.as_of.day for each in late.days] == [2, 3, 4]
    # Friday and Saturday are free, and so is Labour Day: Sunday's money would have kept it.
    life.happened("""
    on          by      verb              of       facts
    2026-05-04  Tahsil  promise.judge     promise  state=broken received=0.00
    2026-05-04  Tahsil  case.move         case     before=promise_today after=day_7
    2026-05-04  Tahsil  treatment.chosen  account  rung=day_7 treatment=call dpd=7
    """)
    assert Promise.objects.get().judged_on == date(2026, 5, 4)
    assert snapshots.days() == [date(2026, 4, 27) + DAY * days for days in range(9)]
    assert set(DayRun.objects.values_list("state", flat=True)) == {"done"}
    with pytest.raises(Refused) as refused:
        daily.day(as_of=date(2026, 5, 4), now=life.now)
    assert refused.value.code == "day.past"
    assert life.told() == []
