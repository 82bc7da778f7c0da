"""People: who signs in, which roles they hold, how much they can work.

A role is granted from a day and ends on a day; what it lets its holder do stands in
policies/roles.yaml. Nobody is deleted: their events name them.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q

from tahsil.actions import _given
from tahsil.actions._verb import Act, Context, verb
from tahsil.core.grammar.refusal import Refused
from tahsil.store import policies
from tahsil.store.models import Branch, Creditor, Person, Project, RoleGrant, Team

SCOPES = ("own", "team", "project", "creditor", "all")
PLACES: dict[str, Any] = {"project": Project, "creditor": Creditor}


@verb("people.add")
def add(
    ctx: Context,
    *,
    username: str,
    name: str,
    email: str = "",
    language: str = "en",
    team_id: int | None = None,
    branch_id: int | None = None,
    name_other: str = "",
    capacity: int = 400,
) -> Act:
    """Somebody new can be given roles; they sign in once a password is set."""
    username = _given.need_text(username, "username", most=60).lower()
    if Person.objects.filter(username__iexact=username).exists():
        raise Refused("people.taken", "{username} is somebody's name already.", username=username)
    _check_language(language)
    for table, key in ((Team, team_id), (Branch, branch_id)):
        if key is not None and not table.objects.filter(id=key).exists():
            raise Refused("people.place", "There is no {kind} {id}.", kind=table.__name__, id=key)
    person = Person.objects.create(
        username=username,
        name=_given.need_text(name, "name", most=160),
        name_other=name_other.strip(),
        email=email.strip(),
        language=language,
        team_id=team_id,
        branch_id=branch_id,
        capacity=capacity,
    )
    return Act(f"person:{person.id}", None, {"person": person.name, "username": username})


@verb("people.grant")
def grant(
    ctx: Context,
    *,
    person_id: int,
    role: str,
    scope: str,
    place_id: int | None = None,
    since_on: date | str | None = None,
    until_on: date | str | None = None,
) -> Act:
    """Somebody holds a role from a day, over a scope."""
    person = _person(person_id)
    if person_id == ctx.standing.actor_id:
        raise Refused("people.own_role", "Nobody gives a role to themselves. Somebody else may.")
    _check_role(role, scope, place_id, ctx.as_of)
    since = _given.as_date(since_on, "first day") or ctx.as_of
    until = _given.as_date(until_on, "end")
    if until is not None and until <= since:
        raise Refused("people.grant_end", "A role from {since_on} must end later.", since_on=since)
    held = _held(person, role, since).filter(scope=scope, place_id=place_id)
    if held.exists():
        raise Refused(
            "people.held", "{person} holds {role} already.", person=person.name, role=role
        )
    made = RoleGrant.objects.create(
        person=person,
        role=role,
        scope=scope,
        place_id=place_id,
        since_on=since,
        until_on=until,
    )
    facts = {
        "person": person.name,
        "role": role,
        "scope": scope,
        "place_id": place_id,
        "since_on": since,
        "until_on": until,
    }
    return Act(f"grant:{made.id}", None, facts)


@verb("people.revoke")
def revoke(ctx: Context, *, person_id: int, grant_id: int) -> Act:
    """Somebody no longer holds a role from today."""
    person = _person(person_id)
    found = RoleGrant.objects.filter(id=grant_id, person=person).first()
    if found is None or (found.until_on and found.until_on <= ctx.as_of):
        raise Refused(
            "people.not_held", "{person} does not hold that role now.", person=person.name
        )
    _check_last(person, found.role, ctx.as_of)
    RoleGrant.objects.filter(id=grant_id).update(until_on=max(ctx.as_of, found.since_on))
    return Act(f"grant:{grant_id}", None, {"person": person.name, "role": found.role})


@verb("people.set_password")
def set_password(ctx: Context, *, person_id: int, password_hash: str) -> Act:
    """Somebody has a new password; the event does not hold it."""
    person = _person(person_id)
    Person.objects.filter(id=person_id).update(password=password_hash)
    return Act(f"person:{person_id}", None, {"person": person.name})


def hashed(password: str, *, person_id: int | None = None) -> str:
    """The password as it is kept; refused, with every reason, where it is too weak.

    Verbs keep their details in requests and digests, so they never see the password itself.
    """
    person = Person() if person_id is None else _person(person_id)
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise Refused(
            "people.password", "This password cannot be taken. {why}", why=" ".join(weak.messages)
        ) from None
    person.set_password(password)
    return str(person.password)


@verb("people.set_active")
def set_active(ctx: Context, *, person_id: int, is_active: bool) -> Act:
    """Somebody may sign in, or no longer."""
    person = _person(person_id)
    if person_id == ctx.standing.actor_id:
        raise Refused("people.own_access", "Nobody closes their own access. Somebody else may.")
    if not is_active:
        for row in _held(person, "administrator", ctx.as_of):
            _check_last(person, row.role, ctx.as_of)
    Person.objects.filter(id=person_id).update(is_active=is_active)
    return Act(f"person:{person_id}", None, {"person": person.name, "is_active": is_active})


@verb("people.set_capacity")
def set_capacity(ctx: Context, *, person_id: int, capacity: int) -> Act:
    """How many accounts somebody can work was set."""
    person = _person(person_id)
    if not isinstance(capacity, int) or not 0 <= capacity <= 100_000:
        raise Refused(
            "people.capacity", "Capacity is a number of accounts from 0 to {most}.", most=100_000
        )
    Person.objects.filter(id=person_id).update(capacity=capacity)
    return Act(f"person:{person_id}", None, {"person": person.name, "capacity": capacity})


@verb("people.set_language", for_all=True)
def set_language(ctx: Context, *, language: str) -> Act:
    """Somebody reads the screens in another language from now on."""
    _check_language(language)
    if ctx.standing.actor_id == 0:
        raise Refused("people.nobody", "The system reads no screens.")
    Person.objects.filter(id=ctx.standing.actor_id).update(language=language)
    return Act(f"person:{ctx.standing.actor_id}", None, {"language": language})


def _person(person_id: int) -> Person:
    found = Person.objects.filter(id=person_id).first()
    if found is None:
        raise Refused("person.unknown", "There is no person {person}.", person=person_id)
    return found


def _held(person: Person, role: str, on: date) -> Any:
    """The grants of the role this person holds on the day."""
    running = Q(until_on=None) | Q(until_on__gt=on)
    return RoleGrant.objects.filter(running, person=person, role=role)


def _check_role(role: str, scope: str, place_id: int | None, as_of: date) -> None:
    roles = policies.at("roles", "default", as_of)[0]["roles"]
    if role not in roles or scope not in SCOPES:
        raise Refused(
            "people.role",
            "{role} over {scope} cannot be given. Roles: {roles}; scopes: {scopes}.",
            role=role or "-",
            scope=scope or "-",
            roles=list(roles),
            scopes=list(SCOPES),
        )
    table = PLACES.get(scope)
    is_known = table is not None and table.objects.filter(id=place_id).exists()
    if (place_id is not None or table is not None) and not is_known:
        raise Refused(
            "people.scope_place",
            "The scope {scope} names one of its places; {place_id} is none.",
            scope=scope,
            place_id=place_id,
        )


def _check_last(person: Person, role: str, as_of: date) -> None:
    """Refuses to leave nobody who could let anybody in."""
    if role != "administrator":
        return
    running = Q(until_on=None) | Q(until_on__gt=as_of)
    others = RoleGrant.objects.filter(running, role=role, since_on__lte=as_of)
    if not others.filter(person__is_active=True).exclude(person=person).exists():
        raise Refused(
            "people.last_administrator",
            "{person} is the last administrator. Give somebody else the role first.",
            person=person.name,
        )


def _check_language(language: str) -> None:
    known = [code for code, _ in settings.LANGUAGES]
    if language not in known:
        raise Refused(
            "people.language",
            "{language} is not a language of the screens. Known: {known}.",
            language=language or "-",
            known=known,
        )
