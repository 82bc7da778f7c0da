"""Writers of the sample files: csv, OpenDocument and the old .xls."""

# ruff: noqa: E501
from __future__ import annotations

import csv
import struct
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).resolve().parent


def write_csv(name: str, rows: list[object], encoding: str, sign: str = ",") -> None:
    """A list as csv in the encoding an ERP would choose."""
    with (HERE / name).open("w", encoding=encoding, errors="replace", newline="") as file:
        csv.writer(file, delimiter=sign).writerows(rows)


def write_ods(name: str, title: str, rows: list[object]) -> None:
    """A list as an OpenDocument sheet."""
    body = "".join(
        "<table:table-row>" + "".join(_ods_cell(cell) for cell in line) + "</table:table-row>"
        for line in rows
    )
    space = 'xmlns:{0}="urn:oasis:names:tc:opendocument:xmlns:{0}:1.0"'
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {space.format("office")} '
        f"{space.format('table')} {space.format('text')}><office:body><office:spreadsheet>"
        f'<table:table table:name="{escape(title)}">{body}<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(HERE / name, "w") as archive:
        kind = zipfile.ZipInfo("mimetype", (2026, 3, 1, 0, 0, 0))
        archive.writestr(kind, "application/vnd.oasis.opendocument.spreadsheet")
        part = zipfile.ZipInfo("content.xml", (2026, 3, 1, 0, 0, 0))
        archive.writestr(part, xml, zipfile.ZIP_DEFLATED)


def _ods_cell(cell: object) -> str:
    if isinstance(cell, int):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    if cell == "":
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'


def write_xls(name: str, title: str, rows: list[object]) -> None:
    """A list as Excel 97 wrote it: BIFF8 records in a compound file of 512-byte sectors."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def start(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 1997, 0, 6))

    sheet = start(0x10)
    for row, line in enumerate(rows):
        for column, cell in enumerate(line):
            at = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, int):
                sheet += record(0x203, at + struct.pack("<d", cell))
            elif cell != "":
                sheet += record(
                    0x204, at + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
                )
    sheet += record(0x0A, b"")
    bound = struct.pack("<HBB", 0, len(title), 0) + title.encode("latin-1")
    size = len(start(0x05)) + 4 + 4 + len(bound) + 4
    stream = start(0x05) + record(0x85, struct.pack("<I", size) + bound) + record(0x0A, b"") + sheet
    (HERE / name).write_bytes(_compound(stream))


def _compound(stream: bytes) -> bytes:
    """The compound file that holds one stream named Workbook."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    end, free, fat_mark = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    fat_count = -(-(sectors + 2) // 127)
    chain = [fat_mark] * fat_count + [end]
    first = fat_count + 1
    chain += [first + at + 1 for at in range(sectors - 1)] + [end]
    chain += [free] * (fat_count * 128 - len(chain))

    def entry(name: str, kind: int, begin: int, size: int, child: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0" if name else b""
        about = struct.pack("<HBBIII", len(text), kind, 1, free, free, child)
        return text.ljust(64, b"\0") + about + b"\0" * 36 + struct.pack("<IQ", begin, size)

    folder = entry("Root Entry", 5, end, 0, 1) + entry("Workbook", 2, first, len(stream), free)
    folder += entry("", 0, 0, 0, free) * 2
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHHHII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0)
    head += struct.pack("<IIIIIIII", fat_count, fat_count, 0, 4096, end, 0, end, 0)
    places = [*range(fat_count), *[free] * (109 - fat_count)]
    head += struct.pack("<109I", *places)
    return head + struct.pack(f"<{len(chain)}I", *chain) + folder + stream
