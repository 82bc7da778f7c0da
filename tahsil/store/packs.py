"""Rule packs of conduct as they ship: the files beside the other policies, read and checked."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml

from tahsil.core.conduct.packs import read_pack
from tahsil.store.policies import LOADER, folder


@lru_cache(maxsize=1)
def shipped() -> tuple[dict[str, Any], ...]:
    """Every pack in policies/packs, in the order of the file names."""
    paths = sorted((folder() / "packs").glob("*.yaml"))
    return tuple(
        read_pack(next(yaml.load_all(path.read_text(encoding="utf-8"), Loader=LOADER)))
        for path in paths
    )
