"""Setting up: tables, published policies, static files, the first administrator.

Everything here may be run again at any time; what is there already stays as it is.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.core.management import call_command
from django.db import connection

from tahsil.store import policies
from tahsil.store.models import Person, RoleGrant


@dataclass(frozen=True)
class Installed:
    """What setting up did; the password is known here and nowhere else."""

    policies: int
    username: str = ""
    password: str = ""


def is_new() -> bool:
    """Whether nobody can sign in yet: there are no tables, or no people in them."""
    if "store_person" not in connection.introspection.table_names():
        return True
    return not Person.objects.exists()


def gather_files() -> None:
    """Pictures, styles and scripts as this version has them, ready to be served."""
    call_command("collectstatic", verbosity=0, interactive=False)


def set_up(*, now: datetime, as_of: date, username: str = "admin") -> Installed:
    """The database is current and, if a name is given and nobody administers, somebody does."""
    call_command("migrate", verbosity=0, interactive=False)
    published = policies.publish_shipped(now=now)
    gather_files()
    held = RoleGrant.objects.filter(role="administrator", person__is_active=True)
    if not username or held.exists():
        return Installed(published)
    password = secrets.token_urlsafe(12)
    person = Person.objects.create(username=username, name="Administrator", password=password)
    RoleGrant.objects.create(person=person, role="administrator", scope="all", since_on=as_of)
    return Installed(published, username, password)
