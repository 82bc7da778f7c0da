"""Imports: a file staged row by row, committed all or nothing, undone as a batch.

Reading the file is adapters' work and comes before (run/imports.py). Staging compares each row
with what was committed earlier under the same key: new, same, or changed. Committing compares
again and writes the kinds in the order they depend on each other; a row that cannot be placed
is held with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Max

from tahsil.actions import allocating
from tahsil.actions._verb import Act, Context, Done, Outcome, through, verb
from tahsil.actions.importing import (
    cheques,
    comparing,
    contracts,
    known,
    owing,
    parties,
    paying,
    undoing,
)
from tahsil.actions.importing.desk import Desk, hold
from tahsil.core.grammar.collector import collector_paused
from tahsil.core.grammar.lifecycle import IMPORT
from tahsil.core.grammar.refusal import Refused
from tahsil.store import search, staging, standing
from tahsil.store.models import Creditor, ImportBatch, ImportMapping, SearchWord
from tahsil.store.staging import Row, Said

Progress = Callable[[int, int], None]


def stage(ctx: Context, *, header: dict[str, Any], rows: Iterable[Said]) -> Outcome:
    """Puts a file that was read into the staging area; nothing of the book changes.

    `header` names file_name, sha256, layout, mapping, creditor_id and controls.
    """
    return through(ctx, "import.stage", header, lambda keyed: _stage(keyed, header, rows))


def _stage(ctx: Context, header: dict[str, Any], rows: Iterable[Said]) -> Act:
    batch = ImportBatch(
        **header, as_of=ctx.as_of, created_at=ctx.now, created_by_id=ctx.standing.actor_id or None
    )
    with collector_paused():
        return _staged(batch, _left(batch, rows))


def _staged(batch: ImportBatch, rows: list[Said]) -> Act:
    said = comparing.compared(rows, batch.creditor_id)
    fingerprint = batch.mapping.get("fingerprint", "")
    missing = comparing.gone(said, batch.creditor_id, fingerprint)
    notes = batch.mapping.get("notes", []) + comparing.notes(batch, missing)
    batch.mapping = {**batch.mapping, "notes": notes, "gone": missing[: comparing.SHOWN]}
    batch.save()
    staging.insert(batch.id, said)
    batch.counts = staging.counts(batch.id) | ({"gone": len(missing)} if missing else {})
    batch.save(update_fields=["counts"])
    return Act(f"import:{batch.id}", None, {"file": batch.file_name, **batch.counts})


@verb("import.commit")
def commit(ctx: Context, *, batch_id: int) -> Act:
    """Takes a staged file into the book."""
    return _commit(ctx, batch_id, None)


def commit_told(ctx: Context, *, batch_id: int, progress: Progress | None) -> Outcome:
    """Takes a staged file into the book and tells how many rows of how many it is through with."""
    return through(
        ctx,
        "import.commit",
        {"batch_id": batch_id},
        lambda keyed: _commit(keyed, batch_id, progress),
    )


def _commit(ctx: Context, batch_id: int, progress: Progress | None) -> Act:
    batch = _moved(batch_id, "commit")
    creditor = _locked(batch)
    with collector_paused():
        rows = staging.to_take(batch.id)
        before = [(row.status, row.target) for row in rows]
        earlier = staging.before(creditor.id, (row.key for row in rows), beside=batch.id)
        comparing.judge(rows, earlier)
        take = [row for row in rows if row.status in ("new", "changed")]
        desk = Desk(
            batch,
            creditor,
            batch.as_of,
            ctx.now,
            batch.mapping.get("options", {}),
            known.read(creditor, known.named_in(take)),
            earlier,
            _telling(progress, len(take)),
        )
        _write(desk, take)
        was = zip(rows, before, strict=True)
        staging.mark([row for row, old in was if (row.status, row.target) != old or row.added])
    _follow(desk, ctx)
    gone = {"gone": batch.counts["gone"]} if "gone" in batch.counts else {}
    batch.counts, batch.committed_at = staging.counts(batch.id) | gone, ctx.now
    batch.save(update_fields=["counts", "committed_at", "mapping"])
    facts = {"file": batch.file_name, "accounts": len(desk.touched), **batch.counts}
    return Act(f"import:{batch.id}", None, facts)


def _telling(progress: Progress | None, total: int) -> Callable[[int], None]:
    return (lambda done: progress(done, total)) if progress else (lambda done: None)


def _follow(desk: Desk, ctx: Context) -> None:
    """Allocations, search and standing follow what was written; the batch keeps what it made."""
    batch = desk.batch
    allocating.settle(desk.replayed, now=ctx.now, batch_id=batch.id)
    first = SearchWord.objects.aggregate(last=Max("id"))["last"] or 0
    search.index(desk.touched)
    last = SearchWord.objects.aggregate(last=Max("id"))["last"] or 0
    standing.refresh(desk.touched, as_of=ctx.as_of)
    batch.mapping["notes"] = batch.mapping.get("notes", []) + [["", note] for note in desk.notes]
    batch.mapping["candidates"] = batch.mapping.get("candidates", []) + desk.candidates
    batch.mapping |= {"projects": desk.made_projects, "words": [first, last]}


@verb("import.discard")
def discard(ctx: Context, *, batch_id: int) -> Act:
    """Throws a staged file away."""
    batch = _moved(batch_id, "discard")
    batch.rows.all().delete()
    return Act(f"import:{batch.id}", None, {"file": batch.file_name})


@verb("import.undo")
def undo(ctx: Context, *, batch_id: int) -> Act:
    """Takes a committed file out of the book again, whole."""
    batch = _moved(batch_id, "undo")
    _locked(batch)
    undoing.refuse_if_built_on(batch)
    stay = undoing.take_out(batch)
    ImportBatch.objects.filter(id=batch.id).update(undone_at=ctx.now)
    allocating.settle(stay, now=ctx.now)
    search.index(stay)
    undoing.forget_words(batch)
    standing.refresh(stay, as_of=ctx.as_of)
    return Act(f"import:{batch.id}", None, {"file": batch.file_name, **batch.counts})


@verb("import.save_mapping")
def save_mapping(ctx: Context, *, batch_id: int, name: str) -> Act:
    """Keeps how a file was read, to read the next one of its source the same way."""
    batch = _batch(batch_id)
    if not name.strip():
        raise Refused("import.mapping_name", "A mapping needs a name.")
    mapping, _ = ImportMapping.objects.update_or_create(
        name=name.strip()[:80],
        defaults={
            "fingerprint": batch.mapping.get("fingerprint", ""),
            "layout": batch.layout,
            "body": batch.mapping,
        },
    )
    return Act(f"mapping:{mapping.id}", None, {"name": mapping.name, "file": batch.file_name})


def done_id(outcome: Outcome) -> int:
    """The id in the outcome's subject; a file that waits for approval has none yet."""
    if not isinstance(outcome, Done):
        raise Refused("import.waiting", "The import waits for approval.")
    return outcome.id


