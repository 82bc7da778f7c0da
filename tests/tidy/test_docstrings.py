"""Every module says what lives there; public functions of the inner layers say what is true."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.tidy.test_sizes import FILES, ROOT, name

INNER = [
    path
    for path in FILES
    if path.relative_to(ROOT).parts[1] in ("core", "actions", "queries", "store", "run")
]


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_module_says_what_lives_there(path: Path):
    text = path.read_text(encoding="utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text)), name(path)


@pytest.mark.parametrize("path", INNER, ids=name)
def test_a_public_function_says_what_is_true(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent, f"{name(path)}: {silent}"
