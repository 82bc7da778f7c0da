"""Publishing a policy: a later date supersedes, what nobody could read is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tahsil.actions import policies
from tahsil.core.grammar.refusal import Refused
from tahsil.store import policies as published
from tests.conftest import TODAY
from tests.tables import table

LATER = date(2026, 12, 1)
BODIES = {
    "no roles": ("roles", "default", {}),
    "nobody administers": ("roles", "default", {"roles": {"auditor": {"may": ["event.read"]}}}),
    "a rate in words": ("penalty", "developer_18", {"rate_ppm": "x", "unit": "year"}),
    "a field unknown": ("waterfall", "standard", {"colour": "red"}),
    "a code without a label": ("codes", "reasons", {"items": [{"code": "X"}]}),
}


@pytest.fixture
def admin(people):
    from tahsil.store.models import RoleGrant

    RoleGrant.objects.create(
        person_id=people.sara, role="administrator", scope="all", since_on=date(2020, 1, 1)
    )
    # Every test acts at the same instant, so a version rolled back looks like the next one.
    published._published.cache_clear()
    yield people.ctx("sara")
    published._published.cache_clear()


@pytest.mark.parametrize("why", BODIES)
def test_a_body_nobody_could_read_is_refused(admin, why):
    kind, code, body = BODIES[why]
    with pytest.raises(Refused) as refused:
        policies.publish(admin, kind=kind, code=code, since_on=LATER, body=body, source="test")
    assert refused.value.code.startswith("policy.")


@pytest.mark.parametrize(
    "case",
    table("""
        as_of       order
        2026-11-30  cost
        2026-12-01  penalty
    """),
    ids=lambda case: case["as_of"],
)
def test_a_later_version_holds_from_its_day(admin, case):
    body = {"order": ["penalty", "cost", "fee", "interest"]}
    policies.publish(
        admin, kind="waterfall", code="charges_first", since_on=LATER, body=body, source="board"
    )
    found, _ = published.at("waterfall", "charges_first", date.fromisoformat(case["as_of"]))
    assert found["order"][0] == case["order"]


def test_a_version_keeps_the_currency_of_its_amounts_unless_given_another(admin):
    body = {"gm": {"amount_minor": 5}}
    said = {"kind": "authority", "code": "write_off", "body": body, "source": "board"}
    policies.publish(admin, since_on=LATER, **said)
    policies.publish(admin, since_on=LATER + timedelta(days=1), currency="AED", **said)
    found = [
        published.version("authority", "write_off", LATER + timedelta(days=days)).currency
        for days in (-1, 0, 1)
    ]
    assert found == ["EGP", "EGP", "AED"]
    with pytest.raises(Refused) as refused:
        policies.publish(admin, since_on=LATER + timedelta(days=2), currency="pounds", **said)
    assert refused.value.code == "policy.currency"


def test_a_published_day_is_never_published_again(admin):
    body = {"order": ["penalty"]}
    policies.publish(
        admin, kind="waterfall", code="charges_first", since_on=LATER, body=body, source="board"
    )
    with pytest.raises(Refused) as refused:
        policies.publish(
            admin, kind="waterfall", code="charges_first", since_on=LATER, body={}, source="board"
        )
    assert refused.value.code.startswith("policy.")


def test_who_holds_no_such_role_is_refused(people):
    with pytest.raises(Refused) as refused:
        policies.publish(
            people.ctx("lina"),
            kind="waterfall",
            code="standard",
            since_on=TODAY,
            body={},
            source="x",
        )
    assert refused.value.code == "grant.none"
