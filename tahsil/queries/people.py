"""Who somebody is and what their roles let them do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from tahsil.core.grammar.authority import Grant, Standing
from tahsil.store import policies
from tahsil.store.models import Person, RoleGrant, Team

SYSTEM = Standing(0, "Tahsil", frozenset(), (Grant("system", "*", "all"),))


@dataclass(frozen=True)
class PersonRow:
    """One line of the people page."""

    id: int
    username: str
    name: str
    team: str
    branch: str
    is_active: bool
    roles: list[str]
    accounts: int = 0


def standing_of(person_id: int, *, as_of: date) -> Standing:
    """The person with every grant their roles carry on the date."""
    person = Person.objects.get(id=person_id)
    table, _ = policies.at("roles", "default", as_of)
    held = RoleGrant.objects.filter(person=person, since_on__lte=as_of).filter(
        Q(until_on__isnull=True) | Q(until_on__gt=as_of)
    )
    grants: list[Grant] = []
    places: dict[tuple[str, str], set[int]] = {}
    for row in held:
        places.setdefault((row.role, row.scope), set())
        if row.place_id:
            places[row.role, row.scope].add(row.place_id)
    for (role, scope), found in places.items():
        for pattern in table["roles"].get(role, {}).get("may", []):
            grants.append(Grant(role, pattern, scope, frozenset(found)))
    teams = set(Team.objects.filter(leader=person).values_list("id", flat=True))
    if person.team_id:
        teams.add(person.team_id)
    return Standing(person.id, person.name, frozenset(teams), tuple(grants))


def roles_of(standing: Standing) -> list[str]:
    """The roles somebody holds, in the order granted."""
    return list(dict.fromkeys(grant.role for grant in standing.grants))


@dataclass(frozen=True)
class GrantRow:
    """One role somebody holds, over a scope; `place` names the project or creditor."""

    id: int
    role: str
    labels: dict[str, str]
    scope: str
    place: str
    since_on: date
    until_on: date | None
    is_current: bool


@dataclass(frozen=True)
class PersonPage:
    """One person with every grant, newest first, and the verbs they add up to."""

    row: PersonRow
    name_other: str
    email: str
    language: str
    languages: tuple[str, ...]
    capacity: int
    grants: tuple[GrantRow, ...]
    patterns: tuple[tuple[str, str], ...]  # verb pattern, scope


@dataclass(frozen=True)
class RoleRow:
    """One role of the policy in force: what it may do, and who holds it."""

    code: str
    labels: dict[str, str]
    may: tuple[str, ...]
    people: tuple[str, ...]
