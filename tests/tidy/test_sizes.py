"""Sizes: short functions, short files, few parameters."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path for path in (ROOT / "tahsil").rglob("*.py") if "migrations" not in path.parts)


def functions(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_is_read_in_one_sitting(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 400, f"{name(path)} has {len(lines)} lines"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_function_fits_a_screen(path):
    long = [f.name for f in functions(path) if (f.end_lineno or 0) - f.lineno > 60]
    assert not long, f"{name(path)}: {long}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_past_two_parameters_they_are_named(path):
    many = [f.name for f in functions(path) if len(f.args.posonlyargs) + len(f.args.args) > 6]
    assert not many, f"{name(path)}: {many} take more than six positional parameters"


def test_the_median_function_is_short():
    lengths = [(f.end_lineno or 0) - f.lineno + 1 for path in FILES for f in functions(path)]
    assert median(lengths) <= 14
