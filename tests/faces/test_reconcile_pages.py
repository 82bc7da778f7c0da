"""Reconciling in pages: deviations, objections, the workspace and its statement."""

from __future__ import annotations

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from tahsil.store.models import BankAccount, BankLine, BankStatement, Objection, Receipt
from tests.conftest import NOW, TODAY
from tests.tables import table


def claim(desk, who="lina", **more):
    given = {
        "kind": "amount", "channel": "call", "claimed": "50,000", "claimed_on": "2026-09-10",
        "claimed_method": "cash", "receipt_id": Receipt.objects.get(number="CAI-2").id,
        "note": "I paid fifty thousand", **more,
    }  # fmt: skip
    return desk.post(who, "/accounts/{NIL-1}/objections", **given)


def test_the_list_says_what_deviates_and_how_many(desk):
    text = desk.read("sara", "/reconcile/deviations?since=2026-01-01")
    for said in ("CAI-2", "Days late: 9.", "Partial", "Over"):
        assert said in text, said
    narrowed = desk.read("sara", "/reconcile/deviations?since=2026-01-01&kind=partial")
    assert "It pays" in narrowed and "Days late" not in narrowed


def test_the_list_is_a_workbook_too(desk):
    answer = desk.get("sara", "/reconcile/deviations?since=2026-01-01&format=xlsx")
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0)
    cells = [str(cell) for row in sheet.to_python() for cell in row]
    assert "CAI-2" in cells and "NIL-1" in cells


@pytest.mark.parametrize("case", table("""
    who       path                           status
    lina      /accounts/{NIL-1}/reconcile    200
    auditor   /accounts/{NIL-1}/reconcile    200
    ravi      /accounts/{NIL-1}/reconcile    404
    ravi      /accounts/{NIL-1}/reconcile.pdf  404
    stranger  /objections                    403
    stranger  /reconcile/deviations          403
    ravi      /objections                    200
"""), ids=lambda case: f"{case['who']} {case['path']}")  # fmt: skip
def test_pages_end_at_ones_reach(desk, case):
    assert desk.get(case["who"], case["path"]).status_code == int(case["status"])


def test_the_workspace_lays_the_account_side_by_side(desk):
    text = desk.read("lina", "/accounts/{NIL-1}/reconcile")
    for said in ("Q2", "CAI-2", "000900", "000901", "What differs", "Contract", "Bank"):
        assert said in text, said
    assert f'data-item="l{desk.book["Q2"]}"' in text
    receipt = Receipt.objects.get(number="CAI-2").id
    assert f'data-item="r{receipt}" data-links="l{desk.book["Q2"]}"' in text


def test_flags_stand_on_the_receipt_and_the_accounts_lines(desk):
    receipt = Receipt.objects.get(number="CAI-2").id
    assert "Days late: 9." in desk.read("lina", f"/receipts/{receipt}")
    assert ">late, partial</a>" in desk.read("lina", "/accounts/{NIL-1}")


def test_an_objection_is_taken_and_held_against_the_book(desk):
    assert claim(desk).url == desk.path("/accounts/{NIL-1}/reconcile")
    made = Objection.objects.get()
    text = desk.read("sara", f"/accounts/{{NIL-1}}/reconcile?objection={made.id}")
    assert "The customer says 50,000.00 EGP; receipt CAI-2 is of 45,000.00 EGP." in text
    assert "amount=5000.00" in text  # the rest is one form away
    assert "I paid fifty thousand" in text and made.number in text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"claimed": "1x"}, "is not an amount"),
        ({"claimed_on": "yesterday"}, "This is not a date."),
        ({"claimed_on": "2026-12-24"}, "lies ahead"),
        ({"holds_line": "1"}, "name the line the objection is about"),
    ],
)
def test_a_refused_objection_loses_nothing_typed(desk, fields, said):
    answer = claim(desk, **{"note": "kept as typed", **fields})
    text = answer.content.decode()
    assert answer.status_code == 422 and said in text and "kept as typed" in text
    assert not Objection.objects.exists()


