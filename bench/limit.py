"""The limit: the same positions by hand in Polars, nothing else, from Parquet files.

What a night run could cost if it did only this. Compared with ours by its totals.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

COLUMNS = (
    "id", "account_id", "obligation_id", "amount_minor", "due_on", "raised_on", "effective_on",
    "value_on",
)  # fmt: skip


def positions(folder: Path, *, as_of: date) -> pl.DataFrame:
    """Per account: open, overdue, unapplied, oldest unpaid due date, DPD."""
    day = pl.lit(as_of)
    paid = (
        pl.scan_parquet(folder / "allocation.parquet")
        .filter(pl.col("effective_on") <= day)
        .group_by("obligation_id")
        .agg(pl.col("amount_minor").sum().alias("paid"))
    )
    lines = (
        pl.scan_parquet(folder / "obligation.parquet")
        .filter(pl.col("raised_on") <= day)
        .join(paid, left_on="id", right_on="obligation_id", how="left")
        .with_columns((pl.col("amount_minor") - pl.col("paid").fill_null(0)).alias("open"))
        .with_columns(((pl.col("due_on") < day) & (pl.col("open") > 0)).alias("late"))
        .group_by("account_id")
        .agg(
            pl.col("open").sum(),
            pl.col("paid").fill_null(0).sum(),
            pl.col("open").filter(pl.col("late")).sum().alias("overdue"),
            pl.col("due_on").filter(pl.col("late")).min().alias("oldest"),
        )
    )
    received = (
        pl.scan_parquet(folder / "receipt.parquet")
        .filter(pl.col("value_on") <= day)
        .group_by("account_id")
        .agg(pl.col("amount_minor").sum().alias("received"))
    )
    return (
        lines.join(received, on="account_id", how="left")
        .with_columns(
            (pl.col("received").fill_null(0) - pl.col("paid")).alias("unapplied"),
            (day - pl.col("oldest")).dt.total_days().fill_null(0).alias("dpd"),
        )
        .sort("account_id")
        .collect()
    )
