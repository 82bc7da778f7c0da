"""Objections: what a customer says of a payment's amount, time or method, owned until answered.

What is accepted names the act that put the book right, an event of another verb: the objection
itself moves no money. A line it is about may be set aside meanwhile as a dispute, which closes
with it. Whoever took the money in question neither owns nor decides the objection.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q

from tahsil.actions import _codes, _given, disputes, documents, receipts
from tahsil.actions._verb import Act, Context, account_of, verb
from tahsil.core.grammar.authority import Answer, can
from tahsil.core.grammar.lifecycle import OBJECTION
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import people
from tahsil.queries.objections import CORRECTING
from tahsil.store import calendars, scope, standing
from tahsil.store.models import (
    Account,
    BankLine,
    BankMatch,
    Creditor,
    Event,
    Instrument,
    Objection,
    Obligation,
    Person,
    Receipt,
    RoleGrant,
)

DECIDE = "objection.decide"
DECISIONS = {"accepted": "accept", "rejected": "reject"}
ABOUT = {
    "receipt_id": Receipt, "obligation_id": Obligation, "instrument_id": Instrument,
}  # fmt: skip


@verb("objection.open")
def open(
    ctx: Context,
    *,
    account_id: int,
    kind: str,
    channel: str,
    note: str = "",
    claimed_minor: int | None = None,
    claimed_on: date | str | None = None,
    claimed_method: str = "",
    claimed_reference: str = "",
    claimed_bank: str = "",
    paid_to_id: int | None = None,
    receipt_id: int | None = None,
    obligation_id: int | None = None,
    instrument_id: int | None = None,
    bank_line_id: int | None = None,
    holds_line: bool = False,
) -> Act:
    """The customer objects to a payment; somebody owns the answer until a working day."""
    account = account_of(account_id)
    wanted = _codes.item("objections", kind, ctx.as_of)
    _codes.check_channel(channel)
    made = Objection(
        account=account,
        kind=kind,
        channel=channel,
        note=note.strip()[:500],
        claimed_minor=None if claimed_minor is None else _given.need_amount(claimed_minor),
        claimed_on=_past(ctx, claimed_on),
        claimed_method=_method(claimed_method),
        claimed_reference=claimed_reference.strip()[:80],
        claimed_bank=claimed_bank.strip()[:80],
        paid_to_id=_person(paid_to_id),
        receipt_id=receipt_id,
        obligation_id=obligation_id,
        instrument_id=instrument_id,
        bank_line_id=bank_line_id,
        opened_on=ctx.as_of,
        opened_at=ctx.now,
        opened_by_id=ctx.standing.actor_id or None,
    )
    _check_about(account, made)
    _check_new(made)
    if holds_line:
        made.dispute = _held(ctx, made, wanted["dispute"])
    made.owner = _owner(ctx, account, wanted["owner"], made)
    made.answer_by_on = _calendar(account).add(ctx.as_of, wanted["sla_days"])
    made.save()
    if holds_line:
        standing.refresh([account_id], as_of=ctx.as_of)
    return Act(f"objection:{made.id}", account_id, _said(made))


@verb("objection.assign")
def assign(
    ctx: Context,
    *,
    account_id: int,
    objection_id: int,
    owner_id: int,
    answer_by_on: date | str | None = None,
) -> Act:
    """Somebody else answers an objection, or by another day."""
    found = _open(account_id, objection_id)
    owner = Person.objects.filter(id=owner_id, is_active=True).first()
    if owner is None or not _may_decide(ctx, found.account, owner.id):
        raise Refused(
            "objection.owner",
            "{owner} cannot decide objections of this account. Choose somebody whose role may.",
            owner=owner.name if owner else owner_id,
        )
    _check_hands(found, owner.id, owner.name)
    by = _given.as_date(answer_by_on, "answer by") or found.answer_by_on
    if by is not None and by < ctx.as_of and by != found.answer_by_on:
        raise Refused(
            "objection.past",
            "An answer cannot be due on {answer_by_on}, which is past.",
            answer_by_on=by,
        )
    Objection.objects.filter(id=found.id).update(owner=owner, answer_by_on=by)
    facts = {**_head(found), "owner": owner.name, "answer_by_on": by}
    return Act(f"objection:{found.id}", account_id, facts)


@verb("objection.add_evidence")
def add_evidence(
    ctx: Context, *, account_id: int, objection_id: int, sha256: str, name: str, note: str = ""
) -> Act:
    """A file that shows what the customer says, or the contrary, was kept with the objection."""
    found = _open(account_id, objection_id)
    subject = f"objection:{found.id}"
    documents.keep(
        ctx.keyed(ctx.key[:100], "kept"),
        subject=subject,
        kind="evidence",
        sha256=sha256,
        name=name,
        account_id=account_id,
        note=note,
    )
    facts = {**_head(found), "file": name, "sha256": sha256}
    return Act(subject, account_id, facts)


@verb(DECIDE)
def decide(
    ctx: Context,
    *,
    account_id: int,
    objection_id: int,
    state: str,
    answer: str,
    act_id: int | None = None,
) -> Act:
    """An objection was accepted, naming the act that put it right, or rejected with its reason."""
    found = _open(account_id, objection_id)
    if state not in DECISIONS:
        raise Refused(
            "objection.decision",
            "An objection is decided as {known}, not as {state}.",
            known=list(DECISIONS),
            state=state or "-",
        )
    _check_hands(found, ctx.standing.actor_id, ctx.standing.name)
    answer = _given.need_text(answer, "answer", most=300)
    act = _act(found, act_id) if state == "accepted" else None
    _close(ctx, found, DECISIONS[state], answer=answer, act=act)
    facts = {
        **_head(found),
        "state": state,
        "answer": answer,
        "act": act.verb if act else "",
        "act_id": act.id if act else None,
    }
    return Act(f"objection:{found.id}", account_id, facts)


@verb("objection.withdraw")
def withdraw(ctx: Context, *, account_id: int, objection_id: int, reason: str) -> Act:
    """The customer no longer objects; nothing was corrected."""
    found = _open(account_id, objection_id)
    reason = _given.need_text(reason, "reason", most=300)
    _close(ctx, found, "withdraw", answer=reason, act=None)
    return Act(f"objection:{found.id}", account_id, {**_head(found), "reason": reason})


def _close(ctx: Context, found: Objection, move: str, *, answer: str, act: Event | None) -> None:
    after = OBJECTION.step(found.state, move)
    moved = Objection.objects.filter(id=found.id, state=found.state).update(
        state=after,
        closed_on=ctx.as_of,
        closed_by_id=ctx.standing.actor_id or None,
        answer=answer,
        act=act,
    )
    if not moved:
        raise Refused("objection.moved", "Somebody else closed this a moment ago. Look again.")
    if found.dispute and found.dispute.state == "open":
        disputes.close(ctx, found.dispute, "uphold" if after == "accepted" else "reject")
        standing.refresh([found.account_id], as_of=ctx.as_of)


def _open(account_id: int, objection_id: int) -> Objection:
    found = (
        Objection.objects.select_related("account", "receipt", "dispute")
        .filter(id=objection_id, account_id=account_id)
        .first()
    )
    if found is None:
        raise Refused(
            "objection.unknown",
            "There is no objection {objection_id} on this account.",
            objection_id=objection_id,
        )
    OBJECTION.step(found.state, "withdraw")  # refused unless it is open
    return found


def _past(ctx: Context, value: date | str | None) -> date | None:
    day = _given.as_date(value, "day of the payment")
    if day is not None and day > ctx.as_of:
        raise Refused(
            "objection.future",
            "A payment of {claimed_on} lies ahead; only what was paid can be objected to.",
            claimed_on=day,
        )
    return day


def _method(method: str) -> str:
    if method and method not in receipts.INSTRUMENTS:
        raise Refused(
            "objection.method",
            "{method} is no known way to pay. Known: {known}.",
            method=method,
            known=list(receipts.INSTRUMENTS),
        )
    return method


def _person(person_id: int | None) -> int | None:
    if person_id is not None and not Person.objects.filter(id=person_id).exists():
        raise Refused("person.none", "There is no person {person_id}.", person_id=person_id)
    return person_id


def _check_about(account: Account, made: Objection) -> None:
    """Refuses an objection about nothing, or about what belongs to another account."""
    for name, model in ABOUT.items():
        key = getattr(made, name)
        if key and not model._default_manager.filter(id=key, account=account).exists():
            raise Refused(
                "objection.about", "There is no {what} {id} on this account.",
                what=name.removesuffix("_id"), id=key,
            )  # fmt: skip
    if made.bank_line_id and not BankLine.objects.filter(
        id=made.bank_line_id, bank_account__creditor_id=account.creditor_id
    ):
        raise Refused("bank.line", "There is no bank line {line}.", line=made.bank_line_id)
    says = (made.claimed_minor, made.claimed_on, made.note, made.bank_line_id)
    if not any(says) and not any(getattr(made, name) for name in ABOUT):
        raise Refused(
            "objection.nothing",
            "Nothing says what the customer objects to: give an amount, a day, a receipt, a line "
            "or a note.",
        )


def _check_new(made: Objection) -> None:
    says = (*ABOUT, "account_id", "kind", "bank_line_id", "claimed_minor", "claimed_on")
    wanted: dict[str, Any] = {name: getattr(made, name) for name in says}
    same = Objection.objects.filter(state="open", **wanted).first()
    if same is not None:
        raise Refused(
            "objection.already",
            "Objection {number} says the same and is open until {answer_by_on}.",
            number=same.number,
            answer_by_on=same.answer_by_on,
        )


def _held(ctx: Context, made: Objection, code: str) -> Any:
    if made.obligation_id is None:
        raise Refused(
            "objection.no_line", "To set a line aside, name the line the objection is about."
        )
    return disputes.contest(ctx, made.account, made.obligation_id, code=code, note=made.note)


def _owner(ctx: Context, account: Account, role: str, made: Objection) -> Person | None:
    """Who answers: of the role the one with least to answer, else anybody who may decide."""
    held = RoleGrant.objects.filter(since_on__lte=ctx.as_of).filter(
        Q(until_on=None) | Q(until_on__gt=ctx.as_of)
    )
    open_ones = Count("objections", filter=Q(objections__state="open"), distinct=True)
    active = Person.objects.filter(is_active=True).annotate(waiting=open_ones)
    hands = _hands(made)
    for holders in (held.filter(role=role), held):
        able = active.filter(id__in=holders.values("person_id")).order_by("waiting", "id")
        for person in able:
            if person.id not in hands and _may_decide(ctx, account, person.id):
                return person
    return None


def _may_decide(ctx: Context, account: Account, person_id: int) -> bool:
    known = people.standing_of(person_id, as_of=ctx.as_of)
    return can(known, DECIDE, scope.reach_of(account)).answer == Answer.ALLOW


def _hands(found: Objection) -> set[int]:
    """Who took the money: whom the customer names, who recorded the receipt or matched it."""
    hands = {found.paid_to_id}
    if found.receipt_id:
        hands |= {Receipt.objects.values_list("cashier_id", flat=True).get(id=found.receipt_id)}
        matched = BankMatch.objects.filter(receipt_id=found.receipt_id, kind="confirmed")
        hands |= set(matched.values_list("by_id", flat=True))
        taken = Event.objects.filter(
            account_id=found.account_id, subject=f"receipt:{found.receipt_id}",
            verb="receipt.record",
        )  # fmt: skip
        hands |= set(taken.values_list("actor_id", flat=True))
    return {each for each in hands if each}


def _check_hands(found: Objection, person_id: int, name: str) -> None:
    if person_id in _hands(found):
        raise Refused(
            "objection.own_hands",
            "{person} took the money objection {number} is about. Somebody else decides it.",
            person=name,
            number=found.number,
        )


def _act(found: Objection, act_id: int | None) -> Event:
    """The act that put the book right, done on this account since the objection."""
    act = Event.objects.filter(
        id=act_id or 0, account_id=found.account_id, recorded_at__gte=found.opened_at
    ).first()
    if act is None or not act.verb.startswith(CORRECTING):
        raise Refused(
            "objection.no_act",
            "An objection is accepted once the book is put right: move the money, reverse it, "
            "record it or correct the line first, and name that act.",
        )
    return act


def _calendar(account: Account) -> Any:
    country = Creditor.objects.values_list("country", flat=True).get(id=account.creditor_id)
    return calendars.of_creditor(account.creditor_id, country)


def _head(found: Objection) -> dict[str, Any]:
    return {"number": found.number, "kind": found.kind, "currency": found.account.currency}


def _said(made: Objection) -> dict[str, Any]:
    """What the event of a new objection keeps of it."""
    return {
        **_head(made),
        "channel": made.channel,
        "amount_minor": made.claimed_minor,
        "claimed_on": made.claimed_on,
        "claimed_method": made.claimed_method,
        "note": made.note,
        "owner": made.owner.name if made.owner else "",
        "answer_by_on": made.answer_by_on,
    }
