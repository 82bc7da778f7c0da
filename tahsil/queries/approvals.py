"""Requests: what waits for my yes, what of mine waits, what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from tahsil.core.grammar.authority import Reason, Standing
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import naming, paging
from tahsil.queries.paging import SIZE, Page
from tahsil.queries.people import roles_of
from tahsil.store import scope
from tahsil.store.models import Account, Request

READ = "account.read"

VIEWS = ("for_me", "mine", "decided")


@dataclass(frozen=True)
class RequestRow:
    """One request; `can_decide` where the reader holds a wanted role and did not ask for it."""

    id: int
    verb: str
    params: dict[str, Any]
    named: dict[str, Any]  # the same, with names in the place of ids
    account_id: int | None
    account_number: str
    name: str
    currency: str
    amount_minor: int | None
    state: str
    reasons: tuple[Reason, ...]
    approvers: tuple[str, ...]
    asked_by: str
    asked_at: datetime
    as_of: date
    expires_on: date
    is_expired: bool
    decided_by: str
    decided_at: datetime | None
    remark: str
    event_id: int | None
    can_decide: bool
    can_withdraw: bool


@dataclass(frozen=True)
class Approvals:
    """A page of one view, and how many wait in each."""

    view: str
    page: Page[RequestRow]
    counts: dict[str, int]


def approvals(
    standing: Standing, *, as_of: date, view: str = "for_me", page: int = 1, size: int = SIZE
) -> Approvals:
    """The requests of that view: oldest first while waiting, newest first once decided."""
    found = _view(standing, view)
    return Approvals(
        view=view,
        page=paging.of(found, lambda rows: _rows(standing, rows, as_of), page=page, size=size),
        counts={each: paging.bounded_count(_view(standing, each)) for each in VIEWS},
    )


def request(standing: Standing, request_id: int, *, as_of: date) -> RequestRow:
    """One request; refused where it is neither mine nor mine to decide, nor of my accounts."""
    views = [_view(standing, view) for view in VIEWS]
    row = next((row for found in views if (row := found.filter(id=request_id).first())), None)
    if row is None:
        raise Refused("request.unknown", "There is no request {request} you may read.",
                      request=request_id)  # fmt: skip
    return _rows(standing, [row], as_of)[0]


def waiting_count(standing: Standing, *, as_of: date) -> int:
    """How many requests wait for this person's yes."""
    return paging.bounded_count(_view(standing, "for_me").filter(expires_on__gte=as_of))


def _view(standing: Standing, view: str) -> QuerySet[Request]:
    everything = Request.objects.select_related("asked_by", "decided_by")
    waiting = everything.filter(state="waiting").order_by("asked_at", "id")
    if view == "mine":
        return waiting.filter(asked_by_id=standing.actor_id)
    if view == "for_me":
        # Roles stand in a JSON list; as text it is the same on both databases.
        wanted = Q(pk__in=[])
        for role in roles_of(standing):
            wanted |= Q(wanted_text__contains=f'"{role}"')
        named = waiting.annotate(wanted_text=Cast("approvers", TextField()))
        mine = named.filter(wanted).exclude(asked_by_id=standing.actor_id)
        return mine.filter(_in_scope(standing))
    decided = everything.exclude(state="waiting").order_by("-decided_at", "-id")
    own = Q(asked_by_id=standing.actor_id) | Q(decided_by_id=standing.actor_id)
    return decided.filter(own | (Q(account_id__isnull=False) & _in_scope(standing)))


def _in_scope(standing: Standing) -> Q:
    """Requests about accounts the reader may see, or about no account at all."""
    visible = scope.visible(standing, Account.objects.all(), READ).values("id")
    return Q(account_id__isnull=True) | Q(account_id__in=visible)


def _rows(standing: Standing, found: list[Request], as_of: date) -> list[RequestRow]:
    ids = {row.account_id for row in found if row.account_id}
    known = Account.objects.select_related("party").in_bulk(ids)
    return [_row(standing, row, known.get(row.account_id or 0), as_of) for row in found]


def _row(standing: Standing, row: Request, account: Account | None, as_of: date) -> RequestRow:
    is_mine = row.asked_by_id == standing.actor_id
    is_waiting = row.state == "waiting"
    is_wanted = bool(set(row.approvers) & set(roles_of(standing)))
    amount = row.params.get("amount_minor")
    return RequestRow(
        id=row.id,
        verb=row.verb,
        params=row.params,
        named=naming.named(row.params),
        account_id=row.account_id,
        account_number=account.number if account else "",
        name=account.party.name if account else "",
        currency=account.currency if account else "",
        amount_minor=amount if isinstance(amount, int) else None,
        state=row.state,
        reasons=tuple(Reason(code, template, facts) for code, template, facts in row.reasons),
        approvers=tuple(row.approvers),
        asked_by=row.asked_by.name,
        asked_at=row.asked_at,
        as_of=row.as_of,
        expires_on=row.expires_on,
        is_expired=is_waiting and row.expires_on < as_of,
        decided_by=row.decided_by.name if row.decided_by else "",
        decided_at=row.decided_at,
        remark=row.remark,
        event_id=row.event_id,
        can_decide=is_waiting and is_wanted and not is_mine and row.expires_on >= as_of,
        can_withdraw=is_waiting and is_mine,
    )
