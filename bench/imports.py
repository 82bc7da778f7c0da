"""An import from end to end: a schedule of so many rows read, staged, taken, sent again, undone.

Staging and taking are held to processor time, which a busy machine hardly changes; the whole, as
somebody waits for it, to wall time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import xlsxwriter

HEAD = (
    "customer name", "unit", "no", "description", "due date", "amount", "paid", "remaining",
    "cheque no", "notes",
)  # fmt: skip
LINES = 24  # of one contract; the first half of them paid
NAMES = ("Mona", "Adel", "Samir", "Fathi", "Hany", "Ezzat", "Laila", "Nabil", "Omar", "Zaki")
AS_OF, NOW = date(2026, 11, 22), datetime(2026, 11, 22, 8, tzinfo=UTC)


def figures(rows: int = 50_000) -> dict[str, Any]:
    """Seconds of processor to stage and to take that many rows, of wall for both; the rest."""
    from tahsil.actions._verb import Context
    from tahsil.queries.people import standing_of
    from tahsil.run import imports
    from tahsil.store.models import ImportRow

    ctx = Context(standing_of(_manager(), as_of=AS_OF), AS_OF, NOW)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "schedule.xlsx"
        workbook(path, rows)
        staged, batch = _timed(lambda: imports.stage(path, ctx=ctx, creditor_code="IMP"))
        records = ImportRow.objects.filter(batch_id=batch).count()
        taken, _ = _timed(lambda: imports.commit(ctx, batch))
        again, second = _timed(lambda: imports.stage(path, ctx=ctx, creditor_code="IMP"))
        imports.discard(ctx, second)
        undone, _ = _timed(lambda: imports.undo(ctx, batch))
    note = (
        f"{records:,} records; {records / staged[1]:,.0f} staged, {records / taken[1]:,.0f} taken "
        f"a second of cpu; again {again[0]:.1f} s, undone {undone[0]:.1f} s"
    )
    return {"staging": staged[1], "taking": taken[1], "whole": staged[0] + taken[0], "note": note}


def workbook(path: Path, rows: int) -> int:
    """Writes a schedule of at least that many rows; how many."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    page = book.add_worksheet("Schedule")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    page.write_row(0, 0, HEAD)
    contracts = -(-rows // LINES)
    for at in range(contracts):
        name = " ".join(NAMES[at // 10**place % 10] for place in range(4))
        for line in range(LINES):
            row = at * LINES + line + 1
            due = datetime(2023, 1, 13, tzinfo=UTC).replace(tzinfo=None) + timedelta(days=91 * line)
            paid = 144_000 if line < LINES // 2 else 0
            page.write_row(row, 0, (name, f"B{at // 50}-{at % 50}", line + 1, f"line {line + 1}"))
            page.write_datetime(row, 4, due, day)
            page.write_row(row, 5, (144_000, paid, 144_000 - paid, 1000 + line))
    book.close()
    return contracts * LINES


def _manager() -> int:
    """The id of somebody who may import, into a creditor of this bench's own."""
    from tahsil.store import policies
    from tahsil.store.models import Creditor, Person, RoleGrant

    policies.publish_shipped(now=NOW)
    Creditor.objects.get_or_create(
        code="IMP", defaults={"name": "Imports", "country": "EG", "currency": "EGP"}
    )
    person, is_new = Person.objects.get_or_create(
        username="bench-imports", defaults={"name": "Bench", "password": "!"}
    )
    if is_new:
        RoleGrant.objects.create(
            person=person, role="collection_manager", scope="all", since_on=date(2020, 1, 1)
        )
    return person.id


def _timed(do: Callable[[], Any]) -> tuple[tuple[float, float], Any]:
    """Wall and processor seconds, and what came of it."""
    start, busy = perf_counter(), process_time()
    found = do()
    return (perf_counter() - start, process_time() - busy), found
