"""Tests as tables: cells two or more spaces apart, the first line names the columns."""

from __future__ import annotations

import re


def table(text: str) -> list[dict[str, str]]:
    """The rows of the table as dicts of text; lines starting with # are prose."""
    lines = [line.strip() for line in text.strip().splitlines()]
    rows = [re.split(r"\s{2,}", line) for line in lines if line and not line.startswith("#")]
    head, body = rows[0], rows[1:]
    for row in body:
        assert len(row) == len(head), f"{len(head)} cells wanted: {row}"
    return [dict(zip(head, row, strict=True)) for row in body]
