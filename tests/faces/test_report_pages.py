"""Ageing and the daily collection: who may, what they add up to, what the workbooks hold."""

from datetime import date, datetime

import pytest

from tests.faces.workbooks import lines, sheets
from tests.tables import table


@pytest.mark.parametrize("case", table("""
    who       path                      status
    lina      /ageing                   200
    auditor   /ageing                   200
    stranger  /ageing                   403
    stranger  /receipts                 403
    clerk     /receipts                 200
    clerk     /receipts?format=xlsx     403
    sara      /ageing?format=xlsx       200
    stranger  /orphans                  403
    sara      /ageing?project=x&page=y  200
"""), ids=lambda case: f"{case['who']} {case['path']}")  # fmt: skip
def test_who_may_read_a_report(desk, case):
    assert desk.get(case["who"], case["path"]).status_code == int(case["status"])


def test_ageing_ties_out(desk):
    text = desk.read("sara", "/ageing")
    assert text.count("Ties to the book") == 2 and "differs" not in text
    assert "Marina" in text and "Yasmin" in text


def test_ageing_leads_from_a_group_to_its_accounts(desk):
    text = desk.read("sara", "/ageing")
    assert f"project={desk.book['marina']}" in text
    inside = desk.read("sara", f"/ageing?project={desk.book['marina']}&currency=AED")
    assert "Ahmed Al Mansoori" in inside and "محمد أحمد علي" not in inside


def test_filters_stay_in_the_address(desk):
    text = desk.read("sara", "/ageing?group=none&overdue=1&currency=EGP")
    assert '<option value="none" selected>' in text and '<option value="EGP" selected>' in text
    assert "Mona Salem" not in text and "منى سالم" not in text  # settled


def test_the_ageing_workbook_holds_numbers_that_add_up(desk):
    rows, sums = sheets(desk.get("sara", "/ageing?format=xlsx").content)
    accounts = lines(rows, "Account")
    mohamed = next(row for row in accounts if row["Account"] == "NIL-1")
    buckets = ("1–30", "31–60", "61–90", "91–180", "181–360", ">360")
    assert mohamed["Overdue"] == 160_000.0 == sum(mohamed[name] or 0 for name in buckets)
    assert mohamed["Last paid"] in (date(2026, 9, 10), datetime(2026, 9, 10))
    totals = {row["Currency"]: row for row in lines(sums, "Project") if row["Project"] == "Total"}
    for currency, total in totals.items():
        own = [row["Balance"] for row in accounts if row["Currency"] == currency]
        assert total["Balance"] == sum(own)
    assert totals["EGP"]["Overdue"] == 190_000.0


def test_the_daily_collection_is_of_its_days(desk):
    text = desk.read("sara", "/receipts")
    assert "CAI-9" in text and "CAI-1<" not in text
    whole = desk.read("sara", "/receipts?since=2026-01-01&until=2026-11-22")
    assert "CAI-1" in whole and "CAI-3" in whole and "reversed" in whole
    assert "225,000.00" in whole  # the reversed one is not counted


def test_days_the_wrong_way_round_are_refused(desk):
    answer = desk.get("sara", "/receipts?since=2026-11-22&until=2026-01-01")
    assert answer.status_code == 422
    assert "cannot end" in answer.content.decode()


def test_the_collection_workbook_holds_numbers_and_dates(desk):
    path = "/receipts?since=2026-01-01&until=2026-11-22&format=xlsx"
    rows, sums = sheets(desk.get("sara", path).content)
    receipts = {row["Receipt"]: row for row in lines(rows, "Receipt")}
    assert receipts["CAI-1"]["Amount"] == 100_000.0
    assert receipts["CAI-1"]["Value date"] in (date(2026, 7, 30), datetime(2026, 7, 30))
    assert receipts["CAI-1"]["Reference"] == "000777"
    assert (receipts["CAI-1"]["Contract"], receipts["CAI-1"]["Unit"]) == ("YAS-0014", "B2-14")
    assert receipts["CAI-3"]["Status"] == "reversed"
    total = next(row for row in lines(sums, "Collector") if row["Collector"] == "Total")
    assert total["Amount"] == 225_000.0 and total["Receipts"] == 3


def test_a_collector_reads_only_their_own_receipts(desk):
    text = desk.read("ravi", "/receipts?since=2026-01-01&until=2026-11-22")
    assert "No receipts on these days" in text
