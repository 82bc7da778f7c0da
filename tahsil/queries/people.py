"""Who somebody is and what their roles let them do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from tahsil.core.grammar.authority import Answer, Grant, Standing, can
from tahsil.core.grammar.refusal import Refused
from tahsil.store import policies
from tahsil.store.models import Account, Creditor, Person, Project, RoleGrant, Team
from tahsil.store.prepared import Prepared

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
    person = _person(person_id)
    table, _ = policies.at("roles", "default", as_of)
    grants: list[Grant] = []
    places: dict[tuple[str, str], set[int]] = {}
    for row in _held.rows(person_id=person_id, as_of=as_of):
        found = places.setdefault((row["role"], row["scope"]), set())
        found |= {row["place_id"]} if row["place_id"] else set()
    for (role, scope), found in places.items():
        for pattern in table["roles"].get(role, {}).get("may", []):
            grants.append(Grant(role, pattern, scope, frozenset(found)))
    teams = {row["id"] for row in _led.rows(person_id=person_id)}
    if person["team_id"]:
        teams.add(person["team_id"])
    return Standing(person_id, person["name"], frozenset(teams), tuple(grants))


def _person(person_id: int) -> dict[str, Any]:
    found = _persons.rows(person_id=person_id)
    if not found:
        raise Person.DoesNotExist(f"There is no person {person_id}.")
    return found[0]


@Prepared
def _persons(person_id: int) -> QuerySet:
    return Person.objects.filter(id=person_id).values("name", "team_id")


@Prepared
def _held(person_id: int, as_of: date) -> QuerySet:
    held = _in_force(RoleGrant.objects.filter(person_id=person_id), as_of)
    return held.order_by("id").values("role", "scope", "place_id")


@Prepared
def _led(person_id: int) -> QuerySet:
    return Team.objects.filter(leader_id=person_id).values("id")


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


def people(standing: Standing, *, as_of: date) -> tuple[PersonRow, ...]:
    """Everybody who signs in, by name, with the roles they hold on the date."""
    _allowed(standing)
    counts = dict(
        Account.objects.filter(collector__isnull=False)
        .order_by().values_list("collector_id").annotate(n=Count("id"))
    )  # fmt: skip
    rows = Person.objects.select_related("team", "branch").prefetch_related("grants")
    return tuple(_person_row(row, counts, as_of) for row in rows.order_by("name", "id"))


def person(standing: Standing, person_id: int, *, as_of: date) -> PersonPage:
    """One person with every role; refused where there is nobody of that id."""
    _allowed(standing)
    rows = Person.objects.select_related("team", "branch").prefetch_related("grants")
    row = rows.filter(id=person_id).first()
    if row is None:
        raise Refused("person.unknown", "There is no person {person}.", person=person_id)
    counts = {row.id: Account.objects.filter(collector=row).count()}
    held = standing_of(person_id, as_of=as_of)
    return PersonPage(
        row=_person_row(row, counts, as_of),
        name_other=row.name_other,
        email=row.email,
        language=row.language,
        languages=tuple(filter(None, row.languages.replace(",", " ").split())),
        capacity=row.capacity,
        grants=_grants(row, as_of),
        patterns=tuple(dict.fromkeys((grant.pattern, grant.scope) for grant in held.grants)),
    )


def roles(standing: Standing, *, as_of: date) -> tuple[RoleRow, ...]:
    """The roles of the policy in force, in its order, and who holds each on the date."""
    _allowed(standing)
    table, _ = policies.at("roles", "default", as_of)
    held = _in_force(RoleGrant.objects.filter(person__is_active=True), as_of)
    names: dict[str, list[str]] = {}
    for role, name in held.order_by("person__name").values_list("role", "person__name"):
        names.setdefault(role, []).append(name)
    return tuple(
        RoleRow(code, role.get("label", {}), tuple(role.get("may", ())),
                tuple(dict.fromkeys(names.get(code, ()))))
        for code, role in table["roles"].items()
    )  # fmt: skip


def choices(*, as_of: date, role: str = "collector") -> tuple[tuple[int, str], ...]:
    """The active people who hold the role on the date, to choose from, by name."""
    held = _in_force(RoleGrant.objects.filter(role=role, person__is_active=True), as_of)
    found = held.order_by("person__name").values_list("person_id", "person__name")
    return tuple(dict.fromkeys(found))


def _allowed(standing: Standing) -> None:
    verdict = can(standing, "people.read", None)
    if verdict.answer != Answer.ALLOW:
        reason = verdict.reasons[0]
        raise Refused(reason.code, reason.template, **reason.facts)


def _in_force(grants: QuerySet[RoleGrant], as_of: date) -> QuerySet[RoleGrant]:
    return grants.filter(since_on__lte=as_of).filter(
        Q(until_on__isnull=True) | Q(until_on__gt=as_of)
    )


def _person_row(row: Person, counts: dict[int, int], as_of: date) -> PersonRow:
    held = [grant.role for grant in row.grants.all() if _is_current(grant, as_of)]
    return PersonRow(
        id=row.id,
        username=row.username,
        name=row.name,
        team=row.team.name if row.team else "",
        branch=row.branch.name if row.branch else "",
        is_active=row.is_active,
        roles=list(dict.fromkeys(held)),
        accounts=counts.get(row.id, 0),
    )


def _is_current(grant: RoleGrant, as_of: date) -> bool:
    return grant.since_on <= as_of and (grant.until_on is None or as_of < grant.until_on)


def _grants(row: Person, as_of: date) -> tuple[GrantRow, ...]:
    table, _ = policies.at("roles", "default", as_of)
    grants = sorted(row.grants.all(), key=lambda grant: (grant.since_on, grant.id), reverse=True)
    places = {
        "project": dict(Project.objects.values_list("id", "name")),
        "creditor": dict(Creditor.objects.values_list("id", "name")),
    }
    return tuple(
        GrantRow(
            id=grant.id,
            role=grant.role,
            labels=table["roles"].get(grant.role, {}).get("label", {}),
            scope=grant.scope,
            place=places.get(grant.scope, {}).get(grant.place_id or 0, ""),
            since_on=grant.since_on,
            until_on=grant.until_on,
            is_current=_is_current(grant, as_of),
        )
        for grant in grants
    )
