"""Every shared bank file: read to its own totals, or refused with its line and cause.

The sums of the MT940 and BAI2 files were compared with those of two other readers; where a file is
refused, its own balances or summary contradict its lines, or it is cut, or holds no statement.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tahsil.adapters.bank import reading
from tahsil.core.grammar.refusal import Refused
from tests.shared import FOLDER, shared
from tests.tables import table

BANK = FOLDER / "data" / "bank"

# sum and closing in minor units, over all statements of the file and of its last one
READ = table("""
    file                                       format    n  lines  sum        closing   in
    account_trailer_amount_blank_example.bai2  bai2      2  0      0          -         USD
    nwb_example.bai2                           bai2      1  5      -2676      33845     GBP
    svb_us_example.bai2                        bai2      2  2      1395996    36122975  USD
    camt052.v1.xml                             camt.052  1  1      -20000000  -         SEK
    camt052.v2.other-account.xml               camt.052  1  1      -20000000  -         SEK
    camt052.v2.xml                             camt.052  1  1      -20000000  -         SEK
    camt052.v4.xml                             camt.052  1  1      -20000000  -         SEK
    camt052.v6.Amt-zero.xml                    camt.052  1  1      -20000000  -         SEK
    camt052.v6.xml                             camt.052  1  1      -20000000  -         SEK
    camt052.v8.xml                             camt.052  1  1      -20000000  -         SEK
    camt053.v2.multi.statement.xml             camt.053  2  2      185        2000      EUR
    camt053.v2.with-account-name.xml           camt.053  1  1      885        -         EUR
    camt054.v2.xml                             camt.054  1  1      -20000000  -         SEK
    camt054.v4.xml                             camt.054  1  1      -20000000  -         SEK
    camt054.v8.xml                             camt.054  1  1      -20000000  -         SEK
    camt53.only-Dt-with-DtTm.xml               camt.053  1  0      0          -         RON
    blank-line-before-header-none-after.qfx    ofx       1  1      -1000      9000      USD
    non-ascii-byte-declared-usascii.qfx        ofx       1  1      -1000      9000      USD
    charset-none-with-encoding-usascii.ofx     ofx       1  1      -1000      9000      USD
    dtstart-ddmmyy.ofx                         ofx       1  1      -1000      9000      USD
    check-without-payee.ofx                    ofx       1  1      -1000      9000      USD
    self-closing-memo-tag.ofx                  ofx       1  1      -1000      9000      USD
    amount-comma-decimal.ofx                   ofx       1  1      -200000    200000    USD
    amount-plus-sign-and-space.ofx             ofx       1  1      100660     9000      USD
    blank-line-before-header.ofx               ofx       1  1      -1000      9000      USD
    character-outside-latin1.ofx               ofx       1  1      -1000      9000      USD
    charset-8859-1-without-iso-prefix.qfx      ofx       1  1      -1000      9000      USD
    chknum-instead-of-checknum.ofx             ofx       1  1      -1000      9000      USD
    mixed-case-trntype.ofx                     ofx       1  1      -1000      9000      USD
    tags-outside-spec.ofx                      ofx       1  1      -1000      9000      USD
    xml-declaration-ofx-2.ofx                  ofx       1  1      -1000      9000      USD
    zero-date.ofx                              ofx       1  1      -1000      9000      USD
    header-on-one-line.qfx                     ofx       1  1      -1000      9000      USD
    ofx-1.0.2.ofx                              ofx       1  1      -1000      9000      USD
    mt940.txt                                  mt940     1  5      -114275    1623392   USD
    generic.sta                                mt940     2  2      -2000      8000      EUR
    rabobank-iban.sta                          mt940     2  4      -7000      93000     EUR
    sns.sta                                    mt940     2  2      -2500      120956    EUR
    mt940.sta                                  mt940     1  3      3          43        PLN
    mBank/mt942.sta                            mt942     1  3      3          -         PLN
    february_30.sta                            mt940     1  1      -600       119400    EUR
    long_statement_number.sta                  mt940     1  0      0          0         TRY
    raphaelm.sta                               mt940     3  9      9500000    9500000   DEM
    transaction_details_wrapped.sta            mt940     1  1      -600       119400    EUR
    wrapped_timestamp.sta                      mt940     1  1      -600       119400    EUR
    anzcc.ofx                                  ofx       1  1      -550       -12345    AUD
    bank_medium.ofx                            ofx       1  3      -34527     38234     CAD
    checking.ofx                               ofx       1  3      -5950      10099     USD
    multiple_accounts.ofx                      ofx       2  0      0          22200     USD
    multiple_accounts2.ofx                     ofx       2  0      0          22200     USD
    suncorp.ofx                                ofx       1  1      -1685      123412    AUD
