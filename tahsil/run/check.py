"""Every invariant over the live book; what does not hold is named, with the ids.

The same statements that tests prove on invented books, asked nightly of the real one. The book's
are in check_book.py (columns), those of the work and the log here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection
from django.db.models import Count, F, Max, Q

from tahsil.core.grammar.authority import Reason
from tahsil.core.grammar.refusal import say
from tahsil.run import (
    check_bank,
    check_book,
    check_cash,
    check_custody,
    check_documents,
    check_ledger,
    check_objections,
    check_papers,
    check_refunds,
    rebuild,
    seal,
)
from tahsil.run.check_book import Finding
from tahsil.store import bulk, fetch, guards, load, rules, standing
from tahsil.store.book import Book
from tahsil.store.bulk import Standings
from tahsil.store.models import CancelledNumber, Case, DayRun, Promise, Receipt, ReceiptSeries

Progress = Callable[[str, int, int], None]
STEPS = (
    "book", "standing", "work", "series", "bank", "papers", "cash", "custody", "documents",
    "ledger", "refunds", "objections", "guards", "seals",
)  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """What was looked at and what was found."""

    as_of: date
    findings: list[Finding]
    counts: dict[str, int]

    @property
    def is_sound(self) -> bool:
        """Whether nothing worse than a warning was found."""
        return not any(finding.level == "fault" for finding in self.findings)


def check(*, as_of: date, progress: Progress | None = None) -> Checked:
    """Everything that must always hold, asked of the database as it is."""
    told = progress or (lambda step, done, total: None)
    with fetch.whole() as source:
        findings = check_book.findings(source)
        told("book", 1, len(STEPS))
        # Columns cannot be made of rows that name no account; the rest is asked all the same.
        is_whole = not any(finding.code.endswith(".orphan") for finding in findings)
        book = load.book(as_of=as_of, source=source) if is_whole else None
        cached = bulk.cached_standings(source=source)
    counts = {}
    if book is not None:
        findings += _measured(book, cached)
        counts = {"accounts": len(book.accounts), "obligations": len(book.obligations)}
    for at, (step, ask) in enumerate(
        (
            ("work", _work),
            ("series", _series),
            ("bank", check_bank.findings),
            ("papers", check_papers.findings),
            ("cash", check_cash.findings),
            ("custody", check_custody.findings),
            ("documents", check_documents.findings),
            ("ledger", lambda: check_ledger.findings(as_of)),
            ("refunds", check_refunds.findings),
            ("objections", lambda: check_objections.findings(as_of=as_of)),
            ("guards", _guards),
            ("seals", _seals),
        ),
        start=3,
    ):
        told(step, at, len(STEPS))
        findings += ask()
    return Checked(as_of, findings, counts)


def _measured(book: Book, cached: Standings) -> list[Finding]:
    measured = standing.measure(book, rules.at(book.as_of))
    return [
        *check_book.ageing_findings(book, measured.positions),
        *_standings(measured.standings, cached, book.as_of),
        *_unattended(measured, book),
    ]


def _seals() -> list[Finding]:
    return [_of(reason) for reason in seal.verify()]


def sentence(finding: Finding) -> str:
    """The finding as one sentence in English; faces say it in the reader's language."""
    return say(finding.template, finding.facts)


def _of(reason: Reason) -> Finding:
    subject = next(iter(reason.facts.items()), ("", ""))
    return Finding(reason.code, reason.template, reason.facts, f"{subject[0]}:{subject[1]}")


def _standings(truth: Standings, cached: Standings, as_of: date) -> list[Finding]:
    """Cached rows against the book: as of the last run of the day, or as of today, either will do.

    An act refreshes its account as of the day it is done, the night run all of them.
    """
    differing = truth.take(bulk.changed(truth, cached)).account_id
    last = DayRun.objects.filter(state="done", as_of__lte=as_of).aggregate(Max("as_of"))
    if last["as_of__max"] is None:  # before the first day nothing has to be cached
        differing = np.intersect1d(differing, cached.account_id)
    if len(differing) and last["as_of__max"] not in (None, as_of):
        then = load.book(as_of=last["as_of__max"])
        before = standing.measure(then, rules.at(last["as_of__max"])).standings
        still = before.take(bulk.changed(before, cached)).account_id
        differing = np.intersect1d(differing, still)
    found = [
        Finding(
            "standing.stale",
            "The cached standing of account {account} is not what the book says: {columns}.",
            {
                "account": account_id,
                "columns": sorted(
                    set(rebuild.differences(truth, cached, _place(truth, account_id))) - {"account"}
                ),
            },
            f"account:{account_id}",
        )
        for account_id in differing.tolist()
    ]
    found += [
        Finding(
            "standing.orphan", "A standing is cached for account {account}, which is not there.",
            {"account": account_id}, f"account:{account_id}",
        )
        for account_id in np.setdiff1d(cached.account_id, truth.account_id).tolist()
    ]  # fmt: skip
    return found


