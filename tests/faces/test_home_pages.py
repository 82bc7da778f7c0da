"""The first page: what each person finds there, and that its figures lead to their lists."""

import re

import pytest

from tests.faces.workbooks import lines, sheets
from tests.tables import table


@pytest.mark.parametrize("case", table("""
    who       shows                     why
    sara      Portfolio                 a manager sees the portfolio
    auditor   Portfolio                 an auditor reads it too
    lina      My day                    a collector sees their own day
    stranger  You have no role yet      without a role there is nothing to see
"""), ids=lambda case: case["why"])  # fmt: skip
def test_home_is_by_role(desk, case):
    assert f"{case['shows']}" in desk.read(case["who"], "/")


def test_nobody_gets_in_unsigned(desk):
    answer = desk.get("", "/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=/")


def test_the_figures_of_a_currency_are_its_own(desk):
    text = desk.read("sara", "/?currency=EGP")
    assert "190,000.00" in text  # Mohamed's 160,000 and Heba's 30,000
    assert "Nobody" in text and "Heba Farouk" in text
    assert "Ahmed Al Mansoori" not in text.split("Today's activity")[0]
    assert "20,000.00" in desk.read("sara", "/?currency=AED")


def test_every_figure_leads_to_a_page_that_opens(desk):
    text = desk.read("sara", "/?currency=EGP")
    found = set(re.findall(r'<a class="(?:figure|figure lead|button)" href="(/[^"]*)"', text))
    assert {"/orphans", "/promises?view=due"} <= found and len(found) >= 8
    for address in found:
        assert desk.get("sara", address).status_code == 200, address


def test_an_unknown_currency_is_the_usual_one(desk):
    assert desk.read("sara", "/?currency=XXX").count("Portfolio") >= 1


def test_a_collector_sees_nobody_elses_accounts(desk):
    text = desk.read("lina", "/")
    assert "محمد أحمد علي" in text and "Heba Farouk" not in text


def test_an_empty_book_says_what_to_do(people, client):
    from tahsil.store.models import Person

    client.force_login(Person.objects.get(id=people.sara))
    text = client.get("/").content.decode()
    assert "There are no accounts yet" in text and 'href="/imports/new"' in text


def test_orphans_are_those_nobody_works(desk):
    text = desk.read("sara", "/orphans")
    assert "Heba Farouk" in text and "Nobody works it" in text
    rows = lines(sheets(desk.get("sara", "/orphans?format=xlsx").content)[0], "Account")
    heba = next(row for row in rows if row["Name"] == "Heba Farouk")
    assert heba["Overdue"] == 30_000.0
    ahmed = next(row for row in rows if row["Name"] == "Ahmed Al Mansoori")
    assert (ahmed["Collector"], ahmed["Why"]) == ("Ravi", "No next step")


@pytest.mark.parametrize("path", ["/", "/orphans", "/ageing", "/receipts", "/events", "/imports"])
def test_arabic_pages_run_from_the_right(desk, path):
    desk.browser("sara").cookies["tahsil_language"] = "ar"
    assert 'dir="rtl"' in desk.read("sara", path)[:200]


def test_people_and_places_are_called_by_their_own_names(desk):
    from tahsil.store.models import Creditor, Person, Project

    Person.objects.filter(username="lina").update(name_other="لينا حداد")
    Person.objects.filter(username="sara").update(name_other="सारा")
    Project.objects.filter(code="YAS").update(name_ar="حدائق الياسمين")
    Creditor.objects.filter(code="NIL").update(name_ar="بيوت النيل")
    paths = ("/", "/accounts/{NIL-1}", "/ageing", "/receipts?since=2026-01-01", "/events")
    for path in paths:
        assert "لينا حداد" not in desk.read("sara", path), path
    desk.browser("sara").cookies["tahsil_language"] = "ar"
    for path in paths:
        text = desk.read("sara", path)
        assert "لينا حداد" in text and ">Lina<" not in text, path
        assert "सारा" not in text
    assert "حدائق الياسمين" in desk.read("sara", "/accounts/{NIL-1}")
    rows, _ = sheets(desk.get("sara", "/ageing?format=xlsx").content)
    assert "حدائق الياسمين" in str(rows) and "Yasmin" not in str(rows)


def test_the_first_currency_is_that_of_most_accounts(desk):
    text = desk.read("sara", "/")
    assert 'aria-current="page">EGP' in text or 'aria-current="true">EGP' in text
