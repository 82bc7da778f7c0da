"""What stands on a paper keeps it: a line of the bank its clearing, its moves the import."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.actions import bank, instruments, matching, presenting, requests, returning
from tahsil.actions import imports as act
from tahsil.core.grammar.refusal import Refused
from tahsil.run import check_bank, check_papers
from tahsil.store.models import (
    BankAccount,
    BankLine,
    ImportBatch,
    Instrument,
    InstrumentMove,
    Presentment,
    Receipt,
    Reversal,
)
from tests.actions.money import check_money, open_of
from tests.actions.statements import IBAN, take
from tests.actions.test_imports import CONTRACTS, CUSTOMERS, bring, ctx
from tests.actions.test_instruments import code_of, desk, state
from tests.conftest import TODAY

__all__ = ["bring", "ctx", "desk"]
pytestmark = pytest.mark.django_db
WHOLE = 5_000_000
CHEQUES = """
    cheque no  bank  drawer     customer name    unit    cheque amount  due date    status
    000121     CIB   Mona Adel  Mona Adel Fathi  B1-101  500            13/01/2027  pdc
    000122     CIB   Mona Adel  Mona Adel Fathi  B1-101  500            13/02/2027  pdc
"""
LATE = {"reason": "NSF", "memo": "advice 4"}
BACK = {"document": "wrong cheque"}


@pytest.fixture
def matched(desk):
    """A cheque cleared by the line of a statement."""
    BankAccount.objects.filter(id=desk.bank).update(iban=IBAN)
    paper = desk.sent(lines=[[desk.book.lines["Q01"], WHOLE]])
    (line,) = take(desk.ctx("huda"), (WHOLE, "CHQ 000123"), day=TODAY)
    matching.match(desk.ctx("huda"), line_id=line.id, instrument_id=paper.id)
    return paper


@pytest.mark.parametrize(
    ("verb", "said"), [(returning.bounce_late, LATE), (returning.take_back_clearing, BACK)]
)
def test_what_a_line_of_the_bank_cleared_is_taken_back_at_the_bank_first(desk, matched, verb, said):
    with pytest.raises(Refused) as refused:
        desk.do(verb, matched, by="huda", **said)
    assert refused.value.code == "instrument.matched"
    assert refused.value.facts["line_minor"] == WHOLE
    assert not Reversal.objects.exists()

    bank.unmatch(desk.ctx("huda"), line_id=BankLine.objects.get().id, reason="another cheque")
    assert state(matched) == "under_collection"
    assert (Presentment.objects.get().result, BankLine.objects.get().state) == ("", "open")
    assert open_of(desk.book.account)["Q01"] == WHOLE
    assert Receipt.objects.filter(reversal=None).count() == 0
    assert check_papers.findings() == check_bank.findings() == []
    check_money(desk.book.account)


def test_a_clearing_asked_to_be_taken_back_and_matched_meanwhile_stays(desk):
    """The second person's yes comes after somebody matched the line: the match stands."""
    BankAccount.objects.filter(id=desk.bank).update(iban=IBAN)
    paper = desk.sent(lines=[[desk.book.lines["Q01"], WHOLE]])
    desk.do(presenting.clear, paper, by="huda", value_on=TODAY, reference="by hand")
    asked = desk.do(returning.take_back_clearing, paper, by="huda", **BACK)
    desk.agreed(desk.do(returning.take_back_clearing, paper, by="huda", document="x"), "adel")
    (line,) = take(desk.ctx("huda"), (WHOLE, "CHQ 000123"), day=TODAY)
    matching.match(desk.ctx("huda"), line_id=line.id, instrument_id=paper.id)
    assert code_of(lambda: requests.approve(desk.ctx("adel"), request_id=asked.request_id)) == (
        "instrument.matched"
    )
    assert state(paper) == "cleared"


def test_an_import_whose_cheques_have_moved_is_not_undone(bring, ctx, desk):
    for text in (CUSTOMERS, CONTRACTS):
        bring(text)
    batch = bring(CHEQUES)
    moved, other = Instrument.objects.filter(batch=batch).order_by("number")
    asked = instruments.MOVES["dispatch"](
        desk.ctx("mervat"), account_id=moved.account_id, instrument_id=moved.id, document="list 1"
    )
    requests.approve(desk.ctx("tarek"), request_id=asked.request_id)
    before = list(Instrument.objects.order_by("id").values())
    with pytest.raises(Refused) as refused:
        act.undo(ctx, batch_id=batch.id)
    assert refused.value.code == "import.built_on"
    assert refused.value.facts["work"] == ["1 instrument moves"]
    assert list(Instrument.objects.order_by("id").values()) == before
    assert ImportBatch.objects.get(id=batch.id).state == "committed"
    assert InstrumentMove.objects.filter(instrument=moved).count() == 1
    assert date(2027, 1, 13) == moved.matures_on and other.state == "in_safe"
