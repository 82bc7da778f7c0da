"""Asking whether an intended contact or action may be done, by every rule pack that ships."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tahsil.core.conduct import evaluate
from tahsil.core.conduct.verdict import Verdict
from tahsil.store import packs


def judge(facts: Any) -> Verdict:
    """The verdict over the facts of one case, in the vocabulary of the case files."""
    return evaluate.judge(packs.shipped(), facts)


def earliest(facts: Any) -> datetime | None:
    """The first moment at which the intended contact would no longer be denied, if one follows."""
    return evaluate.earliest(packs.shipped(), facts)
