"""What is written as MT940, BAI2 or CAMT is read back to the last minor unit."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tahsil.adapters.bank import reading
from tahsil.adapters.bank.codes import NONE
from tahsil.core.grammar.money import decimal_text, scale
from tests.adapters.bank.files import bai2

CURRENCIES = st.sampled_from(["AED", "KWD", "JPY", "EGP"])
WORD = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=12)
WORD = WORD.filter(lambda word: word not in NONE)
LINES = st.lists(
    st.tuples(st.integers(-(10**9), 10**9).filter(bool), WORD, st.integers(0, 400)), max_size=12
)


def amount(minor: int, currency: str) -> str:
    text = decimal_text(abs(minor), currency, grouped=False).replace(".", ",")
    return text if scale(currency) else text + ","


def stated(kind: str, minor: int, currency: str) -> str:
    return f":{kind}:{'D' if minor < 0 else 'C'}260101{currency}{amount(minor, currency)}"


@settings(max_examples=100, deadline=None)
@given(currency=CURRENCIES, opening=st.integers(-(10**9), 10**9), lines=LINES)
def test_mt940(currency, opening, lines):
    tags = [":20:A", ":25:4711", ":28C:1", stated("60F", opening, currency)]
    for minor, word, days in lines:
        on = date(2025, 6, 1) + timedelta(days)
        mark = "D" if minor < 0 else "C"
        tags.append(f":61:{on:%y%m%d%m%d}{mark}{amount(minor, currency)}NTRF{word}//{word}")
        tags.append(f":86:{word} {word}")
    closing = opening + sum(minor for minor, _, _ in lines)
    (found,) = reading.read("\n".join([*tags, stated("62F", closing, currency), "-"]).encode())
    assert [(x.amount_minor, x.reference, x.bank_reference) for x in found.lines] == [
        (minor, word, word) for minor, word, _ in lines
    ]
    assert [x.booked_on for x in found.lines] == [
        date(2025, 6, 1) + timedelta(days) for _, _, days in lines
    ]
    assert (found.opening_minor, found.closing_minor) == (opening, closing)
    assert len({x.fingerprint for x in found.lines}) == len(lines)


@settings(max_examples=100, deadline=None)
@given(currency=CURRENCIES, opening=st.integers(-(10**9), 10**9), lines=LINES)
def test_bai2(currency, opening, lines):
    closing = opening + sum(minor for minor, _, _ in lines)
    details = [
        f"16,{195 if minor > 0 else 495},{abs(minor)},Z,{word},{word},{word} / {word}"
        for minor, word, _ in lines
    ]
    total = opening + closing + sum(abs(minor) for minor, _, _ in lines)
    head = f"4711,{currency},010,{opening},,,015,{closing},,"
    (found,) = reading.read(bai2(*details, head=head, total=total))
    assert [(x.amount_minor, x.reference, x.description) for x in found.lines] == [
        (minor, word, f"{word} / {word}") for minor, word, _ in lines
    ]
    assert (found.opening_minor, found.closing_minor) == (opening, closing)


@settings(max_examples=60, deadline=None)
@given(currency=CURRENCIES, opening=st.integers(-(10**9), 10**9), lines=LINES)
def test_camt(currency, opening, lines):
    def money(minor: int) -> str:
        text = decimal_text(abs(minor), currency, grouped=False)
        sign = "DBIT" if minor < 0 else "CRDT"
        return f'<Amt Ccy="{currency}">{text}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'

    def balance(code: str, minor: int) -> str:
        kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        return f"<Bal>{kind}{money(minor)}<Dt><Dt>2026-01-01</Dt></Dt></Bal>"

    closing = opening + sum(minor for minor, _, _ in lines)
    entries = "".join(
        f"<Ntry>{money(minor)}<Sts>BOOK</Sts><BookgDt><Dt>{date(2025, 6, 1) + timedelta(days)}</Dt>"
        f"</BookgDt><AcctSvcrRef>{word}</AcctSvcrRef></Ntry>"
        for minor, word, days in lines
    )
    data = (
        "<Document><BkToCstmrStmt><Stmt><Id>1</Id><Acct><Id><IBAN>AE07</IBAN></Id></Acct>"
        f"{balance('OPBD', opening)}{balance('CLBD', closing)}{entries}</Stmt></BkToCstmrStmt>"
        "</Document>"
    )
    (found,) = reading.read(data.encode())
    assert [(x.amount_minor, x.bank_reference) for x in found.lines] == [
        (minor, word) for minor, word, _ in lines
    ]
    assert (found.opening_minor, found.closing_minor) == (opening, closing)
