"""The API: every address happy, refused and within scope; one shape of refusal; never a crash."""

from __future__ import annotations

import json
import re
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tahsil.actions import tokens as token_acts
from tahsil.actions._verb import VERBS
from tahsil.api import documents, problems, verbs
from tahsil.api.fitting import fit_all
from tahsil.api.reads import READS
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import (
    BankAccount,
    CashCount,
    CashDay,
    CashDeposit,
    Contract,
    DepositSlip,
    Event,
    HandOver,
    ImportBatch,
    Instrument,
    Obligation,
    Person,
    Presentment,
    Promise,
    Receipt,
    Refund,
    RefundPayment,
    Request,
    SafeCount,
    Token,
)
from tests.actions.statements import bank_account, take
from tests.conftest import TODAY
from tests.queries.books import SmallBook, small_book

SHAPE = {"type", "title", "status", "detail", "code", "facts"}


class Api:
    """The API as one person's program calls it, with a token of theirs."""

    def __init__(self, book: SmallBook, person: str) -> None:
        self.book = book
        self.client = Client(raise_request_exception=False, enforce_csrf_checks=True)
        person_id = book.persons.get(person) or getattr(book.people, person)
        self.secret = f"tahsil_{person}"
        self.token = Token.objects.create(
            person_id=person_id, name="tests", created_at=book.people.ctx("sara").now,
            secret_sha256=token_acts.hash_of(self.secret),
        )  # fmt: skip
        self.head = {"Authorization": f"Bearer {self.secret}"}

    def get(self, path: str, **values):
        return self.client.get(f"/api/v1/{path}", values, headers=self.head)

    def post(self, path: str, body, *, key: str = "k1", **more):
        head = self.head | ({"Idempotency-Key": key} if key else {})
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        kind = more.pop("content_type", "application/json")
        return self.client.post(f"/api/v1/{path}", text, content_type=kind, headers=head, **more)

    def do(self, verb: str, *, key: str = "k1", **details):
        return self.post(f"verbs/{verb}", details, key=key)


def refused(answer, status: int, code: str) -> dict:
    """The problem, once it is of the one shape and says what was expected."""
    assert answer["Content-Type"] == "application/problem+json", answer.content[:200]
    made = answer.json()
    assert set(made) - {"parts"} == SHAPE
    assert (answer.status_code, made["status"], made["code"]) == (status, status, code), made
    assert made["title"] == problems.TITLES[status]
    assert made["type"] == f"urn:tahsil:refusal:{code}"
    assert "{" not in made["detail"] or made["detail"].endswith(".")
    return made


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch):
    monkeypatch.setenv("TAHSIL_TODAY", TODAY.isoformat())


@pytest.fixture
def book(people) -> SmallBook:
    return small_book(people)


@pytest.fixture
def sara(book) -> Api:
    return Api(book, "sara")


def promise(book: SmallBook, **more) -> dict:
    return {
        "account_id": book["NIL-1"], "amount_minor": 10_000_00, "promised_on": "2026-11-24", **more
    }  # fmt: skip


# Reading


def paths(book: SmallBook) -> list[str]:
    """Every address of the table with ids of the book in it."""
    Request.objects.create(
        verb="promise.make", params={}, account_id=book["NIL-1"], key="r1", approvers=["gm"],
        asked_by_id=book.people.sara, asked_at=book.people.ctx("sara").now, as_of=TODAY,
        expires_on=TODAY,
    )  # fmt: skip
    ImportBatch.objects.create(
        file_name="a.csv", sha256="0", layout="receipts", as_of=TODAY,
        created_at=book.people.ctx("sara").now,
    )  # fmt: skip
    ids = {
        "account_id": book["NIL-1"], "receipt_id": book["CAI-1"],
        "request_id": Request.objects.get().id, "batch_id": ImportBatch.objects.get().id,
        "line_id": _bank_line(book), **_papers(book), **_custody(book), **_cash(book),
        "refund_id": _refund(book),
        "contract_id": Contract.objects.filter(account_id=book["NIL-1"]).order_by("id")[0].id,
    }  # fmt: skip
    return [each.path.format(**ids) for each in READS]


def _papers(book: SmallBook) -> dict[str, int]:
    """A cheque in the safe, and the slip it once went to the bank on."""
    paper = Instrument.objects.create(
        account_id=book["NIL-1"], number="000999", bank="NBE", amount_minor=1_00, state="in_safe"
    )
    slip = DepositSlip.objects.create(
        bank_account=BankAccount.objects.get(), number="S-9", sent_on=TODAY, count=1,
        total_minor=1_00,
    )  # fmt: skip
    Presentment.objects.create(
        instrument=paper, seq=1, slip=slip, sent_on=TODAY, expected_on=TODAY, result="recalled"
    )
    return {"instrument_id": paper.id, "slip_id": slip.id}


