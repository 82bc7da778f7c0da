"""Telephone numbers to E.164, with what was typed kept beside each."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import phonenumbers

from tahsil.adapters.sheets.cells import BLANK, CellError, Read, fault, is_empty_mark, plain

_LOSSY = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_BETWEEN = re.compile(r"[/,;|،؛]|\bor\b|\band\b|(?<=\d)\s+(?:أو|او|و)\s*(?=\d)")
_KEPT = re.compile(r"[\d+]")
_PREFIX = {"EG": "20", "AE": "971", "SA": "966", "IN": "91", "KW": "965", "QA": "974"}
_MOBILE = {
    "EG": re.compile(r"(?:\+?20|0020)?0?(1[0125]\d{8})"),
    "AE": re.compile(r"(?:\+?971|00971)?0?(5\d{8})"),
    "SA": re.compile(r"(?:\+?966|00966)?0?(5\d{8})"),
    "IN": re.compile(r"(?:\+?91|0091|0)?([6-9]\d{9})"),
}


def read(cell: Any, country: str) -> Read:
    """Every number of the cell as (e164 or nothing, as typed); unreadable ones are noted."""
    if isinstance(cell, CellError):
        return fault("cell.error", text=cell.text)
    text = plain(cell)
    if not text or is_empty_mark(text):
        return BLANK
    if _LOSSY.fullmatch(text):
        return Read(((None, text),), (("phone.lossy", {"text": text}),))
    found: list[tuple[str | None, str]] = []
    notes = []
    for piece in _pieces(text):
        number = e164(piece, country)
        if number is None:
            notes.append(("phone.unreadable", {"text": piece}))
        if number is None or number not in [known for known, _ in found]:
            found.append((number, piece))
    return Read(tuple(found), tuple(notes))


def _pieces(text: str) -> list[str]:
    """The numbers of one cell: commas and slashes part them, a dash only two whole ones."""
    pieces: list[str] = []
    for piece in _BETWEEN.split(text):
        halves = piece.split("-")
        wholes = [half for half in halves if len(re.sub(r"\D", "", half)) >= 9]
        pieces += halves if len(wholes) == len(halves) > 1 else [piece]
    return [piece.strip() for piece in pieces if piece.strip()]


@lru_cache(maxsize=65536)
def e164(text: str, country: str) -> str | None:
    """The number in E.164, read as of this country where it names none; None if it is none."""
    digits = "".join(_KEPT.findall(text))
    mobile = _MOBILE.get(country)
    if mobile and (found := mobile.fullmatch(digits)):
        return f"+{_PREFIX[country]}{found[1]}"
    if len(digits) < 6 or len(digits) > 17:
        return None
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    try:
        number = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
