"""What a file says beside what earlier files said: new, same, changed, or gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from tahsil.actions.importing.desk import hold, note_of
from tahsil.store import staging
from tahsil.store.models import ImportBatch
from tahsil.store.staging import Before, Row, Said

# What was paid on a line stands in a record of its own: the line itself is the same.
PAID = {
    "line": {"paid_minor", "open_minor", "paid_by"},
    "open_item": {"paid_minor", "open_minor", "settled_on"},
}
CHANGES = {"party"}  # the kinds a changed row is applied to; others are amended in the book
SINGLE = ("receipt", "opening_receipt", "opening_balance")  # lists of these go on, month by month
SHOWN = 200

Known = dict[tuple[str, str], Before]


def compared(said: Sequence[Said], creditor_id: int | None) -> list[Said]:
    """The records with the status that what was committed under their key gives them."""
    fresh = [one for one in said if one.status == "new"]
    known = staging.before(creditor_id, (one.key for one in fresh))
    if not known:
        return list(said)
    other = [one for one in fresh if _differs(one, known)]
    earlier = _values(other, known)
    changed = {
        (one.kind, one.key)
        for one in other
        if not _is_same(one.kind, json.loads(one.values), earlier.get((one.kind, one.key)))
    }
    return [
        one._replace(status="changed" if (one.kind, one.key) in changed else "same")
        if one.status == "new" and (one.kind, one.key) in known
        else one
        for one in said
    ]


def judge(rows: list[Row], known: Known) -> None:
    """Staged rows get the status they have now: other files may have been committed or undone."""
    other = [row for row in rows if _differs(row, known)]
    earlier = _values(other, known)
    differing = {row.id for row in other}
    for row in rows:
        if (row.kind, row.key) not in known:
            row.status = "new"
        elif row.id not in differing:
            row.status = "same"
        else:
            before = earlier.get((row.kind, row.key))
            row.status = "same" if _is_same(row.kind, row.values, before) else "changed"
    for row in rows:
        if row.status == "changed" and row.kind not in CHANGES:
            hold(row, "import.paid_since" if row.kind == "opening_receipt" else "import.changed")


def gone(said: Iterable[Said], creditor_id: int | None, fingerprint: str) -> list[list[Any]]:
    """[kind, key, sheet, row] of what earlier files with these columns brought and this lacks.

    Lists of receipts go on from month to month, so theirs are not gone. A line is gone where its
    contract still stands in the file.
    """
    earlier = list(staging.standing_rows(creditor_id, fingerprint)) if fingerprint else []
    if not earlier:
        return []
    keys = {(one.kind, one.key) for one in said}
    groups = {_group(kind, key) for kind, key in keys}
    return [
        list(row)
        for row in earlier
        if row[:2] not in keys and row[0] not in SINGLE and _group(*row[:2]) in groups
    ]


def notes(batch: ImportBatch, missing: list[list[Any]]) -> list[list[Any]]:
    """What there is to say about the file beside earlier ones."""
    said = []
    same = ImportBatch.objects.filter(sha256=batch.sha256, state="committed")
    again = same.filter(creditor=batch.creditor).first()
    if again is not None:
        said.append(["", note_of("import.again", {"batch": again.id})])
    if missing:
        keys = [" ".join(key.split("|")[1:]) for _, key, _, _ in missing[:5]]
        said.append(["", note_of("import.gone", {"count": len(missing), "keys": keys})])
    return said


def _group(kind: str, key: str) -> str:
    return "|".join(key.split("|")[:3]) if kind == "line" else kind


def _differs(one: Said | Row, known: Known) -> bool:
    before = known.get((one.kind, one.key))
    return before is not None and before.hash != one.hash


def _values(
    rows: Sequence[Said | Row], known: Known
) -> dict[tuple[str, str], dict[str, Any] | None]:
    """What was said before under the keys of these rows, for kinds where that is asked."""
    ids = {(row.kind, row.key): known[row.kind, row.key].id for row in rows if row.kind in PAID}
    found = staging.values_of(ids.values())
    return {key: found.get(each) for key, each in ids.items()}


def _is_same(kind: str, now: dict[str, Any], before: dict[str, Any] | None) -> bool:
    """Whether two records differ in nothing but what was paid."""
    if before is None:
        return False
    passed = PAID[kind]
    return all(now.get(name) == before.get(name) for name in {*now, *before} - passed)
