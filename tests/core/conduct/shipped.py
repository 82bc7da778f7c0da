"""The rule packs that ship, read as the core gets them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml

from tahsil.core.conduct.evaluate import judge
from tahsil.core.conduct.packs import read_pack
from tests.core.policy_files import FOLDER


@lru_cache(maxsize=1)
def packs() -> list[dict[str, Any]]:
    """Every shipped pack."""
    paths = sorted((FOLDER / "packs").glob("*.yaml"))
    return [read_pack(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in paths]


def verdict(**facts: Any) -> dict[str, Any]:
    """The verdict over these facts, in the vocabulary of a case file."""
    return judge(packs(), facts).plain()
