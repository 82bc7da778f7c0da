"""How far a job is: a small file beside the database, replaced whole each time it is told.

What a transaction writes nobody sees before it ends, and on SQLite nobody else may write meanwhile.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings


def tell(job_id: int, said: dict[str, Any]) -> None:
    """From now on this is how far the job is."""
    path = _path(job_id)
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(said), encoding="utf-8")
    os.replace(part, path)


def told(job_id: int) -> dict[str, Any]:
    """How far the job is; nothing where it has not said so, or is through."""
    try:
        return json.loads(_path(job_id).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def forget(job_id: int) -> None:
    """The job is no longer under way."""
    _path(job_id).unlink(missing_ok=True)


def _path(job_id: int) -> Path:
    return Path(settings.HOME) / "progress" / f"{job_id}.json"
