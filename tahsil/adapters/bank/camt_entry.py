"""One CAMT entry: a line, with the payments inside it where the bank booked them as one."""

from __future__ import annotations

from datetime import date

from tahsil.adapters.bank import codes, values
from tahsil.adapters.bank.markup import Node
from tahsil.adapters.bank.notes import Notes
from tahsil.adapters.bank.refusals import direction, no_amount, no_date
from tahsil.adapters.bank.statement import Line, Part, Remark
from tahsil.adapters.bank.text import squeezed
from tahsil.core.grammar.money import Money


class Entry:
    """Reads entries; a fault of one is kept and the others are read."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes

    def read(self, node: Node) -> Line | None:
        """The line of the entry, or nothing where it was refused."""
        with self.notes.trying():
            return self._line(node)
        return None

    def _line(self, node: Node) -> Line:
        minor, currency = _amount(node)
        minor *= _sign(node)
        payments = node.each("NtryDtls/TxDtls") or node.each("TxDtls")
        parts = tuple(_part(each, minor, currency) for each in payments)
        self._compare(node.at, (minor, currency), parts)
        only = parts[0] if len(parts) == 1 else Part(None, currency)
        text = squeezed(f"{only.description} {node.said('AddtlNtryInf')}")
        booked_on, value_on = self._days(node)
        family, detail = node.said("BkTxCd/Domn/Fmly/Cd"), node.said("BkTxCd/Domn/Fmly/SubFmlyCd")
        is_returned = any(each.first("RtrInf") is not None for each in payments)
        return Line(
            at=node.at,
            booked_on=booked_on,
            value_on=value_on,
            amount_minor=minor,
            currency=currency,
            reference=only.reference or _reference(node.said("NtryRef")),
            bank_reference=node.said("AcctSvcrRef") or only.bank_reference,
            code="return" if is_returned else codes.camt(family, detail),
            bank_code=_bank_code(node, payments),
            description=text,
            payer=only.payer,
            payer_account=only.payer_account,
            cheque_number=only.cheque_number or codes.cheque_in(text),
            is_reversal=node.said("RvslInd") in ("true", "1"),
            is_pending=node.said("Sts/Cd", "Sts", "Sts/Prtry") not in ("BOOK", ""),
            parts=parts if len(parts) > 1 else (),
            raw=node.texts(),
        )

    def _compare(self, at: int, entry: tuple[int, str], parts: tuple[Part, ...]) -> None:
        """A remark where payments that state amounts do not come to the entry."""
        stated = [(p.amount_minor, p.currency) for p in parts if p.amount_minor is not None]
        total = (sum(minor for minor, _ in stated), entry[1])
        is_one_currency = all(currency == entry[1] for _, currency in stated)
        if not parts or len(stated) < len(parts) or (is_one_currency and total == entry):
            return
        self.notes.add(
            Remark(
                "bank.parts",
                "Line {line}: the payments inside this entry ({count}) come to {parts}, "
                "the entry to {amount}. The entry counts.",
                line=at,
                count=len(parts),
                parts=" + ".join(str(Money(*each)) for each in stated[:5]),
                amount=str(Money(*entry)),
            )
        )

    def _days(self, node: Node) -> tuple[date, date]:
        booked = node.first("BookgDt/Dt", "BookgDt/DtTm")
        value = node.first("ValDt/Dt", "ValDt/DtTm")
        known = booked or value
        if known is None:
            raise no_date("", node.at)
        on = values.iso(known.text, known.at)
        if booked is None:
            self.notes.add(
                Remark(
                    "bank.no_booking_date",
                    "Line {line}: the entry has no booking date; its value date was taken.",
                    line=node.at,
                )
            )
        return on, values.iso(value.text, value.at) if value else on


def _amount(node: Node) -> tuple[int, str]:
    found = node.first("Amt")
    if found is None:
        raise no_amount("", "", node.at)
    currency = values.currency_code(found.attributes.get("Ccy", ""), found.at)
    return values.amount(found.text.strip(), currency, found.at), currency


def _sign(node: Node) -> int:
    """The direction stated is the entry's own, of a reversal too."""
    said = node.said("CdtDbtInd")
    if said not in ("CRDT", "DBIT"):
        raise direction(said, node.at)
    return 1 if said == "CRDT" else -1


def _part(node: Node, entry_minor: int, currency: str) -> Part:
    """One payment; its amount in the entry's currency where it has one, else in its own."""
    minor = None
    stated = [*node.each("Amt"), *node.each("AmtDtls/TxAmt/Amt")]
    chosen = next((a for a in stated if a.attributes.get("Ccy") == currency), None)
    chosen = chosen or (stated[0] if stated else None)
    if chosen is not None:
        currency = values.currency_code(chosen.attributes.get("Ccy", currency), chosen.at)
        sign = {"CRDT": 1, "DBIT": -1}.get(node.said("CdtDbtInd"), 1 if entry_minor >= 0 else -1)
        minor = sign * values.amount(chosen.text.strip(), currency, chosen.at)
    side, is_credit = ("Dbtr", True) if entry_minor >= 0 else ("Cdtr", False)
    structured = node.said("RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/CdtrRefInf/CdtrRef")
    return Part(
        amount_minor=minor,
        currency=currency,
        reference=_reference(node.said("Refs/EndToEndId"))
        or structured
        or _reference(node.said("Refs/InstrId")),
        bank_reference=node.said("Refs/AcctSvcrRef", "Refs/TxId", "Refs/UETR"),
        description=_description(node, is_credit),
        payer=squeezed(_name(node, side)),
        payer_account=node.said(
            *(f"RltdPties/{side}Acct/Id/{end}" for end in ("IBAN", "Othr/Id", "PrtryAcct/Id"))
        ),
        cheque_number=node.said("Refs/ChqNb"),
    )


def _name(node: Node, side: str) -> str:
    ends = ("Pty/Nm", "Nm", "Agt/FinInstnId/Nm")
    return node.said(*(f"RltdPties/{who}/{end}" for who in (side, "Ultmt" + side) for end in ends))


def _description(node: Node, is_credit: bool) -> str:
    """Everything the payment says in words or references, in the bank's order."""
    ultimate = "RltdPties/UltmtDbtr" if is_credit else "RltdPties/UltmtCdtr"
    paths = (
        "RmtInf/Ustrd",
        "RmtInf/Strd/RfrdDocInf/Nb",
        "RmtInf/Strd/CdtrRefInf/Ref",
        "RmtInf/Strd/CdtrRefInf/CdtrRef",
        "RmtInf/Strd/AddtlRmtInf",
        f"{ultimate}/Nm",
        f"{ultimate}/Pty/Nm",
        "RtrInf/Rsn/Cd",
        "RtrInf/AddtlInf",
        "AddtlTxInf",
    )
    return squeezed(" ".join(found.text for path in paths for found in node.each(path)))


def _reference(text: str) -> str:
    return "" if text.upper() in codes.NONE else text


def _bank_code(node: Node, payments: list[Node]) -> str:
    for each in [node, *payments]:
        parts = [
            each.said("BkTxCd/Domn/Cd"),
            each.said("BkTxCd/Domn/Fmly/Cd"),
            each.said("BkTxCd/Domn/Fmly/SubFmlyCd"),
        ]
        if found := "-".join(filter(None, parts)) or each.said("BkTxCd/Prtry/Cd"):
            return found
    return ""
