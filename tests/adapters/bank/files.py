"""Small bank files written for tests: one statement around the lines a test is about."""

from __future__ import annotations

from tahsil.adapters.bank import reading
from tahsil.adapters.bank.statement import Line, Mapping, Statement


def mt940(*tags: str, opening: str = "C260101AED0,00", closing: str = "") -> bytes:
    """An MT940 statement of the tags; without a closing balance it is cut off."""
    head = [":20:REF", ":25:AE070331234567890123456", ":28C:1/1", f":60F:{opening}"]
    return "\n".join([*head, *tags, *([f":62F:{closing}", "-"] if closing else [])]).encode()


def camt(entries: str, *, balances: str = "", top: str = "", kind: str = "Stmt") -> bytes:
    """A CAMT message with one statement, report (Rpt) or notification (Ntfctn)."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:'
        f'camt.053.001.08"><BkToCstmr{kind}><GrpHdr><MsgId>M1</MsgId></GrpHdr>\n<{kind}><Id>S1</Id>'
        f"<Acct><Id><IBAN>AE070331234567890123456</IBAN></Id><Ccy>AED</Ccy></Acct>\n{balances}{top}"
        f"{entries}\n</{kind}></BkToCstmr{kind}></Document>"
    ).encode()


def entry(amount: str, inside: str = "", *, sign: str = "CRDT", status: str = "BOOK") -> str:
    """A CAMT entry of an amount in AED."""
    return (
        f'\n<Ntry><Amt Ccy="AED">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>{status}</Cd>'
        f"</Sts><BookgDt><Dt>2026-01-05</Dt></BookgDt><ValDt><Dt>2026-01-06</Dt></ValDt>{inside}"
        "</Ntry>"
    )


def balance(code: str, amount: str, sign: str = "CRDT", on: str = "2026-01-05") -> str:
    """A CAMT balance in AED."""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="AED">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>\n'
    )


def ofx(
    lines: str, *, currency: str = "AED", ledger: str = "<BALAMT>90.00<DTASOF>20260131"
) -> bytes:
    """An OFX 1 bank statement."""
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n"
        f"<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>{currency}\n"
        "<BANKACCTFROM><BANKID>1<ACCTID>4711<ACCTTYPE>CHECKING</BANKACCTFROM>\n"
        f"<BANKTRANLIST><DTSTART>20260101<DTEND>20260131\n{lines}\n</BANKTRANLIST>\n"
        f"<LEDGERBAL>{ledger}</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    ).encode()


def bai2(*details: str, head: str = "4711,AED", total: int = 0) -> bytes:
    """A BAI2 file of one account; its trailers count the records and carry the total."""
    records = [f"03,{head}/", *details]
    inside = len(records) + 1
    return "\n".join(
        [
            "01,BANK,US,260106,0600,1,,,2/",
            "02,US,BANK,1,260105,,AED,2/",
            *records,
            f"49,{total},{inside}/",
            f"98,{total},1,{inside + 2}/",
            f"99,{total},1,{inside + 4}/",
        ]
    ).encode()


def one(data: bytes, **said: str) -> Statement:
    """The only statement of the file."""
    (found,) = reading.read(data, name="file", mapping=Mapping(**said))
    return found


def line(data: bytes, **said: str) -> Line:
    """The only line of the only statement."""
    (found,) = one(data, **said).lines
    return found
