"""Timings against the budgets of the design: portfolios of several sizes on both databases.

    make bench ARGS="--size 200k --db sqlite"

Each step runs in a process of its own and reports wall time, processor time (its children's with
it) and peak memory. Wall time depends on who else uses the machine; processor time hardly does.
PostgreSQL is the server that TAHSIL_BENCH_PG names, postgresql://user@host/anything, or the usual
one of this machine if it answers.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from bench.portfolio import SIZES
from tests.everything import USUAL_SERVER, answers

DATABASE = "tahsil_bench"
SERVER = "TAHSIL_BENCH_PG"


@dataclass(frozen=True)
class Budget:
    """What a step may cost: the measure it is held to, and how much of it."""

    measure: str  # wall, cpu, peak, or of a page p95_ms, cpu_ms
    most: float

    def verdict(self, row: dict[str, Any]) -> str:
        """The budget and whether the step kept it."""
        spent = row[self.measure]
        word = "pass" if spent <= self.most else "OVER"
        unit = "MB" if self.measure == "peak" else "" if self.measure.endswith("_ms") else "s"
        return f"{word} {self.measure} <= {self.most:g} {unit}".rstrip()


BUDGETS = {
    ("20k", "day"): (Budget("cpu", 3),),
    ("20k", "ageing"): (Budget("cpu", 0.4),),
    ("20k", "receipt"): (Budget("cpu_each", 0.004),),
    ("200k", "rules"): (Budget("cpu", 0.5),),
    ("200k", "day"): (Budget("wall", 45), Budget("peak", 1_500)),
    ("200k", "receipt"): (Budget("cpu_each", 0.004),),
    ("1m", "positions"): (Budget("wall", 60),),
    ("1m", "positions sqlite"): (Budget("wall", 90),),
    ("1m", "day"): (Budget("wall", 180), Budget("peak", 4_000)),
    ("1m", "receipt"): (Budget("cpu_each", 0.004),),
}
PAGE = (Budget("p95_ms", 100), Budget("cpu_ms", 15))
# 75,000 records at 20,000 a second staged and 5,000 a second taken; the wait for both.
IMPORT = (Budget("staging", 3.75), Budget("taking", 15), Budget("whole", 20))
BUDGETS |= {(size, "import"): IMPORT for size in SIZES}
STEPS = ("fill", "positions", "rules", "ageing", "first day", "day", "same day", "check",
         "receipt", "pages", "import", "limit")  # fmt: skip


def main() -> None:
    """Runs the steps asked for and prints a line for each."""
    asked = _arguments()
    print(f"{_machine()}; load {os.getloadavg()[0]:.1f}")
    databases = ["sqlite", "postgresql"] if asked.db == "both" else [asked.db]
    if "postgresql" in databases and not answers(os.environ.setdefault(SERVER, USUAL_SERVER)):
        print(
            f"PostgreSQL is left out: {os.environ[SERVER]} does not answer. {SERVER} names another."
        )
        databases.remove("postgresql")
    sizes = list(SIZES) if asked.size == "all" else asked.size.split(",")
    rows = []
    for size in sizes:
        for database in databases:
            rows += _portfolio(size, database, asked)
    if asked.json:
        Path(asked.json).write_text(json.dumps({"machine": _machine(), "rows": rows}, indent=1))


def _portfolio(size: str, database: str, asked: argparse.Namespace) -> list[dict[str, Any]]:
    home = Path(tempfile.gettempdir()) / f"tahsil-bench-{size}-{database}"
    shape = SIZES[size]
    print(
        f"\n{shape.accounts:,} accounts, {shape.accounts * shape.lines:,} obligations, "
        f"{shape.accounts * shape.receipts:,} receipts, {database}"
    )
    print(f"{'step':12}{'wall s':>9}{'cpu s':>9}{'peak MB':>9}  budget; remarks")
    env = _environment(home, size, database)
    rows = []
    try:
        for step in asked.steps.split(",") if asked.steps else STEPS:
            if step == "fill" and home.exists() and asked.keep:
                continue
            row = _step(step, size, env)
            rows.append({"size": size, "database": database, "step": step, **row})
            _print(size, database, step, row)
            if row.get("failed") and step == "fill":
                break
    finally:
        if not asked.keep:
            shutil.rmtree(home, ignore_errors=True)
            if database == "postgresql":
                _server(env["DATABASE_URL"], f"DROP DATABASE IF EXISTS {_name(size)}")
    return rows


def _environment(home: Path, size: str, database: str) -> dict[str, str]:
    env = {**os.environ, "TAHSIL_HOME": str(home), "DJANGO_SETTINGS_MODULE": SETTINGS}
    env.pop("DATABASE_URL", None)
    if database == "postgresql":
        parts = urlsplit(os.environ[SERVER])
        # urlunsplit drops the empty host that a socket's address has.
        url = urlunsplit(("postgresql", parts.netloc or "_", f"/{_name(size)}", parts.query, ""))
        env["DATABASE_URL"] = url.replace("//_/", "///")
    return env


SETTINGS = "tahsil.project.settings"


def _name(size: str) -> str:
    return f"{DATABASE}_{size}"


def _server(url: str, sql: str) -> None:
    import psycopg

    parts = urlsplit(url)
    address = urlunsplit(("postgresql", parts.netloc or "_", "/postgres", parts.query, ""))
    with psycopg.connect(address.replace("//_/", "///"), autocommit=True) as link:
        link.execute(sql)  # type: ignore[call-overload]


def _step(step: str, size: str, env: dict[str, str]) -> dict[str, Any]:
    if step == "fill":
        home = Path(env["TAHSIL_HOME"])
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        if "DATABASE_URL" in env:
            _server(env["DATABASE_URL"], f"DROP DATABASE IF EXISTS {_name(size)}")
            _server(env["DATABASE_URL"], f"CREATE DATABASE {_name(size)}")
    command = [sys.executable, "-m", "bench.steps", step, size]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": True, "note": done.stderr.strip()[-600:]}
    return json.loads(done.stdout.splitlines()[-1])


def _print(size: str, database: str, step: str, row: dict[str, Any]) -> None:
    if row.get("failed"):
        print(f"{step:12} failed: {row['note']}")
        return
    budgets = BUDGETS.get((size, f"{step} {database}")) or BUDGETS.get((size, step), ())
    said = "; ".join([*(budget.verdict(row) for budget in budgets), row.get("note", "")])
    print(
        f"{step:12}{row['wall']:9.2f}{row['cpu']:9.2f}{row['peak']:9.0f}  {said.strip('; ')}",
        flush=True,
    )
    for name, part in row.get("parts", {}).items():
        kept = "; ".join(filter(None, (part["note"], *(each.verdict(part) for each in PAGE))))
        print(f"  {name:24} p95 {part['p95_ms']:6.1f} ms, cpu {part['cpu_ms']:5.1f} ms  {kept}")


def _machine() -> str:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", default="20k,200k,1m", help="2k, 20k, 200k, 1m, all; or a list")
    parser.add_argument("--db", default="both", choices=("sqlite", "postgresql", "both"))
    parser.add_argument("--steps", default="", help="a list of: " + ", ".join(STEPS))
    parser.add_argument("--keep", action="store_true", help="leave the data, use it again")
    parser.add_argument("--json", default="", help="write the figures to this file too")
    return parser.parse_args()
