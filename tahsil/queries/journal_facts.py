"""What the journal is told, read from the tables: moves of papers, money, charges, refunds.

Everything of an account up to a date, so that a posting is the same whenever it is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain
from typing import Any

from tahsil.core.book import journal as rules
from tahsil.core.book.journal import Fact
from tahsil.core.book.ledger_facts import Leg, Lock, Moved, Owed, Pooled, Posting, Received
from tahsil.store.models import (
    Adjustment,
    Allocation,
    Event,
    Instrument,
    InstrumentMove,
    Obligation,
    PeriodAct,
    Presentment,
    Receipt,
    RefundPayment,
)

PAYING = ("clear", "pay_in_part")
TAKING = ("bounce_late", "take_back_clearing")
TOLD = tuple(f"instrument.{verb}" for verb in
             (*PAYING, "bounce", "bounce_late", "bounce_discounted", "discount"))  # fmt: skip
POOLED = "instrument.securitise"
REMITTED = "pool.remit"
MAINTENANCE = "maintenance"


def facts_of(account_ids: list[int], as_of: date) -> dict[int, list[Fact]]:
    """Everything the journal is told of, account by account."""
    found: dict[int, list[Fact]] = defaultdict(list)
    receipts = Receipt.objects.filter(account_id__in=account_ids, value_on__lte=as_of)
    known = list(receipts.select_related("bank_account", "reversal"))
    acts = {act: each.amount_minor for each in known for act in _acts(each)}
    moves = list(_moves(account_ids, as_of, acts))
    of_papers = {
        (each.verb in TAKING, account_id, each.number, each.on, each.at)
        for account_id, each in moves if each.verb in (*PAYING, *TAKING)
    }  # fmt: skip
    money = _received(known, _parts(account_ids, as_of), of_papers, as_of)
    told: Iterable[tuple[int, Fact]] = chain(
        moves, _pooled(account_ids, as_of), money, _owed(account_ids, as_of)
    )
    for account_id, fact in told:
        found[account_id].append(fact)
    return found


Part = tuple[int, int, str, int]  # allocation, obligation, category, amount
Deed = tuple[bool, int, str, date, datetime]  # whether taken back, account, paper, day, instant


def _acts(each: Receipt) -> Iterator[Deed]:
    """The acts by which a cheque's money came in and was taken back, as its moves name them."""
    if each.instrument != "cheque":
        return
    yield False, each.account_id, each.reference, each.value_on, each.recorded_at
    if undone := getattr(each, "reversal", None):
        yield True, each.account_id, each.reference, undone.effective_on, undone.recorded_at


def _moves(
    account_ids: list[int], as_of: date, acts: dict[Deed, int]
) -> Iterator[tuple[int, Moved]]:
    papers = Instrument.objects.filter(account_id__in=account_ids).prefetch_related("lines")
    known = {paper.id: paper for paper in papers}
    banks = _banks(account_ids)
    told = _told(account_ids)
    moves = InstrumentMove.objects.filter(
        instrument__account_id__in=account_ids, effective_on__lte=as_of
    ).exclude(verb="hand_over")  # another place or keeper is nothing to the ledger
    for each in moves.order_by("id"):
        paper = known[each.instrument_id]
        said = told.get((paper.id, each.verb, each.effective_on), [])
        facts = said.pop(0) if said else {}
        sent = [rule for on, rule in banks.get(paper.id, ()) if on <= each.effective_on]
        act = (each.verb in TAKING, paper.account_id, paper.number, each.effective_on,
               each.recorded_at)  # fmt: skip
        yield paper.account_id, Moved(
            id=each.id, on=each.effective_on, at=each.recorded_at, paper=paper.id,
            number=paper.number, verb=each.verb, before=each.before, after=each.after,
            amount_minor=paper.amount_minor,
            lines=tuple((line.obligation_id, line.amount_minor) for line in paper.lines.all()),
            bank=_bank(sent[-1] if sent else ""),
            charge_minor=int(facts.get("charge_minor") or 0),
            lent_minor=int(facts.get("lent_minor") or paper.amount_minor),
            cost_minor=int(facts.get("cost_minor") or 0),
            paid_minor=acts.get(act, 0) if each.verb in (*PAYING, *TAKING) else 0,
        )  # fmt: skip


def _banks(account_ids: list[int]) -> dict[int, list[tuple[date, str]]]:
    """Per paper, the days it was sent and the rule of the bank account it was sent to."""
    found: dict[int, list[tuple[date, str]]] = defaultdict(list)
    tried = Presentment.objects.filter(instrument__account_id__in=account_ids).order_by("seq")
    for paper, on, rule in tried.values_list("instrument_id", "sent_on", "bank_account__rule"):
        found[paper].append((on, rule or ""))
    return found


def _told(account_ids: list[int]) -> dict[tuple[int, str, date], list[dict[str, Any]]]:
    """What the events of papers keep besides the move: the bank's charge, the part it paid."""
    found: dict[tuple[int, str, date], list[dict[str, Any]]] = defaultdict(list)
    events = Event.objects.filter(account_id__in=account_ids, verb__in=TOLD).order_by("id")
    for subject, verb, on, facts in events.values_list("subject", "verb", "effective_on", "facts"):
        found[int(subject.partition(":")[2]), verb.partition(".")[2], on].append(facts)
    return found


def _bank(rule: str) -> str:
    return "bank_maintenance" if rule == MAINTENANCE else "bank"


