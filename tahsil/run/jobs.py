"""Background jobs: one table, claimed under a lease that a heartbeat renews.

A worker that dies leaves its lease to run out; another takes the job again, up to ATTEMPTS times.
Work and finish belong in one transaction where the effect is in the database, so that a job's
effect happens once; what goes out to the world carries an idempotency key of its own.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, close_old_connections, connection, transaction
from django.db.models import Q

from tahsil.core.grammar.refusal import Refused
from tahsil.store import progress
from tahsil.store.models import Job

LEASE = timedelta(seconds=60)
ATTEMPTS = 5
PAUSE_SECONDS = 1.0
Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """A job in hand: only the holder of this attempt may renew or finish it."""

    id: int
    kind: str
    params: dict[str, Any]
    attempt: int


Handler = Callable[[Claim, Callable[[dict[str, Any]], None]], dict[str, Any] | None]
HANDLERS: dict[str, Handler] = {}


def job(kind: str) -> Callable[[Handler], Handler]:
    """Registers what does jobs of that kind: it gets the claim and a function to tell progress."""

    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        return handler

    return register


def enqueue(
    kind: str,
    params: dict[str, Any],
    *,
    dedupe: str,
    now: datetime,
    run_after_at: datetime | None = None,
    person_id: int | None = None,
) -> int:
    """The id of the one job under that dedupe word, new or already there."""
    row, _ = Job.objects.get_or_create(
        dedupe=dedupe,
        defaults={
            "kind": kind,
            "params": params,
            "run_after_at": run_after_at or now,
            "person_id": person_id,
        },
    )
    return row.id


def claim(*, now: datetime, kinds: list[str] | None = None) -> Claim | None:
    """The next job that is due, ours until the lease runs out; none if nothing waits.

    A job whose lease ran out is taken again; one that was tried too often is failed instead.
    """
    wanted = Q(state="ready", run_after_at__lte=now) | Q(state="running", leased_until_at__lt=now)
    with transaction.atomic():
        waiting = Job.objects.filter(wanted).order_by("run_after_at", "id")
        if kinds is not None:
            waiting = waiting.filter(kind__in=kinds)
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        for row in waiting[:100]:
            if row.attempts >= ATTEMPTS:
                _fail(row, "job.gave_up", f"{row.attempts}")
                continue
            row.state, row.attempts, row.leased_until_at = "running", row.attempts + 1, now + LEASE
            row.save(update_fields=["state", "attempts", "leased_until_at"])
            return Claim(row.id, row.kind, row.params, row.attempts)
    return None


def heartbeat(held: Claim, *, now: datetime) -> bool:
    """Whether the job is still ours; if so, the lease runs on from now."""
    return bool(_ours(held).update(leased_until_at=now + LEASE))


def finish(held: Claim, *, result: dict[str, Any] | None = None) -> None:
    """The job is done; refused where another took it over meanwhile."""
    if not _ours(held).update(state="done", leased_until_at=None, result=result or {}):
        raise Refused(
            "job.lost",
            "Job {job} was taken over by another worker, so this result is not kept.",
            job=held.id,
        )


def give_back(held: Claim, *, now: datetime, why: str) -> None:
    """The job waits for its next attempt, later each time; failed after the last one."""
    if held.attempt >= ATTEMPTS:
        _ours(held).update(state="failed", leased_until_at=None, result={"fault": why})
        return
    later = now + timedelta(seconds=5 * 3 ** (held.attempt - 1))
    _ours(held).update(
        state="ready", leased_until_at=None, run_after_at=later, result={"fault": why}
    )


def work_one(*, clock: Clock, kinds: list[str] | None = None) -> bool:
    """Does the next job, if one waits; whether there was one."""
    held = claim(now=clock(), kinds=list(HANDLERS) if kinds is None else kinds)
    if held is None:
        return False
    try:
        with _beating(held, clock):
            result = HANDLERS[held.kind](held, functools.partial(progress.tell, held.id))
        finish(held, result=result)
    except Refused as refused:
        # Understood, and trying again would be refused again.
        _ours(held).update(
            state="failed",
            leased_until_at=None,
            result={"code": refused.code, "sentence": str(refused)},
        )
    except Exception as fault:
        log.exception("job %s (%s) failed", held.id, held.kind)
        give_back(held, now=clock(), why=f"{type(fault).__name__}: {fault}"[:500])
    finally:
        progress.forget(held.id)
    return True


def work(*, clock: Clock, stop: threading.Event) -> int:
    """Does jobs as they come until told to stop; how many."""
    done = 0
    while not stop.is_set():
        close_old_connections()
        if work_one(clock=clock):
            done += 1
        else:
            stop.wait(PAUSE_SECONDS)
    return done


@contextmanager
def _beating(held: Claim, clock: Clock) -> Iterator[None]:
    """Renews the lease every third of it, from a thread with a connection of its own."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(LEASE.total_seconds() / 3):
            try:
                heartbeat(held, now=clock())
            except OperationalError:  # SQLite: while a long act writes, nobody else can claim
                log.info("job %s could not renew its lease", held.id)
        connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=5)


def _ours(held: Claim) -> Any:
    return Job.objects.filter(id=held.id, state="running", attempts=held.attempt)


def _fail(row: Job, code: str, detail: str) -> None:
    row.state, row.result = "failed", {"code": code, "attempts": detail}
    row.leased_until_at = None
    row.save(update_fields=["state", "result", "leased_until_at"])
