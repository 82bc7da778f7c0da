"""Search: every way people ask for an account finds it, and only where they may read it."""

from __future__ import annotations

import pytest

from tahsil.queries import search
from tahsil.store import models as m
from tahsil.store import search as index
from tests.conftest import TODAY
from tests.tables import table

ASKED = """
asked               number  kind
محمد أحمد           NIL-1   name
mohamed ahmed       NIL-1   name
Muhammad Ahmad Aly  NIL-1   name
mohmed ahmd         NIL-1   name
moham               NIL-1   name
mansouri            DXB-1   name
المنصوري            DXB-1   name
sara hassan         NIL-1   name
Mona                NIL-2   name
01001234567         NIL-1   phone
+20 100 123 4567    NIL-1   phone
٠١٠٠١٢٣٤٥٦٧         NIL-1   phone
4567                NIL-1   phone
28501011234567      NIL-1   id
B2-14               NIL-1   unit
b214                NIL-1   unit
YAS-0014            NIL-1   contract
yas 14              -       -
nil-3               NIL-3   account
CAI-9               NIL-2   receipt
900                 NIL-1   cheque
000900              NIL-1   cheque
nothing like it     -       -
"""


@pytest.mark.parametrize("row", table(ASKED), ids=lambda row: row["asked"])
def test_it_is_found(book, row):
    hits = search.search(book.who("sara"), row["asked"], as_of=TODAY).hits
    if row["number"] == "-":
        assert hits == ()
    else:
        assert (hits[0].number, hits[0].kind) == (row["number"], row["kind"])


def test_a_misspelt_name_says_what_was_tried_instead(book):
    found = search.search(book.who("sara"), "Mohammat Ahmef", as_of=TODAY)
    assert found.hits[0].number == "NIL-1" and found.hits[0].is_guess
    assert found.guessed


def test_what_matched_is_masked_by_role(book):
    def matched(who, asked):
        return search.search(book.who(who), asked, as_of=TODAY).hits[0].matched

    assert matched("lina", "01001234567") == "+201001234567"
    assert matched("auditor", "01001234567") == "+20•••••••567"
    assert matched("lina", "28501011234567") == "••••••••••4567"


def test_a_collector_finds_their_own_however_many_have_the_name(book, monkeypatch):
    made = [m.Account.objects.get(id=book[number]).party for number in ("NIL-3", "DXB-1")]
    for party in made:
        party.name = "Mohamed Ahmed"
        party.save()
    index.index_all()
    monkeypatch.setattr(search.search_words, "PROBED", 1)
    for who, number in (("lina", "NIL-1"), ("ravi", "DXB-1")):
        hits = search.search(book.who(who), "mohamed ahmed", as_of=TODAY).hits
        assert [hit.number for hit in hits] == [number]


def test_the_whole_code_comes_before_those_that_begin_so(book):
    contract = m.Contract.objects.get(number="YAS-0014")
    for number in range(70):
        m.SearchTerm.objects.create(
            account_id=book["NIL-3"], kind="contract", term=f"yas0014{number}"
        )
    hits = search.search(book.who("sara"), "YAS-0014", as_of=TODAY).hits
    assert hits[0].account_id == contract.account_id and hits[0].matched == "YAS-0014"


def test_nobody_finds_what_they_may_not_read(book):
    for asked in ("mohamed", "01001234567", "B2-14", "CAI-9", "900", "YAS-0014"):
        assert search.search(book.who("ravi"), asked, as_of=TODAY).hits == ()


@pytest.mark.parametrize(
    "asked", ["", "   ", "'", '"', "*", "a OR b", "NEAR(", "%", "\\", "()", "-"]
)
def test_odd_signs_are_only_signs(book, asked):
    assert search.search(book.who("sara"), asked, as_of=TODAY).q == asked


def test_a_new_name_is_found_after_indexing_and_an_old_one_no_more(book):
    party = m.Account.objects.get(id=book["NIL-3"]).party
    party.name = "Heba Ghoneim"
    party.save()
    sara = book.who("sara")
    assert search.search(sara, "ghoneim", as_of=TODAY).hits == ()
    index.index([book["NIL-3"]])
    assert search.search(sara, "ghoneim", as_of=TODAY).hits[0].number == "NIL-3"
    assert search.search(sara, "farouk", as_of=TODAY).hits == ()


def test_indexing_twice_changes_nothing(book):
    before = sorted(m.SearchTerm.objects.values_list("account_id", "kind", "term"))
    assert index.index_all() == len(before)
    assert sorted(m.SearchTerm.objects.values_list("account_id", "kind", "term")) == before
