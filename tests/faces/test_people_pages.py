"""People and roles: who may see and change them, and what somebody may do, tested."""

import pytest

from tahsil.store.models import Person, RoleGrant
from tests.tables import table


@pytest.mark.parametrize("case", table("""
    who      path         status
    sara     /people      200
    auditor  /people      200
    lina     /people      403
    sara     /people/new  403
    admin    /people/new  200
"""), ids=lambda case: f"{case['who']} {case['path']}")  # fmt: skip
def test_who_may_see_people(desk, case):
    assert desk.get(case["who"], case["path"]).status_code == int(case["status"])


def test_everybody_is_listed_with_their_roles(desk):
    text = desk.read("sara", "/people")
    assert "Collection manager" in text and "Cairo desk" in text
    assert "no role" in text  # the stranger


def test_somebody_new_is_added_once(desk):
    given = {"name": "Dina", "username": "Dina", "language": "ar", "form_key": "k"}
    assert desk.post("admin", "/people/new", **given).status_code == 302
    desk.post("admin", "/people/new", **given)
    dina = Person.objects.get(username="dina")
    assert dina.language == "ar" and not dina.has_usable_password()
    again = desk.post("admin", "/people/new", **{**given, "form_key": "k2"})
    assert again.status_code == 422 and "name already" in again.content.decode()


def test_a_role_is_given_over_a_place_and_taken_away(desk):
    lina = desk.book.people.lina
    place = f"project:{desk.book.people.project}"
    given = {"role": "team_leader", "scope": place, "since_on": "2026-11-22", "form_key": "g"}
    desk.post("admin", f"/people/{lina}/grants", **given)
    held = RoleGrant.objects.get(person_id=lina, role="team_leader")
    assert (held.scope, held.place_id) == ("project", desk.book.people.project)
    assert "Yasmin" in desk.read("sara", f"/people/{lina}")
    desk.post("admin", f"/people/{lina}/revocations", grant=held.id, form_key="r")
    gone = RoleGrant.objects.filter(id=held.id).first()
    assert gone is None or gone.until_on is not None


@pytest.mark.parametrize("where", ["grants", "revocations", "access", "passwords"])
def test_who_may_not_changes_nothing(desk, where):
    lina = desk.book.people.lina
    before = list(RoleGrant.objects.order_by("id").values())
    grant = RoleGrant.objects.get(person_id=lina).id
    desk.post("sara", f"/people/{lina}/{where}", role="cfo", scope="all", grant=grant, active="0",
              password="long enough 77")  # fmt: skip
    assert list(RoleGrant.objects.order_by("id").values()) == before
    lina = Person.objects.get(id=lina)
    assert lina.is_active and not lina.check_password("long enough 77")


def test_an_access_is_closed_and_opened(desk):
    lina = desk.book.people.lina
    desk.post("admin", f"/people/{lina}/access", active="0", form_key="c")
    assert not Person.objects.get(id=lina).is_active
    assert "closed" in desk.read("sara", "/people")
    desk.post("admin", f"/people/{lina}/access", active="1", form_key="o")
    assert Person.objects.get(id=lina).is_active


def test_a_weak_password_is_refused_and_a_good_one_set(desk):
    lina = desk.book.people.lina
    desk.post("admin", f"/people/{lina}/passwords", password="12345678", form_key="w")
    assert not Person.objects.get(id=lina).check_password("12345678")
    desk.post("admin", f"/people/{lina}/passwords", password="palm court 19", form_key="s")
    assert Person.objects.get(id=lina).check_password("palm court 19")


@pytest.mark.parametrize("case", table("""
    person   verb             account  says
    lina     promise.make     NIL-1    Yes
    lina     promise.make     DXB-1    only for
    lina     receipt.reverse  -        No role of
    omar     receipt.reverse  NIL-1    Yes
    sara     promise.make     NOWHERE  There is no account
"""), ids=lambda case: f"{case['person']} {case['verb']} {case['account']}")  # fmt: skip
def test_may_this_person(desk, case):
    account = "" if case["account"] == "-" else case["account"]
    who = getattr(desk.book.people, case["person"])
    text = desk.read("sara", f"/people/{who}?verb={case['verb']}&account={account}")
    assert case["says"] in text.split("May this person")[1]


@pytest.mark.parametrize("case", table("""
    path            field     value       says             why
    /people/new     username  -           This is needed   somebody signs in under a name
    /people/new     name      -           This is needed   somebody is called something
    /people/{lina}/grants  since_on  2026-13-01  not a date  a role begins on a day
    /people/{lina}/grants  role      moon        moon        a role nobody defined
"""), ids=lambda case: case["why"])  # fmt: skip
def test_what_is_refused_comes_back_as_typed(desk, case):
    value = "" if case["value"] == "-" else case["value"]
    given = {
        "name": "Dina Adel", "username": "dina", "email": "dina@example.com", "role": "auditor",
        "scope": "all", "since_on": "2026-11-23", "until_on": "2026-12-31", case["field"]: value,
    }  # fmt: skip
    path = case["path"].replace("{lina}", str(desk.book.people.lina))
    answer = desk.post("admin", path, **given)
    text = answer.content.decode()
    assert answer.status_code == 422 and case["says"] in text
    kept = ("dina@example.com",) if path == "/people/new" else ("2026-12-31", '"all" selected')
    assert all(each in text for each in kept)
    assert not Person.objects.filter(username="dina").exists()
    assert RoleGrant.objects.filter(person_id=desk.book.people.lina).count() == 1
