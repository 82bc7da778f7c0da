"""OFX and QFX, versions 1 and 2: bank and card statements. Investment statements are refused.

OFX has no opening balance, so only the sums of what is there can be checked by whoever imports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from tahsil.adapters.bank import codes, values
from tahsil.adapters.bank.markup import Node
from tahsil.adapters.bank.notes import Notes
from tahsil.adapters.bank.ofx_tags import tree
from tahsil.adapters.bank.refusals import (
    currencies,
    no_amount,
    no_currency,
    no_date,
    no_statement,
)
from tahsil.adapters.bank.statement import Balance, Line, Mapping, Remark, Statement
from tahsil.adapters.bank.text import squeezed
from tahsil.core.grammar.refusal import Refused

_CHARSET = re.compile(rb"CHARSET:\s*([\w\-]*?)(?=COMPRESSION|\s|<|$)")
_DECLARED = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([\w\-]+)""", re.IGNORECASE)
_STAMP = re.compile(r"(\d{8})(?:\D.*|\d{2,6}(?:\D.*)?)?", re.DOTALL)
CHARSETS = {"1252": "cp1252", "8859-1": "latin-1", "iso-8859-1": "latin-1", "1256": "cp1256"}
ENDS = {"STMTRS": "BANKACCTFROM", "CCSTMTRS": "CCACCTFROM"}


def encoding(data: bytes) -> str:
    """The code page that the header names, unless the file is Unicode or not in it."""
    found = _DECLARED.search(data[:2048]) or _CHARSET.search(data[:2048])
    name = CHARSETS.get(found[1].decode().lower(), "") if found else ""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        try:
            data.decode(name or "ascii")
        except UnicodeDecodeError:
            return ""
        return name
    return ""


def read(text: str, notes: Notes, mapping: Mapping) -> list[Statement]:
    """The bank and card statements of the file."""
    root = tree(text, notes)
    nodes = list(_inside(root))
    _accepted(nodes)
    found = []
    for node in nodes:
        if node.name in ENDS:
            with notes.trying():
                found.append(_statement(node, notes, mapping))
    others = [node for node in nodes if node.name == "INVSTMTRS"]
    if others and (found or notes.faults):
        raise _investment(others[0])
    if not found and not notes.faults:
        raise _investment(others[0]) if others else _none(root)
    return found


