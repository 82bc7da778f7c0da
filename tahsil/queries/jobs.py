"""Background jobs as a page waits for them: how far, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.refusal import Refused
from tahsil.store import progress
from tahsil.store.models import Job


@dataclass(frozen=True)
class JobRow:
    """One job; `state` is ready, running, done or failed."""

    id: int
    kind: str
    state: str
    params: dict[str, Any]
    progress: dict[str, Any]
    result: dict[str, Any]


def job(standing: Standing, job_id: int) -> JobRow:
    """A job this person started; refused where there is none of that number."""
    row = Job.objects.filter(id=job_id, person_id=standing.actor_id).first()
    if row is None:
        raise Refused("job.unknown", "There is no job {job} of yours.", job=job_id)
    return JobRow(row.id, row.kind, row.state, row.params, progress.told(row.id), row.result)
