"""Everything the continuous integration runs, in turn: browser, PostgreSQL, SQLite.

What a machine lacks is skipped with one line, unless TAHSIL_REQUIRE names it. The largest part
comes last, so that the last line is its summary.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent
ON_DATABASE = ("actions", "queries", "store", "run", "cli", "faces", "stories")
USUAL_SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"
NO_TESTS = 5  # what pytest answers where nothing was collected


def main() -> int:
    """0 if every part passed and nothing that is required is missing."""
    wanted = {name for name in os.environ.get("TAHSIL_REQUIRE", "").split(",") if name}
    codes = [_browser(wanted), _postgresql(wanted)]
    codes.append(_pytest("-n", "2", "-m", "not e2e and not postgresql", str(TESTS)))
    return next((code for code in codes if code), 0)


def _browser(wanted: set[str]) -> int:
    found = os.environ.get("TAHSIL_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if not found:
        return _lacking("chromium", "the browser journeys", wanted)
    return _pytest("-m", "e2e", str(TESTS / "e2e"), TAHSIL_CHROMIUM=found)


def _postgresql(wanted: set[str]) -> int:
    address = os.environ.get("TAHSIL_TEST_PG", USUAL_SERVER)
    if not answers(address):
        return _lacking("postgresql", "the tests on PostgreSQL", wanted)
    folders = [str(TESTS / name) for name in ON_DATABASE if (TESTS / name).is_dir()]
    if not folders:
        return 0
    return _pytest("-n", "2", "-m", "not e2e", *folders, DATABASE_URL=address)


def answers(address: str) -> bool:
    """Whether a PostgreSQL server answers there."""
    import psycopg

    try:
        psycopg.connect(address, connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def _lacking(name: str, what: str, wanted: set[str]) -> int:
    if name in wanted:
        print(f"TAHSIL_REQUIRE names {name}, which is not here: {what} cannot run.", flush=True)
        return 1
    print(f"Skipped: {what}; this machine has no {name}.", flush=True)
    return 0


def _pytest(*words: str, **more: str) -> int:
    command = [sys.executable, "-m", "pytest", *words]
    code = subprocess.run(command, env={**os.environ, **more}, check=False).returncode
    return 0 if code == NO_TESTS else code


if __name__ == "__main__":
    sys.exit(main())
