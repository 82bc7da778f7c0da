"""The journal for the general ledger: postings by day, read from moves, receipts and charges.

Everything an account ever told is replayed, so that a posting is the same whenever it is asked
for; what was recorded after its month had closed stands on the day it was recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from tahsil.core.book import journal as rules
from tahsil.core.book.ledger_facts import Lock, Posting, closes_on
from tahsil.core.grammar.authority import Answer, Standing, can
from tahsil.core.grammar.dates import month
from tahsil.core.grammar.refusal import Refused
from tahsil.queries import journal_facts
from tahsil.store import policies, scope
from tahsil.store.models import (
    Account,
    Adjustment,
    Allocation,
    Creditor,
    Event,
    InstrumentMove,
    Obligation,
    Receipt,
    Reversal,
)

READ = "journal.read"
POLICIES = ("A", "B", "C")
AT_ONCE = 2_000
Place = tuple[str, str, date]  # creditor, currency, day


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
    creditors = {each.id: each.code for each in Creditor.objects.all()}
    locks = journal_facts.locks_of(creditors)
    found: dict[Place, list[tuple[Account | None, Posting]]] = defaultdict(list)
    for start in range(0, len(busy), AT_ONCE):
        some = accounts.filter(id__in=busy[start : start + AT_ONCE])
        known = some.select_related("creditor", "party").in_bulk()
        for account_id, facts in journal_facts.facts_of(list(known), as_of).items():
            account = known[account_id]
            own = locks.get(account.creditor_id, [])
            for each in rules.postings(facts, places, closing_days=days, locks=own):
                if since <= each.on <= until:
                    key = (account.creditor.code, account.currency, each.on)
                    found[key].append((account, each))
    ours = set(accounts.order_by().values_list("creditor_id", flat=True).distinct())
    for creditor, currency, each in journal_facts.remitted(sorted(ours), as_of):
        if since <= each.on <= until:
            found[creditors[creditor], currency, each.on].append((None, each))
    charts = {code: chart(code, until) for code, *_ in found}
    closed = {code: _closed(locks.get(key, []), as_of, days) for key, code in creditors.items()}
    batches = tuple(
        _batch(key, found[key], charts[key[0]], is_closed=closed[key[0]](key[2]))
        for key in sorted(found)
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


def chart(creditor: str, on: date) -> dict[str, dict[str, str]]:
    """The default chart of accounts with the creditor's own in place of those it names.

    Accounts that came into use after the day are those of the newest chart.
    """
    body = policies.at("journal", "chart", date.max)[0] | policies.at("journal", "chart", on)[0]
    if f"chart_{creditor}" in policies.codes("journal"):
        body |= policies.at("journal", f"chart_{creditor}", on)[0]
    return rules.chart_of(body)


def _batch(
    key: Place, told: list[tuple[Account | None, Posting]],
    chart: dict[str, dict[str, str]], *, is_closed: bool,
) -> JournalBatch:  # fmt: skip
    creditor, currency, on = key
    entries = tuple(
        JournalEntry(
            each.key, each.entry, on, account.id if account else 0,
            account.number if account else "", account.party.name if account else "",
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
        is_closed=is_closed,
        debit_minor=sum(line.debit_minor for line in lines),
        credit_minor=sum(line.credit_minor for line in lines),
        entries=entries,
    )


def _closed(locks: list[Lock], as_of: date, days: int) -> Callable[[date], bool]:
    """Whether the month of a day is closed on the date: by hand, or by the days gone by."""
    newest = {lock.month_on: lock.is_closed for lock in locks if lock.at.date() <= as_of}
    return lambda on: newest.get(month(on).since, closes_on(on, closing_days=days) <= as_of)


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
    sold = Event.objects.filter(within("effective_on"), verb=journal_facts.POOLED)
    found.update(each for each in sold.values_list("account_id", flat=True) if each)
    raised = Obligation.objects.filter(within("raised_on"), category__in=rules.TOLD)
    return found | set(raised.values_list("account_id", flat=True))
