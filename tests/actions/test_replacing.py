"""What may come in the place of a paper: for its own lines, money that is here, each once."""

from __future__ import annotations

import pytest

from tahsil.actions import obligations, presenting, receipts, replacing, returning
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import (
    Instrument,
    InstrumentLine,
    InstrumentReplacement,
    Receipt,
)
from tests.actions.test_instruments import code_of, desk, state
from tests.conftest import TODAY

__all__ = ["desk"]
WHOLE = 5_000_000


@pytest.fixture
def bounced(desk):
    """A cheque for one line that came back unpaid."""
    return returned(desk, desk.sent(lines=[[desk.book.lines["Q01"], WHOLE]]))


def returned(desk, paper: Instrument) -> Instrument:
    desk.do(returning.bounce, paper, by="huda", reason="NSF", memo=f"memo {paper.number}")
    return Instrument.objects.get(id=paper.id)


def unlined(paper: Instrument) -> Instrument:
    """The same paper naming no line, as imports bring them."""
    InstrumentLine.objects.filter(instrument=paper).delete()
    return paper


def paid(desk, minor: int, reference: str = "R", line: str = "Q01") -> Receipt:
    """Money that came on the account and pays that line."""
    done = receipts.record(
        desk.ctx("huda"), account_id=desk.book.account, amount_minor=minor, value_on=TODAY,
        instrument="cash", instruction=[[desk.book.lines[line], minor]], reference=reference,
    )  # fmt: skip
    return Receipt.objects.get(id=done.id)


def replaced(desk, old: Instrument, *new: Instrument, money: tuple[Receipt, ...] = ()):
    return desk.do(
        replacing.replace, old, by="sara", instruments=[each.id for each in new],
        receipts=[each.id for each in money],
    )  # fmt: skip


def settled(desk, old: Instrument, *money: Receipt):
    return desk.do(replacing.settle, old, by="sara", receipts=[each.id for each in money])


def came(old: Instrument) -> list[tuple[str, int]]:
    return [
        (each.new.number if each.new else each.receipt.number, each.amount_minor)
        for each in InstrumentReplacement.objects.filter(old=old).order_by("id")
    ]


def test_a_paper_for_the_same_line_takes_the_place(desk, bounced):
    new = desk.kept("000200", instead_of=bounced.id)
    assert [row.obligation.label for row in new.lines.all()] == ["Q01"]
    replaced(desk, bounced, new)
    assert state(bounced) == "replaced"
    assert came(bounced) == [("000200", WHOLE)]


def test_a_paper_in_the_safe_may_be_exchanged_for_one_of_another_date(desk):
    old = desk.kept(lines=[[desk.book.lines["Q01"], WHOLE]])
    new = desk.kept("000200", minor=6_000_000, instead_of=old.id, matures_on="2026-12-20")
    covered = {row.obligation.label: row.amount_minor for row in new.lines.all()}
    assert covered == {"Q01": WHOLE, "Q03": 1_000_000}  # its line first, the rest the nearest
    replaced(desk, old, new)
    assert state(old) == "replaced"


def test_a_paper_for_other_lines_takes_no_place(desk, bounced):
    other = desk.kept("000200", lines=[[desk.book.lines["Q02"], WHOLE]])
    with pytest.raises(Refused) as refused:
        replaced(desk, bounced, other)
    assert (refused.value.code, refused.value.facts["covered_minor"]) == ("instrument.uncovered", 0)
    assert state(bounced) == "bounced"


def test_only_what_is_for_its_lines_counts(desk, bounced):
    ids = desk.book.lines
    part = desk.kept("000200", lines=[[ids["Q01"], 2_000_000], [ids["Q02"], 3_000_000]])
    assert code_of(lambda: replaced(desk, bounced, part)) == "instrument.uncovered"
    rest = desk.kept("000201", minor=3_000_000, lines=[[ids["Q01"], 3_000_000]])
    replaced(desk, bounced, part, rest)
    assert came(bounced) == [("000200", 2_000_000), ("000201", 3_000_000)]


def test_a_paper_replaces_once(desk):
    """Two cheques of 25,000 for one line; one new cheque of 25,000 is not for both."""
    half, line = WHOLE // 2, desk.book.lines["Q01"]
    first, second = (
        returned(desk, desk.sent(number, minor=half, lines=[[line, half]]))
        for number in ("000123", "000124")
    )
    new = desk.kept("000200", minor=half, lines=[[line, half]])
    replaced(desk, first, new)
    assert code_of(lambda: replaced(desk, second, new)) == "instrument.instead_used"
    assert state(second) == "bounced"


