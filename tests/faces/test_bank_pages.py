"""The bank's pages: what they show, who may, a file shown before it is taken, a line confirmed."""

from __future__ import annotations

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