def _inside(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield child
        yield from _inside(child)


def _accepted(nodes: list[Node]) -> None:
    """Refused if the bank's server answered with an error instead of a statement."""
    for node in nodes:
        if node.name == "STATUS" and node.said("SEVERITY").upper() == "ERROR":
            raise Refused(
                "bank.server",
                "Line {line}: the bank answered with error {number} instead of a statement: "
                "{text}. Ask the bank for the file again.",
                line=node.at,
                number=node.said("CODE") or "—",
                text=node.said("MESSAGE") or "—",
            )


def _investment(node: Node) -> Refused:
    return Refused(
        "bank.investment",
        "Line {line}: this is a statement of investments, which are no receipts. Export the bank "
        "account by itself.",
        line=node.at,
    )


def _none(root: Node) -> Refused:
    first = root.children[0] if root.children else root
    return no_statement(", ".join(child.name for child in first.children), first.at)


def _statement(node: Node, notes: Notes, mapping: Mapping) -> Statement:
    currency = _currency(node, notes, mapping)
    found = []
    for each in node.each("BANKTRANLIST/STMTTRN"):
        with notes.trying():
            found.append(_line(each, currency, notes, is_pending=False))
    for each in node.each("BANKTRANLISTP/STMTTRNP"):
        with notes.trying():
            found.append(_line(each, currency, notes, is_pending=True))
    ledger = node.first("LEDGERBAL")
    closing = _balance(ledger, "closing", currency, notes) if ledger else None
    available = node.first("AVAILBAL")
    others = []
    if available is not None and available.said("BALAMT"):
        others.append(_balance(available, "available", currency, notes))
    account = node.first(ENDS[node.name])
    return Statement(
        format="ofx",
        at=node.at,
        account=(account.said("ACCTID") if account else "") or mapping.account,
        currency=currency,
        opened_on=_optional(node.first("BANKTRANLIST/DTSTART"), notes),
        closed_on=_optional(node.first("BANKTRANLIST/DTEND"), notes)
        or (closing.on if closing else None),
        closing_minor=closing.minor if closing else None,
        lines=tuple(found),
        balances=tuple(others),
        remarks=notes.taken(),
        note=squeezed(node.said("MKTGINFO")),
    )


def _currency(node: Node, notes: Notes, mapping: Mapping) -> str:
    """The statement's, else the one its lines agree on, else what a person said of the bank."""
    stated = node.first("CURDEF")
    if stated is not None and stated.text.strip():
        return values.currency_code(stated.text, stated.at)
    lines = node.each("BANKTRANLIST/STMTTRN")
    said = {line.said("CURRENCY/CURSYM", "ORIGCURRENCY/CURSYM").upper() for line in lines}
    at = stated.at if stated is not None else node.at
    own = said.pop() if len(said) == 1 else ""
    found = values.currency_code(own or mapping.currency, at)
    notes.add(no_currency(found, at))
    return found


def _line(node: Node, currency: str, notes: Notes, *, is_pending: bool) -> Line:
    own = node.said("CURRENCY/CURSYM").upper()
    if own and own != currency:
        raise currencies(own, currency, node.at)
    amount = node.first("TRNAMT")
    if amount is None:
        raise no_amount("", currency, node.at)
    booked_on = _day(node.first("DTPOSTED", "DTTRAN"), node)
    text = squeezed(f"{node.said('MEMO')} {node.said('EXTDNAME')}")
    cheque = node.said("CHECKNUM", "CHKNUM")
    kind = node.said("TRNTYPE").upper()
    return Line(
        at=node.at,
        booked_on=booked_on,
        value_on=_optional(node.first("DTAVAIL"), notes) or booked_on,
        amount_minor=values.signed(amount.text, currency, amount.at),
        currency=currency,
        reference=node.said("REFNUM", "SRVRTID"),
        bank_reference=node.said("FITID"),
        code=codes.OFX.get(kind, "other"),
        bank_code=kind,
        description=text,
        payer=squeezed(node.said("NAME", "PAYEE/NAME")),
        payer_account=node.said("BANKACCTTO/ACCTID", "CCACCTTO/ACCTID"),
        cheque_number=cheque if cheque.strip("0") else codes.cheque_in(text),
        is_reversal=bool(node.said("CORRECTFITID")),
        is_pending=is_pending,
        raw="; ".join(f"{each.name}={each.text.strip()}" for each in _inside(node) if each.text),
    )


def _day(found: Node | None, line: Node) -> date:
    """The day something was posted, which every line must have."""
    if found is None:
        raise no_date("", line.at)
    stamp = _STAMP.fullmatch(found.text.strip())
    if not stamp or not stamp[1].strip("0"):
        raise no_date(found.text, found.at)
    digits = stamp[1]
    return values.day(
        int(digits[:4]), int(digits[4:6]), int(digits[6:]), text=found.text.strip(), at=found.at
    )


def _optional(found: Node | None, notes: Notes) -> date | None:
    """A day that the statement can do without: nothing, with a remark, where it is unreadable."""
    if found is None:
        return None
    text = found.text.strip()
    try:
        if len(text) == 6 and text.isdecimal():  # DDMMYY, as one bank writes it
            year = values.full_year(int(text[4:]))
            day = values.day(year, int(text[2:4]), int(text[:2]), text=text, at=found.at)
        else:
            return _day(found, found)
    except Refused:
        day = None
    notes.add(
        Remark(
            "bank.date_odd",
            "Line {line}: {tag} is “{text}”, which was read as {date}.",
            line=found.at,
            tag=found.name,
            text=text,
            date=str(day or "—"),
        )
    )
    return day


def _balance(node: Node, kind: str, currency: str, notes: Notes) -> Balance:
    amount = node.first("BALAMT") or node
    minor = values.signed(amount.text.strip(), currency, amount.at)
    return Balance(kind, _optional(node.first("DTASOF"), notes), minor, currency, node.at)
