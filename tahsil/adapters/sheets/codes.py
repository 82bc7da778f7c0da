"""Codes: identity numbers, customer and unit codes, cheque numbers, banks, statuses.

All are texts. A code that may be another one written differently is only proposed.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from tahsil.adapters.sheets.cells import BLANK, CellError, Read, fault, is_empty_mark, plain, seen
from tahsil.adapters.sheets.words import BANKS, CATEGORIES, METHODS, RETURN_REASONS
from tahsil.core.grammar.names import fold

_LOSSY = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_GOVERNORATES = {
    *range(1, 5), *range(11, 20), *range(21, 30), *range(31, 36), 88,
}  # fmt: skip
_ROMAN = re.compile(r"^[^\W\d_]{1,4}[\s\-_/.]*0*(\d+)$|^0*(\d+)$")
_UNIT_WORDS = re.compile(
    r"\b(?:عماره|عمارة|شقه|شقة|وحده|وحدة|برج|فيلا|دور|مبني|مبنى|رقم|unit|apt|apartment|flat|tower"
    r"|building|bldg|villa|no|no\.|ع|ش|و)\b\.?"
)
_LETTERED = re.compile(r"(?<![^\W\d_])[عش](?=\d)")
_SEVERAL_UNITS = re.compile(r"\s+(?:و|and|&)\s*(?=\S)|\s*[&+،,;]\s*")
_RANGE = re.compile(r"(\d+)\s*(?:-|–|—|:|الي|الى|to|حتي|حتى)\s*(\d+)")
_NUMBER = re.compile(r"[^\W_]{0,4}-?\d+")
_NOT_WORDS = re.compile(r"[^\w\u0900-\u097f]+")
_PARENS = re.compile(r"[()]")
MAX_RANGE = 120


class ChequeNumbers(NamedTuple):
    """The numbers in a cell; `is_range` if it says only the first and the last."""

    numbers: tuple[str, ...]
    is_range: bool = False


def read_text(cell: Any) -> Read:
    """The cell as a person reads it; dashes and N/A are nothing."""
    if isinstance(cell, CellError):
        return fault("cell.error", text=cell.text)
    text = seen(cell)
    return BLANK if not text or is_empty_mark(text) else Read(text)


def read_code(cell: Any) -> Read:
    """A code as text with Western digits; a formula's leading = is off (M16: =123)."""
    if isinstance(cell, CellError):
        return fault("cell.error", text=cell.text)
    text = plain(cell).lstrip("='")
    return BLANK if not text or is_empty_mark(text) else Read(text)


@lru_cache(maxsize=65536)
def code_key(code: str) -> str:
    """What C-1001, C1001 and 1001 share; the code itself where it is not of this kind."""
    folded = fold(code).strip()
    found = _ROMAN.match(folded)
    return (found[1] or found[2]) if found else folded


def read_identity(cell: Any, country: str) -> Read:
    """(number, kind): national, passport, commercial register or other, all as text."""
    if isinstance(cell, CellError):
        return fault("cell.error", text=cell.text)
    text = plain(cell)
    if not text or is_empty_mark(text):
        return BLANK
    if _LOSSY.fullmatch(text):
        return Read((text, "lossy"), (("id.lossy", {"text": text}),))
    bare = re.sub(r"[\s\-]", "", text)
    if fold(text).startswith(("س.ت", "س ت", "سجل", "cr ", "c.r", "trn")):
        return Read((text, "commercial_register"))
    if not bare.isdigit():
        return Read((text, "passport" if bare.isalnum() else "other"))
    if country != "EG":
        return Read((bare, "national"))
    why = egyptian_fault(bare)
    return Read((bare, "national"), (("id.check", {"text": bare, "why": why}),) if why else ())


def egyptian_fault(number: str) -> str:
    """Why this is no Egyptian national number, or nothing: century, day of birth, governorate."""
    if len(number) != 14:
        return f"{len(number)} digits instead of 14"
    if number[0] not in "23":
        return "the century digit is neither 2 nor 3"
    try:
        date(1700 + 100 * int(number[0]) + int(number[1:3]), int(number[3:5]), int(number[5:7]))
    except ValueError:
        return "the day of birth is not in the calendar"
    return "" if int(number[7:9]) in _GOVERNORATES else "the governorate does not exist"


@lru_cache(maxsize=65536)
def unit_key(text: str) -> str:
    """One form for B12-304, B12/304 and b12 304; words for building and flat are left out."""
    folded = _LETTERED.sub(" ", fold(text))
    folded = _UNIT_WORDS.sub(" ", folded)
    return "-".join(re.findall(r"[^\W_]+", folded)).upper()


