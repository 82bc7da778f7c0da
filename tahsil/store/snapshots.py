"""Snapshots: the standing of every account on a day, as Parquet, for roll rates and reports.

One file per day under TAHSIL_HOME/snapshots. A file is there whole or not at all; writing a day
again replaces it with the same.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from tahsil.store.bulk import Standings

LEFT_OUT = ("reasons",)


def folder() -> Path:
    """Where the snapshots are kept; made if it is not there."""
    path = Path(settings.HOME) / "snapshots"
    path.mkdir(parents=True, exist_ok=True)
    return path


def path_of(as_of: date) -> Path:
    """Where that day's snapshot is or would be."""
    return folder() / f"{as_of.isoformat()}.parquet"


def days() -> list[date]:
    """The days there is a snapshot of, oldest first."""
    return sorted(date.fromisoformat(path.stem) for path in folder().glob("????-??-??.parquet"))


def write(standings: Standings, *, as_of: date) -> Path:
    """The day's snapshot holds these rows."""
    import pyarrow as pa
    from pyarrow import parquet

    names = [name for name in standings.names() if name not in LEFT_OUT]
    rows = pa.table({name: pa.array(getattr(standings, name)) for name in names})
    path = path_of(as_of)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        parquet.write_table(rows, file, compression="zstd", use_dictionary=["rung", "treatment"])
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    return path


def read(as_of: date, *names: str) -> dict[str, np.ndarray] | None:
    """The columns of that day's snapshot (all, if none is named); nothing if there is none."""
    from pyarrow import parquet

    if not path_of(as_of).exists():
        return None
    rows = parquet.read_table(path_of(as_of), columns=list(names) or None)
    return {name: _column(rows.column(name)) for name in rows.column_names}


def _column(column: Any) -> np.ndarray:
    values = column.to_numpy()
    return values.astype("datetime64[D]") if values.dtype.kind == "M" else values
