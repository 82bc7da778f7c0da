"""Imports in the background: uploaded files kept by content, long ones read and committed by jobs.

A file is kept under the hash of what it holds, so that it can be read again once a question
about it is answered. Importing this module registers the jobs; the worker does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tahsil.actions._verb import Context
from tahsil.adapters.sheets.sniff import MAX_BYTES
from tahsil.core.grammar.refusal import Refused
from tahsil.queries.people import standing_of
from tahsil.run import imports, jobs
from tahsil.store import files

STAGE, COMMIT = "import.stage", "import.commit"
FOLDER = "imports"


def keep(chunks: Iterable[bytes]) -> str:
    """The hash under which the file is kept from now on; too large a one is refused."""
    kept_as = files.keep(FOLDER, chunks, most=MAX_BYTES)
    if kept_as is None:
        raise Refused(
            "file.too_large",
            "The file is larger than {most} MB. Split it, or import it with the command.",
            most=MAX_BYTES // 2**20,
        )
    return kept_as


def kept(sha256: str) -> Path:
    """Where the file of that hash is kept; refused where it is gone."""
    path = files.find(FOLDER, sha256)
    if path is None:
        raise Refused("file.gone", "The uploaded file is no longer kept. Upload it again.")
    return path


def stage_later(ctx: Context, sha256: str, how: dict[str, Any], *, size: int) -> int:
    """The job that will read the kept file; `how` is what stage takes besides."""
    params = {"sha256": sha256, "how": how, "size": size, **_actor(ctx)}
    return _enqueue(STAGE, params, ctx)


def commit_later(ctx: Context, batch_id: int, *, rows: int) -> int:
    """The job that will take the staged file into the book."""
    return _enqueue(COMMIT, {"batch_id": batch_id, "rows": rows, **_actor(ctx)}, ctx)


@jobs.job(STAGE)
def _stage(held: jobs.Claim, tell: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Reads a kept file and stages it."""
    path = kept(held.params["sha256"])
    ctx = _context(held.params)
    batch_id = imports.stage(path, ctx=ctx, progress=_each(tell), **held.params["how"])
    if replaces := held.params["how"].get("options", {}).get("replaces"):
        imports.discard(ctx.keyed(ctx.key, "discard"), int(replaces))
    return {"batch_id": batch_id}


@jobs.job(COMMIT)
def _commit(held: jobs.Claim, tell: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Takes a staged file into the book."""
    imports.commit(_context(held.params), held.params["batch_id"], progress=_each(tell))
    return {"batch_id": held.params["batch_id"]}


def _each(tell: Callable[[dict[str, Any]], None]) -> imports.Progress:
    """Tells each hundredth part."""
    last = -1

    def progress(done: int, total: int) -> None:
        nonlocal last
        if done - last >= max(total // 100, 1) or done == total:
            last = done
            tell({"done": done, "total": total})

    return progress


def _enqueue(kind: str, params: dict[str, Any], ctx: Context) -> int:
    return jobs.enqueue(
        kind, params, dedupe=f"{kind}:{ctx.key}"[:120], now=ctx.now, person_id=ctx.standing.actor_id
    )


def _actor(ctx: Context) -> dict[str, Any]:
    return {
        "person_id": ctx.standing.actor_id,
        "as_of": ctx.as_of.isoformat(),
        "now": ctx.now.isoformat(),
        "key": ctx.key,
    }


def _context(params: dict[str, Any]) -> Context:
    as_of = date.fromisoformat(params["as_of"])
    standing = standing_of(params["person_id"], as_of=as_of)
    return Context(standing, as_of, datetime.fromisoformat(params["now"]), params["key"])
