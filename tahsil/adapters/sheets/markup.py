"""Tables of HTML files: what many programs export under the name of .xls."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

Merged = list[tuple[tuple[int, int], tuple[int, int]]]


def tables(text: str, max_rows: int, max_columns: int) -> list[tuple[list[list[Any]], Merged]]:
    """Rows and merged ranges of each table that has rows, in order."""
    parser = _Tables(max_rows, max_columns)
    parser.feed(text)
    parser.close()
    parser.end_cell()
    return [table for table in parser.found if table[0]]


class _Tables(HTMLParser):
    """Collects cells; a cell that spans rows leaves blanks below it, as Excel does."""

    def __init__(self, max_rows: int, max_columns: int) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[list[list[Any]], Merged]] = []
        self.limits = (max_rows, max_columns)
        self._text: list[str] | None = None
        self._span = (1, 1)
        self._taken: dict[tuple[int, int], bool] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.end_cell()
            self.found.append(([], []))
            self._taken = {}
        elif tag == "tr":
            self.end_cell()
            if not self.found:
                self.found.append(([], []))
            if len(self.found[-1][0]) < self.limits[0]:
                self.found[-1][0].append([])
        elif tag in ("td", "th"):
            self.end_cell()
            about = dict(attrs)
            self._span = (_span(about.get("rowspan")), _span(about.get("colspan")))
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self.end_cell()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def end_cell(self) -> None:
        """The cell begun last is put in its place."""
        if self._text is None or not self.found or not self.found[-1][0]:
            self._text = None
            return
        rows, merged = self.found[-1]
        row, here = rows[-1], len(rows) - 1
        while self._taken.get((here, len(row))):
            row.append("")
        at = len(row)
        height, width = self._span
        width = min(width, max(1, self.limits[1] - at))
        row.append(" ".join("".join(self._text).split()))
        row.extend([""] * (width - 1))
        if height > 1 or width > 1:
            merged.append(((here, at), (here + height - 1, at + width - 1)))
            for down in range(1, height):
                self._taken |= {(here + down, at + over): True for over in range(width)}
        self._text = None


def _span(text: str | None) -> int:
    return min(int(text), 500) if text and text.isdecimal() and len(text) < 5 and int(text) else 1
