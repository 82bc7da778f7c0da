"""Columns: how each column of a sheet is read, decided once from all of its cells.

Every distinct cell is read once and remembered, so a long list costs what its vocabulary costs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from tahsil.adapters.sheets import codes, numbers, phones
from tahsil.adapters.sheets.cells import BLANK, CellError, Note, Read, is_blank, note, plain
from tahsil.adapters.sheets.dates import Dates, Proof, prove, regularity
from tahsil.adapters.sheets.faults import SENTENCES
from tahsil.adapters.sheets.mapping import Mapping
from tahsil.adapters.sheets.records import Question
from tahsil.adapters.sheets.words import CHEQUE_STATUSES, CONTRACT_STATUSES
from tahsil.core.grammar.names import fold

Reader = Callable[[Any], Read]
_YES = frozenset(("yes", "y", "true", "1", "نعم", "हां", "हाँ", "x", "✓"))
_NO = frozenset(("no", "n", "false", "0", "لا", "नहीं"))


@dataclass
class Column:
    """One column of a sheet with the field it feeds, its cells (filled down) and their readings."""

    at: int
    name: str
    feeds: str
    type: str
    cells: Sequence[Any]
    read: Reader = codes.read_text
    reads: list[Read] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    has_notes: bool = False
    has_faults: bool = False
    has_blanks: bool = False

    @cached_property
    def distinct(self) -> list[Any]:
        """Each different cell once, in the order they come: so a file is read the same twice."""
        return list(dict.fromkeys(self.cells))

    def read_all(self) -> None:
        """Every cell is read, equal ones once."""
        known = {cell: self.read(cell) for cell in self.distinct}
        self.reads = list(map(known.__getitem__, self.cells))
        self.values = [read.value for read in self.reads]
        self.has_faults = any(read.fault for read in known.values())
        self.has_notes = self.has_faults or any(read.notes for read in known.values())
        self.has_blanks = any(read.value is None for read in known.values())


@dataclass
class Setting:
    """What reading a sheet depends on besides its cells."""

    sheet: str
    layout: str
    mapping: Mapping
    country: str
    currency: str
    as_of: date
    headings: tuple[str, ...] = ()


@dataclass
class Decided:
    """What was decided about a sheet's columns, and what could not be."""

    questions: list[Question]
    notes: list[Note]


def decide(columns: list[Column], setting: Setting) -> Decided:
    """Gives each column its reader and reads it; asks what its cells do not decide."""
    decided = Decided([], [])
    dated = [column for column in columns if column.type in ("date", "cheque_date")]
    for column, read in _date_readers(dated, setting, decided):
        column.read = read
    for column in columns:
        if column not in dated:
            column.read = _reader(column, setting)
        column.read_all()
        _ask_decimals(column, setting, decided)
        _ask_statuses(column, setting, decided)
        _ask_ranges(column, setting, decided)
    return decided


def _reader(column: Column, setting: Setting) -> Reader:
    mapping, kind = setting.mapping, column.type
    if kind in ("money", "money_or_percent"):
        amounts = numbers.Amounts(
            column.distinct,
            currency=setting.currency,
            point=mapping.choice("decimals", column.name),
        )
        return amounts.read if kind == "money" else lambda cell: _money_or_percent(cell, amounts)
    if kind == "phone":
        return lambda cell: phones.read(cell, setting.country)
    if kind == "identity":
        return lambda cell: codes.read_identity(cell, setting.country)
    if kind == "bank":
        return lambda cell: codes.read_bank(cell, mapping.banks)
    if kind == "contract_status":
        return lambda cell: codes.read_status(cell, CONTRACT_STATUSES, mapping.statuses)
    if kind == "cheque_status":
        return lambda cell: codes.read_status(cell, CHEQUE_STATUSES, mapping.statuses)
    return _SIMPLE[kind]


