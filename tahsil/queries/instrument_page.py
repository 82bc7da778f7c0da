"""One paper: what it covers, where it has been, what the bank said, what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from tahsil.core.book import instruments as papers
from tahsil.core.book import presenting
from tahsil.core.book.clocks import Standing as Clock
from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.money import AMOUNT_MAX, decimal_text
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import masks, rules
from tahsil.queries.instruments import READ, InstrumentRow, joined, rows, terms_of, was
from tahsil.store import clocks, scope
from tahsil.store.models import (
    Instrument,
    InstrumentFace,
    InstrumentMove,
    InstrumentReplacement,
    Receipt,
)

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class MoveRow:
    """One move of a paper."""

    verb: str
    before: str
    after: str
    place: str
    document: str
    effective_on: date
    by: str


@dataclass(frozen=True)
class Try:
    """One presentment."""

    seq: int
    bank_account: str
    slip: str
    slip_id: int | None
    sent_on: date
    expected_on: date
    result: str
    answered_on: date | None
    reason: str
    why: dict[str, str]  # what the reason is called, by language
    memo: str
    paid_minor: int
    charge_minor: int
    receipt: str


@dataclass(frozen=True)
class Face:
    """What stands on a paper; of its drawer's identity the last four signs."""

    code_line: str
    drawer_identity: str
    issued_at: str
    payee_only: bool
    is_crossed: bool
    has_words: bool
    channel: str


@dataclass(frozen=True)
class StepRow:
    """One step of law that stands recorded after the last return."""

    step: str
    labels: dict[str, str]
    effective_on: date
    document: str
    by: str


@dataclass(frozen=True)
class InstrumentPage:
    """Everything about one paper, and what can be done with it now."""

    row: InstrumentRow
    payee: str
    drawn_on: str
    drawer_relation: str
    owner: str
    rule: str
    received_on: date | None
    temporary_receipt: str
    note: str
    lines: tuple[tuple[int, str, date | None, int, int], ...]  # id, label, due, covered, amount
    moves: tuple[MoveRow, ...]
    tries: tuple[Try, ...]
    replaced_by: tuple[tuple[int | None, str], ...]
    replaces: tuple[tuple[int, str], ...]
    possible: tuple[str, ...]
    stale_on: date | None
    face: Face | None
    clocks: tuple[Clock, ...] = ()
    steps: tuple[StepRow, ...] = ()
    next_steps: tuple[tuple[str, dict[str, str]], ...] = ()  # what can be recorded now


def instrument(standing: Standing, instrument_id: int, *, as_of: date) -> InstrumentPage:
    """One paper with its lines, moves and tries; refused where there is none this person sees."""
    seen = was(scope.visible(standing, Instrument.objects.all(), READ, "account__"), as_of)
    found = joined(seen).filter(id=instrument_id).first()
    if found is None:
        raise Refused(
            "instrument.unknown", "There is no instrument {instrument_id}.",
            instrument_id=instrument_id,
        )  # fmt: skip
    moves = InstrumentMove.objects.filter(instrument=found, effective_on__lte=as_of)
    known = moves.order_by("id").select_related("by")
    lines = found.lines.select_related("obligation").order_by("obligation__due_on", "id")
    terms = terms_of(found.account.creditor_id, as_of)[0]
    return InstrumentPage(
        row=rows([found], as_of)[0],
        payee=found.payee,
        drawn_on=found.drawn_on,
        drawer_relation=found.drawer_relation,
        owner=found.owner,
        rule=found.rule,
        received_on=found.received_on,
        temporary_receipt=found.temporary_receipt,
        note=found.note,
        lines=tuple(
            (each.obligation_id, each.obligation.label or each.obligation.category,
             each.obligation.due_on, each.amount_minor, each.obligation.amount_minor)
            for each in lines
        ),
        moves=tuple(
            MoveRow(each.verb, each.before, each.after, each.place, each.document,
                    each.effective_on, each.by.name if each.by else "")
            for each in known
        ),
        tries=tuple(_tries(found, as_of)),
        replaced_by=tuple(
            (each.new_id, each.new.number if each.new else each.receipt.number)
            for each in found.replaced_by.select_related("new", "receipt")
        ),
        replaces=tuple(
            (each.old_id, each.old.number) for each in found.replaces.select_related("old")
        ),
        possible=tuple(row["verb"] for row in papers.possible(found.state)),
        stale_on=presenting.stale_on(found.matures_on, terms) if found.matures_on else None,
        face=_face(found),
        **_clocks(found, as_of),
    )  # fmt: skip