def _cash(book: SmallBook) -> dict[str, int]:
    """A deposit of cash and a closed day, of the manager who reads."""
    now, person = book.people.ctx("sara").now, book.people.sara
    deposit = CashDeposit.objects.create(
        bank_account=BankAccount.objects.get(), number="C-1", person_id=person, amount_minor=1_00,
        deposited_at=now, recorded_at=now, due_at=now,
    )  # fmt: skip
    count = CashCount.objects.create(
        person_id=person, currency="EGP", day_on=TODAY, pieces={}, counted_minor=0, counted_at=now
    )
    figures = dict.fromkeys(
        ("opening_minor", "taken_minor", "reversed_minor", "received_minor", "given_minor",
         "deposited_minor", "adjusted_minor", "expected_minor", "difference_minor"), 0,
    )  # fmt: skip
    day = CashDay.objects.create(
        person_id=person, currency="EGP", day_on=TODAY, count=count, closed_at=now, **figures
    )
    return {"deposit_id": deposit.id, "day_id": day.id}


def _refund(book: SmallBook) -> int:
    """A refund that was paid in cash."""
    now = book.people.ctx("sara").now
    refund = Refund.objects.create(
        account_id=book["NIL-1"], number="RF-1", amount_minor=1_00, payee="Mona", reason="twice",
        approved_on=TODAY, recorded_at=now,
    )  # fmt: skip
    line = Obligation.objects.create(
        account_id=book["NIL-1"], category="refund", amount_minor=1_00, due_on=TODAY,
        raised_on=TODAY, recorded_at=now,
    )  # fmt: skip
    RefundPayment.objects.create(
        refund=refund, obligation=line, method="cash", value_on=TODAY, recorded_at=now
    )
    return refund.id


def _custody(book: SmallBook) -> dict[str, int]:
    """A hand-over of that cheque that waits, and a count that goes on."""
    sara, paper = book.people.sara, Instrument.objects.get(number="000999")
    given = HandOver.objects.create(
        number="H-1", from_place="safe", to_place="cheque_drawer", kind="ours", giver_id=sara,
        given_on=TODAY, given_at=book.people.ctx("sara").now, count=1, totals=[["EGP", 1, 1_00]],
    )  # fmt: skip
    given.lines.create(instrument=paper, amount_minor=1_00, currency="EGP")
    count = SafeCount.objects.create(
        place="safe", counted_on=TODAY, opened_at=book.people.ctx("sara").now, counter_id=sara
    )
    return {"hand_over_id": given.id, "count_id": count.id}


def _bank_line(book: SmallBook) -> int:
    bank_account(book.people.creditor)
    (line,) = take(book.people.ctx("huda"), (1_00, "SOMEBODY"))
    return line.id


def test_every_address_answers_the_manager_and_tells_nobody_else(book, sara):
    stranger = Api(book, "stranger")
    for path in paths(book):
        answer = sara.get(path, as_of="2026-11-22")
        assert answer.status_code == 200, (path, answer.content)
        assert answer["Content-Type"] == "application/json"
        assert answer["Cache-Control"] == "no-store"
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        other = stranger.get(path)
        if path == "approvals":  # one's own requests are everybody's to see
            assert other.json()["rows"] == []
        else:
            assert other.status_code in (403, 404), path
            assert set(other.json()) == SHAPE


def test_every_address_needs_somebody(book):
    for path in paths(book):
        answer = Client().get(f"/api/v1/{path}")
        assert refused(answer, 401, "auth.missing")
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_every_address_refuses_what_it_does_not_know(book, sara):
    for path in paths(book):
        made = refused(sara.get(path, colour="red", as_of="soon"), 422, "given.unfit")
        codes = {part["code"] for part in made["parts"]}
        assert codes == {"given.unknown_names", "given.unreadable"}
        assert "colour" in made["detail"] and "soon" in made["detail"]


@pytest.mark.parametrize("person", ["lina", "ravi", "noor", "cm", "auditor", "sara"])
def test_the_rows_are_those_the_web_shows(book, person):
    """The scope of the register, worklist and ageing is that of the account page."""
    from tahsil.queries import account

    api, standing = Api(book, person), book.who(person)
    for number in ("NIL-1", "NIL-2", "NIL-3", "DXB-1"):
        try:
            account.page(standing, book[number], as_of=TODAY)
            is_seen = True
        except Refused:
            is_seen = False
        answer = api.get(f"accounts/{book[number]}")
        assert (answer.status_code == 200) is is_seen
        if not is_seen:
            refused(answer, 404, "account.unknown")
        listed = [row["number"] for row in api.get("accounts").json()["rows"]]
        assert (number in listed) is is_seen
        found = api.get("accounts", q=number).json()["rows"]
        assert (number in [row["number"] for row in found]) is is_seen


