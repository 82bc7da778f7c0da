"""Every database test starts with Lina, Omar, Sara, an auditor and a stranger."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import settings

# The same examples each time where a run decides about somebody's change; no clock decides.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@dataclass
class People:
    """The ids of the people every test knows, and the place they work at."""

    lina: int  # collector, Cairo
    omar: int  # team leader
    sara: int  # collection manager
    huda: int  # accountant and cashier
    auditor: int
    stranger: int
    creditor: int
    project: int
    branch: int

    def ctx(self, name: str, *, as_of: date = TODAY, key: str = ""):
        """A context in which that person acts."""
        from tahsil.actions._verb import Context
        from tahsil.queries.people import standing_of

        return Context(standing_of(getattr(self, name), as_of=as_of), as_of, NOW, key)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The policies are published once for all tests; reading them again each time is slow."""
    from tahsil.store import policies

    with django_db_blocker.unblock():
        policies.publish_shipped(now=NOW)


@pytest.fixture
def people(db) -> People:
    """Lina and the others at a creditor in Cairo, the shipped policies published."""
    from tahsil.store import policies
    from tahsil.store.models import (
        Branch,
        Creditor,
        Person,
        PolicyVersion,
        Project,
        RoleGrant,
        Team,
    )

    if not PolicyVersion.objects.exists():  # a test that commits empties the tables after it
        policies.publish_shipped(now=NOW)
    creditor = Creditor.objects.create(code="NIL", name="Nile Homes", country="EG", currency="EGP")
    project = Project.objects.create(creditor=creditor, code="YAS", name="Yasmin", country="EG")
    branch = Branch.objects.create(creditor=creditor, code="CAI", name="Cairo")
    team = Team.objects.create(name="Cairo desk")

    def person(username: str, role: str, scope: str, **more):
        made = Person.objects.create(
            username=username,
            name=username.title(),
            branch=branch,
            password="secret-" + username,
            **more,
        )
        if role:
            RoleGrant.objects.create(person=made, role=role, scope=scope, since_on=date(2020, 1, 1))
        return made

    lina = person("lina", "collector", "own", team=team)
    omar = person("omar", "team_leader", "team", team=team)
    Team.objects.filter(id=team.id).update(leader=omar)
    return People(
        lina.id,
        omar.id,
        person("sara", "collection_manager", "all").id,
        person("huda", "accountant", "all").id,
        person("auditor", "auditor", "all").id,
        person("stranger", "", "own").id,
        creditor.id,
        project.id,
        branch.id,
    )
