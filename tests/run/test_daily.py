"""The day: done once however often it runs, finished after a kill, one day after the other."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from tahsil.core.grammar.refusal import Refused
from tahsil.run import daily, rebuild
from tahsil.store import snapshots
from tahsil.store.models import Account, Case, DayRun, Event, Promise, Receipt, Standing
from tests.run.invented import DAY, NOW, TODAY, invent, quiet

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path, settings):
    """Snapshots go to a folder of the test's own."""
    settings.HOME = tmp_path
    return tmp_path


def dump() -> dict[str, list[tuple]]:
    """Every row of every table of ours, in order."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("store").get_models():
            table = model._meta.db_table
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


def run(as_of=TODAY, **how):
    return daily.day(as_of=as_of, now=NOW, **how)


def test_twice_is_once(people):
    invent(people, accounts=30, seed=11)
    first = run()
    before = dump()
    second = run()
    assert dump() == before
    assert first.changed > 30
    assert (second.changed, second.standings_written) == (0, 0)
    assert second.done == first.done
    assert {"case.open", "treatment.chosen", "promise.judge", "account.assign"} <= set(first.done)


def test_every_decision_names_its_policy(people):
    invent(people, accounts=30, seed=11)
    run()
    decided = Event.objects.filter(verb__in=("case.open", "treatment.chosen"))
    versions = {row.policies["ladder"] for row in decided}
    assert {"ladder/developer v1", "ladder/rent v1", "ladder/car v1"} == versions
    chosen = Event.objects.filter(verb="treatment.chosen").first()
    assert {"rung", "treatment", "channel", "why"} == set(chosen.facts)


def test_rehearsal_says_and_changes_nothing(people):
    invent(people, accounts=30, seed=12)
    before = dump()
    said = run(rehearse=True)
    assert dump() == before
    assert snapshots.days() == []
    done = run()
    for verb, count in done.done.items():
        assert said.done[verb] == count
    assert said.rungs == done.rungs
    assert len(said.examples) == sum(said.done.values())


def test_missed_days_are_run_one_by_one(people):
    invent(people, accounts=30, seed=13)
    run(TODAY - DAY * 3)
    late = run(TODAY)
    assert [each.as_of for each in late.days] == [TODAY - DAY * 2, TODAY - DAY]
    together = dump()
    assert snapshots.days() == [TODAY - DAY * days for days in (3, 2, 1, 0)]
    assert set(DayRun.objects.values_list("state", flat=True)) == {"done"}
    assert [row[1:] for row in together["store_case"]]


def test_caught_up_equals_run_each_day(people, tmp_path, settings):
    from django.db import transaction

    invent(people, accounts=20, seed=14)
    results = []
    for days in ((3, 0), (3, 2, 1, 0)):
        settings.HOME = tmp_path / str(len(days))
        point = transaction.savepoint()
        for ago in days:
            run(TODAY - DAY * ago)
        results.append(
            {
                "cases": list(Case.objects.order_by("account_id", "opened_on").values_list(
                    "account_id", "state", "opened_on", "closed_on", "rung", "rung_since_on")),
                "promises": list(Promise.objects.order_by("id").values()),
                "standings": list(Standing.objects.order_by("account_id").values()),
                "events": sorted(Event.objects.values_list("key", "verb", "effective_on")),
            }
        )  # fmt: skip
        transaction.savepoint_rollback(point)
    assert results[0] == results[1]
    assert results[0]["cases"]


def test_catching_up_has_an_end(people):
    invent(people, accounts=5, seed=15)
    run(TODAY - DAY * 90)
    late = run(TODAY, most_days=4)
    assert len(late.days) == 3
    assert late.skipped_days == 86


def test_a_day_gone_by_is_only_rehearsed(people):
    invent(people, accounts=5, seed=15)
    run(TODAY)
    with pytest.raises(Refused, match="can only be rehearsed") as refused:
        run(TODAY - DAY)
    assert refused.value.code == "day.past"
    assert run(TODAY - DAY, rehearse=True).is_rehearsal


def test_standings_after_the_day_are_what_the_book_says(people):
    invent(people, accounts=40, seed=16)
    run()
    found = rebuild.rebuild(as_of=TODAY)
    assert (found.accounts, found.differing, found.orphans) == (40, 0, 0)
    Standing.objects.filter(account__number="16-3").update(overdue_minor=7)
    Standing.objects.filter(account__number="16-5").delete()
    found = rebuild.rebuild(as_of=TODAY, repair=True)
    assert found.differing == 2
    assert rebuild.rebuild(as_of=TODAY).differing == 0


def test_promise_is_judged_on_money_within_grace(people):
    """Friday and Saturday are free in Cairo: money on Sunday keeps a promise for Thursday."""
    account_id = quiet(people)
    thursday = TODAY - DAY * 3
    assert thursday.isoweekday() == 4
    Promise.objects.create(
        account_id=account_id, amount_minor=1_000, made_on=thursday - DAY * 2,
        promised_on=thursday, recorded_at=NOW,
    )  # fmt: skip
    run(TODAY)  # Sunday: still time
    assert Promise.objects.get().state == "open"
    Receipt.objects.create(
        account_id=account_id, number="in time", amount_minor=960, value_on=TODAY, recorded_at=NOW
    )
    run(TODAY + DAY)
    promise = Promise.objects.get()
    assert (promise.state, promise.received_minor, promise.judged_on) == ("kept", 960, TODAY + DAY)


def test_promise_without_money_is_broken_after_grace(people):
    account_id = quiet(people)
    Promise.objects.create(
        account_id=account_id, amount_minor=1_000, made_on=TODAY - DAY * 5,
        promised_on=TODAY - DAY * 3, recorded_at=NOW,
    )  # fmt: skip
    run(TODAY + DAY)
    assert Promise.objects.get().state == "broken"
    assert Event.objects.get(verb="promise.judge").facts["state"] == "broken"


def test_work_nobody_owns_is_given_to_somebody(people):
    invent(people, accounts=30, seed=18)
    unowned = set(Account.objects.filter(collector=None).values_list("id", flat=True))
    run()
    busy = set(Case.objects.filter(state="open").values_list("account_id", flat=True))
    left = set(Account.objects.filter(collector=None).values_list("id", flat=True))
    assert unowned & busy
    assert not left & busy
    assert set(Standing.objects.filter(is_listed=True).values_list("collector_id", flat=True)) == {
        people.lina
    }


def test_a_receipt_taken_while_the_day_runs_is_not_lost(people, monkeypatch):
    """Somebody records money after the book was loaded: their standing stays the newer one."""
    from tahsil.actions import _verb
    from tahsil.actions._verb import Act, verb
    from tahsil.store import standing

    ids = invent(people, accounts=10, seed=19)

    monkeypatch.setattr(_verb, "VERBS", dict(_verb.VERBS))  # the verb ends with this test
    monkeypatch.setattr(_verb, "PURPOSES", dict(_verb.PURPOSES))
    monkeypatch.setattr(_verb, "FOR_ALL", set(_verb.FOR_ALL))

    @verb("receipt.test", for_all=True)
    def take(ctx, *, account_id):
        """Money came in."""
        Receipt.objects.create(
            account_id=account_id, number="mid", amount_minor=4_321, value_on=TODAY, recorded_at=NOW
        )
        standing.refresh([account_id], as_of=TODAY)
        return Act(f"account:{account_id}", account_id)

    def meanwhile(phase, done, total):
        if phase == "treatments":
            take(people.ctx("huda"), account_id=ids[2])

    run(progress=meanwhile)
    assert rebuild.rebuild(as_of=TODAY).differing == 0


def test_progress_names_every_phase(people):
    invent(people, accounts=3, seed=20)
    seen = []
    run(progress=lambda phase, done, total: seen.append(phase))
    assert [phase for phase in dict.fromkeys(seen) if phase != "done"] == list(daily.PHASES)
