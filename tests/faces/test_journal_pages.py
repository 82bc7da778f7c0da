"""The journal: who reads it, that its sides agree, the files it is taken in."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from tahsil.store.models import Person, RoleGrant
from tests.conftest import TODAY

PATH = "/journal?since=2026-01-01&until=2026-11-22"


@pytest.fixture
def finance(desk):
    """Huda, an accountant at the desk."""
    huda = Person.objects.filter(username="huda").first() or Person.objects.create(
        username="huda", name="Huda"
    )
    RoleGrant.objects.create(
        person=huda, role="accountant", scope="all", since_on=TODAY.replace(month=1, day=1)
    )
    desk.book.persons["huda"] = huda.id
    return desk


def test_the_accountant_reads_it_and_a_collector_does_not(finance):
    page = finance.read("huda", PATH)
    for said in ("Unapplied receipts", "Posting policy", "Beancount", "/journal"):
        assert said in page, said
    assert finance.get("lina", PATH).status_code == 403
    assert finance.get("stranger", PATH).status_code == 403


@pytest.mark.parametrize("form", ["csv", "erpnext", "odoo"])
def test_a_file_balances(finance, form):
    answer = finance.get("huda", f"{PATH}&format={form}")
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(StringIO(answer.content.decode())))
    heads = rows[0]
    debit, credit = (
        next(at for at, head in enumerate(heads) if side in head.lower())
        for side in ("debit", "credit")
    )
    sums = [sum(round(float(row[at] or 0) * 100) for row in rows[1:]) for at in (debit, credit)]
    assert sums[0] == sums[1] > 0


@pytest.mark.parametrize("form", ["xlsx", "beancount"])
def test_the_other_forms_come_as_files(finance, form):
    answer = finance.get("huda", f"{PATH}&format={form}")
    assert answer.status_code == 200 and f".{form}" in answer["Content-Disposition"]


def test_days_without_postings_say_what_to_do(finance):
    assert "Choose other days" in finance.read("huda", "/journal?since=2020-01-01&until=2020-01-02")


def test_programs_read_it_and_are_told_what_may_not_be(finance):
    found = finance.get("huda", "/api/v1/journal?since=2026-01-01&policy=C").json()
    assert found["batches"] and all(
        batch["debit_minor"] == batch["credit_minor"] for batch in found["batches"]
    )
    answer = finance.get("huda", "/api/v1/journal?since=2026-11-22&until=2027-01-01")
    assert answer.json()["code"] == "journal.period"
