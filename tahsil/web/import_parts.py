"""What the pages of an import show: its acts, totals, questions, warnings and rows."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tahsil.queries.imports import STATUSES, BatchPage, RecordRow
from tahsil.queries.jobs import JobRow
from tahsil.web import asked, import_forms, sentences, verbs

TONES = {"new": "good", "changed": "open", "same": "", "left": ""} | dict.fromkeys(
    ("held", "rejected"), "late"
)
SHOWN = (
    "number", "code", "contract", "name", "party_name", "unit", "asset", "label", "cheque", "bank",
    "due_on", "received_on", "signed_on", "due", "amount_minor", "price_minor", "paid_minor",
    "status", "text",
)  # fmt: skip
INLINE = 6
AMOUNTS = {name for name in SHOWN if name.endswith("_minor")}


def page(request: HttpRequest, found: BatchPage) -> dict[str, Any]:
    """Everything the page of one batch shows."""
    held = found.mapping
    shown = _shown(found)
    return {
        "found": found,
        "batch": found.batch,
        "state_tone": {"committed": "good", "undone": "late"}.get(found.batch.state, "open"),
        "layouts": [import_forms.layout_name(code) for code in found.batch.layout.split(",")],
        "may": {act: found.answers.get(act, False) for act in found.possible},
        "may_save": asked.may(request, "import.save_mapping"),
        "counts": _counts(request, found),
        "kinds": _kinds(request, found),
        "taken": found.statuses["new"] + found.statuses["changed"],
        "left": found.statuses["held"] + found.statuses["rejected"],
        "questions": _questions(held.get("questions", [])),
        "notes": [_note(sheet, said) for sheet, said in held.get("notes", [])],
        "candidates": [_candidate(each) for each in held.get("candidates", [])],
        "columns": [(verbs.fact_label(name), name in AMOUNTS) for name in shown],
        "rows": [_row(each, shown) for each in found.rows.rows],
        "pager": asked.pager(request, found.rows),
    }


def states(request: HttpRequest) -> list[dict[str, Any]]:
    """Chips that narrow the list of imports to a state."""
    chosen = asked.text(request, "state")
    words = [
        ("", _("All")), ("staged", _("Staged")), ("committed", _("In the book")),
        ("undone", _("Undone")), ("discarded", _("Discarded")),
    ]  # fmt: skip
    return [
        {"url": asked.url(request, state=code or None), "label": label, "active": chosen == code}
        for code, label in words
    ]


def job(found: JobRow) -> dict[str, Any]:
    """What the bar of a job shows."""
    is_stage = found.kind == "import.stage"
    name = found.params.get("how", {}).get("name", "")
    title = _("Reading {file}").format(file=name) if is_stage else _("Writing into the book")
    is_waiting = found.state == "ready" and not found.progress
    return {
        "job": found,
        "title": _("Waiting for the worker") if is_waiting else title,
        "done": found.progress.get("done", 0),
        "total": found.progress.get("total") or found.params.get("rows") or 1,
        "url": f"/imports/jobs/{found.id}",
        "is_failed": found.state == "failed",
        "sentence": found.result.get("sentence", ""),
    }


def _counts(request: HttpRequest, found: BatchPage) -> list[dict[str, Any]]:
    """Chips of the statuses, each with how many rows."""
    chosen = asked.text(request, "status")
    everything = sum(found.statuses.values())
    chips = [{"code": "", "label": _("All rows"), "count": everything}]
    chips += [
        {"code": code, "label": status_name(code), "count": found.statuses.get(code, 0)}
        for code in STATUSES
    ]
    return [
        {
            "url": asked.url(request, status=each["code"] or None),
            "label": each["label"],
            "count": sentences.digits(f"{each['count']:,}"),
            "active": chosen == each["code"],
        }
        for each in chips
        if each["count"] or not each["code"]
    ]


def _kinds(request: HttpRequest, found: BatchPage) -> list[dict[str, Any]]:
    """Per kind of record how many rows of each status."""
    return [
        {
            "name": kind_name(kind),
            "url": asked.url(request, kind=kind, status=None),
            "cells": [(status_name(code).lower(), by_status[code], TONES[code])
                      for code in STATUSES if by_status.get(code)],
        }
        for kind, by_status in sorted(found.kinds.items())
    ]  # fmt: skip


def status_name(code: str) -> str:
    """What became of a row, in words."""
    words = {
        "new": _("New"), "changed": _("Changed"), "same": _("Same"), "left": _("Left out"),
        "held": _("Held"), "rejected": _("Rejected"), "gone": _("Gone"),
    }  # fmt: skip
    return words.get(code, code)


def kind_name(code: str) -> str:
    """A kind of record in words."""
    words = {
        "party": _("Parties"), "contract": _("Contracts"), "line": _("Instalments"),
        "open_item": _("Open items"), "receipt": _("Receipts"), "cheque": _("Cheques"),
        "opening_balance": _("Opening balances"), "opening_receipt": _("Paid before"),
        "reject": _("Not understood"),
    }  # fmt: skip
    return words.get(code, code.replace("_", " ").capitalize())


def _questions(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"q{at}",
            "sheet": each["sheet"],
            "sentence": sentences.in_language(each["template"], each["facts"]),
            "options": [
                (number, sentences.fact_text("word", label, {}))
                for number, (_value, label) in enumerate(each["options"])
            ],
        }
        for at, each in enumerate(said)
    ]


def _note(sheet: str, said: list[Any]) -> dict[str, str]:
    _code, template, facts, cell = [*said, "", "", {}, ""][:4]
    return {"sheet": sheet, "cell": cell, "text": sentences.in_language(template, facts)}


def _candidate(said: dict[str, Any]) -> dict[str, Any]:
    reasons = [sentences.fact_text("word", each, {}) for each in said.get("reasons", ())]
    return {**said, "kind": kind_name(said["kind"]), "reasons": reasons}


def _shown(found: BatchPage) -> list[str]:
    """The fields worth a column: the first of the usual order that half of the page's rows hold."""
    rows = found.rows.rows
    held = Counter(name for row in rows for name in SHOWN if row.values.get(name))
    return [name for name in SHOWN if 2 * held[name] >= max(len(rows), 1)][:INLINE]


def _row(row: RecordRow, shown: list[str]) -> dict[str, Any]:
    currency = str(row.values.get("currency") or "")
    known = {**row.values, "currency": currency}
    cells = [(sentences.fact_text(name, row.values.get(name) or None, known), name in AMOUNTS)
             for name in shown]  # fmt: skip
    return {
        "row": row,
        "kind": kind_name(row.kind),
        "status": status_name(row.status),
        "tone": TONES.get(row.status, ""),
        "cells": cells,
        "raw": [(name, text) for name, text in _raw(row.raw) if str(text).strip()],
        "values": verbs.facts(row.values, currency),
        "remarks": [
            (sentences.in_language(each.reason.template, each.reason.facts), each.cell)
            for each in row.remarks
        ],
    }


def _raw(raw: Any) -> list[tuple[str, Any]]:
    """The row as it stood: its cells by heading."""
    if isinstance(raw, dict):
        return list(raw.items())
    return [(str(at + 1), text) for at, text in enumerate(raw or [])]
