"""Money recorded before its bank line came: linked with it, never recorded again."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.actions import bank, matching, presenting, receipts, returning
from tahsil.actions._verb import Waiting
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import bank_line
from tahsil.run import check_bank
from tahsil.run import matching as run
from tahsil.run import matching_report as report
from tahsil.store.models import (
    BankAccount,
    BankLine,
    BankMatch,
    Instrument,
    LearnedPayer,
    Presentment,
    Receipt,
    Reversal,
)
from tests.actions.money import check_money
from tests.actions.statements import bank_account, take
from tests.conftest import TODAY
from tests.tables import table

pytestmark = pytest.mark.django_db
Q01 = 50_000_00
SURE = "TRF MONA ADEL YAS-B-12/02"
ON = date(2026, 11, 20)  # the day of every bank line here


@pytest.fixture
def ours(book):
    return bank_account(book.people.creditor)


@pytest.fixture
def huda(book, ours):
    return lambda **more: book.ctx("huda", **more)


def refused(code: str):
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def recorded(book, amount=Q01, *, on=ON, instrument="transfer", reference="", account=None, **more):
    done = receipts.record(
        book.ctx("sara", as_of=on), account_id=account or book.account, amount_minor=amount,
        value_on=on, instrument=instrument, reference=reference, **more,
    )  # fmt: skip
    return Receipt.objects.get(id=done.id)


@pytest.mark.parametrize("case", table("""
    by        on          reference  amount    says   posted  why
    transfer  2026-11-20  -          50000.00  -      0       the money recorded by hand comes
    transfer  2026-11-16  -          50000.00  -      0       a bank is some days late
    transfer  2026-11-10  -          50000.00  -      1       another week is another payment
    transfer  2026-11-01  TT991      50000.00  TT991  0       its reference names it whenever
    transfer  2026-11-20  -          20000.00  -      1       another amount is other money
    cash      2026-11-20  -          50000.00  -      1       no transfer brought cash in a drawer
    cash      2026-11-20  TT991      50000.00  TT991  0       cash whose reference the bank says
