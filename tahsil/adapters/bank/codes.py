"""What kind of line it is: the codes of the banks, and cheque numbers in their texts."""

from __future__ import annotations

import re

KINDS = (
    "transfer", "cheque", "cash", "direct_debit", "card", "fee", "interest", "return", "other",
)  # fmt: skip

NONE = {"", "NONREF", "NOTPROVIDED", "NOREF", "NOT PROVIDED"}  # references that are none


def _table(**words: str) -> dict[str, str]:
    return {code: kind for kind, codes in words.items() for code in codes.split()}


SWIFT = _table(
    transfer="TRF STO BNK FEX CLR VDA 151 152 153 154 156 157 158 159 166 177",
    cheque="CHK CHQ ECK TCK COL BOE 101 102 103",
    cash="CAS 082 083",
    direct_debit="DDT 104 105 107",
    fee="CHG BRF COM 808 805",
    interest="INT LDP 814",
    **{"return": "RTI RET 108 109 111"},
)
CAMT_FAMILY = _table(
    transfer="RCDT ICDT RRCT IRCT",
    cheque="RCHQ ICHQ DRFT",
    cash="CNTR",
    direct_debit="RDDT IDDT",
    card="CCRD MCRD",
)
CAMT_DETAIL = _table(
    cheque="CHKD CCHQ BCHQ XBCQ",
    fee="CHRG COMM FEES COME COMT COMI COAT",
    interest="INTR NTAV",
    **{"return": "UPCQ RPCQ UPDD URDD RRTN URTN PRDD CQRV"},
)
OFX = _table(
    transfer="XFER PAYMENT DIRECTDEP REPEATPMT",
    cheque="CHECK",
    cash="CASH ATM",
    direct_debit="DIRECTDEBIT",
    card="POS",
    fee="FEE SRVCHG",
    interest="INT",
)
BAI = _table(
    transfer="142 143 165 166 168 191 195 196 198 201 206 208 301 451 452 455 466 468 491 495 496"
    " 506 508",
    cheque="115 116 118 174 175 187 212 218 219 474 475 477 479 482 484",
    cash="172 173 179 487",
    fee="660 661 666 668 671 695 698",
    interest="354 654",
    **{"return": "252 255 257 258 357 358 552 555 556 557 558 567 655"},
)

_CHEQUE = re.compile(
    r"(?:\bche(?:que|ck)s?|\bch[qk](?:n)?|شيك|चेक)\s*(?:no|nr|num(?:ber)?|رقم|सं)?\s*[.:#/\-]*\s*"
    r"(\d{3,15})\b",
    re.IGNORECASE,
)


def camt(family: str, detail: str) -> str:
    """The kind of a CAMT domain code: the detail decides before the family."""
    return CAMT_DETAIL.get(detail) or CAMT_FAMILY.get(family, "other")


def cheque_in(text: str) -> str:
    """The cheque number that a text names, zeros kept; nothing where it names none."""
    found = _CHEQUE.search(text)
    return found[1] if found else ""
