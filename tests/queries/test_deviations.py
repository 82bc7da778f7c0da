"""Deviations read from the tables: the same for one account, for a period, and within reach."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.core.grammar.refusal import say
from tahsil.queries import deviations
from tahsil.queries.deviations import DeviationFilters
from tahsil.store import models as m
from tests.conftest import TODAY
from tests.queries.books import receive
from tests.tables import table

YEAR = DeviationFilters(date(2026, 1, 1), TODAY)


def told(rows) -> set[tuple[str, str, str]]:
    return {(row.receipt, row.label, row.kind) for row in rows}


def report(book, who="sara", **more):
    filters = DeviationFilters(**{"since": date(2026, 1, 1), "until": TODAY, **more})
    return deviations.report(book.who(who), as_of=TODAY, filters=filters, size=100)


def test_an_accounts_receipts_against_its_lines(book):
    rows = deviations.of_account(book["NIL-1"], as_of=TODAY)
    assert told(rows) == {("CAI-2", "Q2", "late"), ("CAI-2", "Q2", "partial"),
                          ("CAI-2", "", "over")}  # fmt: skip
    (late,) = [row for row in rows if row.kind == "late"]
    assert (late.days, late.due_on) == (9, date(2026, 9, 1))
    assert "Days late: 9." in say(late.template, late.facts)


def test_the_past_does_not_know_what_came_later(book):
    then = date(2026, 9, 9)  # CAI-2 came on the tenth
    assert deviations.of_account(book["NIL-1"], as_of=then) == ()


def test_a_receipt_reversed_deviates_only_while_it_stood(book):
    line = m.Obligation.objects.get(id=book["Q2"])
    stood = told(deviations.of_account(book["NIL-1"], as_of=date(2026, 10, 2)))
    assert ("CAI-3", line.label, "late") in stood
    assert not [each for each in told(deviations.of_account(book["NIL-1"], as_of=TODAY))
                if each[0] == "CAI-3"]  # fmt: skip


def test_a_period_and_an_account_say_the_same(book):
    whole = told(report(book).page.rows)
    each = set()
    for number in ("NIL-1", "NIL-2", "NIL-3", "DXB-1"):
        each |= told(deviations.of_account(book[number], as_of=TODAY))
    assert whole == each and whole


def test_only_the_receipts_of_the_period_are_reported(book):
    found = report(book, since=date(2026, 11, 1))
    assert {row.receipt for row in found.page.rows} == {"CAI-9"}
    assert found.counts["late"] == 1 and found.counts["partial"] == 0


@pytest.mark.parametrize("case", table("""
    who       receipts     why
    sara      CAI-2,CAI-9  a manager over all
    lina      CAI-2,CAI-9  a collector the own accounts
    ravi      -            nothing of another's
    cm        -            nor of another creditor
    stranger  -            without a role nothing
"""), ids=lambda case: case["why"])  # fmt: skip
def test_reports_end_at_ones_reach(book, case):
    found = report(book, case["who"])
    wanted = set() if case["receipts"] == "-" else set(case["receipts"].split(","))
    assert {row.receipt for row in found.page.rows} == wanted


def test_a_kind_is_narrowed_and_all_are_counted(book):
    found = report(book, kind="partial")
    assert {row.kind for row in found.page.rows} == {"partial"}
    assert found.counts["late"] == 2


def test_a_reference_that_names_something_else(book):
    account = m.Account.objects.get(id=book["NIL-1"])
    line = m.Obligation.objects.get(id=book["Q3"])
    receive(account, "CAI-20", 10_000_00, TODAY, (line, 10_000_00), reference="وديعة صيانة B2-14")
    (row,) = [row for row in deviations.of_account(account.id, as_of=TODAY)
              if row.kind == "wrong_category"]  # fmt: skip
    assert (row.receipt, row.facts["said"], row.facts["category"]) == (
        "CAI-20", "maintenance_deposit", "instalment",
    )  # fmt: skip


def test_the_bank_account_that_received_it_counts(book):
    account = m.Account.objects.get(id=book["NIL-1"])
    bank = m.BankAccount.objects.create(
        creditor_id=account.creditor_id, code="M", bank="B", currency="EGP", rule="maintenance"
    )
    line = m.Obligation.objects.get(id=book["Q3"])
    receive(account, "CAI-21", 10_000_00, TODAY, (line, 10_000_00), bank_account=bank)
    (row,) = [row for row in deviations.of_account(account.id, as_of=TODAY)
              if row.kind == "wrong_bank_account"]  # fmt: skip
    assert row.facts["held"] == "maintenance" and row.facts["wanted"] == "price"


def test_money_recorded_on_the_wrong_customer_first(book):
    wrong, right = (m.Account.objects.get(id=book[name]) for name in ("NIL-1", "NIL-2"))
    first = receive(wrong, "CAI-30", 7_000_00, TODAY, reference="TR-9")
    m.Reversal.objects.create(
        receipt=first, reason="not his", effective_on=TODAY,
        recorded_at=first.recorded_at,
    )  # fmt: skip
    receive(right, "CAI-31", 7_000_00, TODAY, reference="TR-9")
    (row,) = [row for row in deviations.of_account(wrong.id, as_of=TODAY)
              if row.kind == "other_customer"]  # fmt: skip
    assert (row.receipt, row.facts["account"]) == ("CAI-30", "NIL-2")


def test_the_plans_cheque_and_what_came_instead(book):
    line = m.Obligation.objects.get(id=book["Q3"])
    receive(line.account, "CAI-40", 5_000_00, TODAY, (line, 5_000_00), instrument="cash")
    kinds = {row.kind for row in deviations.of_account(book["NIL-1"], as_of=TODAY)
             if row.receipt == "CAI-40"}  # fmt: skip
    assert "other_method" in kinds  # cheque 000900 matures with the line, for its amount
