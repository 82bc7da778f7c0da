"""What can be asked about custody: places, hand-overs, counts, one paper's chain."""

from __future__ import annotations

from tahsil.api.asking import ID, WORD, Asked, Listed, Read, choice, listed
from tahsil.queries import counts, hand_overs, safe
from tahsil.queries.paging import Page


def _safe(asked: Asked) -> safe.Safe:
    return safe.safe(asked.standing, as_of=asked.as_of)


def _hand_overs(asked: Asked) -> Listed:
    filters = hand_overs.HandOverFilters(**asked.only("view"))
    found = hand_overs.hand_overs(
        asked.standing, as_of=asked.as_of, filters=filters, **asked.page
    )  # fmt: skip
    return listed(found, found.page)


def _hand_over(asked: Asked) -> hand_overs.HandOverPage:
    return hand_overs.hand_over(asked.standing, asked.values["hand_over_id"], as_of=asked.as_of)


def _counts(asked: Asked) -> Listed:
    return listed(
        counts.counts(asked.standing, as_of=asked.as_of, **asked.only("place"), **asked.page)
    )


def _count(asked: Asked) -> counts.CountPage:
    return counts.count(asked.standing, asked.values["count_id"], as_of=asked.as_of)


def _chain(asked: Asked) -> safe.CustodyChain:
    return safe.chain(asked.standing, asked.values["instrument_id"], as_of=asked.as_of)


READS = (
    Read("safe", "What lies at each place, when it was counted, what waits to be explained.",
         safe.READ, {}, _safe, safe.Safe),
    Read("safe/hand-overs", "Hand-overs of papers, the newest first.", safe.READ,
         {"view": choice(*hand_overs.VIEWS)}, _hand_overs, hand_overs.HandOvers, True),
    Read("safe/hand-overs/{hand_over_id}", "One hand-over with its papers.", safe.READ,
         {"hand_over_id": ID}, _hand_over, hand_overs.HandOverPage),
    Read("safe/counts", "Counts of places, the newest first.", safe.READ, {"place": WORD},
         _counts, Page[counts.CountRow], True),
    Read("safe/counts/{count_id}", "One count; blind while it goes on.", safe.READ,
         {"count_id": ID}, _count, counts.CountPage),
    Read("instruments/{instrument_id}/custody", "Who holds a paper, and how it came there.", "",
         {"instrument_id": ID}, _chain, safe.CustodyChain),
)  # fmt: skip
