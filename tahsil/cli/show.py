"""How results are printed: JSON, aligned tables, sentences, progress lines.

What a query returns are plain dataclasses; here they become text and nowhere is anything decided.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import time
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from tahsil.cli import frame
from tahsil.core.grammar.refusal import Refused


def as_json(value: Any) -> None:
    """Prints the value as JSON, letters as they are; indented for whoever reads a terminal."""
    print(json.dumps(plain(value), ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))


def plain(value: Any) -> Any:
    """The value in JSON's own types: dates as ISO text, tables and dataclasses as objects."""
    kind = type(value)
    if value is None or kind in (str, int, float, bool):
        return value
    if kind is list:
        return [plain(item) for item in value]
    if kind is not dict and dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        return {name: plain(found) for name, found in fields.items()}
    if isinstance(value, dict):
        return {str(plain(key)): plain(found) for key, found in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if hasattr(value, "tolist"):  # arrays and numbers of NumPy
        return plain(value.tolist())
    return str(value)


def money(minor: int, currency: str) -> str:
    """The amount with its currency's decimals."""
    from tahsil.core.grammar.money import decimal_text

    return f"{decimal_text(minor, currency)} {currency}".strip()


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]], *, right: str = "") -> None:
    """Prints aligned columns; `right` says per column l or r; l if not said."""
    lines = [list(heads), *([_cell(cell) for cell in row] for row in rows)]
    widths = [max(width(line[i]) for line in lines) for i in range(len(heads))]
    sides = right.ljust(len(heads), "l")
    for number, line in enumerate(lines):
        cells = [_padded(cell, w, s) for cell, w, s in zip(line, widths, sides, strict=True)]
        print("  ".join(cells).rstrip())
        if number == 0:
            print("  ".join("-" * w for w in widths))


def width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    marks = ("Mn", "Me", "Cf")
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return wide + sum(unicodedata.category(letter) not in marks for letter in text)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _padded(text: str, wanted: int, side: str) -> str:
    space = " " * (wanted - width(text))
    return space + text if side == "r" else text + space


class Progress:
    """Progress lines on stderr, with counts and time left, only where somebody watches."""

    def __init__(self) -> None:
        self.began: dict[str, float] = {}
        self.said = 0.0

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """One step further in a stage."""
        if not frame.is_terminal():
            return
        at = time.monotonic()
        began = self.began.setdefault(stage, at)
        is_last = not total or done >= total
        if at - self.said < 0.2 and not is_last:
            return
        self.said = at
        print(f"\r\033[K{_step(stage, done, total, at - began)}", end="", file=sys.stderr)
        if is_last:
            print(file=sys.stderr)
        sys.stderr.flush()


def _step(stage: str, done: int, total: int, spent: float) -> str:
    text = f"{stage} {done:,} of {total:,}" if total else f"{stage} {done:,}" if done else stage
    if 0 < done < total and spent > 1:
        left = timedelta(seconds=round(spent * (total - done) / done))
        return f"{text} · {left} left"
    return text


def keep(path: Path, content: bytes) -> None:
    """Writes a file that is not there yet; an earlier one is never overwritten."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise Refused(
            "file.exists", "{path} is there already. Choose another name.", path=path
        ) from None
    except OSError as fault:
        raise Refused(
            "file.unwritable",
            "{path} cannot be written: {said}.",
            path=path,
            said=fault.strerror or type(fault).__name__,
        ) from None