def _place(truth: Standings, account_id: int) -> int:
    return int(np.searchsorted(truth.account_id, account_id))


def _work() -> list[Finding]:
    """One open case and one open promise at most, each with dates that make sense."""
    found = []
    for model, word in ((Case, "case"), (Promise, "promise")):
        twice = (
            model.objects.filter(state="open")
            .values("account_id")
            .annotate(count=Count("id"))
            .filter(count__gt=1)
        )
        found += [
            Finding(
                f"{word}.open_twice", "Account {account} has {count} open {what}s.",
                {"account": row["account_id"], "count": row["count"], "what": word},
                f"account:{row['account_id']}",
            )
            for row in twice
        ]  # fmt: skip
    wrong = Case.objects.filter(
        Q(state="closed", closed_on=None)
        | Q(state="open", closed_on__isnull=False)
        | Q(closed_on__lt=F("opened_on"))
    )
    found += [
        Finding("case.dates", "Case {case} is {state}, but its dates say otherwise.",
                {"case": row.id, "state": row.state}, f"case:{row.id}")
        for row in wrong
    ]  # fmt: skip
    return found


def _series() -> list[Finding]:
    """Receipt numbers of a series run from 1 to its last without a gap."""
    counted = {
        row["series_id"]: row
        for row in Receipt.objects.filter(series__isnull=False)
        .values("series_id")
        .annotate(count=Count("id"), most=Max("serial"))
    }
    spoilt: dict[int, set[int]] = defaultdict(set)
    for key, serial in CancelledNumber.objects.filter(series__isnull=False).values_list(
        "series_id", "serial"
    ):
        spoilt[key].add(serial)
    found = []
    for series in ReceiptSeries.objects.all():
        row = counted.get(series.id, {"count": 0, "most": 0})
        gone = spoilt[series.id]
        most = max(row["most"] or 0, max(gone, default=0))
        if row["count"] + len(gone) == series.last == most:
            continue
        there = gone | set(Receipt.objects.filter(series=series).values_list("serial", flat=True))
        missing = sorted(set(range(1, series.last + 1)) - there)
        found.append(
            Finding(
                "series.gap",
                "Receipt series {series} runs to {last}, but holds {count} receipts; "
                "missing: {missing}.",
                {
                    "series": series.id,
                    "last": series.last,
                    "count": row["count"],
                    "missing": missing[: check_book.SHOWN] or ["none"],
                },
                f"series:{series.id}",
            )
        )
    return found


def _guards() -> list[Finding]:
    """The triggers that keep append-only tables so are all there."""
    if connection.vendor == "postgresql":
        sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    else:
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        there = {row[0] for row in cursor.fetchall()}
    wanted = {f"{table}_no_{act}" for table in guards.guarded() for act in ("update", "delete")}
    return [
        Finding("guard.missing", "The trigger {trigger} is gone, so its table can be rewritten.",
                {"trigger": name}, f"trigger:{name}")
        for name in sorted(wanted - there)
    ]  # fmt: skip


def _unattended(measured: standing.Measured, book: Book) -> list[Finding]:
    """A warning per account past due that nobody owns, or that has no next step and no rung."""
    late = measured.positions.overdue_minor > 0
    nobody = late & (book.accounts.collector_id == fetch.NONE_ID)
    idle = late & np.isnat(book.accounts.step_on) & (measured.chosen.treatment == "none")
    made = []
    for code, template, where in (
        ("account.unowned", "{count} accounts past due have no collector: {accounts}.", nobody),
        ("account.idle", "{count} accounts past due have no next step or treatment: {accounts}.",
         idle & ~measured.facts.on_hold & ~measured.facts.open_promise),
    ):  # fmt: skip
        ids = book.accounts.id[where]
        if len(ids):
            facts = {"count": len(ids), "accounts": ids[: check_book.SHOWN].tolist()}
            made.append(Finding(code, template, facts, "portfolio", level="warning"))
    return made
