"""Encodings: the text of a csv file, and Arabic that was read in the wrong code page."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tahsil.core.grammar.refusal import Refused

_HIGH_RUN = re.compile(rb"[\xc0-\xff]{2,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_WRONG = re.compile(
    "[\u00a1-\u00ff\u0152\u0153\u0160\u0161\u0178\u0192\u02c6\u02dc\u2013-\u2122]{3,}"
)
_ARABIC = re.compile("[\u0621-\u064a]")
_LOST = re.compile(r"\?{3,}")


def decode(data: bytes) -> tuple[str, str]:
    """The text and the encoding it was in."""
    if data.startswith(b"\xef\xbb\xbf"):
        return data.decode("utf-8-sig", "replace"), "utf-8-sig"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), "utf-16"
    if name := utf16_order(data[:4096]):
        return data.decode(name, "replace"), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        name = _code_page(data)
        return data.decode(name, "replace"), name


def utf16_order(head: bytes) -> str:
    """utf-16-le or utf-16-be if every other byte is that of Latin, Arabic or Hindi letters."""
    for name, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if high and sum(high.count(byte) for byte in (0, 6, 9, 32)) > 0.8 * len(high) and 0 in head:
            return name
    return ""


def _code_page(data: bytes) -> str:
    """Arabic words are runs of high bytes; accents of Western words stand alone."""
    high = len(_HIGH.findall(data[:200_000]))
    in_runs = sum(len(run) for run in _HIGH_RUN.findall(data[:200_000]))
    return "cp1256" if in_runs * 2 > high else "cp1252"


def repaired(text: str) -> str:
    """The Arabic that ãÍãÏ or Ù…Ø­Ù…Ø¯ stood for; other text as it is."""
    if text.isascii() or not _WRONG.search(text):
        return text
    for wrong, right in (("cp1252", "utf-8"), ("latin-1", "utf-8"), ("cp1252", "cp1256")):
        try:
            found = text.encode(wrong).decode(right)
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        if len(_ARABIC.findall(found)) * 2 > len(found.replace(" ", "")) - _ascii_marks(found):
            return found
    return text


def _ascii_marks(text: str) -> int:
    return sum(1 for c in text if c.isascii() and not c.isspace())


def is_wrong(texts: Iterable[str]) -> bool:
    """Whether several of the texts are Arabic read in the wrong code page."""
    broken = 0
    for text in texts:
        if not text.isascii() and _WRONG.search(text) and repaired(text) != text:
            broken += 1
            if broken >= 2:
                return True
    return False


def refuse_lost(texts: Iterable[str]) -> None:
    """Refused where letters became question marks: nothing can bring them back."""
    lost = [text for text in texts if _LOST.search(text) and not any(c.isalpha() for c in text)]
    if len(lost) >= 3:
        raise Refused(
            "file.letters_lost",
            "The letters of this file were lost when it was saved: {text} stands where words were. "
            "Export it again as Excel or as CSV in UTF-8.",
            text=lost[0][:40],
        )
