"""Contact: every attempt to reach somebody, with what came of it and what happens next.

The disposition tree (policies/codes_dispositions.yaml) says what an outcome requires. Sending
messages is not done here; promises and disputes have verbs of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from tahsil.actions import _codes, _given
from tahsil.actions._verb import Act, Context, account_of, verb
from tahsil.core.grammar.refusal import Refused
from tahsil.store import search, standing
from tahsil.store.models import Account, Attempt, ContactPoint, ContractParty, Person, Promise

NOTHING = "none"  # the next step of an account that needs none


@dataclass(frozen=True)
class Step:
    """What is to happen next on an account, on which day and at which hour."""

    code: str
    on: date | None = None
    at: time | None = None


@verb("contact.log")
def log_attempt(
    ctx: Context,
    *,
    account_id: int,
    channel: str,
    disposition: str,
    contact_point_id: int | None = None,
    party_id: int | None = None,
    is_inbound: bool = False,
    reason: str = "",
    note: str = "",
    next_step: str = "",
    next_step_on: date | str | None = None,
    next_step_at: time | str | None = None,
    happened_at: datetime | str | None = None,
) -> Act:
    """Somebody was tried or spoke to us: what came of it, and what happens next."""
    account = account_of(account_id)
    _codes.check_channel(channel)
    outcome = outcome_of(channel, disposition, ctx.as_of)
    if not is_inbound:
        check_lock(ctx, account)
    _check_needs(ctx, account, outcome, reason)
    step = step_of(ctx, next_step, next_step_on, next_step_at, outcome=outcome)
    moment = _moment(ctx, happened_at)
    point = _contact_point(account, contact_point_id)
    party_id = _party(account, party_id, point)
    attempt = Attempt.objects.create(
        account=account,
        party_id=party_id,
        contact_point=point,
        channel=channel,
        is_inbound=is_inbound,
        disposition=disposition,
        level=outcome["level"],
        reason=reason,
        note=note.strip()[:500],
        next_step=step.code,
        next_step_on=step.on,
        next_step_at=step.at,
        happened_at=moment,
        effective_on=min(moment.date(), ctx.as_of),
        by_id=ctx.standing.actor_id or None,
    )
    is_wrong = bool(outcome.get("marks_wrong") and point)
    if point and is_wrong:
        ContactPoint.objects.filter(id=point.id).update(is_wrong=True)
        search.index([account_id])
    move_step(account, step)
    standing.refresh([account_id], as_of=ctx.as_of)
    facts = _facts(attempt, outcome, is_wrong=is_wrong)
    return Act(f"attempt:{attempt.id}", account_id, facts, attempt.effective_on)


def _facts(attempt: Attempt, outcome: dict[str, Any], *, is_wrong: bool) -> dict[str, Any]:
    kept = ("channel", "disposition", "level", "reason", "note", "is_inbound",
            "next_step", "next_step_on", "next_step_at")  # fmt: skip
    facts = {name: getattr(attempt, name) for name in kept}
    return {**facts, "outcome": outcome["outcome"], "is_marked_wrong": is_wrong}


def outcome_of(channel: str, disposition: str, as_of: date) -> dict[str, Any]:
    """The attributes of the disposition; on a visit the outcomes of visits are known too."""
    if channel == "visit" and disposition in (visits := _codes.items("visits", as_of)):
        return visits[disposition]
    found = _codes.item("dispositions", disposition, as_of)
    offered = found.get("channels")
    if offered and channel not in offered:
        raise Refused(
            "attempt.channel",
            "{disposition} is an outcome of {offered}, not of {channel}.",
            disposition=disposition,
            offered=list(offered),
            channel=channel,
        )
    return found


def step_of(
    ctx: Context, code: str, on: Any, at: Any, *, outcome: dict[str, Any] | None = None
) -> Step:
    """The next step as given; refused where it is missing, unknown or in the past."""
    usual = (outcome or {}).get("next", {"step": "call", "days": 1})
    if not code and usual["step"] == NOTHING:
        return Step(NOTHING)
    if not code:
        raise Refused(
            "attempt.next_step_missing",
            "What happens next is missing. Usual here: {usual} on {usual_on}.",
            usual=usual["step"],
            usual_on=ctx.as_of + timedelta(days=usual["days"]),
        )
    wanted = _codes.item("next_steps", code, ctx.as_of)
    step = Step(code, _given.as_date(on, "next step's day"), _given.as_time(at, "next step's hour"))
    if code == NOTHING and usual["step"] != NOTHING:
        raise Refused(
            "attempt.next_step_needed",
            "This outcome needs a next step. Usual here: {usual}.",
            usual=usual["step"],
        )
    if wanted["has_date"] and (step.on is None or step.on < ctx.as_of):
        raise Refused(
            "attempt.next_step_date",
            "The next step needs a day, {earliest} or later.",
            earliest=ctx.as_of,
            given=step.on,
        )
    if wanted["has_hour"] and step.at is None:
        raise Refused("attempt.hour_missing", "To call back, an hour is needed.")
    return step if wanted["has_date"] else Step(code)


def move_step(account: Account, step: Step) -> None:
    """The account's next step is this one."""
    Account.objects.filter(id=account.id).update(
        next_step="" if step.code == NOTHING else step.code,
        next_step_on=step.on,
        next_step_at=step.at,
    )


