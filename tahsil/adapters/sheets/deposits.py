"""Deposits: the days on which a cheque went to the bank, as safe ledgers write them.

`2/5, 9/5` has no year; it is placed after the cheque's own date where it fits there once.
"""

from __future__ import annotations

import re
from datetime import date

from tahsil.adapters.sheets.cells import plain
from tahsil.adapters.sheets.dates import Dates
from tahsil.adapters.sheets.rows import Row
from tahsil.core.grammar.names import fold

_PARTS = re.compile(r"[,،;؛&+]|\s+و\s*|\s+and\s+")
_NO_YEAR = re.compile(r"\d{1,2}[/.\-]\d{1,2}")


def last_day(row: Row, due: date | None) -> date | None:
    """The last day the row says the cheque was deposited; nothing where no day is certain."""
    text = row.value("deposited")
    if not text:
        return None
    order = row.setting.mapping.choice("date_orders", "*") or "dmy"
    dates = Dates(order=order, as_of=row.setting.as_of)
    parts = [part.strip() for part in _PARTS.split(plain(text)) if part.strip()]
    days = [_day(part, dates, due, row.setting.as_of) for part in parts]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def _day(text: str, dates: Dates, due: date | None, as_of: date) -> date | None:
    if not _NO_YEAR.fullmatch(text):
        read = dates.read(fold(text))
        return read.value.on if read.value and read.value.on and read.value.on <= as_of else None
    if due is None:
        return None
    tried = [
        dates.read(f"{re.sub(r'[.-]', '/', text)}/{year}")
        for year in range(due.year, as_of.year + 1)
    ]
    found = [read.value.on for read in tried if read.value and due <= read.value.on <= as_of]
    return found[0] if len(found) == 1 else None
