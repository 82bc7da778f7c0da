"""Files of the general ledger in: read, shown, and taken in by the verb."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tahsil.actions import ledger_balances
from tahsil.actions._verb import Context, Outcome
from tahsil.adapters import balances
from tahsil.core.book.tie_out import PARTS, codes_of
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import journal
from tahsil.store.models import Creditor


@dataclass(frozen=True)
class Shown:
    """What a file holds before it is taken in; `known` are accounts of the tie-out."""

    creditor_id: int
    creditor: str
    layout: str
    balance_on: date
    lines: int
    left_out: int
    known: tuple[tuple[str, str, str, int], ...]
    missing: tuple[str, ...]  # codes of the chart that the file does not have


def preview(
    content: bytes, *, name: str, creditor: str, as_of: date, on: date | None = None
) -> Shown:
    """What the file says of the accounts that the tie-out looks at, with nothing kept."""
    owner = creditor_of(creditor)
    found = balances.read(content, name=name, currency=owner.currency, as_of=as_of, on=on)
    chart = journal.chart(owner.code, as_of)
    wanted = {code for part in PARTS for code in codes_of(part, chart)}
    known = tuple(each for each in found.balances if each[0] in wanted)
    there = {code for code, *_ in (*found.balances, *found.entries)}
    return Shown(
        owner.id, owner.name, found.layout, found.on or as_of,
        len(found.balances) + len(found.entries), found.left_out, known,
        tuple(sorted(wanted - there)),
    )  # fmt: skip


def take(
    ctx: Context, content: bytes, *, name: str, creditor: str, on: date | None = None
) -> Outcome:
    """Takes the file's balances, or its entries, in for the day it says."""
    owner = creditor_of(creditor)
    found = balances.read(content, name=name, currency=owner.currency, as_of=ctx.as_of, on=on)
    return ledger_balances.load(
        ctx, creditor_id=owner.id, balance_on=(found.on or ctx.as_of).isoformat(),
        balances=[list(each) for each in found.balances],
        entries=[list(each) for each in found.entries], layout=found.layout, file_name=name,
    )  # fmt: skip


def creditor_of(code: str) -> Creditor:
    """The creditor of that code, or the only one there is."""
    known = list(Creditor.objects.order_by("code"))
    found = [each for each in known if each.code == code] if code else known
    if len(found) != 1:
        raise Refused(
            "balances.creditor", "Say whose ledger it is. Creditors: {known}.",
            known=[each.code for each in known] or ["none"],
        )  # fmt: skip
    return found[0]
