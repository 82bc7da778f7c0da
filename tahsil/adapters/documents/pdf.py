"""Documents as PDF, through typst: joined Arabic, mirrored tables, no system fonts."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from tahsil.adapters.documents import Amount, Cell, Document, Table, day
from tahsil.core.grammar.money import decimal_text

HERE = Path(__file__).resolve().parent


def pdf(document: Document) -> bytes:
    """The document as PDF/A; text is data to the template, never markup."""
    return _compiler().compile(sys_inputs={"data": json.dumps(_plain(document))})


@lru_cache(maxsize=1)
def _compiler() -> Any:
    return typst.Compiler(
        str(HERE / "document.typ"),
        root=str(HERE),
        font_paths=[str(HERE / "fonts")],
        ignore_system_fonts=True,
    )


def _plain(document: Document) -> dict[str, Any]:
    language = document.language
    return {
        "title": document.title,
        "language": language,
        "rtl": document.is_rtl,
        "wide": document.is_wide,
        "issuer": document.issuer,
        "subtitle": document.subtitle,
        "pairs": [[label, _cell(value, language)] for label, value in document.pairs],
        "figures": [[label, _cell(value, language)] for label, value in document.figures],
        "words": document.words,
        "tables": [_table(table, language) for table in document.tables],
        "notes": document.notes,
        "signatures": document.signatures,
    }


def _table(table: Table, language: str) -> dict[str, Any]:
    return {
        "title": table.title,
        "columns": [[column.label, column.kind, column.width] for column in table.columns],
        "rows": [[_cell(value, language) for value in row] for row in table.rows],
        "totals": [_cell(value, language) for value in table.totals or []],
    }


def _cell(value: Cell, language: str) -> dict[str, Any]:
    """Text with its direction: figures and codes run left to right inside Arabic lines."""
    if value is None:
        return {"text": "", "ltr": False}
    if isinstance(value, Amount):
        return {"text": decimal_text(value.minor, value.currency), "ltr": True}
    if isinstance(value, date):
        return {"text": day(value, language), "ltr": False}
    if isinstance(value, int):
        return {"text": f"{value:,}", "ltr": True}
    return {"text": str(value), "ltr": str(value).isascii()}
