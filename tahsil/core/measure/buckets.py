"""Buckets: bands of days past due, as data; several ageing definitions stand side by side.

A definition says which date an amount ages by, whether each line stands in its own bucket or
the whole arrears in that of the oldest line, and whether DPD or delinquent days are counted.
What an account's days are is worked out in ageing.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from tahsil.core.grammar import documents
from tahsil.core.grammar.documents import Faults
from tahsil.core.grammar.policy import Dated

NOT_LATE = -1  # the bucket of an account with nothing past due
VALUE_KEYS = ("date", "level", "counts", "boundaries", "labels")


@dataclass(frozen=True)
class Buckets:
    """Bands of days: each boundary is the first day of a bucket; the last one has no end."""

    boundaries: tuple[int, ...]
    given_labels: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.boundaries)

    @property
    def labels(self) -> tuple[str, ...]:
        """The names given, or ones made from the boundaries: 1–30, 31–60, >60."""
        if self.given_labels:
            return self.given_labels
        ends = [str(after - 1) for after in self.boundaries[1:]]
        made = [
            end if str(first) == end else f"{first}–{end}"
            for first, end in zip(self.boundaries[:-1], ends, strict=True)
        ]
        return (*made, f">{self.boundaries[-1] - 1}")

    def index(self, days: np.ndarray) -> np.ndarray:
        """The bucket each number of days falls in; NOT_LATE below the first boundary."""
        return self._table[np.clip(days, -1, self.boundaries[-1]) + 1]

    @cached_property
    def _table(self) -> np.ndarray:
        # Looking up is three times as fast as searching, and the last boundary is small.
        every = np.arange(-1, self.boundaries[-1] + 1)
        return (np.searchsorted(self.boundaries, every, side="right") - 1).astype(np.int64)


@dataclass(frozen=True)
class AgeingDefinition:
    """One way of ageing: by due or raised date, per line or by the oldest, in these buckets."""

    code: str
    buckets: Buckets
    date: str = "due"  # due or raised
    level: str = "line"  # line or oldest
    counts: str = "dpd"  # dpd or delinquent


def parse_definitions(document: dict[str, Any]) -> dict[str, Dated[AgeingDefinition]]:
    """The ageing definitions of a policy document; refused with every fault in it."""
    return documents.dated(document, parse=_definition, name="The ageing definitions")


def _definition(where: str, value: Any, faults: Faults) -> AgeingDefinition | None:
    if not isinstance(value, dict):
        faults.note("policy.shape", "{where} is not a table of keys.", where=where)
        return None
    known = len(faults.found)
    documents.check_keys(
        where, value, allowed=VALUE_KEYS, needed=("date", "level", "boundaries"), faults=faults
    )
    _one_of(where, value, "date", ("due", "raised"), faults)
    _one_of(where, value, "level", ("line", "oldest"), faults)
    _one_of(where, value, "counts", ("dpd", "delinquent"), faults)
    buckets = _buckets(where, value, faults)
    if len(faults.found) > known:
        return None
    return AgeingDefinition(
        where.rsplit(" ", 1)[0],
        buckets,
        value["date"],
        value["level"],
        value.get("counts", "dpd"),
    )


def _buckets(where: str, value: dict[str, Any], faults: Faults) -> Buckets:
    boundaries = value.get("boundaries") or []
    rising = all(
        isinstance(day, int) and not isinstance(day, bool) and day >= 0 for day in boundaries
    ) and all(a < b for a, b in pairwise(boundaries))
    if not rising:
        faults.note(
            "buckets.boundaries",
            "The boundaries of {where} are {boundaries}; they must be days that rise from 0 or 1.",
            where=where,
            boundaries=[str(day) for day in boundaries],
        )
    labels = value.get("labels") or []
    if labels and len(labels) != len(boundaries):
        faults.note(
            "buckets.labels",
            "{where} has {labels} labels for {buckets} buckets.",
            where=where,
            labels=len(labels),
            buckets=len(boundaries),
        )
    return Buckets(tuple(boundaries), tuple(str(label) for label in labels))


def _one_of(
    where: str, value: dict[str, Any], key: str, words: tuple[str, ...], faults: Faults
) -> None:
    if key in value and value[key] not in words:
        faults.note(
            "policy.word",
            "{where} has {key} {word}. It may be: {words}.",
            where=where,
            key=key,
            word=str(value[key]),
            words=list(words),
        )
