"""Custody: papers are handed over on a list, taken paper by paper, and missing ones explained.

A hand-over to the courier, the bank, the lawyer, the court or the customer does the move of each
paper, as the giver's act with the acceptor's yes; inside the house only place and keeper change.
Nobody takes what they gave. Counts of a place are counts.py, what has to be
explained is matters.py.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tahsil.actions import _given, _limits, _paper, matters, replacing
from tahsil.actions import instruments as papers
from tahsil.actions._verb import Act, Approval, Context, Done, verb
from tahsil.core.book import custody as rules
from tahsil.core.grammar.authority import Verdict, ask
from tahsil.core.grammar.refusal import Refused
from tahsil.queries.people import standing_of
from tahsil.store import places, policies, scope
from tahsil.store.models import (
    HandOver,
    HandOverLine,
    Instrument,
    InstrumentMove,
    Person,
)

LEADING = {**papers.MOVES, "hand_back": replacing.hand_back}
MOST = 2_000


@verb("custody.hand_over")
def hand_over(
    ctx: Context,
    *,
    instruments: Any,
    to_place: str,
    receiver_id: int | None = None,
    receiver_name: str = "",
    receiver_company: str = "",
    receiver_identity: str = "",
    giver_name: str = "",
    note: str = "",
) -> Act:
    """Papers of one place are listed for somebody to take; until then they stay where they are."""
    giver_id = matters.check_person(ctx)
    found = _papers(ctx, instruments)
    to_place = _given.need_text(to_place, "place", most=80)
    from_place = rules.place_of(found[0].state, found[0].place)
    kind = places.at(ctx.as_of).place(to_place).kind
    for each in found:
        rules.step(each.number, each.state, kind)
    if receiver_id == giver_id:
        raise Refused("custody.own", "Nobody takes what they give. Name another person.")
    names = (receiver_name.strip()[:160], receiver_company.strip()[:160])
    _check_receiver(kind, receiver_id, names, receiver_identity.strip())
    made = HandOver.objects.create(
        number=uuid.uuid4().hex, from_place=from_place, to_place=to_place, kind=kind,
        giver_id=giver_id, giver_name=giver_name.strip()[:160], receiver_id=receiver_id,
        receiver_name=names[0], receiver_company=names[1],
        receiver_identity=receiver_identity.strip()[:60], given_on=ctx.as_of, given_at=ctx.now,
        count=len(found), totals=_totals(found), note=note.strip()[:200],
    )  # fmt: skip
    made.number = f"H-{made.id:05d}"
    HandOver.objects.filter(id=made.id).update(number=made.number)
    HandOverLine.objects.bulk_create(
        HandOverLine(
            hand_over=made, instrument=each, amount_minor=each.amount_minor,
            currency=each.account.currency,
        )
        for each in found
    )  # fmt: skip
    return Act(f"hand_over:{made.id}", None, _head(made))


def _accepting(ctx: Context, *, hand_over_id: int, missing: Any = (), **params: Any) -> Verdict:
    """The places open to enough keyholders; a move needs the yes that policies/moves.yaml names."""
    found = _open(hand_over_id)
    _check_acceptor(ctx, found)
    roles = {grant.role for grant in ctx.standing.grants}
    keys = _keys_wanted(ctx, found, roles)
    movers = _movers(ctx, found, roles)
    if not keys and not movers:
        return _limits.FREE
    who = tuple(role for role in movers or keys if not keys or role in keys)
    if not who:
        raise Refused(
            "custody.keys",
            "{place} opens only to two of {keys}. Let one of them take the papers out first.",
            place=found.from_place,
            keys=list(keys),
        )
    return ask(
        "custody.second",
        "This hand-over needs the yes of a second person. {who} may agree.",
        approvers=who,
        who=list(who),
    )


@verb("custody.accept", limits=_accepting)
def accept(
    ctx: Context,
    *,
    hand_over_id: int,
    found_count: int,
    missing: Any = (),
    document: str = "",
) -> Act:
    """The papers were taken, each one looked at; those not there stay with the giver, disputed."""
    found = _open(hand_over_id)
    _check_acceptor(ctx, found)
    _settle(
        found, "accepted", accepted_by_id=ctx.standing.actor_id, accepted_on=ctx.as_of,
        accepted_at=ctx.now, found_count=found_count, document=document.strip()[:160],
    )  # fmt: skip
    lines = list(
        found.lines.select_related("instrument__account").order_by("instrument__account_id", "id")
    )
    absent = {each for each in missing or () if isinstance(each, int)}
    _check_count(found, lines, absent, found_count)
    for line in lines:
        is_there = line.instrument_id not in absent
        move = _take(ctx, found, line) if is_there else _dispute(ctx, found, line)
        line.result, line.move = ("received" if is_there else "missing"), move
        HandOverLine.objects.filter(id=line.id).update(result=line.result, move=move)
    taken = [line.instrument_id for line in lines if line.result == "received"]
    lost = [line.instrument.number for line in lines if line.result == "missing"]
    facts = {
        **_head(found),
        "found_count": found_count,
        "missing_count": len(lost),
        "missing": lost,
        "explained": matters.close_found(ctx, taken),
    }
    return Act(f"hand_over:{found.id}", None, facts)


@verb("custody.withdraw")
def withdraw(ctx: Context, *, hand_over_id: int, reason: str) -> Act:
    """A list nobody took was withdrawn; its papers stay where they are."""
    matters.check_person(ctx)
    found = _open(hand_over_id)
    reason = _given.need_text(reason, "reason")
    _settle(found, "withdrawn", reason=reason)
    HandOverLine.objects.filter(hand_over=found, result="").update(result="withdrawn")
    return Act(f"hand_over:{found.id}", None, {**_head(found), "reason": reason})


def _papers(ctx: Context, given: Any) -> list[Instrument]:
    """The papers, locked; refused where one is not known, not there, or on another open list."""
    ids = {each for each in given or () if isinstance(each, int)}
    seen = scope.visible(
        ctx.standing, Instrument.objects.filter(id__in=ids), "custody.hand_over", "account__"
    )
    locked = seen.select_for_update(of=("self",)).select_related("account")
    found = list(locked.order_by("matures_on", "id"))
    if not found or len(found) != len(list(given)) or len(found) > MOST:
        raise Refused(
            "custody.papers",
            "A hand-over names from 1 to {most} papers of the register, each once.",
            most=MOST,
        )
    lying = {rules.place_of(each.state, each.place) for each in found}
    if len(lying) > 1 or "" in lying:
        raise Refused(
            "custody.places",
            "These papers lie at {places}. A hand-over takes them from one place.",
            places=sorted(each or "-" for each in lying),
        )
    taken = HandOverLine.objects.filter(instrument__in=found, result="")
    if other := list(taken.values_list("instrument__number", flat=True)):
        raise Refused(
            "custody.listed",
            "{numbers} are on a hand-over that waits. Have it accepted or withdraw it first.",
            numbers=other,
        )
    return found


def _check_receiver(
    kind: str, receiver_id: int | None, names: tuple[str, str], identity: str
) -> None:
    """Inside the house one of us takes; outside it is a name with a company or an identity."""
    if receiver_id is not None:
        if not Person.objects.filter(id=receiver_id, is_active=True).exists():
            raise Refused("custody.receiver", "There is no such person among us.")
        if kind in ("ours", "legal"):
            return
    if kind == "ours":
        raise Refused("custody.receiver_ours", "Inside the house one of us takes the papers. Who?")
    if not names[0] or not (names[1] or identity):
        raise Refused(
            "custody.receiver_name",
            "Who takes the papers outside is named with a company or an identity number.",
        )


def _open(hand_over_id: int) -> HandOver:
    found = HandOver.objects.filter(id=hand_over_id).first()
    if found is None:
        raise Refused("custody.unknown", "There is no hand-over {number}.", number=hand_over_id)
    if found.state != "open":
        raise Refused(
            "custody.settled",
            "Hand-over {number} is {state} already.",
            number=found.number,
            state=found.state,
        )
    return found


def _check_acceptor(ctx: Context, found: HandOver) -> None:
    taker = matters.check_person(ctx)
    if taker == found.giver_id:
        raise Refused("custody.own", "Nobody takes what they give. Name another person.")
    if found.receiver_id and found.receiver_id != taker:
        raise Refused(
            "custody.not_receiver",
            "Hand-over {number} is for {person}, who has to accept it.",
            number=found.number,
            person=Person.objects.get(id=found.receiver_id).name,
        )


def _keys_wanted(ctx: Context, found: HandOver, roles: set[str]) -> tuple[str, ...]:
    """The roles one more of whom must be there to open a place, if anybody more must."""
    giver = {grant.role for grant in standing_of(found.giver_id, as_of=ctx.as_of).grants}
    in_force = places.at(ctx.as_of)
    for code in (found.from_place, found.to_place):
        place = in_force.place(code)
        holders = sum(bool(set(place.keys) & held) for held in (giver, roles))
        if place.keys and holders < place.openers:
            if holders + 1 < place.openers:
                raise Refused(
                    "custody.keys",
                    "{place} opens only to two of {keys}. Let one of them take the papers out "
                    "first.",
                    place=code,
                    keys=list(place.keys),
                )
            return place.keys
    return ()


def _movers(ctx: Context, found: HandOver, roles: set[str]) -> tuple[str, ...]:
    """The roles whose yes the moves of this hand-over still lack; none where the acceptor's is."""
    states = found.lines.order_by().values_list("instrument__state", flat=True).distinct()
    body, _ = policies.at("moves", "instrument", ctx.as_of)
    for state in states:
        approvers = body["approvers"].get(rules.LEADS[found.kind].get(state, ""), ())
        if approvers and not roles & set(approvers):
            return tuple(approvers)
    return ()


