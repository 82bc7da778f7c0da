"""Numbers of receipts: spoilt ones kept, paper books held by one person, other payers known."""

from __future__ import annotations

import pytest

from tahsil.actions import numbers, receipts
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import numbers as read
from tahsil.queries import receipts as receipts_read
from tahsil.run import check, check_refunds
from tahsil.store.models import Receipt, ReceiptBook, ReceiptPayer
from tests.conftest import TODAY
from tests.tables import table

YESTERDAY = TODAY.replace(day=TODAY.day - 1)


def record(book, amount=100, *, by="huda", **more):
    params = {"instrument": "cash", "value_on": TODAY, "confirm": True, **more}
    done = receipts.record(book.ctx(by), account_id=book.account, amount_minor=amount, **params)
    return Receipt.objects.get(id=done.id)


@pytest.fixture
def issued(book):
    """Lina holds the leaves 101 to 110."""
    numbers.issue(
        book.ctx("sara"), code="BK-1", first=101, last=110, holder_id=book.people.lina,
        document="H-7", issued_on=YESTERDAY,
    )  # fmt: skip
    return ReceiptBook.objects.get()


def test_a_spoilt_number_is_kept_and_leaves_no_gap(book):
    record(book)
    done = numbers.cancel(book.ctx("huda"), reason="printer jam")
    assert done.facts["number"] == "CAI-HUDA-2026-000002"
    assert record(book).number == "CAI-HUDA-2026-000003"
    assert check._series() == []
    (run,) = read.numbers(book.ctx("sara").standing, as_of=TODAY).runs
    assert (run.used, run.cancelled, run.missing) == (2, 1, ())
    found = read.numbers(book.ctx("sara").standing, as_of=TODAY, kind="series", run_id=run.id)
    assert [(row.serial, row.state) for row in found.rows] == [
        (3, "used"), (2, "cancelled"), (1, "used"),
    ]  # fmt: skip


def test_a_number_that_is_nowhere_is_alarmed(book):
    from tahsil.store.models import ReceiptSeries

    record(book)
    ReceiptSeries.objects.update(last=3)
    (run,) = read.numbers(book.ctx("sara").standing, as_of=TODAY).runs
    assert run.missing == (2, 3)
    assert [finding.code for finding in check._series()] == ["series.gap"]


@pytest.mark.parametrize("case", table("""
    by      leaf   code             why
    huda    101    book.not_yours   a book of somebody else
    lina    100    book.not_yours   before its first leaf
    lina    111    book.not_yours   after its last
    lina    103    book.used        a leaf has one receipt
    lina    104    book.cancelled   a spoilt leaf has none
    """), ids=lambda case: case["why"])  # fmt: skip
def test_a_leaf_is_used_once_by_who_holds_the_book(book, issued, case):
    record(book, by="lina", paper_number=103)
    numbers.cancel(book.ctx("lina"), reason="wrote a wrong name", serial=104)
    before = Receipt.objects.count()
    with pytest.raises(Refused) as refused:
        record(book, by=case["by"], paper_number=int(case["leaf"]))
    assert refused.value.code == case["code"]
    assert str(refused.value)
    assert Receipt.objects.count() == before


def test_the_register_says_what_became_of_each_leaf(book, issued):
    money = record(book, by="lina", paper_number=101)
    record(book, by="lina", paper_number=104)
    numbers.cancel(book.ctx("lina"), reason="torn", serial=102)
    standing = book.ctx("sara").standing
    run = next(each for each in read.numbers(standing, as_of=TODAY).runs if each.kind == "book")
    assert (run.used, run.cancelled, run.unused, run.missing) == (2, 1, 6, (103,))
    numbers.end(book.ctx("sara"), book_id=issued.id, kind="lost", document="police 12/2026")
    run = next(each for each in read.numbers(standing, as_of=TODAY).runs if each.kind == "book")
    assert run.missing == (103, 105, 106, 107, 108, 109, 110)
    page = receipts_read.receipt(standing, money.id, as_of=TODAY)
    assert (page.book, page.paper_number) == ("BK-1", 101)
    assert check_refunds.findings() == []


@pytest.mark.parametrize("case", table("""
    code              more                            why
    book.twice        first=105 last=120              numbers another book has
    book.range        first=20 last=10                the last after the first
    book.holder       holder_id=99999                 to nobody
    given.missing     document=                       without a signature
    """), ids=lambda case: case["why"])  # fmt: skip
def test_a_book_is_issued_against_signature(book, issued, case):
    more = dict(pair.split("=") for pair in case["more"].split())
    params = {"code": "BK-2", "first": 201, "last": 210, "holder_id": book.people.lina,
              "document": "H-8"}  # fmt: skip
    params |= {name: int(value) if value.isdigit() else value for name, value in more.items()}
    with pytest.raises(Refused) as refused:
        numbers.issue(book.ctx("sara"), **params)
    assert refused.value.code == case["code"]


@pytest.mark.parametrize("case", table("""
    kind      document   code            why
    lost      -          given.missing   a lost book needs the police report
    burnt     x          book.kind       burnt is not known
    """), ids=lambda case: case["why"])  # fmt: skip
def test_a_book_ends_as_it_must(book, issued, case):
    document = case["document"].strip("-")
    with pytest.raises(Refused) as refused:
        numbers.end(book.ctx("sara"), book_id=issued.id, kind=case["kind"], document=document)
    assert refused.value.code == case["code"]


def test_a_book_handed_back_takes_only_what_was_written_before(book, issued):
    numbers.end(book.ctx("sara"), book_id=issued.id, kind="returned", effective_on=YESTERDAY)
    with pytest.raises(Refused) as refused:
        record(book, by="lina", paper_number=101)
    assert refused.value.code == "book.ended"
    assert record(book, by="lina", paper_number=101, value_on=YESTERDAY).paper.serial == 101
    with pytest.raises(Refused) as refused:
        numbers.end(book.ctx("sara"), book_id=issued.id, kind="exhausted")
    assert refused.value.code == "book.over"


@pytest.mark.parametrize("case", table("""
    payer        relation  identity  consent  amount    missing           why
    Mona Adel    -         -         no       10000100  -                 the debtor needs nothing
    Samir Fathi  -         -         no       10000000  -                 up to the bound
    Samir Fathi  -         2980      no       10000001  relation,consent  above it everything
    Samir Fathi  spouse    2980      no       10000001  consent           one thing less
    Samir Fathi  spouse    2980      yes      10000001  -                 all of it
    """), ids=lambda case: case["why"])  # fmt: skip
def test_another_payer_is_known_above_an_amount(book, case):
    told = {
        "payer": case["payer"], "payer_relation": case["relation"].strip("-"),
        "payer_identity": case["identity"].strip("-"), "has_consent": case["consent"] == "yes",
    }  # fmt: skip
    wanted = [each for each in case["missing"].split(",") if each != "-"]
    if not wanted:
        record(book, int(case["amount"]), instrument="transfer", **told)
        has = bool(told["payer_relation"])
        assert ReceiptPayer.objects.count() == int(has)
        return
    with pytest.raises(Refused) as refused:
        record(book, int(case["amount"]), instrument="transfer", **told)
    assert (refused.value.code, refused.value.facts["missing"]) == ("payer.unknown", wanted)


def test_the_identity_of_another_payer_is_shown_by_its_end(book):
    money = record(book, payer="Nile Trading", payer_relation="company", payer_identity="CR-123456")
    page = receipts_read.receipt(book.ctx("sara").standing, money.id, as_of=TODAY)
    assert (page.payer_relation, page.payer_identity[-4:]) == ("company", "3456")
    assert "123456" not in page.payer_identity
