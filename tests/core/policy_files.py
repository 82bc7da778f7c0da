"""The policies shipped with the product, as the dicts a YAML reader makes of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "policies"
TODAY = date(2026, 3, 31)


def policy_file(name: str) -> dict[str, Any]:
    """The document of a file in policies/."""
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
