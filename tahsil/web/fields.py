"""Fields of a form that is drawn from a list: each as parts/field.html takes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tahsil.web.entry import Entry


def field(
    name: str, label: str, given: Entry, *, kind: str = "", value: Any = "",
    options: Sequence[tuple[Any, str]] = (), optional: bool = False, whole: bool = False,
    hint: str = "", unit: str = "",
) -> dict[str, Any]:  # fmt: skip
    """One field: as typed where the form was sent, else with the value it starts with."""
    return {
        "name": name,
        "label": label,
        "kind": kind,
        "value": given.values.get(name, value),
        "options": options,
        "optional": optional,
        "whole": whole,
        "hint": hint,
        "unit": unit,
        "fault": given.faults.get(name, ""),
    }