def _batch(batch_id: int) -> ImportBatch:
    batch = ImportBatch.objects.select_related("creditor").filter(id=batch_id).first()
    if batch is None:
        raise Refused("import.unknown", "There is no import {batch}.", batch=batch_id)
    return batch


def _moved(batch_id: int, act: str) -> ImportBatch:
    batch = _batch(batch_id)
    after = IMPORT.step(batch.state, act)
    moved = ImportBatch.objects.filter(id=batch_id, state=batch.state).update(state=after)
    if not moved:
        raise Refused("import.moved", "Somebody else moved this import a moment ago. Look again.")
    batch.state = after
    return batch


def _locked(batch: ImportBatch) -> Creditor:
    """The batch's creditor, whose book no other import changes until this one is through."""
    creditors = Creditor.objects.select_for_update().order_by("id")
    found = creditors.filter(id=batch.creditor_id) if batch.creditor_id else creditors
    creditor = found.first()
    if creditor is None:
        raise Refused("import.no_creditor", "There is no creditor whose book this could change.")
    return creditor


def _left(batch: ImportBatch, rows: Iterable[Said]) -> list[Said]:
    """The records; what was paid before is left alone where that was asked."""
    if batch.mapping.get("options", {}).get("paid") != "ignore":
        return list(rows)
    return [row._replace(status="left") if row.kind == "opening_receipt" else row for row in rows]


def _write(desk: Desk, rows: list[Row]) -> None:
    """Every kind in the order the next depends on it."""
    kinds: dict[str, list[Row]] = {}
    for row in rows:
        if row.status != "held":
            kinds.setdefault(row.kind, []).append(row)
    parties.write(desk, kinds.pop("party", []))
    contracts.write(desk, kinds.pop("contract", []))
    owing.lines(desk, kinds.pop("line", []))
    owing.items(desk, kinds.pop("open_item", []))
    papers = kinds.pop("cheque", [])
    owing.rents(desk, [row for row in papers if "contract_key" in row.values])
    opening = kinds.pop("opening_balance", [])
    owing.balances(desk, opening)
    paid = {row.values["contract_key"]: row.values["paid_minor"] or 0 for row in opening}
    cheques.write(desk, papers, paid)
    paying.brought_forward(desk, kinds.pop("opening_receipt", []))
    paying.balances(desk, opening)
    paying.receipts(desk, kinds.pop("receipt", []))
    paying.allocate(desk)
    for left in kinds.values():
        for row in left:
            hold(row, "import.need_review", text=row.values.get("text") or row.key)
