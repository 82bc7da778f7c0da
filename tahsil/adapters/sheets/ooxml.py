"""What calamine does not tell about an xlsx sheet: extent, hidden rows, failed formulas, fills."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from html import unescape

from tahsil.adapters.sheets import sniff
from tahsil.adapters.sheets.cells import position

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
# Looked back on, the sign before the name: a pattern that begins with a word is found far sooner.
_HIDDEN = re.compile(rb"""row(?<=[<:]row)\b[^>]*\bhidden\s*=\s*["'](?:1|true)["'][^>]*>""")
_ROW_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d+)["']""")
_ROW = re.compile(rb"""row(?<=[<:]row)\b[^>]*?\br\s*=\s*["'](\d+)["']""")
_COLUMN = re.compile(rb"""c(?<=[<:]c)\s(?:[^>]*?\s)??r\s*=\s*["']([A-Za-z]+)\d""")
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^>]*\bt\s*=\s*["']e["'])[^>]*?\br\s*=\s*["']([A-Za-z]+\d+)["'][^>]*>"""
    rb"""(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<""",
    re.DOTALL,
)
_STYLED = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^>]*\bs\s*=\s*["'](\d+)["'])[^>]*?\br\s*=\s*["']([A-Za-z]+\d+)["']"""
)
_FILL = re.compile(rb"<(?:\w+:)?fill>(.*?)</(?:\w+:)?fill>", re.DOTALL)
_COLOUR = re.compile(
    rb"""<(?:\w+:)?fgColor\b[^>]*\brgb\s*=\s*["'](?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})["']"""
)
_XFS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_XF = re.compile(rb"""<(?:\w+:)?xf\b[^>]*?\bfillId\s*=\s*["'](\d+)["']""")


@dataclass
class Facts:
    """About one sheet; rows and columns count from 0, except hidden rows, which people number."""

    height: int = 0
    width: int = 0
    hidden_rows: frozenset[int] = frozenset()
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    fills: dict[tuple[int, int], str] = field(default_factory=dict)


def facts(data: bytes, *, with_fills: bool) -> dict[str, Facts]:
    """The facts of every sheet, by its name."""
    names = {name.lower(): name for name in sniff.unpacked_names(data)}
    colours = _colours(data, names) if with_fills else {}
    found = {}
    for sheet, path in _paths(data, names).items():
        xml = sniff.part(data, path)
        found[sheet] = _facts(xml, colours)
    return found


def _facts(xml: bytes, colours: dict[int, str]) -> Facts:
    rows = max((int(row) for row in _ROW.findall(xml) if len(row) < 9), default=0)
    columns = {found.decode() for found in set(_COLUMN.findall(xml))}
    width = max((position(column)[1] + 1 for column in columns if len(column) < 5), default=0)
    hidden = (_ROW_NUMBER.search(row) for row in _HIDDEN.findall(xml))
    return Facts(
        height=rows if rows < 2**31 else 2**31,
        width=width if not any(len(column) > 4 for column in columns) else 2**20,
        hidden_rows=frozenset(int(row[1]) for row in hidden if row),
        errors=list(_errors(xml)),
        fills=_fills(xml, colours) if colours else {},
    )


def _errors(xml: bytes) -> list[tuple[int, int, str]]:
    if b't="e"' not in xml and b"t='e'" not in xml:
        return []
    found = []
    for cell, text in _ERROR.findall(xml):
        row, column = position(cell.decode())
        if 0 < row <= 2**20 and column < 2**14:
            found.append((row - 1, column, unescape(text.decode("utf-8", "replace"))))
    return found


def _fills(xml: bytes, colours: dict[int, str]) -> dict[tuple[int, int], str]:
    found = {}
    for style, cell in _STYLED.findall(xml):
        if colour := colours.get(int(style)):
            row, column = position(cell.decode())
            found[(row - 1, column)] = colour
    return found


def _colours(data: bytes, names: dict[str, str]) -> dict[int, str]:
    """The colour each cell style fills with, where it fills."""
    if "xl/styles.xml" not in names:
        return {}
    xml = sniff.part(data, names["xl/styles.xml"])
    colours = [_COLOUR.search(fill) for fill in _FILL.findall(xml)]
    block = _XFS.search(xml)
    styles = [int(fill) for fill in _XF.findall(block[0])] if block else []
    return {
        style: colour[1].decode().upper()
        for style, fill in enumerate(styles)
        if fill < len(colours) and (colour := colours[fill])
    }


def _paths(data: bytes, names: dict[str, str]) -> dict[str, str]:
    """Where each sheet's part lies, by the sheet's name."""
    if "xl/workbook.xml" not in names:
        return {}
    related = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for tag in _RELATION.findall(sniff.part(data, names["xl/_rels/workbook.xml.rels"])):
            about = _attributes(tag)
            related[about.get("Id", "")] = about.get("Target", "")
    found = {}
    for tag in _SHEET.findall(sniff.part(data, names["xl/workbook.xml"])):
        about = _attributes(tag)
        target = related.get(next((v for k, v in about.items() if k.endswith(":id")), ""), "")
        path = posixpath.normpath(posixpath.join("xl", target)) if target[:1] != "/" else target[1:]
        if path.lower() in names:
            found[about.get("name", "")] = names[path.lower()]
    return found


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode("utf-8", "replace"): unescape((one or two).decode("utf-8", "replace"))
        for name, one, two in _ATTRIBUTE.findall(tag)
    }


def fill_of_row(fills: dict[tuple[int, int], str], row: int, width: int) -> str:
    """The colour most cells of the row are filled with; nothing where none is."""
    found = [fills[(row, column)] for column in range(width) if (row, column) in fills]
    return max(set(found), key=found.count) if found else ""
