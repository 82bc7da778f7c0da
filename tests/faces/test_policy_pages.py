"""Policies and calendars: every published one opens, says its source, leaves nothing out."""

from datetime import date

import pytest

from tahsil.store import policies
from tahsil.store.models import CalendarDay, PolicyVersion
from tahsil.web import bodies
from tests.conftest import NOW
from tests.tables import table


def test_only_readers_of_policies(desk):
    assert desk.get("lina", "/policies").status_code == 403
    text = desk.read("auditor", "/policies")
    assert "Ladders" in text and "Approval limits" in text and "Orders of payment" in text


def test_every_published_policy_opens_with_its_source(desk):
    found = list(PolicyVersion.objects.all())
    assert len(found) > 20
    for row in found:
        text = desk.read("auditor", f"/policies/{row.kind}/{row.code}?version={row.version}")
        assert row.source in text, f"{row.kind}/{row.code}"


def texts(body) -> str:
    """Everything the blocks of a body say, as one text."""
    cells = []
    for block in bodies.blocks(body):
        cells += [value for _label, value in block.pairs]
        cells += [cell for row in block.rows for cell in row]
        cells += block.steps
    return " ".join([cell.text + " " + " ".join(cell.items) for cell in cells])


def test_nothing_of_a_ladder_is_left_out(people):
    body, _ = policies.at("ladder", "developer", date(2026, 11, 22))
    said = texts(body)
    for rung in body["rungs"]:
        assert rung["code"] in said
        assert all(label in said for label in rung["labels"].values())


@pytest.mark.parametrize("case", table("""
    fact           test     value    reads
    dpd            ge       60       DPD ≥ 60
    dpd            between  1,30     1 ≤ DPD ≤ 30
    overdue_minor  gt       500000   overdue > 5,000.00
    on_hold        eq       true     on hold
    on_hold        eq       false    not on hold
"""), ids=lambda case: case["reads"])  # fmt: skip
def test_a_condition_reads_as_one_says_it(case):
    words = {"true": True, "false": False}
    value = words.get(case["value"])
    if value is None:
        numbers = [int(each) for each in case["value"].split(",")]
        value = numbers if len(numbers) > 1 else numbers[0]
    test = {"fact": case["fact"], "test": case["test"], "value": value}
    assert bodies.condition(test) == case["reads"]


def test_an_earlier_version_says_it_is_not_in_force(desk):
    old = PolicyVersion.objects.get(kind="waterfall", code="standard")
    PolicyVersion.objects.create(
        kind="waterfall", code="standard", version=2, since_on=date(2026, 6, 1), source="Board",
        body=old.body, published_at=NOW, published_by="Sara",
    )  # fmt: skip
    assert "not the one in force" in desk.read("sara", "/policies/waterfall/standard?version=1")
    text = desk.read("sara", "/policies/waterfall/standard")
    assert "not the one in force" not in text and "Board" in text


def test_a_policy_nobody_published_is_refused(desk):
    answer = desk.get("sara", "/policies/ladder/moon")
    assert answer.status_code in (404, 422)
    assert "moon" in answer.content.decode()


def test_a_year_shows_holidays_and_own_days(desk):
    CalendarDay.objects.create(
        creditor_id=desk.book.people.creditor, day_on=date(2026, 11, 24), is_working=False,
        name="Stocktaking", source="Circular 12",
    )  # fmt: skip
    text = desk.read("sara", f"/policies/calendars?creditor={desk.book.people.creditor}")
    assert "Stocktaking" in text and "Circular 12" in text and "Armed Forces Day" in text
    assert text.count('class="month"') == 12
    assert "Dunes" in text  # the other creditor can be chosen
    assert desk.get("sara", "/policies/calendars?creditor=999").status_code in (404, 422)
