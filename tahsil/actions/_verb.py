"""The one door for writes: allowed, approved, once, recorded.

`@verb` wraps an act. Around it: the same key with the same details answers with the first event;
the verdict (permission, then limits) allows, refuses, or opens a request; the change and its
event are written in one transaction. Approving a request comes through here again, with the
approvals filled. `in_bulk` is the same door for many subjects, chunk by chunk.
"""

from __future__ import annotations

import functools
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tahsil.actions import _periods
from tahsil.core.grammar.authority import (
    Answer,
    Reach,
    Reason,
    Standing,
    Verdict,
    allow,
    can,
    strictest,
)
from tahsil.core.grammar.refusal import Refused
from tahsil.store import bulk, rows, scope
from tahsil.store.models import Account, Event, Request
from tahsil.store.prepared import Prepared

CHUNK = 10_000
REQUEST_DAYS = 15


@dataclass(frozen=True)
class Approval:
    """Somebody's yes: who, and by which roles."""

    person_id: int
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Context:
    """Who acts, for which business date, at which instant, under which key."""

    standing: Standing
    as_of: date
    now: datetime
    key: str = ""
    approvals: tuple[Approval, ...] = ()

    def keyed(self, *parts: object) -> Context:
        """The same context under a key made of these parts."""
        return replace(self, key=":".join(str(part) for part in parts))


@dataclass(frozen=True)
class Act:
    """What a verb did: its subject, the account it concerns, the facts worth keeping."""

    subject: str
    account_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    effective_on: date | None = None
    policies: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """It was done, now or (`repeated`) by an earlier call under the same key."""

    event_id: int
    subject: str
    facts: dict[str, Any]
    repeated: bool = False

    @property
    def id(self) -> int:
        """The number in the subject: 12 of receipt:12."""
        return int(self.subject.rpartition(":")[2])


@dataclass(frozen=True)
class Waiting:
    """It waits for somebody else's yes."""

    request_id: int
    verdict: Verdict


Outcome = Done | Waiting
Item = tuple[str, dict[str, Any]]  # the key and the details of one act of many
Judge = Callable[..., Verdict]
VERBS: dict[str, Callable[..., Outcome]] = {}
PURPOSES: dict[str, str] = {}
FOR_ALL: set[str] = set()


def verb(
    name: str, *, limits: Judge | None = None, for_all: bool = False
) -> Callable[[Callable[..., Act]], Any]:
    """Puts an act behind the door under its name; `limits` may ask for somebody's yes.

    A verb `for_all` needs no grant: what one does to one's own, or `limits` alone decides.
    """

    def wrap(do: Callable[..., Act]) -> Callable[..., Outcome]:
        @functools.wraps(do)
        def doing(ctx: Context, **params: Any) -> Outcome:
            return through(ctx, name, params, lambda keyed: do(keyed, **params), limits)

        if for_all:
            FOR_ALL.add(name)

        VERBS[name] = doing
        PURPOSES[name] = (do.__doc__ or "").strip().partition("\n")[0]
        return doing

    return wrap


def through(
    ctx: Context,
    name: str,
    params: dict[str, Any],
    do: Callable[[Context], Act],
    limits: Judge | None = None,
) -> Outcome:
    """Does one act through the door; `params` are what its digest and its request are made of."""
    digest = digest_of(name, params)
    ctx = ctx if ctx.key else ctx.keyed(uuid.uuid4().hex)
    if earlier := _earlier(ctx, digest):
        return earlier
    verdict = judge(ctx, name, params, limits)
    if verdict.answer == Answer.DENY:
        raise _refusal(verdict)
    try:
        with transaction.atomic():
            if verdict.answer == Answer.ASK:
                return _open_request(ctx, name, params, verdict)
            act = do(ctx)
            _periods.check(ctx.as_of, name, act)
            return _record(ctx, name, digest, act)
    except IntegrityError:
        if earlier := _earlier(ctx, digest):  # somebody used the key a moment before us
            return earlier
        raise


def judge(ctx: Context, name: str, params: dict[str, Any], limits: Judge | None = None) -> Verdict:
    """Whether this actor may do this now: the strictest of permission and limits."""
    if name in FOR_ALL:
        permission = allow("grant.all", "Anybody may {verb}.", verb=name)
    else:
        permission = can(ctx.standing, name, reach_of(params))
    if permission.answer == Answer.DENY or limits is None:
        return permission
    return _satisfied(strictest(permission, limits(ctx, **params)), ctx)


def reach_of(params: dict[str, Any]) -> Reach | None:
    """Where the subject stands, if the parameters name an account; no account, no scope to hold."""
    if (account_id := params.get("account_id")) is None:
        return None
    return scope.reach_of(account_of(account_id))


def check_reach(ctx: Context, name: str, account_id: int) -> None:
    """Refuses an account out of the actor's reach that the parameters did not name."""
    verdict = can(ctx.standing, name, scope.reach_of(account_of(account_id)))
    if verdict.answer == Answer.DENY:
        raise _refusal(verdict)


def account_of(account_id: int) -> Account:
    """The account, or a refusal that it is not known."""
    found = _accounts.first(account_id=account_id)
    if found is None:
        raise Refused("account.unknown", "There is no account {account}.", account=account_id)
    return found


