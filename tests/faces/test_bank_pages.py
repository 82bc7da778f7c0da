"""The bank's pages: what they show, who may, a file shown before it is taken, a line confirmed."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tahsil.api import documents
from tahsil.run import import_jobs, matching
from tahsil.store.models import BankLine, BankMatch, BankStatement, Obligation, Receipt
from tests.actions.statements import bank_account, mt940, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(desk):
    return bank_account(desk.book.people.creditor)


@pytest.fixture
def lines(desk, ours):
    """One line that fits Mohamed's name and nothing else, one of nobody's."""
    ctx = desk.book.people.ctx("huda")
    found = take(ctx, (1_234_56, "MOHAMED AHMED ALI"), (77_77, "BUSINESS 9"), opening=5_00)
    matching.match(ctx)
    return found


@pytest.fixture(autouse=True)
def own_folder(tmp_path, settings):
    settings.HOME = tmp_path


PAGES = ("/bank", "/bank/lines", "/bank/lines?view=all&q=MOHAMED", "/bank/unapplied")


@pytest.mark.parametrize("path", PAGES)
def test_who_may_sees_the_bank(desk, lines, path):
    assert desk.get("huda", path).status_code == 200
    assert desk.get("auditor", path).status_code == 200
    for who in ("lina", "clerk", "stranger"):
        assert desk.get(who, path).status_code == 403


def test_the_bank_shows_balances_and_what_is_open(desk, lines):
    page = desk.read("huda", "/bank")
    assert "CIB-1" in page
    assert "1,317.33" in page  # 5.00 + 1,234.56 + 77.77
    assert "bank.sta" in page


def test_a_line_shows_its_answers_and_their_reasons(desk, lines):
    page = desk.read("huda", f"/bank/lines?line={lines[0].id}")
    assert "NIL-1" in page
    assert "name is the debtor's" in page
    assert f'hx-get="/bank/lines/{lines[1].id}?after={lines[0].id}"' in page


def test_a_file_is_shown_before_it_is_taken(desk, ours):
    file = SimpleUploadedFile("day.sta", mt940((9_00, "ONE"), (1_00, "TWO"), opening=2_00))
    answer = desk.browser("huda").post("/bank/new", {"file": file, "bank_account": ""})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "12.00" in page  # closing
    assert not BankStatement.objects.exists()
    sha256 = import_jobs.keep([mt940((9_00, "ONE"), (1_00, "TWO"), opening=2_00)])
    done = desk.post("huda", "/bank/takings", sha256=sha256, name="day.sta", bank_account="")
    assert done.status_code == 302
    assert BankLine.objects.count() == 2
    desk.post("huda", "/bank/takings", sha256=sha256, name="day.sta", bank_account="")
    assert BankStatement.objects.count() == 1


def test_a_file_that_is_no_statement_is_refused_in_its_form(desk, ours):
    file = SimpleUploadedFile("x.txt", b"hello, there is nothing here\n1;2\n")
    answer = desk.browser("huda").post("/bank/new", {"file": file, "bank_account": ""})
    assert answer.status_code == 422
    assert not BankStatement.objects.exists()


def test_an_answer_is_confirmed_and_the_next_line_follows(desk, lines):
    done = desk.post(
        "huda", f"/bank/lines/{lines[0].id}/matches", what="answer", answer="0",
        after=str(lines[1].id),
    )  # fmt: skip
    assert (done.status_code, done["Location"]) == (302, f"/bank/lines?line={lines[1].id}")
    receipt = Receipt.objects.get(bank_matches__line=lines[0])
    assert (receipt.account_id, receipt.amount_minor) == (desk.book["NIL-1"], 1_234_56)


def test_parts_by_hand_pay_what_is_typed(desk, lines):
    account_id = desk.book["NIL-1"]
    line = Obligation.objects.filter(account_id=account_id).order_by("-due_on").first()
    fields = {
        "what": "parts", "account": str(account_id), f"a-{account_id}": "77.77",
        f"o-{account_id}-{line.id}": "50.00",
    }  # fmt: skip
    done = desk.post("huda", f"/bank/lines/{lines[1].id}/matches", **fields)
    assert done.status_code == 302
    assert Receipt.objects.get(bank_matches__line=lines[1]).instruction == [[line.id, 50_00]]


def test_parts_that_do_not_come_to_the_line_come_back_as_a_sentence(desk, lines):
    account_id = desk.book["NIL-1"]
    fields = {"what": "parts", "account": str(account_id), f"a-{account_id}": "70.00"}
    done = desk.post("huda", f"/bank/lines/{lines[1].id}/matches", **fields)
    assert done.status_code == 422
    assert "70.00 EGP" in done.content.decode()
    assert not BankMatch.objects.exists()


def test_a_line_is_set_aside_and_explained_and_taken_back(desk, lines):
    line = lines[1].id
    owner = desk.book.people.huda
    assert desk.get("huda", f"/bank/lines/{line}/suspensions").status_code == 200
    desk.post("huda", f"/bank/lines/{line}/suspensions", owner_id=owner, reason="asking the bank")
    page = desk.read("huda", "/bank/lines?view=suspended")
    assert "Huda" in page
    desk.post(
        "huda", f"/bank/lines/{line}/matches", what="purpose", purpose="interest", reason="of May"
    )
    assert BankLine.objects.get(id=line).state == "explained"
    assert desk.get("huda", f"/bank/lines/{line}/undos").status_code == 200
    desk.post("huda", f"/bank/lines/{line}/undos", reason="no interest")
    assert BankLine.objects.get(id=line).state == "open"


def test_an_account_is_found_and_added(desk, lines):
    found = desk.read("huda", f"/bank/lines/{lines[1].id}/accounts?q=Mohamed")
    assert "NIL-1" in found
    part = desk.read("huda", f"/bank/lines/{lines[1].id}/parts/{desk.book['NIL-1']}")
    assert f'name="a-{desk.book["NIL-1"]}"' in part
    assert 'value="77.77"' in part


def test_a_part_added_after_another_has_what_is_left(desk, lines):
    url = f"/bank/lines/{lines[0].id}/parts/{desk.book['NIL-1']}"
    assert 'value="1234.56"' in desk.read("huda", url)
    assert 'value="1000.56"' in desk.read("huda", f"{url}?a-7=234.00")
    assert 'inputmode="decimal" autocomplete="off" value=""' in desk.read(
        "huda", f"{url}?a-7=1234.56"
    )


def test_money_recorded_before_its_line_is_offered_first(desk, ours):
    """One key links the line with it; another receipt is only recorded where it is asked for."""
    from tahsil.actions import receipts

    people, account_id = desk.book.people, desk.book["NIL-1"]
    recorded = receipts.record(
        people.ctx("sara"), account_id=account_id, amount_minor=1_234_56, instrument="transfer",
        value_on="2026-11-20",
    )  # fmt: skip
    first, second = take(people.ctx("huda"), *[(1_234_56, "MOHAMED AHMED ALI TRF")] * 2)
    matching.match(people.ctx("huda"))
    page = desk.read("huda", f"/bank/lines/{first.id}")
    assert page.index("It is receipt") < page.index("It is other money") < page.index("answers")
    done = desk.post(
        "huda", f"/bank/lines/{second.id}/matches", what="answer", answer="0"
    )  # as a page opened before the receipt was recorded would send it
    assert (done.status_code, "It is this receipt" in done.content.decode()) == (422, True)
    desk.post("huda", f"/bank/lines/{first.id}/matches", what="receipts", receipt=str(recorded.id))
    assert BankMatch.objects.get(line=first).receipt_id == recorded.id
    desk.post("huda", f"/bank/lines/{second.id}/matches", what="answer", answer="0")
    assert Receipt.objects.filter(amount_minor=1_234_56).count() == 2


STRANGE = (
    "Bank of Nowhere,,,\nTag,Wozu,Raus,Rein\n03/11/2026,MIETE,,30.00\n04/11/2026,GEBUEHR,5.00,\n"
)


def answers(**more) -> dict:
    """What is said of the strange table's columns."""
    said = {"line": "2", "c-0": "booked_on", "c-1": "description", "c-2": "debit", "c-3": "credit"}
    return {"bank_account": "CIB-1", "name": "t.csv", "order": "dmy", **said, **more}


