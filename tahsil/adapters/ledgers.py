"""A journal as files other programs read: csv, beancount, and the import forms of ERPNext and Odoo.

Every entry carries its key, so that a program that has it already can leave it out. Amounts are
plain decimals; texts that a spreadsheet would take for a formula are kept from it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

from tahsil.core.grammar.money import decimal_text

PLAIN = ("batch", "date", "key", "entry", "account", "account_name", "debit", "credit", "currency",
         "subledger", "name", "reference")  # fmt: skip
ERPNEXT = (
    "Entry Type", "Company", "Posting Date", "Reference Number", "Reference Date", "User Remark",
    "Account (Accounting Entries)", "Party Type (Accounting Entries)",
    "Party (Accounting Entries)", "Debit (Accounting Entries)", "Credit (Accounting Entries)",
    "User Remark (Accounting Entries)",
)  # fmt: skip
ODOO = ("id", "ref", "date", "journal_id", "line_ids/account_id", "line_ids/name",
        "line_ids/debit", "line_ids/credit")  # fmt: skip
ENDINGS = {"csv": "csv", "beancount": "beancount", "erpnext": "csv", "odoo": "csv"}


def written(found: Any, form: str) -> str:
    """The journal in one of the forms of ENDINGS."""
    if form == "beancount":
        return "".join(_beancount(found))
    heads, rows = {"csv": (PLAIN, _plain), "erpnext": (ERPNEXT, _erpnext), "odoo": (ODOO, _odoo)}[
        form
    ]
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([_safe(cell) for cell in row] for row in rows(found))
    return out.getvalue()


def _safe(cell: Any) -> str:
    text = str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _entries(found: Any) -> Iterator[tuple[Any, Any]]:
    return ((batch, entry) for batch in found.batches for entry in batch.entries)


def _sides(batch: Any, line: Any) -> tuple[str, str]:
    """Debit and credit as plain decimals, the other side empty."""
    return tuple(
        decimal_text(minor, batch.currency, grouped=False) if minor else ""
        for minor in (line.debit_minor, line.credit_minor)
    )  # type: ignore[return-value]


def _plain(found: Any) -> Iterable[Iterable[Any]]:
    for batch, entry in _entries(found):
        for line in entry.lines:
            yield (
                batch.number, batch.on, entry.key, entry.entry, line.code, line.name,
                *_sides(batch, line), batch.currency, entry.account_number, entry.name,
                entry.reference,
            )  # fmt: skip


def _erpnext(found: Any) -> Iterable[Iterable[Any]]:
    """One Journal Entry per posting; its lines follow with the head left empty."""
    for batch, entry in _entries(found):
        head: tuple[Any, ...] = (
            "Journal Entry", batch.creditor, batch.on, entry.key, batch.on,
            f"{entry.entry} {entry.reference} {entry.account_number}".replace("  ", " "),
        )  # fmt: skip
        for line in entry.lines:
            is_debt = line.account.startswith("customers")  # a receivable names its party
            party = ("Customer", entry.name) if is_debt else ("", "")
            yield (*head, f"{line.code} - {line.name}", *party, *_sides(batch, line), entry.name)
            head = ("",) * len(head)


def _odoo(found: Any) -> Iterable[Iterable[Any]]:
    """One move per posting, its key as external id; its lines follow with the head left empty."""
    for batch, entry in _entries(found):
        outside = "tahsil." + re.sub(r"\W", "_", f"{batch.creditor}_{entry.key}")
        said = " ".join(filter(None, (entry.entry, entry.reference, entry.key)))
        head: tuple[Any, ...] = (outside, said, batch.on, "Miscellaneous Operations")
        for line in entry.lines:
            label = f"{entry.account_number} {entry.name}".strip()
            yield (*head, line.code, label, *_sides(batch, line))
            head = ("",) * len(head)


def _beancount(found: Any) -> Iterator[str]:
    yield f'option "title" "Journal {found.since} {found.until}, policy {found.policy}"\n'
    known = {_path(line) for _, entry in _entries(found) for line in entry.lines}
    yield from (f"{found.since} open {path}\n" for path in sorted(known))
    for batch, entry in _entries(found):
        said = f"{entry.entry} {entry.reference}".strip()
        yield f'\n{batch.on} * "{_quoted(entry.name)}" "{_quoted(said)}"\n'
        yield f'  key: "{_quoted(entry.key)}"\n  batch: "{_quoted(batch.number)}"\n'
        for line in entry.lines:
            minor = line.debit_minor - line.credit_minor
            amount = decimal_text(minor, batch.currency, grouped=False)
            yield f"  {_path(line)}  {amount} {batch.currency}\n"


def _path(line: Any) -> str:
    """The account as plain-text ledgers name it: Assets:1240-Cheques-under-collection."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", f"{line.code} {line.name}").strip("-")
    return f"{line.root}:{name}"


def _quoted(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace('"', '\\"').split())