def test_it_is_decided_on_its_page(desk):
    claim(desk)
    made = Objection.objects.get()
    path = f"/objections/{made.id}/decisions"
    assert desk.post("lina", path, state="rejected", answer="no").status_code == 403
    refused = desk.post("sara", path, state="accepted", answer="You are right.")
    assert refused.status_code == 422 and "You are right." in refused.content.decode()
    assert "once the book is put right" in refused.content.decode()
    done = desk.post("sara", path, state="rejected", answer="45,000 is on your slip.")
    assert done.url.endswith(f"objection={made.id}")
    text = desk.read("lina", f"/accounts/{{NIL-1}}/reconcile?objection={made.id}")
    assert "45,000 is on your slip." in text and "/decisions" not in text


def test_it_is_accepted_by_naming_what_put_it_right(desk):
    claim(desk)
    made = Objection.objects.get()
    receipt = Receipt.objects.get(number="CAI-2")
    line = desk.book["Q3"]
    desk.post("sara", f"/receipts/{receipt.id}/reallocations", reason="as he says",
              **{f"line-{line}": "45,000.00"})  # fmt: skip
    form = desk.read("sara", f"/objections/{made.id}/decisions")
    assert "moved money of a receipt to other lines: as he says" in form
    act = form.split('name="act_id"')[1].split('value="')[1].split('"')[0]
    desk.post("sara", f"/objections/{made.id}/decisions", state="accepted", answer="Done.",
              act_id=act)  # fmt: skip
    made.refresh_from_db()
    assert made.state == "accepted" and made.act.verb == "receipt.reallocate"
    assert "decided objection" in desk.read("lina", "/accounts/{NIL-1}")


def test_the_inbox_shows_ones_own_first_and_what_is_late(desk):
    claim(desk)
    made = Objection.objects.get()
    Objection.objects.filter(id=made.id).update(
        answer_by_on="2026-11-01", owner=desk.book.people.sara
    )
    text = desk.read("sara", "/objections")
    assert 'aria-current="true">Mine' in text and "overdue" in text
    assert "1 objection waits for you" in desk.read("sara", "/")
    assert "No objections here" in desk.read("ravi", "/objections?view=open")


def test_a_bank_line_of_that_amount_is_offered_to_who_matches(desk):
    bank = BankAccount.objects.create(
        creditor_id=desk.book.people.creditor, code="P", bank="B", currency="EGP"
    )
    statement = BankStatement.objects.create(
        bank_account=bank, file_name="f", digest="d", format="csv", line_count=1,
        credit_minor=50_000_00, debit_minor=0, imported_at=NOW,
    )  # fmt: skip
    BankLine.objects.create(
        statement=statement, bank_account=bank, at=1, booked_on=TODAY, value_on=TODAY,
        amount_minor=50_000_00, payer="MOHAMED AHMED ALI", fingerprint="x",
    )  # fmt: skip
    claim(desk, kind="not_recorded", receipt_id="", claimed_on=TODAY.isoformat())
    text = desk.read("sara", "/accounts/{NIL-1}/reconcile")
    assert "is unexplained and may be this money" in text and "MOHAMED AHMED ALI" in text
    assert "No receipt of 50,000.00 EGP is booked" in text
    hidden = desk.read("lina", "/accounts/{NIL-1}/reconcile")
    assert "MOHAMED AHMED ALI" not in hidden


def test_the_statement_of_reconciliation_in_two_languages(desk):
    paper = desk.get("lina", "/accounts/{NIL-1}/reconcile.pdf?lang=ar")
    assert paper.content.startswith(b"%PDF")
    answer = desk.get("lina", "/accounts/{NIL-1}/reconcile.xlsx?lang=ar")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    sheets = [book.get_sheet_by_index(at).to_python() for at in range(2)]
    text = " ".join(str(cell) for sheet in sheets for row in sheet for cell in row)
    assert "كشف مطابقة · Statement of reconciliation" in text
    assert "By this statement" in text and "CAI-2" in text


def test_the_api_says_the_same(desk):
    claim(desk)
    rows = desk.get("sara", "/api/v1/deviations?since=2026-01-01").json()["rows"]
    assert {row["receipt"] for row in rows} == {"CAI-2", "CAI-9"}
    (row,) = desk.get("sara", "/api/v1/objections").json()["rows"]
    assert row["claimed_minor"] == 50_000_00 and row["state"] == "open"
    found = desk.get("sara", "/api/v1/accounts/{NIL-1}/reconciliation").json()
    assert found["differences"] and found["sums"]["received_minor"] == 145_000_00
