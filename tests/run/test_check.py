"""Check: a sound book has no findings; a row or event corrupted behind its back is named."""

from __future__ import annotations

import pytest
from django.db import connection

from tahsil.run import check, daily, rebuild, seal
from tahsil.store.models import (
    Account,
    Allocation,
    Event,
    EventSeal,
    Obligation,
    Receipt,
    ReceiptSeries,
    Standing,
)
from tests.run.invented import DAY, NOW, TODAY, invent, quiet

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(people, tmp_path, settings):
    """An invented book after its day."""
    settings.HOME = tmp_path
    invent(people, accounts=25, seed=31)
    daily.day(as_of=TODAY, now=NOW)
    return people


def behind(sql: str, *parameters: object) -> None:
    """Writes past the guards, as somebody with the database's password could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(sql, parameters)
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = DEFAULT")
        else:
            for _, definition in triggers:
                cursor.execute(definition)


def found(level: str = "fault") -> list[tuple[str, str]]:
    checked = check.check(as_of=TODAY)
    assert all(check.sentence(finding) for finding in checked.findings)
    return [(each.code, each.subject) for each in checked.findings if each.level == level]


def test_a_sound_book_has_no_findings(book):
    assert found() == []
    assert check.check(as_of=TODAY).is_sound


def test_an_over_allocated_receipt_is_named(book):
    row = Allocation.objects.filter(mirrors=None, mirrored=None).first()
    behind("UPDATE store_receipt SET amount_minor = 1 WHERE id = %s", row.receipt_id)
    codes = found()
    assert ("receipt.over_allocated", f"receipt:{row.receipt_id}") in codes
    assert {code for code, _ in codes} <= {
        "receipt.over_allocated", "standing.stale", "account.over_applied"
    }  # fmt: skip


def test_an_obligation_paid_beyond_its_worth_is_named(book):
    row = Allocation.objects.filter(mirrors=None, mirrored=None).first()
    behind("UPDATE store_obligation SET amount_minor = 1 WHERE id = %s", row.obligation_id)
    assert ("obligation.below_nothing", f"obligation:{row.obligation_id}") in found()


def test_an_allocation_in_another_account_is_named(book):
    row = Allocation.objects.filter(mirrors=None, mirrored=None).first()
    other = Account.objects.exclude(id=row.account_id).first()
    behind("UPDATE store_allocation SET account_id = %s WHERE id = %s", other.id, row.id)
    assert ("allocation.account", f"allocation:{row.id}") in found()


def test_money_for_another_bank_account_is_named(book):
    row = Allocation.objects.filter(
        mirrors=None, mirrored=None, obligation__category="instalment"
    ).first()
    behind("UPDATE store_receipt SET rule = 'maintenance' WHERE id = %s", row.receipt_id)
    assert ("allocation.bank_rule", f"allocation:{row.id}") in found()


def test_a_reversed_receipt_that_still_pays_is_named(book):
    mirror = Allocation.objects.filter(mirrors__isnull=False).first()
    behind("DELETE FROM store_allocation WHERE id = %s", mirror.id)
    assert ("receipt.reversed_allocated", f"receipt:{mirror.receipt_id}") in found()


def test_a_mirror_that_does_not_cancel_is_named(book):
    mirror = Allocation.objects.filter(mirrors__isnull=False).first()
    behind("UPDATE store_allocation SET amount_minor = amount_minor + 1 WHERE id = %s", mirror.id)
    assert ("allocation.mirror", f"allocation:{mirror.id}") in found()


def test_a_stale_standing_is_named_with_its_columns(book):
    row = Standing.objects.filter(overdue_minor__gt=0).first()
    Standing.objects.filter(pk=row.pk).update(overdue_minor=row.overdue_minor + 1)
    (finding,) = [each for each in check.check(as_of=TODAY).findings if each.level == "fault"]
    assert (finding.code, finding.subject) == ("standing.stale", f"account:{row.pk}")
    assert finding.facts["columns"] == ["overdue_minor"]
    assert rebuild.rebuild(as_of=TODAY).examples == [
        {"account": row.pk, "overdue_minor": [str(row.overdue_minor + 1), str(row.overdue_minor)]}
    ]


def test_a_standing_of_yesterdays_run_is_not_stale(book):
    checked = check.check(as_of=TODAY + DAY)
    assert [each.code for each in checked.findings if each.level == "fault"] == []


def test_a_gap_in_a_receipt_series_is_named(book):
    series = ReceiptSeries.objects.create(
        branch_id=book.branch, cashier_id=book.huda, year=2026, last=3
    )
    account_id = quiet(book)
    for serial in (1, 3):
        Receipt.objects.create(
            account_id=account_id, number=f"R{serial}", series=series, serial=serial,
            amount_minor=100, value_on=TODAY + DAY, recorded_at=NOW,
        )  # fmt: skip
    findings = {each.code: each for each in check.check(as_of=TODAY).findings}
    assert findings["series.gap"].facts["missing"] == [2]


def test_a_dropped_guard_is_named(book):
    with connection.cursor() as cursor:
        on = " ON store_receipt" if connection.vendor == "postgresql" else ""
        cursor.execute("DROP TRIGGER store_receipt_no_update" + on)
    assert found() == [("guard.missing", "trigger:store_receipt_no_update")]


def test_an_account_past_due_without_owner_is_a_warning(book):
    late = Standing.objects.filter(overdue_minor__gt=0).first().pk
    Account.objects.filter(id=late).update(collector=None)
    Standing.objects.filter(pk=late).update(collector_id=None)
    assert found() == []
    assert ("account.unowned", "portfolio") in found("warning")


def test_an_altered_event_is_named(book):
    event = Event.objects.order_by("id")[4]
    behind("UPDATE store_event SET actor_name = 'Nobody' WHERE id = %s", event.id)
    assert found() == [("event.altered", f"event:{event.id}")]


def test_a_missing_event_is_named(book):
    event = Event.objects.order_by("id")[4]
    behind("DELETE FROM store_event WHERE id = %s", event.id)
    assert found() == [("event.missing", f"event:{event.id}")]


def test_an_event_slipped_in_is_named(book):
    event = Event.objects.order_by("id")[4]
    behind("DELETE FROM store_event WHERE id = %s", event.id)
    seal_row = EventSeal.objects.get()
    event.key, event.facts = "another", {"amount": 1}
    event.save(force_insert=True)
    assert seal_row.first_id < event.id < seal_row.last_id
    assert found() == [("event.altered", f"event:{event.id}")]


def test_a_forged_seal_is_named(book):
    behind("UPDATE store_eventseal SET hash = %s", "0" * 64)
    assert [code for code, _ in found()] == ["seal.altered"]


def test_delivery_may_change(book):
    Event.objects.update(delivered_at=NOW, attempts=2)
    assert found() == []


def test_seals_chain_and_cover_every_event_once(book, monkeypatch):
    monkeypatch.setattr(seal, "BATCH", 3)
    Event.objects.create(
        verb="test", subject="test:1", actor_name="x", effective_on=TODAY, recorded_at=NOW,
        key="k1", digest="d",
    )  # fmt: skip
    assert seal.seal(now=NOW) == 1
    assert seal.seal(now=NOW) == 0
    seals = list(EventSeal.objects.order_by("last_id"))
    assert len(seals) == 2
    assert seals[1].previous == seals[0].hash
    assert sum(each.count for each in seals) == Event.objects.count()
    assert seal.verify() == []
    behind("DELETE FROM store_eventseal WHERE id = %s", seals[0].id)
    assert "seal.chain" in {reason.code for reason in seal.verify()}


def test_lines_of_no_account_are_named(book):
    line = Obligation.objects.filter(allocations=None, disputes=None).first()
    behind("UPDATE store_obligation SET account_id = 999999 WHERE id = %s", line.id)
    assert found() == [("obligation.orphan", f"obligation:{line.id}")]
    behind("UPDATE store_obligation SET account_id = %s WHERE id = %s", line.account_id, line.id)
