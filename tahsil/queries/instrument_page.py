"""One paper: what it covers, where it has been, what the bank said, what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tahsil.core.book import instruments as papers
from tahsil.core.book import presenting
from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.refusal import Refused
from tahsil.queries.instruments import READ, InstrumentRow, joined, rows, terms_of, was
from tahsil.store import scope
from tahsil.store.models import Instrument, InstrumentMove, Receipt

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
    memo: str
    paid_minor: int
    charge_minor: int
    receipt: str


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
    )  # fmt: skip


def _tries(found: Instrument, as_of: date) -> Iterator[Try]:
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
            memo=each.memo if known else "",
            paid_minor=each.paid_minor if known else 0,
            charge_minor=each.charge_minor if known else 0,
            receipt=each.receipt.number if known and each.receipt else "",
        )


def others(page: InstrumentPage) -> list[tuple[int, str]]:
    """The account's other papers that could take this one's place: in the safe or on their way."""
    found = Instrument.objects.filter(account_id=page.row.account_id, state__in=papers.COVERING)
    found = found.exclude(id=page.row.instrument_id).exclude(state="cleared")
    free = found.filter(replaces=None).order_by("matures_on", "id")
    return [(each.id, f"{each.number} · {each.bank} · {each.matures_on}") for each in free]


def money_since(page: InstrumentPage) -> list[tuple[int, str]]:
    """The account's receipts since the paper was due, which may have come in its place."""
    found = Receipt.objects.filter(account_id=page.row.account_id, reversal=None)
    if page.row.matures_on:
        found = found.filter(value_on__gte=page.row.matures_on - WEEK)
    last = found.order_by("-value_on", "-id")[:20]
    return [(each.id, f"{each.number} · {each.value_on}") for each in last]
