"""Two people accept one hand-over at once: one takes it, the other is told so."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.db import connection

from tests.actions.race_custody import race
from tests.actions.test_race import ROOT


def test_two_accept_at_once_on_sqlite(tmp_path):
    env = {
        **os.environ,
        "DATABASE_URL": f"sqlite://{tmp_path}/race.sqlite3",
        "DJANGO_SETTINGS_MODULE": "tahsil.project.settings",
        "TAHSIL_TESTING": "1",
        "TAHSIL_HOME": str(tmp_path),
    }
    ran = subprocess.run(
        [sys.executable, "-m", "tests.actions.race_custody"], cwd=ROOT, env=env,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_accept_at_once_on_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("DATABASE_URL names no PostgreSQL server")
    race()
