"""When a cheque goes to the bank, when the answer is due, and when it is too late."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.core.book.presenting import (
    Family,
    Terms,
    bank_day,
    check_deposit,
    check_hold,
    check_represent,
    expected_on,
    present_on,
    stale_on,
)
from tahsil.core.grammar.dates import Calendar
from tahsil.core.grammar.refusal import Refused

# Egypt: Friday and Saturday are free, 6 October 2026 is a holiday.
EGYPT = Calendar(
    "EG", ((date(2000, 1, 1), frozenset({4, 5})),), {date(2026, 10, 6): "Armed Forces Day"}
)
TERMS = Terms(
    lead={"in_safe": 1, "bank_custody": 0}, clearing_days=2, stale_months=6, late_return_days=5,
    hold_days={"in_safe": 3, "bank_custody": 5},
)  # fmt: skip

MATURITIES = [
    # dated            the bank pays     leaves the safe   leaves the bank's custody
    ("2026-10-13", "2026-10-13", "2026-10-12", "2026-10-13"),
    ("2026-10-16", "2026-10-18", "2026-10-15", "2026-10-18"),  # a Friday
    ("2026-10-18", "2026-10-18", "2026-10-15", "2026-10-18"),  # a Sunday: taken on Thursday
    ("2026-10-06", "2026-10-07", "2026-10-05", "2026-10-07"),  # a holiday
]


@pytest.mark.parametrize(("dated", "pays", "from_safe", "from_bank"), MATURITIES)
def test_a_cheque_is_at_the_bank_on_the_day_it_is_paid(dated, pays, from_safe, from_bank):
    matures_on = date.fromisoformat(dated)

    assert bank_day(matures_on, EGYPT) == date.fromisoformat(pays)
    assert present_on(matures_on, "in_safe", TERMS, EGYPT) == date.fromisoformat(from_safe)
    assert present_on(matures_on, "bank_custody", TERMS, EGYPT) == date.fromisoformat(from_bank)


@pytest.mark.parametrize(
    ("sent", "dated", "same_bank", "expected"),
    [
        ("2026-11-05", "2026-11-05", False, "2026-11-09"),  # Thursday, then Sunday and Monday
        ("2026-11-01", "2026-11-05", False, "2026-11-09"),  # sent early, counted from its date
        ("2026-11-08", "2026-11-05", True, "2026-11-08"),
    ],
)
def test_the_answer_is_due_after_deposit_and_maturity(sent, dated, same_bank, expected):
    found = expected_on(
        date.fromisoformat(sent), date.fromisoformat(dated), TERMS, EGYPT, same_bank=same_bank
    )
    assert found == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("on", "code"),
    [
        ("2026-10-11", "instrument.early"),
        ("2026-10-12", None),
        ("2027-04-12", None),
        ("2027-04-13", "instrument.stale"),
    ],
)
def test_a_cheque_is_neither_early_nor_stale_at_the_bank(on, code):
    dated = date(2026, 10, 13)
    args = ("000123", dated, date.fromisoformat(on), date(2026, 10, 12), TERMS)
    if code is None:
        check_deposit(*args)
        return
    with pytest.raises(Refused) as refused:
        check_deposit(*args)

    assert refused.value.code == code


def test_six_months_from_the_last_of_august_end_with_february():
    assert stale_on(date(2026, 8, 31), TERMS) == date(2027, 2, 28)


NSF = Family("NSF", presentments=3, has_fee=True, counts=True, has_clock=True, severity=3, next="")
CLOSED = Family("ACCOUNT_CLOSED", 1, True, True, True, 4, "", kills_leaves=True)


@pytest.mark.parametrize(
    ("reasons", "presented", "is_possible"),
    [([NSF], 1, True), ([NSF, NSF], 2, True), ([NSF] * 3, 3, False), ([CLOSED], 1, False),
     ([NSF, CLOSED], 2, False)],
)  # fmt: skip
def test_a_cheque_goes_again_as_often_as_its_reasons_let_it(reasons, presented, is_possible):
    if is_possible:
        check_represent("000123", reasons, presented)
        return
    with pytest.raises(Refused) as refused:
        check_represent("000123", reasons, presented)

    assert refused.value.code == "instrument.represent"


@pytest.mark.parametrize(
    ("state", "asked", "until", "code"),
    [
        ("in_safe", "2026-10-08", "2026-10-20", None),  # three working days before Tuesday
        ("in_safe", "2026-10-11", "2026-10-20", "instrument.hold_late"),
        ("bank_custody", "2026-10-08", "2026-10-20", "instrument.hold_late"),
        ("in_safe", "2026-10-01", "2026-10-13", "instrument.hold_until"),
        ("in_safe", "2026-10-01", "2027-04-13", "instrument.hold_until"),
        ("in_safe", "2026-10-01", "2027-04-12", None),
    ],
)
def test_a_hold_comes_in_time_and_ends_before_the_cheque_is_stale(state, asked, until, code):
    def ask():
        check_hold(
            "000123", state, asked_on=date.fromisoformat(asked), matures_on=date(2026, 10, 13),
            until_on=date.fromisoformat(until), terms=TERMS, calendar=EGYPT,
        )  # fmt: skip

    if code is None:
        ask()
        return
    with pytest.raises(Refused) as refused:
        ask()

    assert refused.value.code == code
