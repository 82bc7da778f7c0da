"""What a form or a filter can choose from: creditors, projects, branches, people, mappings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from tahsil.store.models import Account, Branch, Creditor, ImportMapping, Person, Project, Team

Choices = tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class CreditorChoice:
    """A creditor as a form names it."""

    id: int
    code: str
    name: str
    currency: str
    country: str


def creditors() -> tuple[CreditorChoice, ...]:
    """Every creditor by name."""
    found = Creditor.objects.order_by("name")
    return tuple(
        CreditorChoice(row.id, row.code, row.name, row.currency, row.country) for row in found
    )


def projects() -> Choices:
    """Every project by name."""
    return tuple(Project.objects.order_by("name").values_list("id", "name"))


def branches() -> Choices:
    """Every branch by name."""
    return tuple(Branch.objects.order_by("name").values_list("id", "name"))


def teams() -> Choices:
    """Every team by name."""
    return tuple(Team.objects.order_by("name").values_list("id", "name"))


def currencies() -> tuple[str, ...]:
    """The currencies somebody owes in."""
    return tuple(Account.objects.order_by("currency").values_list("currency", flat=True).distinct())


def collectors(*, as_of: date) -> Choices:
    """Those who hold a collecting role on the date, by name."""
    held = Q(grants__since_on__lte=as_of) & (
        Q(grants__until_on__isnull=True) | Q(grants__until_on__gt=as_of)
    )
    found = Person.objects.filter(held, grants__role__in=("collector", "team_leader"))
    return tuple(found.order_by("name").values_list("id", "name").distinct())


def mappings() -> tuple[str, ...]:
    """The names of saved mappings."""
    return tuple(ImportMapping.objects.order_by("name").values_list("name", flat=True))
