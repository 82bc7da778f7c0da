"""Recompute every cached standing, compare, and say or repair what differs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import numpy as np

from tahsil.store import bulk, fetch, load, rules, standing
from tahsil.store.bulk import Standings

SHOWN = 20


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild found: how many rows there are, which differ, in which columns."""

    accounts: int
    differing: int
    orphans: int
    repaired: bool
    examples: list[dict[str, object]]


def rebuild(*, as_of: date, repair: bool = False) -> Rebuilt:
    """The cached standings against the book as of the date; repaired if asked."""
    with fetch.whole() as source:
        book = load.book(as_of=as_of, source=source)
        cached = bulk.cached_standings(source=source)
    truth = standing.measure(book, rules.at(as_of)).standings
    where = bulk.changed(truth, cached)
    orphans = np.setdiff1d(cached.account_id, truth.account_id)
    if repair:
        bulk.upsert_standings(truth.take(where))
        bulk.drop_orphans(truth, cached)
    examples = [differences(truth, cached, place) for place in where[:SHOWN].tolist()]
    return Rebuilt(len(truth), len(where), len(orphans), repair, examples)


def differences(truth: Standings, cached: Standings, place: int) -> dict[str, object]:
    """The account at that place: per differing column what is cached and what is true."""
    account_id = int(truth.account_id[place])
    at = np.flatnonzero(cached.account_id == account_id)
    if not len(at):
        return {"account": account_id, "missing": True}
    found: dict[str, object] = {"account": account_id}
    for name in truth.names():
        was, now = getattr(cached, name)[at[0]], getattr(truth, name)[place]
        if name == "reasons":
            was, now = json.loads(was), json.loads(now)
        if str(was) != str(now):
            found[name] = [str(was), str(now)]
    return found
