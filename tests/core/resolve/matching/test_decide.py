# ruff: noqa: E501  (a row of a table is one line)
"""What a bank line is, whose money, for which instalments: by the shipped policy."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tahsil.core.grammar.refusal import say
from tahsil.core.resolve.matching.rows import Cheque, Owed
from tahsil.core.resolve.matching.sentences import SENTENCES
from tests.core.resolve.matching.situations import BOOK, TODAY, decide, line, said
from tests.tables import table

# One line alone; the payer stands in the text. Account 1 owes 3 x 50,000 and 120,000 as CT00571/01-04.
LINES = table("""
    text                                             amount  kind     account  pays                                              why
    TRF FROM KARIM SAYED SOLIMAN ELGENDY CT00571/01  50000   auto     1        CT00571/01=50000                                  all agrees, in the other script
    CT00571/01                                       50000   auto     1        CT00571/01=50000                                  reference and amount, no name
    ct 00571 / 1 كريم سيد سليمان الجندي              50000   auto     1        CT00571/01=50000                                  zeros lost, spaces
    كريم سيد سليمان الجندي CT٠٠٥٧١ قسط ٢             50000   auto     1        CT00571/02=50000                                  Arabic digits and a word between
    كريم سيد سليمان الجندي CT0057102                 50000   auto     1        CT00571/02=50000                                  marks lost
    كريم سيد سليمان الجندي CT00571/01-03             150000  auto     1        CT00571/01=50000 CT00571/02=50000 CT00571/03=50000  a range
    كريم سيد سليمان الجندي CT00571/01,04             170000  auto     1        CT00571/01=50000 CT00571/04=120000                a list
    كريم سيد سليمان الجندي CT00571/01                170000  auto     1        CT00571/01=50000 CT00571/04=120000                one reference dropped: the sum is completed
    كريم سيد سليمان الجندي CT00571/03                20000   auto     1        CT00571/03=20000                                  a part of what is named
    CT00571/03                                       20000   propose  1        CT00571/03=20000                                  a part, and no name to agree
    كريم سيد سليمان الجندي CT00571/03                50700   auto     1        CT00571/03=50000 rest=700                         more than is named
    كريم سيد سليمان الجندي CT00571/03                49975   auto     1        CT00571/03=49975                                  a bank's fee is missing
    كريم سيد سليمان الجندي CT00571                   50000   auto     1        CT00571/01=50000                                  the contract only: the oldest of this amount
    كريم سيد سليمان الجندي                           120000  auto     1        CT00571/04=120000                                 no reference, name and a rare amount
    كريم سيد سليمان الجندي                           100000  auto     1        CT00571/01=50000 CT00571/02=50000                 the two oldest together
    كريم سيد سليمان الجندي                           20000   propose  1        CT00571/01=20000                                  a part without a reference
    كريم سيد سليمان الجندي                           49975   propose  1        CT00571/01=49975                                  a fee, without a reference
    كريم سيد سليمان الجندي CT00571/77                50000   propose  1        CT00571/01=50000                                  no such instalment
    كريم سيد سليمان الجندي CT00751/01                50000   auto     1        CT00571/01=50000                                  two digits swapped, the name agrees
    CT00751/01                                       50000   propose  1        CT00571/01=50000                                  two digits swapped, no name
    كريم سيد سليمان الجندي CT00572/03                50000   propose  1        CT00571/03=50000                                  the reference of one, the name of another
    AHMED YOUSRY BADAWI CT00571/01                   50000   propose  1        CT00571/01=50000                                  a third party, for the first time
    AHMED YOUSRY BADAWI                              50000   leave    -        -                                                 nobody we know
    TARIQ NABEEL FAHMI                               33133   auto     3        NC00100/07=33133                                  another spelling, an amount nobody else owes
    TAREK NABIL FAHNY                                33133   propose  3        NC00100/07=33133                                  a misspelt name alone
    SAMIR ADEL GHALI                                 50000   auto     4        NC00200/01=50000                                  not his sister Samira
    S ADEL GHALI                                     50000   ask      4        NC00200/01=50000                                  brother or sister
    CT00571/01 NC00100/07                            83133   propose  1        CT00571/01=50000 NC00100/07=33133                 one credit for two accounts
    كريم سيد سليمان الجندي CT00571/01 USD 1030       50000   propose  1        CT00571/01=50000                                  the text speaks of another currency
    OWN ACCOUNT TRANSFER KARIM SAYED SOLIMAN         50000   leave    -        -                                                 our own money
    CREDIT INTEREST SEP 2026                         120.5   leave    -        -                                                 interest
    تحويل بين حساباتنا                               50000   leave    -        -                                                 our own money, in Arabic
    SALARY SEP CT00571/01                            50000   propose  1        CT00571/01=50000                                  an employer who names the instalment
    BANK CHARGES                                     -35     leave    -        -                                                 money left
    """)  # fmt: skip


@pytest.mark.parametrize("case", LINES, ids=lambda case: case["why"])
def test_one_line(case):
    decision = decide(line(case["text"], float(case["amount"])))[0]
    account = str(decision.account_id or "-")
    assert (decision.kind, account, said(decision)) == (case["kind"], case["account"], case["pays"])


@pytest.mark.parametrize("case", LINES, ids=lambda case: case["why"])
def test_every_decision_says_why(case):
    decision = decide(line(case["text"], float(case["amount"])))[0]
    assert decision.evidence
    for each in decision.evidence:
        assert each.template in SENTENCES.values()
        assert "{" not in say(each.template, each.facts)


def test_the_evidence_is_what_a_person_would_say():
    decision = decide(line("KARIM SAYED SOLIMAN ELGENDY CT00571/01", 50_000))[0]
    assert [str(each) for each in decision.evidence] == [
        "Reference CT00571/01 found.",
        "The payer's name is the debtor's.",
        "The amount equals what the references name.",
    ]


def test_known_payers_need_no_name():
    lines = (
        line("TRANSFER", 50_000, 1, payer_account="EG380019000500000000263180002"),
        line("TRANSFER", 33_133, 2, virtual_account="9900000003"),
        line("WALLET 01001234567", 120_000, 3),
    )
    decisions = decide(*lines)
    assert [each.kind for each in decisions] == ["auto"] * 3
    assert [each.account_id for each in decisions] == [2, 3, 1]


def test_a_name_cut_short_by_the_bank_is_only_proposed_until_proven():
    decision = decide(line("TRANSFER", 33_133, payer="Tarek Nabil Fah"))[0]
    assert (decision.kind, decision.account_id) == ("propose", 3)
    assert decision.is_clear
    assert decision.evidence[-1].code == "match.unproven"


def test_another_currency_is_proposed_without_a_split():
    decision = decide(line("Mona Hassan El Kholy CT00572/03", 1_030, currency="USD"))[0]
    assert (decision.kind, decision.account_id, said(decision)) == ("propose", 2, "rest=1030")


def test_money_of_one_bank_account_pays_only_what_it_may_hold():
    items = tuple(
        item._replace(bank_rule="maintenance" if item.id == 1 else "price") for item in BOOK.owed
    )
    book = BOOK._replace(owed=items)
    name = "كريم سيد سليمان الجندي CT00571"
    price = decide(line(name, 50_000, bank_rule="price"), book=book)[0]
    upkeep = decide(line(name, 50_000, bank_rule="maintenance"), book=book)[0]
    assert (said(price), said(upkeep)) == ("CT00571/02=50000", "CT00571/01=50000")


def test_a_contract_named_is_the_contract_paid():
    other = Owed(900, 1, TODAY - timedelta(days=400), 50_000_00, "EGP", ("CT00999/01",), "CT00999")
    book = BOOK._replace(owed=(*BOOK.owed, other))
    name = "كريم سيد سليمان الجندي"
    one, another, none = decide(
        line(f"{name} CT00571", 50_000, 1), line(f"{name} CT00999", 50_000, 2),
        line(name, 50_000, 3, on=TODAY + timedelta(days=9)), book=book,
    )  # fmt: skip
    assert [said(one), said(another)] == ["CT00571/01=50000", "900=50000"]
    assert said(none) == "CT00571/02=50000"


REPEATS = table("""
    second                                          days  reference  kind   purpose    why
    INWARD 771234567 MONA HASSAN EL KHOLY CT00572/03  0     FT1        leave  duplicate  the file came twice
    INWARD 779999999 MONA HASSAN EL KHOLY CT00572/03  2     FT2        leave  duplicate  the same words, another trace
    INWARD 779999999 MONA HASSAN EL KHOLY CT00572/04  2     FT2        auto   receipt    the next instalment
    """)  # fmt: skip


@pytest.mark.parametrize("case", REPEATS, ids=lambda case: case["why"])
def test_lines_that_come_again(case):
    text = "INWARD 771234567 MONA HASSAN EL KHOLY CT00572/03"
    first = line(text, 50_000, 1, bank_reference="FT1")
    on = TODAY + timedelta(days=int(case["days"]))
    second = line(case["second"], 50_000, 2, on=on, bank_reference=case["reference"])
    together = decide(first, second)
    later = decide(second, book=BOOK._replace(earlier=(first,)))
    assert together[0].kind == "auto"
    for decision in (together[1], later[0]):
        assert (decision.kind, decision.purpose) == (case["kind"], case["purpose"])


def test_paid_by_an_earlier_line_is_never_paid_again():
    first = line("MONA HASSAN EL KHOLY CT00572/03", 50_000, 1)
    again = line("PAYMENT CT00572/03 MONA EL KHOLY", 50_000, 2, on=TODAY + timedelta(days=20))
    decisions = decide(first, again)
    assert [each.kind for each in decisions] == ["auto", "propose"]
    assert "already paid" in " ".join(map(str, decisions[1].evidence))


def test_two_lines_never_take_one_instalment():
    name = "كريم سيد سليمان الجندي"
    lines = [line(f"{name} {n}", 50_000, n, on=TODAY + timedelta(days=8 * n)) for n in range(4)]
    decisions = decide(*lines)
    assert [said(each) for each in decisions[:3]] == [
        "CT00571/01=50000", "CT00571/02=50000", "CT00571/03=50000",
    ]  # fmt: skip
    assert decisions[3].kind == "propose"


def test_who_names_an_instalment_has_it_before_who_does_not():
    silent = line("كريم سيد سليمان الجندي", 50_000, 1)
    naming = line("كريم سيد سليمان الجندي CT00571/01", 50_000, 2, on=TODAY + timedelta(days=3))
    assert [said(each) for each in decide(silent, naming)] == [
        "CT00571/02=50000",
        "CT00571/01=50000",
    ]


def test_a_reversal_names_its_line_and_stops_it():
    credit = line("MONA HASSAN EL KHOLY CT00572/03", 50_000, 1, bank_reference="FT9")
    back = line("REVERSAL FT9 MONA HASSAN EL KHOLY", -50_000, 2)
    first, second = decide(credit, back)
    assert (first.kind, first.purpose, first.other_line_id) == ("propose", "reversed", 2)
    assert (second.kind, second.purpose, second.other_line_id) == ("leave", "reversal", 1)


CHEQUES = table("""
    text                       amount   kind     purpose          cheque  why
    INWARD CLEARING CHQ 123    144000   auto     cheque_cleared   1       zeros lost, the amount tells two apart
    شيك رقم ٠٠٠١٢٣ مقاصة       96500    auto     cheque_cleared   2       in Arabic
    CHQ RET 00123 FUNDS        -144000  auto     cheque_returned  1       returned
    CHQ 0700                   10000    propose  cheque_cleared   3       two cheques of this number and amount
    RETURNED CHQ 99            -500     leave    cheque_returned  -       no such cheque
    """)  # fmt: skip


@pytest.mark.parametrize("case", CHEQUES, ids=lambda case: case["why"])
def test_cheques(case):
    decision = decide(line(case["text"], float(case["amount"])))[0]
    found = (decision.kind, decision.purpose, str(decision.cheque_id or "-"))
    assert found == (case["kind"], case["purpose"], case["cheque"])
    assert decision.allocations == ()


def test_a_cheque_long_before_its_day_is_proposed():
    early = BOOK._replace(cheques=(Cheque(9, 1, "55", 500_00, "EGP", TODAY + timedelta(days=90)),))
    assert decide(line("CHQ 55", 500), book=early)[0].kind == "propose"


def test_the_others_are_ranked():
    decision = decide(line("S ADEL GHALI", 50_000))[0]
    assert [each.account_id for each in decision.alternatives] == [5]
    assert decision.margin < 1
