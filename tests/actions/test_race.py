"""Several people at once: numbers without gaps, one act under one key, a refund paid once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.actions import race, race_refunds

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("what", ["race", "race_refunds"])
def test_many_at_once_on_sqlite(tmp_path, what):
    env = {
        **os.environ,
        "DATABASE_URL": f"sqlite://{tmp_path}/race.sqlite3",
        "DJANGO_SETTINGS_MODULE": "tahsil.project.settings",
        "TAHSIL_TESTING": "1",
        "TAHSIL_HOME": str(tmp_path),
    }
    ran = subprocess.run(
        [sys.executable, "-m", f"tests.actions.{what}"], cwd=ROOT, env=env, capture_output=True,
        text=True, timeout=300,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", [race.race, race_refunds.race], ids=["receipts", "refunds"])
def test_many_at_once_on_postgresql(what):
    if connection.vendor != "postgresql":
        pytest.skip("DATABASE_URL names no PostgreSQL server")
    what()