def _clocks(found: Instrument, as_of: date) -> dict[str, Any]:
    """How the clocks of its last return stand, what was recorded, and what can be now."""
    back = clocks.of_one(found, as_of)
    if back is None or not (standings := back.standings(as_of)):
        return {}
    labels = {each.code: each.labels for each in back.terms.steps}
    rows = clocks.steps_of(found, back).filter(effective_on__lte=as_of)
    return {
        "clocks": tuple(standings),
        "steps": tuple(
            StepRow(each.step, labels.get(each.step, {}), each.effective_on, each.document,
                    each.by.name if each.by else "")
            for each in rows.select_related("by").order_by("effective_on", "id")
        ),
        "next_steps": tuple(
            (each.code, each.labels)
            for each in back.terms.steps
            if each.code not in back.days and (not each.after or each.after in back.days)
        ),
    }  # fmt: skip


def _face(found: Instrument) -> Face | None:
    read = InstrumentFace.objects.filter(instrument=found).first()
    if read is None:
        return None
    return Face(
        read.code_line, masks.identity(read.drawer_identity, is_open=False), read.issued_at,
        read.payee_only, read.is_crossed, read.has_words, read.channel,
    )  # fmt: skip


def _tries(found: Instrument, as_of: date) -> Iterator[Try]:
    labels = rules.read(as_of).labels("returns")
    tried = found.presentments.filter(sent_on__lte=as_of).order_by("seq")
    for each in tried.select_related("bank_account", "slip", "receipt"):
        known = each.answered_on is not None and each.answered_on <= as_of
        yield Try(
            seq=each.seq,
            bank_account=each.bank_account.code if each.bank_account else "",
            slip=each.slip.number if each.slip else "",
            slip_id=each.slip_id,
            sent_on=each.sent_on,
            expected_on=each.expected_on,
            result=each.result if known else "",
            answered_on=each.answered_on if known else None,
            reason=each.reason if known else "",
            why=labels.get(each.reason, {}) if known else {},
            memo=each.memo if known else "",
            paid_minor=each.paid_minor if known else 0,
            charge_minor=each.charge_minor if known else 0,
            receipt=each.receipt.number if known and each.receipt else "",
        )


def others(page: InstrumentPage) -> list[tuple[int, str]]:
    """The account's other papers that could take this one's place: in the safe or on their way."""
    found = Instrument.objects.filter(account_id=page.row.account_id, state__in=papers.COVERING)
    found = found.exclude(id=page.row.instrument_id).exclude(state="cleared")
    free = _free("new", found.order_by("matures_on", "id"))
    return [
        (each.id, f"{each.number} · {each.bank} · {each.matures_on} · {_amount(each, page)}")
        for each in free
    ]


def replaceable(account_id: int) -> list[tuple[int, str]]:
    """The account's papers another could be taken in for: with us, come back or lost."""
    states = {*papers.BY_VERB["replace"].before, *papers.BY_VERB["substitute"].before}
    found = Instrument.objects.filter(account_id=account_id, state__in=states)
    rows = found.order_by("matures_on", "id")[:60]
    return [(each.id, f"{each.number} · {each.bank} · {each.matures_on}") for each in rows]


def money_since(page: InstrumentPage) -> list[tuple[int, str]]:
    """The account's money that paid its lines or came since it was due, if not used before."""
    found = Receipt.objects.filter(account_id=page.row.account_id, reversal=None)
    found = found.exclude(presentments__instrument_id=page.row.instrument_id)
    since = Q(value_on__gte=page.row.matures_on - WEEK) if page.row.matures_on else Q()
    lines = [line for line, *_ in page.lines]
    since |= Q(allocations__obligation_id__in=lines, allocations__amount_minor__gt=0)
    last = _free("receipt", found.filter(since).distinct().order_by("-value_on", "-id"))[:20]
    return [(each.id, f"{each.number} · {each.value_on} · {_amount(each, page)}") for each in last]


def _amount(each: Instrument | Receipt, page: InstrumentPage) -> str:
    return decimal_text(each.amount_minor, page.row.currency)


def _free(column: str, found: QuerySet[Any]) -> list[Any]:
    """Those of which other papers have left something."""
    used: dict[int, int] = {}
    taken = InstrumentReplacement.objects.filter(**{f"{column}__in": found.order_by()})
    for key, minor in taken.values_list(f"{column}_id", "amount_minor"):
        used[key] = used.get(key, 0) + (AMOUNT_MAX if minor is None else minor)
    return [each for each in found if used.get(each.id, 0) < each.amount_minor]