def _received(
    receipts: Iterable[Receipt],
    parts: dict[int, dict[tuple[date, datetime], list[Part]]],
    of_papers: set[Deed],
    as_of: date,
) -> Iterator[tuple[int, Received]]:
    """Each receipt's money and allocations, in groups of what was recorded at once for one day."""
    for each in receipts:
        told = [act in of_papers for act in _acts(each)]
        more: dict[str, Any] = {
            "receipt": each.id, "number": each.number, "kind": each.kind, "source": _source(each),
        }  # fmt: skip
        mine = parts.get(each.id, {})
        came = (each.value_on, each.recorded_at)
        groups = [(came, each.amount_minor, f"receipt:{each.id}", any(told[:1]))]
        undone = getattr(each, "reversal", None)
        if undone is not None and undone.effective_on <= as_of:
            back = (undone.effective_on, undone.recorded_at)
            groups.append((back, -each.amount_minor, f"reversal:{undone.id}", any(told[1:])))
        known = {place for place, *_ in groups}
        groups += [
            (place, 0, f"allocation:{rows[0][0]}", any(told[:1]))
            for place, rows in mine.items() if place not in known
        ]  # fmt: skip
        for place, minor, key, is_told in groups:
            on, at = place
            # Recorded and reversed at one instant: the first of the two has the allocations.
            rows = mine.pop(place, ())
            paid = tuple(row[1:] for row in rows)
            yield (
                each.account_id,
                Received(id=each.id, on=on, at=at, key=key, money_minor=minor, parts=paid,
                         is_presented=is_told, **more),
            )  # fmt: skip


def _parts(
    account_ids: list[int], as_of: date
) -> dict[int, dict[tuple[date, datetime], list[Part]]]:
    """Per receipt its allocations, by the day they take effect and the instant of recording."""
    found: dict[int, dict[tuple[date, datetime], list[Part]]] = defaultdict(dict)
    rows = Allocation.objects.filter(account_id__in=account_ids, effective_on__lte=as_of)
    for each in rows.order_by("id").select_related("obligation"):
        group = found[each.receipt_id].setdefault((each.effective_on, each.recorded_at), [])
        group.append((each.id, each.obligation_id, each.obligation.category, each.amount_minor))
    return found


def _source(each: Receipt) -> str:
    if each.instrument == "cash":
        return "cash"
    return _bank(each.bank_account.rule if each.bank_account else each.rule)


def _owed(account_ids: list[int], as_of: date) -> Iterator[tuple[int, Owed]]:
    raised = Obligation.objects.filter(
        account_id__in=account_ids, category__in=rules.TOLD, raised_on__lte=as_of
    )
    sources = _refunded(account_ids)
    for each in raised:
        yield each.account_id, Owed(
            each.id, each.raised_on, each.recorded_at, f"obligation:{each.id}", each.category,
            each.amount_minor, each.reference, source=sources.get(each.id, "bank"),
        )  # fmt: skip
    changed = Adjustment.objects.filter(account_id__in=account_ids, effective_on__lte=as_of)
    for row in changed.select_related("obligation"):
        yield row.account_id, Owed(
            row.id, row.effective_on, row.recorded_at, f"adjustment:{row.id}",
            row.obligation.category, row.amount_minor, row.obligation.reference, row.kind,
            sources.get(row.obligation_id, "bank"),
        )  # fmt: skip


def _refunded(account_ids: list[int]) -> dict[int, str]:
    """What each refund was paid out of, by its obligation."""
    paid = RefundPayment.objects.filter(obligation__account_id__in=account_ids)
    rows = paid.values_list("obligation_id", "method", "bank_account__rule")
    return {key: "cash" if method == "cash" else _bank(rule or "") for key, method, rule in rows}


def _pooled(account_ids: list[int], as_of: date) -> Iterator[tuple[int, Pooled]]:
    sold = Event.objects.filter(account_id__in=account_ids, verb=POOLED, effective_on__lte=as_of)
    for each in sold.order_by("id"):
        facts = each.facts
        yield each.account_id or 0, Pooled(
            each.id, each.effective_on, each.recorded_at, f"pooled:{each.id}",
            int(each.subject.partition(":")[2]), facts["number"], facts["amount_minor"],
            facts["cost_minor"],
        )  # fmt: skip


def remitted(creditor_ids: list[int], as_of: date) -> Iterator[tuple[int, str, Posting]]:
    """What was paid over to pools: creditor, currency and posting; of no account of a customer."""
    paid = Event.objects.filter(verb=REMITTED, effective_on__lte=as_of).order_by("id")
    for each in paid:
        facts, amount = each.facts, each.facts["amount_minor"]
        if facts["creditor_id"] in creditor_ids:
            legs = (Leg("due_to_pool", amount), Leg("bank", -amount))
            yield facts["creditor_id"], facts["currency"], Posting(
                f"remitted:{each.id}/E22", "E22", each.effective_on, facts["pool"], legs,
                each.effective_on, each.recorded_at,
            )  # fmt: skip


def locks_of(creditor_ids: Iterable[int]) -> dict[int, list[Lock]]:
    """By creditor, when its months were closed and opened again."""
    found: dict[int, list[Lock]] = defaultdict(list)
    acts = PeriodAct.objects.filter(creditor_id__in=list(creditor_ids)).order_by("id")
    for each in acts:
        found[each.creditor_id].append(Lock(each.month_on, each.recorded_at, each.is_closed))
    return found
