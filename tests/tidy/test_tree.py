"""Nothing of one machine, no banned module names, no address of a package host in the tree."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BANNED = {"utils.py", "helpers.py", "common.py", "misc.py"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_no_drawer_for_everything():
    assert [path.name for path in tracked() if path.name in BANNED] == []


def test_lock_files_name_no_host():
    for path in (ROOT / "requirements").glob("*.txt"):
        assert not re.search(r"https?://|index-url", path.read_text()), path.name


def test_no_float_stands_beside_money():
    """A column named _minor is never multiplied by a float literal."""
    pattern = re.compile(r"_minor\s*[*/]\s*\d+\.\d|\d+\.\d\s*\*\s*\w*_minor")
    for path in (ROOT / "tahsil").rglob("*.py"):
        assert not pattern.search(path.read_text(encoding="utf-8")), path
