"""What the general ledger says, read in as it is, and what people find out of its differences.

Append-only: the newest balances of a day count. Reading a file is adapters/balances.py.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from tahsil.actions import _given
from tahsil.actions._verb import Act, Context, verb
from tahsil.core.book.tie_out import PARTS
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import tie_out
from tahsil.store import rows
from tahsil.store.models import (
    Creditor,
    LedgerBalance,
    LedgerEntry,
    LedgerLoad,
    Person,
    TieNote,
)

MOST = 50_000


@verb("ledger.load")
def load(
    ctx: Context,
    *,
    creditor_id: int,
    balance_on: date | str,
    balances: Any = (),
    entries: Any = (),
    layout: str = "",
    file_name: str = "",
) -> Act:
    """Balances of the general ledger were read in for a day, or a list of its entries.

    `balances` are [code, name, currency, amount]; `entries` [code, currency, day, reference,
    text, amount]; amounts are minor units, a debit above nothing.
    """
    creditor = _creditor(creditor_id)
    on = _given.need_date(balance_on, "day of the balances")
    if on > ctx.as_of:
        raise Refused(
            "ledger.future", "Balances of {on} cannot be known yet. The latest day is {latest}.",
            on=on, latest=ctx.as_of,
        )  # fmt: skip
    said = [list(each) for each in balances or ()]
    listed = [list(each) for each in entries or ()]
    if (not said and not listed) or len(said) + len(listed) > MOST:
        raise Refused(
            "ledger.lines", "A load holds from 1 to {most} balances or entries.", most=MOST
        )
    digest = hashlib.sha256(json.dumps([said, listed], default=str).encode()).hexdigest()
    newest = LedgerLoad.objects.filter(creditor=creditor, balance_on=on).order_by("-id").first()
    if newest is not None and newest.digest == digest:
        raise Refused(
            "ledger.known", "The same balances of {on} were read in before. Nothing has changed.",
            on=on,
        )  # fmt: skip
    made = LedgerLoad.objects.create(
        creditor=creditor, balance_on=on, layout=layout.strip()[:20],
        file_name=file_name.strip()[:200], digest=digest, by_id=ctx.standing.actor_id or None,
        recorded_at=ctx.now,
    )  # fmt: skip
    rows.insert([_balance(made, each) for each in said])
    rows.insert([_entry(made, each) for each in listed])
    facts = {
        "creditor": creditor.name, "creditor_id": creditor.id, "file": made.file_name,
        "balance_on": on, "count": len(said) + len(listed),
    }  # fmt: skip
    if said:
        facts |= _compared(creditor, on)
    return Act(f"ledger_load:{made.id}", None, facts, on)


@verb("tie.note")
def note(
    ctx: Context, *, creditor_id: int, currency: str, part: str, tied_on: date | str, text: str,
    owner_id: int | None = None, difference_minor: int = 0,
) -> Act:  # fmt: skip
    """What somebody found out about a difference was written down, and whose it is to clear."""
    creditor = _creditor(creditor_id)
    if part not in PARTS:
        raise Refused(
            "tie.part", "{part} is no part of the tie-out. Known: {known}.",
            part=part or "-", known=list(PARTS),
        )  # fmt: skip
    owner = Person.objects.filter(id=owner_id or ctx.standing.actor_id, is_active=True).first()
    if owner is None:
        raise Refused("tie.owner", "There is no person {id} to own it.", id=owner_id or 0)
    made = TieNote.objects.create(
        creditor=creditor,
        currency=_given.need_text(currency, "currency", most=3),
        part=part,
        tied_on=_given.need_date(tied_on, "day"),
        difference_minor=_given.check_amount(difference_minor, "difference"),
        text=_given.need_text(text, "note", most=300),
        owner=owner,
        by_id=ctx.standing.actor_id or None,
        recorded_at=ctx.now,
    )
    facts = {
        "creditor": creditor.name, "creditor_id": creditor.id, "part": part, "text": made.text,
        "owner": owner.name, "currency": made.currency,
    }  # fmt: skip
    return Act(f"tie_note:{made.id}", None, facts)


def _creditor(creditor_id: int) -> Creditor:
    found = Creditor.objects.filter(id=creditor_id).first()
    if found is None:
        raise Refused("creditor.unknown", "There is no creditor {id}.", id=creditor_id)
    return found


def _balance(made: LedgerLoad, row: list[Any]) -> LedgerBalance:
    code, name, currency, minor = _cells(row, 4)
    return LedgerBalance(
        load=made, code=_given.need_text(str(code), "code", most=40), name=str(name)[:160],
        currency=_currency(currency), amount_minor=_amount(minor),
    )  # fmt: skip


def _entry(made: LedgerLoad, row: list[Any]) -> LedgerEntry:
    code, currency, on, reference, text, minor = _cells(row, 6)
    return LedgerEntry(
        load=made, code=_given.need_text(str(code), "code", most=40), currency=_currency(currency),
        booked_on=_given.need_date(on, "day of the entry"), reference=str(reference)[:120],
        text=str(text)[:200], amount_minor=_amount(minor),
    )  # fmt: skip


def _cells(row: list[Any], count: int) -> list[Any]:
    if len(row) != count:
        raise Refused("ledger.row", "A row of the ledger has {count} cells.", count=count)
    return row


def _currency(code: str) -> str:
    text = str(code).strip()
    if len(text) != 3 or not text.isascii() or not text.isupper():
        raise Refused(
            "ledger.currency", "{text} is not a currency; one is three letters, such as EGP.",
            text=text or "-",
        )  # fmt: skip
    return text


def _amount(minor: Any) -> int:
    if not isinstance(minor, int) or isinstance(minor, bool):
        raise Refused("ledger.amount", "Amounts of the ledger are whole minor units.")
    return _given.check_amount(minor)


def _compared(creditor: Creditor, on: date) -> dict[str, Any]:
    """How the balances differ from the book on their day, and by how much unexplained."""
    differences: dict[str, dict[str, int]] = {}
    rests: dict[str, dict[str, int]] = {}
    for tie in tie_out.of_creditor(creditor, on):
        if tie.ledger_minor is None:
            continue
        differences[tie.currency] = {
            part.part: part.difference_minor for part in tie.parts if part.difference_minor
        }
        rests[tie.currency] = {
            part.part: cause.amount_minor
            for part in tie.parts
            for cause in part.causes
            if cause.cause == "unknown"
        }
    return {"differences": differences, "rests": rests}