def test_the_account_page_in_json_is_the_query(book, sara):
    made = sara.get(f"accounts/{book['NIL-1']}").json()
    assert made["as_of"] == "2026-11-22"
    assert made["header"]["number"] == "NIL-1"
    assert made["figures"]["overdue_minor"] == 160_000_00
    assert made["to_pay"]["total_minor"] > made["figures"]["overdue_minor"]
    line = made["contracts"][0]["lines"][0]
    assert (line["due_on"], line["amount_minor"]) == ("2026-08-01", 100_000_00)
    assert all(each["text"] for each in made["timeline"])


def test_as_of_is_the_day_looked_at(book, sara):
    path = f"accounts/{book['NIL-1']}/explain"
    now, then = sara.get(path).json(), sara.get(path, as_of="2026-08-10").json()
    assert now["figures"]["overdue_minor"] == 160_000_00
    assert then["as_of"] == "2026-08-10"
    assert then["figures"]["overdue_minor"] == 0
    assert now["steering"]["tries"][0]["tests"]


def test_a_statement_of_one_contract_and_period(book, sara):
    path = f"accounts/{book['NIL-1']}/statement"
    made = sara.get(path, contract=book["deed"], since="2026-09-01", until="2026-09-30").json()
    assert [line["label"] for line in made["lines"]] == ["Q2", "Delivery"]  # no date: in any period
    refused(sara.get(path, since="2026-09-02", until="2026-09-01"), 422, "period.reversed")
    refused(sara.get(path, contract=999), 404, "contract.unknown")


def test_the_ageing_ties_out_and_takes_its_filters(book, sara):
    made = sara.get("ageing", group="creditor", overdue_only="true").json()
    assert set(made["ties"].values()) == {0}
    assert {row["account_number"] for row in made["rows"]} == {"NIL-1", "NIL-3", "DXB-1"}
    assert all(row["amounts"]["overdue_minor"] for row in made["rows"])
    refused(sara.get("ageing", group="weather"), 422, "given.unreadable")


def test_the_daily_collection_of_some_days(book, sara):
    made = sara.get("receipts", since="2026-07-01", until="2026-09-30").json()
    assert [row["number"] for row in made["rows"]] == ["CAI-2", "CAI-1"]
    assert made["totals"][0]["amount_minor"] == 145_000_00
    assert sara.get(f"receipts/{book['CAI-1']}").json()["amount_minor"] == 100_000_00
    refused(sara.get("receipts/999"), 404, "receipt.unknown")


@pytest.mark.parametrize("path", ["accounts", "worklist", "events", "ageing", "promises", "people"])
def test_a_cursor_walks_the_whole_list_once(book, sara, path):
    values = {"view": "all"} if path == "promises" else {}
    every = sara.get(path, **values).json()["rows"]
    if path == "people":
        return
    walked, cursor = [], {}
    for _ in range(len(every) + 1):
        made = sara.get(path, limit=1, **values, **cursor).json()
        walked += made["rows"]
        if made["next"] is None:
            break
        cursor = {"cursor": made["next"]}
    assert walked == every and len(every) > 1


def test_a_cursor_belongs_to_its_list(sara):
    cursor = sara.get("accounts", limit=1).json()["next"]
    refused(sara.get("worklist", limit=1, cursor=cursor), 422, "page.cursor")
    refused(sara.get("accounts", limit=2, cursor=cursor), 422, "page.cursor")
    refused(sara.get("accounts", limit=1, currency="EGP", cursor=cursor), 422, "page.cursor")
    for wrong in ("x", "%%%", "WzEsIDFd", "bnVsbA", "é"):
        refused(sara.get("accounts", cursor=wrong), 422, "page.cursor")


@pytest.mark.parametrize("limit", ["0", "-1", "201", "null", "1.5", "x", "1" * 30])
def test_a_page_holds_1_to_200_rows(sara, limit):
    made = refused(sara.get("accounts", limit=limit), 422, "given.unreadable")
    assert made["facts"]["name"] == "limit"


def test_what_is_no_address_or_no_method(sara):
    refused(sara.get("weather"), 404, "api.address")
    refused(sara.client.get("/api/"), 404, "api.address")
    answer = sara.client.delete("/api/v1/accounts", headers=sara.head)
    assert answer["Allow"] == "GET"
    refused(answer, 405, "api.method")
    refused(sara.get("verbs/promise.make"), 405, "api.method")
    for wrong in ("x", "-1", "9" * 30, "0"):
        made = refused(sara.get(f"accounts/{wrong}"), 422, "given.unreadable")
        assert made["facts"]["name"] == "account_id"
    refused(sara.get("accounts/99999"), 404, "account.unknown")


