"""Importing in tests: sample files staged and taken, and what the book then holds."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.models import Sum

from tahsil.run import imports
from tahsil.store.models import Adjustment, Allocation, ImportBatch, Obligation, Receipt

WORKBOOKS = Path(__file__).resolve().parents[2] / "demo" / "workbooks"
# What an undone import may leave: its batch, who did what, and how the database counts.
LEFT = {"store_importbatch", "store_event", "store_importmapping"}
COMPUTED = {"store_standing", "store_searchterm"}  # written anew, under new ids


def take(ctx, name: str | Path, **how) -> ImportBatch:
    """A sample file, or one of the test's own, staged and committed."""
    path = name if isinstance(name, Path) else WORKBOOKS / name
    batch = imports.stage(path, ctx=ctx, creditor_code="NIL", **how)
    imports.commit(ctx, batch)
    return ImportBatch.objects.get(id=batch)


def sheet(folder: Path, text: str, name: str = "list.csv") -> Path:
    """A list of the test's own: cells two or more spaces apart, `_` for an empty one."""
    lines = [line.strip() for line in text.strip().splitlines()]
    rows = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]
    cells = [";".join("" if cell == "_" else cell for cell in row) for row in rows]
    path = folder / name
    path.write_text("\n".join(cells), encoding="utf-8")
    return path


def total(model, **which) -> int:
    """The sum of amounts of a table."""
    return model.objects.filter(**which).aggregate(sum=Sum("amount_minor"))["sum"] or 0


def owing(**which) -> int:
    """Owed less paid, of the accounts, contracts or batches asked for."""
    obligation = {f"obligation__{name}": value for name, value in which.items()}
    owed = total(Obligation, **which) + total(Adjustment, **obligation)
    return owed - total(Receipt, **which)


def held(batch: ImportBatch) -> dict[int, str]:
    """Row of the file to the code of the reason it was held for."""
    rows = batch.rows.filter(status="held").order_by("id")
    return {row.row: row.remarks[-1][0] for row in rows}


def dump() -> dict[str, list[tuple]]:
    """Every row of every table an undone import must leave as it was."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("store").get_models():
            table = model._meta.db_table
            if table in LEFT:
                continue
            names = [field.column for field in model._meta.concrete_fields]
            if table in COMPUTED:
                names = [name for name in names if name != "id"]
            listed = ", ".join(f'"{name}"' for name in names)
            cursor.execute(f"SELECT {listed} FROM {table}")
            found[table] = sorted(cursor.fetchall(), key=repr)
    return found


def said_of_book() -> list[tuple]:
    """What the book holds in words that do not depend on ids or on the order of rows."""
    rows = Obligation.objects.values_list(
        "contract__number", "category", "label", "amount_minor", "due_on", "due_event", "seq"
    )
    paid = Receipt.objects.values_list("contract__number", "amount_minor", "value_on")
    placed = Allocation.objects.values_list("obligation__label", "amount_minor", "effective_on")
    return sorted(map(repr, [*rows, *paid, *placed]))