"""), ids=lambda case: case["why"])  # fmt: skip
def test_what_was_recorded_is_not_posted_again(book, huda, case):
    amount = int(case["amount"].replace(".", ""))
    before = recorded(
        book, amount, on=date.fromisoformat(case["on"]), instrument=case["by"],
        reference=case["reference"].strip("-"),
    )  # fmt: skip
    said = case["says"].strip("-")
    take(huda(), (Q01, f"TRF MONA ADEL {said} YAS-B-12/02"))
    found = run.match(huda())
    assert len(found.posted) == int(case["posted"])
    assert Receipt.objects.count() == 1 + int(case["posted"])
    if not found.posted:
        (said,) = report.report(found)["lines"]
        assert (said["kind"], said["receipt_ids"]) == ("propose", [before.id])
        assert f"It is receipt {before.number}, recorded by " in said["evidence"][0]
    check_money(book.account)
    assert check_bank.findings() == []


def test_what_was_recorded_while_matching_ran_is_left_to_a_person(book, huda):
    (line,) = take(huda(), (Q01, SURE))
    recorded(book)
    each = {"line_id": line.id, "account_id": book.account,
            "allocations": [[book.lines["Q02"], Q01]]}  # fmt: skip
    assert matching.post(huda(), [each]) == 0
    assert BankLine.objects.get().state == "open"


def test_the_proposal_shows_the_receipt_first_and_the_account_after_it(book, huda):
    before = recorded(book)
    (line,) = take(huda(), (Q01, SURE))
    run.match(huda())
    page = bank_line.line(huda().standing, line.id, as_of=TODAY)
    assert [each.receipt_id for each in page.receipts] == [before.id]
    assert page.evidence[0].template.startswith("It is receipt {receipt}")
    assert [answer.account_id for answer in page.answers] == [book.account]


def test_a_line_is_linked_with_the_receipt_and_let_go_again(book, huda):
    before = recorded(book)
    (line,) = take(huda(), (Q01, "/NAME/HASSAN BROTHERS"))
    matching.match(huda(), line_id=line.id, parts=[{"receipt_id": before.id}])
    assert Receipt.objects.get() == before
    assert BankLine.objects.get().state == "matched"
    match = BankMatch.objects.get()
    assert (match.receipt_id, match.is_link, match.kind) == (before.id, True, "confirmed")
    assert check_bank.findings() == []
    bank.unmatch(huda(), line_id=line.id, reason="another one")
    assert not Reversal.objects.exists()
    assert not LearnedPayer.objects.filter(count__gt=0).exists()
    matching.match(huda(), line_id=line.id, parts=[{"receipt_id": before.id}])
    assert check_bank.findings() == []
    check_money(book.account)


def test_a_large_link_is_let_go_without_a_yes(book, huda):
    before = recorded(book, 600_000_00)
    (line,) = take(huda(), (600_000_00, "LARGE"))
    matching.match(huda(), line_id=line.id, parts=[{"receipt_id": before.id}])
    assert not isinstance(bank.unmatch(huda(), line_id=line.id, reason="wrong"), Waiting)


def test_two_receipts_of_one_transfer_are_linked_together(book, huda):
    first = recorded(book, 30_000_00, reference="TT991")
    second = recorded(book, 20_000_00, reference="TT991")
    (line,) = take(huda(), (Q01, "TRF MONA ADEL TT991 YAS-B-12/01"))
    (said,) = report.report(run.match(huda()))["lines"]
    assert said["receipt_ids"] == [first.id, second.id]
    assert not said["receipts"]
    parts = [{"receipt_id": key} for key in said["receipt_ids"]]
    matching.match(huda(), line_id=line.id, parts=parts)
    assert Receipt.objects.count() == 2
    assert check_bank.findings() == []


def test_a_line_may_be_one_receipt_and_new_money(book, huda):
    before = recorded(book, 30_000_00)
    (line,) = take(huda(), (Q01, "FAMILY"))
    parts = [{"receipt_id": before.id}, {"account_id": book.other, "amount_minor": 20_000_00}]
    matching.match(huda(), line_id=line.id, parts=parts)
    assert Receipt.objects.count() == 2
    assert check_bank.findings() == []


def test_a_person_says_that_it_is_other_money(book, huda):
    recorded(book)
    (line,) = take(huda(), (Q01, SURE))
    parts = [{"account_id": book.account, "amount_minor": Q01}]
    with refused("bank.recorded"):
        matching.match(huda(), line_id=line.id, parts=parts)
    matching.match(huda(), line_id=line.id, parts=parts, confirm=True)
    assert Receipt.objects.count() == 2


def test_what_cannot_be_linked_is_refused(book, huda):
    taken, gone, paper, less = (recorded(book, amount, reference=f"R{n}", kind=kind)
        for n, (amount, kind) in enumerate(
            [(Q01, "money"), (Q01, "money"), (Q01, "withholding"), (9_00, "money")]))  # fmt: skip
    abroad = recorded(book, account=book.other)
    receipts.reverse(book.ctx("sara"), account_id=book.account, receipt_id=gone.id, reason="wrong")
    first, line = take(huda(), (Q01, "ONE"), (Q01, "TWO"))
    matching.match(huda(), line_id=first.id, parts=[{"receipt_id": taken.id}])
    type(abroad.account).objects.filter(id=book.other).update(currency="USD")
    for code, receipt_id in (
        ("bank.receipt_taken", taken.id),
        ("bank.receipt_gone", gone.id),
        ("bank.no_money", paper.id),
        ("bank.parts", less.id),
        ("bank.account_currency", abroad.id),
        ("bank.no_receipt", 999_999),
    ):
        with refused(code):
            matching.match(huda(), line_id=line.id, parts=[{"receipt_id": receipt_id}])
    assert BankMatch.objects.count() == 1


@pytest.fixture
def cheque(book, ours):
    """Mona's cheque for Q01, at the bank since its day."""
    paper = Instrument.objects.create(
        account_id=book.account, kind="cheque", number="000123", bank="NBE",
        amount_minor=Q01, matures_on=date(2026, 11, 18), state="under_collection",
    )  # fmt: skip
    Presentment.objects.create(
        instrument=paper, seq=1, sent_on=date(2026, 11, 18), expected_on=ON,
        bank_account=BankAccount.objects.get(),
    )  # fmt: skip
    return paper


def of(book, cheque) -> dict:
    return {"account_id": book.account, "instrument_id": cheque.id}


def test_a_cheque_cleared_by_hand_is_linked_with_its_line(book, huda, cheque):
    presenting.clear(book.ctx("huda"), **of(book, cheque), value_on=ON, reference="ADV 1")
    (line,) = take(huda(), (Q01, "CHQ 123 CLEARING MONA ADEL"))
    (said,) = report.report(run.match(huda()))["lines"]
    assert said["evidence"][0].startswith("It is cheque 000123, cleared with receipt ")
    matching.match(huda(), line_id=line.id, instrument_id=cheque.id)
    match = BankMatch.objects.get()
    assert (match.purpose, match.is_link) == ("cheque_cleared", True)
    assert Receipt.objects.count() == 1
    bank.unmatch(huda(), line_id=line.id, reason="another")
    cheque.refresh_from_db()
    assert (cheque.state, Reversal.objects.count()) == ("cleared", 0)
    assert check_bank.findings() == []