def test_a_strange_table_asks_once_what_its_columns_are(desk, ours):
    browser = desk.browser("huda")
    file = SimpleUploadedFile("t.csv", STRANGE.encode())
    answer = browser.post("/bank/new", {"file": file, "bank_account": "CIB-1"})
    page = answer.content.decode()
    assert (answer.status_code, "GEBUEHR" in page, 'name="c-3"' in page) == (422, True, True)
    sha256 = import_jobs.keep([STRANGE.encode()])
    few = desk.post("huda", "/bank/columns", sha256=sha256, **answers(**{"c-3": "", "c-2": ""}))
    assert (few.status_code, "GEBUEHR" in few.content.decode()) == (422, True)
    ours.refresh_from_db()
    assert ours.mapping == {}
    done = desk.post("huda", "/bank/columns", sha256=sha256, **answers())
    assert (done.status_code, "30.00" in done.content.decode()) == (200, True)
    assert not BankStatement.objects.exists()
    later = STRANGE.replace("03/11", "05/11").replace("04/11", "06/11")
    file = SimpleUploadedFile("t.csv", later.encode())
    again = browser.post("/bank/new", {"file": file, "bank_account": "CIB-1"})
    assert (again.status_code, "Take it in" in again.content.decode()) == (200, True)
    assert "4 columns known" in desk.read("huda", "/bank")


