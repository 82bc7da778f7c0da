"""People: who signs in, which roles they hold over what and when; what somebody may do, tested."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tahsil.actions import people as acts
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import choices, verdicts
from tahsil.queries import people as query
from tahsil.web import asked, entry, own_names, verbs
from tahsil.web.entry import Entry
from tahsil.web.pages import acting, view

SCOPES = ("own", "team", "project", "creditor", "all")


@view
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, and the roles of the policy in force."""
    asked.need(request, "people.read")
    who, as_of = asked.standing(request), asked.as_of(request)
    facts = {
        "people": query.people(who, as_of=as_of),
        "roles": [_role(each) for each in query.roles(who, as_of=as_of)],
        "labels": role_labels(request),
        "may_add": asked.may(request, "people.add"),
    }
    return render(request, "people/people.html", facts)


@view
def new(request: HttpRequest) -> HttpResponse:
    """The form for somebody new; a post adds them."""
    asked.need(request, "people.add")
    given = Entry(request)
    if request.method == "POST":
        params = {
            "username": given.text("username", needed=True),
            "name": given.text("name", needed=True),
            "name_other": given.text("name_other"),
            "email": given.text("email"),
            "language": given.text("language") or "en",
            "team_id": given.whole("team"),
            "branch_id": given.whole("branch"),
        }
        answer = entry.done(
            request,
            given,
            lambda: acts.add(entry.context(request, "people.add"), **params),
            said=lambda done: _("Added. Give them a password and a role next."),
            to="/people",
        )
        if answer:
            return answer
    facts = {
        "languages": settings.LANGUAGES,
        "teams": [("", "–"), *choices.teams()],
        "branches": [("", "–"), *choices.branches()],
    }
    return entry.form(request, "people/new.html", given, facts)


@view
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person with their roles, what these let them do, and the forms to change it."""
    return _person(request, person_id, Entry(request))


def _person(request: HttpRequest, person_id: int, given: Entry) -> HttpResponse:
    asked.need(request, "people.read")
    who, as_of = asked.standing(request), asked.as_of(request)
    labels = role_labels(request)
    facts = {
        "person": query.person(who, person_id, as_of=as_of),
        "roles": list(labels.items()),
        "labels": labels,
        "scopes": [(code, scope_name(code)) for code in SCOPES],
        "places": _places(),
        "may": {verb: asked.may(request, f"people.{verb}") for verb in
                ("grant", "revoke", "set_active", "set_password")},
        "verbs": verbs.options(),
        "today_text": request.today.isoformat(),  # type: ignore[attr-defined]
    }  # fmt: skip
    facts |= _tested(request, person_id)
    return entry.form(request, "people/person.html", given, facts)


@require_POST
@view
def grants(request: HttpRequest, person_id: int) -> HttpResponse:
    """Gives the person a role over a scope, from a day."""
    given = Entry(request)
    scope, _sep, place = given.text("scope", needed=True).partition(":")
    params = {
        "role": given.text("role", needed=True),
        "scope": scope,
        "place_id": _id(place),
        "since_on": given.day("since_on"),
        "until_on": given.day("until_on", needed=False),
    }
    answer = entry.done(
        request,
        given,
        lambda: acts.grant(entry.context(request, "people.grant"), person_id=person_id, **params),
        said=lambda done: _("The role was given."),
        to=f"/people/{person_id}",
    )
    return answer or _person(request, person_id, given)


@require_POST
@view
def revocations(request: HttpRequest, person_id: int) -> HttpResponse:
    """Ends one of the person's roles."""
    grant_id = _id(request.POST.get("grant", ""))
    if grant_id is None:
        raise Refused("grant.unnamed", "No role was named. Use the button beside the role.")
    return acting(
        request,
        "people.revoke",
        lambda ctx: acts.revoke(ctx, person_id=person_id, grant_id=grant_id),
        said=_("The role was taken away."),
        to=f"/people/{person_id}",
    )


@require_POST
@view
def access(request: HttpRequest, person_id: int) -> HttpResponse:
    """Opens or closes the person's access."""
    is_active = request.POST.get("active") == "1"
    return acting(
        request,
        "people.set_active",
        lambda ctx: acts.set_active(ctx, person_id=person_id, is_active=is_active),
        said=_("The access is open.") if is_active else _("The access is closed."),
        to=f"/people/{person_id}",
    )


@require_POST
@view
def passwords(request: HttpRequest, person_id: int) -> HttpResponse:
    """Sets a new password."""
    return acting(
        request,
        "people.set_password",
        lambda ctx: acts.set_password(
            ctx,
            person_id=person_id,
            password_hash=acts.hashed(request.POST.get("password", ""), person_id=person_id),
        ),
        said=_("The new password is set."),
        to=f"/people/{person_id}",
    )


def _tested(request: HttpRequest, person_id: int) -> dict[str, Any]:
    """The verdict on the verb and account of the address, if a verb is asked about."""
    verb, account = asked.text(request, "verb"), asked.text(request, "account")
    if not verb:
        return {"asked_verb": "", "asked_account": account}
    try:
        verdict = verdicts.verdict(
            person_id, verb, as_of=asked.as_of(request), account_number=account
        )
    except Refused as refused:
        return {"asked_verb": verb, "asked_account": account, "not_tested": refused}
    return {"asked_verb": verb, "asked_account": account, "verdict": verdict}


def _places() -> list[tuple[str, str]]:
    """Scopes with the place they cover, as one choice: `project:3`."""
    plain = [(code, scope_name(code)) for code in ("own", "team", "all")]
    projects = [
        (f"project:{id_}", f"{_('Project')}: {name}")
        for id_, name in own_names.options(choices.projects())
    ]
    creditors = [
        (f"creditor:{each.id}", f"{_('Creditor')}: {own_names.called(each.name)}")
        for each in choices.creditors()
    ]
    return [*plain, *projects, *creditors]


def scope_name(code: str) -> str:
    """A scope in words."""
    words = {
        "own": _("Own accounts"),
        "team": _("Accounts of the team"),
        "project": _("Accounts of a project"),
        "creditor": _("Accounts of a creditor"),
        "all": _("All accounts"),
    }
    return words.get(code, code)


def role_labels(request: HttpRequest) -> dict[str, str]:
    """Per role its name in the reader's language."""
    rows = query.roles(asked.standing(request), as_of=asked.as_of(request))
    language = (get_language() or "en").split("-")[0]
    return {each.code: each.labels.get(language) or each.labels.get("en", each.code)
            for each in rows}  # fmt: skip


def _role(role: query.RoleRow) -> dict[str, Any]:
    return {"role": role, "may": [verbs.label(pattern) for pattern in role.may]}


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
