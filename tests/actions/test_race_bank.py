"""Several people at once on one line, receipt or cheque: done once, the others told why not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.actions.race_bank import race

ROOT = Path(__file__).resolve().parents[2]


def test_one_thing_is_done_once_on_sqlite(tmp_path):
    env = {
        **os.environ,
        "DATABASE_URL": f"sqlite://{tmp_path}/race.sqlite3",
        "DJANGO_SETTINGS_MODULE": "tahsil.project.settings",
        "TAHSIL_TESTING": "1",
        "TAHSIL_HOME": str(tmp_path),
    }
    ran = subprocess.run(
        [sys.executable, "-m", "tests.actions.race_bank"], cwd=ROOT, env=env,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="no PostgreSQL is named")
@pytest.mark.django_db(transaction=True)
def test_one_thing_is_done_once_on_postgresql():
    race()
