"""The text of a file: its encoding, and its lines as people count them."""

from __future__ import annotations

import re

from tahsil.adapters.bank.notes import Notes
from tahsil.adapters.bank.refusals import letters
from tahsil.adapters.bank.statement import Remark

_BREAK = re.compile(r"\r*\n|\r")
_HIGH_RUN = re.compile(rb"[\xc0-\xff]{2,}")
_HIGH = re.compile(rb"[\x80-\xff]")


def decode(data: bytes, notes: Notes, *, encoding: str = "") -> str:
    """The text; what is not Unicode is read in a code page, with a remark. No sign is dropped."""
    if encoding:
        return _named(data, encoding)
    if name := unicode_name(data):
        return _named(data, name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        name = _code_page(data)
        notes.add(
            Remark(
                "bank.encoding",
                "Line {line}: the file is not in UTF-8; its letters were read as {encoding}. "
                "If names look wrong, save another encoding for this bank.",
                line=data.count(b"\n", 0, fault.start) + 1,
                encoding=name,
            )
        )
        return data.decode(name)


def unicode_name(data: bytes) -> str:
    """The encoding that a mark at the start, or every other byte being zero, gives away."""
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    for name, high in (("utf-16-le", data[1:80:2]), ("utf-16-be", data[:80:2])):
        if len(high) > 3 and not any(high):
            return name
    return ""


def _named(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError) as fault:
        start = getattr(fault, "start", 0)
        raise letters(name, data.count(b"\n", 0, start) + 1) from None


def _code_page(data: bytes) -> str:
    """Arabic words are runs of high bytes; accents of Western words stand alone."""
    high = len(_HIGH.findall(data[:200_000]))
    in_runs = sum(len(run) for run in _HIGH_RUN.findall(data[:200_000]))
    if in_runs * 2 > high:
        return "cp1256"
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def lines(text: str) -> list[str]:
    """The lines; only carriage return and line feed end one, as editors count."""
    return _BREAK.split(text)


def squeezed(text: str) -> str:
    """The text on one line, each run of blanks one space."""
    return " ".join(text.split())
