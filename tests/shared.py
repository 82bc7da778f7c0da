"""Data made by others, beside the repository; tests that need it skip where it is absent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared"


def shared(name: str) -> Path:
    """The path of a shared file; skips the test where the file is not there."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"shared/{name} is not beside this checkout")
    return path


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of an oracle file; none where the file is absent."""
    path = FOLDER / "oracles" / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
