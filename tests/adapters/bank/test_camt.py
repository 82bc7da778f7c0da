"""CAMT.052, .053, .054: entries, payments inside them, balances, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.adapters.bank import codes, reading
from tahsil.core.grammar.refusal import Refused
from tests.adapters.bank.files import balance, camt, entry, line, one
from tests.tables import table

PAYMENT = """<NtryDtls><TxDtls><Refs><EndToEndId>INV-77</EndToEndId><ChqNb>000123</ChqNb></Refs>
<Amt Ccy="AED">10.50</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<RltdPties><Dbtr><Pty><Nm>ALI  HASSAN</Nm></Pty></Dbtr><UltmtDbtr><Nm>MONA ALI</Nm></UltmtDbtr>
<DbtrAcct><Id><IBAN>AE460090000000123456789</IBAN></Id></DbtrAcct>
<Cdtr><Pty><Nm>OURSELVES</Nm></Pty></Cdtr></RltdPties>
<RmtInf><Ustrd>Flat 1204</Ustrd><Ustrd>first quarter</Ustrd>
<Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>
<AddtlNtryInf>INWARD TRANSFER</AddtlNtryInf>"""


def test_an_entry_says_everything_of_its_only_payment():
    found = line(camt(entry("10.50", "<AcctSvcrRef>B1</AcctSvcrRef>" + PAYMENT)))
    assert (found.amount_minor, found.currency) == (1050, "AED")
    assert (found.booked_on, found.value_on) == (date(2026, 1, 5), date(2026, 1, 6))
    assert (found.reference, found.bank_reference, found.cheque_number) == (
        "INV-77",
        "B1",
        "000123",
    )
    assert (found.payer, found.payer_account) == ("ALI HASSAN", "AE460090000000123456789")
    assert found.description == (
        "Flat 1204 first quarter RF18539007547034 MONA ALI INWARD TRANSFER"
    )
    assert found.parts == ()


def test_of_money_out_the_other_side_is_the_creditor():
    found = line(camt(entry("10.50", PAYMENT.replace("CRDT", "DBIT"), sign="DBIT")))
    assert (found.amount_minor, found.payer) == (-1050, "OURSELVES")


def test_the_older_place_of_names_is_read_too():
    inside = PAYMENT.replace("<Pty>", "").replace("</Pty>", "")
    assert line(camt(entry("10.50", inside))).payer == "ALI HASSAN"


def test_a_reversal_has_the_direction_that_it_states():
    found = line(camt(entry("7", "<RvslInd>true</RvslInd>", sign="DBIT")))
    assert (found.amount_minor, found.is_reversal) == (-700, True)


def batch(*amounts: str) -> str:
    inside = "".join(
        f"<TxDtls><Refs><EndToEndId>E{i}</EndToEndId></Refs><Amt Ccy='AED'>{amount}</Amt></TxDtls>"
        for i, amount in enumerate(amounts)
    )
    return f"<NtryDtls>{inside}</NtryDtls>"


def test_a_batch_is_one_line_with_its_parts():
    found = one(camt(entry("30", batch("10", "20"))))
    assert [line.amount_minor for line in found.lines] == [3000]
    assert [(p.amount_minor, p.reference) for p in found.lines[0].parts] == [
        (1000, "E0"),
        (2000, "E1"),
    ]
    assert [remark.code for remark in found.remarks] == ["bank.unchecked"]


def test_parts_that_do_not_come_to_the_line_are_remarked_and_the_line_counts():
    found = one(camt(entry("30", batch("10", "19.50"))))
    assert found.lines[0].amount_minor == 3000
    assert "bank.parts" in [remark.code for remark in found.remarks]


def test_parts_without_amounts_have_none():
    inside = batch("1", "2").replace("<Amt Ccy='AED'>1</Amt>", "")
    found = one(camt(entry("30", inside.replace("<Amt Ccy='AED'>2</Amt>", ""))))
    assert [part.amount_minor for part in found.lines[0].parts] == [None, None]
    assert [remark.code for remark in found.remarks] == ["bank.unchecked"]


def test_pending_entries_are_flagged_and_not_in_the_balances():
    data = camt(
        entry("5") + entry("9", status="PDNG") + entry("2", status="INFO"),
        balances=balance("OPBD", "1") + balance("CLBD", "6"),
    )
    found = one(data)
    assert [line.is_pending for line in found.lines] == [False, True, True]
    assert (found.opening_minor, found.booked_minor, found.closing_minor) == (100, 500, 600)


@pytest.mark.parametrize(
    "case",
    table("""
    balances              opening  closing  others         why
    OPBD=1 CLBD=6         100      600      -              opening and closing booked
    PRCD=1 CLBD=6         100      600      -              the previous closing opens
    ITBD=1 ITBD=6         100      600      -              a page in the middle
    OPBD=1 ITBD=6         100      -        interim:600    a report of a day that goes on
    OPBD=1 CLBD=6 CLAV=4  100      600      available:400  an available balance besides
    OPBD=1 CLBD=6 FWAV=3  100      600      forward:300    a forward balance besides
    CLBD=6                -        600      -              only the closing
