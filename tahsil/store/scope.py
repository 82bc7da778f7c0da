"""Row scope: which accounts somebody may see or touch. The one place that decides it.

`visible` narrows a query; `reach_of` says where one account stands. Tests hold the two against
each other row by row.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from django.db.models import Q, QuerySet

from tahsil.core.grammar.authority import Reach, Standing
from tahsil.store.models import Account, Contract, Person
from tahsil.store.prepared import Prepared


def visible(standing: Standing, accounts: QuerySet, verb: str, prefix: str = "") -> QuerySet:
    """The rows whose account (at `prefix`) the actor may do the verb to."""
    return accounts.filter(condition(standing, verb, prefix))


def condition(standing: Standing, verb: str, prefix: str = "") -> Q:
    """The condition on account columns under `prefix` (such as `account__`) for that verb."""
    found = Q(pk__in=[])
    for grant in standing.grants:
        if not fnmatchcase(verb, grant.pattern):
            continue
        if grant.scope == "all":
            return Q()
        if grant.scope == "creditor":
            found |= Q(**{f"{prefix}creditor_id__in": grant.places})
        elif grant.scope == "project":
            found |= Q(**{f"{prefix}project_id__in": grant.places})
        elif grant.scope == "team":
            members = Person.objects.filter(team_id__in=standing.team_ids).values("id")
            found |= Q(**{f"{prefix}collector_id__in": members})
            found |= Q(**{f"{prefix}collector_id": standing.actor_id})
        else:
            found |= Q(**{f"{prefix}collector_id": standing.actor_id})
    return found


def reach_of(account: Account) -> Reach:
    """Where the account stands for permission: its collector, team, projects, creditor."""
    team = None
    if account.collector_id:
        (team,) = _team.first(person_id=account.collector_id)
    projects = {account.project_id} if account.project_id else set()
    return Reach(account.collector_id, team, frozenset(projects), account.creditor_id)


@Prepared
def _team(person_id: int) -> QuerySet:
    return Person.objects.filter(id=person_id).values_list("team_id")


def projects_of(account_id: int) -> list[int]:
    """Every project the account has a contract in."""
    found = Contract.objects.filter(account_id=account_id, project_id__isnull=False)
    return list(found.values_list("project_id", flat=True).distinct())