def test_a_receipt_somebody_wrote_for_a_cheque_keeps_the_line_from_clearing_it(book, huda, cheque):
    recorded(book, instrument="cheque", reference="000123")
    (line,) = take(huda(), (Q01, "CHQ 123 CLEARING"))
    assert not run.match(huda()).posted
    with refused("bank.recorded"):
        matching.match(huda(), line_id=line.id, instrument_id=cheque.id)
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("case", table("""
    paid      line      state             why
    20000.00  30000.00  cleared           what is left of a cheque clears it
    20000.00  50000.00  under_collection  its whole amount is not to come any more
"""), ids=lambda case: case["why"])  # fmt: skip
def test_a_cheque_paid_in_part_is_worth_its_rest(book, huda, cheque, case):
    paid, on_line = (int(case[name].replace(".", "")) for name in ("paid", "line"))
    presenting.pay_in_part(
        book.ctx("huda"), **of(book, cheque), amount_minor=paid, certificate="C 1",
        value_on=date(2026, 11, 18),
    )  # fmt: skip
    Instrument.objects.update(state="under_collection")  # presented again
    Presentment.objects.create(instrument=cheque, seq=2, sent_on=date(2026, 11, 19), expected_on=ON)
    take(huda(), (on_line, "CHQ 123 CLEARING"))
    run.match(huda())
    cheque.refresh_from_db()
    assert cheque.state == case["state"]
    if cheque.state == "cleared":
        assert sum(Receipt.objects.values_list("amount_minor", flat=True)) == Q01
    check_money(book.account)


def test_what_the_bank_brought_and_somebody_records_again_asks_first(book, huda):
    take(huda(), (Q01, SURE))
    run.match(huda())
    with refused("receipt.from_bank"):
        recorded(book, reference="any")
    recorded(book, reference="any", confirm=True)
    recorded(book, reference="other day", on=date(2026, 11, 19))
    assert Receipt.objects.count() == 3


def test_a_receipt_a_line_or_a_cheque_names_is_taken_back_there(book, huda, cheque):
    presenting.clear(book.ctx("huda"), **of(book, cheque), value_on=ON, reference="ADV 1")
    cleared = Receipt.objects.get()
    linked = recorded(book, 9_00)
    one, two = take(huda(), (7_00, "ONE"), (9_00, "TWO"))
    parts = [{"account_id": book.account, "amount_minor": 7_00}]
    matching.match(huda(), line_id=one.id, parts=parts)
    matching.match(huda(), line_id=two.id, parts=[{"receipt_id": linked.id}])
    matched = Receipt.objects.get(amount_minor=7_00)
    for code, receipt in (
        ("receipt.of_cheque", cleared), ("receipt.matched", matched), ("receipt.linked", linked),
    ):  # fmt: skip
        with refused(code):
            receipts.reverse(
                book.ctx("sara"), account_id=book.account, receipt_id=receipt.id, reason="wrong"
            )
    bank.unmatch(huda(), line_id=two.id, reason="other")
    receipts.reverse(
        book.ctx("sara"), account_id=book.account, receipt_id=linked.id, reason="wrong"
    )
    returning.take_back_clearing(book.ctx("sara"), **of(book, cheque), document="D 1")
    assert Reversal.objects.filter(receipt__in=[cleared, linked]).exists()
    check_money(book.account)


def test_evidence_says_each_thing_once(book, huda):
    take(huda(), (Q01, "TRF MONA YAS-B-12 B-12 YAS-B-12"))
    (said,) = report.report(run.match(huda()))["lines"]
    assert len(said["evidence"]) == len(set(said["evidence"]))


@pytest.mark.parametrize("case", table("""
    payer            account     kept             why
    HASSAN BROTHERS  EG38000201  HASSAN BROTHERS  who pays in the debtor's stead is on the receipt
    -                EG38000201  EG38000201       a bank that names nobody names an account
"""), ids=lambda case: case["why"])  # fmt: skip
def test_the_receipt_keeps_what_the_line_says_of_the_payer(book, huda, case):
    ours = BankAccount.objects.get()
    line = {
        "booked_on": ON.isoformat(), "amount_minor": Q01, "text": "YAS-B-12/02",
        "payer": case["payer"].strip("-"), "payer_account": case["account"], "fingerprint": "F-1",
    }  # fmt: skip
    bank.take_in(
        huda(), bank_account_id=ours.id, file_name="x",
        statement={"currency": "EGP", "lines": [line]},
    )  # fmt: skip
    run.match(huda())
    parts = [{"account_id": book.account, "amount_minor": Q01}]
    if BankLine.objects.get().state == "open":
        matching.match(huda(), line_id=BankLine.objects.get().id, parts=parts)
    assert Receipt.objects.get().payer == case["kept"]
