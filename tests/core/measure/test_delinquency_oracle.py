"""Delinquency facts of another system, checkpoint by checkpoint.

Every checkpoint is reproduced, by one of two policies of that lender: the account by its oldest
line with three days of grace, or each instalment by itself without grace. Both count whole
pauses, also the days before a line fell due. Receipts pay the oldest instalment first; charges
are obligations with their own due date.

The class of an account is kept while it is paused: that system's nightly job writes no class on
a paused day, nor on the one on which a pause ends, which the next morning's facts still show.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from tahsil.core.measure import ageing, pauses
from tahsil.core.measure.buckets import parse_definitions
from tests.core.measure.books import Account, Line, book, ints
from tests.core.policy_files import policy_file
from tests.shared import cases

CASES = cases("delinquency.json")
DEFINITIONS = parse_definitions(policy_file("buckets.yaml"))
NO_CLASS = "NO_DELINQUENCY"


def minor(amount: float) -> int:
    return round(amount * 100)


def lines_of(case: dict, checkpoint: dict) -> list[Line]:
    """The instalments and charges, with what was received by then on the oldest first."""
    owed = [(one["due_date"], one["amount"]) for one in case["obligations"]]
    owed += [(one["due_date"], one["amount"]) for one in checkpoint["charges"]]
    money = sum(minor(one["amount"]) for one in checkpoint["payments_so_far"])
    lines = []
    for due, amount in sorted(owed):
        paid = min(money, minor(amount))
        money -= paid
        lines.append(Line(date.fromisoformat(due), minor(amount), paid))
    return lines


def in_force(checkpoint: dict) -> list[tuple[date, date]]:
    """The pauses, each ended by the resume that falls into it."""
    day = date.fromisoformat
    spans = [
        [day(p["start"]), day(p["end"])]
        for p in checkpoint["pauses"]
        if p["type"].endswith("pause")
    ]
    for resume in (day(p["start"]) for p in checkpoint["pauses"] if p["type"].endswith("resume")):
        for span in spans:
            if span[0] <= resume < span[1]:
                span[1] = resume
    return [tuple(span) for span in spans]


def class_of(bucket: int) -> str:
    labels = DEFINITIONS["lending_oldest"].at(date(2023, 1, 1)).buckets.labels
    return NO_CLASS if bucket < 0 else labels[bucket]


def found_at(case: dict, checkpoint: dict, class_before: str) -> dict:
    as_of = date.fromisoformat(checkpoint["as_of"])
    one = Account(lines_of(case, checkpoint), grace=3, pauses=in_force(checkpoint))
    lines, accounts, paused = book([one])
    definition = DEFINITIONS["lending_oldest"].at(as_of)
    row = next(
        ageing.positions(
            lines, accounts, as_of=as_of, definition=definition, pauses=paused,
            has_whole_pauses=True,
        ).rows()
    )  # fmt: skip
    is_kept = any(since <= as_of <= until + timedelta(days=1) for since, until in one.pauses)
    starts = row["delinquent_on"]
    return {
        "classification": class_before if is_kept else class_of(row["bucket"]),
        "delinquent_amount": row["overdue_minor"],
        "delinquent_date": str(starts).lower() if starts is None else str(starts),
        "delinquent_days": row["delinquent_days"],
        "past_due_days": row["dpd"],
        "by_bucket": by_bucket(one, as_of),
    }


def by_bucket(one: Account, as_of: date) -> dict[str, int]:
    lines, accounts, paused = book([Account(one.lines, pauses=one.pauses)])
    definition = DEFINITIONS["lending_lines"].at(as_of)
    found = ageing.aged(
        lines, accounts, definition, as_of=as_of, pauses=paused, has_whole_pauses=True
    )
    amounts = zip(definition.buckets.labels, found.amounts[0].tolist(), strict=True)
    return {label: amount for label, amount in amounts if amount}


def without_none(date_text: str) -> str:
    return "none" if date_text == "null" else date_text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_checkpoint(case):
    class_before = NO_CLASS
    for checkpoint in case["checkpoints"]:
        found = found_at(case, checkpoint, class_before)
        wanted = dict(checkpoint["expected"])
        for key in ("delinquent_amount",):
            if key in wanted:
                wanted[key] = minor(wanted[key])
        if "delinquent_date" in wanted:
            wanted["delinquent_date"] = without_none(wanted["delinquent_date"])
        if "by_bucket" in wanted:
            wanted["by_bucket"] = {k: minor(v) for k, v in wanted["by_bucket"].items()}
        assert {key: found[key] for key in wanted} == wanted, checkpoint["as_of"]
        class_before = found["classification"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_plain_rule_without_any_policy(case):
    """DPD, arrears and buckets by line, before grace, pauses and charges: exact everywhere."""
    for checkpoint in case["checkpoints"]:
        as_of = date.fromisoformat(checkpoint["as_of"])
        one = Account(lines_of(case, {**checkpoint, "charges": []}))
        lines, accounts, _ = book([one])
        position = next(ageing.positions(lines, accounts, as_of=as_of).rows())
        wanted = checkpoint["simple_rule"]
        assert position["dpd"] == wanted["past_due_days"]
        assert position["overdue_minor"] == minor(wanted["overdue_amount"])
        assert by_bucket(one, as_of) == {k: minor(v) for k, v in wanted["by_bucket"].items()}


def test_a_pause_that_began_before_the_due_date_counts_whole_or_from_it():
    """Our own rule for the case where the two differ: a pause that began before the due date."""
    pause = (date(2023, 10, 6), date(2023, 10, 25))
    one = Account([Line(date(2023, 10, 16), 1)], grace=3, pauses=[pause])
    lines, accounts, paused = book([one])
    days = [
        ageing.positions(
            lines, accounts, as_of=date(2023, 11, 15), pauses=paused, has_whole_pauses=whole
        ).delinquent_days.tolist()
        for whole in (True, False)
    ]
    assert days == [[8], [18]]


def test_paused_now():
    _, _, paused = book([Account([], pauses=[(date(2026, 1, 5), date(2026, 1, 8))]), Account([])])
    answers = [
        pauses.is_paused(ints([10, 20]), paused, as_of=date(2026, 1, day)).tolist()
        for day in (4, 5, 7, 8)
    ]
    assert answers == [[False, False], [True, False], [True, False], [False, False]]
    assert not np.any(pauses.is_paused(ints([10]), pauses.none(), as_of=date(2026, 1, 5)))