"""),
    ids=lambda case: case["why"],
)
def test_balances(case):
    stated = "".join(balance(*each.split("=")) for each in case["balances"].split())
    found = one(camt(entry("5"), balances=stated))
    assert str(found.opening_minor or "-") == case["opening"]
    assert str(found.closing_minor or "-") == case["closing"]
    assert (",".join(f"{b.kind}:{b.minor}" for b in found.balances) or "-") == case["others"]


@pytest.mark.parametrize(
    "case",
    table("""
    kind    format
    Stmt    camt.053
    Rpt     camt.052
    Ntfctn  camt.054
"""),
    ids=lambda case: case["format"],
)
def test_kinds(case):
    assert one(camt(entry("1"), kind=case["kind"])).format == case["format"]


@pytest.mark.parametrize(
    "case",
    table("""
    family  detail  code      why
    RCDT    DMCT    transfer  money received
    RCHQ    CCHQ    cheque    a cheque
    ICHQ    UPCQ    return    an unpaid cheque
    CNTR    CHKD    cheque    cheques paid in
    CNTR    CDPT    cash      cash paid in
    RCDT    CHRG    fee       a fee
    XXXX    YYYY    other     what nobody knows
"""),
    ids=lambda case: case["why"],
)
def test_codes(case):
    inside = (
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{case['family']}</Cd>"
        f"<SubFmlyCd>{case['detail']}</SubFmlyCd></Fmly></Domn></BkTxCd>"
    )
    found = line(camt(entry("1", inside)))
    assert found.code == case["code"]
    assert found.bank_code == f"PMNT-{case['family']}-{case['detail']}"


def test_every_code_of_every_format_is_of_a_known_kind():
    tables = (codes.SWIFT, codes.CAMT_FAMILY, codes.CAMT_DETAIL, codes.OFX, codes.BAI)
    assert {kind for each in tables for kind in each.values()} <= set(codes.KINDS)


def test_a_return_says_its_reason():
    inside = (
        "<NtryDtls><TxDtls><RtrInf><Rsn><Cd>AM04</Cd></Rsn><AddtlInf>No funds</AddtlInf></RtrInf>"
        "</TxDtls></NtryDtls>"
    )
    found = line(camt(entry("1", inside, sign="DBIT")))
    assert (found.code, found.description) == ("return", "AM04 No funds")


SUMMARY = "<TxsSummry><{0}><NbOfNtries>{1}</NbOfNtries><Sum>{2}</Sum></{0}></TxsSummry>\n"


@pytest.mark.parametrize(
    "case",
    table("""
    name          count  sum   outcome
    TtlNtries     2      7.00  read
    TtlCdtNtries  1      5.00  read
    TtlDbtNtries  1      2.00  read
    TtlNtries     3      7.00  bank.summary
    TtlCdtNtries  1      5.01  bank.summary
"""),
    ids=lambda case: f"{case['name']} {case['outcome']}",
)
def test_the_banks_own_summary_is_compared(case):
    top = SUMMARY.format(case["name"], case["count"], case["sum"])
    data = camt(entry("5") + entry("2", sign="DBIT"), top=top)
    if case["outcome"] == "read":
        assert one(data).booked_minor == 300
        return
    with pytest.raises(Refused) as caught:
        reading.read(data)
    assert (caught.value.code, caught.value.facts["line"]) == (case["outcome"], 4)


@pytest.mark.parametrize("case", table("""
    was                          is                          code            why
    <Amt Ccy="AED">5</Amt>       <Amt Ccy="AED">5,0,0</Amt>  amount          an amount that is none
    <Amt Ccy="AED">5</Amt>       <Amt Ccy="AED">-5</Amt>     amount          a minus besides
    <Amt Ccy="AED">5</Amt>       <Amt Ccy="AED">5.001</Amt>  amount          a third decimal
    <Amt Ccy="AED">5</Amt>       <Amt Ccy="AED"/>            amount_missing  no amount
    <Amt Ccy="AED">5</Amt>       <Amt Ccy="USD">5</Amt>      currencies      another currency
    <Amt Ccy="AED">5</Amt>       <Amt Ccy="dirham">5</Amt>   currency        a currency that is none
    <CdtDbtInd>CRDT</CdtDbtInd>  <CdtDbtInd>X</CdtDbtInd>    direction       no direction
    <Dt>2026-01-05</Dt>          <Dt>2026-02-31</Dt>         date            no day of the calendar
    BookgDt                      NoDt                        -               the value date instead
"""), ids=lambda case: case["why"])  # fmt: skip
def test_refused_with_the_line(case):
    data = camt(entry("5").replace(case["was"], case["is"]))
    if case["code"] == "-":
        assert line(data).booked_on == date(2026, 1, 6)
        assert "bank.no_booking_date" in [remark.code for remark in one(data).remarks]
        return
    with pytest.raises(Refused) as caught:
        reading.read(data)
    assert (caught.value.code, caught.value.facts["line"]) == (f"bank.{case['code']}", 5)


def test_an_account_of_another_name_space_is_read():
    data = camt(entry("5")).replace(b"<Doc", b"<ns2:Doc").replace(b"</Doc", b"</ns2:Doc")
    assert line(data.replace(b"xmlns=", b"xmlns:ns2=")).amount_minor == 500
