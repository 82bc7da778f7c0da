"""The tie-out's pages: who sees them, a balance read in, its difference noted, a month closed."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tahsil.store.models import LedgerLoad, PeriodAct, Person, Request, RoleGrant, TieNote
from tests.conftest import TODAY

FILE = b"Account Code,Account Name,Debit,Credit\n1310,Customers,999.00,0\n"


@pytest.fixture
def finance(desk):
    """Huda keeps the ledger, Adel directs finance."""
    for username, role in (("huda", "accountant"), ("adel", "cfo")):
        person = Person.objects.filter(username=username).first() or Person.objects.create(
            username=username, name=username.title()
        )
        RoleGrant.objects.create(
            person=person, role=role, scope="all", since_on=TODAY.replace(month=1, day=1)
        )
        desk.book.persons[username] = person.id
    return desk


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found.group(1)


def read_in(finance, on: str) -> None:
    sent = SimpleUploadedFile("tb.csv", FILE, "text/csv")
    shown = finance.post("huda", "/tie-out/new", file=sent, creditor="NIL", on=on)
    page = shown.content.decode()
    assert shown.status_code == 200 and "999.00" in page, page[:3000]
    assert not LedgerLoad.objects.exists()  # nothing is kept before it was looked at
    names = ("sha256", "name", "creditor", "on", "form_key")
    answer = finance.post("huda", "/tie-out/loads", **{name: hidden(page, name) for name in names})
    assert answer.status_code == 302


def test_who_may_see_it(finance):
    page = finance.read("huda", "/tie-out")
    assert "No balance read in" in page and "Part by part" in page
    assert finance.get("lina", "/tie-out").status_code == 403
    assert finance.get("auditor", "/tie-out").status_code == 200
    assert finance.get("auditor", "/tie-out/new").status_code == 403


def test_a_balance_is_read_in_and_its_difference_noted(finance):
    read_in(finance, "2026-11-20")
    page = finance.read("huda", "/tie-out?on=2026-11-21")
    assert "Not explained" in page and "tb.csv" in page
    finance.post(
        "huda", "/tie-out/notes", creditor_id=LedgerLoad.objects.get().creditor_id, currency="EGP",
        part="receivables", tied_on="2026-11-21", text="Opening of last year",
        difference_minor="-5",
    )  # fmt: skip
    assert TieNote.objects.get().difference_minor == -5
    assert "Opening of last year" in finance.read("huda", "/tie-out?on=2026-11-21")
    answer = finance.get("huda", "/tie-out?on=2026-11-21&format=xlsx")
    assert "attachment" in answer["Content-Disposition"]


def test_a_file_that_says_nothing_is_refused_in_the_form(finance):
    sent = SimpleUploadedFile("tb.csv", b"a,b\n1,2\n", "text/csv")
    answer = finance.post("huda", "/tie-out/new", file=sent, creditor="NIL")
    assert answer.status_code == 422 and "headings of a trial balance" in answer.content.decode()


def test_a_month_is_closed_by_two_and_refuses_money(finance):
    page = finance.read("huda", "/tie-out/months")
    assert "2026-10" in page
    people = finance.book.people
    finance.post(
        "huda", "/tie-out/months/closings", creditor_id=people.creditor, month_on="2026-10-01"
    )
    waiting = Request.objects.get(verb="period.close")
    assert not PeriodAct.objects.exists()
    finance.post("adel", f"/approvals/{waiting.id}", answer="approve")
    assert PeriodAct.objects.get().is_closed
    assert "At closing" in finance.read("huda", "/tie-out/months")
    finance.post(
        "adel", "/tie-out/months/openings", creditor_id=people.creditor, month_on="2026-10-01",
        reason="Late slips",
    )  # fmt: skip
    assert "Late slips" in finance.read("huda", "/tie-out/months")


def test_programs_read_it(finance):
    found = finance.get("huda", "/api/v1/tie-out?as_of=2026-11-22").json()
    assert {row["currency"] for row in found["rows"]} >= {"EGP"}
    assert finance.get("huda", "/api/v1/periods").json()["rows"]


@pytest.mark.parametrize("language", ["ar", "hi"])
def test_in_other_languages(finance, language):
    finance.browser("huda").cookies["tahsil_language"] = language
    assert "Part by part" not in finance.read("huda", "/tie-out")
