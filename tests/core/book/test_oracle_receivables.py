"""Receivables facts of another ledger's tests that concern the book; the others with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from tahsil.core.book import allocation, receipts, schedules, waterfall
from tahsil.core.book.allocation import Incoming
from tahsil.core.book.categories import bank_rule_index, category_index
from tahsil.core.book.charges import accrue
from tahsil.core.book.obligations import obligations_of
from tahsil.core.book.penalties import Debt, PenaltyRule
from tahsil.core.book.receipts import EarlyDiscount, receipts_of
from tahsil.core.book.replay import AccountBook, replay
from tahsil.core.grammar.refusal import Refused
from tests.shared import cases

FACTS = {case["id"]: case for case in cases("receivables_b.json")}
TODAY = date(2026, 6, 1)
MONEY, CREDIT_NOTE, WRITE_OFF = (
    receipts.KINDS.index(k) for k in ("money", "credit_note", "write_off")
)

ELSEWHERE = {
    "ERP-AR-12": "revaluing foreign currency is the general ledger's",
    "ERP-AR-13": "an account has one currency; amounts in a second one are a report's",
    "ERP-AR-14": "ageing totals are tested with core/measure",
    "ERP-SUM-01": "summary buckets are tested with core/measure",
    "ERP-SUM-02": "summary buckets are tested with core/measure",
    "ERP-SUM-03": "summary buckets are tested with core/measure",
    "ERP-DUN-03": "whether a reminder is settled follows from what is open; reminders come later",
    "ERP-DUN-04": "which lines a reminder names comes with reminders",
    "ERP-DUN-05": "as ERP-DUN-03",
    "ERP-DUN-06": "as ERP-DUN-03",
    "ERP-DUN-07": "as ERP-DUN-03",
    "ERP-DUN-08": "as ERP-DUN-03",
    "ERP-DUN-09": "as ERP-DUN-03",
    "ERP-BANK-01": "matching payers comes with bank lines",
    "ERP-BANK-02": "matching payers comes with bank lines",
    "ERP-BANK-03": "matching payers comes with bank lines",
    "ERP-BANK-04": "matching payers comes with bank lines",
    "ERP-BANK-05": "matching payers comes with bank lines",
}


def minor(amount: float) -> int:
    return round(amount * 100)


def on(day: int) -> date:
    return TODAY + timedelta(days=day)


def invoice(amount: float, *shares: int):
    """One obligation per term: due in 30, 60, 90 days."""
    parts = schedules.amounts(minor(amount), max(len(shares), 1), weights=shares)
    return obligations_of(
        [
            (number, category_index("service_invoice"), on(30 * number), None, part)
            for number, part in enumerate(parts, 1)
        ]
    )


def credited(*rows: tuple, start: int = 1):
    """Receipts of (amount, kind, day, day reversed)."""
    return receipts_of(
        [
            (number, minor(amount), on(day), None if gone is None else on(gone), 1, kind)
            for number, (amount, kind, day, gone) in enumerate(rows, start)
        ]
    )


def left(lines, money, *, as_of: date = TODAY) -> tuple[list[float], list[float]]:
    """What each line has open, and what each receipt has unapplied."""
    rows = replay(
        AccountBook(lines, money), waterfall_at=lambda _: waterfall.OLDEST_FIRST, as_of=as_of
    )
    opened = dict(zip(lines.id.tolist(), lines.amount_minor.tolist(), strict=True))
    spare = dict(
        zip(money.id.tolist(), receipts.standing_minor(money, as_of=as_of).tolist(), strict=True)
    )
    for row in rows:
        opened[row.obligation_id] -= row.amount_minor
        if row.receipt_id in spare:
            spare[row.receipt_id] -= row.amount_minor
    return [amount / 100 for amount in opened.values()], [amount / 100 for amount in spare.values()]


def fact(name: str):
    if name not in FACTS:
        pytest.skip("shared/oracles is not beside this checkout")
    return FACTS[name]


def terms_of(case):
    return invoice(case["given"]["invoice"], *(term["percent"] for term in case["given"]["terms"]))


def test_instalments_of_an_invoice():
    case = fact("ERP-AR-01")
    wanted = [minor(row["invoiced"]) for row in case["expect"]["rows"]]
    assert terms_of(case).amount_minor.tolist() == wanted


@pytest.mark.parametrize("name", ["ERP-AR-02", "ERP-AR-05"])
def test_a_payment_goes_oldest_term_first(name):
    case = fact(name)
    opened, _ = left(terms_of(case), credited((case["when"][0]["pay"], MONEY, 0, None)))
    wanted = [(row["term"], row["outstanding"]) for row in case["expect"]["open_rows"]]
    assert [(term, amount) for term, amount in enumerate(opened, 1) if amount] == wanted


def test_a_credit_note_applied_to_an_invoice():
    lines = terms_of(fact("ERP-AR-04"))
    assert left(lines, credited((100, CREDIT_NOTE, 0, None))) == ([0, 0, 0], [0])
    case = fact("ERP-AR-06")
    opened, _ = left(terms_of(case), credited((40, MONEY, 0, None), (100, CREDIT_NOTE, 0, None)))
    assert opened[0] == 0
    assert opened[1:] == [row["outstanding"] for row in case["expect"]["open_rows"]]


def test_a_credit_note_left_open_pays_nothing():
    """ERP-AR-03 and -07: kept for itself, it is unapplied until somebody applies it."""
    for name in ("ERP-AR-03", "ERP-AR-07"):
        case = fact(name)
        money = credited(
            (40, MONEY, 0, None), (case["when"][1]["credit_note"], CREDIT_NOTE, 0, None)
        )
        held = np.array([bank_rule_index("any"), bank_rule_index("held")])
        assert left(invoice(100), replace(money, bank_rule=held)) == ([60], [0, 100])


def test_money_before_any_invoice_is_unapplied():
    case = fact("ERP-AR-08")
    _, spare = left(obligations_of([]), credited((1000, MONEY, 0, None)))
    assert [-amount for amount in spare] == [case["expect"]["open_rows"][0]["outstanding"]]


@pytest.mark.parametrize("name", ["ERP-AR-09", "ERP-AR-11"])
def test_a_payment_dated_later_does_not_count_today(name):
    case = fact(name)
    money = credited((case["when"][0]["pay"], MONEY, 1, None))
    assert left(invoice(100), money) == ([100], [0])
    assert left(invoice(100), money, as_of=on(1)) == ([0], [case["when"][0]["pay"] - 100])


def test_a_later_payment_beside_a_credit_note():
    """ERP-AR-10: the note of 10 stands apart today; 80 tomorrow and the note leave 10 open."""
    case = fact("ERP-AR-10")
    money = credited((10, CREDIT_NOTE, 1, None), (80, MONEY, 1, None))
    assert left(invoice(100), money) == ([100], [0, 0])
    remaining = case["expect"]["report_today"][1]["remaining"]
    assert left(invoice(100), money, as_of=on(1)) == ([remaining], [0, 0])


@pytest.mark.parametrize("name", ["ERP-DUN-01", "ERP-DUN-02"])
def test_interest_and_fee_of_a_reminder(name):
    case = fact(name)
    given, wanted = case["given"], case["expect"]
    rule = PenaltyRule(
        "dun", rate_ppm=given["annual_interest_percent"] * 10_000, unit="year",
        flat_minor=minor(given["fee"]),
    )  # fmt: skip
    debt = Debt(TODAY, minor(given["invoice"]))
    found = accrue(rule, debt, as_of=on(given["overdue_days"]))
    assert found.flat_minor == minor(wanted["fee"])
    assert found.amount_minor == minor(wanted["interest"]) + minor(wanted["fee"])
    assert debt.amount_minor + found.amount_minor == minor(wanted["total"])


def test_early_payment_discounts():
    percent, tax = fact("ERP-DISC-01")["expect"], fact("ERP-DISC-02")["expect"]
    tenth = EarlyDiscount(on(1), ppm=100_000)
    given = receipts.early_discount(tenth, [20_000, 3_600], paid_on=TODAY)
    assert given == [minor(tax["discount_on_income"]), minor(tax["discount_on_tax"])]
    assert sum(given) == minor(percent["discount"])
    assert 23_600 - sum(given) == minor(percent["paid"])
    fifty = EarlyDiscount(on(1), amount_minor=5_000)
    assert sum(receipts.early_discount(fifty, [23_600], paid_on=TODAY)) == minor(
        fact("ERP-DISC-03")["expect"]["discount"]
    )
    too_late = receipts.early_discount(fifty, [23_600], paid_on=on(2))
    assert 23_600 - sum(too_late) == minor(fact("ERP-DISC-04")["expect"]["amount_to_pay"])


def test_a_payment_over_two_terms():
    case = fact("ERP-TERM-01")
    lines = invoice(236, 84_746, 15_254)
    assert [amount / 100 for amount in lines.amount_minor.tolist()] == case["expect"][
        "paid_by_term"
    ]
    assert left(lines, credited((236, MONEY, 0, None))) == ([0, 0], [0])


def test_more_than_a_term_is_worth_is_refused():
    case = fact("ERP-TERM-02")
    lines = invoice(200, 84_746, 15_254)
    asked = tuple(enumerate((minor(amount) for amount in case["when"][0]["allocate"]), 1))
    with pytest.raises(Refused) as refused:
        allocation.propose(
            lines, lines.amount_minor, waterfall=waterfall.OLDEST_FIRST,
            receipt=Incoming(40_000, TODAY, instructions=asked),
        )  # fmt: skip
    assert [part.code for part in refused.value.parts] == ["allocation.beyond_open"] * 2


def test_overpaid_and_underpaid():
    over, under = fact("ERP-PE-01"), fact("ERP-PE-02")
    assert left(invoice(100), credited((110, MONEY, 0, None)))[1] == [over["expect"]["unallocated"]]
    short = credited((95, MONEY, 0, None), (5, WRITE_OFF, 0, None))
    assert left(invoice(100), short) == ([0], [under["expect"]["unallocated"], 0])


def test_reversals_open_what_was_paid():
    case = fact("ERP-PE-03")["expect"]
    money = credited((100, MONEY, 0, 1))
    assert left(invoice(100), money)[0] == [case["after_pay"]["outstanding"]]
    assert left(invoice(100), money, as_of=on(1))[0] == [case["after_cancel"]["outstanding"]]
    wanted = fact("ERP-PR-02")["expect"]["invoice_outstanding"]
    both = credited((55, MONEY, 0, 1), (35, MONEY, 0, None))
    assert left(invoice(200), both, as_of=on(1))[0] == [wanted]


def test_reconciling_receipts_and_credit_notes():
    case = fact("ERP-PR-01")["expect"]
    money = credited((55, MONEY, 0, None), (35, MONEY, 0, None))
    assert left(invoice(200), money) == ([case["invoice_outstanding"]], [case["receipts_left"]] * 2)
    whole = fact("ERP-PR-03")["expect"]
    note = credited((100, CREDIT_NOTE, 0, None))
    assert left(invoice(100), note)[0] == [whole["invoice_outstanding"]]
    part = fact("ERP-PR-04")["expect"]
    lines = invoice(100)
    note = Incoming(minor(100), TODAY, "held", ((1, minor(80)),))
    only = allocation.propose(
        lines, lines.amount_minor, receipt=note, waterfall=waterfall.OLDEST_FIRST
    )
    assert only == (((1, minor(80)),), minor(part["credit_left"]))
    assert lines.amount_minor[0] - minor(80) == minor(part["invoice_outstanding"])


def test_an_advance_over_several_invoices():
    """ERP-PR-05: 3000 in advance; 100, 1000 and 900 to the order: 1000 is unapplied."""
    case = fact("ERP-PR-05")["expect"]
    lines = obligations_of(
        [(n, category_index("service_invoice"), TODAY, None, minor(1000)) for n in (1, 2, 3)]
    )
    asked = ((1, minor(case["allocated"][0])), (2, minor(case["allocated"][1])),
             (3, minor(case["allocated_to_order"])))  # fmt: skip
    found = allocation.propose(
        lines, lines.amount_minor, waterfall=waterfall.Waterfall(future="none"),
        receipt=Incoming(minor(2000), TODAY - timedelta(days=1), instructions=asked),
    )  # fmt: skip
    assert sum(part for _, part in found.parts) == minor(case["total_allocated"])
    assert minor(3000) - sum(part for _, part in found.parts) == minor(case["unallocated"])


@pytest.mark.skipif(not FACTS, reason="shared/oracles is not beside this checkout")
def test_every_fact_is_here_or_listed():
    here = set(FACTS) - set(ELSEWHERE)
    assert here == {
        *(f"ERP-AR-{n:02d}" for n in range(1, 12)), "ERP-DUN-01", "ERP-DUN-02",
        *(f"ERP-DISC-{n:02d}" for n in range(1, 5)), "ERP-TERM-01", "ERP-TERM-02",
        *(f"ERP-PE-{n:02d}" for n in range(1, 4)), *(f"ERP-PR-{n:02d}" for n in range(1, 6)),
    }  # fmt: skip
