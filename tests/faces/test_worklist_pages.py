"""The worklist, the list of accounts and the promises: who sees what, narrowed how, as a file."""

from datetime import timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from tahsil.queries import chips
from tahsil.store.models import Account, Event
from tests.conftest import NOW, TODAY
from tests.tables import table

LISTS = ("/worklist", "/accounts", "/promises")


@pytest.mark.parametrize("case", table("""
    who       sees                 hides         why
    lina      NIL-1                DXB-1,NIL-3   a collector sees her own
    omar      NIL-1                DXB-1,NIL-3   a leader his team's
    noor      DXB-1                NIL-1,NIL-3   the other desk its own
    auditor   NIL-1,NIL-3,DXB-1    -             an auditor all
"""), ids=lambda case: case["why"])  # fmt: skip
def test_the_list_holds_the_accounts_in_reach(desk, case):
    for path in ("/worklist", "/accounts"):
        text = desk.read(case["who"], path)
        assert all(number in text for number in case["sees"].split(","))
        assert not any(number in text for number in case["hides"].split(",") if number != "-")


@pytest.mark.parametrize("path", LISTS)
def test_a_stranger_is_told_why_not(desk, path):
    answer = desk.get("stranger", path)
    assert answer.status_code == 403
    assert "No role of" in answer.content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_nobody_is_asked_to_sign_in(desk, path):
    answer = desk.get("", path)
    assert answer.status_code == 302 and answer.url.startswith("/sign-in")


def test_a_line_says_why_what_and_when(desk):
    text = desk.read("lina", "/worklist")
    for said in ("محمد أحمد علي", "Mohamed Ahmed Ali", "The promise is due", "160,000.00",
                 "60,000.00", "Call", "82", "Promise due"):  # fmt: skip
        assert said in text, said


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("reason=promise_due", True),
        ("reason=bounced", False),
        ("q=محمد", True),
        ("q=nobody", False),
        ("bucket=2&sort=dpd", True),
        ("bucket=0", False),
        ("worked=no", True),
        ("page=1&bucket=nonsense&project=x", True),
    ],
)
def test_the_address_narrows_the_list(desk, query, found):
    text = desk.read("lina", f"/worklist?{query}")
    assert ("NIL-1" in text) is found
    assert ("Nothing matches" in text) is not found


def test_the_workbook_is_the_list(desk):
    answer = desk.get("lina", "/worklist?format=xlsx")
    assert "worklist-2026-11-22.xlsx" in answer["Content-Disposition"]
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0)
    (line,) = [row for row in rows.to_python() if row and row[0] == "NIL-1"]
    assert line[1] == "محمد أحمد علي" and 160_000.0 in line


def test_who_may_not_export_gets_no_workbook(desk):
    assert desk.get("clerk", "/accounts?format=xlsx").status_code == 403
    assert "NIL-1" in desk.read("clerk", "/accounts")


def test_starting_opens_the_first_account_and_takes_it(desk):
    assert "Start" in desk.read("lina", "/worklist")
    answer = desk.post("lina", "/worklist/starts", form_key="k1")
    assert answer.url == desk.path("/accounts/{NIL-1}")
    assert Account.objects.get(number="NIL-1").locked_by_id == desk.book.people.lina
    assert Event.objects.filter(verb="account.lock").count() == 1


def test_starting_passes_over_what_somebody_else_works(desk):
    Account.objects.filter(number="NIL-1").update(
        locked_by_id=desk.book.people.omar, locked_until_at=NOW + timedelta(minutes=5)
    )
    assert desk.post("lina", "/worklist/starts").url == "/worklist"
    assert "Omar" in desk.read("lina", "/worklist")


def test_next_stays_within_the_filters_of_the_list(desk):
    desk.read("auditor", "/worklist?currency=AED")
    text = desk.read("auditor", "/accounts/{NIL-1}")
    link = f"/worklist/next?after={desk.book['NIL-1']}&currency=AED"
    assert link in text
    assert desk.get("auditor", link).url == desk.path("/accounts/{DXB-1}")


def test_next_after_the_last_one_is_the_list(desk):
    assert desk.get("lina", "/worklist/next?after={NIL-1}").url == "/worklist"


def test_who_only_reads_is_offered_no_start(desk):
    assert "/worklist/starts" not in desk.read("auditor", "/worklist")


def test_promises_by_view(desk):
    due = desk.read("lina", "/promises")
    assert "NIL-1" in due and ">60,000.00" in due and ">50,000.00" not in due
    broken = desk.read("lina", "/promises?view=broken")
    assert ">50,000.00" in broken and ">60,000.00" not in broken
    assert "No promises here" in desk.read("lina", "/promises?view=ahead")


def test_promises_as_a_workbook(desk):
    answer = desk.get("sara", "/promises?view=all&format=xlsx")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0)
    lines = [row for row in rows.to_python() if row and row[0] == "NIL-1"]
    assert sorted(row[3] for row in lines) == [50_000.0, 60_000.0]
    assert TODAY in [row[5] for row in lines]


def test_the_frame_is_in_the_readers_language_and_of_their_roles(desk):
    english = desk.read("sara", "/worklist")
    assert "/people" in english and "/people" not in desk.read("lina", "/worklist")
    desk.browser("lina").cookies["tahsil_language"] = "ar"
    arabic = desk.read("lina", "/worklist")
    assert "الرئيسية" in arabic or 'dir="rtl"' in arabic
    assert ">Keys<" in english.replace("\n", "") and ">Keys<" not in arabic


def test_what_is_written_in_a_name_stays_text(desk):
    party = Account.objects.get(id=desk.book["NIL-1"]).party
    party.name = '<b onclick="x">&'
    party.save()
    answer = desk.get("lina", "/worklist").content.decode()
    assert "&lt;b onclick=&quot;x&quot;&gt;&amp;" in answer and "<b onclick" not in answer


def test_a_longer_list_says_that_there_are_more(desk, monkeypatch):
    monkeypatch.setattr(chips, "EXACT", 1)
    monkeypatch.setattr(chips, "ENOUGH", 0)
    assert '<span class="count">0+</span>' in desk.read("sara", "/worklist")
