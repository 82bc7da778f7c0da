"""Files that are no statements, or mean harm: each ends in a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tahsil.adapters.bank import reading
from tahsil.core.grammar.refusal import Refused
from tests.adapters.bank.files import bai2, camt, entry, mt940, ofx
from tests.tables import table


def code(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        reading.read(data, name="file")
    assert str(caught.value)
    return caught.value.code


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>\n'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n'
TYPE = b'<!DOCTYPE x SYSTEM "http://example.org/x.dtd">\n'


@pytest.mark.parametrize("declared", [LAUGHS, OUTSIDE, TYPE], ids=["laughs", "outside", "type"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declarations_are_refused_in_camt(declared, encoding):
    text = camt(entry("5")).decode().replace("UTF-8", encoding.upper())
    text = text.replace("?>\n", "?>\n" + declared.decode(), 1).replace("S1", "&c;")
    assert code(text.encode(encoding)) == "bank.xml_hostile"


@pytest.mark.parametrize("declared", [LAUGHS, OUTSIDE, TYPE], ids=["laughs", "outside", "type"])
def test_declarations_are_refused_in_ofx(declared):
    assert code(b"<?xml version='1.0'?>" + declared + b"<OFX></OFX>") == "bank.xml_hostile"


@pytest.mark.parametrize(
    "case",
    table("""
    name  tag
    camt  a
    ofx   OFX
"""),
    ids=lambda case: case["name"],
)
def test_elements_without_end_are_refused(case):
    deep = f"<{case['tag']}>" * 100_000
    start = "<?xml version='1.0'?><!-- camt.053 -->" if case["name"] == "camt" else ""
    assert code((start + deep).encode()) == "bank.xml_deep"


def test_an_entity_that_nobody_declared_is_refused_or_stays_text():
    assert code(camt(entry("5").replace("BOOK", "&boom;"))) == "bank.xml_broken"
    found = reading.read(ofx("<STMTTRN><DTPOSTED>20260105<TRNAMT>1<NAME>&boom;</STMTTRN>"))
    assert found[0].lines[0].payer == "&boom;"


@pytest.mark.parametrize(
    "case",
    table("""
    content                    code     why
    -                          empty    nothing
    %PDF-1.7                   unknown  a document
    PK                         unknown  a workbook
    Date,Amount                unknown  a table
    <html><body>Login</body>   unknown  a page
    <?xml version="1.0"?><a/>  unknown  other XML
    1                          unknown  a number
    :NS:                       unknown  a tag alone
"""),
    ids=lambda case: case["why"],
)
def test_what_is_no_statement(case):
    assert code(case["content"].strip("-").encode()) == f"bank.{case['code']}"


def test_a_file_too_large_is_not_read():
    assert code(b":20:A\n" + b" " * reading.MAX_BYTES) == "bank.too_large"


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "no-such-letters"])
def test_an_encoding_that_does_not_fit_is_refused(encoding):
    data = mt940(":61:260105C1,NTRFX", ":86:\u00e9", closing="C260105AED1,").decode()
    with pytest.raises(Refused) as caught:
        mapping = reading.Mapping(encoding=encoding)
        reading.read(data.encode("latin-1"), mapping=mapping)
    assert caught.value.code == "bank.letters"


def test_declared_letters_that_are_not_there_are_refused():
    data = camt(entry("5")).replace(b"UTF-8", b"nothing-1")
    assert code(data) in ("bank.xml_broken", "bank.letters")


SEEDS = [
    mt940(":61:2601050105C10,NTRFINV-7//B1", ":86:text", closing="C260105AED10,"),
    camt(entry("5")),
    ofx("<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260105<TRNAMT>1.00<FITID>1</STMTTRN>"),
    bai2("16,195,500,Z,B1,R1,text", total=500),
]


@settings(max_examples=300, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    at=st.integers(0, 2000),
    junk=st.binary(max_size=6),
    cut=st.integers(0, 40),
)
def test_a_damaged_file_is_read_or_refused_and_never_fails(seed, at, junk, cut):
    at %= len(seed)
    data = seed[:at] + junk + seed[at + cut :]
    try:
        reading.read(data)
    except Refused as refused:
        assert str(refused)
