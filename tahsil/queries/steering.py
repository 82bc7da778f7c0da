"""One account as the steering sees it: position, rung and why, reasons, what one may do.

Position and facts come by the same way as the night's (store/load.py, store/standing.py), so that
the page and the run cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from tahsil.core.grammar.authority import Answer, Reach, Reason, Standing, Verdict, can, deny
from tahsil.core.steer import facts as steer_facts
from tahsil.core.steer import ladders, worklist
from tahsil.queries.accounts import Seen
from tahsil.queries.cards import (
    Figures,
    HoldCard,
    PromiseHistory,
    RungTest,
    RungTry,
    Steering,
    VerbAnswer,
)
from tahsil.queries.ledger import is_open
from tahsil.queries.rules import Rules
from tahsil.store import load
from tahsil.store import rules as parsed
from tahsil.store import standing as standings
from tahsil.store.models import Case
from tahsil.store.prepared import Prepared

PAGE_VERBS = (
    "contact.log", "promise.make", "promise.cancel", "receipt.record", "receipt.reverse",
    "receipt.reallocate", "dispute.open", "dispute.decide", "hold.place", "hold.lift",
    "obligation.raise", "obligation.adjust", "obligation.waive", "obligation.cancel",
    "charge.assess", "contract.record_event", "contract.terminate", "contract.reinstate",
    "party.add_contact", "party.mark_wrong",
    "account.assign", "account.lock", "account.note", "account.set_next_step", "identity.reveal",
    "list.export", "instrument.read", "instrument.capture", "refund.ask",
)  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """What the rules say of one account on the date."""

    position: dict[str, Any]
    facts: dict[str, Any]
    bucket_label: str
    columns: steer_facts.Facts


def measure(account_id: int, in_force: parsed.Rules, *, as_of: date) -> Measured:
    """Position and facts of one account on the date."""
    book = load.book(as_of=as_of, account_ids=[account_id])
    positions = standings.position(book, in_force)
    facts = standings.facts_of(book, positions)
    position = next(positions.rows())
    labels = in_force.definition.buckets.labels
    bucket = position["bucket"]
    label = labels[bucket] if 0 <= bucket < len(labels) else ""
    return Measured(position, steer_facts.of_account(facts, account_id), label, facts)


def steering(account: Seen, measured: Measured, in_force: Rules, *, as_of: date) -> Steering:
    """The case, the rung with every test as far as it, and why the account is listed or not."""
    ladder = in_force.ladder(account.product)
    answers = ladders.explain(ladder, measured.facts)
    number = next(at for at, answer in enumerate(answers) if answer.is_chosen)
    rung = ladder.rungs[number]
    cases = [
        case for case in _cases.rows(account_id=account.id, as_of=as_of) if is_open(case, as_of)
    ]
    case = cases[0] if cases else None
    since = case["rung_since_on"] if case and case["rung"] == rung.code else None
    listed = worklist.explain(in_force.order, measured.columns, account.id)
    return Steering(
        case_id=case["id"] if case else None,
        case_opened_on=case["opened_on"] if case else None,
        rung=rung.code,
        rung_labels=rung.labels,
        rung_number=number + 1,
        rungs_count=len(ladder.rungs),
        rung_since_on=since,
        treatment=rung.treatment,
        channel=rung.channel,
        next_treatment_on=_next_on(rung, since, as_of),
        policy=in_force.version(account.product)["ladder"],
        tries=tuple(
            _tried(answer, each.labels)
            for answer, each in zip(answers[: number + 1], ladder.rungs, strict=False)
        ),
        reasons=tuple(_told(reason, account.currency) for reason in listed.reasons),
        kept_off=listed.kept_off,
    )


@Prepared
def _cases(account_id: int, as_of: date) -> QuerySet:
    found = Case.objects.filter(account_id=account_id, opened_on__lte=as_of).order_by("-id")
    return found.values("id", "opened_on", "closed_on", "rung", "rung_since_on")[:5]


def _next_on(rung: ladders.Rung, since: date | None, as_of: date) -> date | None:
    """The next day the rung treats the account: every so many days since it stands there."""
    if rung.treatment == "none":
        return None
    start = since or as_of
    if start >= as_of:
        return start
    if not rung.step_days:
        return None
    steps = -(-(as_of - start).days // rung.step_days)
    return start + timedelta(days=steps * rung.step_days)


def _tried(answer: ladders.RungAnswer, labels: dict[str, str]) -> RungTry:
    tests = tuple(
        RungTest(test.fact, test.test, test.wanted, test.found, test.passed)
        for test in answer.tests
    )
    return RungTry(answer.code, labels, answer.held, answer.is_chosen, tests)


def _told(reason: Reason, currency: str) -> Reason:
    return Reason(reason.code, reason.template, {**reason.facts, "currency": currency})


def verbs(
    standing: Standing,
    reach: Reach,
    *,
    promises: PromiseHistory,
    holds: tuple[HoldCard, ...],
    figures: Figures,
) -> dict[str, VerbAnswer]:
    """What this person may do to the account now: by role first, then by how things stand."""
    stands = _stands(promises, holds, figures)
    found = {}
    for verb in PAGE_VERBS:
        verdict = can(standing, verb, reach)
        if verdict.answer == Answer.ALLOW and verb in stands:
            verdict = stands[verb]
        found[verb] = VerbAnswer(verb, verdict.answer, verdict.reasons)
    return found


def _stands(
    promises: PromiseHistory, holds: tuple[HoldCard, ...], figures: Figures
) -> dict[str, Verdict]:
    """Verbs that make no sense as things stand, each with its reason."""
    found = {}
    if promises.open is None:
        found["promise.cancel"] = deny("promise.none_open", "No promise is open.")
    if figures.open_minor <= 0:
        nothing = deny("account.nothing_open", "Nothing is open on this account.")
        found |= dict.fromkeys(("promise.make", "dispute.open", "obligation.waive"), nothing)
    if not any(hold.is_running for hold in holds):
        found["hold.lift"] = deny("hold.none_running", "No hold is running.")
    if figures.penalties_minor <= 0:
        found["charge.assess"] = deny("charge.nothing_accrued", "No penalty has accrued.")
    return found