@Prepared
def _accounts(account_id: int) -> QuerySet:
    return Account.objects.filter(id=account_id)


def in_bulk(
    ctx: Context,
    name: str,
    items: Iterable[Item],
    do: Callable[[Context, list[dict[str, Any]]], list[Act | None]],
) -> int:
    """Does many acts of one verb: (key, params) each, one event each; how many were new.

    An item `do` answers with None was overtaken by somebody else: no act, no event.
    Keys already used are passed over, so a run that died half-way is finished by running it again.
    """
    verdict = can(ctx.standing, name, None)
    if verdict.answer == Answer.DENY:
        raise _refusal(verdict)
    done = 0
    for chunk in _chunks(items, CHUNK):
        with transaction.atomic():
            keys = [key for key, _ in chunk]
            used = set(Event.objects.filter(key__in=keys).values_list("key", flat=True))
            fresh = [(key, params) for key, params in chunk if key not in used]
            acts = do(ctx, [params for _, params in fresh]) if fresh else []
            events = [
                _event(ctx.keyed(key), name, digest_of(name, params), act)
                for (key, params), act in zip(fresh, acts, strict=True)
                if act is not None
            ]
            bulk.append_events(events)
            done += len(events)
    return done


def digest_of(name: str, params: dict[str, Any]) -> str:
    """One hash for one verb with one set of details."""
    text = json.dumps([name, params], cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _earlier(ctx: Context, digest: str) -> Outcome | None:
    """What the key already led to: an event, or a request that still waits."""
    if found := _events.first(key=ctx.key):
        if found.digest != digest:
            raise _reused(ctx.key, found.verb, found.subject)
        return Done(found.id, found.subject, found.facts, repeated=True)
    if ctx.approvals or (asked := _requests.first(key=ctx.key)) is None:
        return None
    if digest_of(asked.verb, asked.params) != digest:
        raise _reused(ctx.key, asked.verb, f"request:{asked.id}")
    if asked.state != "waiting":
        raise Refused(
            "request.settled",
            "This was asked for before and {state}. Ask again under a new key.",
            state=asked.state,
            request_id=asked.id,
        )
    return Waiting(asked.id, verdict_of(asked))


@Prepared
def _events(key: str) -> QuerySet:
    return Event.objects.filter(key=key)


@Prepared
def _requests(key: str) -> QuerySet:
    return Request.objects.filter(key=key)


def verdict_of(asked: Request) -> Verdict:
    """The verdict that opened the request."""
    reasons = tuple(Reason(code, template, facts) for code, template, facts in asked.reasons)
    return Verdict(Answer.ASK, reasons, tuple(asked.approvers))


def _reused(key: str, verb: str, subject: str) -> Refused:
    return Refused(
        "key.reused",
        "Key {key} was already used for {verb} on {subject}. Send a new key, or the same details.",
        key=key,
        verb=verb,
        subject=subject,
    )


def _satisfied(verdict: Verdict, ctx: Context) -> Verdict:
    """ASK becomes ALLOW once somebody else who holds one of the wanted roles has agreed."""
    if verdict.answer != Answer.ASK:
        return verdict
    for approval in ctx.approvals:
        if approval.person_id != ctx.standing.actor_id and set(approval.roles) & set(
            verdict.approvers
        ):
            return allow("approved", "{person} agreed.", person=approval.name)
    return verdict


def _refusal(verdict: Verdict) -> Refused:
    reason = verdict.reasons[0]
    return Refused(reason.code, reason.template, **reason.facts)


def _open_request(ctx: Context, name: str, params: dict[str, Any], verdict: Verdict) -> Waiting:
    if ctx.approvals:
        raise Refused(
            "request.not_enough",
            "{person}'s yes is not enough now. {approvers} may agree.",
            person=ctx.approvals[-1].name,
            approvers=list(verdict.approvers),
        )
    row = Request.objects.create(
        verb=name,
        params=json.loads(json.dumps(params, cls=DjangoJSONEncoder)),
        account_id=params.get("account_id"),
        key=ctx.key,
        reasons=[
            [reason.code, reason.template, _plain(reason.facts)] for reason in verdict.reasons
        ],
        approvers=list(verdict.approvers),
        asked_by_id=ctx.standing.actor_id,
        asked_at=ctx.now,
        as_of=ctx.as_of,
        expires_on=ctx.as_of + timedelta(days=REQUEST_DAYS),
    )
    return Waiting(row.id, verdict)


def _record(ctx: Context, name: str, digest: str, act: Act) -> Done:
    (row,) = rows.insert([_event(ctx, name, digest, act)])
    return Done(row.id, act.subject, row.facts)


def _event(ctx: Context, name: str, digest: str, act: Act) -> Event:
    return Event(
        verb=name,
        subject=act.subject,
        account_id=act.account_id,
        actor_id=ctx.standing.actor_id or None,
        actor_name=ctx.standing.name,
        approvers=[approval.name for approval in ctx.approvals],
        effective_on=act.effective_on or ctx.as_of,
        recorded_at=ctx.now,
        facts=_plain(act.facts),
        key=ctx.key,
        digest=digest,
        policies=act.policies,
    )


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(facts, cls=DjangoJSONEncoder))


def _chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
