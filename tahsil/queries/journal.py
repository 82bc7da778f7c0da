"""The journal for the general ledger: postings by day, read from moves, receipts and charges.

Everything an account ever told is replayed, so that a posting is the same whenever it is asked
for; what was recorded after its month had closed stands on the day it was recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Any

from django.db.models import Q

from tahsil.core.book import journal as rules
from tahsil.core.book.journal import Fact, Moved, Owed, Posting, Received
from tahsil.core.grammar.authority import Answer, Standing, can
from tahsil.core.grammar.refusal import Refused
from tahsil.store import policies, scope
from tahsil.store.models import (
    Account,
    Adjustment,
    Allocation,
    Creditor,
    Event,
    Instrument,
    InstrumentMove,
    Obligation,
    Presentment,
    Receipt,
    Reversal,
)

READ = "journal.read"
POLICIES = ("A", "B", "C")
AT_ONCE = 2_000
PAYING = ("clear", "pay_in_part")
TOLD = tuple(f"instrument.{verb}" for verb in
             (*PAYING, "bounce", "bounce_late", "bounce_discounted"))  # fmt: skip
MAINTENANCE = "maintenance"


@dataclass(frozen=True)
class JournalLine:
    """One debit or credit with the name and code of its account."""

    account: str
    code: str
    name: str
    name_ar: str
    root: str
    debit_minor: int
    credit_minor: int


@dataclass(frozen=True)
class JournalEntry:
    """One balanced posting; `key` tells it apart wherever it is read in."""

    key: str
    entry: str
    on: date
    account_id: int
    account_number: str
    name: str
    reference: str
    lines: tuple[JournalLine, ...]


@dataclass(frozen=True)
class JournalBatch:
    """What one creditor posts on one day in one currency; a closed one never changes."""

    number: str
    creditor: str
    currency: str
    on: date
    is_closed: bool
    debit_minor: int
    credit_minor: int
    entries: tuple[JournalEntry, ...]


@dataclass(frozen=True)
class JournalSum:
    """What a ledger account is debited and credited over the period."""

    code: str
    name: str
    name_ar: str
    currency: str
    debit_minor: int
    credit_minor: int


@dataclass(frozen=True)
class Journal:
    """The batches of a period under one posting policy."""

    since: date
    until: date
    policy: str
    batches: tuple[JournalBatch, ...]
    sums: tuple[JournalSum, ...]


def journal(
    standing: Standing,
    *,
    since: date,
    until: date,
    as_of: date,
    policy: str = "A",
    creditor_id: int | None = None,
) -> Journal:
    """The batches posted from the first to the last day, both included, of what one may read."""
    _check(standing, since, until, as_of, policy)
    places = policies.at("journal", policy, until)[0]["places"]
    days = int(policies.at("journal", "closing", until)[0]["days"])
    accounts = scope.visible(standing, Account.objects.all(), READ)
    if creditor_id is not None:
        accounts = accounts.filter(creditor_id=creditor_id)
    busy = sorted(_busy(since, until))
    found: dict[tuple[str, str, date], list[tuple[Account, Posting]]] = defaultdict(list)
    for start in range(0, len(busy), AT_ONCE):
        some = accounts.filter(id__in=busy[start : start + AT_ONCE])
        known = some.select_related("creditor", "party").in_bulk()
        for account_id, facts in _facts(list(known), as_of).items():
            account = known[account_id]
            for each in rules.postings(facts, places, closing_days=days):
                if since <= each.on <= until:
                    key = (account.creditor.code, account.currency, each.on)
                    found[key].append((account, each))
    charts = {code: _chart(code, until) for code, *_ in found}
    batches = tuple(
        _batch(key, found[key], charts[key[0]], as_of=as_of, days=days) for key in sorted(found)
    )
    return Journal(since, until, policy, batches, _sums(batches))


def creditors() -> list[tuple[int, str]]:
    """The creditors to choose from."""
    return list(Creditor.objects.order_by("code").values_list("id", "name"))


def _check(standing: Standing, since: date, until: date, as_of: date, policy: str) -> None:
    verdict = can(standing, READ, None)
    if verdict.answer != Answer.ALLOW:
        reason = verdict.reasons[0]
        raise Refused(reason.code, reason.template, **reason.facts)
    if policy not in POLICIES:
        raise Refused(
            "journal.policy", "{policy} is not a posting policy. Known: {known}.",
            policy=policy or "-", known=list(POLICIES),
        )  # fmt: skip
    if not since <= until <= as_of:
        raise Refused(
            "journal.period",
            "A journal runs from a day to a later one that has come, at most {as_of}, "
            "not from {since} to {until}.",
            since=since,
            until=until,
            as_of=as_of,
        )


def _chart(creditor: str, on: date) -> dict[str, dict[str, str]]:
    """The default chart of accounts with the creditor's own in place of those it names."""
    body = dict(policies.at("journal", "chart", on)[0])
    if f"chart_{creditor}" in policies.codes("journal"):
        body |= policies.at("journal", f"chart_{creditor}", on)[0]
    return rules.chart_of(body)


