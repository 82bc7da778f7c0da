"""The text of an MT940 line (:86:): structured by `?20`, by `/EREF/`, or free.

The description keeps every word; reference, other side and account are picked out of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tahsil.adapters.bank.codes import NONE
from tahsil.adapters.bank.text import squeezed

FULL = 65  # a text line this long was cut by the bank, perhaps inside a word
CHUNK = 27  # and so was a purpose field
_STRUCTURED = re.compile(r"(\d{3})([?>^~+|@&*!#])(?=\d\d)")
_KEYS = "EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC"
_SEPA = re.compile(rf"\b({_KEYS})[+:]\s?(.*?)(?=\s*\b(?:{_KEYS})[+:]|$)")
_SLASH = re.compile(
    r"/(EREF|NAME|IBAN|REMI|CNTP)/(.*?)(?=/(?:EREF|KREF|MARF|CSID|ORDP|BENM|NAME|REMI|IBAN|BIC|ISDT"
    r"|TRTP|TRCD|RTRN|CNTP|PREF|NRTX|PURP|ULTB|ULTD|ID|ADDR)/|$)"
)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")
PURPOSE = [f"{n:02d}" for n in (*range(20, 30), *range(60, 66))]


@dataclass(frozen=True, slots=True)
class Details:
    """What a text says: everything as words, and what could be told apart."""

    description: str = ""
    reference: str = ""
    payer: str = ""
    account: str = ""
    code: str = ""


def details(texts: list[str], *, is_numbered: bool = False) -> Details:
    """The parts of the text lines of one entry; `is_numbered` if each begins with its field."""
    if not texts:
        return Details()
    whole = "".join(texts)
    if found := _STRUCTURED.match(whole.lstrip()):
        return _structured(whole.lstrip(), found[1], found[2])
    if is_numbered:
        return _fields([(text[:2], text[2:]) for text in texts if text], "")
    text = _joined(texts)
    if "/" in text and (marked := dict(_SLASH.findall(text))):
        return _slashed(text, marked)
    return Details(squeezed(text))


def _joined(texts: list[str]) -> str:
    """The lines as one text: a full line was cut anywhere, a shorter one ended by itself."""
    parts = []
    for text in texts:
        parts.append(text if len(text) >= FULL else text + " ")
    return "".join(parts).strip()


def _structured(whole: str, code: str, sign: str) -> Details:
    fields = re.split(rf"{re.escape(sign)}(?=\d\d)", whole[3:])
    return _fields([(each[:2], each[2:]) for each in fields if each], code)


def _fields(fields: list[tuple[str, str]], code: str) -> Details:
    """Details of numbered fields: 00 or 17 what it is, 20 on why, 30 on the other side."""
    names = ("32", "33") if code else ("15", "16")
    purpose = _put_together([t for key, t in fields if key in PURPOSE or (not code and key < "15")])
    sepa = {key: value.strip() for key, value in reversed(_SEPA.findall(purpose))}
    used = {*PURPOSE, *names, "30", "31", "38"}
    others = [text for key, text in fields if key not in used and (code or key >= "15")]
    said = {key: text.strip() for key, text in fields}
    reference = sepa.get("EREF", "")
    account = said.get("38") or said.get("31", "")
    return Details(
        description=squeezed(" ".join([*others[:1], purpose, *others[1:]])),
        reference="" if reference in NONE else reference,
        payer=squeezed(_put_together([text for key, text in fields if key in names])),
        account=account or iban(sepa.get("IBAN", "")),
        code=code,
    )


def _put_together(chunks: list[str]) -> str:
    return "".join(text if len(text) >= CHUNK else text + " " for text in chunks)


def iban(text: str) -> str:
    """The account number that the text begins with, if it looks like an IBAN."""
    found = _IBAN.match(text.replace(" ", ""))
    return found[0] if found else ""


def _slashed(text: str, marked: dict[str, str]) -> Details:
    """Details of /EREF/…/NAME/…/; CNTP is account/BIC/name/town."""
    other = (marked.get("CNTP", "") + "///").split("/")
    reference = marked.get("EREF", "").strip()
    return Details(
        description=squeezed(text),
        reference="" if reference in NONE else reference,
        payer=squeezed(marked.get("NAME", "") or other[2]),
        account=marked.get("IBAN", "").strip() or other[0].strip(),
    )