@given(values=st.dictionaries(
    st.sampled_from(["as_of", "limit", "cursor", "q", "project", "view", "since", "sort", "verb",
                     "bucket", "\0", "whole"]),
    st.one_of(st.text(max_size=12), st.sampled_from(
        ["-1", "0", "2199-12-31", "1900-01-01", "0001-01-01", "%", "*", "9" * 18, "\0", '"'])),
    max_size=4,
), path=st.sampled_from([each.path for each in READS]))  # fmt: skip
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_address_breaks_over_its_values(sara, values, path):
    path = re.sub(r"\{\w+\}", str(sara.book["NIL-1"]), path)
    answer = sara.get(path, **values)
    assert answer.status_code in (200, 403, 404, 422), answer.content
    if answer.status_code != 200:
        assert set(answer.json()) - {"parts"} == SHAPE


# Who calls


def test_a_token_acts_until_it_is_revoked(book, sara):
    assert sara.get("worklist").status_code == 200
    assert Token.objects.get(id=sara.token.id).last_used_on == TODAY
    admin = Api(book, "admin")
    done = admin.do("people.revoke_token", token_id=sara.token.id)
    assert done.status_code == 200
    refused(sara.get("worklist"), 401, "auth.token")
    refused(admin.do("people.revoke_token", key="k2", token_id=sara.token.id), 422, "token.revoked")


def test_whose_access_is_closed_has_no_token(book, sara):
    Person.objects.filter(id=book.people.sara).update(is_active=False)
    refused(sara.get("worklist"), 401, "auth.token")


@pytest.mark.parametrize(
    "said", ["Bearer", "Bearer x", "Basic c2FyYTp4", "x", "Bearer tahsil_Sara"]
)
def test_what_is_no_token(sara, said):
    sara.client.force_login(Person.objects.get(username="sara"))  # a wrong token is not passed over
    answer = sara.client.get("/api/v1/worklist", headers={"Authorization": said})
    refused(answer, 401, "auth.token")


def test_a_session_writes_with_its_form_token_only(book):
    client = Client(enforce_csrf_checks=True)
    client.force_login(Person.objects.get(username="sara"))
    assert client.get("/api/v1/worklist").status_code == 200
    body, head = json.dumps(promise(book)), {"Idempotency-Key": "k1"}
    send = {"content_type": "application/json"}
    url = "/api/v1/verbs/promise.make"
    refused(client.post(url, body, headers=head, **send), 403, "auth.csrf")
    assert Promise.objects.filter(amount_minor=10_000_00).count() == 0
    client.cookies["csrftoken"] = "a" * 32
    head["X-CSRFToken"] = "a" * 32
    assert client.post(url, body, headers=head, **send).status_code == 200


def test_an_administrator_issues_a_token_whose_secret_nobody_is_told(book):
    admin = Api(book, "admin")
    secret = "tahsil_a-new-secret-of-a-program"
    details = {"person_id": book.people.lina, "name": "dialler",
               "secret_sha256": token_acts.hash_of(secret)}  # fmt: skip
    done = admin.do("people.issue_token", **details).json()
    assert done["facts"] == {"person": "Lina", "name": "dialler"}
    assert token_acts.hash_of(secret) not in json.dumps(done)
    head = {"Authorization": f"Bearer {secret}"}
    rows = Client().get("/api/v1/accounts", headers=head).json()["rows"]
    assert {row["number"] for row in rows} == {"NIL-1", "NIL-2"}
    refused(admin.do("people.issue_token", key="k2", **details), 422, "token.known")
    refused(
        admin.do("people.issue_token", key="k3", **{**details, "secret_sha256": "secret"}),
        422, "token.hash",
    )  # fmt: skip
    refused(Api(book, "sara").do("people.issue_token", **details), 403, "grant.none")
    assert "secret" not in json.dumps(admin.get("tokens").json())


# Doing


def test_a_verb_is_done_once_under_its_key(book, sara):
    first = sara.do("promise.make", **promise(book))
    assert first.status_code == 200
    made = first.json()
    assert made["repeated"] is False
    assert Event.objects.get(id=made["event"]).subject == made["subject"]
    again = sara.do("promise.make", **promise(book)).json()
    assert again == {**made, "repeated": True}
    other = sara.do("promise.make", **promise(book, amount_minor=1_00))
    assert refused(other, 409, "key.reused")["facts"]["key"] == "k1"
    assert Promise.objects.filter(amount_minor=10_000_00).count() == 1


def test_one_callers_keys_are_not_anothers(book, sara):
    assert sara.do("promise.make", **promise(book)).json()["repeated"] is False
    assert Api(book, "lina").do("promise.make", **promise(book)).json()["repeated"] is False


