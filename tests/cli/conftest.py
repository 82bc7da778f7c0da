"""One data folder with a small demo, worked for the day, for every test of the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TODAY = "2026-11-22"


class Shell:
    """Runs `tahsil` as a user would, in a folder of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "TAHSIL_TESTING")}
        environment = {**kept, "TAHSIL_HOME": str(self.home), "TAHSIL_TODAY": TODAY, **more}
        return subprocess.run(
            [sys.executable, "-m", "tahsil.cli.main", *words],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def json(self, *words: str):
        """What the command prints as JSON; it must have been done."""
        done = self(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def tahsil(tmp_path_factory) -> Shell:
    """The command on a demo of sixty accounts whose day was run."""
    shell = Shell(tmp_path_factory.mktemp("home"))
    made = shell("demo", "--accounts", "60", "--seed", "5")
    assert made.returncode == 0, made.stderr
    worked = shell("day")
    assert worked.returncode == 0, worked.stderr
    return shell


@pytest.fixture
def empty(tmp_path) -> Shell:
    """The command in a folder where nothing is yet."""
    return Shell(tmp_path / "home")
