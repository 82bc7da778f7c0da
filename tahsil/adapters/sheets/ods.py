"""OpenDocument sheets, read here because of bounds: one cell may claim to repeat 16,384 times."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

from tahsil.adapters.sheets import sniff

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


@dataclass
class Table:
    """One sheet of the document."""

    name: str
    rows: list[list[Any]] = field(default_factory=list)
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()


def tables(xml: bytes, max_rows: int, max_columns: int) -> list[Table]:
    """The tables of content.xml; empty repetitions beyond the bounds are left out."""
    # Another encoding could hide a declaration from this look; such files are UTF-8 by standard.
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\x00" in xml[:200]:
        raise sniff.damaged()
    found: list[Table] = []
    hidden_styles: set[str] = set()
    parser = ElementTree.iterparse(io.BytesIO(xml), events=("start", "end"))  # noqa: S314  # nosec B314
    for event, node in parser:
        if event == "start" and node.tag == _TABLE + "table":
            found.append(Table(node.get(_TABLE + "name", "")))
            found[-1].is_hidden = node.get(_TABLE + "style-name", "") in hidden_styles
        elif event == "end" and node.tag.endswith("}style") and _hides(node):
            hidden_styles.update(v for k, v in node.attrib.items() if k.endswith("}name"))
        elif event == "end" and node.tag == _TABLE + "table-row" and found:
            _add(found[-1], node, max_rows, max_columns)
            node.clear()
    for table in found:
        while table.rows and not any(cell not in ("", None) for cell in table.rows[-1]):
            table.rows.pop()
    return found


def _hides(style: ElementTree.Element) -> bool:
    return any(part.get(_TABLE + "display") == "false" for part in style)


def _add(table: Table, node: ElementTree.Element, max_rows: int, max_columns: int) -> None:
    cells: list[Any] = []
    for cell in node:
        if cell.tag not in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            continue
        value = _value(cell)
        times = _times(cell, "number-columns-repeated")
        cells.extend([value] * min(times, max_columns - len(cells)))
    while cells and cells[-1] == "":
        cells.pop()
    times = _times(node, "number-rows-repeated")
    room = max_rows - len(table.rows)
    if cells and times > 1000:
        raise sniff.damaged()
    first = len(table.rows) + 1
    table.rows.extend(list(cells) for _ in range(min(times, room)))
    if node.get(_TABLE + "visibility") in ("collapse", "filter") and cells:
        table.hidden_rows |= frozenset(range(first, len(table.rows) + 1))


def _times(node: ElementTree.Element, name: str) -> int:
    text = node.get(_TABLE + name, "1")
    return int(text) if text.isdecimal() and len(text) < 10 else 1


def _value(cell: ElementTree.Element) -> Any:
    kind = cell.get(_OFFICE + "value-type", "")
    text = "\n".join("".join(line.itertext()) for line in cell.iter(_TEXT + "p"))
    if text.startswith("#") or text in ("Err:502", "Err:508", "Err:522"):
        return text if text.startswith("#") else "#VALUE!"
    try:
        if kind in ("float", "currency", "percentage"):
            return float(cell.get(_OFFICE + "value", ""))
        if kind == "date":
            stamp = datetime.fromisoformat(cell.get(_OFFICE + "date-value", ""))
            return stamp if stamp.time().isoformat() != "00:00:00" else date(*stamp.timetuple()[:3])
    except ValueError:
        return text
    return text