""")

REFUSED = table("""
    file                                       code               line
    citi_example.bai2                          balance            3
    camt052.v2.with-account-name.xml           date_missing       17
    camt053.v2.all-balance-types.xml           balance            10
    camt053.v2.five.decimals.xml               balance            25
    camt053.v2.minimal.ultimate.xml            currencies         54
    camt053.v2.minimal.xml                     currencies         54
    camt053.v2.with-party-ids.xml              currencies         54
    camt053.v2.wrong.xml                       no_statement       2
    camt053.v3.xml                             currencies         74
    camt053.v4.xml                             currencies         74
    camt053.v8.xml                             currencies         74
    camt054.v2.with-account-name.xml           date_missing       17
    camt054.v8-with-UETR.xml                   date_missing       16
    camt054.v8-with-financial-institution.xml  date_missing       16
    empty-tags-curdef-fitid-name.ofx           no_currency        34
    abnamro.sta                                balance            4,32
    ing.sta                                    balance            4
    knab.sta                                   balance            10
    postfinance.sta                            balance            15
    rabobank.sta                               balance            2,19
    triodos.sta                                balance            1
    with_newline_in_tnr.sta                    balance            2
    account_identification.sta                 no_currency        1,4
    details_60-63.sta                          balance            1
    empty_non_swift.sta                        unknown            1
    gv_codes.sta                               cut                1
    invalid_statement.sta                      unknown            1
    malformed_details.sta                      balance            1
    self-provided/mt942.sta                    summary            11
    multiline.sta                              stray              38
    overly_long_details.sta                    balance            1
    raiffeisen-cmi.sta                         balance            1
    sparkassen.sta                             stray              1
    whitespace.sta                             balance            1
    account_listing_aggregation.ofx            no_statement       11
    bank_small.ofx                             no_statement       11
    error_message.ofx                          server             22
    date_missing.ofx                           date,date_missing  33,42,50
    decimal_error.ofx                          date               36
    empty_balance.ofx                          amount_missing     38
    fidelity-savings.ofx                       investment         36
    fidelity.ofx                               investment         11
    investment_401k.ofx                        investment         36
    investment_medium.ofx                      investment         32
    ofx-v102-empty-tags.ofx                    amount_missing     23
    signon_fail.ofx                            server             11
    signon_success.ofx                         no_statement       11
    signon_success_no_message.ofx              no_statement       11
    td_ameritrade.ofx                          investment         36
    tiaacref.ofx                               investment         11
    vanguard.ofx                               investment         11
    vanguard401k.ofx                           investment         11
""")


def files() -> list[Path]:
    """Every bank file, notes and licences left out."""
    about = {".md", ".json", ".yml", ""}
    return [path for path in sorted(BANK.rglob("*")) if path.is_file() and path.suffix not in about]


def content(name: str) -> bytes:
    shared("data/bank")
    return next(path for path in files() if str(path).endswith(f"/{name}")).read_bytes()


@pytest.mark.parametrize("case", READ, ids=lambda case: case["file"])
def test_a_file_is_read_to_its_own_totals(case):
    found = reading.read(content(case["file"]), name=case["file"])
    lines = [line for each in found for line in each.lines]
    closing = found[-1].closing_minor
    assert {each.format for each in found} == {case["format"]}
    assert (len(found), len(lines)) == (int(case["n"]), int(case["lines"]))
    assert sum(line.amount_minor for line in lines) == int(case["sum"])
    assert ("-" if closing is None else str(closing)) == case["closing"]
    assert {each.currency for each in found} == {case["in"]}
    assert len({line.fingerprint for line in lines}) == len(lines)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["file"])
def test_a_file_is_refused_with_line_and_cause(case):
    with pytest.raises(Refused) as caught:
        reading.read(content(case["file"]), name=case["file"])
    parts = getattr(caught.value, "parts", [caught.value])
    assert {part.code.removeprefix("bank.") for part in parts} == set(case["code"].split(","))
    assert ",".join(str(part.facts["line"]) for part in parts) == case["line"]
    assert str(caught.value)


def test_no_shared_file_is_without_an_outcome():
    shared("data/bank")
    known = [case["file"] for case in (*READ, *REFUSED)]
    assert [p.name for p in files() if not any(str(p).endswith(f"/{name}") for name in known)] == []


@pytest.mark.parametrize("case", READ, ids=lambda case: case["file"])
def test_the_same_file_again_has_the_same_fingerprints(case):
    once, again = (
        [line.fingerprint for each in reading.read(content(case["file"])) for line in each.lines]
        for _ in range(2)
    )
    assert once == again


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_a_file_cut_anywhere_is_read_or_refused_and_never_fails(path):
    data = path.read_bytes()
    for part in range(1, 20):
        try:
            reading.read(data[: len(data) * part // 20])
        except Refused as refused:
            assert str(refused)
