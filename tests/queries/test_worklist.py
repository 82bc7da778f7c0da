"""The worklist: order, reasons, filters, locks, and the next account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tahsil.core.grammar.refusal import Refused
from tahsil.queries import chips, paging, search_words, worklist, worklist_lines
from tahsil.queries.worklist import WorklistFilters
from tahsil.store import models as m
from tahsil.store import standing as standings
from tests.conftest import NOW, TODAY


def lines(book, who="sara", **filters):
    found = worklist.worklist(
        book.who(who), as_of=TODAY, now=NOW, filters=WorklistFilters(**filters)
    )
    return [line.number for line in found.page.rows]


def test_the_line_says_why_and_what_is_next(book):
    (line,) = worklist.worklist(book.who("lina"), as_of=TODAY, now=NOW).page.rows
    assert (line.number, line.name, line.name_other) == (
        "NIL-1", "محمد أحمد علي", "Mohamed Ahmed Ali",
    )  # fmt: skip
    assert (line.overdue_minor, line.uncovered_minor, line.dpd) == (160_000_00, 160_000_00, 82)
    assert line.bucket_label == "61–90"
    assert line.reasons[0].code == "worklist.promise_due"
    assert line.reasons[0].facts["currency"] == "EGP" and "{" in line.reasons[0].template
    assert (line.promise.amount_minor, line.promise.promised_on) == (60_000_00, TODAY)
    assert line.last_attempt.disposition == "PTP" and line.last_attempt.by == "Lina"
    assert line.last_attempt.effective_on == TODAY - timedelta(days=3)
    assert (line.next_step, line.phone) == ("call", "+201001234567")
    assert line.rung_labels["ar"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["NIL-1", "NIL-3", "DXB-1"]),
        ({"currency": "AED"}, ["DXB-1"]),
        ({"bucket": 2}, ["NIL-1"]),
        ({"product": "rent"}, []),
        ({"min_overdue_minor": 30_000_01}, ["NIL-1"]),
        ({"q": "mohamed"}, ["NIL-1"]),
        ({"q": "محمد"}, ["NIL-1"]),
        ({"q": "nil-3"}, ["NIL-3"]),
        ({"reason": "promise_due"}, ["NIL-1"]),
        ({"sort": "dpd"}, ["NIL-3", "NIL-1", "DXB-1"]),
        ({"sort": "overdue"}, ["NIL-1", "NIL-3", "DXB-1"]),
        ({"is_whole": True, "sort": "overdue"}, ["NIL-1", "NIL-3", "DXB-1", "NIL-2"]),
    ],
)
def test_filters_narrow_the_list(book, filters, found):
    if filters.get("sort") or len(found) < 2:
        assert lines(book, **filters) == found
    else:
        assert sorted(lines(book, **filters)) == sorted(found)


def test_the_chips_count_what_they_narrow_to(book):
    found = worklist.worklist(book.who("sara"), as_of=TODAY, now=NOW)
    for name, values in (("currency", found.currencies), ("rung", found.rungs)):
        for chip in values:
            assert len(lines(book, **{name: chip.code})) == chip.count
    for chip in found.buckets:
        assert len(lines(book, bucket=int(chip.code))) == chip.count
    for chip in found.reasons:
        assert len(lines(book, reason=chip.code)) == chip.count
    assert sum(chip.count for chip in found.reasons) == found.page.total


def test_two_people_do_not_call_one_debtor(book):
    m.Account.objects.filter(id=book["NIL-1"]).update(
        locked_by_id=book.people.omar, locked_until_at=NOW + timedelta(minutes=10)
    )
    (line,) = worklist.worklist(book.who("lina"), as_of=TODAY, now=NOW).page.rows
    assert line.locked_by == "Omar"
    assert worklist.next_account(book.who("lina"), as_of=TODAY, now=NOW) is None
    later = NOW + timedelta(minutes=11)
    assert worklist.next_account(book.who("lina"), as_of=TODAY, now=later) == book["NIL-1"]


def test_next_goes_down_the_list_and_round(book):
    sara, order = book.who("sara"), []
    after = None
    for _ in range(4):
        after = worklist.next_account(sara, as_of=TODAY, now=NOW, after=after)
        order.append(after)
    assert order[:3] == [book[number] for number in lines(book)]
    assert order[3] == order[0]


def test_an_account_worked_today_is_passed_over(book):
    m.Attempt.objects.create(
        account_id=book["NIL-1"], channel="call", disposition="NC_BUSY", level="none",
        next_step="call", happened_at=NOW, effective_on=TODAY, by_id=book.people.lina,
    )  # fmt: skip
    assert worklist.next_account(book.who("lina"), as_of=TODAY, now=NOW) is None
    assert lines(book, "lina", is_not_worked_today=True) == []
    assert worklist.worklist(book.who("lina"), as_of=TODAY).worked_today == 1


def test_an_empty_list_is_an_empty_page(book):
    page = worklist.worklist(book.who("stranger"), as_of=TODAY, now=NOW).page
    assert (page.rows, page.total, page.first, page.last, page.has_next) == ((), 0, 0, 0, False)


def test_a_page_beyond_what_is_shown_is_refused(book):
    with pytest.raises(Refused) as refused:
        worklist.worklist(book.who("sara"), as_of=TODAY, page=1 + paging.COUNTED // paging.SIZE)
    assert refused.value.code == "page.beyond"


def test_more_lines_need_no_more_queries(book, django_assert_max_num_queries):
    lina = book.who("lina")
    with django_assert_max_num_queries(18) as few:
        worklist.worklist(lina, as_of=TODAY, now=NOW)
    from tests.queries.books import account, contract, owe, party

    made = []
    for number in range(6):
        mine = account(book, f"MANY-{number}", party(f"Debtor {number}"), "lina")
        owe(contract(mine, f"M-{number}", f"E{number}"), TODAY - timedelta(days=40), 1_000_00)
        made.append(mine.id)
    standings.refresh(made, as_of=TODAY)
    with django_assert_max_num_queries(len(few)):
        assert len(worklist.worklist(lina, as_of=TODAY, now=NOW).page.rows) == 7


def test_a_long_list_counts_its_reasons_so_far_and_other_values_not(book, monkeypatch):
    exact = worklist.worklist(book.who("sara"), as_of=TODAY, now=NOW)
    monkeypatch.setattr(chips, "EXACT", 2)
    roomy = worklist.worklist(book.who("sara"), as_of=TODAY, now=NOW)
    assert roomy.reasons == exact.reasons
    monkeypatch.setattr(chips, "ENOUGH", 0)
    found = worklist.worklist(book.who("sara"), as_of=TODAY, now=NOW)
    assert [chip.code for chip in found.reasons] == [chip.code for chip in exact.reasons]
    assert {(chip.count, chip.is_more) for chip in found.reasons} == {(0, True)}
    assert {chip.count for chip in (*found.buckets, *found.rungs, *found.collectors)} == {None}
    assert {chip.code for chip in found.buckets} >= {"-1", "2"}
    assert {chip.label for chip in found.collectors} >= {"Lina"}
    assert (found.listed.count, found.listed.is_more) == (3, False)


@pytest.mark.parametrize("probed", [1, 2_000])
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("محمد", ["NIL-1"]),
        ("mohamed ah", ["NIL-1"]),
        ("nil", []),
        ("nil 3", ["NIL-3"]),
        ("B2-14", ["NIL-1"]),
        ("%", []),
    ],
)
def test_a_name_narrows_alike_however_many_have_it(book, monkeypatch, probed, asked, found):
    monkeypatch.setattr(search_words, "PROBED", probed)
    assert lines(book, q=asked) == found


def test_a_list_too_long_to_sort_keeps_the_order_of_the_day(book, monkeypatch):
    by_name = lines(book, sort="name")
    monkeypatch.setattr(paging, "COUNTED", 2)
    assert lines(book, sort="name") == lines(book, sort="priority") != by_name


def test_a_list_of_numbers_is_asked_for_in_parts(book):
    ids = [book["NIL-1"], *range(10**6, 10**6 + 120), book["NIL-3"]]
    found = worklist_lines._standings.rows(ids=ids)
    assert [row["number"] for row in found] == ["NIL-1", "NIL-3"]
    assert worklist_lines._standings.rows(ids=[]) == []
