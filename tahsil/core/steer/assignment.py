"""Assignment: which collector works an account nobody owns.

Kept with whom it was last, if that fits; else dealt among the collectors who speak the language
and know the project, so that everyone's load grows in proportion to their capacity. The same
input gives the same answer, in whatever order it comes. Placing with an agency is not here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tahsil.core.grammar.columns import Columns

NOBODY = -1


@dataclass(frozen=True)
class Collector:
    """Who can take accounts: how many in all, how many they have, what they speak and know.

    No languages or no projects named means any.
    """

    id: int
    capacity: int
    load: int = 0
    languages: frozenset[str] = frozenset()
    projects: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Unowned(Columns):
    """Accounts without a collector; last_collector_id is NOBODY where there was none."""

    account_id: np.ndarray
    priority: np.ndarray
    language: np.ndarray
    project_id: np.ndarray
    last_collector_id: np.ndarray


def assign(unowned: Unowned, collectors: list[Collector]) -> np.ndarray:
    """Per account the collector's id, or NOBODY where no one who fits has room.

    Accounts are dealt by priority, the highest first; a group few can serve is dealt before one
    that many can. Nobody gets more than their capacity.
    """
    staff = sorted(collectors, key=lambda collector: collector.id)
    answer = np.full(len(unowned), NOBODY, dtype=np.int64)
    load = {collector.id: collector.load for collector in staff}
    order = np.lexsort((unowned.account_id, -unowned.priority))
    _keep_with_last(unowned, staff, order, load=load, answer=answer)
    groups = _groups(unowned, order, answer)
    able = {key: [one for one in staff if _fits(one, *key)] for key in groups}
    for key in sorted(groups, key=lambda key: (len(able[key]), key)):
        _deal(groups[key], able[key], load=load, answer=answer)
    return answer


def _fits(collector: Collector, language: str, project_id: int) -> bool:
    speaks = not collector.languages or language in collector.languages
    return speaks and (not collector.projects or project_id in collector.projects)


def _keep_with_last(
    unowned: Unowned, staff: list[Collector], order: np.ndarray, *, load: dict[int, int],
    answer: np.ndarray,
) -> None:  # fmt: skip
    for collector in staff:
        mine = order[unowned.last_collector_id[order] == collector.id]
        languages, projects = unowned.language[mine], unowned.project_id[mine]
        if collector.languages:
            mine = mine[np.isin(languages, sorted(collector.languages))]
            projects = unowned.project_id[mine]
        if collector.projects:
            mine = mine[np.isin(projects, sorted(collector.projects))]
        taken = mine[: max(0, collector.capacity - load[collector.id])]
        answer[taken] = collector.id
        load[collector.id] += len(taken)


def _groups(
    unowned: Unowned, order: np.ndarray, answer: np.ndarray
) -> dict[tuple[str, int], np.ndarray]:
    """The accounts still open, by language and project, each in order of priority."""
    rest = order[answer[order] == NOBODY]
    languages, language = np.unique(unowned.language[rest], return_inverse=True)
    projects, project = np.unique(unowned.project_id[rest], return_inverse=True)
    key = language * max(1, len(projects)) + project
    by_key = np.argsort(key, kind="stable")
    kinds, starts = np.unique(key[by_key], return_index=True)
    parts = np.split(rest[by_key], starts[1:]) if len(kinds) else []
    return {
        (str(languages[kind // len(projects)]), int(projects[kind % len(projects)])): part
        for kind, part in zip(kinds.tolist(), parts, strict=True)
    }


def _deal(
    accounts: np.ndarray, able: list[Collector], *, load: dict[int, int], answer: np.ndarray
) -> None:
    """Give each account, in order, to whoever is then least loaded for their capacity."""
    free = [max(0, collector.capacity - load[collector.id]) for collector in able]
    if not sum(free):
        return
    places = [np.arange(room) for room in free]
    who = np.repeat([collector.id for collector in able], free)
    # A place's fullness is the share of capacity used once it is taken: the emptiest go first.
    fullness = np.concatenate(
        [
            (load[collector.id] + place + 1) / collector.capacity
            for collector, place in zip(able, places, strict=True)
        ]
    )
    dealt = who[np.lexsort((who, fullness))][: len(accounts)]
    answer[accounts[: len(dealt)]] = dealt
    for collector in able:
        load[collector.id] += int((dealt == collector.id).sum())
