"""The rows below the headings: lines, text that goes on, balances and totals among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tahsil.adapters.bank import codes
from tahsil.adapters.bank.cells import Dates, Numbers, plain
from tahsil.adapters.bank.headings import (
    CREDIT_SIGNS,
    DEBIT_SIGNS,
    HEADINGS,
    LABELS,
    label,
    squeezed_key,
)
from tahsil.adapters.bank.notes import Notes
from tahsil.adapters.bank.refusals import currencies, direction, no_amount, summary
from tahsil.adapters.bank.statement import Line, Remark
from tahsil.adapters.bank.text import squeezed
from tahsil.core.grammar.money import decimal_text
from tahsil.core.grammar.refusal import Refused


class Rows:
    """Reads one table; `ends` holds the opening and closing balances found among the rows."""

    def __init__(
        self, *, columns: dict[str, int], dates: Dates, numbers: Numbers, notes: Notes
    ) -> None:
        self.columns, self.dates, self.numbers, self.notes = columns, dates, numbers, notes
        self.ends: dict[str, int] = {}
        self.debit_sign = -1

    def lines(self, body: Sequence[Sequence[Any]], first: int) -> list[Line]:
        """The lines in the order of the rows; every other row is a balance, text or a remark."""
        found: list[Line] = []
        self.debit_sign = self._debit_sign(body)
        if not any(_is_sign(self._text(row, "sign")) for row in body):
            self.columns = {key: at for key, at in self.columns.items() if key != "sign"}
        for at, row in enumerate(body, start=first):
            if any(plain(cell) for cell in row):
                with self.notes.trying():
                    self._row(row, at, found)
        self._doubt_direction(found, first)
        return found

    def _doubt_direction(self, found: list[Line], first: int) -> None:
        """Amounts alone, all without a minus, may be money out too."""
        told = {"debit", "credit", "sign", "balance"} & set(self.columns)
        if found and not told and all(line.amount_minor >= 0 for line in found):
            self.notes.add(
                Remark(
                    "bank.all_in",
                    "Line {line}: every row counts as money in, since none has a minus and there "
                    "is neither a debit column nor a balance.",
                    line=first,
                )
            )

    def _row(self, row: Sequence[Any], at: int, found: list[Line]) -> None:
        name = self._name(row, at)
        if name == "opening":
            self.ends.setdefault(name, self._end(row, at))
        elif name == "closing":
            self.ends[name] = self._end(row, at)
        elif name == "total" and not self._is_date(row):
            self._total(row, at, found)
        elif not self._is_date(row):
            self._rest(row, at, found)
        else:
            minor = self._moved(row, at)
            if minor is None:
                self._pass(row, at)
            else:
                found.append(self._line(row, at, minor))

    def _name(self, row: Sequence[Any], at: int) -> str:
        """opening, closing or total; a text that only begins so may be a payment's."""
        names = (label(plain(cell)) for cell in row)
        name = next((each for each in names if each in ("opening", "closing", "total")), "")
        is_exact = any(squeezed_key(plain(cell)) in LABELS for cell in row)
        return name if is_exact or not (self._is_date(row) and self._has_amount(row, at)) else ""

    def _line(self, row: Sequence[Any], at: int, minor: int) -> Line:
        booked_on = self.dates.read(self._cell(row, "booked_on"), at)
        own = self._text(row, "currency").upper()
        if own.isalpha() and own.isascii() and own != self.numbers.currency:
            raise currencies(own, self.numbers.currency, at)
        value = self._cell(row, "value_on")
        text = self._text(row, "description")
        cheque = _cheque(self._text(row, "cheque_number"), text)
        return Line(
            at=at,
            booked_on=booked_on,
            value_on=self.dates.read(value, at) if plain(value) else booked_on,
            amount_minor=minor,
            currency=self.numbers.currency,
            reference=self._text(row, "reference"),
            bank_reference=self._text(row, "bank_reference"),
            code="cheque" if cheque else "other",
            description=text,
            payer=self._text(row, "payer"),
            payer_account=self._text(row, "payer_account"),
            cheque_number=cheque,
            balance_minor=self.numbers.read(self._cell(row, "balance"), at),
            raw=" | ".join(plain(cell) for cell in row),
        )

    def _moved(self, row: Sequence[Any], at: int) -> int | None:
        """The signed amount of the row; nothing where it states none."""
        debit = self.numbers.read(self._cell(row, "debit"), at)
        credit = self.numbers.read(self._cell(row, "credit"), at)
        if debit and credit:
            raise Refused(
                "bank.both_sides",
                "Line {line}: the row has a debit and a credit; one of them must be empty.",
                line=at,
            )
        if debit or credit:
            return credit or self.debit_sign * (debit or 0)
        amount = self.numbers.read(self._cell(row, "amount"), at)
        if amount is None or "sign" not in self.columns:
            return amount if amount is not None else (credit if credit is not None else debit)
        return self._directed(row, at, amount)

    def _directed(self, row: Sequence[Any], at: int, amount: int) -> int:
        said = self._text(row, "sign")
        sign = squeezed_key(said) or said
        if sign in CREDIT_SIGNS and amount >= 0:
            return amount
        if sign in DEBIT_SIGNS:
            return -abs(amount)
        if not sign and amount < 0:
            return amount
        raise direction(said, at)

    def _debit_sign(self, body: Sequence[Sequence[Any]]) -> int:
        """Debits are taken off, also where the bank writes them all with a minus."""
        signs = set()
        for row in body:
            try:
                minor = self.numbers.read(self._cell(row, "debit"), 0)
            except Refused:
                continue
            if minor:
                signs.add(minor > 0)
        return 1 if signs == {False} else -1

    def _rest(self, row: Sequence[Any], at: int, found: list[Line]) -> None:
        """A row without a date: text that goes on, a heading once more, or a fault."""
        texts = [plain(cell) for cell in row if plain(cell)]
        if sum(squeezed_key(text) in HEADINGS for text in texts) >= min(3, len(texts)):
            return
        if found and texts == [self._text(row, "description")]:
            last = found[-1]
            text = squeezed(f"{last.description} {texts[0]}")
            found[-1] = replace(last, description=text, raw=f"{last.raw}\n{texts[0]}")
        elif self._has_amount(row, at):
            self.dates.read(self._cell(row, "booked_on"), at)
        else:
            self._pass(row, at)

    def _has_amount(self, row: Sequence[Any], at: int) -> bool:
        try:
            return bool(self._moved(row, at))
        except Refused as refused:
            return refused.code == "bank.both_sides"

    def _pass(self, row: Sequence[Any], at: int) -> None:
        self.notes.add(
            Remark(
                "bank.row_passed",
                "Line {line}: the row moves no money and was not taken: “{text}”.",
                line=at,
                text=" | ".join(plain(cell) for cell in row if plain(cell))[:80],
            )
        )

    def _end(self, row: Sequence[Any], at: int) -> int:
        """The balance of an opening or closing row: its balance cell, else its last number."""
        own = self.numbers.read(self._cell(row, "balance"), at)
        if own is not None:
            return own
        for cell in reversed(row):
            text = plain(cell)
            if any(c.isdecimal() for c in text) and not label(text):
                minor = self.numbers.read(cell, at)
                if minor is not None:
                    return minor
        raise no_amount("", self.numbers.currency, at)

    def _total(self, row: Sequence[Any], at: int, found: list[Line]) -> None:
        """Refused if the totals that the table states are not those of its rows."""
        for key, sign in (("debit", -1), ("credit", 1)):
            stated = self.numbers.read(self._cell(row, key), at)
            own = sum(abs(x.amount_minor) for x in found if x.amount_minor * sign > 0)
            if stated is not None and abs(stated) != own:
                currency = self.numbers.currency
                raise summary(decimal_text(abs(stated), currency), decimal_text(own, currency), at)

    def _is_date(self, row: Sequence[Any]) -> bool:
        """Whether the date cell is a date or meant as one; a footer has words there."""
        return any(c.isdecimal() for c in self._text(row, "booked_on"))

    def _cell(self, row: Sequence[Any], key: str) -> Any:
        at = self.columns.get(key)
        return row[at] if at is not None and at < len(row) else None

    def _text(self, row: Sequence[Any], key: str) -> str:
        return plain(self._cell(row, key))


def _is_sign(text: str) -> bool:
    return (squeezed_key(text) or text) in CREDIT_SIGNS | DEBIT_SIGNS


def _cheque(own: str, text: str) -> str:
    if own.isdecimal() and own.strip("0"):
        return own
    return codes.cheque_in(f"{own} {text}")
