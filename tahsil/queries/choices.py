"""What a form or a filter can choose from: creditors, projects, branches, people, mappings."""

from __future__ import annotations

from dataclasses import dataclass

from tahsil.store.models import Account, Branch, Creditor, ImportMapping, Project, Team

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


def mappings() -> tuple[str, ...]:
    """The names of saved mappings."""
    return tuple(ImportMapping.objects.order_by("name").values_list("name", flat=True))