def test_a_key_is_needed(book, sara):
    refused(sara.do("promise.make", key="", **promise(book)), 422, "key.missing")
    refused(sara.do("promise.make", key="x" * 81, **promise(book)), 422, "given.unreadable")
    refused(sara.do("promise.make", key="a b", **promise(book)), 422, "given.unreadable")
    assert sara.do("promise.make", key="x" * 80, **promise(book)).status_code == 200


def test_what_needs_somebodys_yes_waits_and_is_done_once_they_agree(book):
    lina, sara = Api(book, "lina"), Api(book, "sara")
    far = promise(book, promised_on="2026-12-20")
    waits = lina.do("promise.make", **far)
    assert waits.status_code == 202, waits.content
    made = waits.json()
    assert made["reasons"][0]["text"].endswith(".")
    assert made["approvers"]
    assert lina.do("promise.make", **far).json() == made
    refused(lina.do("request.approve", key="k2", request_id=made["request"]), 422, "request.own")
    assert lina.get("approvals", view="mine").json()["rows"][0]["id"] == made["request"]
    row = sara.get("approvals").json()["rows"][0]
    assert row["id"] == made["request"] and row["can_decide"]
    assert sara.do("request.approve", request_id=made["request"]).status_code == 200
    refused(sara.do("request.approve", key="k2", request_id=made["request"]), 409, "request.state")


def test_scope_and_grant_are_those_of_the_door(book):
    ravi, auditor = Api(book, "ravi"), Api(book, "auditor")
    refused(ravi.do("promise.make", **promise(book)), 403, "grant.scope")
    refused(auditor.do("promise.make", **promise(book)), 403, "grant.none")
    refused(ravi.do("promise.make", **promise(book, account_id=99_999)), 404, "account.unknown")


