"""The records of BAI2: continued ones put together, nested as file, groups, accounts, details."""

from __future__ import annotations

from dataclasses import dataclass, field

from tahsil.adapters.bank.notes import Notes
from tahsil.adapters.bank.text import lines
from tahsil.core.grammar.refusal import Refused

NEEDS = {"02": "01", "03": "02", "16": "03", "49": "03", "98": "02", "99": "01"}
TRAILERS = {"03": "49", "02": "98", "01": "99"}
OPENED = {  # what must be closed before the record
    "01": ("03", "02", "01"), "02": ("03", "02"), "03": ("03",), "98": ("03",), "99": ("03", "02"),
}  # fmt: skip


@dataclass(slots=True)
class Record:
    """One record with what continues it (88); the slash that ends a piece is off."""

    code: str
    at: int
    pieces: list[str]


@dataclass(slots=True)
class Account:
    """The records of one account."""

    head: Record
    details: list[Record] = field(default_factory=list)
    end: Record | None = None
    records: int = 1


@dataclass(slots=True)
class Group:
    """The accounts of one group."""

    head: Record
    accounts: list[Account] = field(default_factory=list)
    end: Record | None = None
    records: int = 1


@dataclass(slots=True)
class File:
    """The groups of the file; `records` counts as the trailer does."""

    id: str = ""
    groups: list[Group] = field(default_factory=list)
    end: Record | None = None
    records: int = 0


class Fields:
    """The fields of a record, one after another, over the pieces that continue it."""

    def __init__(self, record: Record) -> None:
        self.pieces = [piece.split(",") for piece in record.pieces]

    def __bool__(self) -> bool:
        return any(self.pieces)

    def next(self, *, is_here: bool = False) -> str:
        """The next field; with `is_here`, nothing rather than one of the next piece."""
        while len(self.pieces) > 1 and not self.pieces[0] and not is_here:
            self.pieces.pop(0)
        return self.pieces[0].pop(0).strip() if self.pieces and self.pieces[0] else ""

    def funds(self) -> str:
        """Passes over the availability; the value date where it gives one."""
        kind = self.next().upper()
        if kind == "V":
            value, _time = self.next(), self.next()
            return value
        count = 3 if kind == "S" else 0
        if kind == "D":
            number = self.next()
            count = 2 * int(number) if number.isdecimal() and len(number) < 4 else 0
        for _ in range(count):
            self.next()
        return ""

    def rest(self) -> str:
        """All that is left, as text: commas belong to it."""
        return " ".join(",".join(piece) for piece in self.pieces if piece)


def file(text: str, notes: Notes) -> File:
    """The records nested; one out of place, unknown or missing at the end is refused."""
    whole = File()
    opened: set[str] = set()
    records = _records(text, notes)
    for record in records:
        needed = NEEDS.get(record.code)
        if needed and needed not in opened:
            notes.faults.append(_misplaced(record, needed))
            continue
        if left := [code for code in OPENED.get(record.code, ()) if code in opened]:
            notes.faults.append(_no_trailer(left[0], record.at))
            continue
        size = len(record.pieces)
        whole.records += size
        _put(whole, record, size)
        opened.add(record.code)
        opened -= {code for code, end in TRAILERS.items() if end == record.code}
    for code in ("03", "02", "01"):
        if code in opened and not notes.faults:
            raise _no_trailer(code, records[-1].at)
    return whole


def _no_trailer(code: str, at: int) -> Refused:
    return Refused(
        "bank.no_trailer",
        "Line {line}: record {record} is missing before here. The file is cut off or records are "
        "lost; export it again.",
        line=at,
        record=TRAILERS[code],
    )


def _records(text: str, notes: Notes) -> list[Record]:
    found: list[Record] = []
    for at, line in enumerate(lines(text), start=1):
        bare = line.strip(" \t\x00\x1a\ufeff")
        if not bare:
            continue
        code, _, rest = bare.partition(",")
        rest = rest.removesuffix("/")
        if code == "88" and found:
            found[-1].pieces.append(rest)
        elif code in NEEDS or code == "01":
            found.append(Record(code, at, [rest]))
        else:
            notes.faults.append(
                Refused(
                    "bank.record",
                    "Line {line}: “{text}” is no record of BAI2 (01, 02, 03, 16, 49, 88, 98, 99).",
                    line=at,
                    text=bare[:40],
                )
            )
    return found


def _misplaced(record: Record, needed: str) -> Refused:
    return Refused(
        "bank.misplaced",
        "Line {line}: record {record} has no record {needed} before it. Records are missing; "
        "ask the bank for the file again.",
        line=record.at,
        record=record.code,
        needed=needed,
    )


def _put(whole: File, record: Record, size: int) -> None:
    """Puts the record where it belongs; each level counts its own records and those inside."""
    if record.code == "01":
        whole.id = (record.pieces[0].split(",") + [""] * 5)[4]
        return
    if record.code == "02":
        whole.groups.append(Group(record, records=size))
        return
    if record.code == "99":
        whole.end = record
        return
    group = whole.groups[-1]
    group.records += size
    if record.code == "03":
        group.accounts.append(Account(record, records=size))
    elif record.code == "98":
        group.end = record
    else:
        account = group.accounts[-1]
        account.records += size
        if record.code == "16":
            account.details.append(record)
        else:
            account.end = record
