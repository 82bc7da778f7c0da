"""The book, our postings and the general ledger side by side; months that are closed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tahsil.actions import ledger_balances, obligations, periods, receipts
from tahsil.actions._verb import Waiting
from tahsil.core.book.journal import CUSTOMERS
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import journal, tie_out
from tahsil.queries import periods as months
from tahsil.run import check_ledger
from tahsil.store.models import Creditor, PolicyVersion, Receipt
from tests.stories.signing import owed, sign
from tests.stories.test_one_cheque import agreed, on

pytestmark = pytest.mark.django_db

SEPTEMBER, OCTOBER = "2026-09-30", "2026-10-31"


@pytest.fixture
def account_id(life, people) -> int:
    """Mona owes 10,000 in September and 20,000 in October; half of September came in."""
    lines = [
        owed("instalment", "Q01", 10_000_00, "2026-09-10"),
        owed("instalment", "Q02", 20_000_00, "2026-10-10"),
    ]
    account_id, _ = sign(life, people, lines=lines)
    on(life, "2026-09-20")
    paid(life, account_id, 5_000_00, "2026-09-20")
    on(life, "2026-10-01")
    return account_id


def paid(life, account_id: int, minor: int, value_on: str) -> None:
    made = receipts.record(
        life.ctx("sara"), account_id=account_id, amount_minor=minor, value_on=value_on,
        instrument="transfer", confirm=True,
    )  # fmt: skip
    if isinstance(made, Waiting):  # dated far back: somebody else's yes
        agreed(life, made, "adel")


def loaded(life, minor: int, day: str, **more: Any) -> None:
    """The general ledger says so much of customers, and nothing of the other accounts."""
    balances = [["1310", "Customers", "EGP", minor], ["9999", "Sales", "EGP", -minor]]
    ledger_balances.load(
        life.ctx("adel"), creditor_id=creditor(), balance_on=day, balances=balances, **more
    )


def creditor() -> int:
    return Creditor.objects.get(code="NIL").id


def tie(life, day: str) -> tie_out.Tie:
    (found,) = tie_out.tie_out(life.who("adel"), as_of=date.fromisoformat(day))
    return found


def causes(found: tie_out.Tie, part: str = "receivables") -> dict[str, int]:
    (own,) = [each for each in found.parts if each.part == part]
    return {each.cause: each.amount_minor // 100 for each in own.causes}


def test_ours_agree_before_a_balance_is_read_in(life, account_id):
    found = tie(life, SEPTEMBER)
    assert found.positions_minor == found.lines_minor == found.ageing_minor == 25_000_00
    assert (found.own_minor, found.ledger_minor, found.state) == (25_000_00, None, "unseen")
    assert sum(minor for name, minor in found.columns if name != "unapplied") == 25_000_00


def test_a_balance_that_agrees_ties(life, account_id):
    loaded(life, 25_000_00, SEPTEMBER)
    found = tie(life, SEPTEMBER)
    assert (found.state, found.difference_minor, found.is_sound) == ("tied", 0, True)


def test_each_cause_is_told_apart(life, account_id):
    loaded(life, 25_700_00, SEPTEMBER)  # 700 that nobody can explain
    assert causes(tie(life, SEPTEMBER)) == {"unknown": 700}
    on(life, "2026-10-03")
    paid(life, account_id, 1_000_00, "2026-09-28")  # told after the balance was read in
    assert causes(tie(life, SEPTEMBER)) == {"told_later": 1000, "unknown": 700}
    paid(life, account_id, 2_000_00, "2026-10-03")  # after the balance's day
    assert causes(tie(life, "2026-10-03")) == {
        "told_later": 1000, "after_balance": 2000, "unknown": 700,
    }  # fmt: skip
    on(life, "2026-11-01")
    loaded(life, 22_700_00, OCTOBER)
    assert causes(tie(life, OCTOBER)) == {"opening": 700}  # it stood there from the first
    on(life, "2026-11-20")
    paid(life, account_id, 300_00, "2026-10-30")  # October is past its days: posted on the 20th
    found = tie(life, OCTOBER)
    assert causes(found) == {"forward": 300, "opening": 700}
    assert (found.is_sound, found.state) == (True, "explained")
    (item,) = tie_out.tie_out(
        life.who("adel"), as_of=date(2026, 10, 31), cause="forward", part="receivables"
    )[0].items
    assert (item.on.isoformat(), item.happened_on.isoformat()) == ("2026-11-20", "2026-10-30")


def test_a_list_of_entries_tells_what_is_not_loaded_and_what_is_not_ours(life, account_id):
    loaded(life, 30_450_00, SEPTEMBER)
    entries = [["1310", "EGP", "2026-09-12", "JV-77", "Rent of the cafeteria", 450_00],
               ["1120", "EGP", "2026-09-30", "JV-78", "Bank interest", 3_00]]  # fmt: skip
    ledger_balances.load(
        life.ctx("adel"), creditor_id=creditor(), balance_on=SEPTEMBER, entries=entries
    )
    assert causes(tie(life, SEPTEMBER)) == {"not_loaded": 5000, "not_ours": 450}
    key = Receipt.objects.get().id
    entries.append(["1310", "EGP", "2026-09-20", "JV-79", f"receipt:{key}/E17", -5_000_00])
    ledger_balances.load(
        life.ctx("adel"), creditor_id=creditor(), balance_on=SEPTEMBER, entries=entries
    )
    assert "not_loaded" not in causes(tie(life, SEPTEMBER))


def test_small_rests_are_rounding(life, account_id):
    loaded(life, 25_000_01, SEPTEMBER)
    assert [each.cause for part in tie(life, SEPTEMBER).parts for each in part.causes] == [
        "rounding"
    ]


def test_the_same_balances_again_are_refused(life, account_id):
    loaded(life, 1, SEPTEMBER)
    with pytest.raises(Refused) as refused:
        loaded(life, 1, SEPTEMBER)
    assert refused.value.code == "ledger.known"


def closed(life, day: str) -> None:
    asked = periods.close(life.ctx("huda"), creditor_id=creditor(), month_on=day)
    assert isinstance(asked, Waiting)
    agreed(life, asked, "adel")


def refusal(call: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value


def test_a_closed_month_refuses_money_and_says_the_first_open_day(life, account_id):
    closed(life, "2026-09-01")
    said = refusal(lambda: paid(life, account_id, 1_000_00, "2026-09-28"))
    assert said.code == "period.closed"
    assert said.facts["first_open"] == date(2026, 10, 1)
    earlier = refusal(lambda: paid(life, account_id, 1_000_00, "2026-08-28"))
    assert earlier.code == "period.closed"  # months before a closed one are closed with it
    receipt = Receipt.objects.get()
    undo = refusal(
        lambda: receipts.reverse(
            life.ctx("sara"),
            account_id=account_id,
            receipt_id=receipt.id,
            reason="Not hers",
            effective_on="2026-09-29",
        )
    )
    assert (undo.code, Receipt.objects.filter(reversal=None).count()) == ("period.closed", 1)
    paid(life, account_id, 1_000_00, "2026-10-01")
    assert Receipt.objects.count() == 2


def test_nobody_closes_alone_nor_a_month_that_runs(life, account_id):
    asked = periods.close(life.ctx("adel"), creditor_id=creditor(), month_on="2026-09-01")
    assert isinstance(asked, Waiting)
    running = refusal(
        lambda: periods.close(life.ctx("huda"), creditor_id=creditor(), month_on="2026-10-01")
    )
    assert running.code == "period.running"


def test_opened_again_it_takes_money_into_the_month(life, account_id):
    closed(life, "2026-09-01")
    on(life, "2026-10-20")
    periods.reopen(
        life.ctx("adel"), creditor_id=creditor(), month_on="2026-09-01", reason="Late slips"
    )
    paid(life, account_id, 1_000_00, "2026-09-28")
    days = [str(batch.on) for batch in read(life).batches]
    assert days == ["2026-09-20", "2026-09-28"]  # past its five days, but open by hand
    rows = [row for row in months.periods(life.who("adel"), as_of=life.as_of)
            if row.month_on == date(2026, 9, 1)]  # fmt: skip
    assert [row.state for row in rows] == ["reopened"]


def test_where_policy_forwards_it_is_posted_in_the_open_month(life, account_id):
    forward(life)
    closed(life, "2026-09-01")  # on 1 October, before its five days are over
    before = read(life)
    on(life, "2026-10-03")
    paid(life, account_id, 1_000_00, "2026-09-28")
    after = read(life)
    assert [str(batch.on) for batch in after.batches] == ["2026-09-20", "2026-10-03"]
    assert after.batches[0].entries == before.batches[0].entries
    (row,) = [row for row in months.periods(life.who("adel"), as_of=life.as_of)
              if row.state == "closed"]  # fmt: skip
    assert row.is_same and row.lines[0].debit_minor == row.lines[0].now_minor == 5_000_00
    found = tie(life, SEPTEMBER)
    assert (found.is_sound, found.own_minor) == (True, 24_000_00)
    assert not check_ledger.findings(life.as_of)


def test_the_check_finds_a_closed_month_that_changed(life, account_id):
    closed(life, "2026-09-01")
    assert not check_ledger.findings(life.as_of)
    forged(account_id)
    codes = {each.code for each in check_ledger.findings(life.as_of)}
    assert "period.changed" in codes


def forged(account_id: int) -> None:
    """A charge slipped in behind the door, as if it had been recorded in September."""
    from datetime import UTC, datetime

    from tahsil.store.models import Obligation

    Obligation.objects.create(
        account_id=account_id, category="penalty", amount_minor=100, raised_on=date(2026, 9, 5),
        due_on=date(2026, 9, 5), recorded_at=datetime(2026, 9, 5, tzinfo=UTC),
    )  # fmt: skip


def read(life) -> journal.Journal:
    return journal.journal(
        life.who("adel"), since=date(2026, 1, 1), until=life.as_of, as_of=life.as_of
    )


def forward(life) -> None:
    old = PolicyVersion.objects.get(kind="journal", code="locked")
    PolicyVersion.objects.create(
        kind="journal", code="locked", version=2, since_on=date(2026, 9, 1), source="test",
        body={**old.body, "mode": "forward"}, published_at=life.now,
    )  # fmt: skip


def test_a_written_off_charge_leaves_its_part(life, account_id):
    done = obligations.raise_(
        life.ctx("sara"), account_id=account_id, category="penalty", amount_minor=500_00,
        due_on="2026-10-01",
    )  # fmt: skip
    assert done.facts
    found = tie(life, "2026-10-01")
    book = {part.part: part.book_minor for part in found.parts if part.book_minor}
    assert book == {"receivables": 25_000_00, "penalties": 500_00}
    assert found.is_sound and CUSTOMERS == "customers"
