"""Facts of one account written as text: dpd=7 overdue=50000 on_hold."""

from __future__ import annotations

import numpy as np

from tahsil.core.steer import facts
from tahsil.core.steer.facts import VOCABULARY, Facts

SHORT = {"overdue": "overdue_minor", "next_due": "next_due_minor"}
BASE = {"overdue_minor": "overdue_base_minor", "next_due_minor": "next_due_base_minor"}


def facts_of(text: str) -> Facts:
    """One account: amounts in base currency and uncovered follow the plain ones unless given."""
    given: dict[str, int | bool | str] = {}
    for word in [] if text == "-" else text.split():
        name, _, value = word.partition("=")
        name = SHORT.get(name, name)
        kind = VOCABULARY.get(name, (int, ""))[0]
        given[name] = kind(value) if value else True
    for name, base in BASE.items():
        if name in given:
            given.setdefault(base, given[name])
    if "overdue_minor" in given:
        given.setdefault("uncovered_minor", given["overdue_minor"])
    return facts.one(**given)


def joined(texts: list[str]) -> Facts:
    """Several accounts, ids from 1."""
    rows = [facts_of(text) for text in texts]
    columns = {name: np.concatenate([getattr(row, name) for row in rows]) for name in Facts.names()}
    return Facts(**{**columns, "account_id": np.arange(1, len(rows) + 1)})
