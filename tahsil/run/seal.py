"""Seals: batches of events chained by hash, so that a missing or altered one is found and named.

Writers do not queue behind one another: events are sealed in a batch after the fact. A seal keeps
each event's id with eight bytes of its hash (`leaves`), to name what changed; its own hash covers
the whole hashes and the seal before it. The delivery columns may change and are left out.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from django.db import connection, transaction

from tahsil.core.grammar.authority import Reason
from tahsil.store.guards import EVENT_FIXED
from tahsil.store.models import EventSeal

BATCH = 10_000
LEAF = struct.Struct(">q8s")  # an event's id and the first bytes of its hash
START = "0" * 64
_COLUMNS = ", ".join(f"COALESCE(CAST({name} AS text), '')" for name in EVENT_FIXED)


def seal(*, now: datetime) -> int:
    """Every event there is stands under a seal; how many were sealed now."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            # An id is given before its row is committed: wait for writers, so that no event
            # with a lower id appears after the seal. They in turn wait until this commits.
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE store_event IN SHARE MODE")
        last = EventSeal.objects.order_by("-last_id").first()
        previous, after = (last.hash, last.last_id) if last else (START, 0)
        made = []
        for leaves in _batches(_leaves(after)):
            made.append(_seal(leaves, previous, now))
            previous = made[-1].hash
        EventSeal.objects.bulk_create(made, batch_size=50)
    return sum(row.count for row in made)


def verify() -> list[Reason]:
    """What is wrong with the sealed events: altered, missing, added, or the seals themselves."""
    found: list[Reason] = []
    previous, after = START, 0
    events = groupby(_leaves(0), key=_Ranges())
    by_seal = next(events, None)
    for row in EventSeal.objects.order_by("last_id").iterator(chunk_size=100):
        leaves = []
        while by_seal and by_seal[0] <= row.last_id:
            leaves += list(by_seal[1])
            by_seal = next(events, None)
        if row.previous != previous or row.first_id <= after:
            found.append(_wrong(row, "seal.chain", "Seal {seal} does not follow the one before."))
        found += _differences(row, leaves)
        previous, after = row.hash, row.last_id
    return found


class _Ranges:
    """Groups leaves by the seal they belong to: its last id, or past all of them."""

    def __init__(self) -> None:
        self.ends = list(EventSeal.objects.order_by("last_id").values_list("last_id", flat=True))
        self.at = 0

    def __call__(self, leaf: tuple[int, bytes]) -> int:
        while self.at < len(self.ends) and leaf[0] > self.ends[self.at]:
            self.at += 1
        return self.ends[self.at] if self.at < len(self.ends) else 2**63 - 1


def _differences(row: EventSeal, leaves: list[tuple[int, bytes]]) -> list[Reason]:
    if _hash(row.previous, leaves) == row.hash and len(leaves) == row.count:
        return []
    kept = dict(LEAF.iter_unpack(bytes(row.leaves or b"")))
    now = {event_id: digest[:8] for event_id, digest in leaves}
    found = [
        Reason("event.missing", "Event {event} is missing.", {"event": event_id})
        for event_id in sorted(kept.keys() - now.keys())
    ]
    found += [
        Reason("event.added", "Event {event} was added after its seal.", {"event": event_id})
        for event_id in sorted(now.keys() - kept.keys())
    ]
    found += [
        Reason("event.altered", "Event {event} was altered after its seal.", {"event": event_id})
        for event_id in sorted(now.keys() & kept.keys())
        if now[event_id] != kept[event_id]
    ]
    return found or [_wrong(row, "seal.altered", "Seal {seal} was altered.")]


def _wrong(row: EventSeal, code: str, template: str) -> Reason:
    return Reason(code, template, {"seal": row.pk, "first": row.first_id, "last": row.last_id})


def _seal(leaves: list[tuple[int, bytes]], previous: str, now: datetime) -> EventSeal:
    return EventSeal(
        first_id=leaves[0][0],
        last_id=leaves[-1][0],
        count=len(leaves),
        previous=previous,
        hash=_hash(previous, leaves),
        leaves=b"".join(LEAF.pack(event_id, digest[:8]) for event_id, digest in leaves),
        sealed_at=now,
    )


def _hash(previous: str, leaves: list[tuple[int, bytes]]) -> str:
    whole = hashlib.sha256(previous.encode())
    for _, digest in leaves:
        whole.update(digest)
    return whole.hexdigest()


def _leaves(after: int) -> Iterator[tuple[int, bytes]]:
    """Each event's id and hash, in order, read in parts so that a long log needs no memory."""
    sql = " ".join(("SELECT id,", _COLUMNS, "FROM store_event WHERE id > %s ORDER BY id LIMIT %s"))
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [after, BATCH])
            rows = cursor.fetchall()
        for event_id, *texts in rows:
            yield event_id, hashlib.sha256("\x1f".join(texts).encode()).digest()
        if len(rows) < BATCH:
            return
        after = rows[-1][0]


def _batches(leaves: Iterator[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    batch: list[tuple[int, bytes]] = []
    for leaf in leaves:
        batch.append(leaf)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