def test_the_columns_of_a_bank_are_seen_changed_and_forgotten(desk, ours):
    path = f"/bank/accounts/{ours.id}/columns"
    fields = {"booked_on": "Tag", "amount": "Betrag", "order": "dmy"}
    assert desk.post("huda", path, **fields).status_code == 302
    assert 'value="Betrag"' in desk.read("auditor", path)
    file = SimpleUploadedFile("t.csv", STRANGE.encode())
    answer = desk.browser("huda").post("/bank/new", {"file": file, "bank_account": "CIB-1"})
    assert "Line 2: no column is headed Betrag" in answer.content.decode()
    refused = desk.post("huda", path, booked_on="Tag", amount="")
    assert (refused.status_code, 'value="Tag"' in refused.content.decode()) == (422, True)
    desk.post("huda", path, forget="1")
    ours.refresh_from_db()
    assert ours.mapping == {}
    assert desk.post("auditor", path, **fields).status_code == 403
    assert desk.get("lina", path).status_code == 403


def test_the_api_takes_a_banks_file_as_it_is(desk, ours):
    def post(who: str, content: bytes, name: str, key: str, **fields):
        file = SimpleUploadedFile(name, content)
        return desk.browser(who).post(
            "/api/v1/bank/statements", {"file": file, **fields}, headers={"Idempotency-Key": key}
        )

    statement = mt940((1_234_56, "MOHAMED AHMED ALI"), (77_77, "BUSINESS 9"))
    said = post("huda", statement, "day.sta", "k1").json()
    assert [each["new"] for each in said["statements"]] == [2]
    assert said["matching"]["lines"] == 2
    assert post("huda", statement, "day.sta", "k2").json()["statements"][0]["new"] == 0
    assert post("lina", statement, "day.sta", "k3").status_code == 403
    table = STRANGE.encode()
    refused = post("huda", table, "t.csv", "k4", bank_account="CIB-1")
    assert (refused.status_code, refused.json()["code"]) == (422, "bank.no_headings")
    columns = {"booked_on": "Tag", "debit": "Raus", "credit": "Rein", "description": "Wozu"}
    mapping = json.dumps({"columns": columns, "order": "dmy"})
    taken = post("huda", table, "t.csv", "k5", bank_account="CIB-1", mapping=mapping).json()
    assert taken["statements"][0]["credit_minor"] == 30_00
    bad = json.dumps({"columns": {"tag": "Tag"}})
    assert post("huda", table, "t.csv", "k6", mapping=bad).json()["code"] == "bank.mapping_field"


@pytest.mark.parametrize("language", ["ar", "hi"])
def test_the_pages_speak_the_readers_language(desk, lines, language):
    browser = desk.browser("huda")
    browser.cookies["django_language"] = language
    for path in PAGES:
        assert browser.get(path).status_code == 200


def test_the_api_tells_of_statements_and_lines(desk, lines):
    document = documents.openapi()
    shapes = document["components"]["schemas"]
    for path in ("accounts", "statements", "lines", "lines/{line_id}"):
        url = f"/api/v1/bank/{path.format(line_id=lines[0].id)}"
        answer = desk.get("huda", url)
        assert answer.status_code == 200, path
        assert desk.get("lina", url).status_code == 403, path
        said = document["paths"][f"/bank/{path}"]["get"]["responses"]["200"]
        schema = said["content"]["application/json"]["schema"]
        schema = shapes[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        assert set(answer.json()) <= set(schema["properties"]), path
