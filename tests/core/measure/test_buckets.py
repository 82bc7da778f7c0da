"""Buckets as data: labels, places, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from tahsil.core.grammar.refusal import RefusedAll
from tahsil.core.measure.buckets import NOT_LATE, Buckets, parse_definitions
from tests.core.measure.books import ints
from tests.core.policy_files import policy_file
from tests.tables import table


@pytest.mark.parametrize("case", table("""
    boundaries          labels                                why
    1,31,61,91,181,361  1–30 31–60 61–90 91–180 181–360 >360  the developer's ageing
    1,31,61,91          1–30 31–60 61–90 >90                  the four buckets
    0,31,61,91,121      0–30 31–60 61–90 91–120 >120          as accounting systems do
    1,2,5               1 2–4 >4                              a bucket of one day
    """), ids=lambda case: case["why"])  # fmt: skip
def test_labels_are_made_from_boundaries(case):
    buckets = Buckets(tuple(int(first) for first in case["boundaries"].split(",")))
    assert buckets.labels == tuple(case["labels"].split())


def test_each_day_has_its_bucket():
    buckets = Buckets((1, 31, 61))
    found = buckets.index(ints([0, 1, 30, 31, 60, 61, 4000]))
    assert found.tolist() == [NOT_LATE, 0, 0, 1, 1, 2, 2]
    assert Buckets((0, 31)).index(ints([0, -5])).tolist() == [0, NOT_LATE]


def test_shipped_definitions():
    definitions = parse_definitions(policy_file("buckets.yaml"))
    in_force = {code: dated.at(date(2026, 1, 1)) for code, dated in definitions.items()}
    assert in_force["dpd_six"].buckets.labels[-1] == ">360"
    assert in_force["lending_lines"].buckets.labels[0] == "RANGE_1"
    assert {one.level for one in in_force.values()} == {"line", "oldest"}
    assert {one.date for one in in_force.values()} == {"due", "raised"}
    assert all(code == one.code for code, one in in_force.items())


def test_every_fault_is_told_at_once():
    value = {
        "date": "shipped", "level": "line", "boundaries": [31, 1], "labels": ["a"], "colour": "red"
    }  # fmt: skip
    document = {
        "a": {"description": "A", "values": {"2026-01-01": value}},
        "b": {"description": "B", "source": "Board", "values": {"soon": {}}},
    }
    with pytest.raises(RefusedAll) as refused:
        parse_definitions(document)
    assert [part.code for part in refused.value.parts] == [
        "policy.missing_key", "policy.unknown_key", "policy.word", "buckets.boundaries",
        "buckets.labels", "policy.date",
    ]  # fmt: skip
    assert "a has no source." in str(refused.value)
