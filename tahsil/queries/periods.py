"""Months and whether they are closed: what each held when it was closed, and what it holds now."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tahsil.core.book.ledger_facts import closes_on
from tahsil.core.grammar.authority import Standing
from tahsil.core.grammar.dates import add_months, month
from tahsil.queries import tie_out
from tahsil.store import policies
from tahsil.store.models import Creditor, PeriodAct

SHOWN = 13  # months


@dataclass(frozen=True)
class Frozen:
    """What a month's postings come to: per currency and ledger account, and a digest of all."""

    totals: dict[str, dict[str, int]]
    digest: str
    count: int


@dataclass(frozen=True)
class PeriodLine:
    """What one currency of a closed month came to at closing and comes to now."""

    currency: str
    debit_minor: int
    now_minor: int


@dataclass(frozen=True)
class PeriodRow:
    """A month of a creditor: running, open, past its days (posted forward), closed by hand."""

    creditor_id: int
    creditor: str
    month_on: date
    state: str  # running, open, forward, closed, reopened
    closed_by: str
    agreed_by: str
    closed_at: datetime | None
    reason: str
    lines: tuple[PeriodLine, ...]
    is_same: bool


def periods(standing: Standing, *, as_of: date) -> tuple[PeriodRow, ...]:
    """The last thirteen months of every creditor one may read whole, newest first."""
    days = int(policies.at("journal", "closing", as_of)[0]["days"])
    found = []
    for creditor in tie_out.creditors(standing):
        acts = newest(creditor.id)
        closed = [since for since, act in acts.items() if act.is_closed]
        now = frozen_of(creditor.id, closed, as_of) if closed else {}
        first = min([add_months(month(as_of).since, 1 - SHOWN), *closed])
        since = month(as_of).since
        while since >= first:
            found.append(_row(creditor, since, acts.get(since), now.get(since), as_of, days))
            since = add_months(since, -1)
    return tuple(found)


def newest(creditor_id: int) -> dict[date, PeriodAct]:
    """Per month of a creditor the act that counts."""
    acts = PeriodAct.objects.filter(creditor_id=creditor_id).select_related("by").order_by("id")
    return {each.month_on: each for each in acts}


def frozen(creditor_id: int, month_on: date, *, as_of: date) -> Frozen:
    """What the month's postings come to as far as is known now."""
    return frozen_of(creditor_id, [month_on], as_of)[month_on]


def frozen_of(creditor_id: int, months: list[date], as_of: date) -> dict[date, Frozen]:
    """The figures of several months, read at once: of postings under policy A, day by day."""
    sums: dict[date, dict[str, dict[str, int]]] = {
        since: defaultdict(lambda: defaultdict(int)) for since in months
    }
    said: dict[date, list[Any]] = {since: [] for since in months}
    for account, each in tie_out.postings(creditor_id, as_of):
        since = month(each.on).since
        if since not in sums:
            continue
        for name, minor in each.legs:
            sums[since][account.currency][name] += minor
        said[since].append([each.on.isoformat(), account.id, each.key, sorted(each.legs)])
    return {
        since: Frozen(
            {currency: dict(sorted(found.items())) for currency, found in sums[since].items()},
            hashlib.sha256(json.dumps(sorted(said[since])).encode()).hexdigest(),
            len(said[since]),
        )
        for since in months
    }


def changed(as_of: date) -> list[tuple[str, date]]:
    """(creditor, month) of closed months whose postings are not what they were at closing."""
    found = []
    for creditor in Creditor.objects.order_by("code"):
        acts = {since: act for since, act in newest(creditor.id).items() if act.is_closed}
        now = frozen_of(creditor.id, list(acts), as_of) if acts else {}
        found += [(creditor.code, since) for since, act in acts.items()
                  if now[since].digest != act.digest]  # fmt: skip
    return found


def _row(
    creditor: Creditor, since: date, act: PeriodAct | None, now: Frozen | None, as_of: date,
    days: int,
) -> PeriodRow:  # fmt: skip
    is_closed = act is not None and act.is_closed
    lines = []
    if act is not None and is_closed and now is not None:
        for currency in sorted({*act.totals, *now.totals}):
            lines.append(
                PeriodLine(currency, _debits(act.totals.get(currency, {})),
                           _debits(now.totals.get(currency, {})))
            )  # fmt: skip
    return PeriodRow(
        creditor_id=creditor.id,
        creditor=creditor.name,
        month_on=since,
        state=_state(since, act, as_of, days),
        closed_by=act.by.name if act and act.by else "",
        agreed_by=act.agreed_by if act else "",
        closed_at=act.recorded_at if act else None,
        reason=act.reason if act else "",
        lines=tuple(lines),
        is_same=not is_closed or (now is not None and act is not None and now.digest == act.digest),
    )


def _state(since: date, act: PeriodAct | None, as_of: date, days: int) -> str:
    if act is not None:
        return "closed" if act.is_closed else "reopened"
    if month(since).until > as_of:
        return "running"
    last = month(since).until - timedelta(days=1)
    return "forward" if closes_on(last, closing_days=days) <= as_of else "open"


def _debits(sums: dict[str, int]) -> int:
    return sum(minor for minor in sums.values() if minor > 0)