@pytest.mark.parametrize(
    ("verb", "details"),
    [
        ("dispute.decide", {"dispute_id": 999, "state": "rejected"}),
        ("obligation.adjust", {"obligation_id": 999, "amount_minor": -1, "reason": "no"}),
        ("charge.assess", {"contract_id": 999}),
        ("promise.cancel", {"promise_id": 999, "reason": "no"}),
        ("receipt.reverse", {"receipt_id": 999, "reason": "no"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_there_is_not_found(book, sara, verb, details):
    answer = sara.do(verb, account_id=book["NIL-1"], **details)
    noun = next(iter(details)).removesuffix("_id")
    refused(answer, 404, f"{noun}.unknown")


def test_details_that_do_not_fit_are_all_named(book, sara):
    made = refused(
        sara.do("promise.make", account_id="1", promised_on="31/12/2026", colour="red"),
        422, "given.unfit",
    )  # fmt: skip
    said = {part["code"]: part["detail"] for part in made["parts"]}
    assert said["given.missing"] == "amount_minor is missing."
    assert "promise.make has no colour. It has: account_id" in said["given.unknown_names"]
    assert len(made["parts"]) == 4
    refused(sara.do("weather.change"), 404, "verb.unknown")
    refused(sara.do("promise.make", **promise(book, amount_minor=True)), 422, "given.unreadable")
    refused(sara.do("promise.make", **promise(book, amount_minor=1.5)), 422, "given.unreadable")
    refused(sara.do("promise.make", **promise(book, amount_minor=10**16)), 422, "given.unreadable")


@pytest.mark.parametrize("body", [
    b" ", b"{", b"[]", b"null", b'"x"', b"\xff", b"NaN", b'{"a": Infinity}', b"[" * 100_000,
    b'{"a": "\\u0000"}', b'{"a": "\\ud800"}', b"1" * 5_000,
])  # fmt: skip
def test_what_is_no_body(sara, body):
    answer = sara.post("verbs/promise.make", body)
    assert answer.status_code == 422, answer.content
    assert set(answer.json()) - {"parts"} == SHAPE


def test_a_body_is_json(book, sara):
    answer = sara.post(
        "verbs/promise.make", "a=1", content_type="application/x-www-form-urlencoded"
    )
    refused(answer, 415, "api.content_type")


def test_a_fault_of_ours_is_a_problem_with_a_reference_and_no_more(book, sara, monkeypatch):
    def broken(ctx, **params):
        raise RuntimeError("secret detail")

    monkeypatch.setitem(VERBS, "promise.make", broken)
    monkeypatch.setattr(verbs, "offer", lambda name: verbs.Offer(name, "", {"properties": {}}, ()))
    made = refused(sara.do("promise.make"), 500, "api.fault")
    assert "secret" not in json.dumps(made) and made["facts"]["reference"] in made["detail"]


def test_a_password_is_set_once_and_stands_nowhere(book):
    admin = Api(book, "admin")
    details = {"person_id": book.people.lina, "password": "a-long-walk-in-1987"}
    assert admin.do("people.set_password", **details).json()["repeated"] is False
    assert admin.do("people.set_password", **details).json()["repeated"] is True
    assert Person.objects.get(id=book.people.lina).check_password("a-long-walk-in-1987")
    refused(admin.do("people.set_password", **{**details, "password": "b-long-walk"}), 409,
            "key.reused")  # fmt: skip
    refused(admin.do("people.set_password", key="k2", **{**details, "password": "1"}), 422,
            "people.password")  # fmt: skip


def test_a_whole_identity_number_is_told_once_and_recorded(book):
    from tahsil.store.models import Account

    party = Account.objects.get(id=book["NIL-1"]).party_id
    details = {"account_id": book["NIL-1"], "party_id": party}
    refused(Api(book, "lina").do("identity.reveal", **details), 403, "grant.none")
    sara = Api(book, "sara")
    told = sara.do("identity.reveal", **details).json()
    assert told["national_id"] == "28501011234567" and told["repeated"] is False
    made = Event.objects.get(verb="identity.reveal")
    assert made.id == told["event"] and "28501011234567" not in json.dumps(made.facts)
    again = sara.do("identity.reveal", **details).json()
    assert again["repeated"] is True and "national_id" not in again
    assert "national_id" not in sara.do("account.note", key="k2", account_id=book["NIL-1"],
                                        note="x").json()  # fmt: skip


def test_a_receipt_pays_what_the_payer_named(book):
    huda = Api(book, "huda")
    done = huda.do(
        "receipt.record", account_id=book["NIL-1"], amount_minor=5_000_00, value_on="2026-11-22",
        instrument="cash", instruction=[[book["Q3"], 5_000_00]],
    )  # fmt: skip
    assert done.status_code == 200, done.content
    assert done.json()["facts"]["paid"] == [[book["Q3"], 5_000_00]]
    assert Receipt.objects.get(id=int(done.json()["subject"].split(":")[1])).cashier.name == "Huda"


def test_a_contract_is_signed_from_terms(book, sara):
    terms = {"kind": "series", "total_minor": 1_200_00, "count": 12, "first_on": "2026-12-01"}
    details = {
        "number": "YAS-0999", "party": {"name": "Karim Nabil"}, "creditor_id": book.people.creditor,
        "terms": terms,
    }  # fmt: skip
    done = sara.do("contract.sign", **details)
    assert done.status_code == 200, done.content
    assert done.json()["facts"]["lines"] == 12
    wrong = {**details, "terms": {**terms, "count": 0, "colour": "red"}}
    made = refused(sara.do("contract.sign", key="k2", **wrong), 422, "given.unfit")
    assert "terms.count" in made["detail"] and "colour" in made["detail"]
    wrong["terms"] = {"kind": "weather"}
    refused(sara.do("contract.sign", key="k3", **wrong), 422, "given.unreadable")


# Never a crash

ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False), st.text(),
    st.sampled_from(["", "0001-01-01", "9999-12-31", "24:00", "\0", "١٢", "%s", "{x}", "1e9"]),
)  # fmt: skip
ANYTHING = st.recursive(
    ODD, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)


def fitting_schema(schema: dict) -> st.SearchStrategy:
    """Values of a schema: what a verb gets to see after the details were held against it."""
    if "anyOf" in schema:
        return st.one_of([fitting_schema(each) for each in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds = schema.get("type", [])
    return st.one_of([_of_kind(k, schema) for k in ([kinds] if isinstance(kinds, str) else kinds)]
                     or [ANYTHING])  # fmt: skip


def _of_kind(kind: str, schema: dict) -> st.SearchStrategy:
    if kind == "integer":
        low, high = schema.get("minimum", -5), schema.get("maximum", 5)
        near = st.integers(max(low, -3), min(high, 12))
        return near | st.sampled_from([low, high, min(high, 10_000_00)])
    if kind == "string":
        formats = {
            "date": st.dates(date(2026, 10, 1), date(2027, 3, 1)).map(str)
            | st.sampled_from(["1900-01-01", "2199-12-31", "2026-11-22"]),
            "time": st.just("14:30"),
            "date-time": st.sampled_from(["2026-11-22T07:00:00Z", "1900-01-01T00:00:00+14:00"]),
        }
        return formats.get(schema.get("format", ""), st.sampled_from(WORDS) | st.text(max_size=8))
    if kind == "array":
        least, most = schema.get("minItems", 0), min(schema.get("maxItems", 3), 3)
        return st.lists(fitting_schema(schema["items"]), min_size=least, max_size=max(most, least))
    if kind == "object":
        if "properties" not in schema:
            return st.dictionaries(st.text(max_size=6), ANYTHING, max_size=3)
        return _objects(schema)
    return st.none() if kind == "null" else st.booleans()


def _objects(schema: dict) -> st.SearchStrategy:
    known = {name: fitting_schema(each) for name, each in schema["properties"].items()}
    needed = {name: known.pop(name) for name in schema.get("required", ())}
    return st.fixed_dictionaries(needed, optional=known)


WORDS = [
    "", "call", "phone", "cash", "money", "PTP", "NC_NOANS", "hold", "pause", "Q9", "upheld",
    "transfer", "collector", "all", "project", "ladder", "standard", "default", "en", "Waiver",
    "penalty", "codes", "none", "visit", "C-1001", "handover", "developer_monthly", "EGP",
]  # fmt: skip
VERB_NAMES = sorted(verbs.offers())
BODIES = st.sampled_from(VERB_NAMES).flatmap(
    lambda name: st.tuples(st.just(name), fitting_schema(verbs.offer(name).details))
)


@given(name=st.sampled_from(VERB_NAMES), body=ANYTHING)
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_body_breaks_a_verb(sara, name, body):
    check_stands(sara.post(f"verbs/{name}", body))


@given(pair=BODIES, odd=st.none() | ANYTHING, real=st.booleans(), data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_details_break_a_verb(book, everybody, pair, odd, real, data):
    name, body = pair
    if real:
        for each in sorted(body.keys() & IDS.keys()):
            body[each] = IDS[each](book)
    if odd is not None and body:
        body[data.draw(st.sampled_from(sorted(body)))] = odd
    with transaction.atomic():
        check_stands(everybody.do(name, **body))
        transaction.set_rollback(True)


@pytest.mark.parametrize("kind, code", [
    ("ladder", "developer"), ("worklist", "default"), ("buckets", "dpd_six"),
    ("authority", "promise"), ("waterfall", "standard"), ("penalty", "developer_monthly"),
    ("codes", "dispositions"), ("roles", "default"),
])  # fmt: skip
def test_no_policy_body_breaks_its_reader(everybody, kind, code):
    bodies = (
        {}, {"rungs": 5}, {"rungs": [{"when": "x"}]}, {"items": [1]}, {"reasons": {}},
        {"boundaries": ["a"], "limits": 1}, {"order": None}, {"rate_ppm": "x"}, {"when": {"a": []}},
        {"items": {"code": []}, "branches": 1},
    )  # fmt: skip
    for at, body in enumerate(bodies):
        with transaction.atomic():
            answer = everybody.do(
                "policy.publish", key=f"p{at}", kind=kind, code=code, since_on="2027-01-01",
                body=body, source="a test",
            )  # fmt: skip
            transaction.set_rollback(True)
        check_stands(answer)
        if kind in ("ladder", "worklist", "buckets") and body:
            assert answer.status_code == 422, body


@pytest.fixture
def everybody(book) -> Api:
    """Somebody who holds every role there is."""
    from tahsil.store.models import RoleGrant

    for role in ("collection_manager", "accountant", "administrator", "cfo", "gm"):
        RoleGrant.objects.create(
            person_id=book.people.huda, role=role, scope="all", since_on=date(2020, 1, 2)
        )
    return Api(book, "huda")


IDS = {
    "account_id": lambda book: book["NIL-1"],
    "contract_id": lambda book: book["deed"],
    "obligation_id": lambda book: book["Q2"],
    "receipt_id": lambda book: book["CAI-1"],
    "promise_id": lambda book: Promise.objects.filter(state="open").first().id,
    "person_id": lambda book: book.people.lina,
    "creditor_id": lambda book: book.people.creditor,
    "project_id": lambda book: book.people.project,
    "collector_id": lambda book: book.people.lina,
}


def check_stands(answer) -> None:
    assert answer.status_code in (200, 202, 403, 404, 409, 415, 422), answer.content
    if answer.status_code > 202:
        made = answer.json()
        assert set(made) - {"parts"} == SHAPE
        assert made["detail"].strip()


# Files


def sheet(name: str = "receipts.csv") -> SimpleUploadedFile:
    text = "Contract,Amount,Date,Receipt no\nYAS-0014,1000,2026-11-20,R-1\nNONE,5,soon,R-2\n"
    return SimpleUploadedFile(name, text.encode(), "text/csv")


def upload(api: Api, *, key: str = "k1", **fields):
    head = api.head | ({"Idempotency-Key": key} if key else {})
    return api.client.post("/api/v1/imports", fields, headers=head)


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_file_is_staged_once(book, sara, folder):
    answer = upload(sara, file=sheet(), creditor="NIL", layout="receipts")
    assert answer.status_code == 200, answer.content
    made = answer.json()
    assert made["batch"]["state"] == "staged"
    assert made["batch"]["file_name"] == "receipts.csv"
    assert sum(made["statuses"].values()) == made["total"] == 2
    again = upload(sara, file=sheet(), creditor="NIL", layout="receipts").json()
    assert again["batch"]["id"] == made["batch"]["id"]
    assert sara.get(f"imports/{made['batch']['id']}").json()["rows"] == made["rows"]
    done = sara.do("import.discard", key="k2", batch_id=made["batch"]["id"])
    assert done.status_code == 200
    refused(sara.do("import.commit", key="k3", batch_id=made["batch"]["id"]), 409, "import.state")


def test_files_that_are_not_taken(book, sara, folder, tmp_path):
    refused(upload(sara, creditor="NIL"), 422, "file.none")
    refused(upload(sara, key="", file=sheet()), 422, "key.missing")
    refused(upload(sara, file=sheet(), colour="red"), 422, "given.unknown_names")
    refused(upload(sara, file=sheet(), creditor="NIL", mapping="/etc/hostname"), 422,
            "mapping.unsaved")  # fmt: skip
    refused(upload(Api(book, "lina"), file=sheet()), 403, "grant.none")
    refused(sara.post("imports", {"file": "x"}), 422, "file.form")
    for content in (b"\0\1\2", b"PK\3\4rubbish", b"\xd0\xcf\x11\xe0rubbish", b"{}", b","):
        odd = SimpleUploadedFile("odd.xlsx", content)
        answer = upload(sara, file=odd, creditor="NIL", key=f"odd-{content.hex()}")
        assert answer.status_code in (200, 422), answer.content
    broken = sara.client.post(
        "/api/v1/imports", BytesIO(b"--x\r\nrubbish").read(), headers=sara.head | {
            "Idempotency-Key": "k9"}, content_type="multipart/form-data; boundary=x")  # fmt: skip
    assert broken.status_code == 422
    assert set(broken.json()) == SHAPE


# The document


def refs(value):
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for each in value.values():
            yield from refs(each)
    elif isinstance(value, list):
        for each in value:
            yield from refs(each)


def test_the_document_is_whole(client, db):
    made = client.get("/api/v1/openapi.json").json()
    assert made["openapi"].startswith("3.1")
    for ref in set(refs(made)):
        place = made
        for part in ref.removeprefix("#/").split("/"):
            place = place[part]
        assert place, ref
    names = [each["operationId"] for item in made["paths"].values() for each in item.values()]
    assert len(names) == len(set(names))
    for path, item in made["paths"].items():
        wanted = set(re.findall(r"\{(\w+)\}", path))
        for method, operation in item.items():
            assert method in ("get", "post")
            inside = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
            assert inside == wanted, path
            assert all(each["schema"] for each in operation["parameters"])
            assert operation["summary"].endswith(".")
            assert {"200", "default"} <= set(operation["responses"])
            assert (method == "post") == ("requestBody" in operation)


def test_every_verb_stands_in_the_document_with_what_it_takes(client, db):
    made = client.get("/api/v1/openapi.json").json()
    reference = {path.removeprefix("/verbs/") for path in made["paths"] if "/verbs/" in path}
    assert reference == set(VERBS) and "people.issue_token" in reference
    schema = made["paths"]["/verbs/promise.make"]["post"]["requestBody"]["content"]
    details = schema["application/json"]["schema"]
    assert details["required"] == ["account_id", "amount_minor", "promised_on"]
    assert details["properties"]["promised_on"] == {"type": "string", "format": "date"}
    for name, offer in verbs.offers().items():
        for detail, each in offer.details["properties"].items():
            assert {"type", "anyOf"} & set(each), f"{name} takes anything as {detail}"


def test_answers_are_as_the_document_says(book, sara):
    schemas = documents.openapi()["components"]["schemas"]
    page = sara.get(f"accounts/{book['NIL-1']}").json()
    assert set(page) == set(schemas["AccountPage"]["properties"])
    assert set(page["figures"]) == set(schemas["Figures"]["properties"])
    row = sara.get("accounts").json()["rows"][0]
    assert set(row) == set(schemas["RegisterRow"]["properties"])
    for path, read in zip(paths(book), READS, strict=True):
        said = documents.openapi()["paths"][f"/{read.path}"]["get"]["responses"]["200"]
        schema = said["content"]["application/json"]["schema"]
        schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        assert set(sara.get(path).json()) <= set(schema["properties"]), path


def test_the_page_lists_everything_and_loads_nothing_from_elsewhere(client, db):
    answer = client.get("/api/docs")
    text = answer.content.decode()
    for name in VERBS:
        assert f'id="{name}"' in text
    assert all(f"/api/v1/{each.path}" in text for each in READS)
    assert "<script" not in text and "style=" not in text and "http://" not in text
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_every_fault_of_nested_details_is_named():
    with pytest.raises(Refused) as caught:
        fit_all(
            {"lines": [{"category": "weather", "amount_minor": 0}], "number": 5},
            verbs.offer("contract.sign").details,
            what="contract.sign",
        )
    said = str(caught.value)
    assert "lines[0].category" in said and "lines[0].amount_minor" in said and "number is 5" in said
