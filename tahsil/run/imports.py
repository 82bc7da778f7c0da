"""Files in: read by the adapters, staged through the door; what was not taken goes out again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tahsil.actions import imports
from tahsil.actions._verb import Context
from tahsil.actions.importing.sentences import SENTENCES
from tahsil.adapters.sheets import rejects as reject_workbook
from tahsil.adapters.sheets import templates as layout_templates
from tahsil.adapters.sheets.cells import as_text
from tahsil.adapters.sheets.layouts import CODES
from tahsil.adapters.sheets.mapping import Mapping, from_json
from tahsil.adapters.sheets.records import Reject, Staged
from tahsil.adapters.sheets.staging import read
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import Creditor, ImportBatch, ImportMapping
from tahsil.store.staging import Said

Progress = Callable[[int, int], None]
_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=str, check_circular=False
).encode
LAYOUTS = {name: code for code, name in CODES.items()} | {"invoices": "invoices"}


def stage(
    path: Path,
    *,
    ctx: Context,
    creditor_code: str = "",
    layout: str | None = None,
    mapping: Mapping | str | None = None,
    options: dict[str, Any] | None = None,
    name: str = "",
    progress: Progress | None = None,
) -> int:
    """Reads a file and stages it; the batch's id. A saved mapping is found by the headings."""
    creditor = creditor_of(creditor_code)
    content = Path(path).read_bytes()
    staged = _read_as_before(content, creditor, layout, mapping, ctx, progress)
    header = {
        "file_name": (name or Path(path).name)[:200],
        "sha256": hashlib.sha256(content).hexdigest(),
        "layout": ",".join(dict.fromkeys(staged.layouts.values()))[:20],
        "creditor_id": creditor.id,
        "mapping": {
            **asdict(staged.mapping),
            "fingerprint": ",".join(dict.fromkeys(staged.fingerprints.values()))[:64],
            "options": options or {},
            "questions": [_question(each) for each in staged.questions],
            "candidates": [asdict(each) for each in staged.candidates],
            "notes": [[sheet, list(note)] for sheet, note in staged.notes],
            "headings": staged.headings,
            "counts": dict(staged.counts),
        },
        "controls": [asdict(each) for each in staged.controls],
    }
    return imports.done_id(imports.stage(ctx, header=_plain(header), rows=_rows(staged)))


def dry_run(path: Path, *, ctx: Context, creditor_code: str = "", **how: Any) -> Staged:
    """What the file says, with nothing staged."""
    creditor = creditor_of(creditor_code)
    content = Path(path).read_bytes()
    return _read_as_before(content, creditor, how.get("layout"), how.get("mapping"), ctx, None)


def commit(ctx: Context, batch_id: int, *, progress: Progress | None = None) -> Any:
    """Takes a staged file into the book."""
    return imports.commit_told(ctx, batch_id=batch_id, progress=progress)


def discard(ctx: Context, batch_id: int) -> Any:
    """Throws a staged file away."""
    return imports.discard(ctx, batch_id=batch_id)


def undo(ctx: Context, batch_id: int) -> Any:
    """Takes a committed file out of the book."""
    return imports.undo(ctx, batch_id=batch_id)


def save_mapping(ctx: Context, batch_id: int, name: str) -> Any:
    """Keeps how the file was read under a name."""
    return imports.save_mapping(ctx, batch_id=batch_id, name=name)


def rejects(batch_id: int, language: str = "en") -> bytes:
    """The workbook of every row not taken, with sheet, cell, text and reason."""
    batch = ImportBatch.objects.filter(id=batch_id).first()
    if batch is None:
        raise Refused("import.unknown", "There is no import {batch}.", batch=batch_id)
    headings = {sheet: tuple(names) for sheet, names in batch.mapping["headings"].items()}
    left = Staged(headings=headings)
    for row in batch.rows.filter(status__in=("rejected", "held")).order_by("id"):
        code, template, facts, cell = row.remarks[-1]
        if language == "ar" and code in SENTENCES:
            template = SENTENCES[code][1]
        text = row.values.get("text", "") if row.status == "rejected" else ""
        where = (row.sheet, row.row, cell or f"A{row.row}", row.values.get("column", ""))
        left.rejects.append(Reject(*where, text, code, template, facts))
        names = headings.get(row.sheet, ())
        left.rejected_rows[row.sheet, row.row] = [row.raw.get(name, "") for name in names]
    return reject_workbook.workbook(left, language="ar" if language == "ar" else "en")


