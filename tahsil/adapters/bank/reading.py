"""Reads a bank's file: recognised by its content, checked against its own balances.

A file is taken whole or refused with every line and reason; no statement of it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tahsil.adapters.bank import bai2, camt, mt940, ofx
from tahsil.adapters.bank.check import checked
from tahsil.adapters.bank.identity import stamped
from tahsil.adapters.bank.notes import Notes
from tahsil.adapters.bank.statement import Mapping, Statement
from tahsil.adapters.bank.text import decode, unicode_name
from tahsil.core.grammar.refusal import Refused

MAX_BYTES = 50 * 1024 * 1024
_CAMT = re.compile(r"camt\.05[234]|<(?:\w+:)?BkToCstmr\w+")
_OFX = re.compile(r"<OFX\b|OFXHEADER", re.IGNORECASE)
_XML = re.compile(r"\s*<[?!\w]")
_BAI = re.compile(r"\s*01\s*,")
_MT = re.compile(r"^\s{0,2}(?:\{[^\n]*\{4:)?:(?:20|25P?|28C?|60[FM]|61|62[FM]):", re.MULTILINE)


def read(data: bytes, *, name: str = "", mapping: Mapping | None = None) -> tuple[Statement, ...]:
    """The statements of a file, in the order they stand, every line with its fingerprint."""
    mapping = mapping or Mapping()
    notes = Notes()
    statements = _statements(data, notes, mapping)
    notes.settle(name)
    if notes.remarks and statements:  # on what follows the last statement
        last = statements[-1]
        statements[-1] = replace(last, remarks=(*last.remarks, *notes.taken()))
    return finished(statements, notes, name=name)


def finished(statements: Sequence[Statement], notes: Notes, *, name: str) -> tuple[Statement, ...]:
    """The statements checked and stamped; refused if any does not add up."""
    found = checked(statements, notes)
    notes.settle(name)
    return stamped(found)


def kind(data: bytes, *, encoding: str = "") -> str:
    """camt, ofx, bai2 or mt940, by the content; nothing for other files."""
    head = _head(data, encoding)
    if _CAMT.search(head) and _XML.match(head):
        return "camt"
    if _OFX.search(head[:4096]):
        return "ofx"
    if _BAI.match(head):
        return "bai2"
    return "mt940" if _MT.search(head) else ""


def _head(data: bytes, encoding: str) -> str:
    """The beginning as text, for looking at only."""
    name = encoding or unicode_name(data) or "latin-1"
    try:
        return data[:65536].decode(name, "ignore").lstrip("\ufeff\x00\x01 \r\n\t")
    except LookupError:
        return data[:65536].decode("latin-1")


def _statements(data: bytes, notes: Notes, mapping: Mapping) -> list[Statement]:
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise Refused("bank.empty", "Line {line}: the file is empty. Export it again.", line=1)
    if len(data) > MAX_BYTES:
        raise Refused(
            "bank.too_large",
            "The file has {size} MB; up to {limit} MB are read. Export a shorter period.",
            size=len(data) // 2**20,
            limit=MAX_BYTES // 2**20,
        )
    what = kind(data, encoding=mapping.encoding)
    if what == "camt":
        found = camt.read(data, notes, mapping)
    elif what:
        reader = {"ofx": ofx, "bai2": bai2, "mt940": mt940}[what]
        found = reader.read(
            decode(data, notes, encoding=_encoding(data, what, mapping)), notes, mapping
        )
    else:
        raise Refused(
            "bank.unknown",
            "Line {line}: the file begins with “{text}”, which is no bank statement that is read "
            "here (MT940, MT942, CAMT.052 to 054, OFX, BAI2). Tables are read by their headings.",
            line=1,
            text=_head(data, mapping.encoding).split("\n")[0].strip()[:40],
        )
    return found


def _encoding(data: bytes, what: str, mapping: Mapping) -> str:
    return mapping.encoding or (ofx.encoding(data) if what == "ofx" else "")