def test_a_large_paper_replaces_as_far_as_it_goes(desk):
    ids = desk.book.lines
    old = [
        returned(desk, desk.sent(number, lines=[[ids[line], WHOLE]]))
        for number, line in (("000123", "Q01"), ("000124", "Q02"))
    ]
    new = desk.kept("000200", 2 * WHOLE, lines=[[ids["Q01"], WHOLE], [ids["Q02"], WHOLE]])
    for each in old:
        replaced(desk, each, new)
    assert [state(each) for each in old] == ["replaced", "replaced"]


def test_a_paper_that_names_no_line_is_replaced_by_amount(desk):
    old = unlined(desk.kept())
    small = desk.kept("000200", minor=WHOLE - 1)
    assert code_of(lambda: replaced(desk, old, small)) == "instrument.uncovered"
    replaced(desk, old, small, money=(paid(desk, 1),))
    assert came(old) == [("CAI-HUDA-2026-000001", 1), ("000200", WHOLE - 1)]


def test_a_returned_paper_without_lines_is_settled_by_money_not_by_saying_so(desk):
    old = unlined(returned(desk, desk.sent()))
    assert code_of(lambda: settled(desk, old)) == "instrument.unpaid"
    short = paid(desk, WHOLE - 1)
    assert code_of(lambda: settled(desk, old, short)) == "instrument.unpaid"
    settled(desk, old, short, paid(desk, 1, "R2"))
    assert state(old) == "settled_otherwise"


def test_money_settles_the_lines_it_paid(desk, bounced):
    elsewhere = paid(desk, WHOLE, line="Q02")
    assert code_of(lambda: settled(desk, bounced, elsewhere)) == "instrument.still_open"
    money = paid(desk, WHOLE, "R2")
    assert code_of(lambda: settled(desk, bounced)) == "instrument.unpaid"
    assert code_of(lambda: settled(desk, bounced, elsewhere)) == "instrument.unpaid"
    settled(desk, bounced, money)
    assert came(bounced) == [(money.number, WHOLE)]


def test_what_was_waived_nobody_has_to_bring(desk, bounced):
    desk.agreed(
        obligations.adjust(
            desk.ctx("sara"), account_id=desk.book.account, obligation_id=desk.book.lines["Q01"],
            amount_minor=-1_000_000, reason="goodwill",
        ),
        "adel",
    )  # fmt: skip
    settled(desk, bounced, paid(desk, WHOLE - 1_000_000))
    assert state(bounced) == "settled_otherwise"


def test_money_taken_back_settles_nothing(desk):
    old = unlined(returned(desk, desk.sent()))
    money = paid(desk, WHOLE)
    receipts.undo(desk.ctx("sara"), money, reason="a mistake", on=TODAY)
    assert code_of(lambda: settled(desk, old, money)) == "instrument.money_gone"
    assert state(old) == "bounced"


def test_money_settles_once(desk):
    first, second = (unlined(returned(desk, desk.sent(number))) for number in ("000123", "000124"))
    money = paid(desk, WHOLE)
    settled(desk, first, money)
    assert code_of(lambda: settled(desk, second, money)) == "instrument.instead_used"
    assert state(second) == "bounced"


def test_the_part_the_bank_paid_is_no_money_of_its_own(desk):
    paper = unlined(desk.sent())
    desk.do(presenting.pay_in_part, paper, by="huda", amount_minor=3_000_000, certificate="C",
            value_on=TODAY)  # fmt: skip
    own = Receipt.objects.get()
    assert code_of(lambda: settled(desk, paper, own)) == "instrument.own_money"
    settled(desk, Instrument.objects.get(id=paper.id), paid(desk, 2_000_000))
    assert state(paper) == "settled_otherwise"


@pytest.mark.parametrize("field", ["instruments", "receipts"])
def test_nothing_of_another_account_comes_instead(desk, bounced, field):
    asked = {field: [999]}
    assert code_of(lambda: desk.do(replacing.replace, bounced, by="sara", **asked)) == (
        "instrument.instead_unknown"
    )


def test_a_paper_cannot_come_instead_of_one_of_another_account(desk):
    assert code_of(lambda: desk.captured(instead_of=999)) == "instrument.unknown"
    assert not Instrument.objects.exists()