def template(layout: str, language: str = "en") -> bytes:
    """An empty workbook with the columns of a layout, one example and notes."""
    return layout_templates.template(layout, language="ar" if language == "ar" else "en")


def creditor_of(code: str) -> Creditor:
    """The creditor of that code; the only one, if there is only one and no code."""
    found = Creditor.objects.filter(code__iexact=code) if code else Creditor.objects.all()
    rows = list(found.order_by("id")[:2])
    if not rows or (len(rows) > 1 and not code):
        known = list(Creditor.objects.order_by("code").values_list("code", flat=True))
        raise Refused(
            "import.creditor",
            "Whose book is this? Name one of the creditors: {known}.",
            known=known or ["none yet"],
        )
    return rows[0]


def mapping_of(mapping: Mapping | str | None) -> Mapping | None:
    """A mapping given as itself, as the name of a saved one, as JSON or as a JSON file."""
    if mapping is None or isinstance(mapping, Mapping):
        return mapping
    if saved := ImportMapping.objects.filter(name=mapping).first():
        return _mapping(saved)
    if mapping.lstrip().startswith("{"):
        return from_json(mapping)
    if Path(mapping).is_file():
        return from_json(Path(mapping).read_text(encoding="utf-8"))
    raise Refused(
        "mapping.not_found",
        "There is no saved mapping and no file named {name}. Saved: {known}.",
        name=mapping,
        known=list(ImportMapping.objects.values_list("name", flat=True)) or ["none"],
    )


def _read(
    content: bytes,
    creditor: Creditor,
    layout: str | None,
    mapping: Mapping | None,
    ctx: Context,
    progress: Progress | None,
) -> Staged:
    return read(
        content,
        layout=layout,
        mapping=mapping,
        country=creditor.country,
        currency=creditor.currency,
        as_of=ctx.as_of,
        progress=progress,
    )


def _read_as_before(
    content: bytes,
    creditor: Creditor,
    layout: str | None,
    mapping: Mapping | str | None,
    ctx: Context,
    progress: Progress | None,
) -> Staged:
    """Read with the mapping given, else with the one saved for these headings, else as it is."""
    staged = _read(content, creditor, layout, mapping_of(mapping), ctx, progress)
    if mapping is None and (saved := _saved_for(staged)) is not None:
        return _read(content, creditor, layout, saved, ctx, progress)
    return staged


def _saved_for(staged: Staged) -> Mapping | None:
    prints = ",".join(dict.fromkeys(staged.fingerprints.values()))[:64]
    saved = ImportMapping.objects.filter(fingerprint=prints).order_by("-id").first()
    return _mapping(saved) if saved and prints else None


def _mapping(saved: ImportMapping) -> Mapping:
    names = set(Mapping.__dataclass_fields__)
    body = {key: value for key, value in saved.body.items() if key in names}
    layout = saved.layout if saved.layout in LAYOUTS.values() else body.get("layout", "")
    return replace(from_json(json.dumps({**body, "layout": ""})), layout=layout)


def _question(question: Any) -> dict[str, Any]:
    return {**asdict(question), "text": str(question)}


def _rows(staged: Staged) -> Iterator[Said]:
    last: list[Any] | None = None
    raw = ""
    for record in staged.records:
        if record.cells is not last:  # a line and what was paid on it stand in one row
            last, raw = record.cells, record.raw
        values, digest = record.digested()
        remarks = _encode(record.warnings) if record.warnings else "[]"
        yield Said(
            record.kind, record.sheet[:80], record.row, record.key, digest, raw, values, remarks
        )
    for at, reject in enumerate(staged.rejects):
        cells = staged.rejected_rows.get((reject.sheet, reject.row), [])
        names = staged.headings.get(reject.sheet, ())
        yield Said(
            "reject",
            reject.sheet[:80],
            reject.row,
            f"reject|{at}|{reject.cell}",
            "",
            _encode(dict(zip(names, map(as_text, cells), strict=False))),
            _encode({"column": reject.column, "text": reject.text}),
            _encode([[reject.code, reject.template, reject.facts, reject.cell]]),
            "rejected",
        )


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(value, default=str))
