"""CAMT.052, .053 and .054 of every version: elements are found by name, namespaces do not matter.

An entry is in camt_entry.py. Pending entries are kept and flagged; only booked ones are in the
balances. What the bank sums up itself is compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tahsil.adapters.bank import values
from tahsil.adapters.bank.camt_entry import Entry
from tahsil.adapters.bank.markup import Node, tree
from tahsil.adapters.bank.notes import Notes
from tahsil.adapters.bank.refusals import currencies, no_amount, no_statement, summary
from tahsil.adapters.bank.statement import Balance, Line, Mapping, Statement
from tahsil.core.grammar.money import decimal_text

FORMATS = {"Rpt": "camt.052", "Stmt": "camt.053", "Ntfctn": "camt.054"}
KINDS = {
    "OPBD": "opening",
    "PRCD": "opening",
    "CLBD": "closing",
    "ITBD": "interim",
    "OPAV": "available",
    "CLAV": "available",
    "ITAV": "available",
    "FWAV": "forward",
}


def read(data: bytes, notes: Notes, mapping: Mapping) -> list[Statement]:
    """The statements of a CAMT message."""
    entry = Entry(notes)
    root = tree(data, {"Ntry": entry.read})
    found = []
    for node in _within(root):
        with notes.trying():
            found.append(_statement(node, notes, mapping))
    if not found and not notes.faults:
        raise no_statement(", ".join(child.name for child in root.children), root.at)
    return found


def _within(node: Node) -> Iterator[Node]:
    """The statements at any depth: banks put the message into envelopes of their own."""
    for child in node.children:
        if child.name in FORMATS:
            yield child
        else:
            yield from _within(child)


def _statement(node: Node, notes: Notes, mapping: Mapping) -> Statement:
    lines = tuple(each.made for each in node.each("Ntry") if each.made)
    balances = []
    for each in node.each("Bal"):
        with notes.trying():
            balances.append(_balance(each))
    goes_on = node.said("StmtPgntn/LastPgInd", "RptPgntn/LastPgInd") == "false"
    opening, closing = _pair(balances, goes_on)
    account = node.said("Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id", "Acct/Id/BBAN")
    ends = [each for each in (opening, closing) if each]
    currency = "" if notes.faults else _currency(node, lines, ends, mapping)
    days = [line.booked_on for line in lines]
    if not notes.faults:
        _summary(node, lines, currency)
    others = tuple(each for each in balances if each is not opening and each is not closing)
    return Statement(
        format=FORMATS[node.name],
        at=node.at,
        account=account or mapping.account,
        currency=currency,
        id=node.said("Id"),
        number=node.said("ElctrncSeqNb", "LglSeqNb"),
        opened_on=opening.on if opening else _day(node, "Fr") or min(days, default=None),
        closed_on=closing.on if closing else _day(node, "To") or max(days, default=None),
        opening_minor=opening.minor if opening else None,
        closing_minor=closing.minor if closing else None,
        lines=lines,
        balances=others,
        remarks=notes.taken(),
        note=node.said("AddtlStmtInf", "AddtlRptInf", "AddtlNtfctnInf"),
        is_page=goes_on,
    )


def _balance(node: Node) -> Balance:
    code = node.said("Tp/CdOrPrtry/Cd", "Tp/Cd", "Tp/CdOrPrtry/Prtry")
    amount = node.first("Amt")
    if amount is None:
        raise no_amount("", "", node.at)
    currency = values.currency_code(amount.attributes.get("Ccy", ""), amount.at)
    minor = values.amount(amount.text.strip(), currency, amount.at)
    day = node.first("Dt/Dt", "Dt/DtTm")
    sign = -1 if node.said("CdtDbtInd") == "DBIT" else 1
    return Balance(
        KINDS.get(code, code.lower() or "other"),
        values.iso(day.text, day.at) if day else None,
        sign * minor,
        currency,
        node.at,
    )


def _pair(balances: list[Balance], goes_on: bool) -> tuple[Balance | None, Balance | None]:
    """Opening and closing; the pages of a statement meet in interim balances."""
    opening = next((each for each in balances if each.kind == "opening"), None)
    closing = next((each for each in balances if each.kind == "closing"), None)
    interim = [each for each in balances if each.kind == "interim"]
    if opening is None and (closing or len(interim) > 1):
        opening = interim.pop(0) if interim else None
        goes_on = goes_on or closing is None
    if closing is None and goes_on and interim:
        closing = interim[-1]
    return opening, closing


def _currency(node: Node, lines: tuple[Line, ...], ends: list[Balance], mapping: Mapping) -> str:
    """The one currency of account, balances and lines."""
    account = node.first("Acct/Ccy")
    own = values.currency_code(account.text, account.at) if account else ""
    said = [(own, node.at)] if own else []
    said += [(each.currency, each.at) for each in ends]
    said += [(line.currency, line.at) for line in lines]
    if not said:
        return values.currency_code(mapping.currency, node.at)
    first = said[0][0]
    for currency, at in said:
        if currency != first:
            raise currencies(currency, first, at)
    return first


def _day(node: Node, end: str) -> date | None:
    found = node.first(f"FrToDt/{end}DtTm", f"FrToDt/{end}Dt")
    return values.iso(found.text, found.at) if found else None


def _summary(node: Node, lines: tuple[Line, ...], currency: str) -> None:
    """Refused if the counts and sums that the bank states are not those of its entries."""
    credits = [line.amount_minor for line in lines if line.amount_minor >= 0]
    debits = [-line.amount_minor for line in lines if line.amount_minor < 0]
    for name, amounts in (
        ("TtlNtries", credits + debits),
        ("TtlCdtNtries", credits),
        ("TtlDbtNtries", debits),
    ):
        stated = node.first(f"TxsSummry/{name}")
        if stated is None:
            continue
        count, total = stated.said("NbOfNtries"), stated.said("Sum")
        if count and values.whole(count) != len(amounts):
            raise summary(count, str(len(amounts)), stated.at)
        if total and values.amount(total, currency, stated.at) != sum(amounts):
            raise summary(total, decimal_text(sum(amounts), currency), stated.at)