def _settle(found: HandOver, state: str, **columns: Any) -> None:
    """The list is settled once; who comes a moment later is told so."""
    changed = HandOver.objects.filter(id=found.id, state="open").update(state=state, **columns)
    if not changed:
        raise Refused("custody.moved", "Somebody else settled this a moment ago. Look again.")


def _check_count(
    found: HandOver, lines: list[HandOverLine], absent: set[int], found_count: int
) -> None:
    if strange := absent - {line.instrument_id for line in lines}:
        raise Refused(
            "custody.strange", "{count} of those said to be missing are not on hand-over {number}.",
            count=len(strange), number=found.number,
        )  # fmt: skip
    if found_count != len(lines) - len(absent):
        raise Refused(
            "custody.count",
            "You counted {found}; the list has {count} papers and {missing} are marked as not "
            "there. Count again, or mark those that are not there.",
            found=found_count,
            count=len(lines),
            missing=len(absent),
        )


def _take(ctx: Context, found: HandOver, line: HandOverLine) -> InstrumentMove:
    """The paper lies at its new place: by a move of the table, or carried inside the house."""
    paper = line.instrument
    if rules.place_of(paper.state, paper.place) != found.from_place:
        raise Refused(
            "custody.gone",
            "{number} has left {place} since the list was made. Mark it as not there.",
            number=paper.number,
            place=found.from_place,
        )
    if name := rules.step(paper.number, paper.state, found.kind):
        _lead(ctx, found, paper, name)
        paper.refresh_from_db()
    else:
        _paper.carry(ctx, paper, place=found.to_place, document=found.number,
                     custodian_id=_keeper(ctx, found))  # fmt: skip
    return InstrumentMove.objects.filter(instrument=paper).latest("id")


