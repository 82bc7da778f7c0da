"""The day: load, decide, act. Idempotent for a date; a run that died is finished by another.

Missed days are caught up one by one. Acts go through the door in bulk, under keys made of the
date and the change; cached standings are written only where they differ. What is decided is in
decisions.py; nothing leaves the house here, messages are sent from the events by the outbox.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain, islice
from typing import Any

import numpy as np
from django.db.models import Count, Max

from tahsil.actions import _verb, accounts, cases, promises, replacing
from tahsil.actions._verb import Act, Context
from tahsil.core.grammar.refusal import Refused
from tahsil.queries.people import SYSTEM
from tahsil.run import decisions, papers, seal
from tahsil.run.decisions import Decided
from tahsil.store import bulk, fetch, load, rules, snapshots, standing
from tahsil.store.bulk import Standings
from tahsil.store.models import DayRun, Event

MOST_DAYS = 31  # days caught up at most; before that, only the last of them are run
EXAMPLES = 500
DAY = timedelta(days=1)
CHOSEN = "treatment.chosen"
PHASES = (
    "papers", "load", "measure", "promises", "cases", "owners", "treatments", "standings",
    "snapshot", "seal",
)  # fmt: skip
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Summary:
    """What one date came to; `done` counts its acts by verb, `changed` those of this very run."""

    as_of: date
    is_rehearsal: bool
    accounts: int
    listed: int
    overdue: dict[str, dict[str, int]]  # per currency: accounts, minor
    rungs: dict[str, int]
    treatments: dict[str, int]
    done: dict[str, int]
    policies: dict[str, str]
    changed: int = 0
    standings_written: int = 0
    skipped_days: int = 0
    days: list[Summary] = field(default_factory=list)  # caught up before this one
    examples: list[dict[str, Any]] = field(default_factory=list)  # of a rehearsal

    def plain(self) -> dict[str, Any]:
        """What is kept with the run: the same however often and in how many tries it ran."""
        gone = ("changed", "standings_written", "skipped_days", "days", "examples", "is_rehearsal")
        kept = {key: value for key, value in asdict(self).items() if key not in gone}
        return {**kept, "as_of": self.as_of.isoformat()}


def day(
    *,
    as_of: date,
    now: datetime,
    rehearse: bool = False,
    progress: Progress | None = None,
    most_days: int = MOST_DAYS,
) -> Summary:
    """The book is worked for the date, and for every missed day before it."""
    told = progress or (lambda phase, done, total: None)
    newest = DayRun.objects.filter(state="done").aggregate(Max("as_of"))["as_of__max"]
    if rehearse:
        return _rehearse(as_of, told)
    if newest and as_of < newest:
        raise Refused(
            "day.past",
            "The day was run for {newest}, so {as_of} can only be rehearsed now.",
            newest=newest,
            as_of=as_of,
        )
    missed = (as_of - newest).days - 1 if newest else 0
    skipped = max(0, missed - most_days + 1)
    before = []
    first = as_of - DAY * max(0, missed - skipped)
    while first < as_of:
        before.append(_one(first, now, told))
        first += DAY
    last = _one(as_of, now, told)
    return Summary(**{**_fields(last), "days": before, "skipped_days": skipped})


def _rehearse(as_of: date, told: Progress) -> Summary:
    decided, _ = _decided(as_of, told)
    done = {
        "instrument.resume": sum(1 for _ in papers.over(as_of)),
        "instrument.lapse": sum(1 for _ in papers.stale(as_of)),
        "promise.judge": len(decided.judged),
        **{
            f"case.{what}": int((decided.work.what == what).sum())
            for what in ("open", "move", "close")
        },
        "account.assign": len(decided.owners),
        CHOSEN: len(decided.treated.place),
    }
    every = chain(
        decisions.promise_items(decided),
        *(decisions.case_items(decided, what) for what in ("open", "move", "close")),
        decisions.owner_items(decided),
        decisions.treatment_items(decided),
    )
    examples = [{"key": key, **params} for key, params in islice(every, EXAMPLES)]
    return _summary(decided, done, is_rehearsal=True, examples=examples)


def _one(as_of: date, now: datetime, told: Progress) -> Summary:
    run, _ = DayRun.objects.get_or_create(as_of=as_of, defaults={"started_at": now})
    ctx = Context(SYSTEM, as_of, now)
    told("papers", 0, 1)
    changed = replacing.resume_many(ctx, papers.over(as_of))
    changed += replacing.lapse_many(ctx, papers.stale(as_of))
    decided, cached = _decided(as_of, told)
    changed += _act(decided, ctx, told)
    told("standings", 0, 1)
    written = _write_standings(decided, cached)
    told("snapshot", 0, 1)
    snapshots.write(decided.measured.standings, as_of=as_of)
    told("seal", 0, 1)
    seal.seal(now=now)
    summary = _summary(decided, _done(as_of), changed=changed, standings_written=written)
    if run.state != "done":
        run.state, run.finished_at, run.summary = "done", now, summary.plain()
        run.save()
    told("done", 1, 1)
    return summary


def _decided(as_of: date, told: Progress) -> tuple[Decided, Standings]:
    told("load", 0, 1)
    with fetch.whole() as source:
        book = load.book(as_of=as_of, source=source)
        receipts = load.promise_receipts(source, as_of=as_of)
        cached = bulk.cached_standings(source=source)
    told("measure", 0, 1)
    return decisions.decide(book, receipts, rules.at(as_of)), cached


def _act(decided: Decided, ctx: Context, told: Progress) -> int:
    """Everything decided is done, what was done before is passed over; how much was new."""
    told("promises", 0, len(decided.judged))
    done = promises.judge_many(ctx, decisions.promise_items(decided))
    total = len(decided.work)
    told("cases", 0, total)
    done += cases.open_many(ctx, decisions.case_items(decided, "open"))
    done += cases.move_many(ctx, decisions.case_items(decided, "move"))
    done += cases.close_many(ctx, decisions.case_items(decided, "close"))
    told("owners", 0, len(decided.owners))
    done += accounts.assign_many(ctx, decisions.owner_items(decided))
    told("treatments", 0, len(decided.treated.place))
    return done + _verb.in_bulk(ctx, CHOSEN, decisions.treatment_items(decided), _choose)


def _choose(ctx: Context, items: list[dict[str, Any]]) -> list[Act | None]:
    """A treatment is an event and nothing else: what we will do about the account, and why."""
    return [
        Act(
            f"account:{item['account_id']}",
            item["account_id"],
            {name: item[name] for name in ("rung", "treatment", "channel", "why")},
            policies=item["policies"],
        )
        for item in items
    ]


def _write_standings(decided: Decided, cached: Standings) -> int:
    """The cached standings are those decided; accounts touched meanwhile are looked at again."""
    truth = decided.measured.standings
    written = bulk.write_changed(truth, cached=cached)
    bulk.drop_orphans(truth, cached)
    touched = Event.objects.filter(id__gt=decided.book.newest_event, actor_id__isnull=False)
    ids = touched.filter(account_id__isnull=False).values_list("account_id", flat=True).distinct()
    there = np.intersect1d(np.asarray(list(ids), dtype=np.int64), truth.account_id)
    if len(there):
        standing.refresh(there.tolist(), as_of=decided.book.as_of)
    return written


def _done(as_of: date) -> dict[str, int]:
    """The acts of the day's own runs for the date, by verb."""
    found = Event.objects.filter(effective_on=as_of, actor_id__isnull=True)
    counted = found.values("verb").annotate(count=Count("id")).order_by("verb")
    return {row["verb"]: row["count"] for row in counted}


def _summary(decided: Decided, done: dict[str, int], **more: Any) -> Summary:
    measured, book = decided.measured, decided.book
    late = measured.positions.overdue_minor > 0
    overdue = {}
    for at, currency in enumerate(book.words["currency"]):
        mine = late & (book.accounts.currency == at)
        amount = int(measured.positions.overdue_minor[mine].sum())
        overdue[currency] = {"accounts": int(mine.sum()), "minor": amount}
    treated = decided.treated.place
    return Summary(
        as_of=book.as_of,
        is_rehearsal=bool(more.pop("is_rehearsal", False)),
        accounts=len(book.accounts),
        listed=int(measured.standings.is_listed.sum()),
        overdue=dict(sorted(overdue.items())),
        rungs=_counts(measured.chosen.rung),
        treatments=_counts(measured.chosen.treatment[treated]),
        done=done,
        policies=decided.in_force.versions,
        **more,
    )


def _counts(words: np.ndarray) -> dict[str, int]:
    found, counts = np.unique(words, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def _fields(summary: Summary) -> dict[str, Any]:
    return {name: getattr(summary, name) for name in summary.__dataclass_fields__}
