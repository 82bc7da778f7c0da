"""Ageing facts of an accounting system (receivables_b.json), restated as books.

Its summary nets money on account into the buckets by the money's own date; we show it apart
(unapplied), and reproduce the netting by ageing it as a negative line. One row of ERP-AR-11 is
not reproduced, see NOT_OURS.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from tahsil.core.measure import ageing
from tahsil.core.measure.buckets import parse_definitions
from tests.core.measure.books import Account, Line, book, ints
from tests.core.policy_files import policy_file
from tests.shared import cases

TODAY = date(2026, 3, 31)
TOMORROW = TODAY + timedelta(days=1)
CASES = {case["id"]: case for case in cases("receivables_b.json")}
BY_DUE = parse_definitions(policy_file("buckets.yaml"))["books_by_due"].at(TODAY)
NOT_OURS = {
    "ERP-AR-11": "what tomorrow's receipt leaves unapplied lowers today's total there; here money "
    "dated tomorrow is not there today",
}

pytestmark = pytest.mark.skipif(not CASES, reason="receivables_b.json is not beside this checkout")


def summary_of(case: dict) -> dict:
    """The summary row of one party, with money on account aged as a negative line."""
    paid = sum(step.get("pay", 0) for step in case["when"])
    on_account = sum(step.get("unallocated_receipt", 0) for step in case["when"])
    invoice = Line(TODAY, case["given"]["invoice"], paid)
    lines, accounts, _ = book([Account([invoice, Line(TODAY, -on_account)])])
    found = ageing.aged(lines, accounts, BY_DUE, as_of=TODAY)
    return {
        "invoiced": invoice.amount,
        "paid": paid,
        "advance": on_account,
        "outstanding": int(found.balance_minor[0]),
        "bucket_0_30": int(found.amounts[0, 0]),
        "total_due": int(found.amounts.sum()),
    }


@pytest.mark.parametrize("code", ["ERP-SUM-01", "ERP-SUM-02", "ERP-SUM-03"])
def test_summary(code):
    wanted = CASES[code]["expect"]
    assert {key: summary_of(CASES[code])[key] for key in wanted} == wanted


@pytest.mark.parametrize("code", ["ERP-SUM-02", "ERP-SUM-03"])
def test_money_on_account_stands_apart_and_the_balance_is_theirs(code):
    case = CASES[code]
    paid = sum(step.get("pay", 0) for step in case["when"])
    on_account = sum(step.get("unallocated_receipt", 0) for step in case["when"])
    line = Line(TODAY, case["given"]["invoice"], paid)
    lines, accounts, _ = book([Account([line], unapplied=on_account)])
    found = next(ageing.positions(lines, accounts, as_of=TODAY).rows())
    assert found["balance_minor"] == case["expect"]["outstanding"]
    assert found["unapplied_minor"] == case["expect"]["advance"]


def test_totals_by_party():
    case = CASES["ERP-AR-14"]
    lines, _, _ = book([Account([Line(TODAY, amount) for amount in case["given"]["invoices"]])])
    by_party = ageing.positions_by(ints([3, 3]), lines, as_of=TODAY)
    assert by_party.balance_minor.tolist() == [case["expect"]["party_total"]]
    assert by_party.balance_minor.sum() == case["expect"]["grand_total"]


def future_rows(owed: list[int], settled: list[int]) -> list[dict]:
    """Each line today, with what a receipt dated tomorrow will take of it shown apart."""
    line, when = np.arange(len(owed)), np.full(len(owed), np.datetime64(TOMORROW))
    paid, future = ageing.paid_as_of(len(owed), line, when, ints(settled), as_of=TODAY)
    return [
        {
            "outstanding": amount - int(past),
            "future_amount": int(later),
            "remaining": amount - int(past) - int(later),
        }
        for amount, past, later in zip(owed, paid, future, strict=True)
    ]


@pytest.mark.parametrize("code", ["ERP-AR-09", "ERP-AR-10", "ERP-AR-11"])
def test_money_dated_tomorrow_is_shown_apart(code):
    case = CASES[code]
    given, step = case["given"], case["when"][0]
    settles = step.get("settles", {"invoice": min(step["pay"], given["invoice"])})
    owed = {"invoice": given["invoice"], "credit note": -given.get("credit_note", 0)}
    docs = ["invoice", *(["credit note"] if "credit_note" in given else [])]
    rows = future_rows(
        [owed[doc] for doc in docs], [settles[doc.replace(" ", "_")] for doc in docs]
    )
    report = case["expect"]["report_today"]
    wanted = report if isinstance(report, list) else [{"doc": "invoice", **report}]
    ours = [row for row in wanted if row["doc"] in docs]
    assert len(wanted) - len(ours) == (code in NOT_OURS)
    for row in ours:
        known = {**owed, "invoiced": given["invoice"], **rows[docs.index(row["doc"])]}
        assert {key: known[key] for key in row if key != "doc"} == {
            key: value for key, value in row.items() if key != "doc"
        }


def test_money_up_to_today_is_paid():
    when = np.asarray(["2026-03-31", "2026-04-01"], "datetime64[D]")
    paid, future = ageing.paid_as_of(1, ints([0, 0]), when, ints([30, 20]), as_of=TODAY)
    assert (paid.tolist(), future.tolist()) == ([30], [20])
