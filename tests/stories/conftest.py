"""Those who live the stories: besides Lina and the others, a second collector and finance."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.store.models import Person, RoleGrant, Team
from tests.stories.life import Life


@pytest.fixture
def life(people, tmp_path, settings) -> Life:
    """The clock at the beginning of 2026; Karim collects beside Lina, Adel directs finance."""
    settings.HOME = tmp_path
    for username, role, scope in (("karim", "collector", "own"), ("adel", "cfo", "all")):
        person = Person.objects.create(
            username=username, name=username.title(), branch_id=people.branch,
            team=Team.objects.get() if role == "collector" else None,
        )  # fmt: skip
        RoleGrant.objects.create(person=person, role=role, scope=scope, since_on=date(2020, 1, 1))
    return Life(date(2026, 1, 13))
