"""What calamine does not tell about an old .xls: hidden rows and failed formulas.

Only as much of the compound file and of BIFF8 is read as that takes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_FREE = 0xFFFFFFFA  # sector numbers from here on are marks, not places
_ERRORS = {
    0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A",
}  # fmt: skip
_BOF, _EOF, _ROW, _BOOLERR, _FORMULA, _BOUNDSHEET = 0x809, 0x0A, 0x208, 0x205, 0x06, 0x85


@dataclass
class Facts:
    """About one sheet, as in ooxml.py."""

    hidden_rows: frozenset[int] = frozenset()
    errors: list[tuple[int, int, str]] = field(default_factory=list)


def facts(data: bytes) -> list[Facts]:
    """The facts of each sheet in the order of the workbook; none where it cannot be followed."""
    try:
        stream = _workbook(data)
        return [_sheet(stream, start) for start in _starts(stream)]
    except (struct.error, IndexError, ValueError):
        return []


def _starts(stream: bytes) -> list[int]:
    found = []
    for kind, body in _records(stream, 0):
        if kind == _BOUNDSHEET:
            found.append(struct.unpack_from("<I", body)[0])
    return found


def _sheet(stream: bytes, start: int) -> Facts:
    hidden = set()
    errors = []
    for kind, body in _records(stream, start):
        if kind == _ROW and len(body) >= 16 and struct.unpack_from("<I", body, 12)[0] & 0x20:
            hidden.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == _BOOLERR and len(body) >= 8 and body[7]:
            errors.append((*struct.unpack_from("<HH", body), _ERRORS.get(body[6], "#VALUE!")))
        elif kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
            errors.append((*struct.unpack_from("<HH", body), _ERRORS.get(body[8], "#VALUE!")))
    return Facts(frozenset(hidden), errors)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, from its BOF to its EOF."""
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == _EOF:
            return


def _workbook(data: bytes) -> bytes:
    """The stream named Workbook (or Book) of the compound file."""
    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        return data
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if size not in (512, 4096):
        raise ValueError("sector size")
    table = _fat(data, size)
    directory = _chain(data, table, struct.unpack_from("<I", data, 48)[0], size)
    small_limit = struct.unpack_from("<I", data, 56)[0]
    root_start = struct.unpack_from("<I", directory, 116)[0]
    for at in range(0, len(directory) - 127, 128):
        entry = directory[at : at + 128]
        name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode(
            "utf-16-le", "replace"
        )
        if name.lower() not in ("workbook", "book"):
            continue
        start, length = struct.unpack_from("<II", entry, 116)
        if length >= small_limit:
            return _chain(data, table, start, size)[:length]
        return _small(data, table, root_start, start, size)[:length]
    raise ValueError("no workbook")


def _fat(data: bytes, size: int) -> list[int]:
    places = [place for place in struct.unpack_from("<109I", data, 76) if place < _FREE]
    more, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, 4096)):
        if more >= _FREE:
            break
        block = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        places += [place for place in block[:-1] if place < _FREE]
        more = block[-1]
    table: list[int] = []
    for place in places:
        table += struct.unpack_from(f"<{size // 4}I", data, (place + 1) * size)
    return table


def _chain(data: bytes, table: list[int], start: int, size: int) -> bytes:
    pieces, seen = [], set()
    while start < _FREE and start not in seen and start < len(table):
        seen.add(start)
        pieces.append(data[(start + 1) * size : (start + 2) * size])
        start = table[start]
    return b"".join(pieces)


def _small(data: bytes, table: list[int], root: int, start: int, size: int) -> bytes:
    """A stream of the small sectors of 64 bytes, which lie in the root's own stream."""
    store = _chain(data, table, root, size)
    first = struct.unpack_from("<I", data, 60)[0]
    raw = _chain(data, table, first, size)
    small = list(struct.unpack(f"<{len(raw) // 4}I", raw))
    pieces, seen = [], set()
    while start < _FREE and start not in seen and start < len(small):
        seen.add(start)
        pieces.append(store[start * 64 : start * 64 + 64])
        start = small[start]
    return b"".join(pieces)
