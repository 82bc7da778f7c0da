"""One account with its places and people, if the reader may see it: where every page begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import F, QuerySet

from tahsil.core.grammar.authority import Answer, Reach, Standing, can
from tahsil.core.grammar.refusal import Refused
from tahsil.store.models import Account
from tahsil.store.prepared import Prepared

READ = "account.read"


@dataclass(frozen=True)
class Seen:
    """An account with the names of what it belongs to; missing ones are nothing."""

    id: int
    number: str
    product: str
    currency: str
    party_id: int
    name: str
    language: str
    creditor_id: int
    creditor_name: str
    creditor_ar: str
    country: str
    project_id: int | None
    project_name: str | None
    collector_id: int | None
    collector_name: str | None
    team_id: int | None
    next_step: str
    next_step_on: date | None
    next_step_at: time | None
    locked_by_id: int | None
    locker: str | None
    locked_until_at: datetime | None

    @property
    def reach(self) -> Reach:
        """Where it stands for permission, as store/scope.py says."""
        projects = frozenset({self.project_id} if self.project_id else ())
        return Reach(self.collector_id, self.team_id, projects, self.creditor_id)


def readable(standing: Standing, account_id: int, verb: str = READ) -> Seen:
    """The account, if this person may read it; refused as unknown if not, and if there is none."""
    rows = _account.rows(account_id=account_id)
    found = Seen(**rows[0]) if rows else None
    if found is None or can(standing, verb, found.reach).answer != Answer.ALLOW:
        raise Refused(
            "account.unknown", "There is no account {account} you may read.", account=account_id
        )
    return found


@Prepared
def _account(account_id: int) -> QuerySet:
    return Account.objects.filter(id=account_id).values(
        "id", "number", "product", "currency", "party_id", "creditor_id", "project_id",
        "collector_id", "next_step", "next_step_on", "next_step_at", "locked_by_id",
        "locked_until_at", name=F("party__name"), language=F("party__language"),
        country=F("creditor__country"), creditor_ar=F("creditor__name_ar"),
        team_id=F("collector__team_id"), locker=F("locked_by__name"),
        creditor_name=F("creditor__name"), project_name=F("project__name"),
        collector_name=F("collector__name"),
    )  # fmt: skip
