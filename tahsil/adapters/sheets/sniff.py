"""Sniffing: what a file is, from its first bytes and not from its name."""

from __future__ import annotations

import io
import re
import zipfile

from tahsil.adapters.sheets.encoding import utf16_order
from tahsil.core.grammar.refusal import Refused

MAX_BYTES = 100 * 1024 * 1024
MAX_UNPACKED = 600 * 1024 * 1024
MAX_RATIO = 200
MAX_PARTS = 5000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_SHEETS = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "a text document"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
)
_HTML = re.compile(rb"<\s*(?:!doctype html|html|table|head|meta|body|\?xml[^>]*\?>\s*<html)", re.I)


def kind(data: bytes) -> str:
    """xlsx, xls, ods, html or csv; anything else is refused, saying what it is."""
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise Refused("file.empty", "The file is empty. Export it again.")
    if len(data) > MAX_BYTES:
        raise Refused(
            "file.too_large",
            "The file has {size} MB; up to {limit} MB are read. Split it, by year perhaps.",
            size=len(data) // 2**20,
            limit=MAX_BYTES // 2**20,
        )
    if data.startswith(b"PK"):
        return _zipped(data)
    if data.startswith(_OLE):
        return _ole(data)
    if data[:2] == b"\x09\x08" or data[:2] in (b"\x09\x00", b"\x09\x02", b"\x09\x04"):
        return "xls"
    for magic, what in _NOT_SHEETS:
        if data.startswith(magic):
            raise _other(what)
    return _text(data)


def _text(data: bytes) -> str:
    start = data[:4096]
    is_wide = start[:2] in (b"\xff\xfe", b"\xfe\xff") or bool(utf16_order(start))
    plain = start.replace(b"\x00", b"") if is_wide else start
    if _HTML.search(plain):
        return "html"
    if plain.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml"):
        raise _other("an XML file")
    odd = sum(byte < 9 or 13 < byte < 32 for byte in plain)
    if odd > len(plain) // 50 and not is_wide:
        raise _other("no text")
    return "csv"


def _zipped(data: bytes) -> str:
    names = set(unpacked_names(data))
    if "mimetype" in names and b"opendocument.spreadsheet" in part(data, "mimetype"):
        return "ods"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    raise _other("a ZIP archive without a workbook in it" if names else "an empty archive")


def _ole(data: bytes) -> str:
    def has(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if has("EncryptedPackage") or has("EncryptionInfo"):
        raise locked()
    if not (has("Workbook") or has("Book") or has("WORKBOOK") or has("BOOK")):
        raise _other("an Office document that is no workbook")
    return "xls"


def unpacked_names(data: bytes) -> list[str]:
    """The parts of the archive; refused where it would unpack to more than is sensible."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as why:
        raise damaged() from why
    size = sum(part.file_size for part in parts)
    if size > MAX_UNPACKED or len(parts) > MAX_PARTS or size > max(len(data), 65536) * MAX_RATIO:
        raise Refused(
            "file.bomb",
            "The file unpacks to {size} MB from {packed} MB, which no honest workbook does. "
            "Save it again under a new name.",
            size=size // 2**20,
            packed=round(len(data) / 2**20, 1),
        )
    if any(part.flag_bits & 1 for part in parts):
        raise locked()
    return [part.filename for part in parts]


def part(data: bytes, name: str) -> bytes:
    """One part of the archive, unpacked; its true size is held to the size it declares."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(name) as stream:
            declared = archive.getinfo(name).file_size
            found = stream.read(declared + 1)
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, ValueError, RuntimeError) as why:
        raise damaged() from why
    except Exception as why:  # zlib and lzma have errors of their own
        raise damaged() from why
    if len(found) > declared:
        raise damaged()
    return found


def damaged() -> Refused:
    """The refusal of a file that is broken."""
    return Refused(
        "file.damaged",
        "The file is damaged and cannot be read. Open it in Excel, save it again and send that.",
    )


def locked() -> Refused:
    """The refusal of a file with a password."""
    return Refused(
        "file.locked",
        "The file is protected by a password. Save a copy without one and send that.",
    )


def _other(what: str) -> Refused:
    return Refused(
        "file.other",
        "The file is {what}. Workbooks (xlsx, xls, ods) and lists (csv) are read.",
        what=what,
    )
