"""The invariants of objections: who answers until when, and what put right the accepted ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from tahsil.queries.objections import CORRECTING
from tahsil.run.check_book import Finding
from tahsil.store.models import Objection

CLOSED = ("accepted", "rejected", "withdrawn")


def findings(*, as_of: date | None = None) -> list[Finding]:
    """Every statement about objections that does not hold; late answers are a warning."""
    return [*_unowned(), *_closed(), *_accepted(), *_held(), *(_late(as_of) if as_of else ())]


def _unowned() -> Iterator[Finding]:
    """An open objection has an owner and a day."""
    lost = Objection.objects.filter(state="open").filter(Q(owner=None) | Q(answer_by_on=None))
    for each in lost.order_by("id"):
        yield Finding("objection.unowned", "Objection {objection} has no owner or no day to be "
                  "answered by.", *_named(each))  # fmt: skip


def _closed() -> Iterator[Finding]:
    """A closed one says when and what was answered; an open one says neither."""
    is_open = Q(state="open") & (~Q(closed_on=None) | ~Q(act=None))
    is_closed = Q(state__in=CLOSED) & (Q(closed_on=None) | Q(answer=""))
    for each in Objection.objects.filter(is_open | is_closed).order_by("id"):
        yield Finding("objection.state_apart", "Objection {objection} is {state}, but its day "
                  "and answer say otherwise.", *_named(each))  # fmt: skip


def _accepted() -> Iterator[Finding]:
    """An accepted objection names the act of its account that put it right."""
    for each in Objection.objects.filter(state="accepted").select_related("act").order_by("id"):
        act = each.act
        if act is None or act.account_id != each.account_id or not act.verb.startswith(CORRECTING):
            yield Finding("objection.no_correction", "Objection {objection} was accepted, but "
                      "names no act of its account that put it right.", *_named(each))  # fmt: skip


def _held() -> Iterator[Finding]:
    """A line is set aside for an objection no longer than the objection is open."""
    apart = Objection.objects.filter(state__in=CLOSED, dispute__state="open")
    for each in apart.order_by("id"):
        yield Finding("objection.still_held", "Objection {objection} is {state}, but its line is "
                  "still set aside.", *_named(each))  # fmt: skip


def _late(as_of: date) -> Iterator[Finding]:
    """A warning per objection whose answer is overdue."""
    for each in Objection.objects.filter(state="open", answer_by_on__lt=as_of).order_by("id"):
        facts = {"objection": each.number, "on": str(each.answer_by_on)}
        yield Finding(
            "objection.overdue", "The answer to objection {objection} was due on {on}.", facts,
            f"objection:{each.pk}", level="warning",
        )  # fmt: skip


def _named(each: Objection) -> tuple[dict[str, str], str]:
    return {"objection": each.number, "state": each.state}, f"objection:{each.pk}"
