"""Jobs: claimed once, taken over when a worker dies, tried again, given up in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tahsil.core.grammar.refusal import Refused
from tahsil.run import jobs
from tahsil.store.models import Job
from tests.run.invented import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def enqueue(name: str, **more) -> int:
    return jobs.enqueue("test", {"name": name}, dedupe=name, now=NOW, **more)


def test_the_same_word_is_one_job():
    assert enqueue("a") == enqueue("a") != enqueue("b")
    assert Job.objects.count() == 2


def test_a_claimed_job_is_nobody_elses():
    job_id = enqueue("a")
    held = jobs.claim(now=NOW)
    assert (held.id, held.params, held.attempt) == (job_id, {"name": "a"}, 1)
    assert jobs.claim(now=NOW) is None
    jobs.finish(held, result={"rows": 3})
    row = Job.objects.get()
    assert (row.state, row.result, row.leased_until_at) == ("done", {"rows": 3}, None)


def test_jobs_wait_for_their_hour_and_come_in_order():
    enqueue("later", run_after_at=NOW + MINUTE * 5)
    enqueue("now")
    assert jobs.claim(now=NOW).params == {"name": "now"}
    assert jobs.claim(now=NOW) is None
    assert jobs.claim(now=NOW + MINUTE * 5, kinds=["test"]).params["name"] in ("later", "now")


def test_a_dead_workers_job_is_taken_over_and_its_late_result_refused():
    enqueue("a")
    dead = jobs.claim(now=NOW)
    assert jobs.heartbeat(dead, now=NOW + MINUTE / 2)
    assert jobs.claim(now=NOW + MINUTE) is None  # the heartbeat renewed the lease
    held = jobs.claim(now=NOW + MINUTE * 3)
    assert held.attempt == 2
    assert not jobs.heartbeat(dead, now=NOW + MINUTE * 3)
    with pytest.raises(Refused) as refused:
        jobs.finish(dead)
    assert refused.value.code == "job.lost"
    jobs.finish(held)
    assert Job.objects.get().state == "done"


def test_a_job_that_kills_its_workers_is_given_up():
    enqueue("a")
    now = NOW
    for _ in range(jobs.ATTEMPTS):
        assert jobs.claim(now=now)
        now += MINUTE * 2
    assert jobs.claim(now=now) is None
    assert Job.objects.get().state == "failed"


def test_work_is_done_refused_or_tried_again(monkeypatch):
    def handler(held, tell):
        tell({"done": 1})
        if held.params["name"] == "refused":
            raise Refused("test.no", "{name} is not possible.", name="It")
        if held.params["name"] == "broken":
            raise RuntimeError("boom")
        return {"said": held.params["name"]}

    monkeypatch.setitem(jobs.HANDLERS, "test", handler)
    for name in ("fine", "refused", "broken"):
        enqueue(name)
    while jobs.work_one(clock=lambda: NOW, kinds=["test"]):
        pass
    rows = {row.dedupe: row for row in Job.objects.all()}
    assert (rows["fine"].state, rows["fine"].result) == ("done", {"said": "fine"})
    assert rows["refused"].state == "failed"
    assert rows["refused"].result == {"code": "test.no", "sentence": "It is not possible."}
    assert (rows["broken"].state, rows["broken"].run_after_at > NOW) == ("ready", True)
