"""Imports: a file staged row by row, committed all or nothing, undone as a batch.

Reading the file is adapters' work and comes before (run/imports.py). Staging compares each row
with what was committed earlier under the same key: new, same, or changed. Committing writes the
kinds in the order they depend on each other; a row that cannot be placed is held with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from tahsil.actions import allocating
from tahsil.actions._verb import Act, Context, Done, Outcome, through, verb
from tahsil.actions.importing import contracts, owing, parties, paying, undoing
from tahsil.actions.importing.desk import Desk, hold
from tahsil.core.grammar.lifecycle import IMPORT
from tahsil.core.grammar.refusal import Refused
from tahsil.store import rows as rows_of
from tahsil.store import search, staging, standing
from tahsil.store.models import Creditor, ImportBatch, ImportMapping, ImportRow

LOOK_UP = 5_000
CHANGES = {"party"}  # the kinds a changed row is applied to; others are amended in the book


def stage(ctx: Context, *, header: dict[str, Any], rows: Iterable[dict[str, Any]]) -> Outcome:
    """Puts a file that was read into the staging area; nothing of the book changes.

    `header` names file_name, sha256, layout, mapping, creditor_id and controls; a row holds kind,
    sheet, row, key, hash, raw, values, remarks and whether it is_rejected.
    """
    return through(ctx, "import.stage", header, lambda keyed: _stage(keyed, header, rows))


def _stage(ctx: Context, header: dict[str, Any], rows: Iterable[dict[str, Any]]) -> Act:
    batch = ImportBatch.objects.create(
        **header, as_of=ctx.as_of, created_at=ctx.now, created_by_id=ctx.standing.actor_id or None
    )
    staged = [_row(batch, row) for row in rows]
    _compare(staged, batch.creditor_id)
    rows_of.insert(staged)
    batch.counts = _counts(batch)
    batch.save(update_fields=["counts"])
    return Act(f"import:{batch.id}", None, {"file": batch.file_name, **batch.counts})


@verb("import.commit")
def commit(ctx: Context, *, batch_id: int) -> Act:
    """Takes a staged file into the book."""
    batch = _moved(batch_id, "commit")
    desk = Desk(
        batch,
        batch.creditor or Creditor.objects.order_by("id").first(),
        batch.as_of,
        ctx.now,
        batch.mapping.get("options", {}),
    )
    rows = list(batch.rows.filter(status__in=("new", "changed")).order_by("id"))
    _hold_changed(rows)
    _write(desk, [row for row in rows if row.status != "held"])
    staging.mark(rows)
    allocating.settle(desk.touched, now=ctx.now, batch_id=batch.id)
    search.index(desk.touched)
    standing.refresh(desk.touched, as_of=ctx.as_of)
    batch.counts, batch.committed_at = _counts(batch), ctx.now
    batch.save(update_fields=["counts", "committed_at"])
    facts = {"file": batch.file_name, "accounts": len(desk.touched), **batch.counts}
    return Act(f"import:{batch.id}", None, facts)


@verb("import.discard")
def discard(ctx: Context, *, batch_id: int) -> Act:
    """Throws a staged file away."""
    batch = _moved(batch_id, "discard")
    batch.rows.all().delete()
    return Act(f"import:{batch.id}", None, {"file": batch.file_name})


@verb("import.undo")
def undo(ctx: Context, *, batch_id: int) -> Act:
    """Takes a committed file out of the book again, whole."""
    batch = _batch(batch_id)
    IMPORT.step(batch.state, "undo")
    undoing.refuse_if_built_on(batch)
    _moved(batch_id, "undo")
    stay = undoing.take_out(batch)
    batch.rows.all().delete()
    ImportBatch.objects.filter(id=batch.id).update(undone_at=ctx.now)
    allocating.settle(stay, now=ctx.now)
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


def _row(batch: ImportBatch, said: dict[str, Any]) -> ImportRow:
    return ImportRow(
        batch=batch,
        sheet=said["sheet"][:80],
        row=said["row"],
        kind=said["kind"][:16],
        key=said["key"][:200],
        hash=said["hash"],
        raw=said["raw"],
        values=said["values"],
        status="rejected" if said["is_rejected"] else "new",
        remarks=said["remarks"],
    )


def _compare(rows: list[ImportRow], creditor_id: int | None) -> None:
    """Marks rows whose key was committed before: same where they say the same, else changed."""
    fresh = [row for row in rows if row.status == "new"]
    keys = sorted({row.key for row in fresh})
    known: dict[tuple[str, str], str] = {}
    for start in range(0, len(keys), LOOK_UP):
        part = keys[start : start + LOOK_UP]
        earlier = ImportRow.objects.filter(
            batch__state="committed", batch__creditor_id=creditor_id, key__in=part
        ).exclude(target="")
        for kind, key, digest in earlier.order_by("id").values_list("kind", "key", "hash"):
            known[kind, key] = digest
    for row in fresh:
        digest = known.get((row.kind, row.key))
        if digest is not None:
            row.status = "same" if digest == row.hash else "changed"


def _hold_changed(rows: list[ImportRow]) -> None:
    for row in rows:
        if row.status == "changed" and row.kind not in CHANGES:
            hold(
                row,
                "import.changed",
                "This was imported before and says something else now. The book keeps what it "
                "has; amend it there.",
            )


def _write(desk: Desk, rows: list[ImportRow]) -> None:
    """Every kind in the order the next depends on it."""
    kinds: dict[str, list[ImportRow]] = {}
    for row in rows:
        kinds.setdefault(row.kind, []).append(row)
    parties.write(desk, kinds.pop("party", []))
    contracts.write(desk, kinds.pop("contract", []))
    owing.lines(desk, kinds.pop("line", []))
    owing.items(desk, kinds.pop("open_item", []))
    owing.rents(desk, [row for row in kinds.get("cheque", []) if "contract_key" in row.values])
    paid = owing.balances(desk, kinds.pop("opening_balance", []))
    paying.cheques(desk, kinds.pop("cheque", []))
    paying.brought_forward(desk, kinds.pop("opening_receipt", []))
    paying.balances(desk, paid)
    paying.receipts(desk, kinds.pop("receipt", []))
    for left in kinds.values():
        for row in left:
            hold(row, "import.review", "This was read but not understood; enter it by hand.")


def _counts(batch: ImportBatch) -> dict[str, int]:
    found: Counter[str] = Counter()
    for status, count in (
        batch.rows.values_list("status").annotate(count=Count("id")).order_by("status")
    ):
        found[status] = count
    return dict(found)