def _money_or_percent(cell: Any, amounts: numbers.Amounts) -> Read:
    """("minor", amount, currency) or ("ppm", rate): 8%, 0.08 and 480,000 all stand for deposits."""
    if type(cell) is float and 0 < cell < 1:
        return Read(("ppm", round(cell * 1_000_000), ""))
    text = plain(cell) if not isinstance(cell, CellError) else ""
    if text and ("%" in text or "٪" in text):
        share = numbers.read_share(cell)
        return Read(("ppm", int(share.value[0] * 10_000), "")) if share.value else share
    read = amounts.read(cell)
    return Read(("minor", *read.value), read.notes) if read.value else read


def _flag(cell: Any) -> Read:
    text = fold(plain(cell))
    return Read(text in _YES) if text in _YES or text in _NO else BLANK


def _receipt_number(cell: Any) -> Read:
    """(number, whether cancelled): a word such as ملغي before the number cancels it."""
    found = codes.read_code(cell)
    if found.value is None:
        return found
    words = [word for word in found.value.split() if fold(word).strip("()-:") not in _CANCELLED]
    return Read((" ".join(words), len(words) < len(found.value.split())))


_CANCELLED = frozenset(map(fold, ("ملغي", "ملغى", "لاغي", "cancelled", "canceled", "void", "रद्द")))
_SIMPLE: dict[str, Reader] = {
    "text": codes.read_text,
    "code": codes.read_code,
    "unit": codes.read_unit,
    "email": codes.read_email,
    "cheque_number": codes.read_cheque_number,
    "receipt_number": _receipt_number,
    "share": numbers.read_share,
    "area": numbers.read_area,
    "whole": numbers.read_whole,
    "flag": _flag,
}


def _date_readers(
    columns: list[Column], setting: Setting, decided: Decided
) -> list[tuple[Column, Reader]]:
    proofs = {column.at: prove(column.distinct) for column in columns}
    own = {column.at: _own_order(column, proofs[column.at], setting) for column in columns}
    agreed = {order for order in own.values() if order}
    readers = []
    for column in columns:
        proof, order = proofs[column.at], own[column.at]
        if not order and proof.doubtful and not (proof.dmy and proof.mdy) and len(agreed) == 1:
            order = next(iter(agreed))
            decided.notes.append(note("column.follows", {"column": column.name}, ""))
        if order and proof.dmy and proof.mdy:
            facts = {"column": column.name, "first": proof.dmy, "second": proof.mdy}
            decided.notes.append(note("column.mixed_dates", facts, ""))
        swapped = _swapped(column, proof, order, setting, decided)
        dates = Dates(order=order, as_of=setting.as_of, is_swapped=swapped)
        if not order and proof.doubtful:
            _ask_order(column, proof, dates, setting, decided)
        readers.append((column, dates.read if column.type == "date" else _cheque_date(dates)))
    return readers


def _own_order(column: Column, proof: Proof, setting: Setting) -> str:
    """The order a mapping says, the column's cells prove, or the steps between its dates show."""
    chosen = setting.mapping.choice("date_orders", column.name)
    if chosen or proof.order:
        return chosen or proof.order
    if not proof.doubtful:
        return ""
    steady = {order: _steadiness(column, order, False, setting) for order in ("dmy", "mdy")}
    if steady["dmy"] >= 2 * steady["mdy"] + 2:
        return "dmy"
    return "mdy" if steady["mdy"] >= 2 * steady["dmy"] + 2 else ""


def _steadiness(column: Column, order: str, is_swapped: bool, setting: Setting) -> int:
    dates = Dates(order=order, as_of=setting.as_of, is_swapped=is_swapped)
    cells = column.cells[:2000]
    return regularity([read.value.on if (read := dates.read(c)).value else None for c in cells])


