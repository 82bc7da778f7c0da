"""One line of the worklist: an account to work, why, and what is shown beside it.

The lines of a page are read in a few prepared statements, each for all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, partial
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from tahsil.core.grammar.authority import Reach, Reason
from tahsil.core.grammar.authority import Standing as Actor
from tahsil.queries import masks, parties
from tahsil.queries.ledger import Row
from tahsil.queries.rules import Rules
from tahsil.store.models import Attempt, ContactPoint, Promise, Standing
from tahsil.store.prepared import Prepared


@dataclass(frozen=True)
class LastAttempt:
    """The newest attempt on an account: its disposition, and who tried when."""

    disposition: str
    labels: dict[str, str]  # by language; empty where the code list has none
    level: str  # none, third_party, right_party
    channel: str
    happened_at: datetime
    effective_on: date
    by: str


@dataclass(frozen=True)
class PromiseBrief:
    """A promise in one line."""

    id: int
    amount_minor: int
    promised_on: date
    state: str


@dataclass(frozen=True)
class WorklistLine:
    """One account to work; money in minor units of its currency.

    `dpd` is as_of less the oldest due date; `bucket` is -1 where nothing is late; `covered_minor`
    is the part of the arrears with a live cheque behind it; `locked_by` is somebody else who has
    the account open now. `reasons` come weightiest first.
    """

    account_id: int
    number: str
    name: str
    name_other: str  # in another script, if known
    language: str
    product: str
    project: str
    project_id: int | None
    currency: str
    open_minor: int
    overdue_minor: int
    due_today_minor: int
    covered_minor: int
    uncovered_minor: int
    disputed_minor: int
    unapplied_minor: int
    oldest_due_on: date | None
    next_due_on: date | None
    dpd: int
    bucket: int
    bucket_label: str
    rung: str
    rung_labels: dict[str, str]
    treatment: str
    reasons: tuple[Reason, ...]
    next_step: str
    next_step_on: date | None
    next_step_at: time | None
    last_attempt: LastAttempt | None
    promise: PromiseBrief | None
    phone: str  # masked by role
    collector_id: int | None
    collector: str
    locked_by: str
    is_worked_today: bool


@dataclass(frozen=True)
class _Beside:
    """What is shown on a line beside its standing, by account or party."""

    others: dict[int, str]
    attempts: dict[int, LastAttempt]
    promises: dict[int, PromiseBrief]
    phones: dict[int, str]
    worked: set[int]
    may_call: Callable[[Reach], bool]


def lines(
    standing: Actor, ids: list[int], in_force: Rules, now: datetime | None
) -> list[WorklistLine]:
    """The lines of these accounts, in their order."""
    rows = {row["account_id"]: row for row in _standings.rows(ids=ids)}
    party_ids = list({row["party_id"] for row in rows.values()})
    as_of = in_force.as_of
    beside = _Beside(
        others=parties.other_names(party_ids),
        attempts=_last_attempts(ids, in_force),
        promises={each.pop("account_id"): PromiseBrief(**each) for each in _promises.rows(ids=ids)},
        phones={each["party_id"]: each["value"] for each in _phones.rows(ids=party_ids)},
        worked={each["account_id"] for each in _worked.rows(ids=ids, as_of=as_of)},
        may_call=cache(partial(masks.may_call, standing)),
    )
    return [_line(standing, rows[each], beside, in_force, now) for each in ids]


def _line(
    standing: Actor, row: Row, beside: _Beside, in_force: Rules, now: datetime | None
) -> WorklistLine:
    account_id, party_id, as_of = row["account_id"], row["party_id"], in_force.as_of
    late = (as_of - row["oldest_due_on"]).days if row["oldest_due_on"] else 0
    shown: dict[str, Any] = {name: row[name] for name in SHOWN}
    return WorklistLine(
        **shown,
        name_other=beside.others.get(party_id, ""),
        project=row["project_name"] or "",
        uncovered_minor=row["overdue_minor"] - row["covered_minor"],
        dpd=max(late, 0),
        bucket_label=in_force.bucket_label(row["bucket"]),
        rung_labels=in_force.rung_labels(row["product"], row["rung"]),
        reasons=in_force.reasons(row["reasons"], row["currency"]),
        last_attempt=beside.attempts.get(account_id),
        promise=beside.promises.get(account_id),
        phone=_phone(row, beside.phones.get(party_id, ""), beside.may_call),
        collector=row["collector_name"] or "",
        locked_by=row["locker"] if _is_locked(standing, row, now) else "",
        is_worked_today=account_id in beside.worked,
    )


def _phone(row: Row, value: str, may_call: Callable[[Reach], bool]) -> str:
    """The telephone number as far as this person reads it."""
    if not value:
        return ""
    projects = frozenset({row["project_id"]} if row["project_id"] else ())
    reach = Reach(row["collector_id"], row["team_id"], projects, row["creditor_id"])
    return masks.point("phone", value, is_open=may_call(reach))


def _is_locked(standing: Actor, row: Row, now: datetime | None) -> bool:
    """Whether somebody else has the account open now."""
    if not row["locked_by_id"] or row["locked_by_id"] == standing.actor_id:
        return False
    return now is None or row["locked_until_at"] is None or row["locked_until_at"] > now


SHOWN = (
    "account_id", "currency", "open_minor", "overdue_minor", "due_today_minor", "covered_minor",
    "disputed_minor", "unapplied_minor", "oldest_due_on", "next_due_on", "bucket", "rung",
    "treatment", "number", "name", "language", "product", "project_id", "collector_id",
    "next_step", "next_step_on", "next_step_at",
)  # fmt: skip


@Prepared
def _standings(ids: list[int]) -> QuerySet:
    return Standing.objects.filter(account_id__in=ids).values(
        "account_id", "currency", "open_minor", "overdue_minor", "due_today_minor",
        "covered_minor", "disputed_minor", "unapplied_minor", "oldest_due_on", "next_due_on",
        "bucket", "rung", "treatment", "reasons", "creditor_id", "project_id", "collector_id",
        number=F("account__number"), product=F("account__product"),
        next_step=F("account__next_step"), next_step_on=F("account__next_step_on"),
        next_step_at=F("account__next_step_at"), locked_by_id=F("account__locked_by_id"),
        locked_until_at=F("account__locked_until_at"), locker=F("account__locked_by__name"),
        party_id=F("account__party_id"), name=F("account__party__name"),
        language=F("account__party__language"), project_name=F("account__project__name"),
        collector_name=F("account__collector__name"), team_id=F("account__collector__team_id"),
    )  # fmt: skip


def _last_attempts(ids: list[int], in_force: Rules) -> dict[int, LastAttempt]:
    labels = in_force.labels("dispositions")
    return {
        row["account_id"]: LastAttempt(
            row["disposition"], labels.get(row["disposition"], {}), row["level"], row["channel"],
            row["happened_at"], row["effective_on"], row["author"] or "",
        )
        for row in _newest.rows(ids=ids, as_of=in_force.as_of)
    }  # fmt: skip


@Prepared
def _newest(ids: list[int], as_of: date) -> QuerySet:
    newest = (
        Attempt.objects.filter(account_id=OuterRef("account_id"), effective_on__lte=as_of)
        .order_by("-effective_on", "-id")
        .values("id")[:1]
    )
    of_each = Standing.objects.filter(account_id__in=ids).values(newest=Subquery(newest))
    return Attempt.objects.filter(id__in=of_each).values(
        "account_id", "disposition", "level", "channel", "happened_at", "effective_on",
        author=F("by__name"),
    )  # fmt: skip


@Prepared
def _worked(ids: list[int], as_of: date) -> QuerySet:
    return Attempt.objects.filter(account_id__in=ids, effective_on=as_of).values("account_id")


@Prepared
def _promises(ids: list[int]) -> QuerySet:
    found = Promise.objects.filter(account_id__in=ids, state="open")
    return found.values("account_id", "id", "amount_minor", "promised_on", "state")


@Prepared
def _phones(ids: list[int]) -> QuerySet:
    """The first telephone of a party comes last, and stays where a later one overwrites."""
    found = ContactPoint.objects.filter(party_id__in=ids, channel="phone", is_wrong=False)
    return found.order_by("-id").values("party_id", "value")