def _keeper(ctx: Context, found: HandOver) -> int | None:
    is_ours = found.kind == "ours" or found.receiver_id
    return ctx.standing.actor_id if is_ours else None


def _lead(ctx: Context, found: HandOver, paper: Instrument, name: str) -> None:
    """Does the move: what leaves the house as the giver's act with our yes, else as ours."""
    agreed = (*ctx.approvals, _yes(ctx))
    giver = standing_of(found.giver_id, as_of=ctx.as_of)
    acting = ctx if found.kind == "ours" else replace(ctx, standing=giver, approvals=agreed)
    where = {} if name == "hand_back" else {"place": found.to_place}
    outcome = LEADING[name](
        acting.keyed(ctx.key, paper.id), account_id=paper.account_id, instrument_id=paper.id,
        document=found.number, **where,
    )  # fmt: skip
    if not isinstance(outcome, Done):
        raise Refused(
            "custody.asks",
            "{number} cannot go with this list: {verb} waits for somebody else's yes.",
            number=paper.number,
            verb=f"instrument.{name}",
        )


def _yes(ctx: Context) -> Approval:
    roles = dict.fromkeys(grant.role for grant in ctx.standing.grants)
    return Approval(ctx.standing.actor_id, ctx.standing.name, tuple(roles))


def _dispute(ctx: Context, found: HandOver, line: HandOverLine) -> InstrumentMove | None:
    """A paper that was not there stays with the giver, who has to explain it."""
    paper = line.instrument
    if rules.place_of(paper.state, paper.place) != found.from_place:
        return None  # it left by another act meanwhile, which says where it is
    matters.open_matter(
        ctx, "not_received", paper, found.giver_id, place=found.from_place, hand_over=found
    )
    is_ours = places.at(ctx.as_of).place(found.from_place).kind == "ours"
    return _paper.carry(
        ctx, paper, place=paper.place, document=found.number,
        custodian_id=found.giver_id if is_ours else None,
    )  # fmt: skip


def _totals(papers: Iterable[Instrument]) -> list[list[Any]]:
    sums: dict[str, list[int]] = {}
    for each in papers:
        row = sums.setdefault(each.account.currency, [0, 0])
        row[0] += 1
        row[1] += each.amount_minor
    return [[currency, *sums[currency]] for currency in sorted(sums)]


def _head(found: HandOver) -> dict[str, Any]:
    """What every event of a hand-over names it by."""
    person = Person.objects.filter(id=found.receiver_id or 0).first()
    return {
        "number": found.number,
        "from_place": found.from_place,
        "to_place": found.to_place,
        "count": found.count,
        "totals": found.totals,
        "receiver": person.name if person else found.receiver_name,
    }
