"""Loading: two ways to the same columns, as of any date, and the past stays as it was."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.db import connection

from tahsil.store import bulk, fetch, load, rules, standing
from tahsil.store.models import Account, Obligation, Receipt, Standing
from tests.run.invented import DAY, NOW, TODAY, invent

TABLES = ("accounts", "obligations", "holds", "promises", "attempts", "papers", "cases")


def same_book(one: load.Book, other: load.Book) -> list[str]:
    """The columns in which the two books differ, words compared as words."""
    found = []
    for table in TABLES:
        mine, theirs = getattr(one, table), getattr(other, table)
        order = np.lexsort([_plain(getattr(mine, name)) for name in mine.names()])
        their_order = np.lexsort([_plain(getattr(theirs, name)) for name in theirs.names()])
        for name in mine.names():
            a, b = getattr(mine, name), getattr(theirs, name)
            if name in WORDS:
                a, b = _words(one, WORDS[name](table), a), _words(other, WORDS[name](table), b)
            if sorted(map(str, a)) != sorted(map(str, b)) or (
                name not in WORDS and (_plain(a)[order] != _plain(b)[their_order]).any()
            ):
                found.append(f"{table}.{name}")
    if (one.received_minor != other.received_minor).any():
        found.append("received_minor")
    return found


WORDS = {
    "product": lambda table: "product",
    "currency": lambda table: "currency",
    "step": lambda table: "step",
    "step_at": lambda table: "step_at",
    "state": lambda table: "promise",
    "kind": lambda table: "hold",
    "rung": lambda table: "rung",
}


def _words(book: load.Book, name: str, column: np.ndarray) -> list[str]:
    return [book.words[name][at] for at in column.tolist()]


def _plain(column: np.ndarray) -> np.ndarray:
    return column.view(np.int64) if column.dtype.kind == "M" else column


# Another connection sees only what is committed; flushing SQLite would meet the append-only guards.
pytestmark = pytest.mark.django_db(transaction=connection.vendor == "postgresql")


@pytest.fixture
def arrow(people, tmp_path):
    """A source that reads the test's database by ADBC."""

    def opened():
        if connection.vendor == "postgresql":
            return fetch.postgresql(fetch.postgresql_uri())
        path = tmp_path / "copy.sqlite3"
        path.write_bytes(connection.connection.serialize())
        return fetch.sqlite_file(str(path))

    return opened


@pytest.mark.parametrize("days", [0, -15, -60, 10])
def test_both_ways_give_the_same_book(people, arrow, days):
    invent(people, accounts=25, seed=4)
    as_of = TODAY + DAY * days
    with arrow() as source:
        fast = load.book(as_of=as_of, source=source)
    slow = load.book(as_of=as_of, account_ids=Account.objects.values_list("id", flat=True))
    assert len(fast.obligations) > 40
    assert same_book(fast, slow) == []


def test_both_ways_give_an_empty_book(people, arrow):
    with arrow() as source:
        fast = load.book(as_of=TODAY, source=source)
        assert len(bulk.cached_standings(source=source)) == 0
    assert len(fast.accounts) == len(fast.obligations) == 0
    assert len(standing.measure(fast, rules.at(TODAY)).standings) == 0


def test_known_at_leaves_out_what_was_learned_later(people):
    (account_id,) = invent(people, accounts=1, seed=9)
    before = load.book(as_of=TODAY, account_ids=[account_id])
    Receipt.objects.create(
        account_id=account_id, number="late", amount_minor=777, value_on=TODAY - DAY * 5,
        recorded_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    after = load.book(as_of=TODAY, account_ids=[account_id])
    then = load.book(as_of=TODAY, account_ids=[account_id], known_at=NOW)
    assert after.received_minor[0] == before.received_minor[0] + 777
    assert same_book(then, before) == []


def test_the_past_stays_when_the_future_is_added(people):
    ids = invent(people, accounts=20, seed=5)
    then = TODAY - DAY * 30
    before = load.book(as_of=then, account_ids=ids)
    in_force = rules.at(then)
    was = standing.position(before, in_force)
    for account_id in ids:
        line = Obligation.objects.create(
            account_id=account_id, category="instalment", amount_minor=5_000,
            due_on=TODAY + DAY, raised_on=then + DAY, recorded_at=NOW,
        )  # fmt: skip
        receipt = Receipt.objects.create(
            account_id=account_id, number=f"n{account_id}", amount_minor=2_000,
            value_on=then + DAY, recorded_at=NOW,
        )  # fmt: skip
        line.allocations.create(
            receipt=receipt, account_id=account_id, amount_minor=2_000,
            effective_on=then + DAY, recorded_at=NOW,
        )  # fmt: skip
    again = load.book(as_of=then, account_ids=ids)
    assert same_book(before, again) == []
    now = standing.position(again, in_force)
    for name in was.names():
        assert (_plain(getattr(was, name)) == _plain(getattr(now, name))).all(), name


def test_open_and_unapplied_tie_to_the_rows(people):
    ids = invent(people, accounts=30, seed=6)
    book = load.book(as_of=TODAY, account_ids=ids)
    lines = book.obligations
    for at, row in enumerate(lines.rows()):
        line = Obligation.objects.get(id=row["id"])
        paid = sum(
            line.allocations.filter(effective_on__lte=TODAY).values_list("amount_minor", flat=True)
        )
        worth = line.amount_minor + sum(
            line.adjustments.filter(effective_on__lte=TODAY).values_list("amount_minor", flat=True)
        )
        assert (lines.amount_minor[at], lines.paid_minor[at]) == (worth, paid)
        if hasattr(line, "dated"):
            assert row["due_on"] == line.dated.due_on
    assert (book.unapplied_minor >= 0).all()


def test_refreshed_one_by_one_equals_all_at_once(people):
    ids = invent(people, accounts=25, seed=7)
    for account_id in ids:
        standing.refresh([account_id], as_of=TODAY)
    one_by_one = list(Standing.objects.order_by("account_id").values())
    Standing.objects.all().delete()
    truth = standing.measure(load.book(as_of=TODAY), rules.at(TODAY)).standings
    assert bulk.write_changed(truth, cached=bulk.cached_standings([])) == len(ids)
    assert list(Standing.objects.order_by("account_id").values()) == one_by_one
    assert len({row["rung"] for row in one_by_one}) > 3


def test_only_what_differs_is_written(people):
    ids = invent(people, accounts=10, seed=8)
    standing.refresh(ids, as_of=TODAY)
    truth = standing.measure(load.book(as_of=TODAY), rules.at(TODAY)).standings
    assert bulk.write_changed(truth) == 0
    Standing.objects.filter(account_id=ids[3]).update(reasons=[["worklist.late", {"dpd": 4}]])
    Standing.objects.filter(account_id=ids[5]).update(oldest_due_on=TODAY)
    Standing.objects.filter(account_id=ids[7]).delete()
    assert bulk.write_changed(truth) == 3
    assert bulk.write_changed(truth) == 0
