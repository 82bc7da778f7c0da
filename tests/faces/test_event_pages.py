"""The event log: who may read it, its filters, the workbook, a broken seal named."""

import pytest
from django.db import connection

from tahsil.run import seal
from tahsil.store.models import Event, EventSeal
from tests.conftest import NOW
from tests.faces.workbooks import lines, sheets


def test_who_may_read_the_log(desk):
    assert desk.get("lina", "/events").status_code == 403
    assert desk.get("lina", "/events/seals").status_code == 403
    assert "YAS-0014" in desk.read("auditor", "/events")


def test_filters_narrow_the_log(desk):
    text = desk.read("auditor", "/events?verb=promise.make")
    assert "took a promise" in text and "YAS-0014" not in text
    assert "No events here" in desk.read("auditor", "/events?until=2025-01-01")


def test_the_workbook_holds_a_line_for_each_event(desk):
    rows = lines(sheets(desk.get("auditor", "/events?format=xlsx").content)[0], "Number")
    assert len(rows) == Event.objects.count() == 2
    assert {row["Act"] for row in rows} == set(Event.objects.values_list("verb", flat=True))
    assert all("\u2068" not in str(cell) for row in rows for cell in row.values())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="drops the guards as SQLite names them")
def test_seals_agree_until_somebody_tampers(desk):
    seal.seal(now=NOW)
    assert "Every seal agrees" in desk.read("auditor", "/events/seals")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
    Event.objects.filter(id=EventSeal.objects.last().last_id).update(actor_name="Nobody")
    assert "changed after it was sealed" in desk.read("auditor", "/events/seals")