def _batch(
    key: tuple[str, str, date], told: list[tuple[Account, Posting]],
    chart: dict[str, dict[str, str]], *, as_of: date, days: int,
) -> JournalBatch:  # fmt: skip
    creditor, currency, on = key
    entries = tuple(
        JournalEntry(
            each.key, each.entry, on, account.id, account.number, account.party.name,
            each.reference, tuple(_line(leg, chart[leg.account]) for leg in each.legs),
        )
        for account, each in sorted(told, key=lambda pair: pair[1].key)
    )  # fmt: skip
    lines = [line for entry in entries for line in entry.lines]
    return JournalBatch(
        number=f"J-{creditor}-{currency}-{on:%Y%m%d}",
        creditor=creditor,
        currency=currency,
        on=on,
        is_closed=rules.closes_on(on, closing_days=days) <= as_of,
        debit_minor=sum(line.debit_minor for line in lines),
        credit_minor=sum(line.credit_minor for line in lines),
        entries=entries,
    )


def _line(leg: rules.Leg, known: dict[str, str]) -> JournalLine:
    debit, credit = max(leg.amount_minor, 0), max(-leg.amount_minor, 0)
    return JournalLine(
        leg.account, known["code"], known["en"], known["ar"], known["root"], debit, credit
    )


def _sums(batches: Iterable[JournalBatch]) -> tuple[JournalSum, ...]:
    sums: dict[tuple[str, ...], list[int]] = {}
    for batch in batches:
        for line in (line for entry in batch.entries for line in entry.lines):
            key = (batch.currency, line.code, line.name, line.name_ar)
            sides = sums.setdefault(key, [0, 0])
            sides[0] += line.debit_minor
            sides[1] += line.credit_minor
    return tuple(
        JournalSum(code, name, name_ar, currency, *sides)
        for (currency, code, name, name_ar), sides in sorted(sums.items())
    )


def _busy(since: date, until: date) -> set[int]:
    """The accounts that something happened to, or was recorded of, on a day of the period."""
    first, after = (
        datetime.combine(day, time.min, UTC) for day in (since, until + timedelta(days=1))
    )

    def within(effective: str) -> Q:
        recorded = Q(recorded_at__gte=first, recorded_at__lt=after)
        return Q(**{f"{effective}__gte": since, f"{effective}__lte": until}) | recorded

    rows = (
        (InstrumentMove, "effective_on", "instrument__account_id"),
        (Receipt, "value_on", "account_id"),
        (Reversal, "effective_on", "receipt__account_id"),
        (Allocation, "effective_on", "account_id"),
        (Adjustment, "effective_on", "account_id"),
    )
    found: set[int] = set()
    for model, effective, account in rows:
        busy = model._default_manager.filter(within(effective))
        found.update(busy.values_list(account, flat=True))
    raised = Obligation.objects.filter(within("raised_on"), category__in=rules.RAISED)
    return found | set(raised.values_list("account_id", flat=True))