def _swapped(
    column: Column, proof: Proof, order: str, setting: Setting, decided: Decided
) -> bool | None:
    """Whether Excel exchanged day and month of the true dates; None if only a person can say."""
    chosen = setting.mapping.choice("swapped", column.name)
    if chosen is not None or not proof.is_swap_likely:
        return bool(chosen)
    as_is = _steadiness(column, order, False, setting)
    turned = _steadiness(column, order, True, setting)
    if turned >= 2 * as_is + 1 or as_is >= 2 * turned + 1:
        return turned > as_is
    one = next(c for c in column.cells if isinstance(c, date) and c.day != c.month)
    read = Dates(order=order, as_of=setting.as_of, is_swapped=None).read(one)
    facts = {"column": column.name, **(read.fault[1] if read.fault else {})}
    options = ((False, str(facts.get("first"))), (True, str(facts.get("second"))))
    decided.questions.append(_question("swap", facts, setting, "swapped", column.name, options))
    return None


def _ask_order(
    column: Column, proof: Proof, dates: Dates, setting: Setting, decided: Decided
) -> None:
    read = dates.read(proof.doubtful)
    if not read.fault or read.fault[0] != "date.doubtful":
        return
    facts = {"column": column.name, **read.fault[1]}
    options = (("dmy", facts["first"]), ("mdy", facts["second"]))
    decided.questions.append(
        _question("dates", facts, setting, "date_orders", column.name, options)
    )


def _ask_decimals(column: Column, setting: Setting, decided: Decided) -> None:
    for read in column.reads if column.has_faults else ():
        if read.fault and read.fault[0] == "number.doubtful":
            facts = {"column": column.name, **read.fault[1]}
            options = ((".", facts["first"]), (",", facts["second"]))
            decided.questions.append(
                _question("decimals", facts, setting, "decimals", column.name, options)
            )
            return


def _ask_statuses(column: Column, setting: Setting, decided: Decided) -> None:
    if not column.type.endswith("_status"):
        return
    table = CHEQUE_STATUSES if column.type == "cheque_status" else CONTRACT_STATUSES
    options = tuple((code, code) for code in dict.fromkeys(table.values()))
    unknown = {r.value.text for r in column.reads if r.value and r.value.code is None}
    for text in sorted(unknown):
        facts = {"column": column.name, "text": text}
        decided.questions.append(_question("status", facts, setting, "statuses", text, options))


def _ask_ranges(column: Column, setting: Setting, decided: Decided) -> None:
    if column.type != "cheque_number" or setting.mapping.expand_ranges is not None:
        return
    for cell, read in zip(column.cells, column.reads, strict=True):
        if read.value and read.value.is_range and setting.layout == "cheques":
            facts = {"column": column.name, "text": plain(cell)}
            options = ((True, "yes"), (False, "no"))
            decided.questions.append(
                _question("range", facts, setting, "expand_ranges", "", options)
            )
            return


def _question(
    name: str, facts: dict[str, Any], setting: Setting, choice: str, subject: str, options: Any
) -> Question:
    code = f"question.{name}"
    return Question(code, SENTENCES[code][0], facts, setting.sheet, choice, subject, options)


def _cheque_date(dates: Dates) -> Reader:
    """Reads a cheque's date, or the series of a range: ربع سنوى من 13/7/26."""

    def read(cell: Any) -> Read:
        if type(cell) is str and not is_blank(cell):
            text = fold(plain(cell))
            months = next((step for word, step in _STEPS.items() if word in text), None)
            if months:
                tail = text.rsplit(" ", 1)[-1]
                found = dates.read(tail)
                return Read((found.value, months), found.notes, found.fault)
        found = dates.read(cell)
        return Read((found.value, 0), found.notes) if found.value else found

    return read


_STEPS = {
    **dict.fromkeys(map(fold, ("ربع سنوي", "ربع سنوى", "quarterly", "त्रैमासिक")), 3),
    **dict.fromkeys(map(fold, ("نصف سنوي", "half-yearly", "half yearly", "semi-annual")), 6),
    **dict.fromkeys(map(fold, ("شهري", "monthly", "मासिक")), 1),
    **dict.fromkeys(map(fold, ("سنوي", "annual", "yearly", "वार्षिक")), 12),
}