def read_unit(cell: Any) -> Read:
    """The units the cell names, as written; more than one is noted."""
    if isinstance(cell, CellError):
        return fault("cell.error", text=cell.text)
    text = plain(cell)
    if not text or is_empty_mark(text):
        return BLANK
    units = tuple(piece.strip() for piece in _SEVERAL_UNITS.split(text) if piece.strip())
    if len(units) > 1 and all(any(c.isdigit() for c in unit) for unit in units):
        return Read(units, (("unit.several", {"text": text}),))
    return Read((text,))


def read_cheque_number(cell: Any) -> Read:
    """The cheque numbers of the cell as text; zeros in front stay."""
    if isinstance(cell, CellError):
        return fault("cell.error", text=cell.text)
    text = plain(cell).lstrip("='")
    if not text or is_empty_mark(text):
        return BLANK
    if found := _RANGE.fullmatch(fold(text)):
        return _range(found[1], found[2], text)
    pieces = [piece for piece in re.split(r"[\s,;/+&،]+|\bو", text) if piece]
    if not any(c.isdigit() for c in text) or not all(_NUMBER.fullmatch(p) for p in pieces):
        return fault("cheque.unreadable", text=text)
    notes = (("cheque.several", {"text": text, "count": len(pieces)}),) if len(pieces) > 1 else ()
    return Read(ChequeNumbers(tuple(pieces)), notes)


def _range(first: str, last: str, text: str) -> Read:
    width = len(first)
    if len(last) < width:  # 5501-12 stands for 5501 to 5512
        last = first[: width - len(last)] + last
    count = int(last) - int(first) + 1
    if not 2 <= count <= MAX_RANGE:
        return fault("cheque.unreadable", text=text)
    numbers = tuple(str(number).zfill(width) for number in range(int(first), int(last) + 1))
    return Read(ChequeNumbers(numbers, True), (("cheque.range", {"text": text, "count": count}),))


def read_bank(cell: Any, aliases: dict[str, str]) -> Read:
    """(bank code or nothing, branch, as written); `aliases` of the mapping come first."""
    found = read_text(cell)
    if found.value is None:
        return found
    code, branch = bank(found.value, aliases)
    notes = () if code else (("bank.unknown", {"text": found.value}),)
    return Read((code, branch, found.value), notes)


def bank(text: str, aliases: dict[str, str]) -> tuple[str | None, str]:
    """The bank's code and the branch: البنك الأهلي المصري - المعادي is NBE, المعادي."""
    known = BANKS | {fold(name): code for name, code in aliases.items()}
    words = [word for word in re.split(r"[\s\-–/،,]+", text) if word]
    for length in range(len(words), 0, -1):
        code = known.get(fold(" ".join(words[:length])))
        if code:
            rest = words[length:]
            branch = rest[1:] if rest and fold(rest[0]) in ("فرع", "branch") else rest
            return code, " ".join(branch)
    return None, ""


def word_code(text: str, table: dict[str, str]) -> str | None:
    """The code of the longest phrase of the table that the text starts with or contains whole."""
    folded = fold(_PARENS.sub(" ", text)).strip()
    if folded in table:
        return table[folded]
    padded = f" {_NOT_WORDS.sub(' ', folded)} "
    hits = [phrase for phrase in table if f" {phrase} " in padded]
    return table[max(hits, key=len)] if hits else None


class Status(NamedTuple):
    """A status: its code (nothing if unknown), as written, and what else the text says."""

    code: str | None
    text: str
    number: int | None = None
    reason: str | None = None


def read_status(cell: Any, table: dict[str, str], chosen: dict[str, str]) -> Read:
    """The status; what the mapping says about the text comes first, unknown ones are noted."""
    found = read_text(cell)
    if found.value is None:
        return found
    text = found.value
    own = {fold(word): code for word, code in chosen.items()}
    code = own.get(fold(text)) or word_code(text, table)
    numbers = re.findall(r"\d[\d,]*", plain(text))
    count = int(numbers[-1].replace(",", "")) if numbers else None
    reason = word_code(text, RETURN_REASONS) if code == "bounced" else None
    notes = () if code else (("status.unknown", {"text": text}),)
    return Read(Status(code, text, count, reason), notes)


@lru_cache(maxsize=65536)
def category(label: str) -> str:
    """The category (core/book/categories.py) a label names; instalment where no word tells."""
    folded = fold(label)
    return word_code(folded, CATEGORIES) or "instalment"


@lru_cache(maxsize=65536)
def method(text: str) -> str | None:
    """How money came, from words such as تحويل or نقدى; nothing where no word tells."""
    return word_code(text, METHODS)


_EMAIL = re.compile(r"[^@\s,;/]+@[^@\s,;/.]+(?:\.[^@\s,;/.]+)+")


def read_email(cell: Any) -> Read:
    """An e-mail address; one that cannot be written to is noted."""
    found = read_text(cell)
    if found.value is None:
        return found
    if _EMAIL.fullmatch(found.value):
        return Read(found.value.lower())
    return Read(None, (("email.unreadable", {"text": found.value}),))
