"""Policies and calendars: every published one opens, says its source, leaves nothing out."""

import re
from datetime import date

import pytest

from tahsil.queries import policy_texts
from tahsil.store import policies
from tahsil.store.models import CalendarDay, Event, PolicyVersion, RoleGrant
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


def test_a_policy_keeps_what_its_file_says_of_it(desk):
    page = desk.read("auditor", "/policies/authority/write_off")
    assert "Removing a balance from the books, by amount" in page
    assert "Amounts in EGP" in page


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


VERSIONS = "/policies/waterfall/charges_first/versions"
GIVEN = {"since_on": "2026-12-01", "source": "Board, 22 Nov", "act": "look"}
OTHER = "order: [penalty, cost, fee, interest]\n"


@pytest.fixture
def admin(desk):
    """Sara administers too. Tests act at one instant, so versions rolled back look alike."""
    RoleGrant.objects.create(
        person_id=desk.book.people.sara, role="administrator", scope="all",
        since_on=date(2020, 1, 1),
    )  # fmt: skip
    policies._published.cache_clear()
    yield desk
    policies._published.cache_clear()


def test_only_who_publishes_sees_the_form(desk):
    assert desk.get("auditor", VERSIONS).status_code == 403
    assert VERSIONS not in desk.read("auditor", "/policies/waterfall/charges_first")


def test_a_new_version_is_looked_at_and_then_published(admin):
    assert VERSIONS in admin.read("sara", "/policies/waterfall/charges_first")
    assert "order:" in admin.read("sara", VERSIONS)
    looked = admin.post("sara", VERSIONS, **GIVEN, body=OTHER)
    text = looked.content.decode()
    assert looked.status_code == 200 and "<ins>" in text and "<del>" in text
    seen = re.search(r'name="seen" value="(\w+)"', text)
    assert seen and not PolicyVersion.objects.filter(code="charges_first", version=2).exists()
    sent = {**GIVEN, "act": "publish", "seen": seen[1]}
    moved = admin.post("sara", VERSIONS, **sent, body=OTHER + "future: hold\n")
    assert moved.status_code in (200, 422)  # changed after it was looked at
    assert not PolicyVersion.objects.filter(code="charges_first", version=2).exists()
    answer = admin.post("sara", VERSIONS, **sent, body=OTHER)
    assert (answer.status_code, answer["Location"]) == (302, "/policies/waterfall/charges_first")
    made = PolicyVersion.objects.get(code="charges_first", version=2)
    assert made.body == {"order": ["penalty", "cost", "fee", "interest"]}
    assert Event.objects.get(verb="policy.publish").facts["source"] == "Board, 22 Nov"


@pytest.mark.parametrize("case", table("""
    field     value         says                     why
    since_on  2026-02-30    is not a date            a day that is none
    since_on  2019-01-01    the past stays           the past is not changed
    source    -             This is needed           a source is needed
    body      order: [      Line 2 cannot be read    the line that cannot be read is named
    body      colour: red   fields that are not      a field nobody knows
    body      hello         list of keys             a body is keys with values
    body      -             says the same            nothing is changed
"""), ids=lambda case: case["why"])  # fmt: skip
def test_what_cannot_be_published_comes_back_as_typed(admin, case):
    value = "" if case["value"] == "-" else case["value"]
    given = {**GIVEN, "body": OTHER, case["field"]: value}
    answer = admin.post("sara", VERSIONS, **given)
    text = answer.content.decode()
    assert answer.status_code == 422 and case["says"] in text, text[-3000:]
    assert value in text and 'value="publish"' not in text


def test_a_body_comes_from_a_file_too(admin, tmp_path):
    path = tmp_path / "order.yaml"
    path.write_text(OTHER)
    with path.open("rb") as file:
        text = admin.post("sara", VERSIONS, **GIVEN, body="x", file=file).content.decode()
    assert OTHER in text and "<ins>" in text


def test_a_body_is_written_and_read_back(people):
    for row in PolicyVersion.objects.all():
        assert policy_texts.read(policy_texts.written(row.body)) == row.body
        assert policy_texts.changes(row.body, row.body) == ()
