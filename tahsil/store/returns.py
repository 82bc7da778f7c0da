"""Return codes of banks as of a date, and what a bank's code or wording is read as.

Everybody who is told why a cheque came back asks here: the form, the verb, matching.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from tahsil.core.book.presenting import Family
from tahsil.core.book.returns import Entry, Reading, Table, reading
from tahsil.core.grammar.refusal import Refused
from tahsil.store import policies

KIND = "returns"


def read(banks: str | Iterable[str], said: str, as_of: date) -> Reading | None:
    """What these banks' code or wording says; none where no table knows it."""
    return reading(said, tables([banks] if isinstance(banks, str) else banks, as_of))


def family_of(banks: str | Iterable[str], said: str, as_of: date) -> Family:
    """The family a bank's code or wording belongs to; refused where no table knows it."""
    items = families(as_of)
    found = read(banks, said, as_of)
    if found is None or found.family not in items:
        raise Refused(
            "instrument.reason",
            "{reason} is no return reason we know. Families: {known}.",
            reason=said.strip() or "-",
            known=[item["labels"] for item in items.values()],
        )
    item = items[found.family]
    return Family(
        code=found.family,
        presentments=item["presentments"],
        has_fee=item["has_fee"],
        counts=item["counts"],
        has_clock=item["has_clock"],
        severity=item["severity"],
        next=item["next"],
        kills_leaves=item.get("kills_leaves", False),
        labels=item["labels"],
    )


def families(as_of: date) -> dict[str, dict[str, Any]]:
    """The families of return reasons by code."""
    body, _ = policies.at("codes", "returns", as_of)
    return {item["code"]: item for item in body["items"]}


def tables(banks: Iterable[str], as_of: date) -> list[Table]:
    """Ours by their codes first, then those banks' own tables, the common ones, our wordings."""
    known = list(_published(as_of))
    named = [each for each in banks if each]
    own = [table for table in known if table.is_of(named)]
    common = [table for table in known if not table.banks]
    items = families(as_of)
    codes = Table("families", (), tuple(Entry(code, "", code) for code in items))
    return [codes, *own, *common, Table("families", (), tuple(_wordings(items)))]


def table_of(body: dict[str, Any], name: str) -> Table:
    """A policy's body as a table."""
    entries = (
        Entry(str(item.get("code", "")), str(item.get("text", "")), item["family"])
        for item in body["items"]
    )
    return Table(name, tuple(body.get("banks", ())), tuple(entries))


def _published(as_of: date) -> Iterable[Table]:
    for (kind, code), dated in sorted(policies.published().items(), key=lambda row: row[0]):
        if kind == KIND and dated.values[0][0] <= as_of:
            yield table_of(dated.at(as_of).body, code)


def _wordings(items: dict[str, dict[str, Any]]) -> Iterable[Entry]:
    for code, item in items.items():
        yield from (Entry(each, "", code) for each in item["clearing"])
        texts = (*item["wordings"], *item["labels"].values())
        yield from (Entry("", each, code) for each in texts)
