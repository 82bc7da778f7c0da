"""The event log: who may read it, its filters, the workbook, a broken seal named."""

import pytest
from django.db import connection

from tahsil.run import seal
from tahsil.store.models import Event, EventSeal
from tests.conftest import NOW, TODAY
from tests.faces.workbooks import lines, sheets
from tests.tables import table

ISOLATES = {0x2068: None, 0x2069: None}


def test_who_may_read_the_log(desk):
    assert desk.get("lina", "/events").status_code == 403
    assert desk.get("lina", "/events/seals").status_code == 403
    assert "YAS-0014" in desk.read("auditor", "/events")


def test_filters_narrow_the_log(desk):
    text = desk.read("auditor", "/events?verb=promise.make")
    assert "took a promise" in text and "YAS-0014" not in text
    assert "No events here" in desk.read("auditor", "/events?until=2025-01-01")


def test_the_workbook_holds_a_line_for_each_event(desk):
    acts = list(Event.objects.values_list("verb", flat=True))
    rows = lines(sheets(desk.get("auditor", "/events?format=xlsx").content)[0], "Number")
    assert len(rows) == len(acts) == 2
    assert {row["Act"] for row in rows} == set(acts)
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


def test_amounts_of_events_that_keep_no_currency_are_money(desk):
    event = Event.objects.get(verb="promise.make")
    Event.objects.create(
        verb="obligation.adjust", subject="obligation:1", account_id=event.account_id,
        actor_name="Huda", effective_on=event.effective_on, recorded_at=NOW, key="adjusted",
        digest="0", facts={"amount_minor": -1_250_00, "reason": "agreed"},
    )  # fmt: skip
    text = desk.read("auditor", "/events?verb=obligation.adjust")
    assert "\u22121,250.00 EGP" in text and "125000" not in text
    rows = lines(
        sheets(desk.get("auditor", "/events?verb=obligation.adjust&format=xlsx").content)[0],
        "Number",
    )
    assert "1,250.00 EGP" in rows[0]["What happened"]


EXPORTS = {
    "/ageing?format=xlsx&currency=EGP": "ageing-2026-11-22.xlsx",
    "/receipts?format=xlsx": "daily-collection-2026-11-22.xlsx",
    "/accounts?format=xlsx": "accounts-2026-11-22.xlsx",
    "/worklist?format=xlsx": "worklist-2026-11-22.xlsx",
    "/promises?format=xlsx": "promises-2026-11-22.xlsx",
    "/orphans?format=xlsx": "orphans-2026-11-22.xlsx",
    "/events?format=xlsx": "events-2026-11-22.xlsx",
    "/accounts/{NIL-1}/statement.pdf": "statement-NIL-1-2026-11-22.pdf",
    "/accounts/{NIL-1}/statement.xlsx": "statement-NIL-1-2026-11-22.xlsx",
}


@pytest.mark.parametrize("path", EXPORTS)
def test_who_took_a_file_with_data_of_people_is_recorded(desk, path):
    answer = desk.get("sara", path)
    assert answer.status_code == 200
    made = Event.objects.get(verb="document.export")
    assert (made.actor_name, made.facts["file"]) == ("Sara", EXPORTS[path])
    assert made.facts["address"] == desk.path(path)
    assert made.account_id == (desk.book["NIL-1"] if "statement" in path else None)
    assert f"Sara exported {EXPORTS[path]}." in desk.read("auditor", "/events").translate(ISOLATES)


def test_a_refused_export_and_an_empty_template_are_none(desk):
    assert desk.get("clerk", "/receipts?format=xlsx").status_code == 403
    assert desk.get("sara", "/imports/templates/receipts.xlsx").status_code == 200
    assert not Event.objects.filter(verb="document.export").exists()


@pytest.mark.parametrize("case", table("""
    verb                   facts                                   says              hides
    case.move              before=promise_open,after=day_7         Second call; grace ends  day_7
    contact.log            channel=call,disposition=NC_NOANS       Rings, no answer  NC_NOANS
    contract.record_event  code=SLAB_3,happened_on=2026-11-01      slab 3 on 1 Nov   SLAB_3
"""), ids=lambda case: case["verb"])  # fmt: skip
def test_codes_of_ladders_and_lists_are_said_in_words(desk, case):
    facts = dict(pair.split("=") for pair in case["facts"].split(","))
    Event.objects.create(
        verb=case["verb"], subject="account:1", actor_name="Tahsil", effective_on=TODAY,
        recorded_at=NOW, key="worded", digest="0", facts=facts,
    )  # fmt: skip
    text = desk.read("auditor", f"/events?verb={case['verb']}").translate(ISOLATES)
    assert case["says"] in text and case["hides"] not in text
