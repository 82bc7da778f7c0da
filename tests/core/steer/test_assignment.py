"""Assignment: fit, stickiness, capacity, fairness, and the same answer every time."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tahsil.core.steer.assignment import NOBODY, Collector, Unowned, assign

LINA = Collector(1, capacity=10, languages=frozenset({"ar"}))
RAVI = Collector(2, capacity=5, languages=frozenset({"hi", "en"}), projects=frozenset({7}))
ADAM = Collector(3, capacity=5)


def unowned(rows: list[tuple[int, int, str, int, int]]) -> Unowned:
    account, priority, language, project, last = zip(*rows, strict=True)
    return Unowned(
        np.asarray(account), np.asarray(priority), np.asarray(language), np.asarray(project),
        np.asarray(last),
    )  # fmt: skip


def test_language_and_project_decide_who_may():
    rows = [(1, 0, "ar", 7, NOBODY), (2, 0, "hi", 7, NOBODY), (3, 0, "hi", 8, NOBODY)]
    assert assign(unowned(rows), [LINA, RAVI]).tolist() == [1, 2, NOBODY]


def test_an_account_stays_with_whom_it_was_if_that_still_fits():
    rows = [(1, 0, "ar", 7, 3), (2, 0, "hi", 7, 1), (3, 0, "ar", 7, 99)]
    assert assign(unowned(rows), [LINA, RAVI, ADAM]).tolist() == [3, 2, 1]


def test_the_last_collector_keeps_the_most_urgent_when_there_is_no_room_for_all():
    rows = [(1, 5, "ar", 7, 4), (2, 9, "ar", 7, 4)]
    full = Collector(4, capacity=3, load=2)
    assert assign(unowned(rows), [full]).tolist() == [NOBODY, 4]


def test_load_grows_in_proportion_to_capacity():
    rows = [(n, 0, "ar", 7, NOBODY) for n in range(9)]
    found = assign(unowned(rows), [LINA, ADAM])
    assert (found == 1).sum() == 6
    assert (found == 3).sum() == 3


def test_who_has_more_already_gets_fewer():
    rows = [(n, 0, "ar", 7, NOBODY) for n in range(6)]
    busy, idle = Collector(1, capacity=10, load=6), Collector(2, capacity=10)
    assert assign(unowned(rows), [busy, idle]).tolist() == [2] * 6


def test_what_few_can_serve_is_dealt_first():
    rows = [(1, 9, "ar", 7, NOBODY), (2, 1, "hi", 8, NOBODY)]
    only = Collector(3, capacity=1)
    both = [only, Collector(5, capacity=1, languages=frozenset({"ar"}))]
    assert assign(unowned(rows), both).tolist() == [5, 3]


def test_nobody_to_deal_to():
    assert assign(unowned([(1, 0, "ar", 7, NOBODY)]), []).tolist() == [NOBODY]
    assert not len(assign(unowned([(1, 0, "ar", 7, 1)]).take(np.zeros(1, bool)), [LINA]))


account = st.tuples(
    st.integers(0, 9), st.sampled_from(["ar", "hi", "en"]), st.sampled_from([7, 8]),
    st.sampled_from([NOBODY, 1, 2, 3, 99]),
)  # fmt: skip
staff = st.lists(
    st.builds(
        Collector,
        st.integers(1, 5),
        st.integers(1, 6),
        st.integers(0, 3),
        st.frozensets(st.sampled_from(["ar", "hi", "en"])),
        st.frozensets(st.sampled_from([7, 8])),
    ),
    unique_by=lambda one: one.id,
)


@given(st.lists(account, min_size=1, max_size=20), staff, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_always(accounts, collectors, shuffler):
    rows = [(n, *one) for n, one in enumerate(accounts)]
    found = assign(unowned(rows), collectors)
    known = {one.id: one for one in collectors}
    given_to = {n: int(who) for n, who in enumerate(found)}
    for one in collectors:
        taken = sum(who == one.id for who in given_to.values())
        assert taken == 0 or one.load + taken <= one.capacity
    for n, _, language, project, _ in rows:
        fits = [
            one
            for one in collectors
            if (not one.languages or language in one.languages)
            and (not one.projects or project in one.projects)
        ]
        if given_to[n] == NOBODY:
            taken = list(given_to.values())
            assert all(one.load + taken.count(one.id) >= one.capacity for one in fits)
        else:
            assert known[given_to[n]] in fits
    mixed = rows.copy()
    shuffler.shuffle(mixed)
    again = assign(unowned(mixed), list(reversed(collectors)))
    assert {row[0]: int(who) for row, who in zip(mixed, again, strict=True)} == given_to
