"""One step of the bench in a process of its own: does it, prints what it cost as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import django

from bench.portfolio import AS_OF, SIZES

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
RECEIPTS = 200


class Cost:
    """Wall and processor time since it began, children's too, and the most memory held."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), self._cpu()

    def spent(self, **more: Any) -> dict[str, Any]:
        """What it came to."""
        peak = max(
            resource.getrusage(who).ru_maxrss
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        wall, cpu = time.perf_counter() - self.wall, self._cpu() - self.cpu
        return {"wall": wall, "cpu": cpu, "peak": peak / 1024, **more}

    def _cpu(self) -> float:
        usages = (
            resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def fill(size: str) -> dict[str, Any]:
    """The empty database holds the portfolio."""
    from django.core.management import call_command

    from bench import fill as filling

    call_command("migrate", verbosity=0)
    cost = Cost()
    filling.fill(SIZES[size])
    return cost.spent()


def positions(size: str) -> dict[str, Any]:
    """The whole book is read and its positions known."""
    from tahsil.store import load, rules, standing

    in_force = rules.at(AS_OF)
    cost = Cost()
    book = load.book(as_of=AS_OF)
    found = standing.position(book, in_force)
    return cost.spent(note=_totals(found, book))


def core_rules(size: str) -> dict[str, Any]:
    """Positions, facts and rungs of a book already in memory."""
    from tahsil.store import load, rules, standing

    in_force = rules.at(AS_OF)
    book = load.book(as_of=AS_OF)
    cost = Cost()
    found = standing.position(book, in_force)
    facts = standing.facts_of(book, found)
    standing.choose(book, facts, in_force)
    return cost.spent()


def ageing(size: str) -> dict[str, Any]:
    """Open items aged into buckets, the book being in memory."""
    import numpy as np

    from tahsil.core.measure import ageing as ages
    from tahsil.store import load

    book = load.book(as_of=AS_OF)
    accounts = ages.Accounts(
        book.accounts.id, book.unapplied_minor, np.zeros(len(book.accounts), np.int64)
    )
    lines = book.obligations.lines()
    items = int((lines.amount_minor > lines.paid_minor).sum())
    cost = Cost()
    ages.aged(lines, accounts, as_of=AS_OF)
    return cost.spent(note=f"{items:,} open items")


def day(days: int) -> Callable[[str], dict[str, Any]]:
    """The whole day, so many days after the portfolio was made."""

    def run(size: str) -> dict[str, Any]:
        from tahsil.run import daily

        phases: list[tuple[str, float]] = []
        cost = Cost()
        done = daily.day(
            as_of=AS_OF + timedelta(days=days),
            now=NOW + timedelta(days=days),
            progress=lambda phase, *_: phases.append((phase, time.perf_counter())),
        )
        spent = cost.spent()
        parts = " ".join(
            f"{name} {until - since:.1f}" for (name, since), (_, until) in pairwise(phases)
        )
        return {**spent, "note": f"{done.changed:,} acts, {done.standings_written:,} rows; {parts}"}

    return run


def check(size: str) -> dict[str, Any]:
    """Every invariant over the book."""
    from tahsil.run import check as checking

    cost = Cost()
    found = checking.check(as_of=AS_OF + timedelta(days=1))
    faults = sum(finding.level == "fault" for finding in found.findings)
    return cost.spent(note=f"{faults} faults")


def receipt(size: str) -> dict[str, Any]:
    """Receipts recorded one at a time through the door, each durable before the next."""
    from django.db.models import Q

    from tahsil.actions import receipts
    from tahsil.actions._verb import Context
    from tahsil.queries.people import standing_of
    from tahsil.store.models import Person, RoleGrant, Standing

    accounts = Standing.objects.filter(Q(overdue_minor__gt=0)).values_list("account_id", flat=True)
    as_of = AS_OF + timedelta(days=1)
    cashier = Person.objects.order_by("id")[0]
    RoleGrant.objects.get_or_create(
        person=cashier, role="accountant", scope="all", since_on=date(2020, 1, 1)
    )
    ctx = Context(standing_of(cashier.id, as_of=as_of), as_of, NOW + timedelta(days=1))
    each = []
    cost = Cost()
    for account_id in accounts[:RECEIPTS]:
        since = time.perf_counter()
        receipts.record(
            ctx, account_id=account_id, amount_minor=10_000, value_on=as_of, instrument="transfer",
            reference=f"bench {account_id}",
        )  # fmt: skip
        each.append(time.perf_counter() - since)
    spent = cost.spent()
    spent["cpu_each"] = spent["cpu"] / max(1, len(each))
    p95 = sorted(each)[int(len(each) * 0.95)] * 1000 if each else 0
    return {**spent, "note": f"{spent['cpu_each'] * 1000:.1f} ms cpu each, p95 {p95:.0f} ms wall"}


def pages(size: str) -> dict[str, Any]:
    """The worklist, an account and the search, asked for as a signed-in person would."""
    from bench import pages as paging

    cost = Cost()
    found = paging.times(AS_OF + timedelta(days=1))
    return cost.spent(parts=found)


def importing(size: str) -> dict[str, Any]:
    """A workbook read, staged, taken into the book, sent again and undone."""
    from bench import imports

    cost = Cost()
    return cost.spent(**imports.figures())


def limit(size: str) -> dict[str, Any]:
    """The same positions by hand in Polars, from Parquet: what it cannot be faster than."""
    import pyarrow as pa
    from pyarrow import parquet

    from bench import limit as limits
    from bench import portfolio

    folder = Path(django.conf.settings.HOME)
    wanted = {"store_obligation": "obligation", "store_receipt": "receipt",
              "store_allocation": "allocation"}  # fmt: skip
    if not (folder / "obligation.parquet").exists():
        writers: dict[str, Any] = {}
        for table, rows in portfolio.tables(SIZES[size]):
            if table in wanted:
                keep = [name for name in rows.column_names if name in limits.COLUMNS]
                plain = pa.table({name: rows.column(name) for name in keep})
                path = folder / f"{wanted[table]}.parquet"
                if table not in writers:
                    writers[table] = parquet.ParquetWriter(path, plain.schema, compression="zstd")
                writers[table].write_table(plain)
        for writer in writers.values():
            writer.close()
    cost = Cost()
    found = limits.positions(folder, as_of=AS_OF)
    sums = {name: int(found[name].sum()) for name in ("open", "overdue", "unapplied", "dpd")}
    return cost.spent(note=f"Polars by hand: {_said(sums)}")


def _totals(found: Any, book: Any) -> str:
    sums = {
        "open": int(found.open_minor.sum()),
        "overdue": int(found.overdue_minor.sum()),
        "unapplied": int(found.unapplied_minor.sum()),
        "dpd": int(found.dpd.sum()),
    }
    return _said(sums)


def _said(sums: dict[str, int]) -> str:
    return ", ".join(f"{name} {total:,}" for name, total in sums.items())


STEPS: dict[str, Callable[[str], dict[str, Any]]] = {
    "fill": fill,
    "positions": positions,
    "rules": core_rules,
    "ageing": ageing,
    "first day": day(0),
    "day": day(1),
    "same day": day(1),
    "check": check,
    "receipt": receipt,
    "pages": pages,
    "import": importing,
    "limit": limit,
}

if __name__ == "__main__":
    django.setup()
    print(json.dumps(STEPS[sys.argv[1]](sys.argv[2])))
