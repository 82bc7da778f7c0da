"""The documentation is built without a fault and its reference is not behind the code."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.tidy.test_sizes import ROOT


def run(*words: str, home: str) -> subprocess.CompletedProcess[str]:
    there = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=there | {"TAHSIL_HOME": home},
        capture_output=True,
        text=True,
    )


@pytest.mark.skipif(
    sys.version_info[:2] != (3, 11), reason="argparse words its help anew in each Python version"
)
def test_the_reference_is_what_the_code_says(tmp_path):
    done = run("docs/reference.py", "--check", home=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_pages_build_without_a_broken_link(tmp_path):
    done = run("-m", "mkdocs", "build", "--strict", "-q", "-d", str(tmp_path), home=str(tmp_path))
    assert done.returncode == 0, done.stderr


def test_every_command_of_the_readme_is_one():
    from tahsil.cli.main import parser

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    known = parser().format_help()
    for command in set(re.findall(r"^    tahsil (\w+)", text, re.MULTILINE)):
        assert re.search(rf"^\s+{command}\s", known, re.MULTILINE), command


def test_every_picture_of_the_readme_is_there():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in re.findall(r"\]\((docs/[^)#]+)\)", text):
        assert (ROOT / path).exists(), path