def check_lock(ctx: Context, account: Account) -> None:
    """Refuses while somebody else is on the account, so that two do not call one customer."""
    if account.locked_by_id in (None, ctx.standing.actor_id) or account.locked_until_at is None:
        return
    if account.locked_until_at > ctx.now:
        raise Refused(
            "account.locked",
            "{person} works this account until {until_at}. It is free afterwards.",
            person=Person.objects.get(id=account.locked_by_id).name,
            until_at=account.locked_until_at,
        )


def _check_needs(ctx: Context, account: Account, outcome: dict[str, Any], reason: str) -> None:
    requires = outcome.get("requires", [])
    if reason or "reason" in requires:
        if not reason:
            raise Refused(
                "attempt.reason_missing",
                "{disposition} needs the reason for not paying. There are: {known}.",
                disposition=outcome["code"],
                known=list(_codes.items("reasons", ctx.as_of)),
            )
        _codes.item("reasons", reason, ctx.as_of)
    is_open = Promise.objects.filter(account=account, state="open").exists
    if "promise" in requires and not is_open():
        raise Refused(
            "attempt.promise_missing",
            "{disposition} needs a promise: an amount and a day. Record it first.",
            disposition=outcome["code"],
        )


def _moment(ctx: Context, happened_at: Any) -> datetime:
    moment = _given.as_moment(happened_at, "moment") or ctx.now
    if moment > ctx.now:
        raise Refused("attempt.future", "An attempt cannot have happened later than now.")
    return moment


def _contact_point(account: Account, contact_point_id: int | None) -> ContactPoint | None:
    if contact_point_id is None:
        return None
    found = ContactPoint.objects.filter(
        id=contact_point_id, party_id__in=party_ids(account)
    ).first()
    if found is None:
        raise Refused(
            "contact.unknown", "Contact point {id} is of nobody on this account.",
            id=contact_point_id,
        )  # fmt: skip
    return found


def _party(account: Account, party_id: int | None, point: ContactPoint | None) -> int:
    if party_id is None:
        return point.party_id if point else account.party_id
    check_party(account, party_id)
    return party_id


def party_ids(account: Account) -> set[int]:
    """Everybody on the account: its debtor and who has a part in its contracts."""
    others = ContractParty.objects.filter(contract__account=account)
    return {account.party_id, *others.values_list("party_id", flat=True)}


def check_party(account: Account, party_id: int) -> None:
    """Refuses a party that has no part in the account."""
    if party_id not in party_ids(account):
        raise Refused(
            "party.unknown", "Party {party_id} has no part in this account.", party_id=party_id
        )