def _facts(account_ids: list[int], as_of: date) -> dict[int, list[Fact]]:
    """Everything the journal is told of, account by account."""
    found: dict[int, list[Fact]] = defaultdict(list)
    moves = list(_moves(account_ids, as_of))
    presented = {
        (account_id, each.number, each.on)
        for account_id, each in moves if each.verb in PAYING
    }  # fmt: skip
    money = _received(account_ids, as_of, presented)
    told: Iterable[tuple[int, Fact]] = chain(moves, money, _owed(account_ids, as_of))
    for account_id, fact in told:
        found[account_id].append(fact)
    return found


def _moves(account_ids: list[int], as_of: date) -> Iterator[tuple[int, Moved]]:
    papers = Instrument.objects.filter(account_id__in=account_ids).prefetch_related("lines")
    known = {paper.id: paper for paper in papers}
    banks = _banks(account_ids)
    told = _told(account_ids)
    moves = InstrumentMove.objects.filter(
        instrument__account_id__in=account_ids, effective_on__lte=as_of
    )
    for each in moves.order_by("id"):
        paper = known[each.instrument_id]
        said = told.get((paper.id, each.verb, each.effective_on), [])
        facts = said.pop(0) if said else {}
        sent = [rule for on, rule in banks.get(paper.id, ()) if on <= each.effective_on]
        yield paper.account_id, Moved(
            id=each.id, on=each.effective_on, at=each.recorded_at, paper=paper.id,
            number=paper.number, verb=each.verb, before=each.before, after=each.after,
            amount_minor=paper.amount_minor,
            lines=tuple((line.obligation_id, line.amount_minor) for line in paper.lines.all()),
            bank=_bank(sent[-1] if sent else ""),
            charge_minor=int(facts.get("charge_minor") or 0),
            paid_minor=int(facts.get("paid_minor") or 0),
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
    account_ids: list[int], as_of: date, presented: set[tuple[int, str, date]]
) -> Iterator[tuple[int, Received]]:
    """Each receipt's money and allocations, in groups of what was recorded at once for one day."""
    receipts = Receipt.objects.filter(account_id__in=account_ids, value_on__lte=as_of)
    known = receipts.select_related("bank_account", "reversal").in_bulk()
    parts = _parts(account_ids, as_of)
    for each in known.values():
        was_presented = (each.account_id, each.reference, each.value_on) in presented
        more: dict[str, Any] = {
            "receipt": each.id, "number": each.number, "kind": each.kind, "source": _source(each),
            "is_presented": each.instrument == "cheque" and was_presented,
        }  # fmt: skip
        mine = parts.get(each.id, {})
        groups = [(each.value_on, each.recorded_at, each.amount_minor, f"receipt:{each.id}")]
        undone = getattr(each, "reversal", None)
        if undone is not None and undone.effective_on <= as_of:
            key = f"reversal:{undone.id}"
            groups.append((undone.effective_on, undone.recorded_at, -each.amount_minor, key))
        known_groups = {(on, at) for on, at, *_ in groups}
        groups += [(on, at, 0, f"allocation:{rows[0][0]}") for (on, at), rows in mine.items()
                   if (on, at) not in known_groups]  # fmt: skip
        for on, at, minor, key in groups:
            paid = tuple(row[1:] for row in mine.get((on, at), ()))
            yield (
                each.account_id,
                Received(id=each.id, on=on, at=at, key=key, money_minor=minor, parts=paid, **more),
            )


Part = tuple[int, int, str, int]  # allocation, obligation, category, amount


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
        account_id__in=account_ids, category__in=rules.RAISED, raised_on__lte=as_of
    )
    for each in raised:
        yield each.account_id, Owed(
            each.id, each.raised_on, each.recorded_at, f"obligation:{each.id}", each.category,
            each.amount_minor, each.reference,
        )  # fmt: skip
    changed = Adjustment.objects.filter(account_id__in=account_ids, effective_on__lte=as_of)
    for row in changed.select_related("obligation"):
        yield row.account_id, Owed(
            row.id, row.effective_on, row.recorded_at, f"adjustment:{row.id}",
            row.obligation.category, row.amount_minor, row.obligation.reference, row.kind,
        )  # fmt: skip
